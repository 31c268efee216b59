"""Chart how flows change, policy minus baseline, as ribbons from origin to destination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hesim.categories import SECTORS
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table, is_known
from hesim.charts.colours import BLUE, ORANGE, UNSURE, colour_of
from hesim.charts.names import readable
from hesim.study.answers.speaker import ENGLISH, Speaker
from hesim.survey.crossings import CROSSINGS, LATER, definition

PLACES = ("hbo", "hbo_then_no_job", "wo", "wo_then_no_job", "elsewhere", "no_job", "outside")
UNIT, PERSONS = "persons a year", "persons"
MORE = Entry("more", BLUE, "more people")
CHANGES = (
    MORE,
    Entry("fewer", ORANGE, "fewer people"),
    Entry("unsure", UNSURE, "not distinguishable from zero"),
)
GAP = 0.04
"""Space between two places, as a share of the height."""
WORDS, LOWEST = 0.085, 0.0
"""Height of two lines of words, and of the lowest ones."""


def sankey_chart(
    changes: Sequence[Mapping[str, Any]],
    title: str,
    known_within: int,
    small: str,
    say: Speaker = ENGLISH,
    yearly: bool = True,
) -> Chart:
    """How many persons more or fewer go from each place to each other.

    Args:
        changes: `origin`, `destination`, `mean`, `low` and `high`: persons more or fewer.
        title: What is shown.
        known_within: `survey.job_known_within`, to say what a crossing is.
        small: Small print.
        say: Language of what the chart says of its own accord.
        yearly: Whether persons a year are counted, and not those of a period.
    """
    rows = []
    unit = UNIT if yearly else PERSONS
    for row in sorted(changes, key=lambda row: _order(row)):
        sure = is_known(row["low"]) and not row["low"] <= 0 <= row["high"]
        change = ("more" if row["mean"] > 0 else "fewer") if sure else "unsure"
        rows.append({**row, "change": change})
    columns = [
        Column("origin", "word"),
        Column("destination", "word"),
        Column("change", "word"),
        Column("mean", unit=unit),
        Column("low", unit=unit),
        Column("high", unit=unit),
    ]
    x, y = (
        Axis(column, words, "category", ticks=PLACES, labels=tuple(map(readable, PLACES)))
        for column, words in (("origin", "from"), ("destination", "to"))
    )
    largest = sorted(changes, key=lambda row: -abs(row["mean"]))[:5]
    told = [f"{row['origin']} to {row['destination']} {row['mean']:+.3g}" for row in largest]
    crossed = "; ".join(_crossing(changes, outcome, say, yearly) for outcome in CROSSINGS)
    first = (
        say("persons a year, mean; the figure at a ribbon is its change")
        if yearly
        else say("persons, mean; the figure at a ribbon is its change")
    )
    return Chart(
        "sankey",
        title,
        Table.of(columns, rows),
        (Panel(x, y),),
        f"{first}\n{crossed}\n({say.name(definition(known_within))})\n{small}",
        f"{title}. {'; '.join(told)}. {crossed}",
        intervals=(Interval("low", "high", "95% interval of the mean"),),
        key=Key("change", CHANGES),
    )


def _order(row: Mapping[str, Any]) -> tuple[int, int]:
    return PLACES.index(row["origin"]), PLACES.index(row["destination"])


def _crossing(
    changes: Sequence[Mapping[str, Any]], outcome: str, say: Speaker, yearly: bool
) -> str:
    """How a crossing changes, and how much of that is from job to job, in words."""
    left, joined = (SECTORS[code] for code in CROSSINGS[outcome])
    by = {(row["origin"], row["destination"]): row["mean"] for row in changes}
    direct = by.get((left, joined), 0.0)
    total = direct + by.get(LATER[outcome], 0.0)
    words = {
        "way": say.outcome(outcome),
        "total": say.write(total, "+,.1f"),
        "direct": say.write(direct, "+,.1f"),
    }
    if yearly:
        return say("{way} {total} a year, of whom {direct} from job to job", **words)
    return say("{way} {total}, of whom {direct} from job to job", **words)


def draw(chart: Chart) -> Any:
    """Draw ribbons as wide as the change; blue more people, orange (hatched) fewer."""
    figure, axes = style.canvas(1, 1, 8.6, 5.6)
    ax = axes[0, 0]
    ax.axis("off")
    rows = [row for row in chart.table.rows if row["mean"] != 0]
    total = sum(abs(row["mean"]) for row in rows) or 1.0
    total /= 1.0 - GAP * (len(PLACES) - 1)
    left = _places(rows, "origin", total)
    right = _places(rows, "destination", total)
    used = {
        side: {name: ends[1] for name, ends in where.items()}
        for side, where in (("left", left), ("right", right))
    }
    for row in rows:
        size = abs(row["mean"]) / total
        start, end = used["left"][row["origin"]], used["right"][row["destination"]]
        used["left"][row["origin"]] -= size
        used["right"][row["destination"]] -= size
        _ribbon(ax, chart, row, start, end, size)
    for x, where, align, axis in (
        (0.0, left, "right", chart.x),
        (1.0, right, "left", chart.y),
    ):
        called = dict(zip(axis.ticks, axis.labels, strict=True))
        heights = _apart([(bottom + top) / 2 for bottom, top in where.values()])
        for (name, (bottom, top)), height in zip(where.items(), heights, strict=True):
            ends = [x - 0.012, x + 0.012]
            ax.fill_between(ends, bottom, top, color=colour_of(name), linewidth=0)
            change = sum(row["mean"] for row in rows if row[axis.column] == name)
            text = f"{called[name]}\n{change:+,.1f}"
            at = x - 0.03 if align == "right" else x + 0.03
            ax.text(at, height, text, ha=align, va="center", fontsize=9)
    ax.text(0, 1.04, chart.x.title, ha="center", fontsize=9)
    ax.text(1, 1.04, chart.y.title, ha="center", fontsize=9)
    ax.set_xlim(-0.28, 1.28)
    ax.set_ylim(-0.1, 1.1)
    style.title(ax, chart.title)
    ax.legend(
        handles=_handles(chart),
        frameon=False,
        fontsize=8,
        loc="lower center",
        ncols=3,
        bbox_to_anchor=(0.5, -0.04),
    )
    style.note(figure, chart.small)
    return figure


def _apart(heights: list[float]) -> list[float]:
    """Heights from the top downwards, moved so that words do not lie over one another."""
    moved: list[float] = []
    for height in heights:
        moved.append(min([height, *(last - WORDS for last in moved[-1:])]))
    low = min(moved, default=0.0)
    return [height + max(0.0, LOWEST - low) for height in moved] if low < LOWEST else moved


def _handles(chart: Chart) -> list[Any]:
    from matplotlib.patches import Patch

    looks: dict[str, dict[str, Any]] = {
        "more": {"alpha": 0.55, "edgecolor": MORE.colour},
        "fewer": {"alpha": 0.55, "edgecolor": "white", "hatch": "///"},
        "unsure": {},
    }
    return [
        Patch(facecolor=one.colour, label=one.label, **looks[one.name]) for one in chart.entries
    ]


def _places(rows: Sequence[Mapping[str, Any]], side: str, total: float) -> dict[str, Any]:
    """Bottom and top of each place that has a ribbon, from the top downwards."""
    sizes = {
        name: sum(abs(row["mean"]) for row in rows if row[side] == name) / total for name in PLACES
    }
    sizes = {name: size for name, size in sizes.items() if size > 0}
    made, top = {}, 1.0
    for name, size in sizes.items():
        made[name] = (top - size, top)
        top -= size + GAP
    return made


def _ribbon(
    ax: Any, chart: Chart, row: Mapping[str, Any], start: float, end: float, size: float
) -> None:
    x = np.linspace(0, 1, 60)
    bend = 1 / (1 + np.exp(-12 * (x - 0.5)))
    top = start + (end - start) * bend
    assert chart.key is not None
    colour = chart.key.entry(row["change"]).colour
    hatch = "///" if row["change"] == "fewer" else None
    ax.fill_between(
        x * 0.976 + 0.012,
        top - size,
        top,
        facecolor=colour,
        alpha=0.6,
        hatch=hatch,
        edgecolor="white",
        linewidth=0.3,
    )
    if size > 0.03:
        ax.text(0.03, start - size / 2, f"{row['mean']:+,.1f}", fontsize=7, va="center")

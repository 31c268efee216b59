"""Chart what taking part did: crossings and posts for each 100 who took part, lever by lever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table, is_known
from hesim.charts.colours import BLACK, BLUE, ORANGE, SKY
from hesim.levers.titles import arm_title
from hesim.record.participant_table import TITLES, WHOLE_RUN, after_in_words
from hesim.record.participants import HORIZONS

PANELS = ("wo_to_hbo", "hbo_to_wo", "other_sector", "in_hbo", "in_wo")
"""Measures that have a panel."""
COLOURS = (SKY, BLUE, ORANGE)
"""Colour of each horizon."""
MOST = 30
"""Levers that are shown."""
APART_BY = 0.24
"""Distance between the horizons of one lever, in rows."""


def participants_chart(rows: Sequence[Mapping[str, Any]], title: str, small: str = "") -> Chart:
    """A row for each lever of an arm, a panel for each measure, a dot for each horizon.

    Args:
        rows: Rows of the table of participants; of a study with the column `arm`.
        title: What is shown.
        small: Small print.
    """
    mine = [row for row in rows if row["after"] != WHOLE_RUN and row["measure"] in PANELS]
    names = list(dict.fromkeys(map(_name, mine)))[:MOST]
    # Numbers of the rows, as an arm that holds several levers has a row for each.
    made = [
        {
            "panel": row["measure"],
            "row": names.index(_name(row)),
            "lever": str(row["lever"]),
            "after": str(row["after"]),
            "mean": row["difference"],
            "low": row["difference_low"],
            "high": row["difference_high"],
            "distinguishable": row["distinguishable"],
        }
        for row in mine
        if _name(row) in names
    ]
    unit = "per 100 who took part"
    columns = [
        Column("panel", "word"),
        Column("row"),
        Column("lever", "word"),
        Column("after", "word"),
        *(Column(name, unit=unit) for name in ("mean", "low", "high")),
        Column("distinguishable", "flag"),
    ]
    y = Axis("row", "", "category", ticks=tuple(range(len(names))), labels=tuple(names))
    panels = tuple(Panel(Axis("mean", unit), y, name, TITLES[name]) for name in PANELS)
    afters = [after_in_words(str(months)) for months in HORIZONS]
    seen = {row["after"] for row in made}
    # A run that is shorter than a horizon has nothing to show for it.
    entries = tuple(
        Entry(after, colour, f"after {after}", "circle")
        for after, colour in zip(afters, COLOURS, strict=True)
        if after in seen
    )
    told = [
        f"{names[one['row']]}, {TITLES[one['panel']]} after {one['after']}: {one['mean']:+.3g}"
        for one in made
        if one["distinguishable"]
    ]
    rest = "; ".join(told[:8]) or "no difference can be told from zero"
    lines = "lines: 95% interval; open dot: not distinguishable from zero"
    return Chart(
        "participants",
        title,
        Table.of(columns, made),
        panels,
        f"{lines}; who takes part is compared with the same person without levers\n{small}".strip(),
        f"{title}. {rest}",
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("after", entries),
    )


def _name(row: Mapping[str, Any]) -> str:
    """What a row is called: the lever, and its arm where that holds others too."""
    lever, arm = str(row["lever"]), str(row.get("arm", row["lever"]))
    title = arm_title(lever)
    return title if arm == lever else f"{title}\n(with {_others(lever, arm)})"


def _others(lever: str, arm: str) -> str:
    """The other levers of an arm in short, a line each."""
    others = [arm_title(name) for name in arm.split("+") if name != lever]
    return ",\n".join(others[:2]) + f" and {len(others) - 2} more" * (len(others) > 2)


def draw(chart: Chart) -> Any:
    """Draw a column of dots with intervals for each panel, the first lever on top."""
    from matplotlib.lines import Line2D

    count = len(chart.y.labels)
    figure, axes = style.canvas(1, len(chart.panels), 13.5, 2.3 + 0.62 * count)
    middle = (len(chart.entries) - 1) / 2
    for place, (ax, panel) in enumerate(zip(axes.flat, chart.panels, strict=True)):
        for row in chart.rows(panel):
            k = [entry.name for entry in chart.entries].index(row["after"])
            entry = chart.entries[k]
            y = count - 1 - row["row"] - APART_BY * (k - middle)
            if is_known(row["low"]):
                ends = [row["low"], row["high"]]
                ax.plot(ends, [y, y], color=entry.colour, linewidth=1.3, zorder=2)
            face = entry.colour if row["distinguishable"] else "white"
            look = {"color": entry.colour, "markerfacecolor": face, "markersize": 5}
            ax.plot(row["mean"], y, "o", zorder=3, **look)
        ax.axvline(0, color=BLACK, linewidth=0.8, zorder=1)
        if all(not row[end] for row in chart.rows(panel) for end in ("mean", "low", "high")):
            # Without an effect the axis would span nothing, and its marks run into one another.
            ax.set_xlim(-1, 1)
        ax.locator_params(axis="x", nbins=5)
        names = list(reversed(panel.y.labels)) if place == 0 else [""] * count
        ax.set_yticks(range(count), names, fontsize=8)
        ax.set_ylim(-0.7, count - 0.3)
        ax.set_title(panel.title, fontsize=9)
        ax.set_xlabel(panel.x.title, fontsize=8)
        style.grid(ax)
    handles = [
        Line2D([], [], color=one.colour, marker="o", linewidth=1.3, label=one.label)
        for one in chart.entries
    ]
    figure.legend(handles=handles, frameon=False, fontsize=8, loc="outside upper right", ncols=3)
    figure.suptitle(chart.title, fontsize=11, x=0.01, ha="left")
    style.note(figure, chart.small)
    return figure

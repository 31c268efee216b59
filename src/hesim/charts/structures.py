"""Chart what several structures answer: a symbol for each, and the range over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.calibration.titles import structure_title
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table, is_known
from hesim.charts.colours import BLACK, UNSURE, signs_of
from hesim.charts.names import arm_label
from hesim.levers.titles import arm_title

MEANING = (
    "line: 95% interval; open: not distinguishable from zero; grey: from the lowest to the highest "
    "structure, no mean is taken over them"
)
NUMBERS = ("mean", "low", "high", "lowest", "highest")
APART = 0.22
"""Space between the structures of an arm, in rows."""


def structures_chart(
    rows: Sequence[Mapping[str, Any]],
    structures: Sequence[str],
    title: str,
    unit: str,
    small: str = "",
) -> Chart:
    """A row for each arm, and in it a symbol with its interval for each structure.

    Args:
        rows: `arm`, `structure`, `mean`, `low` and `high`; the arm that is to stand on top first.
        structures: Their names, in the order of their symbols.
        title: What is shown.
        unit: Unit of the figures.
        small: Small print.
    """
    arms = tuple(dict.fromkeys(str(row["arm"]) for row in rows))
    made = []
    for row in rows:
        all_means = [other["mean"] for other in rows if other["arm"] == row["arm"]]
        known = [float(mean) for mean in all_means if is_known(mean)]
        low, high = row["low"], row["high"]
        ends = {"lowest": min(known, default=None), "highest": max(known, default=None)}
        sure = is_known(low) and not low <= 0 <= high
        made.append({**row, **ends, "distinguishable": sure})
    columns = [
        Column("arm", "word"),
        Column("structure", "word"),
        *(Column(name, unit=unit) for name in NUMBERS),
        Column("distinguishable", "flag"),
    ]
    entries = tuple(
        Entry(name, colour, structure_title(name), mark)
        for name, (colour, mark) in signs_of(structures).items()
    )
    y = Axis("arm", "", "category", ticks=arms, labels=tuple(arm_label(arm) for arm in arms))
    told = [
        f"{arm_title(row['arm'])} in {structure_title(row['structure'])} {row['mean']:+.3g}"
        for row in made[: 8 * len(structures)]
        if is_known(row["mean"])
    ]
    return Chart(
        "structures",
        title,
        Table.of(columns, made),
        (Panel(Axis("mean", unit), y),),
        f"{MEANING}\n{small}",
        f"{title}. {'; '.join(told)}",
        intervals=(
            Interval("low", "high", "95% interval, parameters and Monte Carlo noise"),
            Interval("lowest", "highest", "lowest and highest structure"),
        ),
        key=Key("structure", entries, "structure"),
    )


def draw(chart: Chart) -> Any:
    """Draw symbols, open where they cannot be told from zero, their intervals and the range."""
    from matplotlib.lines import Line2D

    arms, entries = chart.y.ticks, chart.entries
    figure, axes = style.canvas(1, 1, 8.6, max(2.1 + 0.24 * len(arms) * len(entries), 2.9))
    ax = axes[0, 0]
    middle = (len(entries) - 1) / 2
    for place, arm in enumerate(arms):
        y = len(arms) - 1 - place
        for row in chart.table.where(arm=arm):
            if row["lowest"] is not None:
                ends = [row["lowest"], row["highest"]]
                ax.plot(ends, [y, y], color=UNSURE, linewidth=9, solid_capstyle="butt", zorder=1)
                break
        for at, entry in enumerate(entries):
            for row in chart.table.where(arm=arm, structure=entry.name):
                _draw_symbol(ax, row, y + APART * (middle - at), entry)
    ax.axvline(0, color=BLACK, linewidth=0.8, zorder=1)
    ax.set_yticks(range(len(arms)), list(reversed(chart.y.labels)))
    ax.set_ylim(-0.7, len(arms) - 0.3)
    style.grid(ax)
    ax.set_xlabel(chart.x.title)
    style.title(ax, chart.title)
    handles = [
        Line2D([], [], color=one.colour, marker=style.MARKS[one.mark], label=one.label)
        for one in entries
    ]
    assert chart.key is not None
    figure.legend(
        handles=handles,
        title=chart.key.title,
        frameon=False,
        fontsize=8,
        title_fontsize=8,
        loc="outside right upper",
    )
    style.note(figure, chart.small)
    return figure


def _draw_symbol(ax: Any, row: Mapping[str, Any], y: float, entry: Entry) -> None:
    if row["mean"] is None:
        return
    if row["low"] is not None:
        ax.plot([row["low"], row["high"]], [y, y], color=entry.colour, linewidth=1.2, zorder=2)
    face = entry.colour if row["distinguishable"] else "white"
    mark = style.MARKS[entry.mark]
    ax.plot(row["mean"], y, mark, color=entry.colour, markerfacecolor=face, markersize=6, zorder=3)

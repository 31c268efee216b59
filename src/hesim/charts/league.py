"""Chart the league of arms: paired differences as dots with their intervals, the best on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table, is_known
from hesim.charts.colours import BLACK, BLUE, GREEN, ORANGE, VERMILION
from hesim.charts.names import arm_label

GRADE_COLOURS = {
    "assumed": VERMILION,
    "transfer evidence": ORANGE,
    "report": BLUE,
}
"""Colour of what a figure rests on; anything else is calibrated."""
NUMBERS = ("mean", "low", "high", "noise_low", "noise_high")
MEANINGS = ("95% interval, parameters and Monte Carlo noise", "Monte Carlo noise alone")
"""What the thin line means, and what the thick one."""
MEANING = (
    "thin: 95% interval, parameters and Monte Carlo noise; thick: noise alone; "
    "open dot: not distinguishable from zero"
)


def league_chart(
    comparison: Sequence[Mapping[str, Any]],
    title: str,
    unit: str,
    small: str = "",
    names: Sequence[str] | None = None,
    grades: Mapping[str, str] | None = None,
    meanings: Sequence[str] = MEANINGS,
) -> Chart:
    """A row for each arm: the mean, its 95% interval, and that of Monte Carlo noise alone.

    Args:
        comparison: Rows of `study.answers.effects.comparison` that have a difference, in the order
            in which they are to stand, the first on top.
        title: What is shown.
        unit: Unit of the differences.
        small: Small print.
        names: What the arms are called; their own names in words if None.
        grades: Words of grades by name.
        meanings: What the thin and the thick line mean, in a language of their own.
    """
    called = names if names is not None else [arm_label(str(row["arm"])) for row in comparison]
    rows = []
    for row, name in zip(comparison, called, strict=True):
        low, high = row["difference_low"], row["difference_high"]
        # Without an interval nothing can be told from zero.
        sure = is_known(low) and not low <= 0 <= high
        numbers = {key: row.get(f"difference_{key}") for key in NUMBERS}
        rows.append({**row, "name": name, **numbers, "distinguishable": sure})
    columns = [
        *(Column(name, "word") for name in ("arm", "name", "grade")),
        *(Column(name, unit=unit) for name in NUMBERS),
        Column("distinguishable", "flag"),
    ]
    called_grades = grades or {}
    entries = (
        Entry(grade, GRADE_COLOURS.get(grade, GREEN), called_grades.get(grade, grade), "circle")
        for grade in dict.fromkeys(str(row["grade"]) for row in rows)
    )
    arms = tuple(str(row["arm"]) for row in rows)
    y = Axis("arm", "", "category", ticks=arms, labels=tuple(called))
    told = [f"{_in_one_line(row['name'])} {row['mean']:+.3g}{_interval(row)}" for row in rows[:8]]
    return Chart(
        "league",
        title,
        Table.of(columns, rows),
        (Panel(Axis("mean", unit), y),),
        f"{MEANING}\n{small}" if meanings == MEANINGS else small,
        f"{title}. {'; '.join(told)}",
        intervals=(
            Interval("low", "high", meanings[0]),
            Interval("noise_low", "noise_high", meanings[1]),
        ),
        key=Key("grade", tuple(entries), "rests on"),
    )


def draw(chart: Chart) -> Any:
    """Draw dots, open where they cannot be told from zero, and their intervals."""
    from matplotlib.lines import Line2D

    rows = chart.table.rows
    figure, axes = style.canvas(1, 1, 8.6, max(1.9 + 0.3 * len(rows), 2.8))
    ax = axes[0, 0]
    assert chart.key is not None
    for place, row in enumerate(rows):
        y = len(rows) - 1 - place
        colour = chart.key.entry(row["grade"]).colour
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.2, zorder=2)
        if row["noise_low"] is not None:
            ends = [row["noise_low"], row["noise_high"]]
            ax.plot(ends, [y, y], color=colour, linewidth=4, alpha=0.45, zorder=2)
        face = colour if row["distinguishable"] else "white"
        ax.plot(row["mean"], y, "o", color=colour, markerfacecolor=face, markersize=6, zorder=3)
    ax.axvline(0, color=BLACK, linewidth=0.8, zorder=1)
    ax.set_yticks(range(len(rows)), list(reversed(chart.y.labels)))
    ax.set_ylim(-0.7, len(rows) - 0.3)
    style.grid(ax)
    ax.set_xlabel(chart.x.title)
    style.title(ax, chart.title)
    handles = [
        Line2D([], [], color=one.colour, marker="o", linewidth=1.2, label=one.label)
        for one in chart.entries
    ]
    ax.legend(
        handles=handles,
        title=chart.key.title,
        frameon=False,
        fontsize=8,
        title_fontsize=8,
        loc="best",
    )
    style.note(figure, chart.small)
    return figure


def _in_one_line(name: str) -> str:
    return " ".join(name.split())


def _interval(row: Mapping[str, Any]) -> str:
    return f" ({row['low']:.3g} to {row['high']:.3g})" if is_known(row["low"]) else ""

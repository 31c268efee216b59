"""Chart what would be worth most to know: a bar for each thing, with its interval."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY

MOST_BARS = 20
"""Rows that are drawn at most, those that are worth most."""
WIDTH = 44
"""Letters in a line of a row's title."""
ALWAYS = ("structure", "survey")
"""Kinds that are drawn even where they are worth nothing."""
KINDS = (
    Entry("parameter", BLUE, "a parameter of the model"),
    Entry("dial", ORANGE, "a dial of a lever"),
    Entry("lever", SKY, "all dials of a lever"),
    Entry("structure", PURPLE, "the structure"),
    Entry("survey", GREEN, "a survey"),
    Entry("group", GREY, "several together"),
)


def knowing_chart(rows: Sequence[Mapping[str, Any]], title: str, unit: str, small: str) -> Chart:
    """What each thing is worth; the largest on top, open where it cannot be told from nothing.

    Args:
        rows: Rows of `answers.worth_knowing`, what is worth most first; the bound is left out.
        title: What is shown.
        unit: Unit of the values.
        small: Small print.
    """
    judged = [row for row in rows if row["kind"] != "bound"]
    worth = [row for row in judged if row["value"] > 0 or row["kind"] in ALWAYS]
    made = worth[:MOST_BARS]
    rest = len(judged) - len(worth)
    left = f"{rest} other things are worth nothing that can be told\n" if rest else ""
    there = {row["kind"] for row in made}
    columns = [
        *(Column(name, "word") for name in ("key", "kind", "title")),
        *(Column(name, unit=unit) for name in ("value", "low", "high")),
        Column("told", "flag"),
    ]
    order = tuple(f"{row['kind']}: {row['key']}" for row in reversed(made))
    named = [
        {**row, "key": f"{row['kind']}: {row['key']}", "title": str(row["title"])} for row in made
    ]
    labels = tuple(textwrap.fill(row["title"], WIDTH) for row in reversed(named))
    told = [f"{row['title']} {row['value']:.3g}{_ends(row)}" for row in named[:8]]
    return Chart(
        "knowing",
        title,
        Table.of(columns, named),
        (Panel(Axis("value", unit), Axis("key", "", "category", ticks=order, labels=labels)),),
        f"lines: 95% interval; open bars cannot be told from nothing\n{left}{small}",
        f"{title}. {'; '.join(told)}",
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("kind", tuple(entry for entry in KINDS if entry.name in there)),
    )


def _ends(row: Mapping[str, Any]) -> str:
    ends = f" ({row['low']:.3g} to {row['high']:.3g})"
    return ends if row["told"] else f"{ends}, cannot be told from nothing"


def draw(chart: Chart) -> Any:
    """Draw the bars, the largest on top."""
    from matplotlib.patches import Patch

    rows = {row["key"]: row for row in chart.table.rows}
    figure, axes = style.canvas(1, 1, 8.6, 2.2 + 0.42 * len(rows))
    ax = axes[0, 0]
    assert chart.key is not None
    for y, name in enumerate(chart.y.ticks):
        row = rows[name]
        colour = chart.key.entry(row["kind"]).colour
        face = colour if row["told"] else "none"
        ax.barh(y, row["value"], height=0.6, facecolor=face, edgecolor=colour, zorder=2)
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [y, y], color=BLACK, linewidth=1, zorder=3)
    ax.set_yticks(range(len(chart.y.labels)), chart.y.labels, fontsize=8)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    style.grid(ax)
    ax.set_xlabel(chart.x.title)
    style.title(ax, chart.title)
    handles = [Patch(color=entry.colour, label=entry.label) for entry in chart.entries]
    ax.legend(handles=handles, frameon=False, fontsize=8, loc="lower right")
    style.note(figure, chart.small)
    return figure

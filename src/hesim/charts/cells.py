"""Chart simulated against reported cells of the survey tables, one panel a table."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import GREY, colour_of
from hesim.charts.names import readable
from hesim.tables import ReportTables

HELD_OUT = "3.1"
WHITE, LIGHT, DARK = "#ffffff", "#f4f4f4", "#e4e4e4"
ROLES = {
    "2.1": ("input", DARK),
    "2.2": ("input", DARK),
    "3.2": ("input, or nearly", DARK),
    "3.3": ("input, or nearly", DARK),
    "3.4": ("input", DARK),
    "3.5": ("input in part", LIGHT),
    HELD_OUT: ("held out", WHITE),
}
"""What each table is to the model, and the ground that shows it (docs/odd.md, Input data). Where
a table is an input, a point on the line only shows that the input arrives."""

TICKS = (0, 5, 10, 20, 40, 60, 80, 100)
GROUPS = {"hbo_in": "circle", "hbo_out": "square", "wo_in": "triangle", "wo_out": "diamond"}
"""Shape of each group's points."""
EXPLANATION = (
    "one point a cell, mean over years and replications; axes by square root, so that "
    "small percentages part\ninside: within the survey's interval; in grey panels that only "
    "shows that the input arrives; parameters at one point"
)


def wilson(percent: float, n: int) -> tuple[float, float]:
    """The 95% interval of a percentage among n respondents, after Wilson (1927)."""
    z, p = 1.959964, percent / 100
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half), 100 * (middle + half)


def cells_chart(survey: Sequence[Mapping[str, Any]], tables: ReportTables, heldout: bool) -> Chart:
    """Share among all simulated movers against the report's percentage, with its interval.

    Args:
        survey: Rows of survey.csv; averaged over years and replications.
        tables: The report's tables.
        heldout: Show table 3.1 too.
    """
    gathered: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in survey:
        share = row.get("percent_movers")
        if share is not None and not math.isnan(share):
            key = (row["table"], row["block"], row["item"], row["group"])
            gathered[tuple(map(str, key))].append(float(share))
    panels: list[Panel] = []
    rows: list[dict[str, Any]] = []
    for name in (each for each in ROLES if heldout or each != HELD_OUT):
        mine = _rows(name, tables, gathered)
        panels.append(_panel(name, mine))
        rows += mine
    words = ("panel", "block", "item", "group")
    numbers = ("reported", "low", "high", "simulated")
    columns = [
        *(Column(each, "word") for each in words),
        *(Column(each, unit="%") for each in numbers),
        Column("inside", "flag"),
    ]
    entries = (
        Entry(group, colour_of(group), readable(group), mark, hollow=not group.endswith("_in"))
        for group, mark in GROUPS.items()
    )
    return Chart(
        "cells",
        "Simulated against reported percentages",
        Table.of(columns, rows),
        tuple(panels),
        intervals=(Interval("low", "high", "95% interval of the survey"),),
        key=Key("group", tuple(entries), EXPLANATION),
    )


def _rows(
    name: str, tables: ReportTables, gathered: Mapping[tuple[str, ...], list[float]]
) -> list[dict[str, Any]]:
    """The cells of one table that are both reported and simulated."""
    rows = []
    for cell in tables.cells:
        values = gathered.get((cell.table, cell.block, cell.item, cell.group))
        if cell.table != name or cell.percent is None or not values:
            continue
        simulated = sum(values) / len(values)
        low, high = wilson(cell.percent, cell.n)
        rows.append(
            {
                "panel": name,
                "block": cell.block,
                "item": cell.item,
                "group": cell.group,
                "reported": cell.percent,
                "low": low,
                "high": high,
                "simulated": simulated,
                "inside": low <= simulated <= high,
            }
        )
    return rows


def _panel(name: str, rows: Sequence[Mapping[str, Any]]) -> Panel:
    top = max([5.0, *(max(row["simulated"], row["high"]) for row in rows)])
    ticks = tuple(tick for tick in TICKS if tick <= top)
    # Square roots spread the many small percentages.
    x, y = (
        Axis(column, f"{column}, %", "root", 0.0, top, ticks)
        for column in ("reported", "simulated")
    )
    role, ground = ROLES[name]
    inside = sum(row["inside"] for row in rows)
    title = f"Table {name} ({role}): {inside} of {len(rows)} inside"
    return Panel(x, y, name, title, ground)


def draw(chart: Chart) -> Any:
    """Draw a point and an interval for each cell, a panel a table."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    columns = -(-len(chart.panels) // 2)
    figure, axes = style.canvas(2, columns, 4.0 * columns, 10.0)
    for ax in axes.flat[len(chart.panels) :]:
        ax.set_axis_off()
    for ax, panel in zip(axes.flat, chart.panels, strict=False):
        _draw_panel(ax, chart, panel)
    handles: list[Any] = [
        Line2D(
            [],
            [],
            marker=style.MARKS[one.mark],
            linestyle="",
            color=one.colour,
            label=one.label,
            fillstyle=_fill(one),
        )
        for one in chart.entries
    ]
    handles += [
        Line2D([], [], color=GREY, label=chart.intervals[0].meaning),
        Patch(color=DARK, label="the table went into the model"),
    ]
    assert chart.key is not None
    # The explanation is the legend's title: a line of its own would lie over the legend.
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=6,
        frameon=False,
        title=chart.key.title,
        title_fontsize=8,
    )
    figure.suptitle(chart.title)
    style.note(figure, chart.small)
    return figure


def _root(x: Any) -> Any:
    return np.sqrt(np.maximum(x, 0.0))


def _fill(entry: Entry) -> Any:
    return "none" if entry.hollow else "full"


def _draw_panel(ax: Any, chart: Chart, panel: Panel) -> None:
    assert chart.key is not None and panel.x.high is not None
    top = panel.x.high
    for row in chart.rows(panel):
        entry = chart.key.entry(row["group"])
        ends, simulated = [row["low"], row["high"]], row["simulated"]
        ax.plot(ends, [simulated] * 2, color=entry.colour, alpha=0.4, linewidth=1)
        ax.plot(
            row["reported"],
            simulated,
            style.MARKS[entry.mark],
            color=entry.colour,
            markersize=4,
            fillstyle=_fill(entry),
            clip_on=False,
        )
    ax.plot([0, top], [0, top], color=GREY, linewidth=0.8, zorder=0)
    ax.set_xscale("function", functions=(_root, np.square))
    ax.set_yscale("function", functions=(_root, np.square))
    ax.set_xticks(panel.x.ticks)
    ax.set_yticks(panel.y.ticks)
    ax.set_xlim(panel.x.low, 1.05 * top)
    ax.set_ylim(panel.y.low, 1.05 * top)
    ax.set_box_aspect(1)
    ax.set_facecolor(panel.ground)
    ax.set_title(panel.title, fontsize=10)
    ax.set_xlabel(panel.x.title)
    ax.set_ylabel(panel.y.title)

"""Draw simulated against reported cells of the survey tables, one panel a table."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hesim.charts import style
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
GROUPS = {"hbo_in": "o", "hbo_out": "s", "wo_in": "^", "wo_out": "D"}


def wilson(percent: float, n: int) -> tuple[float, float]:
    """The 95% interval of a percentage among n respondents, after Wilson (1927)."""
    z, p = 1.959964, percent / 100
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half), 100 * (middle + half)


def draw(survey: Sequence[Mapping[str, Any]], tables: ReportTables, heldout: bool) -> Any:
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
    names = [name for name in ROLES if heldout or name != HELD_OUT]
    columns = 4 if heldout else 3
    figure, axes = style.canvas(2, columns, 4.0 * columns, 10.0)
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    for ax, name in zip(axes.flat, names, strict=False):
        _panel(ax, name, tables, gathered)
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Line2D([], [], marker=mark, linestyle="", color=_colour(group),
               label=style.readable(group), fillstyle=_fill(group))
        for group, mark in GROUPS.items()
    ]  # fmt: skip
    handles += [
        Line2D([], [], color=style.GREY, label="95% interval of the survey"),
        Patch(color=DARK, label="the table went into the model"),
    ]
    # The small print is the legend's title: a line of its own would lie over the legend.
    figure.legend(
        handles=handles, loc="outside lower center", ncols=6, frameon=False,
        title="one point a cell, mean over years and replications; axes by square root, so that "
        "small percentages part\ninside: within the survey's interval; in grey panels that only "
        "shows that the input arrives; parameters at one point",
        title_fontsize=8,
    )  # fmt: skip
    figure.suptitle("Simulated against reported percentages")
    return figure


def _root(x: Any) -> Any:
    return np.sqrt(np.maximum(x, 0.0))


def _colour(group: str) -> str:
    return style.SECTOR_COLOURS[group.partition("_")[0]]


def _fill(group: str) -> Any:
    return "full" if group.endswith("_in") else "none"


def _panel(
    ax: Any, name: str, tables: ReportTables, gathered: Mapping[tuple[str, ...], list[float]]
) -> None:
    top, inside, shown = 5.0, 0, 0
    for cell in tables.cells:
        values = gathered.get((cell.table, cell.block, cell.item, cell.group))
        if cell.table != name or cell.percent is None or not values:
            continue
        simulated = sum(values) / len(values)
        low, high = wilson(cell.percent, cell.n)
        shown += 1
        inside += low <= simulated <= high
        top = max(top, simulated, high)
        colour = _colour(cell.group)
        ax.plot([low, high], [simulated] * 2, color=colour, alpha=0.4, linewidth=1)
        ax.plot(
            cell.percent, simulated, GROUPS[cell.group], color=colour, markersize=4,
            fillstyle=_fill(cell.group), clip_on=False,
        )  # fmt: skip
    ax.plot([0, top], [0, top], color=style.GREY, linewidth=0.8, zorder=0)
    # Square roots spread the many small percentages.
    ax.set_xscale("function", functions=(_root, np.square))
    ax.set_yscale("function", functions=(_root, np.square))
    ticks = [tick for tick in TICKS if tick <= top]
    ax.set_xticks(ticks)
    ax.set_yticks(ticks)
    ax.set_xlim(0, 1.05 * top)
    ax.set_ylim(0, 1.05 * top)
    ax.set_box_aspect(1)
    role, ground = ROLES[name]
    ax.set_facecolor(ground)
    ax.set_title(f"Table {name} ({role}): {inside} of {shown} inside", fontsize=10)
    ax.set_xlabel("reported, %")
    ax.set_ylabel("simulated, %")

"""Draw the league of arms: paired differences as dots with their intervals, the best on top."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style

GRADE_COLOURS = {
    "assumed": style.VERMILION,
    "transfer evidence": style.ORANGE,
    "report": style.BLUE,
}
"""Colour of what a figure rests on; anything else is calibrated."""


def draw(rows: Sequence[Mapping[str, Any]], title: str, unit: str, small: str) -> Any:
    """A row for each arm: dot, 95% interval (thin), Monte Carlo noise alone (thick).

    Args:
        rows: `name`, `mean`, `low`, `high`, `noise_low`, `noise_high` and `grade`, in the order
            in which they are to stand, the first on top.
        title: What is shown.
        unit: Unit of the differences.
        small: Small print.
    """
    height = 1.9 + 0.3 * len(rows)
    figure, axes = style.canvas(1, 1, 8.6, max(height, 2.8))
    ax = axes[0, 0]
    seen: dict[str, str] = {}
    for place, row in enumerate(rows):
        y = len(rows) - 1 - place
        colour = GRADE_COLOURS.get(str(row["grade"]), style.GREEN)
        seen[str(row["grade"])] = colour
        sure = is_known(row["low"]) and not row["low"] <= 0 <= row["high"]
        if is_known(row["low"]):
            ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.2, zorder=2)
        if is_known(row["noise_low"]):
            ends = [row["noise_low"], row["noise_high"]]
            ax.plot(ends, [y, y], color=colour, linewidth=4, alpha=0.45, zorder=2)
        face = colour if sure else "white"
        ax.plot(row["mean"], y, "o", color=colour, markerfacecolor=face, markersize=6, zorder=3)
    ax.axvline(0, color=style.BLACK, linewidth=0.8, zorder=1)
    ax.set_yticks(range(len(rows)), [style.readable(str(r["name"])) for r in reversed(rows)])
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(unit)
    style.title(ax, title)
    handles = [_handle(colour, name) for name, colour in seen.items()]
    ax.legend(
        handles=handles, title="rests on", frameon=False, fontsize=8, title_fontsize=8,
        loc="best",
    )  # fmt: skip
    meaning = (
        "thin: 95% interval, parameters and Monte Carlo noise; thick: noise alone; "
        "open dot: not distinguishable from zero"
    )
    style.note(figure, f"{meaning}\n{small}")
    return figure


def is_known(value: Any) -> bool:
    """Whether there is a figure."""
    return value is not None and not math.isnan(float(value))


def _handle(colour: str, name: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, marker="o", linewidth=1.2, label=name)

"""Draw how flows change, policy minus baseline, as ribbons from origin to destination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hesim.charts import style

NAMES = {
    "elsewhere": "other sectors", "no_job": "no job", "outside": "outside the model",
    "hbo_then_no_job": "hbo, then no job", "wo_then_no_job": "wo, then no job",
}  # fmt: skip
PLACES = ("hbo", "hbo_then_no_job", "wo", "wo_then_no_job", "elsewhere", "no_job", "outside")
MORE, LESS = style.BLUE, style.ORANGE
GAP = 0.04
"""Space between two places, as a share of the height."""
WORDS, LOWEST = 0.085, 0.0
"""Height of two lines of words, and of the lowest ones."""


def draw(rows: Sequence[Mapping[str, Any]], title: str, small: str) -> Any:
    """Ribbons as wide as the change; blue more people, orange (hatched) fewer.

    Args:
        rows: `origin`, `destination`, `mean`, `low` and `high`: persons a year more or fewer.
        title: What is shown.
        small: Small print.
    """
    figure, axes = style.canvas(1, 1, 8.6, 5.6)
    ax = axes[0, 0]
    ax.axis("off")
    sure = [row for row in rows if row["mean"] != 0]
    total = sum(abs(row["mean"]) for row in sure) or 1.0
    total /= 1.0 - GAP * (len(PLACES) - 1)
    left = _places(sure, "origin", total)
    right = _places(sure, "destination", total)
    used = {side: {name: ends[1] for name, ends in where.items()}
            for side, where in (("left", left), ("right", right))}  # fmt: skip
    for row in sorted(sure, key=lambda r: (PLACES.index(r["origin"]), _at(r["destination"]))):
        size = abs(row["mean"]) / total
        start, end = used["left"][row["origin"]], used["right"][row["destination"]]
        used["left"][row["origin"]] -= size
        used["right"][row["destination"]] -= size
        _ribbon(ax, row, start, end, size)
    for x, where, align in ((0.0, left, "right"), (1.0, right, "left")):
        side = "origin" if align == "right" else "destination"
        heights = _apart([(bottom + top) / 2 for bottom, top in where.values()])
        for (name, (bottom, top)), height in zip(where.items(), heights, strict=True):
            colour = style.SECTOR_COLOURS.get(name.partition("_then")[0], style.GREY)
            ax.fill_between([x - 0.012, x + 0.012], bottom, top, color=colour, linewidth=0)
            change = sum(row["mean"] for row in sure if row[side] == name)
            text = f"{NAMES.get(name, name)}\n{change:+,.1f}"
            at = x - 0.03 if align == "right" else x + 0.03
            ax.text(at, height, text, ha=align, va="center", fontsize=9)
    ax.text(0, 1.04, "from", ha="center", fontsize=9)
    ax.text(1, 1.04, "to", ha="center", fontsize=9)
    ax.set_xlim(-0.28, 1.28)
    ax.set_ylim(-0.1, 1.1)
    style.title(ax, title)
    ax.legend(
        handles=_handles(),
        frameon=False,
        fontsize=8,
        loc="lower center",
        ncols=3,
        bbox_to_anchor=(0.5, -0.04),
    )
    style.note(figure, f"persons a year, mean; the figure at a ribbon is its change\n{small}")
    return figure


def _apart(heights: list[float]) -> list[float]:
    """Heights from the top downwards, moved so that words do not lie over one another."""
    moved: list[float] = []
    for height in heights:
        moved.append(min([height, *(last - WORDS for last in moved[-1:])]))
    low = min(moved, default=0.0)
    return [height + max(0.0, LOWEST - low) for height in moved] if low < LOWEST else moved


def _handles() -> list[Any]:
    from matplotlib.patches import Patch

    return [
        Patch(color=MORE, alpha=0.55, label="more people"),
        Patch(facecolor=LESS, alpha=0.55, hatch="///", edgecolor="white", label="fewer people"),
        Patch(facecolor="#cccccc", label="not distinguishable from zero"),
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


def _ribbon(ax: Any, row: Mapping[str, Any], start: float, end: float, size: float) -> None:
    x = np.linspace(0, 1, 60)
    bend = 1 / (1 + np.exp(-12 * (x - 0.5)))
    top = start + (end - start) * bend
    zero = np.isnan(row["low"]) or row["low"] <= 0 <= row["high"]
    more = row["mean"] > 0
    colour = "#cccccc" if zero else MORE if more else LESS
    hatch = None if zero or more else "///"
    ax.fill_between(
        x * 0.976 + 0.012, top - size, top, facecolor=colour, alpha=0.6, hatch=hatch,
        edgecolor="white", linewidth=0.3,
    )  # fmt: skip
    if size > 0.03:
        ax.text(0.03, start - size / 2, f"{row['mean']:+,.1f}", fontsize=7, va="center")


def _at(name: str) -> int:
    return PLACES.index(name)

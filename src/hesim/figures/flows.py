"""Draw the moves between hbo and wo by year, with the interval over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.figures import style

LINES = (("wo_to_hbo", "from wo to hbo", "wo"), ("hbo_to_wo", "from hbo to wo", "hbo"))


def draw(summary: Sequence[Mapping[str, Any]]) -> Any:
    """Two lines from the rows of summary.csv, coloured by the sector that people leave."""
    figure, axes = style.canvas(1, 1, 7.5, 4.2)
    ax = axes[0, 0]
    used = 0
    for name, label, sector in LINES:
        rows = [
            row
            for row in summary
            if row["outcome"] == name and row["year"] != "all" and row["mean"] is not None
        ]
        if not rows:
            continue
        years = [int(row["year"]) for row in rows]
        used = max(used, *(int(row["replications"]) for row in rows))
        colour = style.SECTOR_COLOURS[sector]
        ax.plot(years, [row["mean"] for row in rows], "o-", color=colour, label=label)
        ends = [row for row in rows if row["low"] is not None]
        ax.fill_between(
            [int(row["year"]) for row in ends],
            [max(0.0, row["low"]) for row in ends],
            [row["high"] for row in ends],
            color=colour, alpha=0.2, linewidth=0,
        )  # fmt: skip
        ax.set_xticks(years)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("persons a year")
    ax.set_title(f"Moves between hbo and wo: mean and 95% interval, {used} replications")
    ax.legend(frameon=False)
    return figure

"""Draw a policy beside its baseline: the paired difference by year, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import is_year
from hesim.survey.crossings import definition

SHOWN = (
    "wo_to_hbo", "hbo_to_wo", "phds_in_hbo_within_5y", "hbo_phd_share", "turnover_hbo",
    "vacancy_months",
)  # fmt: skip
"""Outcomes that are drawn."""
COLOURS = {
    "wo_to_hbo": style.SECTOR_COLOURS["wo"],
    "hbo_to_wo": style.SECTOR_COLOURS["hbo"],
    "phds_in_hbo_within_5y": style.SECTOR_COLOURS["wo"],
    "hbo_phd_share": style.SECTOR_COLOURS["hbo"],
    "turnover_hbo": style.SECTOR_COLOURS["hbo"],
}
UNITS = {"percent of staff": "percentage points", "percent of staff a year": "percentage points"}


def draw(
    summary: Sequence[Mapping[str, Any]],
    levers: Sequence[str],
    grade: str,
    known_within: int,
    scale: float = 1.0,
) -> Any:
    """Six panels of policy less baseline by year.

    Args:
        summary: Rows of summary.csv, the arm `difference` among them.
        levers: Names of the levers, for the small print.
        grade: Weakest grade of their dials, in words.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    from matplotlib.ticker import MaxNLocator

    figure, axes = style.canvas(2, 3, 11, 6.2)
    used = 0
    for ax, name in zip(axes.flat, SHOWN, strict=True):
        rows = [
            row
            for row in summary
            if row["arm"] == "difference" and row["outcome"] == name and is_year(row)
        ]
        used = max([used, *(int(row["replications"]) for row in rows)])
        colour = COLOURS.get(name, style.BLACK)
        years = [int(row["year"]) for row in rows]
        ax.axhline(0, color=style.BLACK, linewidth=0.8)
        ax.plot(years, [row["mean"] for row in rows], "o-", color=colour, markersize=4)
        ends = [row for row in rows if row["low"] is not None]
        at = [int(row["year"]) for row in ends]
        low, high = [row["low"] for row in ends], [row["high"] for row in ends]
        ax.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
        ax.vlines(at, low, high, color=colour, linewidth=1)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
        ax.set_title(OUTCOMES[name].english, fontsize=10)
        unit = str(rows[0]["unit"]) if rows else ""
        ax.set_ylabel(UNITS.get(unit, unit))
    names = ", ".join(levers) if len(levers) <= 4 else f"{len(levers)} levers"
    figure.suptitle(f"Policy less baseline: {names}")
    what = f"mean of {used} pairs, with its 95% interval" if used > 1 else "one pair"
    small = f"{what}; effect sizes {grade}: not findings{style.scale_note(scale)}"
    style.note(figure, f"{small};\n{definition(known_within)}")
    return figure

"""Average the headline outcomes over replications, with 95% intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hesim.survey.replicate import Replication

COLUMNS = (
    "arm", "outcome", "year", "mean", "low", "high", "replications", "unit", "grade",
)  # fmt: skip
COUNTS = ("wo_to_hbo", "hbo_to_wo", "phd_completions", "phds_in_hbo_within_5y", "second_jobs")
"""Outcomes that are numbers of persons: divided by the scale, so that they read as 1:1."""

GRADES = {
    "turnover_wo": "input",
    "turnover_hbo": "input",
    "second_jobs": "assumed",
    "phd_completions": "input",
}
"""Outcomes that inputs set or nearly set; the others emerge, from a calibrated model or not."""

_T_975 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
          2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086)  # fmt: skip


def t_quantile(freedom: int) -> float:
    """Two-sided 95% quantile of Student's t: printed table to 20, then Cornish-Fisher."""
    if freedom <= len(_T_975):
        return _T_975[freedom - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% interval of the mean; without two values the interval is not a number."""
    mean = float(np.mean(values))
    if values.size < 2:
        return mean, math.nan, math.nan
    half = t_quantile(values.size - 1) * float(np.std(values, ddof=1)) / math.sqrt(values.size)
    return mean, mean - half, mean + half


def summarise(
    replications: list[Replication],
    first_year: int,
    scale: float,
    units: dict[str, str],
    grade: str = "calibrated",
) -> list[dict[str, object]]:
    """Make the rows of summary.csv: each outcome by year and over all years.

    Args:
        replications: What the replications left.
        first_year: Calendar year of the first value.
        scale: `population.scale`; counts are divided by it.
        units: Unit of each outcome.
        grade: Grade of outcomes that emerge.

    Returns:
        Rows with the columns of `COLUMNS`; `year` is `all` for the mean over the years.
    """
    rows: list[dict[str, object]] = []
    for outcome, unit in units.items():
        table = np.array([r.outcomes[outcome] for r in replications])
        if outcome in COUNTS:
            table = table / scale
        years = [(str(first_year + k), table[:, k]) for k in range(table.shape[1])]
        for year, values in [*years, ("all", table.mean(axis=1))]:
            mean, low, high = (round(x, 4) for x in interval(values))
            rows.append(
                {
                    "arm": "baseline", "outcome": outcome, "year": year, "mean": mean,
                    "low": None if math.isnan(low) else low,
                    "high": None if math.isnan(high) else high,
                    "replications": len(replications), "unit": unit,
                    "grade": GRADES.get(outcome, grade),
                }
            )  # fmt: skip
    return rows

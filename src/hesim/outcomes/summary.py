"""Average the headline outcomes over replications, with 95% intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hesim.levers.arms import BASELINE, DIFFERENCE, POLICY, WITHOUT
from hesim.outcomes.registry import OUTCOMES, Outcome

COLUMNS = (
    "arm",
    "outcome",
    "year",
    "mean",
    "low",
    "high",
    "replications",
    "unit",
    "grade",
)
ALL = "all"
"""In the column `year`: the mean over all years."""
IN_FORCE = "in_force"
"""In the column `year`: the mean over the years from the first lever's start."""
ATTRIBUTION = ("mechanism", "outcome", "mean", "low", "high", "unit")
"""Columns of attribution.csv."""


class ArmOutcomes(Protocol):
    """What one arm of a replication left: its outcomes by year, as simulated."""

    @property
    def arm(self) -> str:
        """Name of the arm."""

    @property
    def outcomes(self) -> dict[str, NDArray[np.float64]]:
        """Outcomes by year."""


def t_quantile(freedom: float) -> float:
    """Two-sided 95% quantile of Student's t; the degrees of freedom need not be whole."""
    # Where there is one replication alone, there is no interval, and nothing to wait for.
    from scipy.special import ndtri, stdtrit

    return float(ndtri(0.975) if math.isinf(freedom) else stdtrit(freedom, 0.975))


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% interval of the mean; without two values the interval is not a number."""
    mean = float(np.mean(values))
    if values.size < 2:
        return mean, math.nan, math.nan
    half = t_quantile(values.size - 1) * float(np.std(values, ddof=1)) / math.sqrt(values.size)
    return mean, mean - half, mean + half


def independent_interval(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    """Difference of the means of two independent samples, second less first, with a 95% interval.

    The interval is Welch's: both samples may have spreads and sizes of their own. Without two
    values in each it is not a number.
    """
    mean = float(np.mean(second) - np.mean(first))
    if min(first.size, second.size) < 2:
        return mean, math.nan, math.nan
    parts = [(float(np.var(each, ddof=1)) / each.size, each.size - 1) for each in (first, second)]
    variance = sum(part for part, _ in parts)
    if variance == 0.0:
        return mean, mean, mean
    freedom = variance**2 / sum(part**2 / size for part, size in parts)
    half = t_quantile(freedom) * math.sqrt(variance)
    return mean, mean - half, mean + half


def summarise(
    replications: Sequence[ArmOutcomes],
    first_year: int,
    scale: float,
    grade: str = "",
    calibrated: str = "calibrated",
    before: int = 0,
) -> list[dict[str, object]]:
    """Make the rows of summary.csv: each outcome by year and over all years.

    With a policy each arm has its rows, and so has the arm `difference`: policy less baseline,
    paired by replication.

    Args:
        replications: What the replications left.
        first_year: Calendar year of the first value.
        scale: `population.scale`; counts are divided by it.
        grade: Weakest grade of the levers' dials, in words; for the rows that depend on them.
        calibrated: Grade of what emerges in the baseline: calibrated or uncalibrated.
        before: Years before the first lever starts.

    Returns:
        Rows with the columns of `COLUMNS`; `year` is `all` for the mean over the years. With a
        policy it is also `in_force`, for the mean over the years without the first `before`.
    """
    rows: list[dict[str, object]] = []
    arms = {
        arm: [r.outcomes for r in replications if r.arm == arm]
        for arm in (BASELINE, POLICY)
        if any(r.arm == arm for r in replications)
    }
    for arm in (*arms, DIFFERENCE) if POLICY in arms else arms:
        for outcome in OUTCOMES.values():
            if arm == DIFFERENCE:
                table = _table(arms[POLICY], outcome, scale) - _table(
                    arms[BASELINE], outcome, scale
                )
            else:
                table = _table(arms[arm], outcome, scale)
            emergent = outcome.grade == "emergent"
            of_baseline = calibrated if emergent else outcome.grade
            told = of_baseline if arm == BASELINE else grade
            years = [(str(first_year + k), table[:, k]) for k in range(table.shape[1])]
            years.append((ALL, table.mean(axis=1)))
            if POLICY in arms:
                years.append((IN_FORCE, table[:, before:].mean(axis=1)))
            rows += [_row(arm, outcome, year, values, told) for year, values in years]
    return rows


def mechanism_effects(
    replications: Sequence[ArmOutcomes], scale: float, before: int = 0
) -> list[dict[str, object]]:
    """Say what each mechanism of the policy causes: the policy less the policy without it.

    Mechanisms work together, so that their parts need not add up to the whole.

    Args:
        replications: What the replications of all arms left.
        scale: `population.scale`.
        before: Years before the first lever starts: left out.

    Returns:
        Rows with the columns of `ATTRIBUTION`: means over the years, with 95% intervals.
    """
    whole = [r.outcomes for r in replications if r.arm == POLICY]
    arms = dict.fromkeys(r.arm for r in replications if r.arm.startswith(WITHOUT))
    rows: list[dict[str, object]] = []
    for arm in arms:
        part = [r.outcomes for r in replications if r.arm == arm]
        for outcome in OUTCOMES.values():
            caused = _table(whole, outcome, scale) - _table(part, outcome, scale)
            mean, low, high = (round(x, 4) for x in interval(caused[:, before:].mean(axis=1)))
            rows.append(
                {
                    "mechanism": arm.removeprefix(WITHOUT),
                    "outcome": outcome.name,
                    "mean": mean,
                    "low": None if math.isnan(low) else low,
                    "high": None if math.isnan(high) else high,
                    "unit": outcome.unit,
                }
            )
    return rows


def _table(replications: list[dict[str, np.ndarray]], outcome: Outcome, scale: float) -> np.ndarray:
    """An outcome by replication and year; counts as at full scale."""
    return np.array([each[outcome.name] for each in replications]) / outcome.divisor(scale)


def _row(
    arm: str, outcome: Outcome, year: str, values: np.ndarray, grade: str
) -> dict[str, object]:
    mean, low, high = (round(x, 4) for x in interval(values))
    return {
        "arm": arm,
        "outcome": outcome.name,
        "year": year,
        "mean": mean,
        "low": None if math.isnan(low) else low,
        "high": None if math.isnan(high) else high,
        "replications": values.size,
        "unit": outcome.unit,
        "grade": grade,
    }


def is_year(row: Mapping[str, object]) -> bool:
    """Whether a row of summary.csv holds one year, not a mean over several."""
    return row["year"] not in (ALL, IN_FORCE)

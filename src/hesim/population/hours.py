"""Give weekly hours to the bands of the tables, and say who has which and who leaves with which.

Staff of hbo works more hours than those who enter and those who leave: 18,300 full-time equivalents
in 25,300 persons, against what tables 3.2 and 3.3 say. So small jobs are left sooner. Theory: jobs
of the secondary segment, small ones among them, turn over more (Doeringer and Piore 1971). The
factor on leaving is a closed form of stock, leavers and reasons to leave. Label: derived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.raking import RakingError
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

RARE = 0.002
"""Share of a band of hours that a table has nobody in, where a mean is looked for (assumed): a
survey of some hundred persons does not say that there is nobody."""


def hours_of_band(settings: Settings) -> NDArray[np.uint8]:
    """Weekly hours that stand for each band of tables 3.2 and 3.3, shape (bands,); assumed.

    The last band stands for a full week.
    """
    return np.array(settings["population.hours_of_band"], np.uint8)


def hours_of_group(tables: ReportTables, sector: str, way: str) -> NDArray[np.float64]:
    """Share of each hours band among a sector's entrants (`in`) or leavers (`out`), shape (bands,).

    As tables 3.2 and 3.3 have them: they sum to 1 but for rounding.
    """
    table = "3.2" if (sector == "hbo") == (way == "in") else "3.3"
    shares = tables.shares(table, "weekly_hours", f"{sector}_{way}")
    return np.array([shares[name] for name in c.HOURS_BANDS])


def stock_hours(settings: Settings, tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """Share of each hours band in a sector's staff, shape (bands,), summing to 1; label derived.

    In wo hours go with the role, and most leavers are of the roles that leave soon: there the mean
    of entrants' and leavers' shares stands for staff (tables 3.2 and 3.3). In hbo that mean is
    moved to the full-time equivalents of staff with least change.
    """
    mean = (hours_of_group(tables, sector, "in") + hours_of_group(tables, sector, "out")) / 2
    if sector == "wo":
        return np.asarray(mean / mean.sum())
    values = hours_of_band(settings).astype(np.float64)
    fte = tables.context_value("hbo_teaching_staff")
    persons = settings.number("population.hbo_staff")
    figures = (
        f"{fte:g} fte of hbo's teaching staff (context_facts.csv) in {persons:g} persons "
        "(population.hbo_staff)"
    )
    return _moved_to(mean, values, fte / persons, figures)


def _moved_to(
    hours: NDArray[np.float64], values: NDArray[np.float64], fte: float, figures: str
) -> NDArray[np.float64]:
    """Shares of hours with least change that give so many fte a head.

    Args:
        hours: Share of each band, in any unit, shape (bands,).
        values: Weekly hours of each band; the last is a full week.
        fte: Full-time equivalents a head.
        figures: The figures that say so, in words.

    Raises:
        Contradiction: When no mix of the bands gives them.
    """
    week = fte * values[-1]
    if not values.min() < week < values.max():
        raise Contradiction(
            f"{figures} are a mean of {week:.4g} hours a week, which the bands of hours do not "
            f"give: {values.min():g} to {values.max():g} hours"
        )
    return tilted(np.where(hours > 0.0, hours / hours.sum(), RARE), values, week)


LEAST_FACTOR = 0.05
"""Least factor of a band of hours: a table in which few leave with these hours is a sample."""
WHATEVER_HOURS = (
    "early_retirement",
    "retirement",
    "disabled_full",
    "disabled_part_lost_job",
    "disabled_part_kept_job",
)
"""Reasons of table 2.2 for which people leave alike with many hours and with few (assumed)."""


def factor_of_hours(settings: Settings, tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """How much more readily staff leaves by its hours, shape (bands,), 1 on average; label derived.

    With stock shares s, leavers' shares l and the part w that leaves whatever its hours (table
    2.2), l = s x (w + (1 - w) x factor). Where fewer leave with some hours than this part alone
    would, `LEAST_FACTOR` counts. Ones in wo, where hours go with the role.
    """
    stock = stock_hours(settings, tables, sector)
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    whole = max(sum(reasons.values()), 1e-9)
    rest = 1.0 - sum(reasons.get(name, 0.0) for name in WHATEVER_HOURS) / whole
    if rest <= 0.0 or sector == "wo":
        return np.ones(stock.size)
    leavers = hours_of_group(tables, sector, "out")
    factor = (leavers / leavers.sum() / stock - (1.0 - rest)) / rest
    factor = np.maximum(factor, LEAST_FACTOR)
    return np.asarray(factor / (stock @ factor))


def tilted(
    shares: NDArray[np.float64], values: NDArray[np.float64], mean: float
) -> NDArray[np.float64]:
    """Move shares to a mean with least change (exponential tilting, as raking does for margins).

    Args:
        shares: Shares by class, not negative.
        values: Value of each class.
        mean: Mean wanted, strictly between the values of the lowest and highest class in use.

    Returns:
        Shares proportional to `shares` x exp(t x `values`), summing to 1, with that mean.

    Raises:
        RakingError: When no tilt of these classes has the mean.
    """
    used = values[shares > 0].astype(np.float64)
    if used.size == 0 or not used.min() < mean < used.max():
        raise RakingError(f"no shares of {values.tolist()} have a mean of {mean:.6g}")
    # The mean rises with the tilt, so halving the interval finds it; exponents stay bounded.
    low, high = -50.0, 50.0
    spread = (values - mean) / (used.max() - used.min())
    for _ in range(200):
        tilt = (low + high) / 2
        weights = shares * np.exp(tilt * spread)
        weights /= weights.sum()
        low, high = (tilt, high) if weights @ values < mean else (low, tilt)
    if abs(weights @ values - mean) > 1e-6 * (used.max() - used.min()):
        raise RakingError(f"a mean of {mean:.6g} lies too near the end of {values.tolist()}")
    return np.asarray(weights)


def lector_hours(
    settings: Settings, tables: ReportTables, hours: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of each hours band among lectoren, shape (bands,); label derived.

    Their mean is their full-time equivalents over their number (563 persons hold 305 fte), times a
    full week; within that, the shares stay as near to those of hbo as they can.

    Args:
        settings: `population.lector_fte` and the hours of the bands.
        tables: Number of lectoren, in the context facts.
        hours: Share of each hours band in hbo, shape (bands,).

    Raises:
        Contradiction: When no mix of the bands gives that mean.
    """
    values = hours_of_band(settings).astype(np.float64)
    fte, persons = settings.number("population.lector_fte"), tables.context_value("lectoren")
    figures = (
        f"{persons:g} lectoren (context_facts.csv) and {fte:g} fte of them (population.lector_fte)"
    )
    return _moved_to(hours, values, fte / persons, figures)

"""Give weekly hours to the bands of the tables, and to lectoren their share of posts."""

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
"""Share of a band of hours that a table has nobody in, where lectoren are looked for (assumed): a
survey of some hundred persons does not say that there is nobody."""


def hours_of_band(settings: Settings) -> NDArray[np.uint8]:
    """Weekly hours that stand for each band of tables 3.2 and 3.3, shape (bands,); assumed.

    The last band stands for a full week.
    """
    return np.array(settings["population.hours_of_band"], np.uint8)


def stock_hours(tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """Share of each hours band in a sector's staff, shape (bands,), summing to 1; label derived.

    In hbo no rule lets some hours leave sooner than others, so staff has the leavers' (table 3.3).
    In wo hours go with the role, and most leavers are of the roles that leave soon: there the mean
    of entrants' and leavers' shares stands for staff (tables 3.2 and 3.3).
    """
    given = [("3.3", "hbo_out")] if sector == "hbo" else [("3.3", "wo_in"), ("3.2", "wo_out")]
    parts = [tables.shares(table, "weekly_hours", group) for table, group in given]
    mean = np.array([sum(part[name] for part in parts) / len(parts) for name in c.HOURS_BANDS])
    return np.asarray(mean / mean.sum())


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
    mean = fte / persons * values[-1]
    if not values.min() < mean < values.max():
        raise Contradiction(
            f"{persons:g} lectoren (context_facts.csv) and {fte:g} fte of them "
            f"(population.lector_fte) are a mean of {mean:.4g} hours a week, which the bands of "
            f"hours do not give: {values.min():g} to {values.max():g}"
        )
    return tilted(np.where(hours > 0.0, hours / hours.sum(), RARE), values, mean)

"""Derive a stock's age distribution from its entrants and leavers, by stationarity.

In a stationary stock the persons alive at age a are those who entered before a less those who
left before a. The report publishes both by age band (tables 3.2 and 3.3), not the stock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.tables import ReportTables

YOUNGEST, OLDEST = 20, 65
"""Ends of the axis of age, in years: the first year of age and the year after the last."""

_BAND_LIMITS = (YOUNGEST, *c.AGE_EDGES, OLDEST)


def age_flow(shares: dict[str, float]) -> NDArray[np.float64]:
    """Spread band shares evenly over single years of age.

    Args:
        shares: Share by age band (table 3.2 or 3.3).

    Returns:
        Share by year of age from `YOUNGEST` to `OLDEST` - 1, summing to 1.
    """
    flow = np.zeros(OLDEST - YOUNGEST)
    for band, low, high in zip(c.AGE_BANDS, _BAND_LIMITS[:-1], _BAND_LIMITS[1:], strict=True):
        flow[low - YOUNGEST : high - YOUNGEST] = shares.get(band, 0.0) / (high - low)
    return flow / flow.sum()


def stationary_ages(tables: ReportTables, sector: str, early_from: int) -> NDArray[np.float64]:
    """Share of a sector's stock at each year of age; label derived.

    Args:
        tables: The report's tables.
        sector: `hbo` or `wo`.
        early_from: Age in years from which staff may retire early.

    Returns:
        Shares by year of age from `YOUNGEST`, summing to 1, never negative (a band where leavers
        outnumber all earlier entrants is a contradiction of the sample and is cut at zero).
    """
    incoming, outgoing = ("3.2", "3.3") if sector == "hbo" else ("3.3", "3.2")
    arrivals = age_flow(tables.shares(incoming, "age", f"{sector}_in"))
    leavers = age_flow(tables.shares(outgoing, "age", f"{sector}_out"))
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    old = c.AGE_EDGES[-1] - YOUNGEST
    early, normal = reasons.get("early_retirement", 0.0), reasons.get("retirement", 0.0)
    others = max(leavers[old:].sum() - early - normal, 0.0)
    leavers[old:] = others / (OLDEST - c.AGE_EDGES[-1])
    leavers[early_from - YOUNGEST :] += early / (OLDEST - early_from)
    leavers[-1] += normal
    stock = np.maximum(np.cumsum(arrivals) - np.cumsum(leavers), 0.0)
    stock[-1] += normal
    if not stock.sum() > 0.0:
        raise Contradiction(f"{sector}: nobody would be left: {ages_of_movers(tables, sector)}")
    return np.asarray(stock / stock.sum())


def ages_of_movers(tables: ReportTables, sector: str) -> str:
    """Say up to which age leavers exceed entrants most, or fall least short of them."""
    incoming, outgoing = ("3.2", "3.3") if sector == "hbo" else ("3.3", "3.2")
    arrivals, leavers = (
        np.cumsum([tables.shares(table, "age", f"{sector}_{way}").get(n, 0.0) for n in c.AGE_BANDS])
        for table, way in ((incoming, "in"), (outgoing, "out"))
    )
    at = int((leavers - arrivals)[:-1].argmax())
    return (
        f"under {c.AGE_EDGES[at]} are {100.0 * float(arrivals[at]):.3g}% of entrants (table "
        f"{incoming}) and {100.0 * float(leavers[at]):.3g}% of leavers (table {outgoing})"
    )


def early_retirement_hazard(tables: ReportTables, sector: str, early_from: int) -> float:
    """Yearly hazard of early retirement that splits early and normal as table 2.2 does.

    Of those who reach `early_from` (years of age), the share early / (early + normal) must have
    gone before the pension age: constant hazard over the years between; label derived.
    """
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    early, normal = reasons.get("early_retirement", 0.0), reasons.get("retirement", 0.0)
    # Where nobody was asked who retired at the usual age, there may be some: half a respondent.
    normal = normal or 0.5 / tables.n("2.2", f"{sector}_out", "exit_reason")
    return float(-np.log(normal / (early + normal)) / (OLDEST - early_from))

"""Say how fast figures of a run drift over its years (`check=true`).

A trend is the slope of a line through the logarithms of yearly figures, in percent a year, of all
replications together. Its error is what years differ by around the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hesim.outcomes.bars import TREND, Bar

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.record.run_folder import Run

HEADING = "how fast the world drifts"
FIRST = 2012
"""Year from which figures are compared: until then hbo grows as published."""
LEAST = 4
"""Years that a trend needs at least."""
MANY = 500
"""Leavers a year, at full scale, from which on a role's turnover has a line of its own."""
INSIDE = ("hbo", "wo")


class Trend(NamedTuple):
    """A trend, in percent a year.

    Attributes:
        slope: What the line rises by.
        error: Half the 95% interval of it.
    """

    slope: float
    error: float


def trend(of_year: pd.Series[float]) -> Trend:
    """Fit a line through the logarithms of yearly figures, which are above 0.

    Args:
        of_year: Figures by calendar year, at least three.
    """
    from scipy.stats import linregress
    from scipy.stats import t as student

    line = linregress(np.asarray(of_year.index, float), np.log(of_year.to_numpy(float)))
    wide = float(student.ppf(0.975, len(of_year) - 2))
    return Trend(100.0 * float(line.slope), 100.0 * wide * float(line.stderr))


def trends(run: Run, settings: Settings) -> Iterator[tuple[Bar, float]]:
    """Yield each line: what it has to be, and what it is.

    Args:
        run: The run.
        settings: Its settings.
    """
    movers = run.movers
    year = movers["month"].astype(str).str[:4].astype(int)
    out = movers["group"].isin([f"{sector}_out" for sector in INSIDE])
    stocks = run.stocks
    inside, when = stocks["sector"].isin(INSIDE), stocks["month"].astype(str).str[:4].astype(int)
    persons = stocks["persons"].astype(float)
    figures: dict[str, pd.Series[float]] = {
        "wo's leavers": year[movers["group"] == "wo_out"].value_counts().astype(float),
        "crossings": year[out & (movers["crossing"] != "")].value_counts().astype(float),
        "people outside": persons[~inside].groupby(when[~inside]).sum(),
    }
    for name, of_year in figures.items():
        found = _from_first(of_year)
        if found is not None:
            yield _bar(name, found), found.slope
    full = settings.number("population.scale") * stocks["replication"].nunique()
    role = stocks["role"][inside].astype(str)
    staff = persons[inside].groupby([role, when[inside]]).sum().unstack() / 12.0
    left = year[out].groupby(movers["origin_role"][out].astype(str)).value_counts().unstack()
    for role_left, leavers in left.iterrows():
        if role_left not in staff.index or float(leavers.mean()) / full <= MANY:
            continue
        found = _from_first(leavers.astype(float) / staff.T[role_left])
        if found is not None:
            # A drift that chance alone may make is none.
            least = max(TREND.high, round(found.error, 1))
            yield Bar(_bar(f"{role_left}, turnover", found).name, -least, least), found.slope


def _from_first(of_year: pd.Series[float]) -> Trend | None:
    """The trend from the first year that counts; None where there are too few years."""
    kept = of_year[(of_year.index >= FIRST) & (of_year > 0)].sort_index()
    return trend(kept) if len(kept) >= LEAST else None


def _bar(name: str, found: Trend) -> Bar:
    return TREND._replace(name=f"{name}: {TREND.name}, +-{found.error:.1f}")

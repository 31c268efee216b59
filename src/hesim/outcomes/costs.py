"""Outcomes about what levers take: money, working days, and money that only moves.

Accounts read as at full scale already. Other counts are as simulated and are divided by the scale
later, so these are multiplied by it first.
"""

from __future__ import annotations

import numpy as np

from hesim.outcomes.evidence import Evidence, Floats


def lever_cost(e: Evidence) -> Floats:
    """Euros a year, working days priced, without transfers."""
    return _by_year(e, ("cost",), transfer=False)


def lever_cost_low(e: Evidence) -> Floats:
    """The same, with each item at the lower end of its 90% range."""
    return _by_year(e, ("cost_low",), transfer=False)


def lever_cost_high(e: Evidence) -> Floats:
    """The same, with each item at the upper end of its 90% range."""
    return _by_year(e, ("cost_high",), transfer=False)


def lever_days(e: Evidence) -> Floats:
    """Working days a year of who takes part and of others."""
    return _by_year(e, ("days", "host_days"), transfer=False)


def lever_transfers(e: Evidence) -> Floats:
    """Euros a year that move from one party to another and use no resources."""
    return _by_year(e, ("cost",), transfer=True)


def _by_year(e: Evidence, columns: tuple[str, ...], transfer: bool) -> Floats:
    # Imported late: who reads what runs left needs no compiled levers.
    from hesim.levers.policy import Levers

    found = np.zeros(e.years)
    policy = e.model.policy
    if not isinstance(policy, Levers):
        return found
    scale = e.model.settings.number("population.scale")
    for row in policy.accounts.costs(list(policy.register.values()), scale, 0):
        year = int(str(row["year"]))
        if row["transfer"] is transfer and year < e.years:
            found[year] += scale * sum(float(str(row[column])) for column in columns)
    return found

"""Compute who goes between hbo and wo, how many come and go, and who finds no work."""

from __future__ import annotations

import numpy as np

from hesim import categories as c
from hesim.outcomes.evidence import MONTHS, Evidence, Flags, Floats, percent
from hesim.survey.crossings import CODES, FROM_JOB
from hesim.survey.movers import RETIRED_OR_DISABLED

HALF_A_YEAR = 6
"""Months."""


def wo_to_hbo(e: Evidence) -> Floats:
    """Persons who cross from wo to hbo, by year of joining: on both ways of `crossings`."""
    return e.count_movers(_crosses(e, "wo_to_hbo") & e.group("hbo_in"))


def hbo_to_wo(e: Evidence) -> Floats:
    """Persons who cross from hbo to wo, by year of joining: on both ways of `crossings`."""
    return e.count_movers(_crosses(e, "hbo_to_wo") & e.group("wo_in"))


def wo_to_hbo_direct(e: Evidence) -> Floats:
    """Those who cross from wo to hbo and go from job to job."""
    return e.count_movers(_crosses(e, "wo_to_hbo") & e.group("hbo_in") & _directly(e))


def hbo_to_wo_direct(e: Evidence) -> Floats:
    """Those who cross from hbo to wo and go from job to job."""
    return e.count_movers(_crosses(e, "hbo_to_wo") & e.group("wo_in") & _directly(e))


def _crosses(e: Evidence, name: str) -> Flags:
    return np.asarray(e.movers.crossing == CODES.index(name))


def _directly(e: Evidence) -> Flags:
    return np.asarray(e.movers.way == FROM_JOB)


def hbo_inflow_from_wo(e: Evidence) -> Floats:
    """Share of hbo's entrants who cross from wo."""
    return percent(wo_to_hbo(e), e.count_movers(e.group("hbo_in")))


def wo_outflow_to_hbo(e: Evidence) -> Floats:
    """Share of wo's leavers who cross to hbo, by year of leaving."""
    leavers = e.group("wo_out")
    return percent(e.count_movers(leavers & _crosses(e, "wo_to_hbo")), e.count_movers(leavers))


def turnover_wo(e: Evidence) -> Floats:
    """Mean of wo's entrants and leavers, in percent of its staff."""
    return _turnover(e, "wo", c.WO)


def turnover_hbo(e: Evidence) -> Floats:
    """Mean of hbo's entrants and leavers, in percent of its staff."""
    return _turnover(e, "hbo", c.HBO)


def _turnover(e: Evidence, name: str, sector: int) -> Floats:
    entrants = e.count_movers(e.group(f"{name}_in"))
    leavers = e.count_movers(e.group(f"{name}_out"))
    return percent((entrants + leavers) / 2, e.staff[:, sector])


def wo_jobless_6m(e: Evidence) -> Floats:
    """Share of wo's leavers who have no job in the model half a year after leaving.

    Who retires or becomes disabled does not count, nor does who left in the last half year of the
    run: nobody knows yet what becomes of them.
    """
    ledger, spell = e.model.ledger, e.movers.spell
    left, joined = ledger.m_left[spell], ledger.m_joined[spell]
    leavers = e.group("wo_out") & (e.movers.band["exit_reason"] >= RETIRED_OR_DISABLED)
    leavers &= e.movers.month < MONTHS * e.years - HALF_A_YEAR
    jobless = leavers & ((joined < 0) | (joined - left > HALF_A_YEAR))
    return percent(e.count_movers(jobless), e.count_movers(leavers))

"""Compute what becomes of PhDs: defences, staff with a PhD in hbo, and the way from wo to hbo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.outcomes.evidence import MONTHS, Evidence, Floats, percent

LONG = 1 << 17
"""More months than any run has, before and after the first one together."""
FIVE_YEARS = 60
"""Months."""


def hbo_phd_share(e: Evidence) -> Floats:
    """Share of hbo's staff who hold a PhD, in the last month of the year."""
    return percent(e.doctors_at_end, e.staff_at_end)


def hbo_master_share(e: Evidence) -> Floats:
    """Share of hbo's staff who hold a master or a PhD, in the last month of the year."""
    return percent(e.masters_at_end, e.staff_at_end)


def phd_completions(e: Evidence) -> Floats:
    """Persons who defend their thesis."""
    defences = e.model.recorder.defences
    month = np.array(list(defences), np.int64)
    number = np.array(list(defences.values()), np.int64)
    return e.by_year(np.ones(month.size, bool), month, number)


def phds_in_hbo_within_5y(e: Evidence) -> Floats:
    """Persons with a PhD who reach hbo within five years of leaving wo, on whatever way.

    Each person counts once, at the first time that hbo is joined so; the last leaving of wo before
    that counts.
    """
    ledger, used = e.model.ledger, int(e.model.ledger.used[1])
    sector = np.append(e.model.employers.sector, c.NO_JOB).astype(np.int64)
    left = ledger.m_left[:used].astype(np.int64)
    joined = ledger.m_joined[:used].astype(np.int64)
    doctor = (ledger.m_education_left[:used] == c.PHD) & (sector[ledger.m_from[:used]] == c.WO)
    arrived = (sector[ledger.m_to[:used]] == c.HBO) & (joined >= 0)
    arrived &= joined < MONTHS * e.years
    # Of the others nothing is asked, and telling persons apart takes the most time here.
    either = np.flatnonzero(doctor | arrived)
    left, joined = left[either], joined[either]
    doctor, arrived = doctor[either], arrived[either]
    _, person = np.unique(ledger.m_person[either], return_inverse=True)

    def moments(month: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whole numbers in the order of persons, then months."""
        return np.asarray(person * LONG + month + LONG // 2)

    leavings = np.sort(moments(left)[doctor])
    arrivals = np.sort(moments(joined)[arrived])
    if leavings.size == 0:
        return np.zeros(e.years)
    before = np.searchsorted(leavings, arrivals, side="right") - 1
    waited = np.where(before >= 0, arrivals - leavings[before], LONG)
    soon = arrivals[waited <= FIVE_YEARS]
    _, first = np.unique(soon // LONG, return_index=True)
    month = soon[first] % LONG - LONG // 2
    return e.by_year(np.ones(month.size, bool), month)

"""Expose people to the push items of table 3.5 and decide who starts to search.

Theory: dissatisfaction as a driver of on-the-job search. Each item is a bit: a keyed draw of the
person and the spell against a prevalence that depends on sector, role and contract. Prevalence is
`push.prevalence` times the pooled agreement of those who left (prior), tilted by sector (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.careers import CareerRates, renewal_offered
from hesim.population.persons import Columns
from hesim.random import uniform2

IDLE, ON_THE_JOB, ENDING, JOBLESS = range(4)


class PushRates(NamedTuple):
    """Numbers of the push rules; see `conf/model/push.yaml`.

    Attributes:
        prevalence: Chance of each item by sector kind (hbo, wo, outside), shape (3, items).
        weight: Log-odds that each item adds to the monthly start of a search.
        base: Log-odds of a start without push items, by role.
        temporary: Log-odds added by a temporary contract.
        per_tenure_decade: Log-odds added by ten years of tenure.
        stop: Monthly chance that a search on the job ends.
        window: Months before contract end in which people look around.
        ending: Monthly chance to start then.
        offered: The same for those whom the employer means to keep.
        jobless: Chance that a jobless person looks this month.
    """

    prevalence: NDArray[np.float64]
    weight: NDArray[np.float64]
    base: NDArray[np.float64]
    temporary: float
    per_tenure_decade: float
    stop: float
    window: int
    ending: float
    offered: float
    jobless: float


@njit(cache=True)
def draw_exposure(
    identity: np.uint64, spell: int, prevalence: NDArray[np.float64], key: np.uint64
) -> np.uint64:
    """Draw the push bits of one person in one spell (one spell: a year with an employer)."""
    bits = np.uint64(0)
    for item in range(prevalence.size):
        if item % 2 == 0:
            first, second = uniform2(key, identity, np.uint32(spell), np.uint32(item))
        draw = first if item % 2 == 0 else second
        if draw < prevalence[item]:
            bits |= np.uint64(1) << np.uint64(item)
    return bits


@njit(cache=True)
def push_events(
    p: Columns,
    sector_of: NDArray[np.int8],
    month: int,
    rates: PushRates,
    key: np.uint64,
    exposure_key: np.uint64,
    careers: CareerRates,
    renewal_key: np.uint64,
    seekers: NDArray[np.int64],
) -> int:
    """Refresh exposures, start and stop searches; list the seekers and return their number."""
    count = 0
    for i in range(p.id.size):
        if p.present[i] == 0:
            continue
        first, second = uniform2(key, p.id[i], np.uint32(month + 1000), np.uint32(0))
        employer = p.employer[i]
        if employer < 0:
            if p.search[i] != JOBLESS:
                p.search[i], p.search_since[i] = JOBLESS, month
            if first < rates.jobless:
                seekers[count] = i
                count += 1
            continue
        kind = min(sector_of[employer], 2)
        tenure = month - p.since[i]
        if p.exposure[i] == 0 or tenure % 12 == 0:
            spell = employer * 64 + min(max(tenure, 0) // 12, 63)
            p.exposure[i] = draw_exposure(p.id[i], spell, rates.prevalence[kind], exposure_key)
            p.exposure[i] |= np.uint64(1) << np.uint64(63)
        if p.search[i] == JOBLESS:
            p.search[i] = IDLE
        left = p.ends[i] - month
        if kind <= 1 and left <= rates.window and p.contract[i] != 0:
            if p.search[i] != ENDING:
                kept = p.role[i] != 0 and renewal_offered(p, i, kind, careers, renewal_key)
                if second < (rates.offered if kept else rates.ending):
                    p.search[i], p.search_since[i] = ENDING, month
        elif p.search[i] == ENDING:
            p.search[i] = IDLE
        if p.search[i] == IDLE:
            odds = rates.base[p.role[i]] + rates.per_tenure_decade * tenure / 120.0
            if p.contract[i] != 0:
                odds += rates.temporary
            for item in range(rates.weight.size):
                if (p.exposure[i] >> np.uint64(item)) & np.uint64(1):
                    odds += rates.weight[item]
            if first < 1.0 / (1.0 + np.exp(-odds)):
                p.search[i], p.search_since[i] = ON_THE_JOB, month
        elif p.search[i] == ON_THE_JOB and first < rates.stop:
            p.search[i] = IDLE
        if p.search[i] != IDLE:
            seekers[count] = i
            count += 1
    return count

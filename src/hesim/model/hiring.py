"""Rank applicants and match them to vacancies by deferred acceptance.

Theory: two-sided matching (Gale and Shapley 1962, hospital-resident form with one post each):
applicants propose in the order of their own utility, vacancies hold the best so far. The result is
stable. Ranking: level, field, seniority, practice experience (hbo), research record (wo, research,
umc), above a minimum standard: assumed weights.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.market import Vacancies
from hesim.model.policy import RankShift
from hesim.model.search import Applications, Places
from hesim.population.persons import Columns
from hesim.random import BATCH, box_muller, draw_batch, join, moment

REFUSED = -np.inf
"""Score of an applicant whom the employer would not take even if nobody else came."""
HBO, WO, RESEARCH, UMC = c.HBO, c.WO, c.RESEARCH, c.UMC


class HiringRates(NamedTuple):
    """Weights of the ranking; see `conf/model/hiring.yaml`.

    Attributes:
        level: Points when the level asked is met exactly.
        overqualified: Points off for each level above it.
        field: Points for working in the vacancy's field now.
        seniority: Points off for each band of experience off.
        practice: Points for `practice_full` months outside, in hbo.
        research: Points for `research_full` months in hbo and wo: in wo, in research and in umc.
        practice_full: Months of practice from which more adds nothing.
        research_full: Months of academic work from which more adds nothing.
        noise: Standard deviation of what employers see and the model does not.
        standard: Points that hbo, wo and outside ask at least, shape (3,).
        bands: Months at which a higher band of experience begins, shape (2,).
    """

    level: float
    overqualified: float
    field: float
    seniority: float
    practice: float
    research: float
    practice_full: float
    research_full: float
    noise: float
    standard: NDArray[np.float64]
    bands: NDArray[np.int64]


@njit(cache=True)
def _draw_noise(
    p: Columns, v: Vacancies, a: Applications, count: int, key: np.uint64,
    noise: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write one standard normal for each application, a batch at a time."""
    at_first, at_second = moment(key, 0, 0), moment(key, 0, 1)
    pairs, second = np.empty(BATCH, np.uint64), np.empty(BATCH)
    for start in range(0, count, BATCH):
        here = noise[start : min(start + BATCH, count)]
        for k in range(here.size):
            pairs[k] = join(p.id[a.seeker[start + k]], v.id[a.vacancy[start + k]])
        draw_batch(at_first, pairs[: here.size], here)
        draw_batch(at_second, pairs[: here.size], second)
        for k in range(here.size):
            here[k] = box_muller(here[k], second[k])


@njit(cache=True)
def rank_applicants(
    p: Columns,
    v: Vacancies,
    applications: Applications,
    count: int,
    places: Places,
    rates: HiringRates,
    shift: RankShift,
    key: np.uint64,
    score: NDArray[np.float64],
) -> None:
    """Write each application's score by the employer into `score`; `REFUSED` below the standard.

    What the employer sees and the model does not is one draw for person and vacancy: who was
    refused is refused again.
    """
    # The noise stands where the score will, so that it needs no room of its own.
    _draw_noise(p, v, applications, count, key, score)
    for a in range(count):
        i, k = applications.seeker[a], applications.vacancy[a]
        over = int(p.education[i]) - int(v.level[k])
        points = -rates.overqualified * over if over > 0 else 0.0
        if over == 0:
            points += rates.level
        if p.field[i] == v.field[k]:
            points += rates.field
        worked = p.practice[i] + p.academic[i]
        band = int(worked >= rates.bands[0]) + int(worked >= rates.bands[1])
        points -= rates.seniority * abs(band - int(v.seniority[k]))
        hirer, own = v.employer[k], p.employer[i]
        sector = places.sector_of[hirer]
        if sector == HBO:
            practice = rates.practice * min(p.practice[i] / rates.practice_full, 1.0)
            points += practice * shift.asked[hirer]
        elif sector in (WO, RESEARCH, UMC):
            research = rates.research * min(p.academic[i] / rates.research_full, 1.0)
            points += research * shift.asked[hirer]
        if own >= 0 and places.sector_of[own] <= WO:
            if places.sector_of[own] + sector == HBO + WO:
                points += shift.crosser[hirer]
            if places.partner[own, hirer] == 1:
                points += shift.partner[hirer]
            if places.region_of[own] == places.region_of[hirer]:
                points += shift.near[hirer]
        if p.education[i] == c.PHD:
            points += shift.doctor[hirer]
        elif p.education[i] == c.MASTER:
            points += shift.master[hirer]
        points += rates.noise * score[a]
        score[a] = points if points >= rates.standard[min(sector, 2)] else REFUSED


@njit(cache=True)
def deferred_acceptance(
    seeker: NDArray[np.int64],
    vacancy: NDArray[np.int64],
    score: NDArray[np.float64],
    vacancies: int,
) -> NDArray[np.int64]:
    """Match applicants to vacancies of one post each.

    Args:
        seeker: Applicant of each application; the applications of one stand together, best first.
        vacancy: Vacancy of each application.
        score: What the employer thinks of the applicant; distinct within a vacancy, or `REFUSED`.
        vacancies: Number of vacancies.

    Returns:
        For each vacancy the application that is accepted, or -1, int64.
    """
    held = np.full(vacancies, -1, np.int64)
    count = seeker.size
    waiting = np.empty(count, np.int64)
    number = 0
    for a in range(count):
        if a == 0 or seeker[a] != seeker[a - 1]:
            waiting[number] = a
            number += 1
    while number > 0:
        number -= 1
        a = waiting[number]
        while True:
            k = vacancy[a]
            holder = held[k]
            refused = a
            if score[a] > (score[holder] if holder >= 0 else REFUSED):
                held[k] = a
                if holder < 0:
                    break
                refused = holder
            following = refused + 1
            if following >= count or seeker[following] != seeker[refused]:
                break
            a = following
    return held

"""Rank applicants and match them to vacancies by deferred acceptance.

Theory: two-sided matching (Gale and Shapley 1962, hospital-resident form with one post each):
applicants propose in the order of their own utility, vacancies hold the best so far. The result is
stable. Ranking: level, seniority, practice experience (hbo), research record (wo): assumed weights.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.market import Vacancies
from hesim.model.search import Applications
from hesim.population.persons import Columns
from hesim.random import join, normal


class HiringRates(NamedTuple):
    """Weights of the ranking; see `conf/model/hiring.yaml`."""

    level: float
    overqualified: float
    seniority: float
    practice: float
    research: float
    noise: float


@njit(cache=True)
def rank_applicants(
    p: Columns,
    v: Vacancies,
    applications: Applications,
    count: int,
    sector_of: NDArray[np.int8],
    month: int,
    rates: HiringRates,
    key: np.uint64,
    score: NDArray[np.float64],
) -> None:
    """Write each application's score by the employer into `score`."""
    for a in range(count):
        i, k = applications.seeker[a], applications.vacancy[a]
        over = int(p.education[i]) - int(v.level[k])
        points = -rates.overqualified * over if over > 0 else 0.0
        if over == 0:
            points += rates.level
        worked = p.practice[i] + p.academic[i]
        band = 0 if worked < 120 else (1 if worked < 240 else 2)
        points -= rates.seniority * abs(band - int(v.seniority[k]))
        sector = sector_of[v.employer[k]]
        if sector == 0:
            points += rates.practice * min(p.practice[i] / 120.0, 1.0)
        elif sector == 1:
            points += rates.research * min(p.academic[i] / 60.0, 1.0)
        pair = join(p.id[i], v.id[k])
        points += rates.noise * normal(key, pair, np.uint32(month), np.uint32(0))
        score[a] = points


@njit(cache=True)
def deferred_acceptance(
    seeker: NDArray[np.int64],
    vacancy: NDArray[np.int64],
    utility: NDArray[np.float64],
    score: NDArray[np.float64],
    vacancies: int,
) -> NDArray[np.int64]:
    """Match applicants to vacancies of one post each.

    Args:
        seeker: Applicant of each application; the applications of one stand together, best first.
        vacancy: Vacancy of each application.
        utility: What the applicant gains; falls within one applicant.
        score: What the employer thinks of the applicant; distinct within a vacancy.
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
            if holder < 0:
                held[k] = a
                break
            refused = a
            if score[a] > score[holder]:
                held[k] = a
                refused = holder
            following = refused + 1
            if following >= count or seeker[following] != seeker[refused]:
                break
            a = following
    return held

"""Rank applicants and match them to vacancies by deferred acceptance.

Theory: two-sided matching (Gale and Shapley 1962, hospital-resident form with one post each):
applicants propose in the order of their own utility, vacancies hold the best so far. The result is
stable. Ranking: level, field, seniority, practice experience (hbo), research record (wo), above a
minimum standard: assumed weights. Who does not meet what a post asks is refused whatever the points
(`requirements`); of practice and research only what is beyond it gives points. Who is offered a job
outside is ranked by nobody (`outside_offers`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.geography import Geography
from hesim.model.market import Vacancies
from hesim.model.policy import RankShift
from hesim.model.requirements import PRACTICE, Background, Thresholds, unmet
from hesim.model.requirements import RESEARCH as RECORD
from hesim.model.search import Applications
from hesim.population.persons import Columns
from hesim.random import BATCH, box_muller, draw_batch, join, moment, normal

REFUSED = -np.inf
"""Score of an applicant whom the employer would not take even if nobody else came."""
HBO, WO = c.HBO, c.WO


class Weights(NamedTuple):
    """Weights of the ranking; see `conf/model/hiring.yaml`.

    Attributes:
        level: Points when the level asked is met exactly.
        overqualified: Points off for each level above it.
        field: Points for working in the vacancy's field now.
        seniority: Points off for each band of experience off.
        practice: Points for `practice_full` months outside, in hbo.
        research: Points for `research_full` months in hbo and wo, in wo.
        practice_full: Months of practice from which more adds nothing.
        research_full: Months of academic work from which more adds nothing.
    """

    level: float
    overqualified: float
    field: float
    seniority: float
    practice: float
    research: float
    practice_full: float
    research_full: float


class HiringRates(NamedTuple):
    """Numbers of the ranking; see `conf/model/hiring.yaml`.

    Attributes:
        weights: What counts how much.
        noise: Standard deviation of what employers see and the model does not.
        standard: Points that hbo and wo ask at least, shape (2,).
        bands: Months at which a higher band of experience begins, shape (2,).
        thresholds: What meets the conditions of a post.
    """

    weights: Weights
    noise: float
    standard: NDArray[np.float64]
    bands: NDArray[np.int64]
    thresholds: Thresholds


@compiled
def best_noise(first: float, pair: np.uint64, posts: int, month: int, key: np.uint64) -> float:
    """The best of what employers see when an application stands for several posts.

    Args:
        first: What the first employer sees.
        pair: Identity of person and vacancy.
        posts: Posts for which the application stands.
        month: Month number: further posts are others each month.
        key: Stream key.
    """
    best = first
    for post in range(1, posts):
        best = max(best, normal(key, pair, month, post))
    return best


@compiled
def _draw_noise(
    p: Columns,
    v: Vacancies,
    a: Applications,
    month: int,
    key: np.uint64,
    noise: NDArray[np.float64],
) -> None:
    """Write one standard normal for each application, a batch at a time."""
    count, at_first, at_second = a.seeker.size, moment(key, 0, 0), moment(key, 0, 1)
    pairs, second = np.empty(BATCH, np.uint64), np.empty(BATCH)
    for start in range(0, count, BATCH):
        here = noise[start : min(start + BATCH, count)]
        for k in range(here.size):
            pairs[k] = join(p.id[a.seeker[start + k]], v.id[a.vacancy[start + k]])
        draw_batch(at_first, pairs[: here.size], here)
        draw_batch(at_second, pairs[: here.size], second)
        for k in range(here.size):
            here[k] = box_muller(here[k], second[k])
            if a.posts[start + k] > 1:
                here[k] = best_noise(here[k], pairs[k], a.posts[start + k], month, key)


class Fit(NamedTuple):
    """What an employer compares: one applicant beside one vacancy.

    Attributes:
        sector: Sector of the employer.
        over: Levels of education above the one asked; negative below it.
        same_field: Whether the applicant works in the vacancy's field now.
        bands_off: Bands of experience above or below the one wanted.
        practice: Months outside academia, beyond what the post asks.
        academic: Months in hbo and wo, beyond what the post asks.
        crosses: Whether the applicant comes from the other sector of hbo and wo.
        partner: Whether the applicant comes from hbo or wo, from a partner.
        near: Whether the applicant comes from hbo or wo in the employer's region.
        education: Highest education.
    """

    sector: int
    over: np.int64
    same_field: bool
    bands_off: np.int64
    practice: int
    academic: int
    crosses: bool
    partner: bool
    near: bool
    education: int


class Favour(NamedTuple):
    """What policy makes an employer favour: one row of `policy.RankShift`."""

    partner: float
    crosser: float
    near: float
    doctor: float
    master: float
    asked: float


class Points(NamedTuple):
    """What speaks for an applicant in the employer's eyes, factor by factor; `score_of` adds it up.

    Attributes:
        overqualified: Points off for levels above the one that is asked.
        level: Points when it is met exactly.
        field: Points for working in the vacancy's field now.
        seniority: Points off for another band of experience.
        practice: Points for practice outside (hbo).
        research_record: Points for academic work (wo).
        crosser: Points by policy for who comes from the other sector of hbo and wo.
        partner: Points by policy for who comes from a partner.
        near: Points by policy for who comes from hbo or wo in the region.
        doctor: Points by policy for a PhD.
        master_degree: Points by policy for a master.
    """

    overqualified: float
    level: float
    field: float
    seniority: float
    practice: float
    research_record: float
    crosser: float
    partner: float
    near: float
    doctor: float
    master_degree: float


@compiled(inline="always")
def points_of(fit: Fit, weights: Weights, favour: Favour) -> Points:
    """How an employer ranks an applicant, by factor."""
    practice, research = 0.0, 0.0
    if fit.sector == HBO:
        practice = weights.practice * min(fit.practice / weights.practice_full, 1.0)
        practice *= favour.asked
    else:
        research = weights.research * min(fit.academic / weights.research_full, 1.0)
        research *= favour.asked
    return Points(
        -weights.overqualified * fit.over if fit.over > 0 else 0.0,
        weights.level if fit.over == 0 else 0.0,
        weights.field if fit.same_field else 0.0,
        -weights.seniority * fit.bands_off,
        practice,
        research,
        favour.crosser if fit.crosses else 0.0,
        favour.partner if fit.partner else 0.0,
        favour.near if fit.near else 0.0,
        favour.doctor if fit.education == c.PHD else 0.0,
        favour.master if fit.education == c.MASTER else 0.0,
    )


@compiled(inline="always")
def score_of(points: Points, unseen: float) -> float:
    """Add up an applicant's points and what the employer sees and the model does not."""
    total = points.overqualified + points.level + points.field + points.seniority
    total = total + points.practice + points.research_record
    total = total + points.crosser + points.partner + points.near
    return total + points.doctor + points.master_degree + unseen


@compiled
def rank_applicants(
    p: Columns,
    v: Vacancies,
    applications: Applications,
    places: Geography,
    rates: HiringRates,
    shift: RankShift,
    month: int,
    key: np.uint64,
    conditions: np.uint64,
    score: NDArray[np.float64],
    parts: NDArray[np.float64],
) -> None:
    """Write each application's score by the employer into `score`, or `REFUSED`.

    Refused is who does not meet the post's conditions, and who is below the standard. A personal
    offer from outside stands.

    What the employer sees and the model does not is one draw for person and vacancy: who was
    refused is refused again.

    Args:
        p: Columns of persons.
        v: Columns of vacancies.
        applications: Applications of the month, no more.
        places: Where employers are.
        rates: Numbers of the ranking.
        shift: What policy makes employers favour.
        month: Month number.
        key: Key of the stream `tie`.
        conditions: Key of the stream `requirement`.
        score: Filled, shape (applications,).
        parts: Filled with the `Points` where there is room, shape (applications or 0, 11).
    """
    # The noise stands where the score will, so that it needs no room of its own.
    _draw_noise(p, v, applications, month, key, score)
    for a in range(score.size):
        i, k = applications.seeker[a], applications.vacancy[a]
        hirer, own = v.employer[k], p.employer[i]
        if hirer >= places.institutions:
            score[a] = 0.0
            continue
        sector = places.sector_of[hirer]
        worked = p.practice[i] + p.academic[i]
        band = int(worked >= rates.bands[0]) + int(worked >= rates.bands[1])
        inside = own >= 0 and places.sector_of[own] <= WO
        practice, academic = int(p.practice[i]), int(p.academic[i])
        asks, missing = v.asks[k], 0
        if asks != 0:
            person = Background(p.id[i], p.education[i], p.role[i], practice, academic)
            missing = unmet(asks, person, rates.thresholds, conditions)
            if asks & PRACTICE:
                practice = max(practice - rates.thresholds.practice, 0)
            if asks & RECORD:
                academic = max(academic - rates.thresholds.research, 0)
        # Single numbers go into the rule: to hand whole columns on costs more than the rule does.
        fit = Fit(
            sector,
            np.int64(p.education[i]) - np.int64(v.level[k]),
            p.field[i] == v.field[k],
            abs(band - np.int64(v.seniority[k])),
            practice,
            academic,
            inside and places.sector_of[own] + sector == HBO + WO,
            inside and places.partner[own, hirer] == 1,
            inside and places.region_of[own] == places.region_of[hirer],
            p.education[i],
        )
        favour = Favour(
            shift.partner[hirer],
            shift.crosser[hirer],
            shift.near[hirer],
            shift.doctor[hirer],
            shift.master[hirer],
            shift.asked[hirer],
        )
        points = points_of(fit, rates.weights, favour)
        if a < parts.shape[0]:
            for factor, value in enumerate(points):
                parts[a, factor] = value
        total = score_of(points, rates.noise * score[a])
        fits = missing == 0 and total >= rates.standard[sector]
        score[a] = total if fits else REFUSED


@compiled
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

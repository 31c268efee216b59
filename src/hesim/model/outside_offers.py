"""Bring personal offers from the market outside to those who look for work.

Nobody outside ranks whom it reaches: an offer is made to one person, who weighs it by the rule of
`choice` as any vacancy, and takes the best of the month. So no number of posts outside limits
anybody, and no score tells doctors from others. Theory: offer arrival in job search (Mortensen and
Pissarides). Rates: assumed, see `conf/model/outside.yaml`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.choice import HBO, NO_JOB, OUTSIDE, WO, ChoiceRates, utility, worth
from hesim.model.geography import Geography
from hesim.model.market import Vacancies, pick
from hesim.model.policy import Frictions
from hesim.model.push import ENDING
from hesim.model.visibility import band_of
from hesim.model.weighing import Job, kind_at, offer_of, present_of
from hesim.population.persons import NEVER, Columns
from hesim.random import Streams, moment, output_at, uniform

MOST = 32
"""Offers to one person in a month at most."""
HOW_MANY, GOES_FAR = range(2)
"""Lanes of a person's draws of the stream `outside`; those of offers come behind."""
SECTOR, REGION, TOWN, HOURS, ABROAD, LUCK, IDENTITY, LANES = range(8)
"""Lanes of one offer, and how many there are."""
OF_HBO, OF_WO, OF_DOCTORS, OF_OTHERS = range(4)
"""Whose offers lie abroad how often: places in `OutsideRates.abroad`."""


class OutsideRates(NamedTuple):
    """Numbers of the market outside; see `conf/model/outside.yaml`.

    Attributes:
        monthly: Offers a month to who looks from a job in hbo or wo, and without a job, shape (2,).
        education: Factor on them by education, shape (4,).
        field: Factor by field, shape (6,).
        experience: Factor by band of experience, shape (3,).
        work_edges: Months of work at which a higher band of experience begins, shape (2,).
        sector: Cumulative shares of sectors by field and education, shape (6, 4, 7).
        region: Cumulative shares of regions by the region that one lives in, shape (4, 4).
        hours: Cumulative shares of weekly hours by band, shape (4,).
        hours_of_band: Weekly hours that stand for a band.
        abroad: Share of offers abroad: to hbo, to wo, to candidates and doctors of wo, to others.
        out_of_reach: Share of those who take a job outside and never come back.
        writing_until: Months before the defence at which candidates who write up without a
            contract begin to look for work.
    """

    monthly: NDArray[np.float64]
    education: NDArray[np.float64]
    field: NDArray[np.float64]
    experience: NDArray[np.float64]
    work_edges: NDArray[np.int64]
    sector: NDArray[np.float64]
    region: NDArray[np.float64]
    hours: NDArray[np.float64]
    hours_of_band: NDArray[np.uint8]
    abroad: NDArray[np.float64]
    out_of_reach: float
    writing_until: int


class PersonalOffers(NamedTuple):
    """The offers of a month that are better than what somebody has: one a person, the best.

    Attributes:
        seeker: Row of the person.
        utility: What the offer is worth to the person.
        abroad: 1 where the job is abroad.
    """

    seeker: NDArray[np.int64]
    utility: NDArray[np.float64]
    abroad: NDArray[np.uint8]


def no_personal_offers() -> PersonalOffers:
    """Offers of a month in which there are none."""
    return PersonalOffers(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8))


@compiled(inline="always")
def offers_of_month(expected: float, chance: float) -> int:
    """How many offers come, a Poisson number, by a uniform draw."""
    term = math.exp(-expected)
    reached, number = term, 0
    while chance > reached and number < MOST:
        number += 1
        term *= expected / number
        reached += term
    return number


@compiled(inline="always")
def whose(p: Columns, i: int, kind: int) -> int:
    """Which share of a person's offers lies abroad: a place in `OutsideRates.abroad`."""
    of = kind if kind != NO_JOB else int(p.last[i])
    if of == HBO:
        return OF_HBO
    if of != WO:
        return OF_OTHERS
    doctoral = p.role[i] == c.PHD_CANDIDATE or p.education[i] == c.PHD or p.defence[i] < NEVER
    return OF_DOCTORS if doctoral else OF_WO


@compiled
def expected_offers(p: Columns, i: int, kind: int, rates: OutsideRates) -> float:
    """Offers a month that somebody who looks for work may expect; people outside get none."""
    if kind == OUTSIDE:
        return 0.0
    expected = rates.monthly[int(kind == NO_JOB)] * rates.education[p.education[i]]
    band = band_of(int(p.practice[i]) + int(p.academic[i]), rates.work_edges)
    return float(expected * rates.field[p.field[i]] * rates.experience[band])


@compiled
def reach_people(
    p: Columns,
    seekers: NDArray[np.int64],
    places: Geography,
    month: int,
    rates: OutsideRates,
    choice: ChoiceRates,
    frictions: Frictions,
    streams: Streams,
    v: Vacancies,
    start: int,
    out: PersonalOffers,
) -> int:
    """Make the month's offers; keep each person's best one where it beats what the person has.

    Args:
        p: Persons.
        seekers: Rows of those who look this month.
        places: Towns and employers.
        month: Month number.
        rates: Numbers of the market outside.
        choice: What jobs are worth this month.
        frictions: What policy leaves of the costs.
        streams: Keys of the streams.
        v: Vacancies, with room for one a seeker from `start` on: there each offer is written, as a
            vacancy that only this person sees.
        start: First free row of the vacancies.
        out: Filled up to the returned number.
    """
    count, key, regions = 0, streams.outside, rates.region.shape[0]
    for s in range(seekers.size):
        i = seekers[s]
        kind, identity = kind_at(int(p.employer[i]), places), p.id[i]
        expected = expected_offers(p, i, kind, rates)
        if expected <= 0.0:
            continue
        number = offers_of_month(expected, uniform(key, identity, month, HOW_MANY))
        if number == 0:
            continue
        bar = worth(present_of(p, i, places, choice, streams.taste))
        share_abroad, found = rates.abroad[whose(p, i, kind)], -1
        best, best_abroad = Job(0, 0, 0, 0, 0), False
        here = places.town_region[p.home[i]]
        for n in range(number):
            lane = LANES * (n + 1)
            sector = pick(
                rates.sector[p.field[i], p.education[i]],
                uniform(key, identity, month, lane + SECTOR),
            )
            region = pick(rates.region[here], uniform(key, identity, month, lane + REGION))
            abroad = uniform(key, identity, month, lane + ABROAD) < share_abroad
            first, stop = places.town_start[region], places.town_start[region + 1]
            town = int(uniform(key, identity, month, lane + TOWN) * (stop - first))
            band = pick(rates.hours, uniform(key, identity, month, lane + HOURS))
            # A job abroad costs as much of a way as the one that it stands for: so the share of
            # offers is that of those who go. (Compiled code keeps a narrow number narrow until
            # something is added.)
            job = Job(
                places.institutions + sector * regions + region,
                c.PROFESSIONAL,
                c.PERMANENT,
                0 + int(rates.hours_of_band[band]),
                0 + int(places.towns[first + town]),
            )
            value = utility(offer_of(p, i, job, places, choice, frictions, streams.taste))
            value -= math.log(-math.log(uniform(key, identity, month, lane + LUCK)))
            if value > bar:
                bar, found, best, best_abroad = value, n, job, abroad
        if found < 0:
            continue
        at = start + count
        v.id[at] = output_at(moment(key, month, LANES * (found + 1) + IDENTITY), identity)
        v.employer[at], v.role[at], v.field[at] = best.employer, best.role, p.field[i]
        v.level[at], v.contract[at], v.hours[at] = p.education[i], best.contract, best.hours
        v.seniority[at], v.place[at], v.opened[at], v.asks[at] = 0, best.town, month, 0
        out.seeker[count], out.utility[count] = i, bar
        out.abroad[count] = np.uint8(best_abroad)
        count += 1
    return count


def not_writing_up(
    p: Columns, seekers: NDArray[np.int64], month: int, rates: OutsideRates
) -> NDArray[np.int64]:
    """Leave out candidates who write up without a contract, or soon will: they look for no work.

    Args:
        p: Persons.
        seekers: Rows of those who would look this month.
        month: Month number.
        rates: Numbers of the market outside.
    """
    defence = p.defence[seekers]
    ahead = (defence < NEVER) & (defence - month > rates.writing_until)
    without = (p.employer[seekers] < 0) & (p.last[seekers] == WO)
    soon = (p.role[seekers] == c.PHD_CANDIDATE) & (p.search[seekers] == ENDING)
    return seekers[~(ahead & (without | soon))]

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
from hesim.model.choice import (
    HBO,
    NO_JOB,
    OUTSIDE,
    WO,
    ChoiceRates,
    Mover,
    Offer,
    Present,
    note_tastes,
    offer_parts,
    present_parts,
    taste_moments,
    utility,
    value_of_headings,
    worth,
)
from hesim.model.geography import Geography
from hesim.model.market import Vacancies, pick
from hesim.model.policy import Frictions
from hesim.model.push import ENDING, items_that_bite
from hesim.model.visibility import band_of
from hesim.model.weighing import PULLS, kind_of
from hesim.population.persons import NEVER, Columns
from hesim.random import Streams, moment, output_at, uniform_of

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
def whose(came_from: int, doctoral: bool) -> int:
    """Which share of a person's offers lies abroad: a place in `OutsideRates.abroad`.

    Args:
        came_from: Kind of the employer now, or of the last one where there is none.
        doctoral: Whether the person is a doctor, or on the way to be one.
    """
    if came_from == HBO:
        return OF_HBO
    if came_from != WO:
        return OF_OTHERS
    return OF_DOCTORS if doctoral else OF_WO


@compiled(inline="always")
def expected_offers(kind: int, education: int, field: int, band: int, rates: OutsideRates) -> float:
    """Offers a month that somebody who looks for work may expect; people outside get none.

    Args:
        kind: Kind of the employer now: hbo, wo, outside or none.
        education: Level of education.
        field: Field.
        band: Band of experience.
        rates: Numbers of the market outside.
    """
    if kind == OUTSIDE:
        return 0.0
    expected = rates.monthly[int(kind == NO_JOB)] * rates.education[education]
    return float(expected * rates.field[field] * rates.experience[band])


@compiled
def expected_of_all(rates: OutsideRates) -> NDArray[np.float64]:
    """`expected_offers` of everybody, by kind of employer, education, field and experience."""
    bands = rates.experience.size
    found = np.empty((NO_JOB + 1, rates.education.size, rates.field.size, bands))
    for kind in range(NO_JOB + 1):
        for education in range(rates.education.size):
            for field in range(rates.field.size):
                for band in range(bands):
                    found[kind, education, field, band] = expected_offers(
                        kind, education, field, band, rates
                    )
    return found


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
    # Seeds of the month's lanes, and of tastes, are the same for everybody.
    lanes = np.empty(LANES * (MOST + 1), np.uint64)
    for lane in range(lanes.size):
        lanes[lane] = moment(streams.outside, month, lane)
    tastes, taste_seeds = np.empty(PULLS), taste_moments(PULLS, streams.taste)
    # Columns are read into names of their own first, as in `search.search_and_choose`: compiled
    # code counts a reference each time it takes an array out of a bundle, and in the loop that
    # cost more than the rest.
    identities, employers, fields, educations = p.id, p.employer, p.field, p.education
    practice, academic, homes, works = p.practice, p.academic, p.home, p.place
    roles, contracts, weekly, last = p.role, p.contract, p.hours, p.last
    defences, searches, exposures = p.defence, p.search, p.exposure
    outlook, side = p.outlook, p.side
    sector_of, distance = places.sector_of, places.distance
    towns, town_start, town_region = places.towns, places.town_start, places.town_region
    expected, work_edges = expected_of_all(rates), rates.work_edges
    by_sector, by_region, by_hours = rates.sector, rates.region, rates.hours
    hours_of_band, abroad_of = rates.hours_of_band, rates.abroad
    value, security, scale, costs = choice.value, choice.security, choice.scale, choice.costs
    pool, sector_left = frictions.pool, frictions.sector_left
    outside_left = frictions.outside_left
    v_id, v_employer, v_role, v_field, v_level = v.id, v.employer, v.role, v.field, v.level
    v_contract, v_hours, v_seniority, v_place = v.contract, v.hours, v.seniority, v.place
    v_opened, v_asks = v.opened, v.asks
    out_seeker, out_utility, out_abroad = out.seeker, out.utility, out.abroad
    count, regions, first_outside = 0, by_region.shape[0], places.institutions
    for s in range(seekers.size):
        i = seekers[s]
        identity, field, education = identities[i], fields[i], educations[i]
        employer = int(employers[i])
        kind = kind_of(employer, sector_of)
        band = band_of(int(practice[i]) + int(academic[i]), work_edges)
        number = offers_of_month(
            expected[kind, education, field, band], uniform_of(lanes[HOW_MANY], identity)
        )
        if number == 0:
            continue
        note_tastes(identity, taste_seeds, choice.taste_sd, tastes)
        role, home = roles[i], homes[i]
        own, km = 0.0, 0.0
        if kind != NO_JOB:
            own = value_of_headings(tastes, value, employer, role)
            km = float(distance[home, works[i]])
        bites = items_that_bite(exposures[i])
        ending = searches[i] == ENDING
        present = Present(kind, contracts[i], ending, bites, np.float64(side[i]), km, own)
        bar = worth(present_parts(present, choice))
        came_from = kind if kind != NO_JOB else int(last[i])
        mover = Mover(
            kind,
            came_from,
            int(contracts[i]),
            int(weekly[i]),
            np.float64(outlook[i]),
            pool[employer],
            sector_left[employer],
            outside_left[employer],
        )
        doctoral = role == c.PHD_CANDIDATE or education == c.PHD or defences[i] < NEVER
        share_abroad = abroad_of[whose(came_from, doctoral)]
        found, best_employer, best_hours, best_town, best_abroad = -1, 0, 0, 0, False
        here = town_region[home]
        for n in range(number):
            lane = LANES * (n + 1)
            sector = pick(by_sector[field, education], uniform_of(lanes[lane + SECTOR], identity))
            region = pick(by_region[here], uniform_of(lanes[lane + REGION], identity))
            abroad = uniform_of(lanes[lane + ABROAD], identity) < share_abroad
            first, stop = town_start[region], town_start[region + 1]
            # A job abroad costs as much of a way as the one that it stands for: so the share of
            # offers is that of those who go. (Compiled code keeps a narrow number narrow until
            # something is added.)
            town = 0 + int(
                towns[first + int(uniform_of(lanes[lane + TOWN], identity) * (stop - first))]
            )
            hours = 0 + int(
                hours_of_band[pick(by_hours, uniform_of(lanes[lane + HOURS], identity))]
            )
            hirer = first_outside + sector * regions + region
            offer = Offer(
                OUTSIDE,
                c.PERMANENT,
                hours,
                float(distance[home, town]),
                value_of_headings(tastes, value, hirer, c.PROFESSIONAL),
                pool[hirer],
                sector_left[hirer],
                outside_left[hirer],
            )
            utility_of = utility(offer_parts(mover, offer, security, scale, costs))
            utility_of -= math.log(-math.log(uniform_of(lanes[lane + LUCK], identity)))
            if utility_of > bar:
                bar, found, best_abroad = utility_of, n, abroad
                best_employer, best_hours, best_town = hirer, hours, town
        if found < 0:
            continue
        at = start + count
        v_id[at] = output_at(lanes[LANES * (found + 1) + IDENTITY], identity)
        v_employer[at], v_role[at], v_field[at] = best_employer, c.PROFESSIONAL, field
        v_level[at], v_contract[at], v_hours[at] = education, c.PERMANENT, best_hours
        v_seniority[at], v_place[at], v_opened[at], v_asks[at] = 0, best_town, month, 0
        out_seeker[count], out_utility[count] = i, bar
        out_abroad[count] = np.uint8(best_abroad)
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

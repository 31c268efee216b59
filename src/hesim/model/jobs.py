"""Change hours within a job; start and end second jobs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.careers import ACADEMIC_SECTORS, NEVER_MONTH
from hesim.model.geography import Geography
from hesim.model.ledger import (
    DUAL_END,
    NO_REASON,
    SECOND_END,
    SECOND_START,
    Ledger,
    note_flow,
)
from hesim.model.policy import DUAL
from hesim.model.ties import note_work
from hesim.population.persons import Columns
from hesim.random import BATCH, Streams, draw_batch, in_batch, moment, uniform

OUTSIDE_KIND = c.OUTSIDE_KIND
NO_ROLE = c.JOB_SEEKER
MIDDLE = 0.5
"""Where on a uniform draw second jobs lie, out of the way of changes of hours at its ends."""


class JobRates(NamedTuple):
    """Monthly chances by sector kind (hbo, wo, outside) and band of weekly hours.

    Attributes:
        cut: Hours fall to the band below, shape (3, 4); derived from tables 3.2 and 3.3.
        rise: Hours rise to the band above, shape (3, 4); derived likewise.
        hours_of_band: Weekly hours that stand for a band, shape (4,).
        second: A second job starts, shape (3,).
        second_months: Months that a second job lasts.
        outside: Share of second jobs outside hbo and wo, shape (3,).
        sectors: Cumulative share of these by sector, shape (fields, outside sectors).
        employers: Employer of each region and outside sector.
        second_hours: Weekly hours of a second job.
        second_limit: Weekly hours of the main job up to which one takes a second.
        full_week: Weekly hours that all jobs together do not exceed.
        most: The largest of all these chances.
    """

    cut: NDArray[np.float64]
    rise: NDArray[np.float64]
    hours_of_band: NDArray[np.uint8]
    second: NDArray[np.float64]
    second_months: int
    outside: NDArray[np.float64]
    sectors: NDArray[np.float64]
    employers: NDArray[np.int64]
    second_hours: int
    second_limit: int
    full_week: int
    most: float


BESIDE = (
    (c.PROFESSOR, c.LECTOR),
    (c.LECTOR, c.PROFESSOR),
    (c.LECTURER, c.UNIVERSITY_LECTURER),
    (c.POSTDOC, c.LECTURER),
    (c.UNIVERSITY_LECTURER, c.LECTURER),
    (c.OTHER_ACADEMIC, c.LECTURER),
)
"""Role of the main job and of the second post of a joint appointment, in the other sector.

The four appointments that the report lists combine lector and professor. Who else can hold one is
assumed: the rank below those two, lecturer in hbo and university lecturer in wo.
"""


@compiled
def role_beside(role: int) -> int:
    """Role of a joint appointment's second post, or -1; see `BESIDE`."""
    for main, second in BESIDE:
        if role == main:
            return second
    return -1


@compiled
def end_second_job(p: Columns, i: int, month: int, ledger: Ledger) -> None:
    """End a person's second job and note it."""
    dual = p.marks[i] & DUAL != 0
    note_flow(
        ledger,
        month,
        DUAL_END if dual else SECOND_END,
        p.employer2[i],
        role_beside(p.role[i]) if dual else p.role[i],
        -1,
        NO_ROLE,
        p.field[i],
        NO_REASON,
    )
    p.employer2[i], p.hours2[i], p.ends2[i] = -1, 0, NEVER_MONTH
    if dual:
        p.marks[i] ^= DUAL
        p.side[i] = 0.0


@compiled
def hours_band(hours: int, hours_of_band: NDArray[np.uint8]) -> int:
    """Find the highest band whose hours are not above these."""
    band = 0
    for above in range(1, hours_of_band.size):
        if hours >= hours_of_band[above]:
            band = above
    return band


@compiled
def nth_near(nth: int, employer: int, places: Geography) -> int:
    """Find the nth other institution of an employer's region, or how many there are if nth < 0."""
    near, region_of = 0, places.region_of
    for other in range(places.institutions):
        if other != employer and region_of[other] == region_of[employer]:
            if near == nth:
                return other
            near += 1
    return near


@compiled
def second_employer(
    p: Columns,
    i: int,
    month: int,
    kind: int,
    places: Geography,
    rates: JobRates,
    key: np.uint64,
) -> int:
    """Draw where a second job is: outside by field, or with another institution of the region."""
    employer, which = p.employer[i], uniform(key, p.id[i], month, 1)
    if rates.outside[kind] > 0.0 and uniform(key, p.id[i], month, 2) < rates.outside[kind]:
        steps = rates.sectors[p.field[i]]
        sector = 0
        while sector < steps.size - 1 and which >= steps[sector]:
            sector += 1
        return int(rates.employers[places.region_of[employer], sector])
    return int(nth_near(int(which * nth_near(-1, employer, places)), employer, places))


@compiled
def change_jobs(
    p: Columns,
    places: Geography,
    month: int,
    rates: JobRates,
    streams: Streams,
    ledger: Ledger,
) -> None:
    """Change hours, end second jobs that are over, start new ones.

    A second job is taken in the region of the main one, while both together stay within a full
    week: with a hogeschool or university, or outside. One draw decides what happens: fewer hours,
    a second job or more hours lie apart on it.
    """
    now, ids, chances = moment(streams.hours, month, 0), p.id, np.empty(BATCH)
    sector_of = places.sector_of
    for i in range(ids.size):
        if in_batch(i) == 0:
            draw_batch(now, ids[i : i + BATCH], chances)
        if p.present[i] == 0:
            continue
        if p.employer2[i] >= 0 and month >= p.ends2[i]:
            end_second_job(p, i, month, ledger)
        employer = p.employer[i]
        if employer < 0:
            continue
        chance = chances[in_batch(i)]
        # Nothing happens to nearly everybody: tell so before looking at anything else.
        if rates.most < chance < 1.0 - rates.most and abs(chance - MIDDLE) > rates.most:
            continue
        kind = min(sector_of[employer], OUTSIDE_KIND)
        if kind != OUTSIDE_KIND:
            band = hours_band(p.hours[i], rates.hours_of_band)
            if chance < rates.cut[kind, band]:
                p.hours[i] = rates.hours_of_band[band - 1]
            elif chance > 1.0 - rates.rise[kind, band]:
                more = rates.hours_of_band[band + 1]
                if more + p.hours2[i] <= rates.full_week:
                    p.hours[i] = more
        if MIDDLE <= chance < MIDDLE + rates.second[kind]:
            if p.employer2[i] >= 0 or p.hours[i] > rates.second_limit:
                continue
            second = second_employer(p, i, month, kind, places, rates, streams.second_job)
            p.employer2[i] = second
            p.hours2[i], p.ends2[i] = rates.second_hours, month + rates.second_months
            if sector_of[second] <= ACADEMIC_SECTORS:
                note_work(p, i, sector_of[second])
            note_flow(
                ledger,
                month,
                SECOND_START,
                -1,
                NO_ROLE,
                p.employer2[i],
                p.role[i],
                p.field[i],
                NO_REASON,
            )

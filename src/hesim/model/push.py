"""Expose people to the push items of table 3.5 and decide who starts to search.

Theory: dissatisfaction as a driver of on-the-job search. Each item is a bit: a keyed draw of the
person and the spell against a prevalence that depends on employer and role. Prevalence is
`push.prevalence` times the pooled agreement of those who left (prior), tilted by sector and by what
the role and the employer offer (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.careers import LEAVES, PERMANENT, CareerRates, at_contract_end
from hesim.model.geography import Geography
from hesim.model.policy import SATISFIED, Drive
from hesim.population.persons import Columns
from hesim.random import (
    BATCH,
    Streams,
    draw_batch,
    in_batch,
    moment,
    output_after,
    steps_to,
    uniform_of,
)

OUTSIDE_KIND = c.OUTSIDE_KIND
ITEM_BITS = 0x7FFFFFFFFFFFFFFF
DRAWN = 1 << 63
"""Bit of an exposure that says it has been drawn, even when no item bites."""
LANES = 16
"""Outputs for all items that the bits have room for: a fixed number is made side by side."""
LONGEST = 45
"""Years of tenure from which the start of a search does not change any more."""
OLDEST = 99
"""Years of age from which it does not change any more."""
IDLE, ON_THE_JOB, ENDING, JOBLESS = range(4)


class PushRates(NamedTuple):
    """Numbers of the push rules; see `conf/model/push.yaml`.

    Attributes:
        prevalence: Chance of each item by employer and role, shape (employers, roles, items).
        typical: Chance of each item before any tilt, shape (items,).
        start: Monthly chance to start a search, by role, permanent or temporary, years of tenure
            and number of items that bite, shape (roles, 2, LONGEST + 1, items + 1).
        of_age: Factor on that chance by years of age, shape (OLDEST + 1,).
        stop: Monthly chance that a search on the job ends.
        window: Months before contract end in which people look around.
        ending: Monthly chance to start then, shape (roles,).
        offered: The same for those whom hbo and wo mean to keep, shape (2,).
        jobless: Chance that a jobless person looks this month.
    """

    prevalence: NDArray[np.float64]
    typical: NDArray[np.float64]
    start: NDArray[np.float64]
    of_age: NDArray[np.float64]
    stop: float
    window: int
    ending: NDArray[np.float64]
    offered: NDArray[np.float64]
    jobless: float


@compiled
def draw_exposure(
    identity: np.uint64,
    spell: int,
    prevalence: NDArray[np.float64],
    key: np.uint64,
    words: NDArray[np.uint64],
) -> np.uint64:
    """Draw the push bits of one person in one spell (one spell: a year with an employer).

    Four items share an output of the generator: 16 bits each, so chances are met to 1 in 65,536.
    """
    bits, word, steps = np.uint64(DRAWN), np.uint64(0), steps_to(identity)
    for lane in range(LANES):
        words[lane] = output_after(moment(key, spell, lane), steps)
    for item in range(prevalence.size):
        if item % 4 == 0:
            word = words[item // 4]
        if float(word & np.uint64(0xFFFF)) < prevalence[item] * 65536.0:
            bits |= np.uint64(1) << np.uint64(item)
        word >>= np.uint64(16)
    return bits


@compiled(inline="always")
def items_that_bite(exposure: np.uint64) -> int:
    """Count the items of an exposure."""
    count = 0
    bits = exposure & np.uint64(ITEM_BITS)
    while bits != np.uint64(0):
        count += 1
        bits &= bits - np.uint64(1)
    return count


@compiled
def push_events(
    p: Columns,
    places: Geography,
    month: int,
    rates: PushRates,
    careers: CareerRates,
    streams: Streams,
    drive: Drive,
    seekers: NDArray[np.int64],
) -> int:
    """Refresh exposures, start and stop searches; list the seekers and return their number."""
    count, sector_of = 0, places.sector_of
    at_start, at_end = moment(streams.push, month, 0), moment(streams.push, month, 1)
    ids, chances = p.id, np.empty(BATCH)
    words = np.empty(LANES, np.uint64)
    for i in range(ids.size):
        if in_batch(i) == 0:
            draw_batch(at_start, ids[i : i + BATCH], chances)
        if p.present[i] == 0:
            continue
        employer = p.employer[i]
        chance = chances[in_batch(i)]
        if employer < 0:
            if p.search[i] != JOBLESS:
                p.search[i], p.search_since[i] = JOBLESS, month
            if chance < rates.jobless:
                seekers[count] = i
                count += 1
            continue
        kind = min(sector_of[employer], OUTSIDE_KIND)
        tenure = max(month - p.since[i], 0)
        temporary = int(p.contract[i] != PERMANENT)
        if p.exposure[i] == 0 or tenure % 12 == 0:
            spell = (employer << 8) | min(tenure // 12, 255)
            prevalence = rates.prevalence[employer, p.role[i]]
            p.exposure[i] = draw_exposure(p.id[i], spell, prevalence, streams.exposure, words)
        met = p.marks[i] & SATISFIED
        if met != 0:
            p.exposure[i] &= ~drive.relieved[met]
        if p.search[i] == JOBLESS:
            p.search[i] = IDLE
        if (
            kind != OUTSIDE_KIND
            and temporary == 1
            and (p.ends[i] - month <= rates.window + drive.ahead[employer])
        ):
            if p.search[i] != ENDING:
                kept = at_contract_end(p, i, month, kind, careers, streams.renewal) != LEAVES
                leaves = careers.of_hours[kind, p.hours[i]]
                if uniform_of(at_end, p.id[i]) < (
                    rates.offered[kind] * leaves if kept else rates.ending[p.role[i]]
                ):
                    p.search[i], p.search_since[i] = ENDING, month
        elif p.search[i] == ENDING:
            p.search[i] = IDLE
        if p.search[i] == IDLE:
            bites = items_that_bite(p.exposure[i])
            years = min(tenure // 12, LONGEST)
            start = (
                rates.start[p.role[i], temporary, years, bites] * drive.eager[employer, p.role[i]]
            )
            start *= rates.of_age[min((month - p.born[i]) // 12, OLDEST)]
            if kind != OUTSIDE_KIND:
                start *= careers.of_hours[kind, p.hours[i]]
            crossed = month - p.crossed[i]
            if crossed < drive.anchored.shape[1]:
                start *= drive.anchored[employer, crossed]
            if chance < start:
                p.search[i], p.search_since[i] = ON_THE_JOB, month
        elif p.search[i] == ON_THE_JOB and chance < rates.stop:
            p.search[i] = IDLE
        if p.search[i] != IDLE:
            seekers[count] = i
            count += 1
    return count

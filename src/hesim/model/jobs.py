"""Change hours within a job; start and end second jobs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.careers import NEVER_MONTH
from hesim.model.ledger import NO_REASON, SECOND_END, SECOND_START, Ledger, note_flow
from hesim.population.persons import Columns
from hesim.random import uniform, uniform2


class JobRates(NamedTuple):
    """Monthly chances by sector kind (hbo, wo, outside); see `conf/model/careers.yaml`."""

    cut: NDArray[np.float64]
    rise: NDArray[np.float64]
    step: int
    second: NDArray[np.float64]
    second_months: int


@njit(cache=True)
def end_second_job(p: Columns, i: int, month: int, ledger: Ledger) -> None:
    """End a person's second job and note it."""
    note_flow(ledger, month, SECOND_END, p.employer2[i], p.role[i], -1, 8, p.field[i], NO_REASON)
    p.employer2[i], p.hours2[i], p.ends2[i] = -1, 0, NEVER_MONTH


@njit(cache=True)
def change_jobs(
    p: Columns,
    sector_of: NDArray[np.int8],
    region_of: NDArray[np.int8],
    institutions: int,
    month: int,
    rates: JobRates,
    hours_key: np.uint64,
    second_key: np.uint64,
    ledger: Ledger,
) -> None:
    """Change hours, end second jobs that are over, start new ones.

    A second job is taken with a hogeschool or university of the region of the main one, while
    both together stay within a full week of 38 hours.
    """
    for i in range(p.id.size):
        if p.present[i] == 0:
            continue
        if p.employer2[i] >= 0 and month >= p.ends2[i]:
            end_second_job(p, i, month, ledger)
        employer = p.employer[i]
        if employer < 0:
            continue
        kind = min(sector_of[employer], 2)
        first, second = uniform2(hours_key, p.id[i], np.uint32(month + 1000), np.uint32(0))
        if first < rates.cut[kind] and p.hours[i] >= 8 + rates.step:
            p.hours[i] -= rates.step
        elif first > 1.0 - rates.rise[kind] and p.hours[i] + p.hours2[i] + rates.step <= 38:
            p.hours[i] += rates.step
        if second < rates.second[kind] and p.employer2[i] < 0 and p.hours[i] <= 30:
            draw = uniform(second_key, p.id[i], np.uint32(month + 1000), np.uint32(0))
            near = 0
            for other in range(institutions):
                if other != employer and region_of[other] == region_of[employer]:
                    near += 1
            target = int(draw * near)
            for other in range(institutions):
                if other != employer and region_of[other] == region_of[employer]:
                    if target == 0:
                        p.employer2[i] = other
                        break
                    target -= 1
            p.hours2[i], p.ends2[i] = 8, month + rates.second_months
            note_flow(
                ledger, month, SECOND_START, -1, 8, p.employer2[i], p.role[i], p.field[i], NO_REASON
            )

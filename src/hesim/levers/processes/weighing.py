"""Weigh a job for one person outside the search: by the same rules and with the same draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hesim.model.choice import HBO, NO_JOB, OUTSIDE, WO, job_value, switching_cost, taste
from hesim.model.items import HEADINGS
from hesim.model.push import ENDING, items_that_bite
from hesim.random import draw, moment, output_at

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


def value_of(
    model: HigherEducation, row: int, employer: int, role: int, contract: int, town: int
) -> float:
    """Value to a person of a job: its headings, its contract and the way to it."""
    p, rates = model.persons, model.choices
    key = model.keys["taste"]
    offers = 0.0
    for heading in range(len(HEADINGS)):
        seed = np.uint64(moment(key, 0, heading))
        offers += taste(seed, p.id[row], rates.taste_sd) * rates.value[employer, role, heading]
    kind = min(int(model.employers.sector[employer]), OUTSIDE)
    km = float(model.employers.distance[p.home[row], town])
    return float(job_value(offers, rates.security[contract], rates.scale[kind], km, rates.costs))


def worth_of_present(model: HigherEducation, row: int) -> float:
    """What a person has: the present job less what pushes, or having none."""
    p, rates = model.persons, model.choices
    employer = int(p.employer[row])
    if employer < 0:
        return -float(rates.jobless)
    worth = value_of(
        model, row, employer, int(p.role[row]), int(p.contract[row]), int(p.place[row])
    )
    worth -= rates.push * items_that_bite(p.exposure[row])
    if p.search[row] == ENDING:
        worth -= rates.ending
    return worth + float(p.side[row])


def luck(model: HigherEducation, row: int, identity: int) -> float:
    """The random part of what a person makes of a job this month: the draw that search takes."""
    at = np.uint64(moment(model.keys["choice"], model.month, 0))
    seed = np.uint64(output_at(at, model.persons.id[row]))
    return -math.log(-math.log(draw(seed, np.uint64(identity))))


def cost_of_change(
    model: HigherEducation, row: int, employer: int, contract: int, hours: int
) -> float:
    """What a change to a job costs a person, as policy has it this month."""
    p, f = model.persons, model.effects.frictions
    own = int(p.employer[row])
    kind = min(int(model.employers.sector[employer]), OUTSIDE)
    from_kind = NO_JOB if own < 0 else min(int(model.employers.sector[own]), OUTSIDE)
    cost = switching_cost(
        from_kind, kind, int(p.contract[row]), contract, int(p.hours[row]), hours,
        max(f.sector_left[own], f.sector_left[employer]),
        max(f.outside_left[own], f.outside_left[employer]), model.choices.costs,
    )  # fmt: skip
    came_from = int(p.last[row]) if own < 0 else from_kind
    crosses = came_from + kind == HBO + WO
    return float(cost) - (float(p.outlook[row]) if crosses else 0.0)


def utility_of_vacancy(model: HigherEducation, row: int, vacancy: int) -> float:
    """Utility of an open vacancy to a person, to be compared with `worth_of_present`."""
    v, p, pool = model.vacancies, model.persons, model.effects.frictions.pool
    employer, contract = int(v.employer[vacancy]), int(v.contract[vacancy])
    if pool[employer] >= 0 and pool[employer] == pool[p.employer[row]]:
        # A common employer: the better of both contracts is kept, as in the search.
        contract = min(int(p.contract[row]), contract)
    value = value_of(model, row, employer, int(v.role[vacancy]), contract, int(v.place[vacancy]))
    cost = cost_of_change(model, row, employer, contract, int(v.hours[vacancy]))
    return value - cost + luck(model, row, int(v.id[vacancy]))

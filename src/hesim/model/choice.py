"""Weigh a job: random utility over the pull items of table 3.5, less the costs of switching.

Theory: random-utility discrete choice. The value of a job by heading is precomputed from the
items' importance (pooled agreement of table 3.5: data) and the jobs' attributes (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim import categories as c
from hesim.random import uniform

PERMANENT, WITH_PROSPECT = c.PERMANENT, c.WITH_PROSPECT


ROOT_12 = float(np.sqrt(12.0))
"""Turns a uniform of width one into one of standard deviation one."""
KM_UNIT = 50.0
"""The cost of distance is per so many kilometres."""
HBO, WO, OUTSIDE, NO_JOB = range(4)
"""Kinds of employer, before and after a step; the last is having none."""


class ChoiceRates(NamedTuple):
    """Numbers of the choice; see `conf/model/choice.yaml`.

    Attributes:
        value: Value by employer, role and heading, shape (employers, roles, 5).
        security: Value of each contract type, shape (4,).
        scale: Importance-to-utility scale of hbo, wo and outside, shape (3,).
        distance: Cost of 50 km between home and work.
        sector: Cost of a step between hbo and wo.
        outside: Cost of a step between higher education and outside.
        contract: Cost of giving a permanent post up for a temporary one.
        prospect_risk: Share of that cost when the new one has prospect of permanence.
        hours: Cost of a change of hours by a full week.
        stay: Cost of any change of employer.
        push: Cost of staying for each push item that bites.
        ending: How much less an ending job is worth.
        jobless: How much less having no job is worth.
        taste_sd: Spread of personal tastes by heading.
        full_week: Weekly hours of a full week.
    """

    value: NDArray[np.float64]
    security: NDArray[np.float64]
    scale: NDArray[np.float64]
    distance: float
    sector: float
    outside: float
    contract: float
    prospect_risk: float
    hours: float
    stay: float
    push: float
    ending: float
    jobless: float
    taste_sd: float
    full_week: float


@njit(cache=True)
def draw_tastes(
    identity: np.uint64, spread: float, key: np.uint64, tastes: NDArray[np.float64]
) -> None:
    """Write a person's lasting tastes by heading into `tastes`: uniform, mean 1 (assumed)."""
    for heading in range(tastes.size):
        off = uniform(key, identity, 0, heading) - 0.5
        tastes[heading] = 1.0 + spread * ROOT_12 * off


@njit(cache=True)
def job_value(
    value: NDArray[np.float64], tastes: NDArray[np.float64], security: float, km: float,
    rates: ChoiceRates, kind: int,
) -> float:  # fmt: skip
    """Value of one job to one person: headings, security and the way to work."""
    total = security
    for heading in range(tastes.size):
        total += tastes[heading] * value[heading]
    return rates.scale[kind] * total - rates.distance * km / KM_UNIT


@njit(cache=True)
def switching_cost(
    from_kind: int, to_kind: int, old_contract: int, new_contract: int,
    old_hours: int, new_hours: int, rates: ChoiceRates,
) -> float:  # fmt: skip
    """Cost of a change: sector, contract risk and hours; leaving no job costs nothing."""
    cost = 0.0
    if from_kind != NO_JOB:
        cost += rates.stay
        if from_kind != to_kind:
            cost += rates.sector if from_kind + to_kind == HBO + WO else rates.outside
        if old_contract == PERMANENT and new_contract != PERMANENT:
            cost += rates.contract * (rates.prospect_risk if new_contract == WITH_PROSPECT else 1.0)
        cost += rates.hours * abs(old_hours - new_hours) / rates.full_week
    return cost

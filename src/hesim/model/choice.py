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
from hesim.random import draw, moment

PERMANENT, WITH_PROSPECT = c.PERMANENT, c.WITH_PROSPECT


ROOT_12 = float(np.sqrt(12.0))
"""Turns a uniform of width one into one of standard deviation one."""
KM_UNIT = 50.0
"""The cost of distance is per so many kilometres."""
HBO, WO, OUTSIDE, NO_JOB = c.HBO, c.WO, c.OUTSIDE_KIND, c.NO_KIND


class Costs(NamedTuple):
    """Costs of a change of job, in utility; see `conf/model/choice.yaml`.

    Attributes:
        distance: Cost of 50 km between home and work.
        sector: Cost of a step between hbo and wo.
        outside: Cost of a step between higher education and outside.
        contract: Cost of giving a permanent post up for a temporary one.
        prospect_risk: Share of that cost when the new one has prospect of permanence.
        hours: Cost of a change of hours by a full week.
        stay: Cost of any new job, with the same employer too.
        full_week: Weekly hours of a full week.
    """

    distance: float
    sector: float
    outside: float
    contract: float
    prospect_risk: float
    hours: float
    stay: float
    full_week: float


class ChoiceRates(NamedTuple):
    """Numbers of the choice; see `conf/model/choice.yaml`.

    Attributes:
        value: Value by employer, role and heading, shape (employers, roles, 5).
        security: Value of each contract type, shape (4,).
        scale: Importance-to-utility scale of hbo, wo and outside, shape (3,).
        costs: Costs of a change of job.
        push: Cost of staying for each push item that bites.
        ending: How much less an ending job is worth.
        jobless: How much less having no job is worth.
        taste_sd: Spread of personal tastes by heading.
    """

    value: NDArray[np.float64]
    security: NDArray[np.float64]
    scale: NDArray[np.float64]
    costs: Costs
    push: float
    ending: float
    jobless: float
    taste_sd: float


@njit(cache=True)
def taste_moments(headings: int, key: np.uint64) -> NDArray[np.uint64]:
    """Seeds of the tastes by heading."""
    seeds = np.empty(headings, np.uint64)
    for heading in range(headings):
        seeds[heading] = moment(key, 0, heading)
    return seeds


@njit(cache=True, inline="always")
def taste(seed: np.uint64, identity: np.uint64, spread: float) -> float:
    """A person's lasting taste for one heading: uniform, mean 1 (assumed)."""
    return 1.0 + spread * ROOT_12 * (draw(seed, identity) - 0.5)


@njit(cache=True, inline="always")
def job_value(offers: float, security: float, scale: float, km: float, costs: Costs) -> float:
    """Value of one job to one person.

    Args:
        offers: Value of the job's headings, each times the person's taste, in all.
        security: Value of its contract.
        scale: Importance to utility, of the kind of employer.
        km: Way to work.
        costs: For the cost of distance.
    """
    return scale * (security + offers) - costs.distance * km / KM_UNIT


@njit(cache=True, inline="always")
def switching_cost(
    from_kind: int, to_kind: int, old_contract: int, new_contract: int,
    old_hours: int, new_hours: int, sector_left: float, outside_left: float, costs: Costs,
) -> float:  # fmt: skip
    """Cost of a change: sector, contract risk and hours; leaving no job costs nothing.

    `sector_left` and `outside_left` are the shares of those costs that policy leaves.
    """
    cost = 0.0
    if from_kind != NO_JOB:
        cost += costs.stay
        if from_kind != to_kind:
            if from_kind + to_kind == HBO + WO:
                cost += costs.sector * sector_left
            else:
                cost += costs.outside * outside_left
        if old_contract == PERMANENT and new_contract != PERMANENT:
            cost += costs.contract * (costs.prospect_risk if new_contract == WITH_PROSPECT else 1.0)
        cost += costs.hours * abs(old_hours - new_hours) / costs.full_week
    return cost

"""Weigh a job: random utility over the pull items of table 3.5, less the costs of switching.

Theory: random-utility discrete choice. The value of a job by heading is precomputed from the
items' importance (pooled agreement of table 3.5: data) and the jobs' attributes (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.random import normal


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
        hours: Cost of a change of hours by a full week.
        stay: Cost of any change of employer.
        push: Cost of staying for each push item that bites.
        ending: How much less an ending job is worth.
        jobless: How much less having no job is worth.
        taste_sd: Spread of personal tastes by heading.
    """

    value: NDArray[np.float64]
    security: NDArray[np.float64]
    scale: NDArray[np.float64]
    distance: float
    sector: float
    outside: float
    contract: float
    hours: float
    stay: float
    push: float
    ending: float
    jobless: float
    taste_sd: float


@njit(cache=True)
def draw_tastes(
    identity: np.uint64, spread: float, key: np.uint64, tastes: NDArray[np.float64]
) -> None:
    """Write a person's lasting tastes by heading (mean 1) into `tastes`."""
    for heading in range(tastes.size):
        tastes[heading] = 1.0 + spread * normal(key, identity, np.uint32(0), np.uint32(heading))


@njit(cache=True)
def job_value(
    value: NDArray[np.float64], tastes: NDArray[np.float64], security: float, km: float,
    rates: ChoiceRates, kind: int,
) -> float:  # fmt: skip
    """Value of one job to one person: headings, security and the way to work."""
    total = security
    for heading in range(tastes.size):
        total += tastes[heading] * value[heading]
    return rates.scale[kind] * total - rates.distance * km / 50.0


@njit(cache=True)
def switching_cost(
    from_kind: int, to_kind: int, old_contract: int, new_contract: int,
    old_hours: int, new_hours: int, rates: ChoiceRates,
) -> float:  # fmt: skip
    """Cost of a change: sector (hbo and wo, or outside), contract risk and hours.

    Kinds: 0 hbo, 1 wo, 2 outside, 3 no job.
    """
    cost = 0.0
    if from_kind != 3:
        cost += rates.stay
        if from_kind != to_kind:
            cost += rates.sector if from_kind + to_kind == 1 else rates.outside
        if old_contract == 0 and new_contract != 0:
            cost += rates.contract * (0.5 if new_contract == 1 else 1.0)
        cost += rates.hours * abs(old_hours - new_hours) / 38.0
    return cost

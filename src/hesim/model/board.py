"""Lay the month's open vacancies out where seekers look: on one circle for each field.

A vacancy has a keyed place of the month on its field's circle; rows are in the order of the
places, with everything that search reads of a vacancy side by side. A seeker looks at an arc. So
an extra vacancy is met only by those whose arc covers it, and moves nobody else's draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.eligibility import who_qualifies
from hesim.model.market import Vacancies
from hesim.random import draw, moment

GRID = 64
"""Steps of the index into a circle; speed only."""


class Board(NamedTuple):
    """Open vacancies in the order of their places, shape (open,) unless said.

    Attributes:
        row: Row among the open vacancies.
        place: Field + place on its circle (0 to 1).
        first: Rows before each step of the grid, shape (fields x GRID + 1,).
        id: Identity.
        employer: Employer.
        role: Role.
        kind: 0 hbo, 1 wo, 2 outside.
        classes: Bits of who may apply (see `eligibility.who_qualifies`).
        contract: Contract offered.
        hours: Weekly hours.
        town: Town of the work.
        region: Region of that town.
    """

    row: NDArray[np.int64]
    place: NDArray[np.float64]
    first: NDArray[np.int64]
    id: NDArray[np.uint64]
    employer: NDArray[np.int64]
    role: NDArray[np.int64]
    kind: NDArray[np.int64]
    classes: NDArray[np.uint64]
    contract: NDArray[np.int64]
    hours: NDArray[np.int64]
    town: NDArray[np.int64]
    region: NDArray[np.int64]


@njit(cache=True)
def lay_out(
    v: Vacancies,
    count: int,
    fields: int,
    sector_of: NDArray[np.int8],
    town_region: NDArray[np.int8],
    month: int,
    key: np.uint64,
) -> Board:
    """Lay out the first `count` vacancies.

    Args:
        v: Vacancies.
        count: How many are open.
        fields: Number of fields.
        sector_of: Sector of each employer.
        town_region: Region of each town.
        month: Month number.
        key: Key of the stream of places.
    """
    seed = moment(key, month, 1)
    place = np.empty(count)
    for k in range(count):
        place[k] = v.field[k] + draw(seed, v.id[k])
    row = np.argsort(place, kind="mergesort")
    place = place[row]
    first = np.searchsorted(place, np.arange(fields * GRID + 1) / GRID)
    whole = [np.empty(count, np.int64) for _ in range(7)]
    employer, role, kind, contract, hours, town, region = whole
    identity, classes = np.empty(count, np.uint64), np.empty(count, np.uint64)
    for at in range(count):
        k = row[at]
        identity[at], employer[at], role[at] = v.id[k], v.employer[k], v.role[k]
        kind[at] = min(sector_of[v.employer[k]], 2)
        classes[at] = who_qualifies(v.role[k], v.level[k])
        contract[at], hours[at], town[at] = v.contract[k], v.hours[k], v.place[k]
        region[at] = town_region[v.place[k]]
    return Board(
        row, place, first, identity, employer, role, kind, classes, contract, hours, town, region
    )

"""Lay the month's open vacancies out where seekers look: on one circle for each field.

A vacancy has a keyed place of the month on its field's circle; rows are in the order of the
places, with everything that search reads of a vacancy side by side. A seeker looks at an arc. So
an extra vacancy is met only by those whose arc covers it, and moves nobody else's draws.

Each class of persons has a list of the rows that it may apply to, so that nobody looks at the rest.
Columns are narrow, to stay in the nearest cache, and unsigned: compiled code checks a signed index
for being negative each time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.eligibility import LEVELS, who_qualifies
from hesim.model.market import Vacancies
from hesim.random import draw, moment

GRID = 512
"""Steps of the index into a circle; speed only."""
CLASSES = 2 * LEVELS
"""Classes of persons by what they may apply to (see `eligibility.class_of`)."""
REGIONS = len(c.REGIONS)


class Board(NamedTuple):
    """Open vacancies in the order of their places, shape (open,) unless said.

    Attributes:
        row: Row among the open vacancies.
        place: Field + place on its circle (0 to 1).
        first: Rows before each step of the grid, shape (fields x GRID + 1,).
        listed: By class of persons, the rows that it may apply to, shape (CLASSES, open).
        before: How many of those come before each row, shape (CLASSES, open + 1).
        id: Identity.
        employer: Employer.
        role: Role.
        kind: 0 hbo, 1 wo, 2 outside.
        spot: Kind and region of the work as one number: kind x REGIONS + region.
        contract: Contract offered.
        hours: Weekly hours; signed, for they are subtracted.
        town: Town of the work.
    """

    row: NDArray[np.uint32]
    place: NDArray[np.float64]
    first: NDArray[np.uint32]
    listed: NDArray[np.uint32]
    before: NDArray[np.uint32]
    id: NDArray[np.uint64]
    employer: NDArray[np.uint16]
    role: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    spot: NDArray[np.uint8]
    contract: NDArray[np.uint8]
    hours: NDArray[np.int16]
    town: NDArray[np.uint16]


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
    order = np.argsort(place, kind="mergesort")
    place = place[order]
    first = np.searchsorted(place, np.arange(fields * GRID + 1) / GRID).astype(np.uint32)
    listed = np.empty((CLASSES, count), np.uint32)
    before = np.zeros((CLASSES, count + 1), np.uint32)
    row, identity = np.empty(count, np.uint32), np.empty(count, np.uint64)
    employer, town = np.empty(count, np.uint16), np.empty(count, np.uint16)
    role, kind = np.empty(count, np.uint8), np.empty(count, np.uint8)
    spot, contract = np.empty(count, np.uint8), np.empty(count, np.uint8)
    hours = np.empty(count, np.int16)
    for at in range(count):
        k = order[at]
        row[at], identity[at], employer[at], role[at] = k, v.id[k], v.employer[k], v.role[k]
        kind[at] = min(sector_of[v.employer[k]], 2)
        spot[at] = kind[at] * REGIONS + town_region[v.place[k]]
        contract[at], hours[at], town[at] = v.contract[k], v.hours[k], v.place[k]
        bits = who_qualifies(v.role[k], v.level[k])
        for of_class in range(CLASSES):
            # Written always, counted when the class may apply.
            listed[of_class, before[of_class, at]] = at
            before[of_class, at + 1] = before[of_class, at] + ((bits >> of_class) & 1)
    return Board(
        row, place, first, listed, before, identity, employer, role, kind, spot, contract, hours,
        town,
    )  # fmt: skip

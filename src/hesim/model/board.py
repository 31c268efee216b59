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
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.eligibility import LEVELS
from hesim.model.market import Vacancies
from hesim.random import GAMMA, uniforms

GRID = 512
"""Steps of the index into a circle; speed only."""
CLASSES = 2 * LEVELS
"""Classes of persons by what they may apply to (see `eligibility.class_of`)."""
REGIONS = len(c.REGIONS)
SECTORS = c.OUTSIDE_KIND
"""Kinds of employer whose posts are looked for, hbo and wo: jobs outside are offered in person."""


class Board(NamedTuple):
    """Open vacancies in the order of their places, shape (open,) unless said.

    Attributes:
        row: Row among the open vacancies.
        place: Field + place on its circle (0 to 1).
        first: Rows before each step of the grid, shape (fields x GRID + 1,).
        listed: By class of persons, the rows that it may apply to, shape (CLASSES, open).
        before: How many of those come before each row, shape (CLASSES, open + 1).
        steps: Steps of a generator to the identity of each row listed, see `hesim.random`.
        id: Identity.
        employer: Employer.
        role: Role.
        kind: 0 hbo, 1 wo.
        spot: Class by policy (see `policy.Frictions.promoted`), kind and region of the work as one
            number: (class x SECTORS + kind) x REGIONS + region.
        contract: Contract offered.
        hours: Weekly hours; signed, for they are subtracted.
        town: Town of the work.
    """

    row: NDArray[np.uint32]
    place: NDArray[np.float64]
    first: NDArray[np.uint32]
    listed: NDArray[np.uint32]
    before: NDArray[np.uint32]
    steps: NDArray[np.uint64]
    id: NDArray[np.uint64]
    employer: NDArray[np.uint16]
    role: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    spot: NDArray[np.uint16]
    contract: NDArray[np.uint8]
    hours: NDArray[np.int16]
    town: NDArray[np.uint16]


def lay_out(
    v: Vacancies,
    count: int,
    fields: int,
    places: tuple[NDArray[np.int8], NDArray[np.int8]],
    may: NDArray[np.int64],
    classes: NDArray[np.uint16],
    month: int,
    key: np.uint64,
) -> Board:
    """Lay out the first `count` vacancies.

    Args:
        v: Vacancies.
        count: How many are open.
        fields: Number of fields.
        places: Sector of each employer, region of each town.
        may: Who may apply, by role and level, see `eligibility.qualifying_classes`.
        classes: Class of vacancies by policy, shape (employers, roles, fields).
        month: Month number.
        key: Key of the stream of places.
    """
    sector_of, town_region = places
    place = v.field[:count] + uniforms(key, v.id[:count], month, 1)
    order = np.argsort(place, kind="stable")
    place = place[order]
    employer, town = v.employer[order], v.place[order]
    kind = sector_of[employer].astype(np.uint8)
    bits = may[v.role[order], v.level[order]]
    before = np.zeros((CLASSES, count + 1), np.uint32)
    listed = np.zeros((CLASSES, count), np.uint32)
    steps = np.zeros((CLASSES, count), np.uint64)
    identity = v.id[order]
    for of_class in range(CLASSES):
        fits = (bits >> of_class) & 1
        np.cumsum(fits, out=before[of_class, 1:])
        rows = np.flatnonzero(fits)
        listed[of_class, : rows.size] = rows
        steps[of_class, : rows.size] = (identity[rows] + np.uint64(1)) * np.uint64(GAMMA)
    return Board(
        row=order.astype(np.uint32),
        place=place,
        first=np.searchsorted(place, np.arange(fields * GRID + 1) / GRID).astype(np.uint32),
        listed=listed,
        before=before,
        steps=steps,
        id=identity,
        employer=employer.astype(np.uint16),
        role=v.role[order],
        kind=kind,
        spot=(
            (classes[employer, v.role[order], v.field[order]].astype(np.int64) * SECTORS + kind)
            * REGIONS
            + town_region[town]
        ).astype(np.uint16),
        contract=v.contract[order],
        hours=v.hours[order].astype(np.int16),
        town=town.astype(np.uint16),
    )

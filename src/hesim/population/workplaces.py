"""Place the jobs of the initial stock: the institution's town, or a town for an outside job."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.employers import Employers
from hesim.population.filling import in_parts
from hesim.population.persons import Persons
from hesim.random import uniforms


@in_parts
def place_jobs(
    persons: Persons,
    slots: NDArray[np.int64],
    employers: Employers,
    near: float,
    key: np.uint64,
) -> None:
    """Fill the column `place` of those at work.

    Outside employers have no town of their own: a share `near` of their staff works where it
    lives, the others in a random town of the region (assumed, as for institutions' staff).

    Args:
        persons: The stock; homes are known.
        slots: Rows to fill.
        employers: All employers.
        near: Share that works in the town where it lives.
        key: Key of the stream.
    """
    working = slots[persons.employer[slots] >= 0]
    town = employers.place[persons.employer[working]]
    persons.place[working] = town
    outside = working[town < 0]
    region = employers.region[persons.employer[outside]]
    draws = uniforms(key, persons.id[outside], 0, 20), uniforms(key, persons.id[outside], 0, 21)
    for code in range(len(c.REGIONS)):
        towns = np.flatnonzero(employers.town_region == code)
        mine = region == code
        persons.place[outside[mine]] = towns[(draws[0][mine] * towns.size).astype(np.int64)]
    home = draws[1] < near
    persons.place[outside[home]] = persons.home[outside[home]]

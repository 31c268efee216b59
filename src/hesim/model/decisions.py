"""Say when an employer decides on a post, and which posts are first filled directly.

Most hires need no vacancy: people come by contacts, for small jobs, or back after a break. A post
looks for somebody in this way month after month, with a chance each, and is advertised when it no
longer does. So a vacancy opens with the month in which it is advertised, and stands open for a
month at least; then the employer decides with a chance each month. Applications of before are not
decided on; who is still interested applies again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled
from hesim.model.hiring import REFUSED
from hesim.model.market import VacancyRates
from hesim.random import uniform

if TYPE_CHECKING:
    from hesim.model.market import Vacancies

DIRECT, DECIDES = 1 << 20, 1 << 21
"""Lanes of the stream `vacancy`: that a post is not advertised this month, and is decided on."""


def decides_at_once(rates: VacancyRates) -> bool:
    """Whether each employer decides in every month from the first on."""
    return bool(rates.direct.min() >= 1.0 and rates.decision >= 1.0)


@compiled
def decides(
    v: Vacancies, k: int, month: int, sector: int, rates: VacancyRates, key: np.uint64
) -> bool:
    """Whether an employer decides on a vacancy this month."""
    if month == v.opened[k]:
        return bool(uniform(key, v.id[k], month, DIRECT) < rates.direct[sector])
    return bool(uniform(key, v.id[k], month, DECIDES) < rates.decision)


@compiled
def look_on(
    v: Vacancies,
    open_count: int,
    sector_of: NDArray[np.int8],
    month: int,
    rates: VacancyRates,
    key: np.uint64,
) -> None:
    """Let posts that were not advertised last month open now, in place: nobody was found for them.

    Args:
        v: Vacancies.
        open_count: How many of them are open.
        sector_of: Sector of each employer.
        month: Month number.
        rates: When employers decide.
        key: Key of the stream `vacancy`.
    """
    for k in range(open_count):
        sector = sector_of[v.employer[k]]
        if v.opened[k] == month - 1 and decides(v, k, month - 1, sector, rates, key):
            v.opened[k] = month


@compiled
def put_off(
    vacancy: NDArray[np.int64],
    v: Vacancies,
    open_count: int,
    sector_of: NDArray[np.int8],
    month: int,
    rates: VacancyRates,
    key: np.uint64,
    score: NDArray[np.float64],
) -> None:
    """Turn down the applications for vacancies that are not decided on this month, in place.

    Args:
        vacancy: Vacancy of each application; personal offers stand behind the open vacancies.
        v: Vacancies.
        open_count: How many of them are open.
        sector_of: Sector of each employer.
        month: Month number.
        rates: When employers decide.
        key: Key of the stream `vacancy`.
        score: What the employer thinks of each application.
    """
    waits = np.zeros(open_count, np.bool_)
    for k in range(open_count):
        waits[k] = not decides(v, k, month, sector_of[v.employer[k]], rates, key)
    for a in range(vacancy.size):
        if vacancy[a] < open_count and waits[vacancy[a]]:
            score[a] = REFUSED

"""Bring people to open vacancies: applications that come by a process, not by search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.model.eligibility import class_of
from hesim.model.search import Applications
from hesim.model.weighing import utility_of_vacancy, worth_of_present

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


def open_to(model: HigherEducation, row: int) -> NDArray[np.int64]:
    """Open vacancies that a person may apply to, by the rule of `eligibility`."""
    p, v, count = model.persons, model.market.vacancies, model.market.open_count
    own = class_of(
        int(p.education[row]), model.month - int(p.born[row]), int(p.role[row]),
        model.rates.search.candidate_age,
    )  # fmt: skip
    may = model.rates.qualifying[v.role[:count], v.level[:count]] >> int(own) & 1
    same = (v.employer[:count] == p.employer[row]) & (v.role[:count] == p.role[row])
    return np.flatnonzero((may == 1) & ~same)


def apply_for(model: HigherEducation, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Let people apply for vacancies brought to them, where these are better than what they have.

    Args:
        model: The model, after search; its month's applications grow.
        pairs: Row of the person and number of the open vacancy.

    Returns:
        The pairs that became applications.
    """
    a, n = model.market.applications, model.market.applied
    there = set(zip(a.seeker[:n].tolist(), a.vacancy[:n].tolist(), strict=True))
    made, utilities = [], []
    for row, vacancy in dict.fromkeys(pairs):
        utility = utility_of_vacancy(model, row, vacancy)
        if (row, vacancy) not in there and utility > worth_of_present(model, row):
            made.append((row, vacancy))
            utilities.append(utility)
    if made:
        seeker = np.append(a.seeker[:n], [row for row, _ in made])
        vacancy_of = np.append(a.vacancy[:n], [vacancy for _, vacancy in made])
        utility_of = np.append(a.utility[:n], utilities)
        # A seeker's applications stand together, best first; the match does not depend on more.
        order = np.lexsort((-utility_of, seeker))
        posts = np.append(a.posts[:n], np.ones(len(made), np.uint8))
        model.market.applications = Applications(
            seeker[order], vacancy_of[order], utility_of[order], posts[order]
        )
        model.market.applied = order.size
    return made

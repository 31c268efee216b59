"""Say who may apply where: the one place that holds the rule.

A person may apply when the education reaches the level that the vacancy asks, and
- a PhD candidate's post goes to a master without a PhD who is `young` (below
  `model.hiring.candidate_age`) and no candidate now;
- a postdoc's or professor's post goes to a PhD;
- a lector's post asks a master at least;
- nobody applies for the role already held with the same employer.
Whether somebody *wants* to apply is the matter of `choice`, whether the employer takes them of
`hiring`. Label: assumed; the levels are those of tables 3.2 and 3.3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled

POSTDOC, PROFESSOR, CANDIDATE, LECTOR = c.POSTDOC, c.PROFESSOR, c.PHD_CANDIDATE, c.LECTOR
MASTER, PHD = c.MASTER, c.PHD
LEVELS = len(c.EDUCATION)


@compiled
def qualifies(
    education: int, may_become_candidate: bool, vacancy_role: int, vacancy_level: int
) -> bool:
    """Tell whether somebody of this education may apply (codes of `hesim.categories`).

    Args:
        education: Highest education.
        may_become_candidate: Young enough for a PhD candidate's post, and no candidate now.
        vacancy_role: Role of the vacancy.
        vacancy_level: Education that it asks.
    """
    if vacancy_role == CANDIDATE:
        return education == MASTER and may_become_candidate
    if vacancy_role in (POSTDOC, PROFESSOR):
        return education == PHD
    if vacancy_role == LECTOR:
        return education >= MASTER and education >= vacancy_level
    return education >= vacancy_level


@compiled
def who_qualifies(vacancy_role: int, vacancy_level: int) -> int:
    """Apply `qualifies` to every class of persons: bit `class_of(...)` is set for those who may."""
    bits = 0
    for education in range(LEVELS):
        for candidate in range(2):
            if qualifies(education, candidate == 1, vacancy_role, vacancy_level):
                bits |= 1 << (education + LEVELS * candidate)
    return bits


def qualifying_classes() -> NDArray[np.int64]:
    """Who may apply, as bits of `who_qualifies`, by role and level: shape (roles, levels)."""
    return np.array(
        [[who_qualifies(role, level) for level in range(LEVELS)] for role in range(len(c.ROLES))]
    )


@compiled(inline="always")
def class_of(education: int, age_months: int, role: int, candidate_age: int) -> np.uint64:
    """Class of a person for `who_qualifies`."""
    fits = age_months < candidate_age and role != CANDIDATE
    return np.uint64(education + (LEVELS if fits else 0))

"""Say who may apply where: the one place that holds the rule.

A person may apply when the education reaches the level that the vacancy asks, and
- a PhD candidate's post goes to a master without a PhD, under `CANDIDATE_AGE`;
- a postdoc's or professor's post goes to a PhD;
- a lector's post asks a master at least;
- nobody applies for the post already held.
Whether somebody *wants* to apply is the matter of `choice`, whether the employer takes them of
`hiring`. Label: assumed; the levels are those of tables 3.2 and 3.3.
"""

from __future__ import annotations

from numba import njit

from hesim import categories as c

CANDIDATE_AGE = 45 * 12
POSTDOC, PROFESSOR, CANDIDATE, LECTOR = c.POSTDOC, c.PROFESSOR, c.PHD_CANDIDATE, c.LECTOR
MASTER, PHD = c.MASTER, c.PHD


@njit(cache=True, inline="always")
def may_apply(
    education: int,
    age_months: int,
    employer: int,
    role: int,
    vacancy_employer: int,
    vacancy_role: int,
    vacancy_level: int,
) -> bool:
    """Tell whether this person may apply for this vacancy (codes of `hesim.categories`)."""
    if employer == vacancy_employer and role == vacancy_role:
        return False
    if vacancy_role == CANDIDATE:
        return education == MASTER and age_months < CANDIDATE_AGE and role != CANDIDATE
    if vacancy_role in (POSTDOC, PROFESSOR):
        return education == PHD
    if vacancy_role == LECTOR:
        return education >= MASTER and education >= vacancy_level
    return education >= vacancy_level

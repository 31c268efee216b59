"""Replay how an employer ranked the applicants for one vacancy: points by factor, who was taken.

The ranking itself is asked, for one applicant, and leaves the points by factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim.model.hiring import Points, best_noise, rank_applicants
from hesim.model.search import Applications
from hesim.random import join, normal

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

UNSEEN = "unseen"
"""Part of a score that the employer sees and the model does not."""


@dataclass(frozen=True)
class Applicant:
    """One applicant for one vacancy.

    Attributes:
        person: Identity.
        age: Years.
        education: Code of the highest education.
        role: Code of the present role.
        employer: Code of the present employer, -1 without one.
        practice: Years outside academia.
        academic: Years in hbo and wo.
        parts: Points by factor.
        refused: Whether the employer would not take this person even if nobody else came.
        taken: Whether the vacancy went to this person.
        wanted: Place of this vacancy among the applications of this person, 1 the best.
    """

    person: int
    age: float
    education: int
    role: int
    employer: int
    practice: float
    academic: float
    parts: dict[str, float]
    refused: bool
    taken: bool
    wanted: int

    @property
    def score(self) -> float:
        """Points in all."""
        return sum(self.parts.values())


def fate_of(one: Applicant, applicants: Sequence[Applicant]) -> str:
    """What came of an application: `hired`, `refused`, `outranked` or `other_post`.

    Args:
        one: Who applied.
        applicants: All who applied for the same vacancy.
    """
    if one.taken:
        return "hired"
    if one.refused:
        return "refused"
    # Whom nobody ranked above could have had the post, and took one that was liked more.
    above = any(each.taken and each.score > one.score for each in applicants)
    return "outranked" if above else "other_post"


def applicants(model: HigherEducation, vacancy: int) -> list[Applicant]:
    """Replay the ranking for one vacancy, best first; to be called after the month's hiring.

    Args:
        model: A model between `event_hiring` and `event_moves`.
        vacancy: Row among the open vacancies.
    """
    n, applied = model.market.applied, model.market.applications
    p, found = model.persons, []
    for a in np.flatnonzero(applied.vacancy[:n] == vacancy).tolist():
        i = int(applied.seeker[a])
        first = a
        while first > 0 and applied.seeker[first - 1] == i:
            first -= 1
        found.append(
            Applicant(
                person=int(p.id[i]),
                age=(model.month - int(p.born[i])) / 12.0,
                education=int(p.education[i]),
                role=int(p.role[i]),
                employer=int(p.employer[i]),
                practice=int(p.practice[i]) / 12.0,
                academic=int(p.academic[i]) / 12.0,
                parts=_points(model, i, vacancy, int(applied.posts[a])),
                refused=bool(np.isneginf(model.market.score[a])),
                taken=int(model.market.held[vacancy]) == a,
                wanted=a - first + 1,
            )
        )
    return sorted(found, key=lambda one: (one.refused, -one.score))


def _points(model: HigherEducation, i: int, k: int, posts: int) -> dict[str, float]:
    """Points of the person in row `i` for the vacancy in row `k`, by factor; nulls left out.

    `posts` is the number of posts for which the application stands.
    """
    v, rates = model.market.vacancies, model.rates.hiring
    key, parts = model.streams.tie, np.empty((1, len(Points._fields)))
    alone = Applications(np.array([i]), np.array([k]), np.zeros(1), np.ones(1, np.uint8))
    rank_applicants(
        model.persons.columns,
        v,
        alone,
        model.state.places,
        rates,
        model.effects.ranking,
        model.month,
        key,
        model.streams.requirement,
        np.empty(1),
        parts,
    )
    points = dict(zip(Points._fields, parts[0].tolist(), strict=True))
    pair = np.uint64(join(model.persons.id[i], v.id[k]))
    first = float(normal(key, pair, 0, 0))
    points[UNSEEN] = rates.noise * float(best_noise(first, pair, posts, model.month, key))
    return {name: float(value) for name, value in points.items() if value != 0.0}

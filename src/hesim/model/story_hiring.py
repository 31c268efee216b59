"""Replay how an employer ranked the applicants for one vacancy: points by factor, who was taken.

Like the ranking itself (`hiring.rank_applicants`), but keeping the parts; tests compare both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.random import join, normal

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

HBO, WO = c.HBO, c.WO
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


def applicants(model: HigherEducation, vacancy: int) -> list[Applicant]:
    """Replay the ranking for one vacancy, best first; to be called after the month's hiring.

    Args:
        model: A model between `event_hiring` and `event_moves`.
        vacancy: Row among the open vacancies.
    """
    n, applied = model.applied, model.applications
    p, found = model.persons, []
    for a in np.flatnonzero(applied.vacancy[:n] == vacancy).tolist():
        i = int(applied.seeker[a])
        first = a
        while first > 0 and applied.seeker[first - 1] == i:
            first -= 1
        found.append(
            Applicant(
                person=int(p.id[i]), age=(model.month - int(p.born[i])) / 12.0,
                education=int(p.education[i]), role=int(p.role[i]), employer=int(p.employer[i]),
                practice=int(p.practice[i]) / 12.0, academic=int(p.academic[i]) / 12.0,
                parts=_points(model, i, vacancy), refused=bool(np.isneginf(model.score[a])),
                taken=int(model.held[vacancy]) == a, wanted=a - first + 1,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.refused, -one.score))


def _points(model: HigherEducation, i: int, k: int) -> dict[str, float]:
    """Points of the person in row `i` for the vacancy in row `k`, by factor; nulls left out."""
    p, v, rates, shift = model.persons, model.vacancies, model.ranking, model.effects.ranking
    places, hirer, own = model.places, int(v.employer[k]), int(p.employer[i])
    over = int(p.education[i]) - int(v.level[k])
    points = {
        "level": rates.level if over == 0 else 0.0,
        "overqualified": -rates.overqualified * max(over, 0),
        "field": rates.field if p.field[i] == v.field[k] else 0.0,
    }
    worked = int(p.practice[i]) + int(p.academic[i])
    band = int(worked >= rates.bands[0]) + int(worked >= rates.bands[1])
    points["seniority"] = -rates.seniority * abs(band - int(v.seniority[k]))
    sector = int(places.sector_of[hirer])
    if sector == HBO:
        share = min(int(p.practice[i]) / rates.practice_full, 1.0)
        points["practice"] = rates.practice * share * float(shift.asked[hirer])
    elif sector in (WO, c.RESEARCH, c.UMC):
        share = min(int(p.academic[i]) / rates.research_full, 1.0)
        points["research_record"] = rates.research * share * float(shift.asked[hirer])
    if own >= 0 and places.sector_of[own] <= WO:
        if int(places.sector_of[own]) + sector == HBO + WO:
            points["crosser"] = float(shift.crosser[hirer])
        if places.partner[own, hirer] == 1:
            points["partner"] = float(shift.partner[hirer])
        if places.region_of[own] == places.region_of[hirer]:
            points["near"] = float(shift.near[hirer])
    if p.education[i] == c.PHD:
        points["doctor"] = float(shift.doctor[hirer])
    elif p.education[i] == c.MASTER:
        points["master_degree"] = float(shift.master[hirer])
    pair = np.uint64(join(p.id[i], v.id[k]))
    points[UNSEEN] = rates.noise * float(normal(model.keys["tie"], pair, 0, 0))
    return {name: value for name, value in points.items() if value != 0.0}

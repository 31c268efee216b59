"""Replay one person's search of a month: what was looked at, seen, weighed and applied for.

The draws are keyed, so the same keys give the same draws: nothing is added to the compiled search,
and what is told here is what happened (tests compare both).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.model.board import SECTORS
from hesim.model.channels import SCHOOL_LEAVER, draw_channels, strength_of_ties
from hesim.model.choice import HBO, NO_JOB, OUTSIDE, WO
from hesim.model.items import HEADINGS
from hesim.model.weighing import (
    Job,
    applications_of,
    job_of_vacancy,
    limits_of,
    luck,
    parts_of_job,
    parts_of_present,
    tastes_of,
    views_of,
)
from hesim.random import SPARE
from hesim.random import join as join_
from hesim.random import output_at as output_at_
from hesim.story.ranking import Applicant

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


def generator_output(seed: np.uint64, place: np.uint64) -> np.uint64:
    """Output of the generator, likewise."""
    return np.uint64(output_at_(seed, place))


def joint_identity(first: np.uint64, second: np.uint64) -> np.uint64:
    """One identity of two, likewise."""
    return np.uint64(join_(first, second))


LUCK = "luck"
"""Part of a utility that nobody can explain: the standard Gumbel draw."""


@dataclass
class Sighting:
    """One vacancy that was seen.

    Attributes:
        vacancy: Identity of the vacancy.
        row: Its row among the month's open vacancies.
        employer: Code of the employer.
        role: Code of the role.
        field: Code of the field.
        contract: Code of the contract offered.
        hours: Weekly hours.
        km: Way to work, kilometres.
        channels: Names of the channels that showed it.
        parts: Utility by factor; their sum is what was weighed.
        rank: Place among the month's applications, 1 the best; 0 when there was none.
        outcome: What came of it: see `story.OUTCOMES`.
        applicants: Who else applied, best first, see `story_hiring`.
    """

    vacancy: int
    row: int
    employer: int
    role: int
    field: int
    contract: int
    hours: int
    km: float
    channels: tuple[str, ...]
    parts: dict[str, float]
    rank: int = 0
    outcome: str = "not_better"
    applicants: list[Applicant] = dataclasses.field(default_factory=list)

    @property
    def utility(self) -> float:
        """What was weighed."""
        return sum(self.parts.values())


@dataclass
class Look:
    """One person's search in one month.

    Attributes:
        circle: Code of the field whose vacancies were looked at first.
        passed: Vacancies looked at that the person may apply to, each counted once.
        considered: Sectors (hbo, wo) that the person thinks of.
        present: Value of the present job, or of having none, by factor.
        seen: Vacancies seen, best first; one seen at several looks as at its best.
        sent: How many of those the search made applications to.
    """

    circle: int
    passed: int
    considered: tuple[str, ...]
    present: dict[str, float]
    seen: list[Sighting]
    sent: int


def look(model: HigherEducation, i: int) -> Look:
    """Replay the search of the person in row `i`; to be called after the month's search.

    Args:
        model: A model between `event_search` and `event_moves`.
        i: Row of a person who looks this month.
    """
    p, b = model.persons, model.market.board
    employer, home = int(p.employer[i]), int(p.home[i])
    from_kind = (
        NO_JOB if employer < 0 else min(int(model.state.places.sector_of[employer]), OUTSIDE)
    )
    thought_of, limits = limits_of(model, i)
    views, found = views_of(model, i), dict[int, Sighting]()
    present = named_present(model, i)
    better: list[tuple[float, int]] = []
    for view in views:
        for k in view.rows:
            hirer = int(b.employer[k])
            partners = int(model.state.places.partner[employer, hirer])
            word = np.uint64(generator_output(view.seed, b.id[k])) >> SPARE
            if not word < limits[int(b.spot[k]), partners]:
                continue
            if hirer == employer and int(b.role[k]) == int(p.role[i]):
                continue
            row = int(b.row[k])
            parts = named_offer(model, i, job_of_vacancy(model, row))
            parts[LUCK] = luck(model, i, int(b.id[k]), view.look)
            weighed = sum(parts.values())
            if weighed > sum(present.values()):
                better.append((weighed, row))
            if row in found and found[row].utility >= weighed:
                continue
            found[row] = Sighting(
                vacancy=int(b.id[k]),
                row=row,
                employer=hirer,
                role=int(b.role[k]),
                field=int(model.market.vacancies.field[row]),
                contract=int(b.contract[k]),
                hours=int(b.hours[k]),
                km=float(model.state.places.distance[home, b.town[k]]),
                channels=_channels(model, i, int(k), from_kind),
                parts=parts,
            )
    seen = sorted(found.values(), key=lambda one: -one.utility)
    best = sorted(better, reverse=True)[: applications_of(model, i)]
    passed = len({k for view in views for k in view.rows})
    kinds = tuple(c.KINDS[kind] for kind in range(SECTORS) if thought_of >> kind & 1)
    return Look(views[0].circle, passed, kinds, present, seen, len({row for _, row in best}))


def _headings(
    model: HigherEducation, i: int, employer: int, role: int, scale: float
) -> dict[str, float]:
    choice = model.state.choice
    tastes = tastes_of(model.persons.id[i], choice.taste_sd, model.streams.taste)
    parts = tastes * choice.value[employer, role]
    return {name: scale * float(part) for name, part in zip(HEADINGS, parts, strict=True)}


def named_present(model: HigherEducation, i: int) -> dict[str, float]:
    """Value of what the person in row `i` has, by name of the factor; their sum is the bar."""
    p, parts = model.persons, parts_of_present(model, i)
    if p.employer[i] < 0:
        return {"no_job": -parts.jobless}
    named = _headings(model, i, int(p.employer[i]), int(p.role[i]), parts.scale)
    named["security"] = parts.scale * parts.security
    named["distance"] = -parts.distance
    named["push"] = -parts.push
    optional = {"ending": -parts.ending, "side": parts.side}
    return named | {name: part for name, part in optional.items() if part != 0.0}


def named_offer(model: HigherEducation, i: int, job: Job) -> dict[str, float]:
    """Value of an offer to the person in row `i`, by name of the factor, without luck."""
    parts = parts_of_job(model, i, job)
    named = _headings(model, i, job.employer, job.role, parts.scale)
    named["security"] = parts.scale * parts.security
    named["distance"] = -parts.distance
    optional = {
        "change": -parts.change,
        "sector": -parts.sector,
        "outside": -parts.outside,
        "contract": -parts.contract,
        "hours": -parts.hours,
        "outlook": parts.outlook,
    }
    return named | {name: part for name, part in optional.items() if part != 0.0}


def _channels(model: HigherEducation, i: int, k: int, from_kind: int) -> tuple[str, ...]:
    """Channels that showed the vacancy in row `k`: drawn as the model draws them for a hire."""
    p, b, f = model.persons, model.market.board, model.effects.frictions
    kind, hirer = int(b.kind[k]), int(b.employer[k])
    ties = 1.0
    if from_kind + kind == HBO + WO:
        partners = int(model.state.places.partner[int(p.employer[i]), hirer]) == 1
        ties = float(strength_of_ties(p.contacts[i], partners, model.rates.channels.gains))
    row = int(b.row[k])
    came_from = from_kind if from_kind != NO_JOB else int(p.last[i])
    shown_to = int(f.classes[hirer, b.role[k], model.market.vacancies.field[row]])
    bits = draw_channels(
        came_from,
        kind,
        ties,
        bool(p.prior[i] != SCHOOL_LEAVER),
        model.rates.channels,
        f.promoted_by[shown_to, from_kind],
        model.streams.channel,
        joint_identity(p.id[i], b.id[k]),
    )
    return tuple(name for place, name in enumerate(c.CHANNELS) if bits >> place & 1)

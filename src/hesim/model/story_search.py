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
from hesim.model.board import GRID, REGIONS
from hesim.model.channels import (
    ACQUAINTANCES,
    ASKED,
    SCHOOL_LEAVER,
    chance_seen,
    draw_channels,
    strength_of_ties,
)
from hesim.model.choice import HBO, KM_UNIT, NO_JOB, OUTSIDE, PERMANENT, WITH_PROSPECT, WO, taste
from hesim.model.eligibility import class_of
from hesim.model.items import HEADINGS
from hesim.model.push import ENDING, items_that_bite
from hesim.model.search import band_of
from hesim.model.story_hiring import Applicant
from hesim.model.ties import chance_to_consider
from hesim.random import draw, uniform
from hesim.random import join as join_
from hesim.random import moment as moment_
from hesim.random import output_at as output_at_

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


def moment(key: np.uint64, counter: int, lane: int) -> np.uint64:
    """Seed of a moment, as the type that the compiled draws were compiled for."""
    return np.uint64(moment_(key, counter, lane))


def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
    """Output of the generator, likewise."""
    return np.uint64(output_at_(seed, place))


def join(first: np.uint64, second: np.uint64) -> np.uint64:
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
        circle: Code of the field whose vacancies were looked at.
        passed: Vacancies on the stretch looked at that the person may apply to.
        considered: Kinds of employer (hbo, wo, outside) that the person thinks of.
        present: Value of the present job, or of having none, by factor.
        seen: Vacancies seen, best first.
    """

    circle: int
    passed: int
    considered: tuple[str, ...]
    present: dict[str, float]
    seen: list[Sighting]


def look(model: HigherEducation, i: int) -> Look:
    """Replay the search of the person in row `i`; to be called after the month's search.

    Args:
        model: A model between `event_search` and `event_moves`.
        i: Row of a person who looks this month.
    """
    p, b, month, keys = model.persons, model.board, model.month, model.keys
    identity, employer, home = p.id[i], int(p.employer[i]), int(p.home[i])
    from_kind = NO_JOB if employer < 0 else min(int(model.places.sector_of[employer]), OUTSIDE)
    thinks, chance = _chances(model, i, from_kind)
    circle, rows = _arc(model, i)
    sees_from = output_at(moment(keys["seen"], month, 8), identity)
    weighs_from = output_at(moment(keys["choice"], month, 0), identity)
    tastes = _tastes(model, identity)
    seen = []
    for k in rows:
        hirer = int(b.employer[k])
        partners = int(model.places.partner[employer, hirer])
        if not draw(sees_from, b.id[k]) < chance[int(b.spot[k]), partners]:
            continue
        if hirer == employer and int(b.role[k]) == int(p.role[i]):
            continue
        parts = _parts(model, i, int(k), from_kind, tastes)
        parts[LUCK] = float(-np.log(-np.log(draw(weighs_from, b.id[k]))))
        row = int(b.row[k])
        seen.append(
            Sighting(
                vacancy=int(b.id[k]), row=row, employer=hirer, role=int(b.role[k]),
                field=int(model.vacancies.field[row]), contract=int(b.contract[k]),
                hours=int(b.hours[k]), km=float(model.places.distance[home, b.town[k]]),
                channels=_channels(model, i, int(k), from_kind), parts=parts,
            )
        )  # fmt: skip
    seen.sort(key=lambda one: -one.utility)
    named = tuple(c.KINDS[kind] for kind in range(c.NO_KIND) if thinks[kind])
    return Look(circle, len(rows), named, _present(model, i, from_kind, tastes), seen)


def _tastes(model: HigherEducation, identity: np.uint64) -> list[float]:
    key, spread = model.keys["taste"], model.choices.taste_sd
    return [float(taste(moment(key, 0, h), identity, spread)) for h in range(len(HEADINGS))]


def _present(
    model: HigherEducation, i: int, from_kind: int, tastes: list[float]
) -> dict[str, float]:
    """Value of what the person has, by factor."""
    p, choice = model.persons, model.choices
    if from_kind == NO_JOB:
        return {"no_job": -choice.jobless, "side": float(p.side[i])} if p.side[i] else {
            "no_job": -choice.jobless
        }  # fmt: skip
    employer, role, scale = int(p.employer[i]), int(p.role[i]), float(choice.scale[from_kind])
    km = float(model.places.distance[p.home[i], p.place[i]])
    parts = {
        name: scale * tastes[h] * float(choice.value[employer, role, h])
        for h, name in enumerate(HEADINGS)
    }
    parts["security"] = scale * float(choice.security[p.contract[i]])
    parts["distance"] = -choice.costs.distance * km / KM_UNIT
    parts["push"] = -choice.push * int(items_that_bite(p.exposure[i]))
    if p.search[i] == ENDING:
        parts["ending"] = -choice.ending
    if p.side[i]:
        parts["side"] = float(p.side[i])
    return parts


def _parts(
    model: HigherEducation, i: int, k: int, from_kind: int, tastes: list[float]
) -> dict[str, float]:
    """Utility of the vacancy in row `k` of the board, by factor, without luck."""
    p, b, choice, f = model.persons, model.board, model.choices, model.effects.frictions
    costs = choice.costs
    employer, hirer, kind = int(p.employer[i]), int(b.employer[k]), int(b.kind[k])
    scale, old, new = float(choice.scale[kind]), int(p.contract[i]), int(b.contract[k])
    if f.pool[hirer] >= 0 and f.pool[hirer] == f.pool[employer]:
        new = min(old, new)
    km = float(model.places.distance[p.home[i], b.town[k]])
    parts = {
        name: scale * tastes[h] * float(choice.value[hirer, b.role[k], h])
        for h, name in enumerate(HEADINGS)
    }
    parts["security"] = scale * float(choice.security[new])
    parts["distance"] = -costs.distance * km / KM_UNIT
    if from_kind != NO_JOB:
        parts["change"] = -costs.stay
        if from_kind != kind:
            if from_kind + kind == HBO + WO:
                left = max(float(f.sector_left[employer]), float(f.sector_left[hirer]))
                parts["sector"] = -costs.sector * left
            else:
                left = max(float(f.outside_left[employer]), float(f.outside_left[hirer]))
                parts["outside"] = -costs.outside * left
        if old == PERMANENT and new != PERMANENT:
            risk = costs.prospect_risk if new == WITH_PROSPECT else 1.0
            parts["contract"] = -costs.contract * risk
        gap = abs(int(p.hours[i]) - int(b.hours[k]))
        parts["hours"] = -costs.hours * gap / costs.full_week
    came_from = from_kind if from_kind != NO_JOB else int(p.last[i])
    if came_from + kind == HBO + WO and p.outlook[i]:
        parts["outlook"] = float(p.outlook[i])
    return parts


def _chances(
    model: HigherEducation, i: int, from_kind: int
) -> tuple[list[bool], dict[tuple[int, int], float]]:
    """Which kinds are thought of, and the chance to see by spot of the board and partner."""
    p, rates, search = model.persons, model.channels, model.searching
    f, employer = model.effects.frictions, int(p.employer[i])
    worked = int(p.prior[i] != SCHOOL_LEAVER)
    region = int(model.places.town_region[p.home[i]])
    came_from = from_kind if from_kind != NO_JOB else int(p.last[i])
    thinks, chance = [], {}
    outsider = search.reach[
        p.prior[i], band_of(model.month - int(p.born[i]), search.age_edges), p.education[i],
        band_of(int(p.practice[i]) + int(p.academic[i]), search.work_edges), p.sex[i],
    ]  # fmt: skip
    for kind in range(c.NO_KIND):
        considers = True
        if kind != OUTSIDE:
            considered = float(outsider[kind])
            if from_kind < OUTSIDE or p.last[i] < OUTSIDE:
                considered = float(chance_to_consider(p.knowledge[i], p.awareness[i]))
            considered += (1.0 - considered) * float(f.known[employer])
            if kind == came_from:
                considered = float(search.again[kind])
            since = int(p.search_since[i])
            considers = uniform(model.keys["seen"], p.id[i], since, kind) < considered
        thinks.append(considers)
        for partners in range(2):
            ties = 1.0
            if from_kind + kind == HBO + WO:
                ties = float(strength_of_ties(p.contacts[i], partners == 1, rates.gains))
            seen = 0.0
            if considers:
                of = rates.chance[came_from, kind]
                seen = float(
                    chance_seen(
                        rates.unseen[came_from, kind, worked], of[ACQUAINTANCES], of[ASKED], ties,
                        rates.gains.most,
                    )
                )  # fmt: skip
            for shown_to in range(f.promoted.shape[0]):
                more = (1.0 - seen) * float(f.promoted[shown_to, from_kind]) if considers else 0.0
                for other in range(REGIONS):
                    near = 1.0 if other == region else search.other_region
                    spot = (shown_to * c.NO_KIND + kind) * REGIONS + other
                    chance[spot, partners] = (seen + (more if shown_to else 0.0)) * near
    return thinks, chance


def _arc(model: HigherEducation, i: int) -> tuple[int, list[int]]:
    """The field looked at, and the rows of the board on the stretch, as far as they fit."""
    p, b, month, search = model.persons, model.board, model.month, model.searching
    key, identity = model.keys["window"], p.id[i]
    age = month - int(p.born[i])
    own_class = int(class_of(p.education[i], age, p.role[i], search.candidate_age))
    which = draw(moment(key, month, 2), identity)
    circle = int(p.field[i])
    if which < search.other_field:
        circle = int(which / search.other_field * search.arc.size)
    start = circle + draw(moment(key, month, 0), identity)
    end, rows = start + float(search.arc[circle]), []
    count = b.place.size
    for part in range(2):
        low = start if part == 0 else float(circle)
        high = min(end, circle + 1.0) if part == 0 else end - 1.0
        if high <= low:
            continue
        begin, stop = int(b.first[int(low * GRID)]), int(b.first[int(high * GRID)])
        while begin < count and b.place[begin] < low:
            begin += 1
        while stop < count and b.place[stop] < high:
            stop += 1
        low_row, high_row = int(b.before[own_class, begin]), int(b.before[own_class, stop])
        rows += b.listed[own_class, low_row:high_row].tolist()
    return circle, rows


def _channels(model: HigherEducation, i: int, k: int, from_kind: int) -> tuple[str, ...]:
    """Channels that showed the vacancy in row `k`: drawn as the model draws them for a hire."""
    p, b, f = model.persons, model.board, model.effects.frictions
    kind, hirer = int(b.kind[k]), int(b.employer[k])
    ties = 1.0
    if from_kind + kind == HBO + WO:
        partners = int(model.places.partner[int(p.employer[i]), hirer]) == 1
        ties = float(strength_of_ties(p.contacts[i], partners, model.channels.gains))
    row = int(b.row[k])
    came_from = from_kind if from_kind != NO_JOB else int(p.last[i])
    shown_to = int(model.effects.classes[hirer, b.role[k], model.vacancies.field[row]])
    bits = draw_channels(
        came_from, kind, ties, bool(p.prior[i] != SCHOOL_LEAVER), model.channels,
        f.promoted_by[shown_to, from_kind], model.keys["channel"], join(p.id[i], b.id[k]),
    )  # fmt: skip
    return tuple(name for place, name in enumerate(c.CHANNELS) if bits >> place & 1)

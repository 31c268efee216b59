"""The interface between the model and what acts on it from outside: read this to write a process.

The model knows no lever. Once a month it asks its `policy.Policy` for `Effects`, and again after
people have searched, whether it has applications to add. A lever's process is called at these two
moments and gets the model. It may read and change what this page lists, and nothing else. All other
attributes belong to the model and may change with any version.

**Read** (`READS`): the month, the persons' columns, the employers, the ledger, the market's
vacancies and applications, the rates and settings named here, and the key of its own draws. All
codes are those of `hesim.categories`. A month is a whole number; 0 is the first recorded one.

**Change** (`CHANGES`): the columns of persons named here, in place. Whoever changes an employer or
role, or begins or ends something that a ledger should tell, notes it by `ledger.note_flow`. Heads
must be conserved: nobody is added, removed or given to two main employers. Costs, visibility,
ranking, offers and demand are changed by the dials of a lever, not by a process.

**Call**: the functions of this module, of `hesim.model.weighing` (what a job is worth to a person,
and what the person has: the same compiled rules that search uses), `ledger.note_flow`,
`jobs.end_second_job`, `jobs.role_beside` and `market.vacancy_identity`.
A process makes no applications and no matches of its own: it brings people to vacancies by
`apply_for`. They apply where that is better than what they have, and are ranked like anybody.

**Draw** random numbers by `hesim.random.uniforms(key, identities, month, lane)`, with the key that
`Turn.area` gives and a lane of one's own, never from NumPy or `random`. So a draw depends on who
draws and when, and a lever that reaches nobody changes nothing.

**Keep** what is under way in attributes of the process itself, by identity (`persons.id`) and not
by row, since rows are given to others. `rows_of` finds the rows again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.model.eligibility import class_of
from hesim.model.recorder import count_posts
from hesim.model.search import with_more
from hesim.model.weighing import utility_of_vacancy, worth_of_present

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

READS: tuple[str, ...] = (
    "month",
    "persons",
    "employers",
    "ledger",
    "market.vacancies",
    "market.open_count",
    "market.ordinals",
    "market.applications",
    "market.applied",
    "state.demand.first",
    "rates.choice",
    "rates.jobs",
    "rates.moves",
    "rates.pay",
    "rates.pull_items",
    "rates.push_items",
    "rates.vacancies.direct",
    "rates.vacancies.profiles",
    "recorder.defences",
    "streams.levers",
    "streams.offer",
    "streams.vacancy",
    "settings",
    "tables",
)
"""What may be read of a model from outside, with all that lies below each."""

CHANGES: tuple[str, ...] = (
    "employer",
    "role",
    "place",
    "hours",
    "employer2",
    "hours2",
    "ends2",
    "side",
    "marks",
    "search",
    "search_since",
    "exposure",
    "practice",
    "past",
    "awareness",
    "contacts",
    "outlook",
    "defence",
)
"""Columns of persons that may be changed from outside."""

MODULES: tuple[str, ...] = (
    "board",
    "choice",
    "decisions",
    "interface",
    "items",
    "jobs",
    "ledger",
    "market",
    "policy",
    "push",
    "ties",
    "weighing",
)
"""Modules of `hesim.model` of which the levers of the package use functions and codes."""


def rows_of(model: HigherEducation, ids: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Row of each person, or -1 for who has left the population."""
    p = model.persons
    here = np.flatnonzero(p.present)
    order = here[np.argsort(p.id[here], kind="stable")]
    known = p.id[order]
    at = np.minimum(np.searchsorted(known, ids), max(known.size - 1, 0))
    return np.where(known[at] == ids, order[at], -1) if known.size else np.full(ids.size, -1)


def missing_posts(model: HigherEducation) -> NDArray[np.int32]:
    """Posts that nobody fills, by employer, role and field: posts wanted less staff."""
    target = model.employers.target
    staff, waiting = np.zeros(target.shape, np.int32), np.zeros(target.shape, np.int32)
    market = model.market
    count_posts(model.persons.columns, market.vacancies, market.open_count, staff, waiting)
    return np.maximum(target - staff, 0).astype(np.int32)


def open_to(model: HigherEducation, row: int) -> NDArray[np.int64]:
    """Open vacancies that a person may apply to, by the rule of `eligibility`."""
    p, v, count = model.persons, model.market.vacancies, model.market.open_count
    own = class_of(
        int(p.education[row]),
        model.month - int(p.born[row]),
        int(p.role[row]),
        model.rates.search.candidate_age,
    )
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
        rows, vacancies = (np.array(column, np.int64) for column in zip(*made, strict=True))
        more = with_more(a, n, rows, vacancies, np.array(utilities))
        model.market.applications, model.market.applied = more, n + len(made)
    return made

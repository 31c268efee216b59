"""Weigh a job, or the search for one, for a single person outside the search's kernel.

Stories and lever processes ask here. The rules are those of `choice` and `visibility`, which the
kernels call too; this module only reads the columns that the rules ask about. Everything is to be
called between the month's levers and its moves.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled
from hesim.model.board import REGIONS, SECTORS
from hesim.model.channels import SCHOOL_LEAVER, ChannelRates
from hesim.model.choice import (
    NO_JOB,
    OUTSIDE,
    ChoiceRates,
    Mover,
    Offer,
    OfferParts,
    Present,
    PresentParts,
    note_tastes,
    offer_parts,
    present_parts,
    taste_moments,
    utility,
    value_of_headings,
    worth,
)
from hesim.model.eligibility import class_of
from hesim.model.geography import Geography
from hesim.model.items import HEADINGS
from hesim.model.policy import Frictions
from hesim.model.push import ENDING, items_that_bite
from hesim.model.search import SearchRates, most_applications
from hesim.model.visibility import (
    Rounds,
    Viewer,
    band_of,
    look_from,
    note_limits,
    seed_of_look,
    stretch,
)
from hesim.population.persons import Columns
from hesim.random import moment, output_at, uniform_of

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

PULLS = len(HEADINGS)


class Job(NamedTuple):
    """A job as it is weighed: codes of employer, role, contract, weekly hours and town."""

    employer: int
    role: int
    contract: int
    hours: int
    town: int


@compiled(inline="always")
def kind_of(employer: int, sector_of: NDArray[np.int8]) -> int:
    """Kind of an employer: hbo, wo, outside or, for -1, none."""
    return NO_JOB if employer < 0 else min(int(sector_of[employer]), OUTSIDE)


@compiled(inline="always")
def kind_at(employer: int, places: Geography) -> int:
    """The same, of the employers' own sectors."""
    return kind_of(employer, places.sector_of)


@compiled
def tastes_of(identity: np.uint64, spread: float, key: np.uint64) -> NDArray[np.float64]:
    """A person's tastes by heading, shape (5,); `key` is that of the stream `taste`."""
    tastes = np.empty(PULLS)
    note_tastes(identity, taste_moments(PULLS, key), spread, tastes)
    return tastes


@compiled
def present_of(
    p: Columns, i: int, places: Geography, choice: ChoiceRates, key: np.uint64
) -> PresentParts:
    """What the person in a row has, factor by factor; `key` is that of the stream `taste`."""
    employer = int(p.employer[i])
    kind, offers, km = kind_at(employer, places), 0.0, 0.0
    if kind != NO_JOB:
        tastes = tastes_of(p.id[i], choice.taste_sd, key)
        offers = value_of_headings(tastes, choice.value, employer, p.role[i])
        km = float(places.distance[p.home[i], p.place[i]])
    now = Present(
        kind,
        p.contract[i],
        p.search[i] == ENDING,
        items_that_bite(p.exposure[i]),
        np.float64(p.side[i]),
        km,
        offers,
    )
    return present_parts(now, choice)


@compiled
def offer_of(
    p: Columns,
    i: int,
    job: Job,
    places: Geography,
    choice: ChoiceRates,
    frictions: Frictions,
    key: np.uint64,
) -> OfferParts:
    """What a job is worth to the person in a row, factor by factor."""
    own = int(p.employer[i])
    kind = kind_at(own, places)
    mover = Mover(
        kind,
        kind if kind != NO_JOB else int(p.last[i]),
        int(p.contract[i]),
        int(p.hours[i]),
        np.float64(p.outlook[i]),
        frictions.pool[own],
        frictions.sector_left[own],
        frictions.outside_left[own],
    )
    tastes = tastes_of(p.id[i], choice.taste_sd, key)
    new = Offer(
        kind_at(job.employer, places),
        job.contract,
        job.hours,
        float(places.distance[p.home[i], job.town]),
        value_of_headings(tastes, choice.value, job.employer, job.role),
        frictions.pool[job.employer],
        frictions.sector_left[job.employer],
        frictions.outside_left[job.employer],
    )
    return offer_parts(mover, new, choice.security, choice.scale, choice.costs)


@compiled
def _limits(
    p: Columns,
    i: int,
    month: int,
    places: Geography,
    search: SearchRates,
    channels: ChannelRates,
    frictions: Frictions,
    key: np.uint64,
    limits: NDArray[np.uint64],
) -> int:
    employer, last = int(p.employer[i]), int(p.last[i])
    kind = kind_at(employer, places)
    viewer = Viewer(
        p.id[i],
        p.search_since[i],
        kind,
        kind if kind != NO_JOB else last,
        kind < OUTSIDE or last < OUTSIDE,
        p.prior[i] != SCHOOL_LEAVER,
        places.town_region[p.home[i]],
        p.awareness[i],
        p.past[i] | search.familiarity.near[p.home[i]],
        p.contacts[i],
        frictions.known[employer],
        search.other_region,
    )
    biography = search.reach[
        p.prior[i],
        band_of(month - p.born[i], search.age_edges),
        p.education[i],
        band_of(int(p.practice[i]) + int(p.academic[i]), search.work_edges),
        p.sex[i],
    ]
    return note_limits(
        viewer,
        biography,
        search.familiarity,
        channels.unseen,
        channels.chance,
        channels,
        frictions.promoted,
        key,
        limits,
    )


def parts_of_present(model: HigherEducation, row: int) -> PresentParts:
    """What a person has now, factor by factor."""
    parts = present_of(
        model.persons.columns, row, model.state.places, model.state.choice, model.streams.taste
    )
    return PresentParts(*parts)


def worth_of_present(model: HigherEducation, row: int) -> float:
    """What a person has: the present job less what pushes, or having none."""
    return float(worth(parts_of_present(model, row)))


def parts_of_job(
    model: HigherEducation, row: int, job: Job, frictions: Frictions | None = None
) -> OfferParts:
    """What a job would be worth to a person, factor by factor.

    Args:
        model: The model.
        row: Row of the person.
        job: The job.
        frictions: What stands between employers, for a process that runs before the month's
            effects are in force; else those of the month.
    """
    if frictions is None:
        frictions = model.effects.frictions
    parts = offer_of(
        model.persons.columns,
        row,
        job,
        model.state.places,
        model.state.choice,
        frictions,
        model.streams.taste,
    )
    return OfferParts(*parts)


def job_of_vacancy(model: HigherEducation, vacancy: int) -> Job:
    """The job that an open vacancy offers."""
    v = model.market.vacancies
    return Job(
        int(v.employer[vacancy]),
        int(v.role[vacancy]),
        int(v.contract[vacancy]),
        int(v.hours[vacancy]),
        int(v.place[vacancy]),
    )


def luck(model: HigherEducation, row: int, identity: int, look: int = 0) -> float:
    """The random part of what a person makes of a job this month: the draw that search takes.

    Args:
        model: The model.
        row: Row of the person.
        identity: Identity of the vacancy.
        look: Number of the look at which the vacancy is seen.
    """
    at = np.uint64(moment(model.streams.choice, model.month, look))
    seed = np.uint64(output_at(at, model.persons.id[row]))
    return -math.log(-math.log(uniform_of(seed, np.uint64(identity))))


def utility_of_vacancy(model: HigherEducation, row: int, vacancy: int) -> float:
    """Utility of an open vacancy to a person, to be compared with `worth_of_present`."""
    parts = parts_of_job(model, row, job_of_vacancy(model, vacancy))
    return float(utility(parts)) + luck(model, row, int(model.market.vacancies.id[vacancy]))


def limits_of(model: HigherEducation, row: int) -> tuple[int, NDArray[np.uint64]]:
    """Sectors that a person thinks of, as bits, and the limits of `visibility.note_limits`."""
    classes = model.effects.frictions.promoted.shape[0]
    limits = np.empty((classes * SECTORS * REGIONS, 2), np.uint64)
    bits = _limits(
        model.persons.columns,
        row,
        model.month,
        model.state.places,
        model.rates.search,
        model.rates.channels,
        model.effects.frictions,
        model.streams.seen,
        limits,
    )
    return int(bits), limits


@compiled
def _look_from(
    identity: np.uint64, field: int, turn: int, month: int, rounds: Rounds, key: np.uint64
) -> tuple[int, float, float]:
    return look_from(identity, field, turn, month, rounds, key)


@compiled
def _seed_of_look(identity: np.uint64, look: int, month: int, key: np.uint64) -> np.uint64:
    return seed_of_look(identity, look, month, key)


@compiled
def _most_applications(amount: float, identity: np.uint64, month: int, key: np.uint64) -> int:
    return most_applications(amount, identity, month, key)


class MarketView(NamedTuple):
    """One look of a person at a stretch of the market.

    Attributes:
        circle: Code of the field looked at.
        look: Number of the look, from 0.
        rows: Rows of the board on the stretch that fit the person.
        seed: Seed of the draws that say what is seen.
    """

    circle: int
    look: int
    rows: list[int]
    seed: np.uint64


def applications_of(model: HigherEducation, row: int) -> int:
    """Applications that a person may send this month, each post counted that one stands for."""
    return int(
        _most_applications(
            model.rates.search.applications,
            model.persons.id[row],
            model.month,
            model.streams.window,
        )
    )


def views_of(model: HigherEducation, row: int) -> list[MarketView]:
    """All looks of a person this month: at full scale one."""
    p, b, month, search = model.persons, model.market.board, model.month, model.rates.search
    identity, rounds = p.id[row], search.rounds
    own_class = int(
        class_of(p.education[row], month - int(p.born[row]), p.role[row], search.candidate_age)
    )
    own_field, views = int(p.field[row]), list[MarketView]()
    for turn in range(math.ceil(rounds.arc[own_field])):
        circle, start, length = _look_from(
            identity, own_field, turn, month, rounds, model.streams.window
        )
        while length > 0.0:
            width, rows = min(length, 1.0), list[int]()
            length -= width
            for part in range(2):
                begin, stop = stretch(b.place, b.first, circle, start, width, part)
                low, high = int(b.before[own_class, begin]), int(b.before[own_class, stop])
                rows += b.listed[own_class, low:high].tolist()
            seed = np.uint64(_seed_of_look(identity, len(views), month, model.streams.seen))
            views.append(MarketView(int(circle), len(views), rows, seed))
    return views

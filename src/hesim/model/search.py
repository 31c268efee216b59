"""Let seekers meet vacancies, weigh them and apply.

A seeker looks at a keyed arc of fixed length of a field's circle (see `board`). Each pair meets
with the same chance, whatever else is open. Seekers never meet all vacancies: the arc shrinks as
the market grows, so the work is linear in people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.board import Board, first_from
from hesim.model.channels import SCHOOL_LEAVER, ChannelRates, chance_seen, strength_of_ties
from hesim.model.choice import (
    HBO,
    NO_JOB,
    OUTSIDE,
    WO,
    ChoiceRates,
    draw_tastes,
    job_value,
    switching_cost,
)
from hesim.model.eligibility import class_of
from hesim.model.push import ENDING, items_that_bite
from hesim.model.ties import knows_other_sector
from hesim.population.persons import Columns
from hesim.random import draw, join, moment, uniform


class SearchRates(NamedTuple):
    """Numbers of the search; see `conf/model/search.yaml`.

    Attributes:
        arc: Share of a field's circle that a seeker looks at, shape (fields,).
        other_region: Chance to consider a post in another region.
        other_field: Chance to look at another field's circle instead of the own.
        seen: Chance that some channel shows a vacancy, from kind to kind, to those who never
            worked (0) and others (1), without ties: shape (4, 3, 2).
        reach: Chance that hbo or wo is considered from outside, by previous situation, (5, 2).
        applications: Applications a month at most.
        candidate_age: Months of age from which nobody becomes PhD candidate.
    """

    arc: NDArray[np.float64]
    other_region: float
    other_field: float
    seen: NDArray[np.float64]
    reach: NDArray[np.float64]
    applications: int
    candidate_age: int


class Keys(NamedTuple):
    """Stream keys of search and choice."""

    window: np.uint64
    seen: np.uint64
    taste: np.uint64
    choice: np.uint64


class Places(NamedTuple):
    """Where things are.

    Attributes:
        town_region: Region of each town, shape (towns,).
        distance: Kilometres, shape (towns, towns).
        sector_of: Sector of each employer.
        partner: 1 where two employers are partners across sectors, (employers, employers).
    """

    town_region: NDArray[np.int8]
    distance: NDArray[np.float32]
    sector_of: NDArray[np.int8]
    partner: NDArray[np.uint8]


class Applications(NamedTuple):
    """Applications of a month as parallel columns; those of one seeker together, best first."""

    seeker: NDArray[np.int64]
    vacancy: NDArray[np.int64]
    utility: NDArray[np.float64]


@njit(cache=True)
def considers(
    p: Columns, i: int, from_kind: int, to_kind: int, rates: SearchRates, key: np.uint64
) -> bool:
    """Tell whether the person thinks of that sector at all in this spell of search."""
    if from_kind == to_kind or to_kind == OUTSIDE:
        return True
    chance = rates.reach[p.prior[i], to_kind]
    if from_kind < OUTSIDE:
        chance = knows_other_sector(p, i)
    return uniform(key, p.id[i], p.search_since[i], to_kind) < chance


@njit(cache=True)
def present_value(
    p: Columns, i: int, from_kind: int, tastes: NDArray[np.float64], places: Places,
    choice: ChoiceRates,
) -> float:  # fmt: skip
    """Value of what the person has now: the present job less what pushes, or no job."""
    if from_kind == NO_JOB:
        return -choice.jobless
    km = places.distance[p.home[i], p.place[i]]
    value = job_value(
        choice.value[p.employer[i], p.role[i]], tastes, choice.security[p.contract[i]], km,
        choice, from_kind,
    )  # fmt: skip
    value -= choice.push * items_that_bite(p.exposure[i])
    return value - choice.ending if p.search[i] == ENDING else value


@njit(cache=True)
def search_and_choose(
    p: Columns,
    board: Board,
    seekers: NDArray[np.int64],
    places: Places,
    month: int,
    search: SearchRates,
    channels: ChannelRates,
    choice: ChoiceRates,
    keys: Keys,
    out: Applications,
) -> int:
    """Write the month's applications into `out`; return their number.

    Args:
        p: Persons.
        board: Open vacancies.
        seekers: Rows of those who look this month.
        places: Towns, employers and partnerships.
        month: Month number.
        search: Rates of the search.
        channels: Rates of the channels.
        choice: Rates of the choice.
        keys: Stream keys.
        out: Filled up to the returned number.
    """
    total, most, fields = 0, search.applications, search.arc.size
    best_utility, best_row = np.empty(most), np.empty(most, np.int64)
    tastes = np.empty(choice.value.shape[2])
    chance = np.zeros((3, 2, 2))
    at_start, at_field = moment(keys.window, month, 0), moment(keys.window, month, 2)
    at_seen, at_choice = moment(keys.seen, month, 8), moment(keys.choice, month, 0)
    for s in range(seekers.size):
        i = seekers[s]
        identity, employer = p.id[i], p.employer[i]
        from_kind = NO_JOB if employer < 0 else min(places.sector_of[employer], OUTSIDE)
        start, which = draw(at_start, identity), draw(at_field, identity)
        circle = p.field[i]
        if which < search.other_field:
            circle = int(which / search.other_field * fields)
        draw_tastes(identity, choice.taste_sd, keys.taste, tastes)
        home = p.home[i]
        home_region = places.town_region[home]
        worked = p.prior[i] != SCHOOL_LEAVER
        current = present_value(p, i, from_kind, tastes, places, choice)
        for kind in range(3):
            open_to = considers(p, i, from_kind, kind, search, keys.seen)
            for partners in range(2):
                seen = search.seen[from_kind, kind, int(worked)] if open_to else 0.0
                if open_to and from_kind + kind == HBO + WO:
                    ties = strength_of_ties(p.contacts[i], partners == 1, channels)
                    seen = chance_seen(from_kind, kind, ties, worked, channels)
                chance[kind, partners, 0] = seen * search.other_region
                chance[kind, partners, 1] = seen
        own_class = class_of(p.education[i], month - p.born[i], p.role[i], search.candidate_age)
        kept = 0
        end = circle + start + search.arc[circle]
        for part in range(2):
            at = first_from(board, circle + start if part == 0 else float(circle))
            high = min(end, circle + 1.0) if part == 0 else end - 1.0
            while at < board.place.size and board.place[at] < high:
                k = at
                at += 1
                if not (board.classes[k] >> own_class) & np.uint64(1):
                    continue
                hirer, kind = board.employer[k], board.kind[k]
                if hirer == employer and board.role[k] == p.role[i]:
                    continue
                partners = places.partner[employer, hirer] if from_kind + kind == HBO + WO else 0
                near = int(board.region[k] == home_region)
                pair = join(identity, board.id[k])
                if draw(at_seen, pair) >= chance[kind, partners, near]:
                    continue
                utility = job_value(
                    choice.value[hirer, board.role[k]], tastes,
                    choice.security[board.contract[k]], places.distance[home, board.town[k]],
                    choice, kind,
                ) - switching_cost(
                    from_kind, kind, p.contract[i], board.contract[k], p.hours[i],
                    board.hours[k], choice,
                )  # fmt: skip
                utility -= np.log(-np.log(draw(at_choice, pair)))
                if utility <= current:
                    continue
                slot = kept
                if kept == most:
                    if utility <= best_utility[most - 1]:
                        continue
                    slot = most - 1
                else:
                    kept += 1
                while slot > 0 and best_utility[slot - 1] < utility:
                    best_utility[slot] = best_utility[slot - 1]
                    best_row[slot] = best_row[slot - 1]
                    slot -= 1
                best_utility[slot], best_row[slot] = utility, k
        for a in range(kept):
            out.seeker[total], out.vacancy[total] = i, board.row[best_row[a]]
            out.utility[total] = best_utility[a]
            total += 1
    return total

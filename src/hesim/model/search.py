"""Let seekers meet vacancies, weigh them and apply.

Vacancies of a field lie on a circle at a keyed place that changes each month; a seeker looks at a
keyed arc of fixed length. Each pair meets with the same chance, whatever else is open: an extra
vacancy is met only by those whose arc covers it. Seekers never meet all vacancies: the arc shrinks
as the market grows, so the work is linear in people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model.choice import ChoiceRates, draw_tastes, job_value, switching_cost
from hesim.model.eligibility import may_apply
from hesim.model.market import Vacancies
from hesim.population.persons import Columns
from hesim.random import join, uniform, uniform2


class SearchRates(NamedTuple):
    """Numbers of the search; see `conf/model/search.yaml`.

    Attributes:
        arc: Share of a field's circle that a seeker looks at, shape (fields,).
        other_region: Chance to consider a post in another region.
        other_field: Chance to look at another field's circle instead of the own.
        seen: Chance that some channel shows a vacancy, from kind to kind, shape (4, 3).
        reach: Chance that hbo or wo is considered by outsiders, shape (2,).
        contacts_gain: How much contacts raise what is seen across sectors.
        partner_gain: How much more of a partner institution's vacancies is seen.
        applications: Applications a month at most.
    """

    arc: NDArray[np.float64]
    other_region: float
    other_field: float
    seen: NDArray[np.float64]
    reach: NDArray[np.float64]
    contacts_gain: float
    partner_gain: float
    applications: int


class Keys(NamedTuple):
    """Stream keys of search and choice."""

    window: np.uint64
    seen: np.uint64
    taste: np.uint64
    choice: np.uint64


class Applications(NamedTuple):
    """Applications of a month as parallel columns."""

    seeker: NDArray[np.int64]
    vacancy: NDArray[np.int64]
    utility: NDArray[np.float64]


@njit(cache=True)
def places_on_circle(v: Vacancies, count: int, month: int, key: np.uint64) -> NDArray[np.float64]:
    """Give each open vacancy its keyed place: field + a uniform of the month."""
    place = np.empty(count)
    for k in range(count):
        place[k] = v.field[k] + uniform(key, v.id[k], np.uint32(month), np.uint32(9))
    return place


@njit(cache=True)
def considers(
    p: Columns, i: int, from_kind: int, to_kind: int, rates: SearchRates, key: np.uint64
) -> bool:
    """Tell whether the person thinks of that sector at all in this spell of search."""
    if from_kind == to_kind or to_kind == 2:
        return True
    draw = uniform(key, p.id[i], np.uint32(p.search_since[i] + 1000), np.uint32(4 + to_kind))
    if from_kind <= 1:
        return draw < p.knowledge[i]
    return draw < rates.reach[to_kind]


@njit(cache=True)
def search_and_choose(
    p: Columns,
    v: Vacancies,
    order: NDArray[np.int64],
    place: NDArray[np.float64],
    seekers: NDArray[np.int64],
    sector_of: NDArray[np.int8],
    employer_place: NDArray[np.int16],
    partner: NDArray[np.uint8],
    town_region: NDArray[np.int8],
    distance: NDArray[np.float32],
    month: int,
    search: SearchRates,
    choice: ChoiceRates,
    keys: Keys,
    out: Applications,
) -> int:
    """Write the month's applications into `out`; return their number.

    Args:
        p: Persons.
        v: Open vacancies.
        order: Vacancies in the order of their place on the circles.
        place: Places in that order, ascending.
        seekers: Rows of those who look this month.
        sector_of: Sector of each employer.
        employer_place: Town of each employer, -1 where it has none.
        partner: 1 where two employers are partners across sectors.
        town_region: Region of each town.
        distance: Kilometres between towns.
        month: Month number.
        search: Rates of the search.
        choice: Rates of the choice.
        keys: Stream keys.
        out: Filled up to the returned number.
    """
    total = 0
    most = search.applications
    best_utility, best_vacancy = np.empty(most), np.empty(most, np.int64)
    tastes = np.empty(choice.value.shape[2])
    open_to = np.empty(3, np.bool_)
    fields = search.arc.size
    for s in range(seekers.size):
        i = seekers[s]
        identity = p.id[i]
        employer = p.employer[i]
        from_kind = 3 if employer < 0 else min(sector_of[employer], 2)
        start, which = uniform2(keys.window, identity, np.uint32(month), np.uint32(0))
        circle = p.field[i]
        if which < search.other_field:
            circle = int(which / search.other_field * fields)
        draw_tastes(identity, choice.taste_sd, keys.taste, tastes)
        home = p.home[i]
        if from_kind == 3:
            current = -choice.jobless
        else:
            town = employer_place[employer]
            km = distance[home, town] if town >= 0 else 10.0
            current = job_value(
                choice.value[employer, p.role[i]], tastes, choice.security[p.contract[i]], km,
                choice, from_kind,
            )  # fmt: skip
            bits = p.exposure[i] & np.uint64(0x7FFFFFFFFFFFFFFF)
            while bits != np.uint64(0):
                current -= choice.push
                bits &= bits - np.uint64(1)
            if p.search[i] == 2:
                current -= choice.ending
        for to_kind in range(3):
            open_to[to_kind] = considers(p, i, from_kind, to_kind, search, keys.seen)
        kept = 0
        arc = search.arc[circle]
        for part in range(2):
            low = circle + start if part == 0 else circle * 1.0
            high = min(circle + start + arc, circle + 1.0)
            if part == 1:
                high = circle + start + arc - 1.0
                if high <= low:
                    continue
            at = np.searchsorted(place, low)
            while at < place.size and place[at] < high:
                k = order[at]
                at += 1
                if not may_apply(
                    p.education[i], month - p.born[i], employer, p.role[i], v.employer[k],
                    v.role[k], v.level[k],
                ):  # fmt: skip
                    continue
                to_kind = min(sector_of[v.employer[k]], 2)
                if not open_to[to_kind]:
                    continue
                pair = join(identity, v.id[k])
                seen, far = uniform2(keys.seen, pair, np.uint32(month), np.uint32(0))
                chance = search.seen[from_kind, to_kind]
                if from_kind + to_kind == 1:
                    chance *= 1.0 + search.contacts_gain * min(p.contacts[i], 4.0)
                    if partner[employer, v.employer[k]]:
                        chance *= 1.0 + search.partner_gain
                if seen >= chance:
                    continue
                if town_region[v.place[k]] != town_region[home] and far >= search.other_region:
                    continue
                utility = job_value(
                    choice.value[v.employer[k], v.role[k]], tastes,
                    choice.security[v.contract[k]], distance[home, v.place[k]], choice, to_kind,
                ) - switching_cost(
                    from_kind, to_kind, p.contract[i], v.contract[k], p.hours[i], v.hours[k],
                    choice,
                )  # fmt: skip
                draw = uniform(keys.choice, pair, np.uint32(month), np.uint32(1))
                utility += -np.log(-np.log(draw))
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
                    best_vacancy[slot] = best_vacancy[slot - 1]
                    slot -= 1
                best_utility[slot], best_vacancy[slot] = utility, k
        for a in range(kept):
            out.seeker[total], out.vacancy[total] = i, best_vacancy[a]
            out.utility[total] = best_utility[a]
            total += 1
    return total

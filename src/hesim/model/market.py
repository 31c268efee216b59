"""Hold the open vacancies and open, fill and withdraw them.

Identity of a vacancy: (employer, role, field, ordinal), so that an extra vacancy renumbers only
the later ones of the same employer, role and field.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.geography import Geography
from hesim.model.policy import OfferShift, RankShift
from hesim.model.requirements import asked_of
from hesim.model.slots import Slots, contract_on_offer
from hesim.random import Streams, uniform

WITH_PROSPECT, WITHOUT_PROSPECT = c.WITH_PROSPECT, c.WITHOUT_PROSPECT
NEARLY_FULL = c.HOURS_BANDS.index("32_35")
"""Band of weekly hours from 0.8 of a full week on."""


class Vacancies(NamedTuple):
    """Columns of vacancies; the first `count` (kept by the model) are open.

    `asks` has a bit for each condition, see `requirements.CONDITIONS`.
    """

    id: NDArray[np.uint64]
    employer: NDArray[np.int16]
    role: NDArray[np.uint8]
    field: NDArray[np.uint8]
    level: NDArray[np.uint8]
    contract: NDArray[np.uint8]
    hours: NDArray[np.uint8]
    seniority: NDArray[np.uint8]
    place: NDArray[np.int16]
    opened: NDArray[np.int16]
    asks: NDArray[np.uint8]


def empty_vacancies(size: int) -> Vacancies:
    """Make columns for `size` vacancies."""
    types = (
        np.uint64,
        np.int16,
        np.uint8,
        np.uint8,
        np.uint8,
        np.uint8,
        np.uint8,
        np.uint8,
        np.int16,
        np.int16,
        np.uint8,
    )
    columns: list[Any] = [np.zeros(size, t) for t in types]
    return Vacancies(*columns)


class Profiles(NamedTuple):
    """Cumulative shares from which a vacancy's offer is drawn, by role: shape (roles, bands).

    Conditions are no bands: each has the share of posts that ask it, shape (roles, conditions).
    """

    level: NDArray[np.float64]
    hours: NDArray[np.float64]
    seniority: NDArray[np.float64]
    hours_of_band: NDArray[np.uint8]
    conditions: NDArray[np.float64]


class VacancyRates(NamedTuple):
    """How vacancies open and what they offer; see `conf/model/vacancies.yaml`.

    Attributes:
        opening: Chance a month that a missing post is advertised.
        withdrawn_after: Months after which a vacancy is withdrawn.
        direct: Chance a month that a post of hbo or wo is not advertised, shape (2,).
        decision: Chance a month that an employer decides on an advertised vacancy.
        profiles: What a vacancy offers.
    """

    opening: float
    withdrawn_after: int
    direct: NDArray[np.float64]
    decision: float
    profiles: Profiles


@compiled
def pick(steps: NDArray[np.float64], draw: float) -> int:
    """Find the band of a cumulative distribution that a uniform draw falls in."""
    for band in range(steps.size - 1):
        if draw < steps[band]:
            return band
    return int(steps.size - 1)


@compiled
def vacancy_identity(employer: int, role: int, field: int, ordinal: int) -> np.uint64:
    """Pack a vacancy's identity."""
    return (
        (np.uint64(2) << np.uint64(60))
        | (np.uint64(employer) << np.uint64(48))
        | (np.uint64(role) << np.uint64(44))
        | (np.uint64(field) << np.uint64(40))
        | np.uint64(ordinal)
    )


class Post(NamedTuple):
    """A post that is to be advertised; `ordinal` counts those of an employer, role and field."""

    employer: int
    role: int
    field: int
    ordinal: int


@compiled
def write_vacancy(
    v: Vacancies,
    at: int,
    post: Post,
    month: int,
    places: Geography,
    profiles: Profiles,
    shift: OfferShift,
    ranking: RankShift,
    slots: Slots,
    streams: Streams,
) -> None:
    """Write one new vacancy with its drawn offer, as policy changes it, into row `at`."""
    employer, role, field = post.employer, post.role, post.field
    key = streams.vacancy
    v.id[at] = vacancy_identity(employer, role, field, post.ordinal)
    v.employer[at], v.role[at], v.field[at] = employer, role, field
    v.opened[at] = month
    v.level[at] = pick(profiles.level[role], uniform(key, v.id[at], 0, 0))
    terms = uniform(key, v.id[at], 0, 1)
    v.contract[at] = contract_on_offer(slots, slots.pool[employer, role], terms)
    band = pick(profiles.hours[role], uniform(key, v.id[at], 0, 2))
    if uniform(streams.offer, v.id[at], 0, 0) < shift.full[employer, role, field]:
        band = max(band, NEARLY_FULL)
    elif uniform(streams.offer, v.id[at], 0, 1) < shift.part[employer, role, field]:
        band = 0
    v.hours[at] = profiles.hours_of_band[band]
    hopes = uniform(streams.offer, v.id[at], 0, 2) < shift.prospect[employer, role, field]
    if hopes and v.contract[at] == WITHOUT_PROSPECT:
        v.contract[at] = WITH_PROSPECT
    v.seniority[at] = pick(profiles.seniority[role], uniform(key, v.id[at], 0, 3))
    v.asks[at] = asked_of(
        profiles.conditions[role],
        v.id[at],
        ranking.asked[employer],
        ranking.teaching[employer],
        streams.requirement,
    )
    v.place[at] = places.town_of[employer]


@compiled
def open_vacancies(
    v: Vacancies,
    count: int,
    gap: NDArray[np.int32],
    ordinals: NDArray[np.int32],
    month: int,
    places: Geography,
    rates: VacancyRates,
    shift: OfferShift,
    ranking: RankShift,
    slots: Slots,
    streams: Streams,
) -> int:
    """Open posts where staff and open vacancies fall short of the target; return the new count.

    Each missing post opens this month with a chance, keyed by the vacancy to be. Posts outside are
    not advertised: people are offered them in person. `lengthened` must have made room for all
    (raises IndexError when there is too little).
    """
    _, roles, fields = gap.shape
    for employer in range(places.institutions):
        for role in range(roles):
            for field in range(fields):
                for missing in range(gap[employer, role, field]):
                    if count >= v.id.size:
                        raise IndexError("there is no room for another vacancy")
                    post = Post(employer, role, field, ordinals[employer, role, field])
                    name = vacancy_identity(employer, role, field, post.ordinal)
                    if uniform(streams.vacancy, name, month, 5 + missing) >= rates.opening:
                        continue
                    write_vacancy(
                        v,
                        count,
                        post,
                        month,
                        places,
                        rates.profiles,
                        shift,
                        ranking,
                        slots,
                        streams,
                    )
                    ordinals[employer, role, field] += 1
                    count += 1
    return count


def lengthened(v: Vacancies, needed: int) -> Vacancies:
    """The same columns, or longer copies where they hold fewer than so many vacancies."""
    if needed <= v.id.size:
        return v
    longer = empty_vacancies(needed + needed // 8)
    for name in Vacancies._fields:
        getattr(longer, name)[: v.id.size] = getattr(v, name)
    return longer


@compiled
def drop_vacancies(v: Vacancies, count: int, gone: NDArray[np.bool_]) -> int:
    """Drop the vacancies marked in `gone`, in place; return how many stay open."""
    stay = 0
    for k in range(count):
        if gone[k]:
            continue
        if stay != k:
            v.id[stay], v.employer[stay], v.role[stay] = v.id[k], v.employer[k], v.role[k]
            v.field[stay], v.level[stay] = v.field[k], v.level[k]
            v.contract[stay], v.hours[stay] = v.contract[k], v.hours[k]
            v.seniority[stay], v.place[stay] = v.seniority[k], v.place[k]
            v.opened[stay], v.asks[stay] = v.opened[k], v.asks[k]
        stay += 1
    return stay

"""Say who sees which vacancy: the one place that holds the rule.

A person who looks for a job thinks of an employer's sector or does not: that is drawn once for each
search. In the sectors thought of, each vacancy on the person's stretch of the circle (see `board`)
is seen with a chance: that at least one channel shows it, times the chance to consider its region.
Policy may show vacancies of a class to more people. Who does not think of a sector sees none of it.

Everybody thinks of where they work or lost a job: posts keep people out there, not attention. Who
else thinks of hbo or wo follows from biographies: from where somebody studied, worked and lives,
and whom they know there. The sources are the same for both directions.

Theory: consideration sets in search, referral networks; people look where they have been. Label:
assumed, chances of channels are derived from table 3.4.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.board import GRID, REGIONS, SECTORS
from hesim.model.channels import (
    ACQUAINTANCES,
    ASKED,
    ChannelRates,
    chance_seen,
    strength_of_ties,
)
from hesim.random import moment, output_at, uniform, uniform_of, words_below

TURN = 8
"""Bits of a lane below the number of a turn."""
LOOKS = 8
"""Lane of the first look in the stream `seen`; those of further looks follow."""
HBO, WO = c.HBO, c.WO


class Viewer(NamedTuple):
    """What visibility asks about a person who looks.

    Attributes:
        identity: Identity.
        since: Month in which the search began.
        kind: Kind of the employer now: hbo, wo, outside or none.
        origin: The same, but of the last employer where there is none now.
        insider: Whether hbo or wo is where the person works or worked last.
        worked: Whether the person has ever worked.
        region: Region of the home.
        awareness: What levers have told an insider of the other sector, as a chance.
        past: Where the person studied and worked and what the home's town has, as bits of
            `population.biography`.
        contacts: Acquaintances in the other sector.
        known: Share by which policy shrinks what the employer's staff does not consider.
        elsewhere: Chance to consider a post in another region.
    """

    identity: np.uint64
    since: int
    kind: int
    origin: int
    insider: bool
    worked: bool
    region: int
    awareness: float
    past: int
    contacts: float
    known: float
    elsewhere: float


class FamiliarityRates(NamedTuple):
    """How familiar hbo and wo are by biography; see `conf/model/search.yaml`.

    Attributes:
        insider: Chance that somebody of hbo or wo thinks of a sector by what lasts, by past and
            sector, shape (64, 2).
        outsider: Odds of an outsider as a multiple of theirs who studied in the sector, likewise.
        contact: Chance that one contact makes somebody think of the contact's sector.
        near: Bits that a home's town adds to the past, shape (towns,).
    """

    insider: NDArray[np.float64]
    outsider: NDArray[np.float64]
    contact: float
    near: NDArray[np.uint8]


@compiled(inline="always")
def chance_by_biography(who: Viewer, kind: int, outsider: float, rates: FamiliarityRates) -> float:
    """Chance that hbo or wo comes to mind by what a person's life had to do with it.

    Sources work each on its own: a sector comes to mind if one of them brings it. Outside, where
    people also differ in what they look for, the biography moves the odds of `SearchRates.reach`.
    """
    if who.insider:
        told = (1.0 - who.awareness) * (1.0 - min(rates.contact * who.contacts, 1.0))
        return float(1.0 - (1.0 - rates.insider[who.past, kind]) * told)
    odds = outsider * rates.outsider[who.past, kind]
    return float(odds / (1.0 - outsider + odds))


@compiled(inline="always")
def band_of(months: int, edges: NDArray[np.int64]) -> int:
    """Band that so many months fall in, given the months at which a higher one begins."""
    band = 0
    for edge in edges:
        band += int(months >= edge)
    return band


@compiled(inline="always")
def thinks_of(
    who: Viewer,
    kind: int,
    outsider: float,
    familiarity: FamiliarityRates,
    key: np.uint64,
) -> bool:
    """Tell whether a person thinks of hbo or wo in this search.

    Args:
        who: The person.
        kind: Hbo or wo.
        outsider: Chance of somebody of this biography from outside hbo and wo.
        familiarity: How familiar the kind is by biography.
        key: Key of the stream `seen`.
    """
    if kind == who.origin:
        return True
    chance = chance_by_biography(who, kind, outsider, familiarity)
    chance += (1.0 - chance) * who.known
    # Draws lie between 0 and 1, so who is sure needs none.
    if 0.0 < chance < 1.0:
        return uniform(key, who.identity, who.since, kind) < chance
    return chance >= 1.0


@compiled(inline="always")
def chance_to_see(
    who: Viewer,
    kind: int,
    partners: bool,
    unseen: NDArray[np.float64],
    chance: NDArray[np.float64],
    channels: ChannelRates,
) -> float:
    """Chance that a vacancy of a kind that is thought of is seen, near home and without policy."""
    ties = 1.0
    if who.kind + kind == HBO + WO:
        ties = strength_of_ties(who.contacts, partners, channels.gains)
    return chance_seen(
        unseen[who.origin, kind, int(who.worked)],
        chance[who.origin, kind, ACQUAINTANCES],
        chance[who.origin, kind, ASKED],
        ties,
        channels.gains.most,
    )


@compiled(inline="always")
def note_limits(
    who: Viewer,
    reach: NDArray[np.float64],
    familiarity: FamiliarityRates,
    unseen: NDArray[np.float64],
    chance: NDArray[np.float64],
    channels: ChannelRates,
    promoted: NDArray[np.float64],
    key: np.uint64,
    limits: NDArray[np.uint64],
) -> int:
    """Write how many words of a draw mean to see a vacancy; return the sectors thought of, as bits.

    Args:
        who: The person.
        reach: Chance that somebody of this biography thinks of hbo or wo from outside, shape (2,).
        familiarity: How familiar hbo and wo are by biography.
        unseen: See `channels.ChannelRates`.
        chance: See there.
        channels: Rates of the channels.
        promoted: Further chance by policy, shape (classes, 4), see `policy.Frictions`.
        key: Key of the stream `seen`.
        limits: Filled: a vacancy is seen if the draw's word is below its limit; by `board.spot` and
            whether the employers are partners, shape (classes x SECTORS x REGIONS, 2).
    """
    thought_of = 0
    for kind in range(SECTORS):
        thinks = thinks_of(who, kind, reach[kind], familiarity, key)
        thought_of |= int(thinks) << kind
        for partners in range(2):
            seen = 0.0
            if thinks:
                seen = chance_to_see(who, kind, partners == 1, unseen, chance, channels)
            for other in range(REGIONS):
                near = 1.0 if other == who.region else who.elsewhere
                limits[kind * REGIONS + other, partners] = words_below(seen * near)
                for shown_to in range(1, promoted.shape[0]):
                    more = 0.0
                    if thinks:
                        more = (1.0 - seen) * promoted[shown_to, who.kind]
                    spot = (shown_to * SECTORS + kind) * REGIONS + other
                    limits[spot, partners] = words_below((seen + more) * near)
    return thought_of


class Rounds(NamedTuple):
    """How far a seeker looks in a month.

    At full scale a seeker looks once, at a part of a circle. A thinned population has as many fewer
    vacancies as seekers. There a seeker goes round more often, each time with draws of its own, so
    that as many are met: each stands for several like it.

    Attributes:
        arc: Circles that a seeker goes round, shape (fields,); at most 1 at full scale.
        other_field: Chance to look at another field's circle instead of the own.
        mixing: Chance to look at any field's circle besides, by its posts; 0 from a scale on.
        posts: Share of all posts in a field and those before it, shape (fields,).
    """

    arc: NDArray[np.float64]
    other_field: float
    mixing: float
    posts: NDArray[np.float64]


@compiled(inline="always")
def circle_of(field: int, draw_of_field: float, rounds: Rounds) -> int:
    """Circle that a person looks at: the own field's, now and then another one."""
    if draw_of_field < rounds.other_field:
        return int(draw_of_field / rounds.other_field * rounds.arc.size)
    beyond = draw_of_field - rounds.other_field
    if beyond < rounds.mixing:
        return int(np.searchsorted(rounds.posts, beyond / rounds.mixing))
    return field


@compiled(inline="always")
def whole_from(length: float) -> int:
    """Pieces of at most a whole circle that a length is cut into."""
    return int(np.ceil(length))


@compiled(inline="always")
def look_from(
    identity: np.uint64, field: int, turn: int, month: int, rounds: Rounds, key: np.uint64
) -> tuple[int, float, float]:
    """Where a person looks at one turn: the circle, where the stretch begins, and its length.

    Args:
        identity: Identity of the person.
        field: The person's field.
        turn: Number of the turn; as many as `whole_from` the arc of the field.
        month: Month number.
        rounds: How far a seeker looks.
        key: Key of the stream `window`.
    """
    turns, lane = whole_from(rounds.arc[field]), turn << TURN
    circle = circle_of(field, uniform_of(moment(key, month, 2 + lane), identity), rounds)
    start = circle + uniform_of(moment(key, month, lane), identity)
    return circle, start, rounds.arc[circle] / turns


@compiled(inline="always")
def seed_of_look(identity: np.uint64, look: int, month: int, key: np.uint64) -> np.uint64:
    """Seed of the draws that say what is seen at a person's look of a month, from 0."""
    return output_at(moment(key, month, LOOKS + look), identity)


@compiled(inline="always")
def stretch(
    board_place: NDArray[np.float64],
    first: NDArray[np.uint32],
    circle: int,
    start: float,
    width: float,
    part: int,
) -> tuple[int, int]:
    """Rows of the board on a person's stretch of a circle, from the first to before the last.

    Args:
        board_place: Places on the board.
        first: Its index.
        circle: Circle looked at.
        start: Place at which the stretch begins, circle included.
        width: Its length, at most a whole circle.
        part: 0 for what lies before the end of the circle, 1 for what goes on at its beginning.
    """
    end = start + width
    low = start if part == 0 else float(circle)
    high = min(end, circle + 1.0) if part == 0 else end - 1.0
    if high <= low:
        return 0, 0
    begin, stop = int(first[int(low * GRID)]), int(first[int(high * GRID)])
    while begin < board_place.size and board_place[begin] < low:
        begin += 1
    while stop < board_place.size and board_place[stop] < high:
        stop += 1
    return begin, stop

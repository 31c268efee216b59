"""Let seekers meet vacancies, weigh them and apply.

A seeker looks at a keyed arc of fixed length of a field's circle (see `board`). Each pair meets
with the same chance, whatever else is open. Seekers never meet all vacancies: the arc shrinks as
the market grows, so the work is linear in people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled
from hesim.model.board import REGIONS, SECTORS, Board
from hesim.model.channels import SCHOOL_LEAVER, ChannelRates
from hesim.model.choice import (
    NO_JOB,
    OUTSIDE,
    ChoiceRates,
    Mover,
    Offer,
    Present,
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
from hesim.model.visibility import (
    FamiliarityRates,
    Rounds,
    Viewer,
    band_of,
    look_from,
    note_limits,
    seed_of_look,
    stretch,
    whole_from,
)
from hesim.population.persons import Columns
from hesim.random import SPARE, Streams, moment, output_after, output_at, uniform, uniform_of

PULLS = len(HEADINGS)
"""Headings of the value of a job; known when compiled, so that sums over them have no loop."""
LUCK = 256
"""Steps of the bound in `highest_luck`; speed only."""
SAFE = 1e-9
"""Far more than a computed logarithm is off."""


class SearchRates(NamedTuple):
    """Numbers of the search; see `conf/model/search.yaml`.

    Attributes:
        rounds: How far along which circles a seeker looks.
        other_region: Chance to consider a post in another region.
        reach: Chance that hbo or wo is considered from outside, by previous situation, age,
            education, experience and sex, shape (5, 4, 4, 3, 2, 2).
        familiarity: How familiar hbo and wo are by biography.
        age_edges: Months of age at which a higher band begins, shape (3,).
        work_edges: Months of work at which a higher band of experience begins, shape (2,).
        applications: Applications a month at most; a fraction is left to chance.
        candidate_age: Months of age from which nobody becomes PhD candidate.
    """

    rounds: Rounds
    other_region: float
    reach: NDArray[np.float64]
    familiarity: FamiliarityRates
    age_edges: NDArray[np.int64]
    work_edges: NDArray[np.int64]
    applications: float
    candidate_age: int


class SeekerRates(NamedTuple):
    """All numbers that a search asks.

    Attributes:
        search: How far people look.
        channels: Through what they see.
        choice: What jobs are worth this month.
    """

    search: SearchRates
    channels: ChannelRates
    choice: ChoiceRates


class Applications(NamedTuple):
    """Applications of a month as parallel columns; those of one seeker together, best first.

    Attributes:
        seeker: Row of the person.
        vacancy: Row among the open vacancies; nobody applies for the same one twice.
        utility: What the vacancy is worth to the person.
        posts: Posts of full scale for which the application stands; 1 there.
    """

    seeker: NDArray[np.int64]
    vacancy: NDArray[np.int64]
    utility: NDArray[np.float64]
    posts: NDArray[np.uint8]


def no_applications(room: int) -> Applications:
    """Room for so many applications, none written."""
    return Applications(
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room), np.empty(room, np.uint8)
    )


def with_room(a: Applications, count: int, room: int) -> Applications:
    """Applications with room for so many, of which the first `count` hold as before."""
    if room <= a.seeker.size:
        return a
    # An eighth more, so that the months to come have room too.
    larger = no_applications(room + room // 8)
    for name in Applications._fields:
        getattr(larger, name)[:count] = getattr(a, name)[:count]
    return larger


def with_more(
    a: Applications,
    count: int,
    seeker: NDArray[np.int64],
    vacancy: NDArray[np.int64],
    utility: NDArray[np.float64],
) -> Applications:
    """Applications of a month and further ones, those of one seeker together, best first.

    Args:
        a: Applications, of which the first `count` hold.
        count: How many hold.
        seeker: Rows of those who apply further, one for each application.
        vacancy: Row of the vacancy of each.
        utility: What it is worth to the person.
    """
    seekers = np.append(a.seeker[:count], seeker)
    utilities = np.append(a.utility[:count], utility)
    # The match does not depend on the order of seekers.
    order = np.lexsort((-utilities, seekers))
    vacancies = np.append(a.vacancy[:count], vacancy)
    posts = np.append(a.posts[:count], np.ones(seeker.size, np.uint8))
    return Applications(seekers[order], vacancies[order], utilities[order], posts[order])


@compiled
def put_in_order(
    a: Applications,
    count: int,
    seeker: NDArray[np.int64],
    vacancy: int,
    utility: NDArray[np.float64],
) -> int:
    """Put further applications among those of a month; return how many there are then.

    Those of the month are in the order of seekers' rows, best first, and stay so. The further ones
    are moved in from the end, in one pass: a sort of all would cost five times as much.

    Args:
        a: Applications, of which the first `count` hold; there is room for the further ones.
        count: How many hold.
        seeker: Rows of those who apply further, each one once, in rising order.
        vacancy: Row of the first one's vacancy; those of the others follow.
        utility: What it is worth to each person.
    """
    seekers, vacancies, utilities, posts = a.seeker, a.vacancy, a.utility, a.posts
    old, new = count - 1, seeker.size - 1
    for at in range(count + seeker.size - 1, -1, -1):
        if new < 0:
            break
        later = old >= 0 and (
            seekers[old] > seeker[new]
            or (seekers[old] == seeker[new] and utilities[old] < utility[new])
        )
        if later:
            seekers[at], vacancies[at] = seekers[old], vacancies[old]
            utilities[at], posts[at] = utilities[old], posts[old]
            old -= 1
        else:
            seekers[at], vacancies[at] = seeker[new], vacancy + new
            utilities[at], posts[at] = utility[new], 1
            new -= 1
    return count + seeker.size


@compiled(inline="always")
def most_applications(amount: float, identity: np.uint64, month: int, key: np.uint64) -> int:
    """Applications that a person may send in a month, of so many with a fraction.

    Args:
        amount: `SearchRates.applications`.
        identity: Identity of the person.
        month: Month number.
        key: Key of the stream `window`.
    """
    return int(amount) + int(uniform(key, identity, month, 3) < amount - int(amount))


@compiled
def highest_luck() -> NDArray[np.float64]:
    """Bound the random part of a utility, -log(-log(draw)), by step of the draw.

    Most jobs stay below the bar wherever in its step the draw is, which is seen sooner than two
    logarithms are taken.
    """
    highest = np.full(LUCK, np.inf)
    for step in range(LUCK - 1):
        highest[step] = SAFE - np.log(-np.log((step + 1) / LUCK))
    return highest


@compiled
def search_and_choose(
    p: Columns,
    board: Board,
    seekers: NDArray[np.int64],
    places: Geography,
    month: int,
    rates: SeekerRates,
    frictions: Frictions,
    streams: Streams,
    out: Applications,
) -> int:
    """Write the month's applications into `out`; return their number.

    Draws of a person and a vacancy come from a generator of the month's and the person's own, read
    at the vacancy's identity. A seeker first looks along the arc and notes the rows of the board
    that are seen, then weighs those. Columns are read into names of their own first: compiled code
    counts a reference each time it takes an array out of a bundle, which in the loop would cost
    more than the rest.

    In a thinned population a vacancy that is seen at several looks stands for several posts. Each
    counts as an application as long as it is among the best; those for one vacancy are written as
    one, with the number of posts.

    Args:
        p: Persons.
        board: Open vacancies.
        seekers: Rows of those who look this month.
        places: Towns, employers and partnerships.
        month: Month number.
        rates: Numbers of search, channels and choice.
        frictions: What policy leaves of the costs and of what is not known, and what it shows.
        streams: Keys of the streams.
        out: Filled up to the returned number.
    """
    search, channels, choice = rates.search, rates.channels, rates.choice
    identities, employers, roles, homes = p.id, p.employer, p.role, p.home
    works, contracts, weekly, exposures = p.place, p.contract, p.hours, p.exposure
    education, born, field, prior, last = p.education, p.born, p.field, p.prior, p.last
    practice, academic, sex = p.practice, p.academic, p.sex
    searches, since, awareness = p.search, p.search_since, p.awareness
    contacts, outlook, side = p.contacts, p.outlook, p.side
    past, familiarity, near = p.past, search.familiarity, search.familiarity.near
    b_id, b_place, b_first, b_row = board.id, board.place, board.first, board.row
    b_employer, b_role, b_kind, b_spot = board.employer, board.role, board.kind, board.spot
    b_contract, b_hours, b_town = board.contract, board.hours, board.town
    listed, before, steps = board.listed, board.before, board.steps
    town_region, distance = places.town_region, places.distance
    sector_of, partner = places.sector_of, places.partner
    rounds, reach = search.rounds, search.reach
    age_edges, work_edges = search.age_edges, search.work_edges
    of_channel, unseen = channels.chance, channels.unseen
    value, security, scale = choice.value, choice.security, choice.scale
    costs, spread = choice.costs, choice.taste_sd
    sector_left, outside_left = frictions.sector_left, frictions.outside_left
    known, pool, promoted = frictions.known, frictions.pool, frictions.promoted
    out_seeker, out_vacancy, out_utility = out.seeker, out.vacancy, out.utility
    out_posts, open_count = out.posts, b_place.size
    room = int(np.ceil(search.applications))
    best_utility, best_row = np.empty(room), np.empty(room, np.int64)
    tastes, taste_seeds = np.empty(PULLS), taste_moments(PULLS, streams.taste)
    shown = np.empty(open_count + 1, np.uint32)
    # Draws of pairs have loops of their own, where the compiler makes several side by side.
    words, lucks = np.empty(open_count, np.uint64), np.empty(open_count)
    # Words of a draw that mean to see a vacancy, by class, kind and region, by partner or not.
    classes = promoted.shape[0]
    limits = np.empty((classes * SECTORS * REGIONS, 2), np.uint64)
    highest = highest_luck()
    total = 0
    for s in range(seekers.size):
        i = seekers[s]
        identity, employer, role, home = identities[i], employers[i], roles[i], homes[i]
        from_kind = NO_JOB if employer < 0 else min(sector_of[employer], OUTSIDE)
        contract, region = contracts[i], town_region[home]

        # What the person has: the present job less what pushes, or no job.
        note_tastes(identity, taste_seeds, spread, tastes)
        offers, km = 0.0, 0.0
        if from_kind != NO_JOB:
            offers = value_of_headings(tastes, value, employer, role)
            km = distance[home, works[i]]
        bar = worth(
            present_parts(
                Present(
                    from_kind,
                    contract,
                    searches[i] == ENDING,
                    items_that_bite(exposures[i]),
                    np.float64(side[i]),
                    km,
                    offers,
                ),
                choice,
            )
        )
        came_from = from_kind if from_kind != NO_JOB else int(last[i])
        mover = Mover(
            from_kind,
            came_from,
            contract,
            int(weekly[i]),
            np.float64(outlook[i]),
            pool[employer],
            sector_left[employer],
            outside_left[employer],
        )

        # Who thinks of which sector, and sees which share of its vacancies.
        biography = reach[
            prior[i],
            band_of(month - born[i], age_edges),
            education[i],
            band_of(int(practice[i]) + int(academic[i]), work_edges),
            sex[i],
        ]
        viewer = Viewer(
            identity,
            since[i],
            from_kind,
            came_from,
            from_kind < OUTSIDE or last[i] < OUTSIDE,
            prior[i] != SCHOOL_LEAVER,
            region,
            awareness[i],
            past[i] | near[home],
            contacts[i],
            known[employer],
            search.other_region,
        )
        note_limits(
            viewer,
            biography,
            familiarity,
            unseen,
            of_channel,
            channels,
            promoted,
            streams.seen,
            limits,
        )

        own_class = class_of(education[i], month - born[i], role, search.candidate_age)
        own_field, kept, looks = int(field[i]), 0, 0
        most = most_applications(search.applications, identity, month, streams.window)
        for turn in range(whole_from(rounds.arc[own_field])):
            circle, start, length = look_from(
                identity, own_field, turn, month, rounds, streams.window
            )
            while length > 0.0:
                # Look along the arc. Rows are written and counted only when seen: a jump costs
                # more.
                sees_from = seed_of_look(identity, looks, month, streams.seen)
                weighs_from = output_at(moment(streams.choice, month, looks), identity)
                width, count = min(length, 1.0), 0
                length, looks = length - width, looks + 1
                for part in range(2):
                    begin, stop = stretch(b_place, b_first, circle, start, width, part)
                    begin, stop = before[own_class, begin], before[own_class, stop]
                    for at in range(begin, stop):
                        words[at] = output_after(sees_from, steps[own_class, at]) >> SPARE
                    for at in range(begin, stop):
                        k = listed[own_class, at]
                        shown[count] = k
                        limit = limits[b_spot[k], partner[employer, b_employer[k]]]
                        count += int(words[at] < limit)

                # Weigh what was seen; keep the best above the bar.
                for at in range(count):
                    lucks[at] = uniform_of(weighs_from, b_id[shown[at]])
                for at in range(count):
                    k = shown[at]
                    hirer, new_role, kind = b_employer[k], b_role[k], b_kind[k]
                    if hirer == employer and new_role == role:
                        continue
                    value_to_person = utility(
                        offer_parts(
                            mover,
                            Offer(
                                kind,
                                b_contract[k],
                                b_hours[k],
                                distance[home, b_town[k]],
                                value_of_headings(tastes, value, hirer, new_role),
                                pool[hirer],
                                sector_left[hirer],
                                outside_left[hirer],
                            ),
                            security,
                            scale,
                            costs,
                        )
                    )
                    luck = lucks[at]
                    if value_to_person + highest[int(luck * LUCK)] <= bar:
                        continue
                    value_to_person -= np.log(-np.log(luck))
                    if value_to_person <= bar:
                        continue
                    slot = kept if kept < most else most - 1
                    kept = slot + 1
                    while slot > 0 and best_utility[slot - 1] < value_to_person:
                        best_utility[slot] = best_utility[slot - 1]
                        best_row[slot] = best_row[slot - 1]
                        slot -= 1
                    best_utility[slot], best_row[slot] = value_to_person, k
                    if kept == most:
                        bar = best_utility[most - 1]
        first = total
        for a in range(kept):
            row, at = b_row[best_row[a]], first
            while at < total and out_vacancy[at] != row:
                at += 1
            if at < total:
                out_posts[at] += 1
            else:
                out_seeker[total], out_vacancy[total] = i, row
                out_utility[total], out_posts[total] = best_utility[a], 1
                total += 1
    return total

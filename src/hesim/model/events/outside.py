"""Bring people in from outside, and offers from there; carry out what ends there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.doctorates import let_go
from hesim.model.market import lengthened
from hesim.model.outside_exits import go_abroad, go_out_of_reach
from hesim.model.outside_offers import PersonalOffers, reach_people
from hesim.model.search import put_in_order, with_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_outside(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Bring the month's entrants in."""
    rates.entrants.enter(state.persons, state.month, state.ledger, streams.entry)
    rates.entrants.make_up(state.persons, state.month, state.ledger, streams.entry)


def event_offers(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Let personal offers from outside reach those who look for work."""
    market = state.market
    most, start = market.seekers.size, market.open_count
    market.vacancies = lengthened(market.vacancies, start + most)
    room = PersonalOffers(np.empty(most, np.int64), np.empty(most), np.empty(most, np.uint8))
    count = reach_people(
        state.persons.columns,
        market.seekers,
        state.places,
        state.month,
        rates.outside,
        state.choice,
        effects.frictions,
        streams,
        market.vacancies,
        start,
        room,
    )
    made = PersonalOffers(
        room.seeker[:count].copy(), room.utility[:count].copy(), room.abroad[:count].copy()
    )
    market.personal = made
    market.applications = with_room(market.applications, market.applied, market.applied + count)
    market.applied = put_in_order(
        market.applications, market.applied, made.seeker, start, made.utility
    )


def leave_for_abroad(
    state: State, rates: Rates, streams: Streams, hired: NDArray[np.int64]
) -> None:
    """Let those go who took a job abroad, and take them out of `hired`."""
    market, persons = state.market, state.persons
    rows = market.open_count + np.flatnonzero(market.personal.abroad)
    rows = rows[hired[rows] >= 0]
    gone = hired[rows]
    go_abroad(
        persons.columns, gone, state.places, state.month, rates.careers, streams, state.ledger
    )
    let_go(state, gone, to_job=True)
    hired[rows] = -1


def leave_for_good(state: State, rates: Rates, streams: Streams, hired: NDArray[np.int64]) -> None:
    """Let those go who took a job outside and will not look at hbo or wo again."""
    rows = hired[state.market.open_count :]
    gone = go_out_of_reach(
        state.persons.columns,
        rows[rows >= 0],
        state.month,
        rates.outside.out_of_reach,
        streams.outside,
        state.ledger,
    )
    let_go(state, gone, to_job=True)

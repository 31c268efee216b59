"""Carry out the offers that were accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.events.outside import leave_for_abroad, leave_for_good
from hesim.model.ledger import make_room
from hesim.model.market import drop_vacancies
from hesim.model.moves import JobChangeRates, carry_out_offers
from hesim.model.recorder import FILLED

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_moves(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Carry out the accepted offers; the vacancies they fill close."""
    market = state.market
    filled = market.held >= 0
    hired = np.full(market.held.size, -1, np.int64)
    hired[filled] = market.applications.seeker[market.held[filled]]
    # At most a second job ends, one begins or goes on, and the person leaves for good.
    accepted = int(np.count_nonzero(hired >= 0))
    make_room(state.ledger, 4 * accepted, accepted)
    leave_for_abroad(state, rates, streams, hired)
    source = carry_out_offers(
        state.persons.columns,
        market.vacancies,
        hired,
        state.places,
        state.month,
        JobChangeRates(rates.careers, rates.phd, rates.channels, rates.moves, rates.jobs.full_week),
        effects.frictions,
        streams,
        state.ledger,
    )
    leave_for_good(state, rates, streams, hired)
    # Behind the open vacancies stand personal offers, which are gone with the month.
    filled = filled[: market.open_count]
    state.close(np.flatnonzero(filled), FILLED, source[: filled.size][filled])
    market.open_count = drop_vacancies(market.vacancies, market.open_count, filled)

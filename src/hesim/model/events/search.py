"""Let seekers meet vacancies, weigh them and apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.model.board import lay_out
from hesim.model.search import SeekerRates, search_and_choose, with_room

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_search(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Let seekers meet vacancies and apply."""
    market, places = state.market, state.places
    market.board = lay_out(
        market.vacancies,
        market.open_count,
        len(c.FIELDS),
        (places.sector_of, places.town_region),
        rates.qualifying,
        effects.frictions.classes,
        state.month,
        streams.window,
    )
    # Room for a personal offer to each seeker is made at once.
    room = market.seekers.size * (int(np.ceil(rates.search.applications)) + 1) + 1
    market.applications = with_room(market.applications, 0, room)
    market.applied = search_and_choose(
        state.persons.columns,
        market.board,
        market.seekers,
        places,
        state.month,
        SeekerRates(rates.search, rates.channels, state.choice),
        effects.frictions,
        streams,
        market.applications,
    )

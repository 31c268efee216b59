"""Let people start to search, or stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.outside_offers import not_writing_up
from hesim.model.push import push_events

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_push(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """List the month's seekers."""
    seekers = np.empty(state.persons.size, np.int64)
    count = push_events(
        state.persons.columns,
        state.places,
        state.month,
        rates.push,
        rates.careers,
        streams,
        effects.drive,
        seekers,
    )
    # A copy, so that the room for everybody is free again.
    state.market.seekers = seekers[:count].copy()
    state.market.seekers = not_writing_up(
        state.persons.columns, state.market.seekers, state.month, rates.outside
    )

"""Count the stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_record(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Count the stock, once the burn-in is over."""
    if state.month >= 0:
        state.recorder.count_stock(state.persons, state.month)

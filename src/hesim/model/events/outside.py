"""Bring graduates and arrivals into the pool outside hbo and wo."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_outside(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Bring the month's entrants in."""
    rates.entrants.enter(state.persons, state.month, state.ledger, streams.entry)

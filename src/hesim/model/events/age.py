"""Let everybody grow a month older."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.model.careers import grow_older
from hesim.model.doctorates import defences, defend_in_service
from hesim.model.ledger import forget_burn_in, make_room

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_age(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Let everybody grow a month older; ties change; PhDs defend."""
    persons = state.persons
    if state.month == 0:
        forget_burn_in(state.ledger, persons.columns)
    make_room(state.ledger, persons.size // 8 + 1000, persons.size // 16 + 1000)
    here = defences(state)
    approved = rates.phd.approved
    grow_older(persons.columns, state.places, state.month, approved, rates.ties)
    in_service = defend_in_service(state, rates, streams)
    state.recorder.count_defences(state.month, here, in_service)

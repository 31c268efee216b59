"""Let contracts end or go on, and let people leave their jobs for other reasons than a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.careers import STAYS, Fates, career_events, carry_on
from hesim.model.doctorates import let_go
from hesim.model.jobs import change_jobs
from hesim.model.ledger import NO_REASON
from hesim.model.moves import carry_out_exits, note_next_roles
from hesim.model.slots import decide_prospects

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_careers(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Decide and carry out what happens in jobs, whoever searches."""
    p, month, ledger, places = state.persons, state.month, state.ledger, state.places
    fates = Fates(np.zeros(p.size, np.uint8), np.full(p.size, NO_REASON, np.uint8))
    market = state.market
    state.slots.count(p.columns, market.vacancies, market.open_count, month, begins=True)
    decide_prospects(
        p.columns,
        month,
        rates.push.window,
        effects.drive.ahead,
        places.sector_of,
        state.slots.columns,
        rates.careers.of_hours,
        streams.renewal,
    )
    careers = rates.careers._replace(pension_age=rates.pension.age_in(month))
    career_events(p.columns, places, month, careers, streams, fates)
    touched = np.flatnonzero(fates.outcome != STAYS)
    gone = np.empty(touched.size, np.int64)
    note_next_roles(p.columns, month, fates, touched, ledger)
    carry_on(p.columns, month, careers, fates, touched)
    count = carry_out_exits(p.columns, places, month, fates, touched, ledger, gone)
    let_go(state, gone[:count])
    change_jobs(p.columns, places, month, rates.jobs, streams, ledger)

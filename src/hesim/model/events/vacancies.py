"""Withdraw stale vacancies, let staff step up, and open posts that miss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.decisions import decides_at_once, look_on
from hesim.model.internal import step_up
from hesim.model.market import drop_vacancies, lengthened, open_vacancies
from hesim.model.recorder import WITHDRAWN, count_posts

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams


def event_vacancies(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Withdraw stale vacancies, let staff step up, open posts up to the targets."""
    market, month, target = state.market, state.month, state.employers.target
    if month % 12 == 0 or state.demand.moves(month):
        state.grow_targets(effects)
    if not decides_at_once(rates.vacancies):
        look_on(
            market.vacancies,
            market.open_count,
            state.places.sector_of,
            month,
            rates.vacancies,
            streams.vacancy,
        )
    age = month - market.vacancies.opened[: market.open_count]
    stale = age >= rates.vacancies.withdrawn_after
    state.close(np.flatnonzero(stale), WITHDRAWN)
    market.open_count = drop_vacancies(market.vacancies, market.open_count, stale)
    staff, waiting = np.zeros(target.shape, np.int32), np.zeros(target.shape, np.int32)
    count_posts(state.persons.columns, market.vacancies, market.open_count, staff, waiting)
    gap = state.shortage.missing_posts(target, staff, waiting)
    state.slots.count(state.persons.columns, market.vacancies, market.open_count, month)
    step_up(
        state.persons.columns,
        gap,
        month,
        rates.steps,
        state.shortage.alone(gap, target),
        streams.internal,
        state.ledger,
        state.slots.columns,
    )
    state.slots.set_terms(gap, rates.vacancies.opening)
    most = int(gap[: state.employers.institutions].sum())
    market.vacancies = lengthened(market.vacancies, market.open_count + most)
    market.open_count = open_vacancies(
        market.vacancies,
        market.open_count,
        gap,
        market.ordinals,
        month,
        state.places,
        rates.vacancies,
        effects.offers,
        effects.ranking,
        state.slots.columns,
        streams,
    )

"""Let employers rank those who applied, and match."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim.model.decisions import decides_at_once, put_off
from hesim.model.hiring import Points, deferred_acceptance, rank_applicants
from hesim.model.search import Applications

if TYPE_CHECKING:
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams

NO_PARTS = np.empty((0, len(Points._fields)))
"""Room for no points by factor: only stories ask for them."""


def event_hiring(state: State, rates: Rates, streams: Streams, effects: Effects) -> None:
    """Rank the applicants and match."""
    market, count = state.market, state.market.applied
    if count > market.score.size:
        market.score = np.empty(max(count, market.applications.seeker.size))
    a = market.applications
    made = Applications(a.seeker[:count], a.vacancy[:count], a.utility[:count], a.posts[:count])
    score = market.score[:count]
    rank_applicants(
        state.persons.columns,
        market.vacancies,
        made,
        state.places,
        rates.hiring,
        effects.ranking,
        state.month,
        streams.tie,
        streams.requirement,
        score,
        NO_PARTS,
    )
    if not decides_at_once(rates.vacancies):
        put_off(
            made.vacancy,
            market.vacancies,
            market.open_count,
            state.places.sector_of,
            state.month,
            rates.vacancies,
            streams.vacancy,
            score,
        )
    posts = market.open_count + market.personal.seeker.size
    market.held = deferred_acceptance(made.seeker, made.vacancy, score, posts)

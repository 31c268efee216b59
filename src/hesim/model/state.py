"""Bundle what changes in a run: persons, posts, the market and the books, at one month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.demand import Demand
from hesim.model.geography import Geography, places_of
from hesim.model.ledger import NOBODY, Ledger, roomy_ledger
from hesim.model.market import Vacancies, empty_vacancies
from hesim.model.outside_offers import PersonalOffers, no_personal_offers
from hesim.model.recorder import Recorder
from hesim.model.search import Applications, no_applications
from hesim.model.shortage import Shortage
from hesim.model.slots import PermanentPosts, permanent_posts
from hesim.population.persons import NEVER, Persons
from hesim.population.stock import build_population
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.board import Board
    from hesim.model.choice import ChoiceRates
    from hesim.model.policy import Effects
    from hesim.model.rates.rates import Rates
    from hesim.population.employers import Employers
    from hesim.random import Streams
    from hesim.tables import ReportTables


@dataclass
class Market:
    """Vacancies, who looks for one, and who applied; what a month makes holds until the next.

    Attributes:
        vacancies: Columns of vacancies; the first `open_count` are open.
        open_count: Vacancies that are open.
        ordinals: Vacancies so far by employer, role and field.
        seekers: Rows of those who look this month.
        board: The month's vacancies where seekers look.
        applications: The month's applications; the first `applied` hold.
        applied: Number of the month's applications.
        score: What the employer thinks of each application.
        held: For each vacancy the application that is accepted, or -1.
        personal: Offers from outside this month; each stands behind the open vacancies as one more
            that a single person sees.
    """

    vacancies: Vacancies
    ordinals: NDArray[np.int32]
    open_count: int = 0
    seekers: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    board: Board = field(init=False)
    applications: Applications = field(default_factory=lambda: no_applications(0))
    applied: int = 0
    score: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    held: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    personal: PersonalOffers = field(default_factory=no_personal_offers)


@dataclass
class State:
    """All that changes in a run.

    Attributes:
        month: Month about to be simulated; 0 is the first recorded one, burn-in is negative.
        persons: The persons' columns.
        employers: Institutions and outside employers, with the posts that they want this month.
        places: Where employers and towns are; this does not change.
        demand: How many posts employers want, by month.
        shortage: Posts that miss.
        slots: Permanent posts.
        choice: What jobs are worth this month: the rates, and what policy adds.
        market: Vacancies, seekers and applications.
        ledger: All changes of job.
        recorder: Monthly stocks and closed vacancies.
    """

    month: int
    persons: Persons
    employers: Employers
    places: Geography
    demand: Demand
    shortage: Shortage
    slots: PermanentPosts
    choice: ChoiceRates
    market: Market
    ledger: Ledger
    recorder: Recorder

    def close(
        self, rows: NDArray[np.int64], outcome: int, source: NDArray[np.int16] | None = None
    ) -> None:
        """Note vacancies that close, once the burn-in is over.

        Args:
            rows: Rows of the vacancies.
            outcome: Code of how they close.
            source: Employers left by those who fill them.
        """
        if self.month >= 0:
            origin = np.full(rows.size, NOBODY, np.int16) if source is None else source
            self.recorder.close_vacancies(self.market.vacancies, rows, self.month, outcome, origin)

    def grow_targets(self, effects: Effects) -> None:
        """Set the posts wanted this month."""
        posts = self.demand.posts(self.month, effects.demand)
        if posts is not None:
            self.employers.target[:] = posts


def first_state(
    settings: Settings,
    tables: ReportTables,
    employers: Employers,
    rates: Rates,
    streams: Streams,
    replication: int,
) -> State:
    """Build the state of the first month, that of the burn-in included.

    Args:
        settings: The composed config.
        tables: The report's tables.
        employers: The employers, with the posts of January 2011.
        rates: Numbers of all rules.
        streams: Keys of the random streams.
        replication: Number of the replication.
    """
    seed, scale = settings.integer("seed"), settings.number("population.scale")
    persons = build_population(settings, tables, employers, seed, replication).persons
    demand = Demand(settings, employers)
    posts = int(employers.target.sum())
    burn_in = settings.integer("burn_in")
    months = burn_in + 12 * settings.integer("years")
    state = State(
        month=-burn_in,
        persons=persons,
        employers=employers,
        places=places_of(employers),
        demand=demand,
        shortage=Shortage(employers.posts, demand.turn, scale),
        slots=permanent_posts(rates.slots, employers),
        choice=rates.choice,
        market=Market(
            vacancies=empty_vacancies(posts // 8 + 2000),
            ordinals=np.zeros(employers.target.shape, np.int32),
        ),
        ledger=roomy_ledger(persons.size, months),
        recorder=Recorder(len(employers.names)),
    )
    dropped = settings.number("population.phd_dropout_left")
    _set_phd_clocks(persons, rates, streams.phd, dropped)
    _count_from(persons, state.month)
    return state


def _set_phd_clocks(persons: Persons, rates: Rates, key: np.uint64, left: float) -> None:
    """Give the candidates of the initial stock the clocks that those who stayed have.

    Args:
        persons: The persons, at their first month.
        rates: Numbers of all rules.
        key: Key of the stream `phd`.
        left: Share of those who drop out that has not done so yet.
    """
    p, clocks = persons, rates.phd
    rows = np.flatnonzero((p.role == c.PHD_CANDIDATE) & (p.present == 1))
    fate, when, spread = (uniforms(key, p.id[rows], 1, lane) for lane in range(3))
    still = clocks.dropout * left
    drops = fate < still
    p.dropout[rows[drops]] = 1 + (-clocks.dropout_months * np.log(when[drops])).astype(int)
    defends = ~drops & (fate < still + clocks.success)
    # Uniform with the standard deviation of the clock.
    after = clocks.defence_mean + clocks.defence_sd * np.sqrt(12.0) * (spread - 0.5)
    planned = p.since[rows] + np.maximum(after, clocks.defence_earliest)
    p.defence[rows[defends]] = np.maximum(planned[defends], 1).astype(np.int16)


def _count_from(persons: Persons, month: int) -> None:
    """Let months of the initial stock, counted from its own, count from the first recorded one."""
    for name in ("born", "since", "search_since"):
        getattr(persons, name)[:] += month
    for name in ("ends", "ends2", "defence", "dropout"):
        column = getattr(persons, name)
        column[column < NEVER] += month

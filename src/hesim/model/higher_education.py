"""Conduct the months: hold the order of events and hand each to its process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.board import lay_out
from hesim.model.careers import STAYS, career_events, carry_on, grow_older
from hesim.model.demand import Demand
from hesim.model.geography import Geography
from hesim.model.hiring import deferred_acceptance, rank_applicants
from hesim.model.institution import Institution
from hesim.model.internal import step_up
from hesim.model.jobs import change_jobs
from hesim.model.ledger import NO_REASON, NOBODY, forget_burn_in, make_room, roomy_ledger
from hesim.model.market import empty_vacancies, keep, lengthened, open_vacancies
from hesim.model.moves import MoveKeys, carry_out_exits, carry_out_offers, note_next_roles
from hesim.model.order import ORDER
from hesim.model.person import Person
from hesim.model.policy import Policy, no_effects
from hesim.model.push import push_events
from hesim.model.rates.rates import compute_rates
from hesim.model.recorder import FILLED, OPEN, WITHDRAWN, Recorder, count_posts
from hesim.model.search import Keys, no_applications, search_and_choose
from hesim.model.shortage import Shortage
from hesim.population.employers import build_employers
from hesim.population.stock import build_population
from hesim.random import streams_of, uniforms

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables


class HigherEducation(mesa.Model):
    """Labour market of Dutch higher education and what lies around it.

    It acts on `model`, `population`, `start`, `seed`, `levers` and `without` of its settings. With
    levers it is the policy's world, without levers the baseline. What is left is for whoever runs
    it. `burn_in` and `years` say how many months to step; `data` says which tables to read and
    hand in; `calibration` has already set values when the settings are composed; `survey` is for
    the questionnaire. `replications`, `workers`, `output`, `study` and `engine` are for
    `hesim run` and `hesim study`.

    Attributes:
        policy: What acts from outside, made from the settings; None is the baseline.
        rates: Numbers of all rules, computed once from settings and tables.
        streams: Keys of all random streams.
        month: Month about to be simulated; 0 is the first recorded one, burn-in is negative.
        persons: The persons' columns.
        employers: Institutions and outside employers.
        institutions: The 52 institutions as agents.
        vacancies: Columns of vacancies; the first `open_count` are open.
        ledger: All changes of job.
        recorder: Monthly stocks and closed vacancies.
        profile: CPU seconds by event.
    """

    def __init__(
        self,
        settings: Settings,
        tables: ReportTables,
        replication: int = 0,
    ) -> None:
        """Build the population and set all rates.

        Args:
            settings: The composed config.
            tables: The report's tables.
            replication: Number of the replication.
        """
        seed = settings.integer("seed")
        super().__init__(rng=seed)
        self.settings, self.tables, self.replication = settings, tables, replication
        self.streams = streams_of(seed, replication)
        self.employers = build_employers(settings, tables)
        self.persons = build_population(settings, tables, self.employers, seed, replication).persons
        self.rates = compute_rates(settings, tables, self.employers, replication)
        e = self.employers
        self.places = Geography(e.town_region, e.distance, e.sector, e.region, e.partner)
        posts = int(self.employers.target.sum())
        self.vacancies = empty_vacancies(posts // 8 + 2000)
        self.open_count = 0
        scale = settings.number("population.scale")
        self.demand = Demand(settings, e)
        self.shortage = Shortage(e.posts, self.demand.turn, scale)
        self.first_target = self.demand.first
        self.ordinals = np.zeros(self.employers.target.shape, np.int32)
        months = settings.integer("burn_in") + 12 * settings.integer("years")
        self.ledger = roomy_ledger(self.persons.size, months)
        self.towns = np.argsort(e.town_region, kind="stable").astype(np.int16)
        counts = np.bincount(e.town_region, minlength=len(c.REGIONS))
        self.town_start = np.concatenate([[0], np.cumsum(counts)])
        self.recorder = Recorder(len(self.employers.names))
        self.institutions = [
            Institution(self, number) for number in range(self.employers.institutions)
        ]
        self.profile = {event.name: 0.0 for event in ORDER}
        self.seekers, self.held = np.empty(0, np.int64), np.empty(0, np.int64)
        self.applied, self.applications, self.score = 0, no_applications(0), np.empty(0)
        self.policy: Policy | None = settings.policy()
        self.effects = no_effects(e.target.shape, self.rates.push_items.heading)
        self.choices = self.rates.choice
        self.month = -settings.integer("burn_in")
        self.grow_targets()
        self._set_phd_clocks()

    def _set_phd_clocks(self) -> None:
        """Give the candidates of the initial stock the clocks that those who stayed have."""
        p, clocks, key = self.persons, self.rates.phd, self.streams.phd
        rows = np.flatnonzero((p.role == c.PHD_CANDIDATE) & (p.present == 1))
        fate, when, spread = (uniforms(key, p.id[rows], 1, lane) for lane in range(3))
        still = clocks.dropout * self.settings.number("population.phd_dropout_left")
        drops = fate < still
        p.dropout[rows[drops]] = 1 + (-clocks.dropout_months * np.log(when[drops])).astype(int)
        defends = ~drops & (fate < still + clocks.success)
        # Uniform with the standard deviation of the clock.
        after = clocks.defence_mean + clocks.defence_sd * np.sqrt(12.0) * (spread - 0.5)
        planned = p.since[rows] + np.maximum(after, clocks.defence_earliest)
        p.defence[rows[defends]] = np.maximum(planned[defends], 1).astype(np.int16)
        shift = self.settings.integer("burn_in")
        for name in ("born", "since", "search_since"):
            getattr(p, name)[:] -= shift
        for name in ("ends", "defence", "dropout"):
            column = getattr(p, name)
            column[column < 30000] -= shift

    def step(self) -> None:
        """Simulate one month: every event of `ORDER`, in that order."""
        for event in ORDER:
            start = time.process_time()
            getattr(self, f"event_{event.name}")()
            self.profile[event.name] += time.process_time() - start
        self.month += 1

    def person(self, identity: int) -> Person:
        """Give the person with this identity as an agent view (raises KeyError when gone)."""
        rows = np.flatnonzero(self.persons.id == np.uint64(identity))
        if rows.size == 0 or not self.persons.present[rows[0]]:
            raise KeyError(f"no person {identity} in the population now")
        return Person(self, int(rows[0]))

    def grow_targets(self) -> None:
        """Set the posts wanted this month."""
        posts = self.demand.posts(self.month, self.effects.demand)
        if posts is not None:
            self.employers.target[:] = posts

    def event_age(self) -> None:
        """Let everybody grow a month older; ties change; PhDs defend."""
        if self.month == 0:
            forget_burn_in(self.ledger, self.persons.columns)
        make_room(self.ledger, self.persons.size // 8 + 1000, self.persons.size // 16 + 1000)
        self.recorder.defences[self.month] = int(
            grow_older(
                self.persons.columns, self.employers.sector, self.employers.partnerships,
                self.month, self.rates.ties,
            )
        )  # fmt: skip

    def event_levers(self) -> None:
        """Let policy act; without one nothing happens."""
        if self.policy is None:
            return
        before, self.effects = self.effects, self.policy.begin_month(self)
        value = self.effects.value
        self.choices = self.rates.choice
        if value is not None:
            self.choices = self.choices._replace(value=self.choices.value + value)
        if before.demand is not None or self.effects.demand is not None:
            self.grow_targets()

    def event_careers(self) -> None:
        """Decide and carry out what happens in jobs, whoever searches."""
        p, size = self.persons, self.persons.size
        outcome, reason = np.zeros(size, np.uint8), np.full(size, NO_REASON, np.uint8)
        rates = self.rates.careers._replace(pension_age=self.rates.pension.age_in(self.month))
        sector = self.employers.sector
        career_events(
            p.columns, sector, self.month, rates, self.streams.careers, self.streams.renewal,
            outcome, reason,
        )  # fmt: skip
        touched = np.flatnonzero(outcome != STAYS)
        gone = np.empty(touched.size, np.int64)
        note_next_roles(p.columns, self.month, outcome, touched, self.ledger)
        carry_on(p.columns, self.month, rates, outcome, touched)
        count = carry_out_exits(
            p.columns, sector, self.month, outcome, reason, touched, self.ledger, gone
        )
        p.clear(gone[:count])
        change_jobs(
            p.columns, sector, self.employers.region, self.employers.institutions, self.month,
            self.rates.jobs, self.streams.hours, self.streams.second_job, self.ledger,
        )  # fmt: skip

    def event_outside(self) -> None:
        """Bring the month's entrants in."""
        self.rates.entrants.enter(self.persons, self.month, self.ledger, self.streams.entry)

    def event_push(self) -> None:
        """List the month's seekers."""
        seekers = np.empty(self.persons.size, np.int64)
        count = push_events(
            self.persons.columns, self.employers.sector, self.month, self.rates.push,
            self.streams.push, self.streams.exposure, self.rates.careers, self.streams.renewal,
            self.effects.drive, seekers,
        )  # fmt: skip
        # A copy, so that the room for everybody is free again.
        self.seekers = seekers[:count].copy()

    def event_vacancies(self) -> None:
        """Withdraw stale vacancies, let staff step up, open posts up to the targets."""
        v, e = self.vacancies, self.employers
        if self.month % 12 == 0 or self.demand.moves(self.month):
            self.grow_targets()
        age = self.month - v.opened[: self.open_count]
        stale = age >= self.rates.vacancies.withdrawn_after
        self._close(np.flatnonzero(stale), WITHDRAWN)
        self.open_count = keep(v, self.open_count, stale)
        staff, waiting = np.zeros(e.target.shape, np.int32), np.zeros(e.target.shape, np.int32)
        count_posts(self.persons.columns, v, self.open_count, staff, waiting)
        gap = self.shortage.missing_posts(e.target, staff, waiting)
        step_up(
            self.persons.columns, gap, self.month, self.rates.steps,
            self.shortage.alone(gap, e.target), self.streams.internal, self.ledger,
        )  # fmt: skip
        v = self.vacancies = lengthened(v, self.open_count + int(gap.sum()))
        self.open_count = open_vacancies(
            v, self.open_count, gap, self.ordinals, self.month, e.place, e.sector, e.region,
            self.towns, self.town_start, e.institutions,
            self.rates.vacancies.opening, self.rates.vacancies.outside,
            self.rates.vacancies.profiles, self.effects.offers, self.streams.vacancy,
            self.streams.offer,
        )  # fmt: skip

    def event_search(self) -> None:
        """Let seekers meet vacancies and apply."""
        self.board = lay_out(
            self.vacancies, self.open_count, len(c.FIELDS),
            (self.employers.sector, self.employers.town_region), self.rates.qualifying,
            self.effects.classes, self.month, self.streams.window,
        )  # fmt: skip
        room = self.seekers.size * int(np.ceil(self.rates.search.applications)) + 1
        if room > self.applications.seeker.size:
            # Kept for the months to come, so that two months' never stand side by side.
            self.applications = no_applications(room + room // 8)
        keys = Keys(*(getattr(self.streams, name) for name in Keys._fields))
        self.applied = search_and_choose(
            self.persons.columns, self.board, self.seekers, self.places, self.month,
            self.rates.search, self.rates.channels, self.choices, self.effects.frictions,
            keys, self.applications,
        )  # fmt: skip
        if self.policy is not None:
            self.policy.propose(self)

    def event_hiring(self) -> None:
        """Rank the applicants and match."""
        n, a = self.applied, self.applications
        if n > self.score.size:
            self.score = np.empty(max(n, a.seeker.size))
        rank_applicants(
            self.persons.columns, self.vacancies, a, n, self.places, self.rates.hiring,
            self.effects.ranking, self.month, self.streams.tie, self.score,
        )  # fmt: skip
        self.held = deferred_acceptance(
            a.seeker[:n], a.vacancy[:n], self.score[:n], self.open_count
        )

    def event_moves(self) -> None:
        """Carry out the accepted offers; the vacancies they fill close."""
        source = np.empty(self.open_count, np.int16)
        keys = MoveKeys(*(getattr(self.streams, name) for name in MoveKeys._fields))
        carry_out_offers(
            self.persons.columns, self.vacancies, self.held, self.applications, self.places,
            self.month, self.rates.careers, self.rates.phd, self.rates.channels, self.rates.moves,
            self.effects.frictions, self.effects.classes, self.rates.jobs.full_week, keys,
            self.ledger, source,
        )  # fmt: skip
        filled = self.held >= 0
        self._close(np.flatnonzero(filled), FILLED, source[filled])
        self.open_count = keep(self.vacancies, self.open_count, filled)

    def event_record(self) -> None:
        """Count the stock."""
        if self.month >= 0:
            self.recorder.count_stock(self.persons, self.month)

    def finish(self) -> None:
        """Note the vacancies that still stand open at the end of the run."""
        self._close(np.arange(self.open_count), OPEN)

    def let_go(self) -> None:
        """End the model: Mesa's agents keep every model as a key, and so its whole world, alive."""
        kept = getattr(mesa.Agent, "_ids", None)
        if kept is not None:
            kept.pop(self, None)

    def _close(
        self, rows: NDArray[np.int64], outcome: int, source: NDArray[np.int16] | None = None
    ) -> None:
        if self.month >= 0:
            origin = np.full(rows.size, NOBODY, np.int16) if source is None else source
            self.recorder.close_vacancies(self.vacancies, rows, self.month, outcome, origin)

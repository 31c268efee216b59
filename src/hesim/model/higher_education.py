"""Conduct the months: hold the bundles of the model and hand them to each event in order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from hesim.model.institution import Institution
from hesim.model.order import ORDER
from hesim.model.person import Person
from hesim.model.person_set import PersonSet
from hesim.model.policy import Policy, no_effects
from hesim.model.rates.rates import compute_rates
from hesim.model.recorder import OPEN, Recorder
from hesim.model.state import Market, first_state
from hesim.population.employers import build_employers
from hesim.random import streams_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.ledger import Ledger
    from hesim.population.employers import Employers
    from hesim.population.persons import Persons
    from hesim.tables import ReportTables


class HigherEducation(mesa.Model):
    """Labour market of Dutch higher education and what lies around it.

    It acts on `model`, `population`, `start`, `seed`, `levers` and `without` of its settings. With
    levers it is the policy's world, without levers the baseline. What is left is for whoever runs
    it. `burn_in` and `years` say how many months to step; `data` says which tables to read and
    hand in; `calibration` has already set values when the settings are composed; `survey` is for
    the questionnaire. `replications`, `workers`, `output`, `study` and `engine` are for
    `hesim run` and `hesim study`.

    Each event of the month is a function of four bundles: state, rates, streams and effects.

    It ends by itself: after the last month of `years` it is no longer `running`, and a further step
    changes nothing. Mesa's own tools look at `running`; see docs/mesa.md.

    Attributes:
        settings: The composed config.
        tables: The report's tables.
        replication: Number of the replication.
        streams: Keys of all random streams.
        rates: Numbers of all rules, computed once from settings and tables.
        state: All that changes in a run.
        effects: What the policy changes this month.
        policy: What acts from outside, made from the settings; None is the baseline.
        profile: CPU seconds by event.
    """

    def __init__(
        self,
        settings: Settings,
        tables: ReportTables,
        replication: int = 0,
        scenario: Any = None,
    ) -> None:
        """Build the population and set all rates.

        Args:
            settings: The composed config.
            tables: The report's tables.
            replication: Number of the replication.
            scenario: Mesa's scenario object that the settings come from, for Mesa's own tools; its
                random numbers have the seed of the settings. The model itself draws none of them.
        """
        seed = settings.integer("seed")
        of_mesa = hasattr(scenario, "to_dict") and hasattr(mesa.Model, "scenario")
        super().__init__(**({"scenario": scenario} if of_mesa else {"rng": seed}))
        if scenario is not None and not of_mesa:
            self.scenario = scenario
        self.settings, self.tables, self.replication = settings, tables, replication
        employers = build_employers(settings, tables)
        self.streams = streams_of(seed, replication)
        self.rates = compute_rates(settings, tables, employers, replication)
        self.state = first_state(settings, tables, employers, self.rates, self.streams, replication)
        self.effects = no_effects(employers.target.shape, self.rates.push_items.heading)
        self.policy: Policy | None = settings.policy()
        for number in range(employers.institutions):
            # Mesa holds its agents; see `institutions`.
            Institution(self, number)
        self.profile = {event.name: 0.0 for event in ORDER}
        self.state.grow_targets(self.effects)
        self.recorder.count_drawn_lecturers(self.persons)

    @property
    def month(self) -> int:
        """Month about to be simulated; 0 is the first recorded one, burn-in is negative."""
        return self.state.month

    @property
    def persons(self) -> Persons:
        """The persons' columns."""
        return self.state.persons

    @property
    def employers(self) -> Employers:
        """Institutions and outside employers."""
        return self.state.employers

    @property
    def market(self) -> Market:
        """Vacancies, who looks for one, and who applied."""
        return self.state.market

    @property
    def ledger(self) -> Ledger:
        """All changes of job."""
        return self.state.ledger

    @property
    def recorder(self) -> Recorder:
        """Monthly stocks and closed vacancies."""
        return self.state.recorder

    @property
    def horizon(self) -> int:
        """Month that is never simulated: the first one after `years`."""
        return 12 * self.settings.integer("years")

    @property
    def institutions(self) -> mesa.agent.AgentSet:
        """The 52 institutions as Mesa's set of agents, by number; a copy that may be changed."""
        return self.agents.select(agent_type=Institution)

    @property
    def people(self) -> PersonSet:
        """All who are in the population now, as one set over the columns."""
        return PersonSet(self)

    def step(self) -> None:
        """Simulate one month: every event of `ORDER`, in that order.

        At the horizon the world stands still: a step does nothing, and `running` is false.
        """
        if self.month >= self.horizon:
            self.running = False
            return
        for event in ORDER:
            start = time.process_time()
            self.carry_out(event.name)
            self.profile[event.name] += time.process_time() - start
        self.state.month += 1
        self.running = self.month < self.horizon

    def carry_out(self, name: str) -> None:
        """Carry out one event of the month; a month is all events of `ORDER`, in that order.

        Args:
            name: Name of the event.
        """
        event = next(each for each in ORDER if each.name == name)
        if event.act is not None:
            event.act(self.state, self.rates, self.streams, self.effects)
        if self.policy is None:
            return
        if event.policy == "begin_month":
            self._take_effects(self.policy)
        elif event.policy == "propose":
            self.policy.propose(self)

    def _take_effects(self, policy: Policy) -> None:
        """Let policy act, and let what it changes hold from now on."""
        before, self.effects = self.effects, policy.begin_month(self)
        value = self.effects.value
        self.state.choice = self.rates.choice
        if value is not None:
            self.state.choice = self.state.choice._replace(value=self.rates.choice.value + value)
        if before.demand is not None or self.effects.demand is not None:
            self.state.grow_targets(self.effects)

    def person(self, identity: int) -> Person:
        """Give the person with this identity as an agent view (raises KeyError when gone)."""
        rows = np.flatnonzero(self.persons.id == np.uint64(identity))
        if rows.size == 0 or not self.persons.present[rows[0]]:
            raise KeyError(f"no person {identity} in the population now")
        return Person(self, int(rows[0]))

    def finish(self) -> None:
        """Note the vacancies that still stand open at the end of the run."""
        self.state.close(np.arange(self.state.market.open_count), OPEN)

    def let_go(self) -> None:
        """End the model and give its memory back at once; nothing of it can be used afterwards.

        Mesa's agents hold every model as a key. Model and agents hold each other too, so that
        without this the columns would wait for Python's collector of circles, which counts objects
        and not bytes: a worker would come to hold several dead worlds.
        """
        counters = getattr(mesa.Agent, "_ids", None)
        if counters is not None:
            counters.pop(self, None)
        del self.state, self.rates, self.effects, self.policy

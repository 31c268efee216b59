"""Offer the model to Mesa's own tools: a scenario object, a model of it, and a data collector.

See docs/mesa.md. Everything else of hesim works with `HigherEducation` itself.
"""

from __future__ import annotations

import math
from functools import cached_property, partial
from pathlib import Path
from typing import Any, ClassVar

import mesa

from hesim import categories as c
from hesim.config import Settings
from hesim.config.short_names import SHORT
from hesim.levers.dates import month_names
from hesim.model.higher_education import HigherEducation
from hesim.record.watch import YearlyAges
from hesim.scenario import compose
from hesim.study.observation import outcomes_by_year
from hesim.tables import read

try:
    from mesa.experimental.scenarios import Scenario as MesaScenario
except ImportError:

    class MesaScenario:  # type: ignore[no-redef]
        """What Mesa 3.3 lacks: values by name, with those of the class as defaults."""

        def __init__(self, *, rng: int | None = None, **values: object) -> None:
            """Take values."""
            self.__dict__.update(values, rng=rng)


HEADLINE = ("wo_to_hbo", "hbo_to_wo")
"""Outcomes that the data collector gives at the end."""

BURN_IN = "burn-in"
"""The month of a row before the first recorded one."""


class Scenario(MesaScenario):
    """Settings of one world, as an object that Mesa's tools vary.

    Every setting can be given by its path, as `Scenario(**{"model.choice.sector_cost": 2})`. None
    takes what the settings say. `rng` is the setting `seed`.
    """

    levers: Any = None
    years: int | None = None
    burn_in: int | None = None
    scale: float | None = None
    replication: int = 0
    config: str | None = None

    _own: ClassVar[tuple[str, ...]] = ("replication", "config", "rng")

    def __init__(self, *, rng: int | None = None, **values: Any) -> None:
        """Take the settings of a world.

        Args:
            rng: The seed; None takes the usual one, so that two such worlds are the same.
            **values: Settings by path or short name; also `replication`, the number of the
                replication, and `config`, a folder of settings files of your own.

        Raises:
            ConfigErrors: with everything that cannot hold.
        """
        given = {SHORT.get(k, k): v for k, v in values.items() if k not in self._own}
        asked = {path: value for path, value in given.items() if value is not None}
        if rng is not None:
            asked["seed"] = rng
        settings = compose((), values.get("config"), asked)
        super().__init__(rng=settings.integer("seed"), **values)
        self.__dict__["_settings"], self.__dict__["_given"] = settings, {"rng": rng, **values}

    @property
    def given(self) -> dict[str, Any]:
        """What it was made from."""
        return dict(self.__dict__["_given"])

    @property
    def settings(self) -> Settings:
        """The composed settings."""
        found: Settings = self.__dict__["_settings"]
        return found


class Model(HigherEducation):
    """`HigherEducation` made from a scenario, with a data collector that looks each month.

    Attributes:
        datacollector: Mesa's, with one row a month and, if asked, one for each institution.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        rng: int | None = None,
        by_institution: bool = False,
        **kwargs: Any,
    ) -> None:
        """Build the world.

        Args:
            scenario: The scenario; else one is made of the rest.
            rng: The seed.
            by_institution: Collect staff, target and open vacancies of each institution too.
            **kwargs: As for `Scenario`; beside a scenario they win over its values. Mesa's page
                asks for this name.

        Raises:
            ConfigErrors: settings that cannot hold.
        """
        asked = kwargs if rng is None else {**kwargs, "rng": rng}
        if scenario is None:
            scenario = Scenario(**asked)
        elif asked:
            scenario = Scenario(**{**scenario.given, **asked})
        settings = scenario.settings
        data = settings["data"]
        tables = read(None if data is None else Path(str(data)))
        super().__init__(settings, tables, scenario.replication, scenario)
        self._ages = YearlyAges()
        self.datacollector = collector(by_institution)

    def step(self) -> None:
        """Simulate one month and collect; at the horizon nothing happens."""
        if self.month >= self.horizon:
            self.running = False
            return
        super().step()
        self._ages.after_month(self)
        if not self.running:
            self.finish()
        self.datacollector.collect(self)

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """All outcomes of a world that has ended, as means over its years and at full scale.

        Raises:
            RuntimeError: months are still to come.
        """
        if self.month < self.horizon:
            raise RuntimeError("there are outcomes only at the end of the last year")
        found = outcomes_by_year(self.settings, self, self._ages.counts)
        return {name: float(values.mean()) for name, values in found.items()}


def collector(by_institution: bool = False) -> mesa.DataCollector:
    """A data collector for a `Model`: counts at full scale each month, outcomes in the last one.

    Args:
        by_institution: Collect staff, target and open vacancies of each institution too, as
            simulated.
    """
    of_model: dict[str, Any] = {
        "month": _month,
        "staff_hbo": partial(_staff, sector=c.HBO),
        "staff_wo": partial(_staff, sector=c.WO),
        "open_vacancies": _open_vacancies,
        **{name: partial(_outcome, name=name) for name in HEADLINE},
    }
    of_agents = {name: name for name in ("name", "sector", "staff", "target", "open_vacancies")}
    return mesa.DataCollector(of_model, of_agents if by_institution else None)


def _month(model: Model) -> str:
    """The month that was just simulated."""
    number = model.month - 1
    names = month_names(model.settings.text("start"), model.settings.integer("years"))
    return names[number] if number >= 0 else BURN_IN


def _staff(model: Model, sector: int) -> float:
    p = model.persons
    places = model.employers.sector == sector
    here = (p.present == 1) & (p.employer >= 0)
    return float(places[p.employer[here]].sum()) / model.settings.number("population.scale")


def _open_vacancies(model: Model) -> float:
    inside = sum(model.institutions.get("open_vacancies"))
    return inside / model.settings.number("population.scale")


def _outcome(model: Model, name: str) -> float:
    return math.nan if model.running else model.outcomes[name]

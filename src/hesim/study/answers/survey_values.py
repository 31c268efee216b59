"""Say what a survey would be worth on the runs of a study.

Luck in the baseline of a world is in the effects of its arms too, since they are differences from
it: it would look like knowledge. So one half of the replications gives the survey's answer, and the
other half shows the effects; and then the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim.levers.arms import BASELINE
from hesim.study.answers.best import CostDifferences, Worlds, together, worlds_of
from hesim.study.answers.curves import Floats, Groups
from hesim.study.answers.effects import ArmValues, Tables, levels
from hesim.study.answers.information import Information, partial
from hesim.study.answers.net_value import Weighing
from hesim.study.answers.surveys import Survey
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    from hesim.study.folder import Study

ANSWERS = 5
"""Answers that are simulated of each survey; their values are averaged."""
FIELDS = ("value", "error", "changes")
HALVES = (0, 1)
"""First replication of each half; every second one belongs to it."""


class NotMeasured(ValueError):
    """A survey whose answer a study cannot simulate; the message says why."""


@dataclass(frozen=True)
class Held:
    """What surveys are held on: the worlds of a study.

    Attributes:
        studies: The part of each structure by its name.
        effects: Paired differences of the outcome of each.
        costs: What its levers cost; None where costs do not count.
        worlds: Its worlds that are judged, with the arms that are chosen between.
        better: `more` or `less` of the outcome.
        weighing: How arms are weighed.
        groups: Worlds that share their parameters, shape (worlds,).
        settings: Settings of each world that a survey may measure, by path.
    """

    studies: Mapping[str, Study]
    effects: Mapping[str, Tables]
    costs: Mapping[str, CostDifferences | None]
    worlds: Mapping[str, Worlds]
    better: str
    weighing: Weighing
    groups: Groups
    settings: Mapping[str, Floats]

    def value(self, survey: Survey, size: int) -> Information:
        """What it is worth to hold a survey, on average over answers that it may get.

        Args:
            survey: The survey.
            size: How many it asks.

        Raises:
            NotMeasured: the study does not hold what it measures.
        """
        rng = np.random.default_rng(0)
        found = [
            partial(choices, np.stack(survey.read(measured, size, rng), axis=1), self.groups)
            for choices, measured in self._trials(survey)
            for _ in range(ANSWERS)
        ]
        mean = {name: float(np.mean([getattr(one, name) for one in found])) for name in FIELDS}
        return Information(**mean)

    def _trials(self, survey: Survey) -> list[tuple[Floats, Mapping[str, Floats]]]:
        """Effects of all choices, with what the survey measures beside them."""
        lacking = f"the study does not hold {survey.measures}"
        if survey.of_settings:
            if not set(survey.needs) <= set(self.settings):
                raise NotMeasured(lacking)
            whole = together(list(self.worlds.values()))
            assert whole is not None
            return [(self.weighing.payoffs(whole), self.settings)]
        tables = [table for each in self.effects.values() for table in each.values()]
        if any(table.values.shape[1] < len(HALVES) for table in tables):
            raise NotMeasured("needs two replications, so that luck is not taken for knowledge")
        made: list[tuple[Floats, Mapping[str, Floats]]] = []
        for shows, answers in zip(HALVES, reversed(HALVES), strict=True):
            measured = {name: self._outcome(name, answers) for name in survey.needs}
            if not all(np.isfinite(each).all() for each in measured.values()):
                raise NotMeasured(lacking)
            made.append((self._choices(shows), measured))
        return made

    def _choices(self, half: int) -> Floats:
        """Effects of all choices in one half of the replications, shape (worlds, choices)."""
        parts = []
        for name, tables in self.effects.items():
            wanted = set(self.worlds[name].cells)
            costs = self.costs[name]
            halved = None if costs is None else CostDifferences(*(_half(of, half) for of in costs))
            part = worlds_of(_half(tables, half), halved, self.better)
            if part is None or set(part.cells) != wanted:
                raise NotMeasured("needs two replications of every world")
            parts.append(part.of_arms(self.worlds[name].arms))
        whole = together(parts)
        assert whole is not None
        return self.weighing.payoffs(whole)

    def _outcome(self, outcome: str, half: int) -> Floats:
        """An outcome of each world without levers; not a number where it is not known."""
        found: list[float] = []
        for name, study in self.studies.items():
            cells = self.worlds[name].cells
            table = levels(study, outcome).get((BASELINE, CENTRAL))
            place = {} if table is None else {cell: k for k, cell in enumerate(table.cells)}
            if table is None or not set(cells) <= set(place):
                return np.full(self.groups.size, np.nan)
            values = table.values[[place[cell] for cell in cells], half :: len(HALVES)]
            found += [
                float(row[~np.isnan(row)].mean()) if (row == row).any() else np.nan
                for row in values
            ]
        return np.array(found)


def _half(tables: Tables, half: int) -> Tables:
    """Every second replication of each table."""
    return {
        key: ArmValues(table.cells, table.values[:, half :: len(HALVES)])
        for key, table in tables.items()
    }

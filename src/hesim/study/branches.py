"""Carry out the runs of a study in whatever process they land: settings in, outcomes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.execution.task import OnMonth, Procedure, Task

if TYPE_CHECKING:
    from hesim.config import Settings

Work = Callable[["Settings", int], Mapping[str, NDArray[np.float64]]]
"""Simulates settings and a replication's number; gives outcomes by year."""

LEVERS = "levers."
"""How the paths of levers' settings begin."""


class Branch(NamedTuple):
    """What one run simulates.

    Attributes:
        arm: Name of its arm.
        values: Settings that differ from the study's, by path.
        replication: Number of the replication.
        more: Whether another run of its group follows it.
    """

    arm: str
    values: tuple[tuple[str, object], ...]
    replication: int
    more: bool = False

    @property
    def group(self) -> tuple[object, ...]:
        """The same for runs that are one world until the first lever acts."""
        return (self.replication, *(pair for pair in self.values if not pair[0].startswith(LEVERS)))


class BranchOutcomes(NamedTuple):
    """What a run gives.

    Attributes:
        names: Names of the outcomes.
        values: By year, shape (outcomes, years).
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Branches(Procedure):
    """Simulates branches.

    Attributes:
        settings: The composed config without levers.
        arms: Settings of the levers of each arm by its name.
        work: What simulates; None is the model.
    """

    settings: Settings
    arms: dict[str, dict[str, object]]
    work: Work | None

    @property
    def own_function(self) -> object:
        """What simulates in the model's place."""
        return self.work

    def prepare(self) -> None:
        """Compile the model, unless another one is simulated."""
        if self.work is None:
            super().prepare()

    def perform(self, task: Task, on_month: OnMonth) -> BranchOutcomes:
        """Simulate one branch.

        Raises:
            ArithmeticError: an outcome is not a number.
        """
        branch: Branch = task.content
        own = self.settings_of(branch)
        if self.work is None:
            from hesim.execution.simulate import Share
            from hesim.study.observation import observe

            share = Share(self.settings, branch.group, branch.more)
            made: Mapping[str, NDArray[np.float64]] = observe(own, branch.replication, share)
        else:
            made = self.work(own, branch.replication)
        values = np.array([made[name] for name in made], np.float64)
        if not np.all(np.isfinite(values)):
            bad = [name for name in made if not np.all(np.isfinite(made[name]))]
            raise ArithmeticError(f"not a number: {', '.join(bad)}")
        return BranchOutcomes(tuple(made), values)

    def with_data(self, folder: Path) -> Branches:
        """The same with the report's tables in another folder."""
        return replace(self, settings=self.settings.with_values({"data": str(folder)}))

    def settings_of(self, branch: Branch) -> Settings:
        """The settings of one run."""
        levers, values = self.arms[branch.arm], dict(branch.values)
        if levers:
            return self.settings.with_values({"levers": levers}).with_values(values)
        return self.settings.with_values(values)

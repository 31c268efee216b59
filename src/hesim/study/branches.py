"""Carry out the runs of a plan in whatever process they land: settings in, what is wanted out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.config.folders import STRUCTURE
from hesim.execution.task import OnMonth, Procedure, Task

if TYPE_CHECKING:
    from hesim.config import Settings

Work = Callable[..., Any]
"""Takes settings and a replication's number. If it has an argument `on_month`, it is also given a
function to be called after each month with months done and months in all; if it has an argument
`share`, also what the run has in common with others, see `execution.simulate.Share`."""

Close = Callable[[str, Any], Any]
"""Makes of an arm's name and of what `Work` gave what travels back."""

LEVERS = "levers."
"""How the paths of levers' settings begin."""
WITHOUT = "without"
"""Path of the mechanisms that levers lack: like levers, they change nothing before these start."""


class Branch(NamedTuple):
    """What one run simulates.

    Attributes:
        arm: Name of its arm.
        values: Settings that differ from the plan's, by path.
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
        return (self.replication, *(pair for pair in self.values if not _of_levers(pair[0])))


class BranchOutcomes(NamedTuple):
    """What a run of a study gives.

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
        work: What simulates.
        close: What becomes of that.
        compiled: Whether a process compiles the model before its first run.
        structures: Settings of each structure by name; empty in a plan of one.
    """

    settings: Settings
    arms: dict[str, dict[str, object]]
    work: Work
    close: Close
    compiled: bool
    structures: dict[str, Settings] = field(default_factory=dict)

    @property
    def own_function(self) -> object:
        """What simulates."""
        return self.work

    def prepare(self) -> None:
        """Compile the model where that is needed."""
        if self.compiled:
            super().prepare()

    def perform(self, task: Task, on_month: OnMonth) -> Any:
        """Simulate one branch."""
        branch: Branch = task.content
        takes, more = signature(self.work).parameters, dict[str, object]()
        if "on_month" in takes:
            more["on_month"] = on_month
        if "share" in takes:
            from hesim.execution.simulate import Share

            more["share"] = Share(self.settings, branch.group, branch.more)
        made = self.work(self.settings_of(branch), branch.replication, **more)
        return self.close(branch.arm, made)

    def with_data(self, folder: Path) -> Branches:
        """The same with the report's tables in another folder."""
        there = {"data": str(folder)}
        structures = {name: one.with_values(there) for name, one in self.structures.items()}
        return replace(self, settings=self.settings.with_values(there), structures=structures)

    def settings_of(self, branch: Branch) -> Settings:
        """The settings of one run."""
        levers, values = self.arms[branch.arm], dict(branch.values)
        settings = self.structures[str(values.pop(STRUCTURE))] if self.structures else self.settings
        if levers:
            settings = settings.with_values({"levers": levers})
        return settings.with_values(values)


def outcomes_of(arm: str, made: Mapping[str, NDArray[np.float64]]) -> BranchOutcomes:
    """Close a run of a study: outcomes by year, each a number.

    Raises:
        ArithmeticError: an outcome is not a number.
    """
    values = np.array([made[name] for name in made], np.float64)
    if not np.all(np.isfinite(values)):
        bad = [name for name in made if not np.all(np.isfinite(made[name]))]
        raise ArithmeticError(f"not a number: {', '.join(bad)}")
    return BranchOutcomes(tuple(made), values)


def _of_levers(path: str) -> bool:
    return path.startswith(LEVERS) or path == WITHOUT

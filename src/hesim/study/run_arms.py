"""Run the arms of a policy side by side, under the same random numbers.

Jobs of one replication stand together, so that a run that is stopped has whole pairs.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.execution.replication import Simulate, simulate_one
from hesim.execution.task import OnMonth, Procedure, Task
from hesim.levers.arms import BASELINE, WITHOUT, arms_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.replication import Replication


class Arms(Procedure):
    """Simulates one arm of one replication: jobs are numbered replication by replication.

    Attributes:
        names: Names of the arms.
        work: What simulates one replication.
    """

    def __init__(self, settings: Settings, work: Simulate = simulate_one) -> None:
        """Prepare; `work` simulates one replication from settings."""
        arms = arms_of(settings)
        self.names = tuple(arms)
        self._settings = tuple(arms.values())
        self.work = work
        self._takes = tuple(signature(work).parameters)

    @property
    def own_function(self) -> object:
        """What simulates."""
        return self.work

    def prepare(self) -> None:
        """Do nothing: whoever starts a run has compiled the model, and each process loads it."""

    def perform(self, task: Task, on_month: OnMonth) -> Replication:
        """Simulate a job."""
        number, arm = self.part(task.number)
        own = self._settings[self.names.index(arm)]
        more: dict[str, object] = {"on_month": on_month} if "on_month" in self._takes else {}
        if "share" in self._takes and len(self.names) > 1:
            from hesim.execution.simulate import Share

            # The baseline comes last, see `tasks`, and uses the months that it shares up.
            more["share"] = Share(self._settings, number, more=arm != BASELINE)
        made: Replication = self.work(own, number, **more)
        if arm == BASELINE:
            return made
        if arm.startswith(WITHOUT):
            # Only outcomes are compared; the tables would only travel and lie about.
            return replace(
                made, arm=arm, stocks={}, flows={}, vacancies={}, movers={}, margins={}, survey=[]
            )
        return replace(made, arm=arm)

    def with_data(self, folder: Path) -> Arms:
        """The same with the report's tables in another folder."""
        made = copy(self)
        made._settings = tuple(one.with_values({"data": str(folder)}) for one in self._settings)
        return made

    def tasks(self, replications: int) -> list[Task]:
        """The jobs of so many replications; those of one share their first months."""
        count = len(self.names)
        return [
            Task(job, group=number)
            for number in range(replications)
            for job in (*range(number * count + 1, (number + 1) * count), number * count)
        ]

    def part(self, job: int) -> tuple[int, str]:
        """Replication and arm of a job."""
        number, which = divmod(job, len(self.names))
        return number, self.names[which]

    def say(self, job: int) -> str:
        """Name a job: the replication's number, with the arm where there is more than one."""
        number, arm = self.part(job)
        return str(number) if len(self.names) == 1 else f"{number} {arm}"

    def whole(self, good: dict[int, Replication]) -> list[Replication]:
        """Results of the replications of which every arm is there, by replication and arm."""
        count = len(self.names)
        numbers = sorted({job // count for job in good})
        full = [n for n in numbers if all(n * count + k in good for k in range(count))]
        return [good[n * count + k] for n in full for k in range(count)]

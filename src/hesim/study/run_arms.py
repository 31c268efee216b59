"""Run the arms of a policy side by side, under the same random numbers.

Jobs of one replication stand together, so that a run that is stopped has whole pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from typing import TYPE_CHECKING

from hesim.execution.attempt import Simulate, simulate_one
from hesim.execution.simulate import Share
from hesim.levers.arms import BASELINE, WITHOUT, arms_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.replication import Replication


class Arms:
    """Simulates one arm of one replication: jobs are numbered replication by replication.

    Attributes:
        names: Names of the arms.
    """

    def __init__(self, settings: Settings, work: Simulate = simulate_one) -> None:
        """Prepare; `work` simulates one replication from settings."""
        arms = arms_of(settings)
        self.names = tuple(arms)
        self._settings = tuple(arms.values())
        self.work = work
        self._takes = tuple(signature(work).parameters)

    def __call__(
        self,
        settings: Settings,
        job: int,
        on_month: Callable[[int, int], None] = lambda done, total: None,
    ) -> Replication:
        """Simulate a job; `settings` are those of the whole run and not read here."""
        number, arm = self.part(job)
        own = self._settings[self.names.index(arm)]
        more: dict[str, object] = {"on_month": on_month} if "on_month" in self._takes else {}
        if "share" in self._takes and len(self.names) > 1:
            # The baseline comes last, see `groups`, and uses the months that it shares up.
            more["share"] = Share(self._settings, number, more=arm != BASELINE)
        made = self.work(own, number, **more)
        if arm == BASELINE:
            return made
        if arm.startswith(WITHOUT):
            # Only outcomes are compared; the tables would only travel and lie about.
            return replace(
                made, arm=arm, stocks={}, flows={}, vacancies={}, movers={}, margins={}, survey=[]
            )
        return replace(made, arm=arm)

    def groups(self, replications: int, workers: int) -> list[list[int]]:
        """Jobs that one process should do one after another, as they share their first months.

        Args:
            replications: How many there are.
            workers: Processes; where there are more of them than replications, arms are spread.
        """
        count = len(self.names)
        parts = min(max(-(-workers // replications), 1), count)
        made = []
        for number in range(replications):
            jobs = [*range(number * count + 1, (number + 1) * count), number * count]
            size = -(-count // parts)
            made += [jobs[start : start + size] for start in range(0, count, size)]
        return made

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

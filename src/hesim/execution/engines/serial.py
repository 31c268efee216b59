"""Do tasks in this process, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from hesim.execution.simulate import forget_trunk
from hesim.execution.task import Hear, Month, Procedure, Report, Task, deaf, perform


class Serial:
    """An engine without other processes: an error is caught, but nothing limits time or memory."""

    workers = 1
    chunks_a_worker = 1
    local = True

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def send(self, tasks: Sequence[Task], hear: Hear = deaf) -> Future[list[Report]]:
        """Do the tasks at once."""
        future: Future[list[Report]] = Future()
        future.set_result([self._perform(task, hear) for task in tasks])
        return future

    def close(self) -> None:
        """Nothing was started; the months that worlds shared are given up."""
        forget_trunk()

    def where(self) -> str:
        """Say where tasks are done."""
        return "in this process"

    def _perform(self, task: Task, hear: Hear) -> Report:
        def on_month(done: int, total: int) -> None:
            hear(Month(task.number, done, total))

        return perform(self.procedure, task, on_month)

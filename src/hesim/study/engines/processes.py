"""Simulate in worker processes of this machine, each guarded on its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hesim.study.engines import local_workers, memory_limit, time_limit
from hesim.study.guard import Guard, pack
from hesim.study.running import Orders, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings


class Processes:
    """A pool of threads, each of which waits for a process of its own.

    `ProcessPoolExecutor` would lose the whole pool when one process dies, and could not stop a
    run that takes too long.
    """

    chunks_a_worker = 4

    def __init__(self, orders: Orders, settings: Settings) -> None:
        """Prepare; processes start when they are needed."""
        self.workers = local_workers(settings)
        self._packed = pack(orders)
        self._limits = time_limit(settings), memory_limit(settings, self.workers)
        self._threads = ThreadPoolExecutor(self.workers, "hesim-study")
        self._guards: list[Guard] = []
        self._own = threading.local()
        self._closed = False

    def send(self, tasks: Sequence[Task]) -> Future[list[Report]]:
        """Run the tasks in the first process that is free."""
        return self._threads.submit(self._run, list(tasks))

    def close(self) -> None:
        """End the processes."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for guard in self._guards:
            guard.close()
        self._threads.shutdown(wait=True)

    def where(self) -> str:
        """Say where runs are simulated."""
        return f"in {self.workers} processes" if self.workers > 1 else "in 1 process"

    def _run(self, tasks: list[Task]) -> list[Report]:
        guard: Guard | None = getattr(self._own, "guard", None)
        if guard is None:
            guard = self._own.guard = Guard(self._packed, *self._limits)
            self._guards.append(guard)
            if self._closed:
                # It came too late to be closed with the others.
                guard.close()
        return [guard.run(task) for task in tasks]

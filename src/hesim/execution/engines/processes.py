"""Do tasks in worker processes of this machine, each supervised on its own."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import NamedTuple

from hesim.execution.limits import Limits, Supervisor, pack
from hesim.execution.task import Hear, Procedure, Report, Task, deaf

HELP = 0.05
"""Seconds that a process without a group of its own waits for one before it helps with another's:
tasks that are handed out together do not come at the same moment."""


class _Order(NamedTuple):
    tasks: list[Task]
    hear: Hear
    future: Future[list[Report]]


class Processes:
    """A pool of threads, each of which waits for a process of its own.

    `ProcessPoolExecutor` would lose the whole pool when one process dies, could not stop a task
    that takes too long, and knows nothing of worlds that share their first months: here a process
    goes on with the group that it has begun, and begins one that no other process has.
    """

    chunks_a_worker = 4
    local = True

    def __init__(self, procedure: Procedure, workers: int, limits: Limits) -> None:
        """Prepare; processes start when they are needed.

        Args:
            procedure: How tasks are done.
            workers: Processes.
            limits: What a task may take.

        Raises:
            TypeError: the procedure cannot be imported by another process.
        """
        self.workers = workers
        self._packed = pack(procedure)
        self._limits = limits
        self._waiting: deque[_Order] = deque()
        self._change = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._supervisors: list[Supervisor] = []
        self._groups: dict[int, object] = {}

    def send(self, tasks: Sequence[Task], hear: Hear = deaf) -> Future[list[Report]]:
        """Do the tasks in a process that is free, if possible one that has begun their group."""
        order = _Order(list(tasks), hear, Future())
        with self._change:
            self._waiting.append(order)
            if len(self._threads) < self.workers:
                place = len(self._threads)
                thread = threading.Thread(target=self._serve, args=(place,), daemon=True)
                self._threads.append(thread)
                thread.start()
            self._change.notify()
        return order.future

    def close(self) -> None:
        """End the processes."""
        with self._change:
            self._closed = True
            for order in self._waiting:
                order.future.cancel()
            self._waiting.clear()
            supervisors = list(self._supervisors)
            self._change.notify_all()
        for supervisor in supervisors:
            supervisor.close()
        for thread in self._threads:
            thread.join()

    def where(self) -> str:
        """Say where tasks are done."""
        return f"in {self.workers} processes" if self.workers > 1 else "in 1 process"

    def _serve(self, place: int) -> None:
        supervisor: Supervisor | None = None
        while (order := self._take(place)) is not None:
            if not order.future.set_running_or_notify_cancel():
                continue
            try:
                if supervisor is None:
                    supervisor = Supervisor(self._packed, self._limits)
                    with self._change:
                        if self._closed:
                            supervisor.close()
                        self._supervisors.append(supervisor)
                order.future.set_result([supervisor.run(task, order.hear) for task in order.tasks])
            except BaseException as error:  # noqa: BLE001 - it is handed on through the future
                order.future.set_exception(error)

    def _take(self, place: int) -> _Order | None:
        """The next order for a thread, or None at the end."""
        with self._change:
            end = math.inf
            while not self._closed:
                order = self._own_or_new(place)
                if not self._waiting:
                    end = math.inf
                elif order is None:
                    end = min(end, time.monotonic() + HELP)
                    if time.monotonic() >= end:
                        order = self._waiting[0]
                if order is not None:
                    self._waiting.remove(order)
                    self._groups[place] = order.tasks[-1].group
                    return order
                self._change.wait(None if end == math.inf else max(end - time.monotonic(), 0.0))
            return None

    def _own_or_new(self, place: int) -> _Order | None:
        """An order of the group that a thread is at, or of one that none is at."""
        begun, own = set(self._groups.values()), self._groups.get(place)
        for wanted in (lambda group: group == own, lambda group: group not in begun):
            for order in self._waiting:
                if wanted(order.tasks[0].group):
                    return order
        return None

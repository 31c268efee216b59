"""Keep one worker process that may die, hang or eat memory without harm to the study."""

from __future__ import annotations

import os
import pickle
import threading
import time
from multiprocessing.connection import wait

from hesim.execution.worker import Died, Month, Worker
from hesim.shelf import shelf
from hesim.study.task import (
    DIED,
    OUT_OF_MEMORY,
    TIMED_OUT,
    Orders,
    Report,
    Task,
    serve_one,
)

PAUSE = 0.25
"""Seconds between two looks at the time and memory that a run takes."""

START_LIMIT: float | None = 900.0
"""Seconds that a process may take to start, load the model and compile it."""

TRIES = 2
"""How often a run may lose its process before it counts as failed."""

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Libraries must not start threads: each worker has a processor of its own."""

_starting = threading.Lock()


class Guard:
    """Runs tasks one after another in a process of its own, started when first needed."""

    def __init__(
        self, orders: bytes, time_limit: float | None = None, memory_limit: float | None = None
    ) -> None:
        """Prepare.

        Args:
            orders: Pickled function and `Orders`, see `pack`.
            time_limit: Seconds that a run may take.
            memory_limit: MB that its process may hold.
        """
        self.orders, self.time_limit, self.memory_limit = orders, time_limit, memory_limit
        self._worker: Worker | None = None
        self._closed = False

    def run(self, task: Task) -> Report:
        """Run a task; whatever happens to the process, a report comes back."""
        report = self._attempt(task)
        for _ in range(TRIES - 1):
            if report.status != DIED or self._closed:
                break
            report = self._attempt(task)
        return report

    def close(self) -> None:
        """End the process, in the midst of a run too."""
        self._closed = True
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.process.kill()
            worker.process.wait()
            # The thread that listens sees the end of the pipe, which it closes.

    def _attempt(self, task: Task) -> Report:
        worker = self._worker
        if self._closed:
            return Report(task.number, DIED, (), None, 0.0, "the engine was closed")
        if worker is None:
            with _starting:
                for name in ONE_THREAD:
                    os.environ.setdefault(name, "1")
                # Said here, where it is said once, and not by each process.
                shelf().prepare()
                worker = self._worker = Worker(self.orders)
            if self._closed:
                # Closed while the process started, so that nobody else has ended it.
                return self._stopped(worker, task, DIED, 0.0, "the engine was closed")
        worker.begin(task)
        start, limit = time.perf_counter(), START_LIMIT
        while True:
            if wait([worker.pipe], PAUSE):
                told = worker.listen()
                if not isinstance(told, Month):
                    break
                # The process is warm: from here on the run itself is timed.
                start, limit = time.perf_counter(), self.time_limit
                continue
            spent = time.perf_counter() - start
            held = _memory(worker.process.pid) if self.memory_limit is not None else 0.0
            if self.memory_limit is not None and held > self.memory_limit:
                words = f"its process held {held:.0f} MB; the limit is {self.memory_limit:.0f} MB"
                return self._stopped(worker, task, OUT_OF_MEMORY, spent, words)
            if limit is not None and spent > limit:
                words = f"took longer than the time limit of {limit:g} s"
                return self._stopped(worker, task, TIMED_OUT, spent, words)
        spent = time.perf_counter() - start
        if isinstance(told, Died):
            self._worker = None
            return Report(task.number, DIED, (), None, spent, told.words)
        made = getattr(told, "made", None)
        if made is None:
            error = str(getattr(told, "error", "no reason known"))
            return Report(task.number, DIED, (), None, spent, error)
        return made

    def _stopped(
        self, worker: Worker, task: Task, status: str, seconds: float, words: str
    ) -> Report:
        self._worker = None
        worker.process.kill()
        worker.dismiss()
        return Report(task.number, status, (), None, seconds, words)


def pack(orders: Orders) -> bytes:
    """Orders as a guard sends them to its process.

    Raises:
        TypeError: the work cannot be imported by another process.
    """
    if getattr(orders.work, "__module__", None) == "__main__":
        raise TypeError("simulate stands in the script itself; put it in a module")
    return pickle.dumps((serve_one, orders))


def _memory(pid: int) -> float:
    """MB that a process holds; 0 when it is gone."""
    import psutil

    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0

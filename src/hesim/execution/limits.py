"""Keep one worker process that may die, hang or eat memory without harm to the rest."""

from __future__ import annotations

import os
import pickle
import threading
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, NamedTuple

from hesim.execution.task import (
    DIED,
    OUT_OF_MEMORY,
    TIMED_OUT,
    Hear,
    Loss,
    Month,
    Procedure,
    Report,
    Task,
    deaf,
)
from hesim.execution.worker import Death, Start, Worker
from hesim.shelf import shelf

if TYPE_CHECKING:
    from hesim.config import Settings

PAUSE = 0.25
"""Seconds between two looks at the time and memory that a task takes."""

START_LIMIT: float | None = 900.0
"""Seconds that a process may take to start, load the model and compile it."""

TRIES = 2
"""How often a task may lose its process before it counts as failed."""

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Libraries must not start threads: each worker has a processor of its own."""

_starting = threading.Lock()


class Limits(NamedTuple):
    """What a task may take.

    Attributes:
        seconds: Wall time; None is any.
        megabytes: Memory that its process may hold; None is any.
    """

    seconds: float | None = None
    megabytes: float | None = None


def asked_limits(settings: Settings) -> Limits:
    """The limits that the settings name."""
    paths = ("engine.time_limit", "engine.memory_limit")
    return Limits(*(None if settings[path] is None else settings.number(path) for path in paths))


def local_limits(settings: Settings, workers: int) -> Limits:
    """The limits that the settings name; else a process may hold a share of 90% of the memory."""
    asked = asked_limits(settings)
    if asked.megabytes is not None:
        return asked
    import psutil

    return asked._replace(megabytes=0.9 * float(psutil.virtual_memory().total) / 1e6 / workers)


class Supervisor:
    """Does tasks one after another in a process of its own, started when first needed."""

    def __init__(self, procedure: bytes, limits: Limits) -> None:
        """Prepare.

        Args:
            procedure: Pickled, see `pack`.
            limits: What a task may take.
        """
        self.procedure, self.limits = procedure, limits
        self._worker: Worker | None = None
        self._closed = False

    def run(self, task: Task, hear: Hear = deaf) -> Report:
        """Do a task; whatever happens to the process, a report comes back."""
        report = self._attempt(task, hear)
        for _ in range(TRIES - 1):
            if report.status != DIED or self._closed:
                return report
            hear(Loss(task.number, report.error))
            report = self._attempt(task, hear)
        if report.status == DIED and not self._closed:
            return report._replace(error=f"{report.error}, {TRIES} times")
        return report

    def close(self) -> None:
        """End the process, in the midst of a task too."""
        self._closed = True
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.process.kill()
            worker.process.wait()
            # The thread that listens sees the end of the pipe, which it closes.

    def _attempt(self, task: Task, hear: Hear) -> Report:
        worker = self._worker
        if self._closed:
            return Report(task.number, DIED, None, 0.0, "the engine was closed")
        if worker is None:
            with _starting:
                for name in ONE_THREAD:
                    os.environ.setdefault(name, "1")
                # Said here, where it is said once, and not by each process.
                shelf().prepare()
                worker = self._worker = Worker(self.procedure)
            if self._closed:
                # Closed while the process started, so that nobody else has ended it.
                return self._stopped(worker, task, DIED, 0.0, "the engine was closed")
        worker.begin(task)
        start, limit = time.perf_counter(), START_LIMIT
        looked, most = start, self.limits.megabytes
        while True:
            if wait([worker.pipe], PAUSE):
                message = worker.listen()
                if isinstance(message, Month):
                    hear(message)
                elif isinstance(message, Start):
                    # The process is warm: from here on the task itself is timed.
                    start, limit = time.perf_counter(), self.limits.seconds
                elif isinstance(message, Death):
                    self._worker = None
                    spent = time.perf_counter() - start
                    return Report(task.number, DIED, None, spent, message.words)
                else:
                    return message
            now = time.perf_counter()
            if now - looked < PAUSE:
                continue
            looked, spent = now, now - start
            held = _memory(worker.process.pid) if most is not None else 0.0
            if most is not None and held > most:
                words = f"its process held {held:.0f} MB; the limit is {most:.0f} MB"
                return self._stopped(worker, task, OUT_OF_MEMORY, spent, words)
            if limit is not None and spent > limit:
                words = f"took longer than the time limit of {limit:g} s"
                return self._stopped(worker, task, TIMED_OUT, spent, words)

    def _stopped(
        self, worker: Worker, task: Task, status: str, seconds: float, words: str
    ) -> Report:
        self._worker = None
        worker.process.kill()
        worker.dismiss()
        return Report(task.number, status, None, seconds, words)


def pack(procedure: Procedure) -> bytes:
    """A procedure as a supervisor sends it to its process.

    Raises:
        TypeError: it cannot be imported by another process.
    """
    if getattr(procedure.own_function, "__module__", None) == "__main__":
        raise TypeError(
            "simulate stands in the script itself; put it in a module, or use engine=serial"
        )
    return pickle.dumps(procedure)


def _memory(pid: int) -> float:
    """MB that a process holds; 0 when it is gone."""
    import psutil

    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0

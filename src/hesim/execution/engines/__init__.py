"""Where runs are simulated: here, in processes, on Dask or on Slurm, behind one interface.

An engine is a `concurrent.futures.Executor` that is given chunks of tasks: each call of `submit`
returns a `Future` of a list of reports, one a task. It never raises for what a run does; a
future that raises means that the engine itself is broken.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from hesim.study.task import Orders, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings


class Engine(Protocol):
    """What the conductor of a study asks of an engine."""

    workers: int
    """How many runs it does at a time."""

    chunks_a_worker: int
    """Chunks that the work is cut into at least for each worker, for a level end."""

    def send(self, tasks: Sequence[Task]) -> Future[list[Report]]:
        """Have tasks run, one after another in one place."""

    def close(self) -> None:
        """End everything that was started, in the midst of runs too."""

    def where(self) -> str:
        """Say where runs are simulated, in a few words."""


class EngineFailed(RuntimeError):
    """The engine cannot be started, or is gone."""


def make_engine(settings: Settings, orders: Orders) -> Engine:
    """Start the engine that the settings ask for.

    Raises:
        EngineFailed: it cannot be started.
        TypeError: the work cannot be imported by another process.
    """
    name = settings.text("engine.name")
    if name == "serial":
        from hesim.execution.engines.serial import Serial

        return Serial(orders)
    if name == "processes":
        from hesim.execution.engines.processes import Processes

        return Processes(orders, settings)
    if name == "dask":
        from hesim.execution.engines.dask import Dask

        return Dask(orders, settings)
    from hesim.execution.engines.slurm import Slurm

    return Slurm(orders, settings)


def local_workers(settings: Settings) -> int:
    """Processes to use on this machine: as asked, or one a processor."""
    asked = settings["workers"]
    if asked is not None:
        return settings.integer("workers")
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def memory_limit(settings: Settings, workers: int) -> float:
    """MB that the process of a run may hold: as asked, or a share of 90% of the memory."""
    asked = settings["engine.memory_limit"]
    if asked is not None:
        return settings.number("engine.memory_limit")
    import psutil

    return 0.9 * float(psutil.virtual_memory().total) / 1e6 / workers


def time_limit(settings: Settings) -> float | None:
    """Seconds that a run may take."""
    return None if settings["engine.time_limit"] is None else settings.number("engine.time_limit")

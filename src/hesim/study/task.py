"""Run one task of a study in whatever process it lands: overrides in, outcomes or words out."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hesim.config import Settings

Work = Callable[["Settings", int], Mapping[str, NDArray[np.float64]]]
"""Simulates settings and a replication's number; gives outcomes by year."""

LEVERS = "levers."
"""How the paths of levers' settings begin."""

OK, FAILED, TIMED_OUT, OUT_OF_MEMORY, DIED = "ok", "failed", "timed_out", "out_of_memory", "died"


class Orders(NamedTuple):
    """What all tasks of a study share, sent once to each process.

    Attributes:
        settings: The composed config without levers.
        arms: Settings of the levers of each arm by its name.
        work: What simulates; None is the model.
        data: CSV files that replace packaged ones, by name, for machines that lack the folder.
        code: Digest of the code that plans; other code must not run.
    """

    settings: Settings
    arms: dict[str, dict[str, object]]
    work: Work | None
    data: dict[str, bytes]
    code: str


class Task(NamedTuple):
    """One run.

    Attributes:
        number: Of the run in the study.
        arm: Name of its arm.
        values: Settings that differ from the study's, by path.
        replication: Number of the replication.
        more: Whether another run of its group follows it.
    """

    number: int
    arm: str
    values: tuple[tuple[str, object], ...]
    replication: int
    more: bool = False

    @property
    def group(self) -> tuple[object, ...]:
        """The same for runs that are one world until the first lever acts."""
        return (self.replication, *(pair for pair in self.values if not pair[0].startswith(LEVERS)))


class Report(NamedTuple):
    """What became of a run.

    Attributes:
        number: Of the run in the study.
        status: `ok`, `failed`, `timed_out`, `out_of_memory` or `died`.
        names: Names of the outcomes.
        values: Outcomes by year, shape (outcomes, years); None unless `ok`.
        seconds: Wall time of the simulation.
        error: What went wrong, with its traceback.
    """

    number: int
    status: str
    names: tuple[str, ...]
    values: NDArray[np.float64] | None
    seconds: float
    error: str


class WrongCode(RuntimeError):
    """A worker has other code than the study was planned with."""


def settings_of(orders: Orders, task: Task) -> Settings:
    """The settings of one run."""
    values = dict(task.values)
    levers = orders.arms[task.arm]
    if levers:
        return orders.settings.with_values({"levers": levers}).with_values(values)
    return orders.settings.with_values(values)


def perform(orders: Orders, task: Task) -> Report:
    """Simulate one run; an error becomes words."""
    start = time.perf_counter()
    try:
        own = settings_of(orders, task)
        if orders.work is None:
            from hesim.execution.simulate import Share
            from hesim.study.observation import observe

            share = Share(orders.settings, task.group, task.more)
            made: Mapping[str, NDArray[np.float64]] = observe(own, task.replication, share)
        else:
            made = orders.work(own, task.replication)
        values = np.array([made[name] for name in made], np.float64)
        if not np.all(np.isfinite(values)):
            bad = [name for name in made if not np.all(np.isfinite(made[name]))]
            raise ArithmeticError(f"not a number: {', '.join(bad)}")
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told in the status table
        status = OUT_OF_MEMORY if isinstance(error, MemoryError) else FAILED
        seconds = time.perf_counter() - start
        return Report(task.number, status, (), None, seconds, traceback.format_exc())
    return Report(task.number, OK, tuple(made), values, time.perf_counter() - start, "")


def serve_one(orders: Orders, task: Task, on_month: Callable[[int, int], None]) -> Report:
    """Do what `perform` does, in a worker process.

    Args:
        orders: What all tasks share.
        task: What to run.
        on_month: Called once, when the process is warm and the run begins.
    """
    if not _warm.is_set():
        if orders.work is None:
            from hesim.model.warming import compile_kernels

            compile_kernels()
        _warm.set()
    on_month(0, 1)
    return perform(orders, task)


_warm = threading.Event()

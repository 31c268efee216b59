"""Measure what a second worker brings, worker processes reused and kernels in the cache.

A round does one replication in this process, as one worker does, and then two replications in two
of hesim's worker processes, which are started and warmed once and stay. Throughput is compared on
the wall: the pool does twice the work, so perfect workers take as long as the one. Months are told
and results travel back, as in a run. CPU a run in the pool is that of the workers (asked of the
system, so that packing of results counts) and of this process meanwhile, halved; serial is one
replication here. A worker that gets less CPU than time while it simulates makes the figures
invalid.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import psutil

from benchmarks import worlds
from benchmarks.clock import Spent, milliseconds, share, spend
from benchmarks.part import Bar, Figure, Measured, Options, Part

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.execution.engines.processes import Processes
    from hesim.record.replication import Replication
    from hesim.study.points import StudyPlan

WORKERS = 2
CPU, WALL = "benchmark cpu", "benchmark wall"
BARS = (
    Bar("throughput", "two workers over twice one worker", 0.85, 0.95, at_most=False),
    Bar("cpu", "CPU a run in the pool over serial", 1.15, 1.05),
)


def replicate(
    settings: Settings, replication: int, on_month: Callable[[int, int], None] | None = None
) -> Replication:
    """Simulate one replication, and note in its profile what that took; in any process."""
    from hesim.execution.replication import simulate_one

    made: list[Replication] = []
    spent = spend(lambda: made.append(simulate_one(settings, replication, on_month)))
    made[0].profile[CPU], made[0].profile[WALL] = spent.cpu, spent.wall
    return made[0]


def measure(options: Options) -> Measured:
    """Alternate one replication here with two in the worker processes."""
    if (os.cpu_count() or 1) < WORKERS:
        return Measured(skipped="this machine has one processor")
    from hesim.execution.engines.processes import Processes
    from hesim.execution.limits import Limits
    from hesim.execution.replication import of_arm
    from hesim.study.run_plan import plan_run

    settings = worlds.settings(options.pick(1.0, 0.02), years=options.whole(10, 1))
    serial: list[Spent] = []
    pooled: list[Spent] = []
    inside: list[Spent] = []
    replicate(worlds.settings(0.01, years=1), 0)
    plan = plan_run(settings)
    engine = Processes(plan.branches(replicate, of_arm), WORKERS, Limits())
    with closing(engine):
        # Loads the kernels in each worker, and brings it to its full size.
        together(engine, plan, 0)
        for turn in range(options.rounds):
            serial.append(spend(partial(replicate, settings, turn)))
            before, began = _all_cpu(), time.perf_counter()
            made = together(engine, plan, turn)
            wall = time.perf_counter() - began
            pooled.append(Spent((_all_cpu() - before) / WORKERS, wall))
            inside += [Spent(one.profile[CPU], one.profile[WALL]) for one in made]
    alone = share([*serial, *inside])
    pairs = list(zip(serial, pooled, strict=True))
    return Measured(
        {
            "throughput": Figure(tuple(one.wall / two.wall for one, two in pairs), alone),
            "cpu": Figure(tuple(two.cpu / one.cpu for one, two in pairs), alone),
        },
        {
            "CPU of a run, serial": milliseconds(serial),
            "CPU of a run, in the pool": milliseconds(pooled),
            "CPU of a run in the pool, its simulation only": milliseconds(inside),
        },
    )


def together(engine: Processes, plan: StudyPlan, first: int) -> list[Replication]:
    """Have each worker simulate one replication; return them when all have ended."""
    from hesim.execution.task import OK, Task

    numbers = range(first, first + WORKERS)
    futures = [engine.send([Task(number, plan.branch(number))]) for number in numbers]
    reports = [report for future in futures for report in future.result()]
    for report in reports:
        if report.status != OK:
            raise RuntimeError(f"a worker failed: {report.error}")
    return [report.made for report in reports]


def _all_cpu() -> float:
    """CPU seconds so far of this process and its workers."""
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))


PART = Part("workers", "two workers against one", BARS, measure)

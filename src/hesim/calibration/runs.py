"""Run many parameter points on an engine, and keep what they show."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.observation import Observed, observe_point
from hesim.calibration.parts import Runs, has_part, read_parts, write_runs
from hesim.calibration.plan import CalibrationPlan, tables_of
from hesim.config import Settings
from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import EngineFailed
from hesim.execution.exchange import reports_in_pieces
from hesim.execution.task import OK, Calls, Loss, Month, Task
from hesim.files import disk_words

Floats = NDArray[np.float64]
Tell = Callable[[str], None]
PART = 10
"""Runs in a part: what a kill can lose at most, for each worker."""
AGAIN = "what was done is kept, and the same command goes on from there"


class CalibrationStopped(RuntimeError):
    """A job went wrong; what was done is kept, and the same command goes on from there."""


def run_points(
    plan: CalibrationPlan,
    stage: str,
    points: Floats,
    first: int,
    tell: Tell,
    changed: dict[str, object] | None = None,
    paired: bool = False,
) -> Runs:
    """Run each point with random numbers of its own, and keep it in the plan's folder.

    Args:
        plan: The calibration.
        stage: Name of the folder of the parts.
        points: In standard units, shape (runs, parameters).
        first: Replication number of the first run; no two stages may share numbers.
        tell: Called with words from time to time.
        changed: Settings by path that hold for all of them.
        paired: All runs take the number `first`: common random numbers.

    Raises:
        OtherRuns: the folder holds parts of other points or settings.
    """
    also = changed or {}
    paths = [{**also, **plan.parameters.paths(point, plan.base)} for point in points]
    numbers = [first if paired else first + k for k in range(points.shape[0])]
    mark = plan.fingerprint() + repr(sorted(also.items()))
    return run_settings(plan, stage, points, paths, numbers, mark, tell)


def run_settings(
    plan: CalibrationPlan,
    stage: str,
    points: Floats,
    paths: Sequence[dict[str, Any]],
    numbers: Sequence[int],
    mark: str,
    tell: Tell,
) -> Runs:
    """Run the plan's settings with other values at some paths, and keep it in the plan's folder.

    Args:
        plan: The calibration.
        stage: Name of the folder of the parts.
        points: What tells runs apart, shape (runs, any).
        paths: Values by path, one mapping a run.
        numbers: Replication number of each run.
        mark: What else decides what runs give.
        tell: Called with words from time to time.

    Raises:
        OtherRuns: the folder holds parts of other points or settings.
        CalibrationStopped: a run went wrong, or what it shows cannot be written.
    """
    folder, total = plan.output / stage, points.shape[0]
    with storage():
        folder.mkdir(parents=True, exist_ok=True)
    parts = {
        folder / f"part_{k:05d}.npz": range(total)[k : k + PART] for k in range(0, total, PART)
    }
    missing = {
        number: file
        for file, rows in parts.items()
        if not has_part(file, points[rows.start : rows.stop], mark)
        for number in rows
    }
    done = total - len(missing)
    if done:
        tell(f"{stage}: {done} of {total} runs are there already")
    start_time, before = time.perf_counter(), done
    shown: dict[int, Observed] = {}
    contents = {number: (paths[number], numbers[number]) for number in missing}
    with closing(job_results(plan, Calls(run_point, plan.base), contents, tell)) as ended:
        for number, made in ended:
            shown[number] = made
            file = missing[number]
            rows = parts[file]
            if not all(each in shown for each in rows):
                continue
            with storage():
                write_runs(file, points[rows.start : rows.stop], mark, [shown.pop(k) for k in rows])
            done += len(rows)
            pace = (time.perf_counter() - start_time) / (done - before)
            left = pace * (total - done)
            tell(f"{stage}: {done} of {total} runs; about {left:.0f} s left")
    return read_parts(list(parts))


def job_results(
    plan: CalibrationPlan, calls: Calls, contents: Mapping[int, Any] | Sequence[Any], tell: Tell
) -> Generator[tuple[int, Any], None, None]:
    """Do jobs on the plan's engine, and yield number and result of each as it ends.

    Args:
        plan: The calibration.
        calls: Does a job.
        contents: What each job is about, by its number.
        tell: Called with words when a job lost its process and is tried again.

    Raises:
        CalibrationStopped: a job went wrong, took more than the limits, or lost its process twice.
        ConfigErrors: no Dask scheduler answers at the address.
    """
    numbered = contents.items() if isinstance(contents, Mapping) else enumerate(contents)
    tasks = [Task(number, content, number) for number, content in numbered]
    if not tasks:
        return

    def react(event: Month | Loss) -> None:
        if isinstance(event, Loss):
            tell(f"job {event.number}: {event.words}; trying it again")

    try:
        with closing(make_engine(plan.base, calls)) as engine:
            target = plan.base.number("engine.chunk_seconds")
            for report in reports_in_pieces(engine, tasks, target, react):
                if report.status != OK:
                    words = f"job {report.number}: {report.error.strip()}"
                    raise CalibrationStopped(f"{words}\n{AGAIN}")
                yield report.number, report.made
    except EngineFailed as error:
        raise CalibrationStopped(f"{error}\n{AGAIN}") from error


@contextmanager
def storage() -> Iterator[None]:
    """Say in words what keeps something from being written.

    Raises:
        CalibrationStopped: the disk is full or read-only, or belongs to somebody else.
    """
    try:
        yield
    except OSError as error:
        raise CalibrationStopped(
            f"results cannot be written: {disk_words(error)}\n{AGAIN}"
        ) from error


def run_point(base: Settings, content: tuple[dict[str, Any], int]) -> Observed:
    """Run one point and observe it, in whatever process it lands.

    Args:
        base: Settings of the plan.
        content: Values that differ by path, and the number of the replication.
    """
    paths, number = content
    folder = base["data"]
    tables = tables_of(None if folder is None else str(folder))
    shown = observe_point(base.with_values(paths), tables, number)
    # A model is a ring of references: without this, worlds pile up in memory.
    gc.collect()
    return shown

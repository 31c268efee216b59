"""Run many parameter points and keep what they show, in parts that a later start takes up again."""

from __future__ import annotations

import gc
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.observation import Observed, simulate, with_values
from hesim.calibration.plan import Plan
from hesim.execution.replications import run_replications
from hesim.execution.task import OK, Calls, Loss, Task
from hesim.files import replacing

Floats = NDArray[np.float64]
Job = tuple[Plan, Path, Floats, list[int], list[dict[str, Any]], str]
PART = 10
"""Runs in a part: what a kill can lose at most, for each worker."""


@dataclass(frozen=True)
class Runs:
    """Runs of parameter points.

    Attributes:
        points: In standard units, shape (runs, parameters).
        values: What each shows, shape (runs, names).
        answers: Mean covariance of one respondent's answers, shape (4, contrasts, contrasts).
        asked: Movers asked behind each, shape (runs, 4).
        yearly: Crossings by year, shape (runs, 2, years).
    """

    points: Floats
    values: Floats
    answers: Floats
    asked: Floats
    yearly: Floats

    def __add__(self, other: Runs) -> Runs:
        """Both together."""
        share = self.points.shape[0] / (self.points.shape[0] + other.points.shape[0])
        return Runs(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.values, other.values]),
            share * self.answers + (1 - share) * other.answers,
            np.concatenate([self.asked, other.asked]),
            np.concatenate([self.yearly, other.yearly]),
        )


def run_points(
    plan: Plan,
    stage: str,
    points: Floats,
    first: int,
    tell: Callable[[str], None],
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
    plan: Plan,
    stage: str,
    points: Floats,
    paths: Sequence[dict[str, Any]],
    numbers: Sequence[int],
    mark: str,
    tell: Callable[[str], None],
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
    """
    folder = plan.output / stage
    folder.mkdir(parents=True, exist_ok=True)
    files, jobs = [], []
    for start in range(0, points.shape[0], PART):
        rows = slice(start, start + PART)
        file = folder / f"part_{start:05d}.npz"
        files.append(file)
        if not has_part(file, points[rows], mark):
            jobs.append((plan, file, points[rows], list(numbers[rows]), list(paths[rows]), mark))
    done = points.shape[0] - sum(len(job[2]) for job in jobs)
    if done:
        tell(f"{stage}: {done} of {points.shape[0]} runs are there already")
    start_time = time.perf_counter()
    before = done
    for _, count in results(plan, _part, jobs, tell):
        done += count
        pace = (time.perf_counter() - start_time) / (done - before)
        left = pace * (points.shape[0] - done)
        tell(f"{stage}: {done} of {points.shape[0]} runs; about {left:.0f} s left")
    return _read(files)


class CalibrationStopped(RuntimeError):
    """A job went wrong; what was done is kept, and the same command goes on from there."""


def results(
    plan: Plan, work: Callable[[Any, Any], Any], jobs: Sequence[Any], tell: Callable[[str], None]
) -> Iterator[tuple[int, Any]]:
    """Do jobs in the plan's worker processes, and yield number and result of each as it ends.

    Args:
        plan: The calibration.
        work: Does a job, its second argument; it stands in a module.
        jobs: What it is given.
        tell: Called with words when a job lost its process and is tried again.

    Raises:
        CalibrationStopped: a job went wrong, or lost its process twice.
    """
    settings = plan.base.with_values({"workers": plan.workers})
    tasks = [Task(k, job, k) for k, job in enumerate(jobs)]

    def say_loss(loss: Loss) -> None:
        tell(f"job {loss.number}: {loss.words}; trying it again")

    reports = run_replications(settings, Calls(work), tasks, on_loss=say_loss)
    with closing(reports):
        for report in reports:
            if report.status != OK:
                again = "what was done is kept, and the same command goes on from there"
                raise CalibrationStopped(f"job {report.number}: {report.error.strip()}\n{again}")
            yield report.number, report.made


class DamagedPart(ValueError):
    """A file of runs that cannot be read; the message says what to do."""


class OtherRuns(FileExistsError):
    """A folder holds runs of other points or settings."""


class NoRuns(FileNotFoundError):
    """Runs that must come first are not there."""


ARRAYS = ("mark", "points", "values", "answers", "asked", "yearly")
"""What a part holds."""


def arrays_of(file: Path, names: Sequence[str] = ARRAYS) -> dict[str, Any]:
    """The arrays that stand in a file.

    Raises:
        DamagedPart: it cannot be read, or lacks one of them.
    """
    try:
        with np.load(file) as part:
            return {name: part[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
        words = f"{file} is damaged ({error}); delete it, and the same command runs it again"
        raise DamagedPart(words) from error


def has_part(file: Path, points: Floats, mark: str) -> bool:
    """Whether a part is there and whole; a damaged one is set aside, to be run again.

    Raises:
        OtherRuns: it is of other points or settings.
    """
    if not os.path.lexists(file):
        return False
    try:
        found = arrays_of(file)
    except DamagedPart:
        file.replace(file.with_name(f"{file.name}.corrupt"))
        return False
    same = str(found["mark"]) == mark and found["points"].shape == points.shape
    if not (same and bool(np.allclose(found["points"], points))):
        raise OtherRuns(f"{file} is of another calibration; name another folder with output=")
    return True


def stored_points(plan: Plan, stage: str) -> Runs:
    """Runs of a stage that is over.

    Raises:
        NoRuns: there are none.
        DamagedPart: one of them cannot be read.
    """
    files = sorted((plan.output / stage).glob("part_?????.npz"))
    if not files:
        words = f"no runs in {plan.output / stage}: `hesim calibrate name=blind` comes first"
        raise NoRuns(words)
    return _read(files)


def _part(shared: None, job: Job) -> int:
    from hesim.tables import read

    plan, file, points, numbers, paths, mark = job
    tables = read()
    shown: list[Observed] = []
    for given, number in zip(paths, numbers, strict=True):
        shown.append(simulate(with_values(plan.base, given), tables, number))
        # A model is a ring of references: without this, worlds pile up in memory.
        gc.collect()
    with replacing(file) as part, part.open("wb") as handle:
        np.savez(
            handle, mark=np.array(mark), points=points,
            values=np.array([x.values for x in shown]), asked=np.array([x.asked for x in shown]),
            answers=np.mean([x.answers for x in shown], axis=0).astype(np.float32),
            yearly=np.array([x.yearly for x in shown]),
        )  # fmt: skip
    return len(shown)


def _read(files: list[Path]) -> Runs:
    loaded = [arrays_of(file) for file in files]
    join = {
        name: np.concatenate([x[name] for x in loaded])
        for name in ("points", "values", "asked", "yearly")
    }
    weights = [x["points"].shape[0] for x in loaded]
    answers = np.average([x["answers"] for x in loaded], axis=0, weights=weights)
    return Runs(join["points"], join["values"], answers, join["asked"], join["yearly"])

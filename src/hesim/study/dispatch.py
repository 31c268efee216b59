"""Conduct a plan: hand out chunks of runs, keep what comes back, and end in good order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hesim.execution.engines.engine import Engine
from hesim.execution.exchange import AHEAD, piece_size, reports_of
from hesim.execution.task import OK, Report
from hesim.study.groups import Groups, pieces
from hesim.study.outputs import Outputs
from hesim.study.points import StudyPlan
from hesim.study.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass
class Pilot:
    """A first try of a plan.

    Attributes:
        reports: What came of it; kept when the study goes on.
        seconds: Of a run, once its process is warm; the mean over all, as runs share months.
    """

    reports: list[Report] = field(default_factory=list)
    seconds: float = 0.0


def pilot(engine: Engine, plan: StudyPlan) -> Pilot:
    """Run the first two runs of each structure of the plan, one after the other.

    The first compiles or loads the kernels before all workers would do so at once.

    Raises:
        EngineFailed: the engine is gone.
    """
    made, groups, seconds = Pilot(), Groups(plan), 0.0
    for mine in _of_structures(plan, groups.of(range(plan.runs))):
        tasks = [task for group in mine[:2] for task in groups.tasks(group)][:2]
        reports = list(reports_of(engine, [[task] for task in tasks], most=1))
        # The second run goes on where the first branched off, if both are of one group.
        numbers = [task.number for task in tasks]
        months = groups.months(groups.of(numbers)) - groups.months(groups.of(numbers[:-1]))
        seconds += reports[-1].seconds / max(months, 1) * groups.months(mine)
        made.reports += reports
    made.seconds = seconds / plan.runs
    return made


def _of_structures(plan: StudyPlan, groups: list[list[int]]) -> Collection[list[list[int]]]:
    """Groups of runs by their structure: a month may take longer in one than in another."""
    structure = {point: row.structure for row in plan.rows for point in (row.point, row.baseline)}
    made: dict[str, list[list[int]]] = {}
    for group in groups:
        made.setdefault(structure[group[0] % len(plan.points)], []).append(group)
    return made.values()


def conduct(
    outputs: Outputs,
    plan: StudyPlan,
    engine: Engine,
    progress: Progress,
    seconds: float | None = None,
    retry: Collection[int] = (),
    more: Callable[[], Sequence[int]] = lambda: (),
) -> None:
    """Run what is missing; whatever happens, what came back is kept afterwards.

    Args:
        outputs: Where reports go.
        plan: What to run.
        engine: Where to run it.
        progress: Told of each run.
        seconds: Of a run, to cut chunks; None where no run was tried.
        retry: Runs that failed before and are to be tried again.
        more: Called when all is done; gives further runs, or none to end.

    Raises:
        EngineFailed: the engine is gone.
        OSError: results cannot be written.
    """
    groups = Groups(plan)
    # Runs of more groups than there are workers must be in sight, for each to have one of its own.
    largest = max(map(len, groups.of(range(len(plan.points)))))
    waiting: list[int] = [
        number for number in range(plan.runs) if number not in outputs.states or number in retry
    ]
    try:
        while waiting:
            size = _piece(engine, plan, seconds, len(waiting), largest)
            most = max(AHEAD * engine.workers, (engine.workers + 1) * largest if size == 1 else 0)
            chunks = pieces(groups, waiting, size)
            reports = reports_of(engine, chunks, most, progress.hear, progress.wait)
            with closing(reports):
                for report in reports:
                    outputs.add(report)
                    failed = report.status != OK
                    progress.note_end(report.number, failed, _failure_words(plan, report))
            waiting = [number for number in more() if number not in outputs.states]
            progress.more(len(waiting))
    finally:
        outputs.flush()


def _piece(engine: Engine, plan: StudyPlan, seconds: float | None, runs: int, largest: int) -> int:
    """Runs to hand over as one."""
    if seconds is None:
        # On this machine an engine knows which process has begun a group; elsewhere it stays whole.
        return 1 if engine.local else largest
    return piece_size(engine, seconds, plan.settings.number("engine.chunk_seconds"), runs)


def _failure_words(plan: StudyPlan, report: Report) -> str:
    """What to say of a report at once; nothing if its run is whole."""
    if report.status == OK:
        return ""
    replication, place = divmod(report.number, len(plan.points))
    last = (report.error.strip().splitlines() or [""])[-1]
    return f"point {plan.points[place].id}, replication {replication}: {report.status}: {last}"

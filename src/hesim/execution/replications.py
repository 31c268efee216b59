"""Do the replications of a run on an engine; one that fails does not lose the others."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING

from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import NO_FILES, Engine, local_workers
from hesim.execution.exchange import exchange
from hesim.execution.limits import Limits, asked_limits, local_limits
from hesim.execution.task import Loss, Month, Procedure, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings

OnMonth = Callable[[int, int, int], None]
"""Called with a task's number, its months done and its months in all."""


def count_workers(settings: Settings, tasks: int) -> int:
    """Processes to use on this machine: never more than tasks."""
    if settings.text("engine.name") == "serial":
        return 1
    return max(1, min(local_workers(settings), tasks))


def run_replications(
    settings: Settings,
    procedure: Procedure,
    tasks: Sequence[Task],
    on_month: OnMonth = lambda number, done, total: None,
    on_loss: Callable[[Loss], None] = lambda loss: None,
    files: Mapping[str, bytes] = NO_FILES,
) -> Generator[Report, None, None]:
    """Yield the report of each task as it ends; close the iterator to stop the rest.

    Args:
        settings: The composed config, of which `engine` and `workers` are read.
        procedure: How a task is done.
        tasks: Those of one group stand together.
        on_month: Called for each month, where the procedure tells its months.
        on_loss: Called when a task has lost its process and is tried again.
        files: Data files by name, for machines that lack them.

    Raises:
        ConfigErrors: no scheduler answers at the address.
        EngineFailed: the engine cannot be started, or is gone.
        TypeError: the procedure cannot be imported by another process.
    """

    def react(event: Month | Loss) -> None:
        if isinstance(event, Month):
            on_month(*event)
        else:
            on_loss(event)

    engine = _engine(settings, procedure, files, count_workers(settings, len(tasks)))
    # A process of this machine goes on with its group by itself; elsewhere a group is one piece.
    near = settings.text("engine.name") in ("serial", "processes")
    pieces = groupby(tasks, key=lambda task: task.number if near else task.group)
    chunks = [list(piece) for _, piece in pieces]
    with closing(engine):
        yield from exchange(engine, chunks, react=react)


def _engine(
    settings: Settings, procedure: Procedure, files: Mapping[str, bytes], workers: int
) -> Engine:
    if settings.text("engine.name") != "processes":
        return make_engine(settings, procedure, files)
    if workers == 1 and asked_limits(settings) == Limits():
        # Nothing that a process of its own would be needed for.
        from hesim.execution.engines.serial import Serial

        return Serial(procedure)
    from hesim.execution.engines.processes import Processes

    return Processes(procedure, workers, local_limits(settings, workers))

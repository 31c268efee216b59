"""Do the replications of a run on an engine; one that fails does not lose the others."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from hesim.execution.engines.choice import make_engine
from hesim.execution.engines.engine import NO_FILES, Engine, local_workers
from hesim.execution.exchange import reports_of
from hesim.execution.limits import Limits, asked_limits, local_limits
from hesim.execution.task import Loss, Month, Procedure, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings

OnMonth = Callable[[int, int, int], None]
"""Called with a task's number, its months done and its months in all."""


def engine_for(
    settings: Settings,
    procedure: Procedure,
    tasks: int,
    files: Mapping[str, bytes] = NO_FILES,
) -> Engine:
    """Start the engine of a run: what the settings ask for, of the size that a run needs.

    Args:
        settings: The composed config, of which `engine` and `workers` are read.
        procedure: How a task is done.
        tasks: How many there are.
        files: Data files by name, for machines that lack them.

    Raises:
        ConfigErrors: no scheduler answers at the address.
        EngineFailed: it cannot be started.
        TypeError: the procedure cannot be imported by another process.
    """
    if settings.text("engine.name") != "processes":
        return make_engine(settings, procedure, files)
    workers = max(1, min(local_workers(settings), tasks))
    if workers == 1 and asked_limits(settings) == Limits():
        # Nothing that a process of its own would be needed for.
        from hesim.execution.engines.serial import Serial

        return Serial(procedure)
    from hesim.execution.engines.processes import Processes

    return Processes(procedure, workers, local_limits(settings, workers))


def run_replications(
    engine: Engine,
    tasks: Sequence[Task],
    on_month: OnMonth = lambda number, done, total: None,
    on_loss: Callable[[Loss], None] = lambda loss: None,
) -> Generator[Report, None, None]:
    """Yield the report of each task as it ends; close the iterator to give up the rest.

    Args:
        engine: Does the tasks.
        tasks: Those of one group stand together.
        on_month: Called for each month, where the procedure tells its months.
        on_loss: Called when a task has lost its process and is tried again.

    Raises:
        EngineFailed: the engine is gone.
    """

    def react(event: Month | Loss) -> None:
        if isinstance(event, Month):
            on_month(*event)
        else:
            on_loss(event)

    # A process of this machine goes on with its group by itself; elsewhere a group is one piece.
    pieces = groupby(tasks, key=lambda task: task.number if engine.local else task.group)
    return reports_of(engine, [list(piece) for _, piece in pieces], react=react)

"""Start the engine that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hesim.execution.engines.engine import NO_FILES, Engine, local_workers
from hesim.execution.task import Procedure

if TYPE_CHECKING:
    from hesim.config import Settings


def make_engine(
    settings: Settings,
    procedure: Procedure,
    files: Mapping[str, bytes] = NO_FILES,
    tasks: int | None = None,
) -> Engine:
    """Start the engine that the settings ask for.

    Args:
        settings: The composed config, of which `engine` and `workers` are read.
        procedure: How tasks are done.
        files: Data files by name, for machines that lack them; see `Procedure.with_data`.
        tasks: How many there are, if they are few: then no more processes than that are started,
            and none where one is enough and has no limits to keep.

    Raises:
        ConfigErrors: no scheduler answers at the address.
        EngineFailed: it cannot be started.
        TypeError: the procedure cannot be imported by another process.
    """
    name = settings.text("engine.name")
    if name == "serial":
        return _serial(procedure)
    if name == "processes":
        from hesim.execution.limits import Limits, asked_limits, local_limits

        workers = local_workers(settings)
        if tasks is not None:
            workers = max(1, min(workers, tasks))
            if workers == 1 and asked_limits(settings) == Limits():
                return _serial(procedure)
        from hesim.execution.engines.processes import Processes

        return Processes(procedure, workers, local_limits(settings, workers))
    if name == "dask":
        from hesim.execution.engines.dask import Dask

        return Dask(procedure, settings, files)
    from hesim.execution.engines.slurm import Slurm

    return Slurm(procedure, settings, files)


def _serial(procedure: Procedure) -> Engine:
    from hesim.execution.engines.serial import Serial

    return Serial(procedure)

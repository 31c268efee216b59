"""Start the engine that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hesim.execution.engines.engine import NO_FILES, Engine, local_workers
from hesim.execution.task import Procedure

if TYPE_CHECKING:
    from hesim.config import Settings


def make_engine(
    settings: Settings, procedure: Procedure, files: Mapping[str, bytes] = NO_FILES
) -> Engine:
    """Start the engine that the settings ask for.

    Args:
        settings: The composed config, of which `engine` and `workers` are read.
        procedure: How tasks are done.
        files: Data files by name, for machines that lack them; see `Procedure.with_data`.

    Raises:
        ConfigErrors: no scheduler answers at the address.
        EngineFailed: it cannot be started.
        TypeError: the procedure cannot be imported by another process.
    """
    name = settings.text("engine.name")
    if name == "serial":
        from hesim.execution.engines.serial import Serial

        return Serial(procedure)
    if name == "processes":
        from hesim.execution.engines.processes import Processes
        from hesim.execution.limits import local_limits

        workers = local_workers(settings)
        return Processes(procedure, workers, local_limits(settings, workers))
    if name == "dask":
        from hesim.execution.engines.dask import Dask

        return Dask(procedure, settings, files)
    from hesim.execution.engines.slurm import Slurm

    return Slurm(procedure, settings, files)

"""What an engine is.

An engine is given chunks of tasks: each call of `send` returns a `Future` of a list of reports, one
a task. It never raises for what a task does; a future that raises means that the engine itself is
broken.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from hesim.execution.task import Hear, Report, Task, deaf

if TYPE_CHECKING:
    from hesim.config import Settings

NO_FILES: Mapping[str, bytes] = MappingProxyType({})


class Engine(Protocol):
    """What is asked of an engine."""

    workers: int
    """How many tasks it does at a time."""

    local: bool
    """Whether it hears of months, and knows by itself which process has begun a group."""

    chunks_a_worker: int
    """Chunks that the work is cut into at least for each worker, for a level end."""

    def send(self, tasks: Sequence[Task], hear: Hear = deaf) -> Future[list[Report]]:
        """Have tasks done, one after another in one place.

        Args:
            tasks: What to do.
            hear: Told of months and losses, where the place is on this machine.
        """

    def close(self) -> None:
        """End everything that was started, in the midst of tasks too."""

    def where(self) -> str:
        """Say where tasks are done, in a few words."""


class EngineFailed(RuntimeError):
    """The engine cannot be started, or is gone."""


class WrongCode(EngineFailed):
    """A worker has another hesim than the process that hands work out."""


def local_workers(settings: Settings) -> int:
    """Processes to use on this machine: as asked, or one a processor."""
    asked = settings["workers"]
    if asked is not None:
        return settings.integer("workers")
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1

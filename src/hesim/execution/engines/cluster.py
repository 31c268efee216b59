"""What engines have in common that have work done on other machines, by a library of clusters."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hesim.execution.engines.engine import NO_FILES, EngineFailed
from hesim.execution.engines.remote import Package, package
from hesim.execution.limits import Limits
from hesim.execution.task import Hear, Procedure, Report, Task, deaf
from hesim.sources import extra_command

if TYPE_CHECKING:
    from hesim.config import Settings

Pack = Callable[[Limits], Package]
"""Packs what is sent to each place, with the limits that hold there."""


class Cluster(ABC):
    """An engine that hands chunks to a cluster, and that a thread watches meanwhile."""

    local = False
    workers: int
    title: str
    library: str

    def __init__(
        self, procedure: Procedure, settings: Settings, files: Mapping[str, bytes] = NO_FILES
    ) -> None:
        """Reach the cluster.

        Args:
            procedure: How tasks are done.
            settings: The composed config, of which `engine` and `workers` are read.
            files: Data files by name.

        Raises:
            ConfigErrors: nothing answers at the address.
            EngineFailed: the library or the cluster is not there, or does not understand the
                options.
            TypeError: the procedure cannot be imported by another process.
        """
        try:
            library = import_module(self.library)
        except ImportError:
            words = f"{self.title} is not installed: {extra_command('cluster')}"
            raise EngineFailed(words) from None
        self._closed = False
        self._lock = threading.Lock()
        self._reach(library, settings, partial(package, procedure, files))
        threading.Thread(target=self._watch, daemon=True).start()

    def send(self, tasks: Sequence[Task], hear: Hear = deaf) -> Future[list[Report]]:
        """Hand a chunk to the cluster; of months and losses there nothing is heard."""
        future: Future[list[Report]] = Future()
        future.set_running_or_notify_cancel()
        self._hand_in(list(tasks), future)
        return future

    @abstractmethod
    def _reach(self, library: Any, settings: Settings, pack: Pack) -> None:
        """Connect, count the workers and pack what they need."""

    @abstractmethod
    def _hand_in(self, tasks: list[Task], future: Future[list[Report]]) -> None:
        """Hand a chunk in, whose reports the future is to get."""

    @abstractmethod
    def _watch(self) -> None:
        """Look at the cluster from time to time, until the engine is closed."""

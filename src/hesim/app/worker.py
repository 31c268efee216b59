"""Simulate whole replications in a process of its own, for the intervals and the stories."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.app.session import Session
    from hesim.config import Settings
    from hesim.record.archive import KeptRecord
    from hesim.tables import ReportTables

PATIENCE = 5.0
"""Seconds that the end of the worker may take before the server ends all the same."""


@dataclass(frozen=True)
class World:
    """What one replication of one arm is made from; travels to the worker.

    Attributes:
        overrides: Settings as `key=value`.
        config: Folder of the user's settings files.
        extra: Further settings by dotted path, as JSON.
        changes: Words of the levers by month of change, see `levers.overrides`; none for the
            baseline.
        replication: Number of the replication.
    """

    overrides: tuple[str, ...]
    config: str | None
    extra: str
    changes: tuple[tuple[int, tuple[str, ...]], ...]
    replication: int


def begin(world: World) -> Session:
    """Build a world up to its first recorded month."""
    from hesim.app.session import Session
    from hesim.model.higher_education import HigherEducation

    composed, tables = _composed(world.overrides, world.config, world.extra)
    # Levers come in the months that `world.changes` says.
    settings = composed.with_values({"levers": {}})
    model = HigherEducation(settings, tables, world.replication)
    while model.month < 0:
        model.step()
    return Session(settings, tables, model)


@lru_cache(maxsize=4)
def _composed(
    overrides: tuple[str, ...], config: str | None, extra: str
) -> tuple[Settings, ReportTables]:
    from pathlib import Path

    from hesim.config import compose
    from hesim.tables import read

    settings = compose(overrides, config, json.loads(extra))
    data = settings["data"]
    return settings, read(None if data is None else Path(str(data)))


def due(world: World, month: int) -> tuple[Any, ...] | None:
    """Levers that a world takes over in a month, or None where nothing changes."""
    from hesim.app.levers import composed

    for at, words in world.changes:
        if at == month:
            if not words:
                return ()
            return composed(world.overrides, world.config, json.loads(world.extra), words)[1]
    return None


def replicate(world: World) -> KeptRecord:
    """Simulate a world to its end."""
    from hesim.app.session import act
    from hesim.app.snapshot import BASELINE
    from hesim.record.archive import keep

    session = begin(world)
    while not session.over:
        levers = due(world, session.month)
        if levers is not None:
            act(session.model(BASELINE), levers)
        session.step()
    return keep(session.books[BASELINE].record())


class Workers:
    """One process that serves all visitors in turn; it starts with the first task."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether the server is about to end, and what was at work was ended with it."""
        return self._closed

    def submit(self, task: Any, *given: Any) -> Future[Any]:
        """Let the worker carry out a task; one that was killed is replaced.

        Returns:
            Its result to come; after `close` one that is cancelled.
        """
        with self._lock:
            if self._closed:
                given_up: Future[Any] = Future()
                given_up.cancel()
                return given_up
            if self._pool is not None:
                try:
                    return self._pool.submit(task, *given)
                except BrokenProcessPool:
                    self._pool.shutdown(wait=False)
            self._pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), initializer=_begin
            )
            return self._pool.submit(task, *given)

    def close(self) -> None:
        """End the worker, what it is at included, and wait until nothing of it is left."""
        with self._lock:
            self._closed = True
            if self._pool is None:
                return
            processes: Mapping[int, Any] = getattr(self._pool, "_processes", None) or {}
            running = list(processes.values())
            manager = getattr(self._pool, "_executor_manager_thread", None)
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in running:
                process.terminate()
            # Python, when it ends, would write to the pipe that this thread is about to close.
            if manager is not None:
                manager.join(timeout=PATIENCE)


def _begin() -> None:
    """Be nice: whoever plays goes first; leave Ctrl-C to the server, and go when it goes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A server that is killed cannot end its worker, which would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Do tasks on a Dask cluster: an existing one by its address, or one started on this machine."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hesim.execution.engines.address import check_address
from hesim.execution.engines.cluster import Cluster, Pack
from hesim.execution.engines.engine import EngineFailed, WrongCode, local_workers
from hesim.execution.engines.local_cluster import LocalCluster
from hesim.execution.engines.remote import Package, run_chunk
from hesim.execution.limits import asked_limits, local_limits
from hesim.execution.task import Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings

PATIENCE = 60.0
"""Seconds that a scheduler may take to answer a client."""

LOST_AFTER = 10.0
"""Seconds without a connection after which a scheduler is given up."""

LOOK = 0.5
"""Seconds between two looks at the cluster."""

ALOUD, AGAIN = 5.0, 300.0
"""Seconds without any worker after which that is told, and after which it is told again."""


class Dask(Cluster):
    """An engine whose chunks are tasks of Dask's.

    Each chunk is done by a supervised process beside the Dask worker, so that a task that dies,
    hangs or eats memory is one failed task here as everywhere. A Dask worker that is killed loses
    its chunk, which Dask hands to another one. A cluster that was started here gets a new worker
    for it, a few times. Another cluster is waited for when all of its workers are gone, aloud.
    """

    chunks_a_worker = 4
    title, library = "Dask", "distributed"

    def _reach(self, library: Any, settings: Settings, pack: Pack) -> None:
        """Connect, and start a cluster if no address is given."""
        given = settings["engine.address"]
        if given is not None:
            check_address(str(given))
        # What becomes of the cluster is told in words of our own.
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._cluster = None if given is not None else LocalCluster(local_workers(settings))
        self._client: Any = None
        self._pending: dict[Any, Future[list[Report]]] = {}
        self._absence = Absence(lambda words: print(words, file=sys.stderr, flush=True))
        try:
            self._client = self._connect(library, None if given is None else str(given))
            self.workers = self._await_worker()
            limits = asked_limits(settings)
            if self._cluster is not None:
                limits = local_limits(settings, self.workers)
            # Made by a task, so that Dask can make it again on whatever worker comes or stays.
            packed, key = pack(limits), f"hesim-{id(self)}"
            self._package = self._client.submit(Package, *packed, pure=False, key=key)
        except BaseException:
            self.close()
            raise

    def _hand_in(self, tasks: list[Task], future: Future[list[Report]]) -> None:
        try:
            sent = self._client.submit(run_chunk, self._package, tasks, pure=False, retries=2)
        except Exception as error:
            raise EngineFailed(f"the Dask scheduler is gone: {error}") from error
        with self._lock:
            self._pending[sent] = future
        sent.add_done_callback(self._done)

    def close(self) -> None:
        """Let the cluster go; end it if it was started here."""
        self._closed = True
        with self._lock:
            self._pending = {}
        try:
            if self._client is not None:
                self._client.close(timeout=5)
        except Exception:
            # Whatever it is, the cluster is let go.
            logging.getLogger(__name__).debug("the client did not close", exc_info=True)
        finally:
            if self._cluster is not None:
                self._cluster.close()

    def where(self) -> str:
        """Say where tasks are done."""
        started = "started here " if self._cluster is not None else ""
        return f"on a Dask cluster {started}of {self.workers} workers at {self.address}"

    def _connect(self, distributed: Any, given: str | None) -> Any:
        self.address = given or (self._cluster.address if self._cluster is not None else "")
        try:
            return distributed.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise EngineFailed(f"the Dask scheduler does not answer: {error}") from error

    def _await_worker(self) -> int:
        """Wait for the first worker, as long as it takes, and count the workers."""
        while not (count := self._count()):
            self._absence.note(self.address)
            self._fail_if(self._cluster.tend() if self._cluster is not None else "")
            time.sleep(LOOK)
        if self._cluster is not None:
            return len(self._cluster.workers)
        return count

    def _count(self) -> int:
        """Threads of the workers that are there."""
        try:
            return sum(self._client.nthreads().values())
        except Exception as error:
            raise EngineFailed(f"the Dask scheduler is gone: {error}") from error

    @staticmethod
    def _fail_if(words: str) -> None:
        if words:
            raise EngineFailed(words)

    def _done(self, sent: Any) -> None:
        with self._lock:
            future = self._pending.pop(sent, None)
        if future is None or future.done():
            return
        try:
            future.set_result(sent.result(timeout=PATIENCE))
        except BaseException as error:  # noqa: BLE001 - it is handed on through the future
            if not isinstance(error, WrongCode):
                words = f"the Dask cluster lost work: {type(error).__name__}: {error}"
                if type(error).__name__ == "KilledWorker":
                    # Dask gives work up that several workers took with them when they ended.
                    words = f"workers of the Dask cluster keep ending: {error}"
                error = EngineFailed(words)
            future.set_exception(error)

    def _watch(self) -> None:
        """Tend the cluster, and fail what is pending when it is gone: Dask would wait for ever."""
        lost = time.monotonic()
        while not self._closed:
            time.sleep(LOOK)
            words = self._cluster.tend() if self._cluster is not None else ""
            try:
                if self._client.status == "running":
                    lost = time.monotonic()
                    if self._cluster is None:
                        self._look_for_workers()
                        # A scheduler that took its time to answer is busy, not lost.
                        lost = time.monotonic()
            except EngineFailed:
                # The connection is lost, which the next look tells.
                lost = min(lost, time.monotonic() - LOOK)
            if not words and time.monotonic() - lost > LOST_AFTER:
                words = "the Dask scheduler is gone"
            if words and not self._closed:
                self._fail(words)

    def _look_for_workers(self) -> None:
        with self._lock:
            waiting = bool(self._pending)
        if not waiting or self._count():
            self._absence.over()
        else:
            self._absence.note(self.address)

    def _fail(self, words: str) -> None:
        with self._lock:
            pending, self._pending = list(self._pending.values()), {}
        for future in pending:
            if not future.done():
                future.set_exception(EngineFailed(words))


class Absence:
    """Tells that a cluster has no worker: after a while, and then sparsely."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Nothing is missing yet."""
        self._tell = tell
        self._since: datetime | None = None
        self._next = 0.0

    def note(self, address: str) -> None:
        """Note that there is no worker now."""
        now = time.monotonic()
        if self._since is None:
            self._since, self._next = datetime.now(), now + ALOUD
        if now >= self._next:
            self._next = now + AGAIN
            self._tell(
                f"hesim: waiting for a worker of the Dask cluster at {address} since "
                f"{self._since:%H:%M:%S}; Ctrl-C ends the study and keeps what was done"
            )

    def over(self) -> None:
        """Note that there are workers, or that none is needed."""
        self._since = None

"""Simulate on a Dask cluster: an existing one by its address, or one started on this machine."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.study.engines import EngineFailed, local_workers, memory_limit, time_limit
from hesim.study.engines.remote import Package, run_chunk
from hesim.study.running import Orders, Report, Task

if TYPE_CHECKING:
    from hesim.config import Settings

PATIENCE = 30.0
"""Seconds to wait for a scheduler and its first worker."""

LOST_AFTER = 10.0
"""Seconds without a connection after which a scheduler is given up."""


class Dask:
    """An engine whose chunks are Dask tasks.

    Each task has its runs done by a guarded process beside the Dask worker, so that a run that
    dies, hangs or eats memory is one failed run here as everywhere. A Dask worker that is killed
    loses its task, which Dask hands to another one.
    """

    chunks_a_worker = 4

    def __init__(self, orders: Orders, settings: Settings) -> None:
        """Connect, and start a cluster if no address is given.

        Raises:
            EngineFailed: no scheduler answers, no worker is there, or Dask is not installed.
        """
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise EngineFailed("Dask is not installed: pip install 'hesim[cluster]'") from None
        address = settings["engine.address"]
        self._cluster = None if address is not None else _LocalCluster(local_workers(settings))
        self._closed = False
        try:
            where = str(address) if self._cluster is None else self._cluster.address
            self._client: Any = distributed.Client(where, timeout=PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            if self._cluster is not None:
                self._cluster.close()
            raise EngineFailed(f"no Dask cluster at {address}: {error}") from error
        self.address = where
        self.workers = max(1, sum(self._client.nthreads().values()))
        limit = None if settings["engine.memory_limit"] is None and self._cluster is None else (
            memory_limit(settings, self.workers)
        )  # fmt: skip
        package = Package(pickle.dumps(orders), time_limit(settings), limit)
        # Made by a task, so that Dask can make it again on whatever worker comes or stays.
        self._package = self._client.submit(Package, *package, pure=False, key=f"hesim-{id(self)}")
        self._pending: dict[Any, Future[list[Report]]] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True).start()

    def send(self, tasks: Sequence[Task]) -> Future[list[Report]]:
        """Hand a chunk to the scheduler."""
        future: Future[list[Report]] = Future()
        future.set_running_or_notify_cancel()
        try:
            sent = self._client.submit(run_chunk, self._package, list(tasks), pure=False, retries=2)
        except Exception as error:
            raise EngineFailed(f"the Dask scheduler is gone: {error}") from error
        with self._lock:
            self._pending[sent] = future
        sent.add_done_callback(self._done)
        return future

    def close(self) -> None:
        """Let the cluster go; end it if it was started here."""
        self._closed = True
        try:
            self._client.close(timeout=5)
        except (OSError, TimeoutError):
            pass
        finally:
            if self._cluster is not None:
                self._cluster.close()

    def where(self) -> str:
        """Say where runs are simulated."""
        started = "started here " if self._cluster is not None else ""
        return f"on a Dask cluster {started}of {self.workers} workers at {self.address}"

    def _done(self, sent: Any) -> None:
        with self._lock:
            future = self._pending.pop(sent, None)
        if future is None or future.done():
            return
        try:
            future.set_result(sent.result(timeout=PATIENCE))
        except BaseException as error:  # noqa: BLE001 - it is handed on through the future
            name = type(error).__name__
            if name == "WrongCode":
                future.set_exception(error)
            else:
                future.set_exception(EngineFailed(f"the Dask cluster lost runs: {name}: {error}"))

    def _watch(self) -> None:
        """Fail what is pending when the scheduler is gone: Dask itself would wait for ever."""
        lost = 0.0
        while not self._closed:
            time.sleep(0.5)
            gone = self._cluster is not None and self._cluster.dead()
            if gone or self._client.status != "running":
                lost += 0.5
            else:
                lost = 0.0
            if gone or lost > LOST_AFTER:
                with self._lock:
                    pending, self._pending = list(self._pending.values()), {}
                for future in pending:
                    if not future.done():
                        future.set_exception(EngineFailed("the Dask scheduler is gone"))


class _LocalCluster:
    """A scheduler and workers as processes of this machine, on loopback only.

    Dask's own LocalCluster imports the calling script in its workers, which a script without
    `if __name__ == "__main__"` does not survive.
    """

    def __init__(self, workers: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hesim-dask-")
        place = Path(self._folder.name)
        self.processes = [start_scheduler(place / "scheduler.json", place / "scheduler.log")]
        try:
            self.address = scheduler_address(place / "scheduler.json", self.processes[0])
        except EngineFailed:
            self.close()
            raise
        for number in range(workers):
            self.processes.append(start_worker(self.address, place, place / f"{number}.log"))

    def dead(self) -> bool:
        """Whether the scheduler has ended."""
        return self.processes[0].poll() is not None

    def close(self) -> None:
        """End all processes."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()


def start_scheduler(file: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a scheduler on loopback that writes its address to a file."""
    command = [
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
        "--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(file),
    ]  # fmt: skip
    return _start(command, log)


def start_worker(address: str, place: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a worker of one thread on loopback."""
    command = [
        "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1",
        "--nworkers", "1", "--no-nanny", "--no-dashboard", "--dashboard-address", "127.0.0.1:0",
        "--death-timeout", "20", "--memory-limit", "0", "--local-directory", str(place),
    ]  # fmt: skip
    return _start(command, log)


def scheduler_address(file: Path, process: subprocess.Popen[bytes]) -> str:
    """The address that a scheduler wrote, once it is there.

    Raises:
        EngineFailed: it ended, or took too long.
    """
    import json

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise EngineFailed("the Dask scheduler did not start")


def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    # What this process can import its workers can too.
    place = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True, env=place,
        )  # fmt: skip

"""A Dask cluster of one's own: a scheduler and workers as processes of this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from hesim.execution.engines.engine import EngineFailed
from hesim.process.lease import temporary

PATIENCE = 120.0
"""Seconds that the scheduler may take to start, on a machine that is very busy."""

RESTARTS = 3
"""How often each worker may be started again, taken together."""


class LocalCluster:
    """A scheduler and workers as processes of this machine, on loopback only.

    Dask's own LocalCluster imports the calling script in its workers, which a script without
    `if __name__ == "__main__"` does not survive.
    """

    def __init__(self, workers: int) -> None:
        """Start the processes.

        Raises:
            EngineFailed: the scheduler does not start.
        """
        self._lease = temporary("hesim-dask-")
        self._place = self._lease.folder
        self._lock = threading.Lock()
        self._closed = False
        self._started = 0
        self._left = RESTARTS * workers
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = start_scheduler(self._place)
        try:
            self.address = scheduler_address(self._place, self.scheduler)
            for _ in range(workers):
                self.workers.append(self._start())
        except BaseException:
            self.close()
            raise

    def tend(self) -> str:
        """Replace workers that have ended.

        Returns:
            Words on what cannot be mended; empty where all is well.
        """
        with self._lock:
            if self._closed:
                return ""
            if self.scheduler.poll() is not None:
                return f"the Dask scheduler has ended{self._last_line('scheduler.log')}"
            for place, worker in enumerate(self.workers):
                if worker.poll() is None:
                    continue
                if self._left == 0:
                    times = RESTARTS * len(self.workers)
                    return (
                        f"workers of the Dask cluster keep ending: {times} were started again "
                        f"and another one ended{self._last_line(f'{self._started}.log')}"
                    )
                self._left -= 1
                self.workers[place] = self._start()
        return ""

    def close(self) -> None:
        """End all processes, and what they have started."""
        import psutil

        with self._lock:
            self._closed = True
            processes = [*self.workers, self.scheduler]
            family: list[psutil.Process] = []
            for process in processes:
                try:
                    family += psutil.Process(process.pid).children(recursive=True)
                except psutil.NoSuchProcess:
                    continue
            # They hold nothing that would have to be saved.
            for process in processes:
                process.kill()
            for each in family:
                try:
                    each.kill()
                except psutil.NoSuchProcess:
                    continue
            for process in processes:
                process.wait()
        self._lease.remove()

    def _start(self) -> subprocess.Popen[bytes]:
        self._started += 1
        return start_worker(self.address, self._place, self._started)

    def _last_line(self, log: str) -> str:
        """What a process said last, as far as it said anything."""
        try:
            lines = (self._place / log).read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        said = [line.strip() for line in lines if line.strip()]
        return f"; it said last: {said[-1]}" if said else ""


def start_scheduler(place: Path) -> subprocess.Popen[bytes]:
    """Start a scheduler on loopback that writes its address into a folder."""
    command = [
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--dashboard-address",
        "127.0.0.1:0",
        "--scheduler-file",
        str(place / "scheduler.json"),
    ]
    return _start(command, place / "scheduler.log")


def start_worker(address: str, place: Path, number: int) -> subprocess.Popen[bytes]:
    """Start a worker of one thread on loopback."""
    command = [
        "distributed.cli.dask_worker",
        address,
        "--host",
        "127.0.0.1",
        "--nthreads",
        "1",
        "--nworkers",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--dashboard-address",
        "127.0.0.1:0",
        "--memory-limit",
        "0",
        "--local-directory",
        str(place),
    ]
    return _start(command, place / f"{number}.log")


def scheduler_address(place: Path, process: subprocess.Popen[bytes]) -> str:
    """The address that a scheduler wrote, once it is there.

    Raises:
        EngineFailed: it ended, or took too long.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            return str(json.loads((place / "scheduler.json").read_text("utf-8"))["address"])
        except (OSError, ValueError):
            time.sleep(0.1)
    raise EngineFailed("the Dask scheduler did not start")


def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    # What this process can import its workers can too.
    place = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    module = "hesim.execution.engines.member"
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", module, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=place,
        )

"""Do tasks as jobs of a Slurm cluster, by submitit; `engine.cluster=local` runs them here."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.execution.engines.cluster import Cluster, Pack
from hesim.execution.engines.engine import EngineFailed, local_workers
from hesim.execution.engines.remote import run_chunk
from hesim.execution.limits import asked_limits
from hesim.execution.task import Report, Task
from hesim.input.document import BadDocument, scalar

if TYPE_CHECKING:
    from hesim.config import Settings

POLL = {"slurm": 5.0, "local": 0.1, "debug": 0.0}
"""Seconds between two looks at the jobs."""

TRIES = 2
"""How often a chunk is handed in when its job ends without a result."""


class Slurm(Cluster):
    """An engine whose chunks are jobs; `workers` says how many are queued at a time."""

    chunks_a_worker = 1
    title = library = "submitit"

    def _reach(self, library: Any, settings: Settings, pack: Pack) -> None:
        """Make the folder of the jobs, and see that jobs can be handed in."""
        self.cluster = str(settings["engine.cluster"] or "slurm")
        options = _options(settings["engine.options"])
        self._processes = int(options.get("cpus_per_task", 1))
        # On a file system that all nodes see: beside the studies, not in /tmp.
        place = Path("outputs") / "slurm"
        place.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="jobs-", dir=place)).absolute()
        try:
            self._executor = library.AutoExecutor(folder=self.folder, cluster=self.cluster)
            self._executor.update_parameters(**{"name": "hesim", **options})
        except (RuntimeError, NameError, TypeError, ValueError) as error:
            raise EngineFailed(f"no jobs can be handed in: {error}") from error
        self.workers = local_workers(settings)
        self._package = pack(asked_limits(settings))
        self._jobs: dict[Any, tuple[Future[list[Report]], list[Task], int]] = {}

    def _hand_in(self, tasks: list[Task], future: Future[list[Report]]) -> None:
        self._submit(future, tasks, TRIES)

    def close(self) -> None:
        """Cancel what is queued or runs."""
        self._closed = True
        with self._lock:
            jobs, self._jobs = list(self._jobs), {}
        for job in jobs:
            job.cancel(check=False)

    def where(self) -> str:
        """Say where tasks are done."""
        return f"as jobs on {self.cluster} (submitit, logs in {self.folder})"

    def _submit(self, future: Future[list[Report]], tasks: list[Task], tries: int) -> None:
        try:
            job = self._executor.submit(run_chunk, self._package, tasks, self._processes)
        except Exception as error:
            raise EngineFailed(f"a job could not be handed in: {error}") from error
        with self._lock:
            self._jobs[job] = future, tasks, tries - 1

    def _watch(self) -> None:
        while not self._closed:
            time.sleep(POLL[self.cluster])
            with self._lock:
                ended = [(job, order) for job, order in self._jobs.items() if job.done()]
                for job, _ in ended:
                    del self._jobs[job]
            for job, (future, tasks, tries) in ended:
                self._settle(job, future, tasks, tries)

    def _settle(
        self, job: Any, future: Future[list[Report]], tasks: list[Task], tries: int
    ) -> None:
        try:
            future.set_result(job.result())
        except Exception as error:  # noqa: BLE001 - it is handed on through the future
            if tries > 0 and not self._closed:
                try:
                    self._submit(future, tasks, tries)
                except EngineFailed as again:
                    future.set_exception(again)
                return
            last = str(error).strip().splitlines()[-1:]
            words = f"job {job.job_id} ended without a result: {last}; see {self.folder}"
            future.set_exception(EngineFailed(words))


def _options(given: object) -> dict[str, Any]:
    listed = given if isinstance(given, list | tuple) else [given]
    made = {}
    for one in listed:
        key, colon, value = str(one).partition(":")
        if not colon:
            raise EngineFailed(f"engine.options: {one!r} must be key:value")
        try:
            made[key] = scalar(value)
        except BadDocument:
            # Such as 01:30:00, which is a number to some readers of YAML: Slurm reads it itself.
            made[key] = value
    return made

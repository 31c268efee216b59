"""Run replications one after another or in processes; one that fails does not lose the others."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.survey.replicate import Replication

Simulate = Callable[["Settings", int], "Replication"]


def simulate_one(settings: Settings, replication: int) -> Replication:
    """Simulate one replication from settings alone (so that any process can)."""
    from hesim.survey.replicate import simulate
    from hesim.tables import read

    folder = settings["data"]
    return simulate(settings, read(None if folder is None else Path(str(folder))), replication)


def _guarded(
    work: Simulate, settings: Settings, number: int
) -> tuple[int, Replication | None, str | None]:
    try:
        return number, work(settings, number), None
    except Exception:  # noqa: BLE001 - whatever went wrong is told in the manifest
        return number, None, traceback.format_exc()


def run_replications(
    settings: Settings, workers: int, work: Simulate = simulate_one
) -> Iterator[tuple[int, Replication | None, str | None]]:
    """Yield (number, replication or None, traceback or None) as each ends.

    Args:
        settings: The composed config; `replications` says how many.
        workers: Processes; 1 runs here.
        work: What simulates one replication.
    """
    numbers = range(settings.integer("replications"))
    if workers <= 1 or len(numbers) == 1:
        for number in numbers:
            yield _guarded(work, settings, number)
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(numbers)), mp_context=spawn) as pool:
        jobs = [pool.submit(_guarded, work, settings, number) for number in numbers]
        try:
            for job in as_completed(jobs):
                yield job.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

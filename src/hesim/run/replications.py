"""Run replications one after another or in processes; one that fails does not lose the others."""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from hesim.run.single import Ended, Simulate, attempt, simulate_one
from hesim.run.worker import Died, Month, Worker, ready

if TYPE_CHECKING:
    from hesim.config import Settings

OnMonth = Callable[[int, int, int], None]
"""Called with a replication's number, its months done and its months in all."""

TRIES = 2
"""How often a replication may lose its worker process before it counts as failed."""


def count_workers(settings: Settings, jobs: int | None = None) -> int:
    """Processes to use: as many as asked or as there are processors, never more than jobs."""
    asked = settings["workers"]
    count = settings.integer("workers") if asked is not None else os.cpu_count() or 1
    return max(1, min(count, settings.integer("replications") if jobs is None else jobs))


def run_replications(
    settings: Settings,
    workers: int,
    work: Simulate = simulate_one,
    on_month: OnMonth = lambda number, done, total: None,
    tell: Callable[[str], None] = lambda words: None,
    jobs: int | None = None,
) -> Generator[Ended, None, None]:
    """Yield each replication as it ends; close the iterator to stop the rest.

    Args:
        settings: The composed config; `replications` says how many.
        workers: Processes; 1 runs here.
        work: What simulates one replication.
        on_month: Called for each month, if `work` tells its months.
        tell: Called with words when a replication has to be tried again.
        jobs: How many to number, where it is not one a replication (see `arms`).

    Raises:
        TypeError: `work` cannot be imported by another process.
    """
    numbers = range(settings.integer("replications") if jobs is None else jobs)
    if workers > 1 and len(numbers) > 1:
        yield from _in_processes(
            settings, min(workers, len(numbers)), work, on_month, tell, numbers
        )
        return
    for number in numbers:

        def passed(done: int, total: int, number: int = number) -> None:
            on_month(number, done, total)

        yield attempt(work, settings, number, passed)


def _in_processes(
    settings: Settings,
    workers: int,
    work: Simulate,
    on_month: OnMonth,
    tell: Callable[[str], None],
    numbers: range,
) -> Generator[Ended, None, None]:
    orders = _orders(work, settings)
    # Each worker has a processor of its own; more threads in it would be in one another's way.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    waiting = deque(numbers)
    tries = dict.fromkeys(waiting, 0)
    busy: list[Worker] = []
    idle: list[Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                worker = idle.pop() if idle else Worker(orders)
                busy.append(worker)
                worker.begin(waiting.popleft())
            for worker in ready(busy):
                told = worker.listen()
                if isinstance(told, Month):
                    on_month(*told)
                    continue
                busy.remove(worker)
                if isinstance(told, Ended):
                    idle.append(worker)
                    yield told
                    continue
                tries[told.number] += 1
                if tries[told.number] < TRIES:
                    tell(f"replication {told.number}: {told.words}; trying it again")
                    waiting.append(told.number)
                else:
                    yield _lost(told)
    finally:
        for worker in busy:
            worker.stop()
        for worker in idle:
            worker.release()
        for worker in [*busy, *idle]:
            worker.dismiss()


def _lost(died: Died) -> Ended:
    return Ended(died.number, None, f"{died.words}, {TRIES} times")


def _orders(work: Simulate, settings: Settings) -> bytes:
    own = getattr(work, "work", work)
    if getattr(own, "__module__", None) == "__main__":
        raise TypeError("simulate stands in the script itself; put it in a module, or workers=1")
    return pickle.dumps((work, settings))

"""Run replications one after another or in processes; one that fails does not lose the others."""

from __future__ import annotations

import os
import pickle
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING

from hesim.execution.attempt import Ended, Simulate, attempt, simulate_one
from hesim.execution.worker import Died, Month, Worker, ready

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
    groups: Sequence[Sequence[int]] | None = None,
) -> Generator[Ended, None, None]:
    """Yield each replication as it ends; close the iterator to stop the rest.

    Args:
        settings: The composed config; `replications` says how many.
        workers: Processes; 1 runs here.
        work: What simulates one replication.
        on_month: Called for each month, if `work` tells its months.
        tell: Called with words when a replication has to be tried again.
        groups: Jobs to number, where it is not one a replication (see `arms.Arms.groups`); one
            process does a group, one job after another.

    Raises:
        TypeError: `work` cannot be imported by another process.
    """
    shared = [[k] for k in range(settings.integer("replications"))] if groups is None else groups
    if workers > 1 and len(shared) > 1:
        yield from _in_processes(settings, min(workers, len(shared)), work, on_month, tell, shared)
        return
    for number in (number for group in shared for number in group):

        def passed(done: int, total: int, number: int = number) -> None:
            on_month(number, done, total)

        yield attempt(work, settings, number, passed)


def _in_processes(
    settings: Settings,
    workers: int,
    work: Simulate,
    on_month: OnMonth,
    tell: Callable[[str], None],
    groups: Sequence[Sequence[int]],
) -> Generator[Ended, None, None]:
    orders = _orders(work, settings)
    # Each worker has a processor of its own; more threads in it would be in one another's way.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    waiting = deque(deque(group) for group in groups)
    tries: Counter[int] = Counter()
    busy: list[tuple[Worker, deque[int]]] = []
    idle: list[Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                worker, group = idle.pop() if idle else Worker(orders), waiting.popleft()
                busy.append((worker, group))
                worker.begin(group.popleft())
            heard = ready([worker for worker, _ in busy])
            for worker, group in [each for each in busy if each[0] in heard]:
                told = worker.listen()
                if isinstance(told, Month):
                    on_month(*told)
                    continue
                if isinstance(told, Ended):
                    if group:
                        worker.begin(group.popleft())
                    else:
                        busy.remove((worker, group))
                        idle.append(worker)
                    yield told
                    continue
                busy.remove((worker, group))
                tries[told.number] += 1
                if tries[told.number] < TRIES:
                    tell(f"replication {told.number}: {told.words}; trying it again")
                    group.append(told.number)
                else:
                    yield _lost(told)
                if group:
                    waiting.append(group)
    finally:
        for worker, _ in busy:
            worker.stop()
        for worker in idle:
            worker.release()
        for worker in [*(worker for worker, _ in busy), *idle]:
            worker.dismiss()


def _lost(died: Died) -> Ended:
    return Ended(died.number, None, f"{died.words}, {TRIES} times")


def _orders(work: Simulate, settings: Settings) -> bytes:
    own = getattr(work, "work", work)
    if getattr(own, "__module__", None) == "__main__":
        raise TypeError("simulate stands in the script itself; put it in a module, or workers=1")
    return pickle.dumps((work, settings))

"""Run a chunk of tasks on another machine: what Dask workers and Slurm jobs do."""

from __future__ import annotations

import atexit
import pickle
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import NamedTuple

from hesim.execution.limits import Guard, pack
from hesim.process.lease import temporary
from hesim.study.task import Orders, Report, Task, WrongCode


class Package(NamedTuple):
    """What is sent once to each place where runs are simulated.

    Attributes:
        orders: Pickled `Orders`.
        time_limit: Seconds that a run may take.
        memory_limit: MB that its process may hold.
    """

    orders: bytes
    time_limit: float | None
    memory_limit: float | None


_guards = threading.local()


def run_chunk(package: Package, tasks: Sequence[Task], processes: int = 1) -> list[Report]:
    """Run tasks in guarded processes of this machine.

    The processes are kept for the next chunk of the same study.

    Raises:
        WrongCode: hesim here is not the one that planned the study.
    """

    def run_group(group: list[Task]) -> list[Report]:
        guard = _guard(package)
        return [guard.run(task) for task in group]

    if processes == 1:
        return run_group(list(tasks))
    # What shares its first months stays in one process.
    groups = [list(group) for _, group in groupby(tasks, key=lambda task: task.group)]
    with ThreadPoolExecutor(processes) as threads:
        return [report for reports in threads.map(run_group, groups) for report in reports]


def _guard(package: Package) -> Guard:
    kept: tuple[Package, Guard] | None = getattr(_guards, "kept", None)
    if kept is not None and kept[0] == package:
        return kept[1]
    if kept is not None:
        kept[1].close()
    orders = _unpack(package.orders)
    guard = Guard(pack(orders), package.time_limit, package.memory_limit)
    _guards.kept = (package, guard)
    return guard


def _unpack(packed: bytes) -> Orders:
    from hesim.study.identity import code_digest

    orders: Orders = pickle.loads(packed)
    if orders.code != code_digest():
        raise WrongCode(
            "a worker has another hesim than this one; install the same version on all machines"
        )
    if not orders.data:
        return orders
    # Of one that is killed, the next process on this machine clears it away.
    lease = temporary("hesim-data-")
    atexit.register(lease.remove)
    folder = lease.folder
    for name, content in orders.data.items():
        (folder / name).write_bytes(content)
    return orders._replace(settings=orders.settings.with_values({"data": str(folder)}))

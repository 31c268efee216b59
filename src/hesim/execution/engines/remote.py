"""Do a chunk of tasks on another machine: what Dask workers and Slurm jobs do."""

from __future__ import annotations

import atexit
import hashlib
import pickle
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from hesim.execution.engines.engine import WrongCode
from hesim.execution.limits import Limits, Supervisor, pack
from hesim.execution.task import Procedure, Report, Task
from hesim.process.lease import temporary


class Package(NamedTuple):
    """What is sent once to each place where tasks are done.

    Attributes:
        code: Digest of the code that hands work out; other code must not do it.
        content: Pickled procedure, and data files by name.
        limits: What a task may take.
    """

    code: str
    content: bytes
    limits: Limits


_places = threading.local()


@cache
def code_digest() -> str:
    """One hash of hesim's code."""
    package, matter = Path(__file__).resolve().parents[2], hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        matter.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return matter.hexdigest()[:16]


def package(procedure: Procedure, files: Mapping[str, bytes], limits: Limits) -> Package:
    """Pack what a place needs to know.

    Raises:
        TypeError: the procedure cannot be imported by another process.
    """
    pack(procedure)
    return Package(code_digest(), pickle.dumps((procedure, dict(files))), limits)


def run_chunk(package: Package, tasks: Sequence[Task], processes: int = 1) -> list[Report]:
    """Do tasks in supervised processes of this machine.

    The processes stay for the next chunk of the same package.

    Raises:
        WrongCode: hesim here is not the one that handed the work out.
    """

    def run_group(group: list[Task]) -> list[Report]:
        supervisor = _supervisor(package)
        return [supervisor.run(task) for task in group]

    if processes == 1:
        return run_group(list(tasks))
    # What shares its first months stays in one process.
    groups = [list(group) for _, group in groupby(tasks, key=lambda task: task.group)]
    with ThreadPoolExecutor(processes) as threads:
        return [report for reports in threads.map(run_group, groups) for report in reports]


def _supervisor(package: Package) -> Supervisor:
    held: tuple[Package, Supervisor] | None = getattr(_places, "held", None)
    if held is not None and held[0] == package:
        return held[1]
    if held is not None:
        held[1].close()
    supervisor = Supervisor(pack(_unpack(package)), package.limits)
    _places.held = (package, supervisor)
    return supervisor


def _unpack(package: Package) -> Procedure:
    if package.code != code_digest():
        raise WrongCode(
            "a worker has another hesim than this one; install the same version on all machines"
        )
    procedure: Procedure
    procedure, files = pickle.loads(package.content)
    if not files:
        return procedure
    # Of one that is killed, the next process on this machine clears it away.
    lease = temporary("hesim-data-")
    atexit.register(lease.remove)
    for name, content in files.items():
        (lease.folder / name).write_bytes(content)
    return procedure.with_data(lease.folder)

"""Count time: CPU beside wall, in interleaved rounds, of work here and of commands."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.part import Figure


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU and on the wall."""

    cpu: float
    wall: float

    def __add__(self, other: Spent) -> Spent:
        """Add up."""
        return Spent(self.cpu + other.cpu, self.wall + other.wall)


def spend(work: Callable[[], object]) -> Spent:
    """Time a piece of work in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def share(spent: Iterable[Spent]) -> float:
    """CPU over wall time, all together."""
    total = sum(spent, Spent(0.0, 0.0))
    return total.cpu / total.wall if total.wall > 0 else 1.0


def interleave(works: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, list[Spent]]:
    """Do every work once a round, in turn (A B A B ...), so that drift meets all alike."""
    spent: dict[str, list[Spent]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            spent[name].append(work())
    return spent


def ratio(above: Sequence[Spent], below: Sequence[Spent], times: float = 1.0) -> Figure:
    """CPU of one over CPU of the other, round by round.

    Args:
        above: What is divided.
        below: What it is divided by.
        times: A factor, e.g. where one did fewer months.
    """
    values = tuple(times * a.cpu / b.cpu for a, b in zip(above, below, strict=True))
    return Figure(values, share([*above, *below]))


def milliseconds(spent: Sequence[Spent], each: float = 1.0) -> str:
    """Say CPU milliseconds as minimum - median - maximum."""
    figure = Figure(tuple(1000.0 * one.cpu / each for one in spent))
    return f"{figure.low:.4g} - {figure.median:.4g} - {figure.high:.4g} ms"


def command(
    words: Sequence[str], environment: Mapping[str, str] | None = None, folder: str | None = None
) -> tuple[Spent, str]:
    """Run a command to its end; count its CPU and that of its children.

    Args:
        words: The command.
        environment: Variables that are set besides those there are.
        folder: Where it runs.

    Returns:
        What it spent and what it printed.

    Raises:
        RuntimeError: when it fails, with the end of what it printed.
    """
    began = time.perf_counter()
    with subprocess.Popen(
        words,
        env={**os.environ, **(environment or {})},
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        text = process.stdout.read() if process.stdout else ""
        # wait4 tells what this child alone used, which Popen.wait would throw away.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} failed:\n{text[-2000:]}")
    return Spent(used.ru_utime + used.ru_stime, wall), text

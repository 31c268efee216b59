"""Kill a study at a chosen event of its own: at the n-th file that it renames or takes away.

Between two such events lies everything that a kill can cut in two. The process that conducts the
study arranges this for itself, so that no clock decides when it happens.
"""

from __future__ import annotations

import os
import random
import signal
from typing import NamedTuple

import processes


class Kill(NamedTuple):
    """What is done to a study, and when.

    Attributes:
        victim: `main` or `worker`.
        signal: Name of the signal.
        event: Number of the event.
        before: Whether it comes just before the event, else just after.
    """

    victim: str
    signal: str
    event: int
    before: bool


WAYS = (
    ("main", "SIGKILL"),
    ("worker", "SIGKILL"),
    ("main", "SIGTERM"),
    ("main", "SIGINT"),
    ("main", "SIGHUP"),
)


def drawn(seed: int, count: int) -> list[Kill]:
    """Random kills, the same for the same seed; neighbours differ in their way."""
    rng = random.Random(seed)
    first = rng.randrange(len(WAYS))
    return [
        Kill(*WAYS[(first + k) % len(WAYS)], rng.randrange(1, 60), rng.random() < 0.5)
        for k in range(count)
    ]


def arrange(kill: Kill) -> None:
    """Let it happen to this process, which is about to conduct a study."""
    left = [kill.event]

    def counted(change):
        def call(*given, **options):
            left[0] -= 1
            now = left[0] == 0
            if now and kill.before:
                _act(kill)
            made = change(*given, **options)
            if now and not kill.before:
                _act(kill)
            return made

        return call

    os.replace = counted(os.replace)
    os.unlink = counted(os.unlink)


def _act(kill: Kill) -> None:
    number = getattr(signal, kill.signal)
    if kill.victim == "main":
        os.kill(os.getpid(), number)
        return
    workers = [
        each for each in processes.descendants(os.getpid()) if "hesim" in " ".join(each.cmdline())
    ]
    for each in workers[:1]:
        each.send_signal(number)

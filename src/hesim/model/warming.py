"""Compile the kernels, or load them from disk, by two months of a tiny population.

Compilation takes as long as a short run. So where nothing is on disk yet, a second process compiles
the kernels of the market, while this one compiles all others, and loads what the second one left.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hesim.process.parent import watch_parent
from hesim.shelf import shelf

MARKET = ("push", "vacancies", "search", "offers", "hiring")
"""Events whose kernels take half of the time to compile: 19 of 38 seconds in one process."""
SECONDS = 25
"""About what compilation takes on two processors; as `python -m benchmarks start` measures it."""


def announcement() -> str:
    """What `compile_kernels` is about to do, in words."""
    if shelf().whole():
        return "Loading the compiled model ..."
    if shelf().prepare():
        return f"Compiling the model (about {SECONDS} seconds, once for this code and machine) ..."
    return f"Compiling the model in memory (about {2 * SECONDS} seconds) ..."


def compile_kernels() -> None:
    """Compile what a month needs, or load it, and keep it on disk, so that workers only load it."""
    if shelf().whole():
        _compile()
        return
    with _second_process() as second:
        if second is not None:
            _compile(market=False)
    _compile()
    _compile()
    shelf().close_whole()


def _compile(market: bool | None = None) -> None:
    """Go through a month, or only through the events of the market, or only through the others."""
    from hesim.config.layers import layers
    from hesim.model.higher_education import HigherEducation
    from hesim.model.order import ORDER
    from hesim.tables import read

    made = layers(["population.scale=0.003", "burn_in=0", "force=true"])
    model = HigherEducation(made.settings, read(), 0)
    for event in ORDER:
        if market is None or market == (event.name in MARKET):
            model.carry_out(event.name)


@contextmanager
def _second_process() -> Iterator[subprocess.Popen[bytes] | None]:
    """Have the market compiled beside this process, where that saves time; wait for it at the end.

    Whatever goes wrong there is no harm: this process compiles what it does not find on disk.
    """
    if (os.cpu_count() or 1) < 2 or shelf().whole() or not shelf().prepare():
        yield None
        return
    command = [sys.executable, "-m", __name__, str(os.getpid())]
    nowhere = subprocess.DEVNULL
    second = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    try:
        yield second
        second.wait()
    finally:
        second.kill()
        second.wait()


if __name__ == "__main__":
    watch_parent(int(sys.argv[1]))
    _compile(market=True)

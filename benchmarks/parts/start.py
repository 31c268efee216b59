"""Measure starts, each in a fresh process: the help, and being ready to step, warm and cold.

- `hesim --help` against `python -c "import numpy"`, in turn, CPU time.
- Ready to step: from the start of the process until the model of a tiny population is built and
  has simulated one month. Cold is with an empty cache of compiled code (a new NUMBA_CACHE_DIR),
  warm the same again; each round has a new cache. CPU time.
- A first `hesim run` with an empty cache must say that it is compiling.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks import child, worlds
from benchmarks.clock import Spent, command, interleave, milliseconds, ratio
from benchmarks.part import Bar, Figure, Measured, Options, Part

TINY = 0.005
BARS = (
    Bar("help", "hesim --help over import numpy", 3, 1.5),
    Bar("ready", "ready to step, cold over warm", 4, 6, at_most=False),
    Bar("told", "a cold first run says that it is compiling", 1, 1, at_most=False),
)


def measure(options: Options) -> Measured:
    """Start processes."""
    numpy = [sys.executable, "-c", "import numpy"]
    help_ = [*hesim_command(), "--help"]
    works = {"help": lambda: command(help_)[0], "numpy": lambda: command(numpy)[0]}
    interleave(works, 2)
    # A start takes a tenth of a second: more rounds cost nothing.
    spent = interleave(works, 3 * options.rounds)
    cold, warm = _ready(1 if options.quick else options.rounds)
    figures = {
        "help": ratio(spent["help"], spent["numpy"]),
        "ready": ratio(cold, warm),
        "told": Figure((float(says_compiling()),)),
    }
    facts: dict[str, str | float] = {
        "hesim --help": milliseconds(spent["help"]),
        "import numpy": milliseconds(spent["numpy"]),
        "ready to step, cold": milliseconds(cold),
        "ready to step, warm": milliseconds(warm),
    }
    return Measured(figures, facts)


def hesim_command() -> list[str]:
    """The installed command, or the module where there is none."""
    script = Path(sys.executable).with_name("hesim")
    return [str(script)] if script.exists() else [sys.executable, "-m", "hesim"]


def ready() -> int:
    """Build a tiny model and simulate a month; in a fresh process."""
    return worlds.persons(worlds.world(TINY, 1))


def _ready(rounds: int) -> tuple[list[Spent], list[Spent]]:
    cold: list[Spent] = []
    warm: list[Spent] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            start = partial(child.call, __name__, "ready", {}, {"NUMBA_CACHE_DIR": cache})
            cold.append(start()[1])
            warm.append(start()[1])
    return cold, warm


def says_compiling() -> bool:
    """Whether a first run with an empty cache tells that it compiles."""
    with tempfile.TemporaryDirectory() as folder:
        words = [
            *hesim_command(),
            "run",
            f"population.scale={TINY}",
            "years=1",
            "burn_in=0",
            "replications=1",
            "workers=1",
            "figures=false",
            f"output={folder}/run",
        ]
        _, text = command(words, {"NUMBA_CACHE_DIR": f"{folder}/cache"}, folder)
    return "ompil" in text


PART = Part("start", "starting: help, cold and warm", BARS, measure)

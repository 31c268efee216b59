"""Measure what a study costs beside the model: time a run, idle workers, memory and files.

The overhead is all CPU time of a study whose model takes none but leaves as much as ten years do,
conductor and workers together; from it is taken that of a study of few runs, so that starting
Python and planning do not count, and the rest is divided by the runs. Of Dask, whose processes do
not all end before they can be asked, it is twice the time on the wall from the pilot to the last
run, for two workers, which is no less than their CPU and grows with any other load. How busy two
workers are is the time that runs took over twice that between the pilot and the last run, with the
real model at scale 0.02 over two years, where a run is short: another load on the machine slows
both alike. Memory is that of the conductor, from its first flush to its largest.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.clock import Spent, command
from benchmarks.part import Bar, Figure, Measured, Options, Part

BARS = (
    Bar("processes", "CPU a run beside the model, two processes", 5, 2, "ms"),
    Bar("dask", "time a run beside the model, Dask on loopback", 5, 2, "ms"),
    Bar("busy", "two workers busy with runs, scale 0.02", 0.85, 0.95, at_most=False),
    Bar("growth", "memory that the runs add to the conductor", 100, 50, "MB"),
    Bar("files", "files of the study", 50, 30),
)
FEW = 20
DASK = ("engine=dask", "engine.chunk_seconds=0.2")


def study(model: str, runs: int, *overrides: str) -> tuple[Spent, dict[str, Any]]:
    """Run a study in a process of its own; its CPU is that of all its processes."""
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory(prefix="hesim-bench-") as place:
        words = [
            sys.executable,
            "-m",
            "benchmarks.studying",
            model,
            f"output={place}/study",
            f"study.replications={runs}",
            "workers=2",
            *overrides,
        ]
        spent, text = command(words, folder=str(root))
    seen: dict[str, Any] = json.loads(text.splitlines()[-1])
    return spent, seen


def measure(options: Options) -> Measured:
    """Run studies of many and of few runs, without a model and with it."""
    many = options.whole(10_000, 200)
    rounds = options.whole(options.rounds, 1)
    figures: dict[str, list[float]] = {bar.key: [] for bar in BARS}
    facts: dict[str, str | float] = {}
    instant = partial(study, "instant")
    for _ in range(rounds):
        few, _ = instant(FEW)
        spent, seen = instant(many)
        figures["processes"].append(1000 * (spent.cpu - few.cpu) / (seen["runs"] - FEW))
        figures["growth"].append(seen["memory"][1] - seen["memory"][0])
        figures["files"].append(seen["files"])
        facts["runs a second without a model, on the wall"] = seen["runs"] / seen["wall"]
        some = options.whole(3000, 100)
        _, seen = instant(some, *DASK)
        figures["dask"].append(1000 * 2 * seen["wall"] / (seen["runs"] - 2))
        facts["runs a second without a model, Dask"] = seen["runs"] / seen["wall"]
        _, seen = study(
            "model", options.whole(800, 6), "population.scale=0.02", "years=2", "burn_in=12"
        )
        figures["busy"].append(seen["seconds"] / (2 * seen["wall"]))
        facts["seconds of a run at scale 0.02, two years"] = seen["seconds"] / (seen["runs"] - 2)
    return Measured(
        {key: Figure(tuple(values)) for key, values in figures.items()},
        {f"runs of the study without a model, rounds: {rounds}": many, **facts},
    )


PART = Part("studies", "studies beside the model", BARS, measure)

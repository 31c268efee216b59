"""Measure memory a person, in a fresh process for each round.

Columns: the bytes of the persons' columns (free slots too), without the column `contacts`, over the
persons present at the end.

Peak growth: the process imports everything, loads the compiled kernels through a tiny model, hands
freed memory back and notes its resident memory; it then builds the model at full scale and
simulates burn-in and ten years. The largest resident memory from then on, less the noted one, over
the persons present at the end, is the peak growth. So it counts all there is: columns, the building
of the population, a month's temporary arrays, and the ledger and the recorder's tables, which grow
with months. Those are told apart as facts; "temporary" is what is left of the peak. The peak of a
whole replication with survey and result tables is a fact of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import child, worlds
from benchmarks.part import Bar, Figure, Measured, Options, Part

BARS = (
    Bar("columns", "columns without contacts, a person", 100, 80, "bytes"),
    Bar("peak", "peak growth of a run, a person", 300, 150, "bytes"),
)
STATUS = Path("/proc/self/status")


def measure(options: Options) -> Measured:
    """Run each round in a process of its own."""
    if not STATUS.is_file():
        return Measured(skipped="needs /proc, which this system has not")
    size = {"scale": options.pick(1.0, 0.02), "years": options.whole(10, 1)}
    rounds = [child.call(__name__, "steps", size)[0] for _ in range(options.rounds)]
    last = rounds[-1]
    facts: dict[str, str | float] = {
        name: (value if name == "persons" else f"{value:.1f} bytes a person")
        for name, value in last.items()
        if name not in ("columns", "peak")
    }
    whole = child.call(__name__, "replication", size)[0]
    facts["peak of a replication with survey and tables"] = (
        f"{whole / last['persons']:.1f} bytes a person"
    )
    figures = {key: Figure(tuple(one[key] for one in rounds)) for key in ("columns", "peak")}
    return Measured(figures, facts)


def steps(scale: float, years: int) -> dict[str, float]:
    """Build and step a model; runs in a fresh process."""
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    before = _start()
    settings = worlds.settings(scale, years=years)
    model = HigherEducation(settings, read(), 0)
    built = _peak() - before
    worlds.step(model, settings.integer("burn_in") + 12 * years)
    peak = _peak() - before
    each = worlds.persons(model)
    columns = _bytes(model.persons.columns)
    contacts = int(model.persons.contacts.nbytes)
    ledger, records = _bytes(model.ledger), _bytes(vars(model.recorder))
    return {
        "persons": each,
        "columns": (columns - contacts) / each,
        "peak": peak / each,
        "peak while building": built / each,
        "contacts": contacts / each,
        "ledger": ledger / each,
        "records": records / each,
        "temporary": (peak - columns - ledger - records) / each,
    }


def replication(scale: float, years: int) -> int:
    """Peak growth, in bytes, of a whole replication with its result tables; in a fresh process."""
    from hesim.execution.replication import simulate_replication
    from hesim.tables import read

    before = _start()
    kept = simulate_replication(worlds.settings(scale, years=years), read(), 0)
    del kept
    return _peak() - before


def _start() -> int:
    """Load the kernels, hand freed memory back, and begin a new peak; return bytes in use."""
    import hesim.record.replication  # noqa: F401 - imported now, so that it is not counted
    from hesim.model.warming import compile_kernels

    compile_kernels()
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    before = _status("VmRSS")
    # Forgets the peak of importing and compiling (see proc(5), clear_refs).
    Path("/proc/self/clear_refs").write_text("5")
    return before


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    for line in STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"/proc/self/status has no {name}")


def _bytes(thing: Any) -> int:
    """Bytes of all arrays in nested tuples, lists and dictionaries."""
    if isinstance(thing, np.ndarray):
        return int(thing.nbytes)
    if isinstance(thing, dict):
        return sum(_bytes(value) for value in thing.values())
    if isinstance(thing, tuple | list):
        return sum(_bytes(value) for value in thing)
    return 0


PART = Part("memory", "bytes a person of columns, and of all a run adds", BARS, measure)

"""Measure the share of a month's CPU time that goes into keyed randomness.

Four processes hold the same settled model at full scale and simulate the same months in turn; the
processes differ in the generator (`benchmarks/variants.py`):

- `plain`, as it is;
- `repeated`: for each draw and each joined identity it computes eight more outputs of the
  generator, which change nothing. Results are the same, so the longer month is the cost of eight
  times the outputs, where they are used. Its excess over `plain`, divided by eight, over `plain`,
  is the figure. The compiler cannot do the added ones several at once, as it may the real ones in
  plain loops, so the figure is rather too high than too low;
- `cheap`, a cross-check: one multiplication in the generator's place. Results differ, though not in
  their distribution, so the months do slightly different work; what is saved leaves out the cost
  of that multiplication;
- `counted`, another cross-check: draws and joined identities of a month, times the time of a draw
  in a loop of its own, where the compiler may do several at once: a lower bound.

Joining two identities counts as randomness; the seeds of moments, one for everybody in a kernel,
and the building of the population are left out.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

from benchmarks import variants, worlds
from benchmarks.clock import Spent, interleave, milliseconds, share, spend
from benchmarks.part import Bar, Figure, Measured, Options, Part

BARS = (Bar("share", "keyed randomness, of a month's CPU", 5, 1, "%"),)
_held: list[Any] = []
"""In a process of its own: the model."""


def measure(options: Options) -> Measured:
    """Start a process for each variant, then alternate blocks of months."""
    size, settle = options.pick(1.0, 0.02), options.whole(worlds.SETTLE, 2)
    months = options.whole(6, 1)
    with ExitStack() as stack:
        pools = {
            name: stack.enter_context(process(name, size, settle)) for name in variants.VARIANTS
        }
        timed = {
            name: partial(_block, pools[name], months) for name in ("plain", "repeated", "cheap")
        }
        # Twice as many rounds as asked: a share of one percent is a small difference.
        spent = interleave(timed, 2 * options.rounds)
        draws, joins = pools["counted"].submit(count, months).result()
        nanoseconds = float(pools["plain"].submit(draw_nanoseconds).result())
    plain = np.array([one.cpu for one in spent["plain"]])
    excess = np.array([one.cpu for one in spent["repeated"]]) - plain
    saved = plain - np.array([one.cpu for one in spent["cheap"]])
    shares = 100.0 * excess / variants.EXTRA / plain
    every = [one for each in spent.values() for one in each]
    by_count = 100.0 * (draws + joins) * nanoseconds * 1e-9 * months / float(np.median(plain))
    facts: dict[str, str | float] = {
        f"a month, {name}": milliseconds(each, months) for name, each in spent.items()
    }
    facts |= {
        "cross-check: saved by a cheap generator": f"{100 * np.median(saved / plain):.2f}%",
        "cross-check: count times time of a draw": f"{by_count:.2f}%",
        "draws a month": f"{draws:,.0f}",
        "joined identities a month": f"{joins:,.0f}",
        "a draw in a loop of its own": f"{nanoseconds:.2f} ns",
    }
    return Measured({"share": Figure(tuple(float(x) for x in shares), share(every))}, facts)


@contextmanager
def process(variant: str, scale: float, settle: int) -> Iterator[ProcessPoolExecutor]:
    """Start a process that holds a settled model of a variant, with a cache of its own."""
    with tempfile.TemporaryDirectory() as cache:
        before = os.environ.get("NUMBA_CACHE_DIR")
        os.environ["NUMBA_CACHE_DIR"] = cache
        try:
            pool = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), begin, (variant, scale, settle)
            )
            # Asks for a first result, so that the process starts now, with that cache.
            pool.submit(block, 0).result()
        finally:
            os.environ.pop("NUMBA_CACHE_DIR")
            if before is not None:
                os.environ["NUMBA_CACHE_DIR"] = before
        with pool:
            yield pool


def begin(variant: str, scale: float, settle: int) -> None:
    """Install the variant, build the model and let it settle; in a process of its own."""
    variants.install(variant)
    _held.append(worlds.world(scale, settle))


def block(months: int) -> tuple[float, float]:
    """Simulate months of the held model; CPU and wall seconds."""
    spent = spend(partial(worlds.step, _held[0], months))
    return spent.cpu, spent.wall


def _block(pool: ProcessPoolExecutor, months: int) -> Spent:
    return Spent(*pool.submit(block, months).result())


def count(months: int) -> tuple[float, float]:
    """Draws and joined identities a month of the held model."""
    before = variants.COUNTS.copy()
    block(months)
    draws, joins = (variants.COUNTS - before) / months
    return float(draws), float(joins)


def draw_nanoseconds() -> float:
    """Time of a draw in a loop over a million identities."""
    from hesim.random import uniforms

    identities = np.arange(1_000_000, dtype=np.uint64)
    draw_all = partial(uniforms, np.uint64(1), identities, 1, 0)
    draw_all()
    return float(np.median([spend(draw_all).cpu for _ in range(9)])) * 1000.0


PART = Part("randomness", "share of keyed randomness in a month", BARS, measure)

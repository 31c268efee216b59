"""Measure the share of a month's CPU time that goes into keyed randomness.

Five processes hold the same settled model at full scale and simulate the same months in turn; the
processes differ in the generator (`benchmarks/variants.py`):

- `plain`, as it is;
- `few` and `many`: for each output of the generator they compute 1 and 9 more, which change
  nothing, where the output is used. Results are the same, so the difference between the two months
  is the cost of eight times the outputs; an eighth of it over `plain` is the figure. The further
  outputs keep the compiler from things it does in `plain` besides drawing, which makes any first
  one dear: hence the difference between the two, and not from `plain`. As each added output waits
  for the same units of the processor, and the real ones are partly made while it waits for memory,
  the figure is rather too high than too low;
- `half`, a cross-check: without the second half of the mixing, so that what is saved is something
  like half of the cost. Results differ, so the months do slightly different work;
- `counted`, another cross-check: outputs of a month, times the time of one in a loop of its own,
  where the compiler does several at once: a lower bound.

Everything that goes through the generator counts: draws, joined identities, and the seeds of
moments. The building of the population is left out.
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
        timed = {name: partial(_block, pools[name], months) for name in variants.VARIANTS[:-1]}
        # Twice as many rounds as asked: a share of one percent is a small difference.
        spent = interleave(timed, 2 * options.rounds)
        outputs = pools["counted"].submit(count, months).result()
        nanoseconds = float(pools["plain"].submit(output_nanoseconds).result())
    cpu = {name: np.array([one.cpu for one in each]) for name, each in spent.items()}
    plain = cpu["plain"]
    shares = 100.0 * (cpu["many"] - cpu["few"]) / (variants.MANY - variants.FEW) / plain
    from_plain = 100.0 * float(np.median((cpu["many"] - plain) / plain)) / variants.MANY
    saved = 100.0 * float(np.median((plain - cpu["half"]) / plain))
    every = [one for each in spent.values() for one in each]
    by_count = 100.0 * outputs * nanoseconds * 1e-9 * months / float(np.median(plain))
    facts: dict[str, str | float] = {
        f"a month, {name}": milliseconds(each, months) for name, each in spent.items()
    }
    facts |= {
        "cross-check: excess of many over plain": f"{from_plain:.2f}%",
        "cross-check: saved by half a generator": f"{saved:.2f}%",
        "cross-check: count times time of an output": f"{by_count:.2f}%",
        "outputs a month": f"{outputs:,.0f}",
        "an output in a loop of its own": f"{nanoseconds:.2f} ns",
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


def count(months: int) -> float:
    """Outputs of the generator a month of the held model."""
    before = int(variants.COUNTS[0])
    block(months)
    return (int(variants.COUNTS[0]) - before) / months


def output_nanoseconds() -> float:
    """Time of a draw in a loop over a million identities."""
    from hesim.random import uniforms

    identities = np.arange(1_000_000, dtype=np.uint64)
    draw_all = partial(uniforms, np.uint64(1), identities, 1, 0)
    draw_all()
    return float(np.median([spend(draw_all).cpu for _ in range(9)])) * 1000.0


PART = Part("randomness", "share of keyed randomness in a month", BARS, measure)

"""Draw random numbers keyed by meaning: (run seed, stream, month, identity).

Generator: SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators"), read at random places. A stream's key seeds a generator; its output at place
(month, lane) seeds the generator of that moment; the output of that one at the place of an
identity is the draw. A draw depends on its key and place alone, so a policy changes only the draws
of what it causally touches. Within one kernel the moment's seed is the same for everybody, which
leaves one mixing of 64 bits (about a nanosecond) for a draw.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled


class Streams(NamedTuple):
    """Key of every stream of one replication, by name: whoever draws says which stream it is from.

    The name makes the key, and the place in this list does not: add new streams at the end.
    """

    population: np.uint64
    entry: np.uint64
    careers: np.uint64
    renewal: np.uint64
    phd: np.uint64
    hours: np.uint64
    second_job: np.uint64
    push: np.uint64
    exposure: np.uint64
    internal: np.uint64
    vacancy: np.uint64
    window: np.uint64
    seen: np.uint64
    taste: np.uint64
    choice: np.uint64
    tie: np.uint64
    channel: np.uint64
    pull: np.uint64
    push_answer: np.uint64
    relocation: np.uint64
    survey: np.uint64
    employer: np.uint64
    offer: np.uint64
    levers: np.uint64
    outside: np.uint64
    requirement: np.uint64


STREAMS: tuple[str, ...] = Streams._fields
"""Names of all streams."""

MASK64 = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
"""Step of SplitMix64's counter: the golden ratio, odd."""
SPARE = np.uint64(12)
"""Bits of an output that a uniform leaves out."""
WORDS = 4503599627370496.0
"""Different uniforms that there are: 2^52."""
BATCH = 8192
"""Draws that a walk through all persons makes at once, several side by side; a power of two."""


def splitmix64(value: int) -> int:
    """First output of SplitMix64 seeded with `value` (plain Python, for keys)."""
    value = (value + GAMMA) & MASK64
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK64
    return value ^ (value >> 31)


def stream_key(seed: int, replication: int, stream: str) -> np.uint64:
    """Make the key of one stream of one run.

    Args:
        seed: Run seed.
        replication: Number of the replication.
        stream: A name in `STREAMS`.

    Returns:
        The key, to be passed to the draws as it is.

    Raises:
        ValueError: When the stream is not registered.
    """
    if stream not in STREAMS:
        raise ValueError(f"stream {stream!r} is not registered in hesim.random.STREAMS")
    state = splitmix64(seed & MASK64)
    state = splitmix64(state ^ (replication & MASK64))
    for letter in stream.encode():
        state = splitmix64(state ^ letter)
    return np.uint64(state)


def streams_of(seed: int, replication: int) -> Streams:
    """Make the keys of all streams of one replication of a run."""
    return Streams(*(stream_key(seed, replication, name) for name in STREAMS))


@compiled(inline="always")
def steps_to(place: np.uint64) -> np.uint64:
    """How far the counter of any SplitMix64 has gone at output number `place` (from 0)."""
    return (np.uint64(place) + np.uint64(1)) * np.uint64(GAMMA)


@compiled(inline="always")
def output_after(seed: np.uint64, steps: np.uint64) -> np.uint64:
    """Output of SplitMix64 seeded with `seed` after so many `steps_to` a place."""
    x = np.uint64(seed) + np.uint64(steps)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled(inline="always")
def output_at(seed: np.uint64, place: np.uint64) -> np.uint64:
    """Output number `place` (from 0) of SplitMix64 seeded with `seed`."""
    return output_after(seed, steps_to(place))


@compiled(inline="always")
def moment(key: np.uint64, counter: int, lane: int) -> np.uint64:
    """Seed of a stream's generator at a month (or what else counts) and lane."""
    return output_at(key, (np.uint64(counter) << np.uint64(32)) | np.uint64(lane))


@compiled(inline="always")
def unit(output: np.uint64) -> float:
    """Uniform in (0, 1) that an output stands for: its upper 52 bits, and a half."""
    return (float(np.uint64(output) >> SPARE) + 0.5) * (1.0 / WORDS)


@compiled(inline="always")
def words_below(chance: float) -> np.uint64:
    """How many of the 2^52 words (outputs >> `SPARE`) give a uniform below a chance; exact."""
    return np.uint64(max(math.ceil(chance * WORDS - 0.5), 0))


@compiled(inline="always")
def uniform_of(seed: np.uint64, identity: np.uint64) -> float:
    """Uniform in (0, 1) of an identity, given the seed of the moment."""
    return unit(output_at(seed, identity))


@compiled(inline="always")
def uniform(key: np.uint64, identity: np.uint64, counter: int, lane: int) -> float:
    """One uniform in (0, 1).

    Args:
        key: Key of the stream.
        identity: Stable identity of what draws.
        counter: The month, or what else counts.
        lane: Tells several draws of one identity and month apart.
    """
    return uniform_of(moment(key, counter, lane), identity)


@compiled(inline="always")
def box_muller(first: float, second: float) -> float:
    """One standard normal of two uniforms."""
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@compiled
def normal(key: np.uint64, identity: np.uint64, counter: int, lane: int) -> float:
    """One standard normal (Box-Muller), of the lanes 2 x `lane` and the one after it."""
    first = uniform(key, identity, counter, 2 * lane)
    second = uniform(key, identity, counter, 2 * lane + 1)
    return box_muller(first, second)


@compiled(inline="always")
def join(first: np.uint64, second: np.uint64) -> np.uint64:
    """Make one identity of two, e.g. of a person and a vacancy; the order matters."""
    return output_at(first, second)


@compiled
def uniforms(
    key: np.uint64, identities: NDArray[np.uint64], counter: int, lane: int
) -> NDArray[np.float64]:
    """One uniform for each identity, shape of `identities`, float64."""
    seed = moment(key, counter, lane)
    out = np.empty(identities.size)
    for k in range(identities.size):
        out[k] = uniform_of(seed, identities[k])
    return out


@compiled
def normals(
    key: np.uint64, identities: NDArray[np.uint64], counter: int, lane: int
) -> NDArray[np.float64]:
    """One `normal` for each identity, shape of `identities`, float64."""
    out = uniforms(key, identities, counter, 2 * lane)
    second = uniforms(key, identities, counter, 2 * lane + 1)
    for k in range(out.size):
        out[k] = box_muller(out[k], second[k])
    return out


@compiled
def draw_batch(seed: np.uint64, identities: NDArray[np.uint64], out: NDArray[np.float64]) -> None:
    """Draw for each identity into the first places of `out`."""
    for k in range(identities.size):
        out[k] = uniform_of(seed, identities[k])


@compiled(inline="always")
def in_batch(row: int) -> np.uint64:
    """Place of a row in its batch: unsigned, as no place counts from the end."""
    return np.uint64(row) & np.uint64(BATCH - 1)

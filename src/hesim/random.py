"""Draw random numbers keyed by meaning: (run seed, stream, month, identity).

Generator: Philox4x32-10, counter-based (Salmon, Moraes, Dror and Shaw 2011, "Parallel random
numbers: as easy as 1, 2, 3"). A draw depends on its key and counter alone, so a policy changes
only the draws of what it causally touches.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

STREAMS: tuple[str, ...] = (
    "population",
    "entry",
    "careers",
    "renewal",
    "phd",
    "hours",
    "second_job",
    "outside",
    "push",
    "exposure",
    "internal",
    "vacancy",
    "window",
    "seen",
    "taste",
    "choice",
    "tie",
    "channel",
    "pull",
    "push_answer",
    "relocation",
    "survey",
    "employer",
)
"""Every stream of the model; add new ones at the end: the name is the key, not the position."""

MASK64 = (1 << 64) - 1


def splitmix64(value: int) -> int:
    """Mix 64 bits (SplitMix64 finaliser; Steele, Lea and Flood 2014)."""
    value = (value + 0x9E3779B97F4A7C15) & MASK64
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


@njit(cache=True)
def philox(
    c0: np.uint32, c1: np.uint32, c2: np.uint32, c3: np.uint32, k0: np.uint32, k1: np.uint32
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:
    """Philox4x32-10: four 32-bit words from a counter of four and a key of two."""
    x0, x1, x2, x3 = np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3)
    a, b = np.uint64(k0), np.uint64(k1)
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    for _ in range(10):
        p = np.uint64(0xD2511F53) * x0
        q = np.uint64(0xCD9E8D57) * x2
        x0, x1, x2, x3 = (q >> half) ^ x1 ^ a, q & low, (p >> half) ^ x3 ^ b, p & low
        a = (a + np.uint64(0x9E3779B9)) & low
        b = (b + np.uint64(0xBB67AE85)) & low
    return np.uint32(x0), np.uint32(x1), np.uint32(x2), np.uint32(x3)


@njit(cache=True)
def uniform2(
    key: np.uint64, identity: np.uint64, counter: np.uint32, lane: np.uint32
) -> tuple[float, float]:
    """Two independent uniforms in (0, 1).

    Args:
        key: Key of the stream.
        identity: Stable identity of what draws.
        counter: The month, or what else counts.
        lane: Tells several draws of one identity and month apart.
    """
    half = np.uint64(32)
    low = np.uint64(0xFFFFFFFF)
    w0, w1, w2, w3 = philox(
        np.uint32(np.uint64(identity) & low),
        np.uint32(np.uint64(identity) >> half),
        np.uint32(counter),
        np.uint32(lane),
        np.uint32(np.uint64(key) & low),
        np.uint32(np.uint64(key) >> half),
    )
    scale = 1.0 / 9007199254740992.0
    first = ((np.uint64(w0) << np.uint64(21)) ^ (np.uint64(w1) >> np.uint64(11))) | np.uint64(1)
    second = ((np.uint64(w2) << np.uint64(21)) ^ (np.uint64(w3) >> np.uint64(11))) | np.uint64(1)
    return float(first) * scale, float(second) * scale


@njit(cache=True)
def uniform(key: np.uint64, identity: np.uint64, counter: np.uint32, lane: np.uint32) -> float:
    """One uniform in (0, 1); see `uniform2`."""
    return uniform2(key, identity, counter, lane)[0]


@njit(cache=True)
def normal(key: np.uint64, identity: np.uint64, counter: np.uint32, lane: np.uint32) -> float:
    """One standard normal (Box-Muller)."""
    first, second = uniform2(key, identity, counter, lane)
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@njit(cache=True)
def join(first: np.uint64, second: np.uint64) -> np.uint64:
    """Make one identity of two, e.g. of a person and a vacancy (SplitMix64 finaliser)."""
    x = np.uint64(first) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(second)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def uniforms(
    key: np.uint64, identities: NDArray[np.uint64], counter: int, lane: int
) -> NDArray[np.float64]:
    """One uniform for each identity, shape of `identities`, float64."""
    out = np.empty(identities.size)
    for k in range(identities.size):
        out[k] = uniform(key, identities[k], np.uint32(counter), np.uint32(lane))
    return out

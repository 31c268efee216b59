"""Rake a table to its margins by iterative proportional fitting (Deming and Stephan 1940)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.population.conflict import Margin, TableAxis, conflict, largest_gap
from hesim.tables.schema import Contradiction

# Margins that were each normalised apart differ by rounding; more than this is a contradiction.
SUM_TOLERANCE = 1e-6

# What is met this closely after all rounds lies at the edge of what can be, where raking is slow.
EDGE = 1e-4


class RakingError(Contradiction):
    """Margins contradict each other or the zeros of the seed."""


@dataclass(frozen=True)
class Raked:
    """A raked table.

    Attributes:
        table: Cells, shape of the seed, float64.
        iterations: Rounds over all margins.
        error: Largest remaining difference from a margin, as a share of the total.
    """

    table: NDArray[np.float64]
    iterations: int
    error: float


def rake(
    seed: NDArray[np.float64],
    margins: Sequence[Margin],
    tolerance: float = 1e-9,
    iterations: int = 2000,
    axes: Sequence[TableAxis] = (),
) -> Raked:
    """Scale `seed` until it meets every margin; its zeros stay zero.

    Args:
        seed: Cells before raking, not negative.
        margins: Axes that a margin keeps, in the order of its target's axes, and the target.
        tolerance: Largest difference from a margin that counts as met, as a share of the total.
        iterations: Most rounds over all margins.
        axes: What each axis is about, so that an error can name the figures.

    Returns:
        The table that meets the margins.

    Raises:
        RakingError: When sums differ, a zero slice has a positive target, or it does not converge.
    """
    table = np.array(seed, dtype=np.float64)
    targets = [_aligned(table, margin) for margin in margins]
    if not targets:
        return Raked(table, 0, 0.0)
    total = float(targets[0].sum())
    _check(table, margins, targets, total, axes)
    gaps = [0.0] * len(targets)
    for number in range(1, iterations + 1):
        for (kept, _), target in zip(margins, targets, strict=True):
            now = _sums(table, kept)
            table *= np.divide(target, now, out=np.zeros_like(now), where=now > 0)
        gaps = [
            float(np.abs(_sums(table, kept) - target).max()) / total
            for (kept, _), target in zip(margins, targets, strict=True)
        ]
        # Sums that differ within what is allowed can never be met closer than they differ.
        spread = max(abs(float(target.sum()) - total) for target in targets) / total
        if max(gaps) <= tolerance + spread:
            return Raked(table, number, max(gaps))
    if max(gaps) <= EDGE:
        return Raked(table, iterations, max(gaps))
    if axes:
        words = conflict(seed, margins, axes) or largest_gap(table, margins, axes)
        raise RakingError(words)
    worst = ", ".join(
        f"{_name(kept)} (off by {gap:.3g} of the total)"
        for (kept, _), gap in zip(margins, gaps, strict=True)
        if gap > tolerance
    )
    raise RakingError(
        f"no table meets the margins together after {iterations} rounds; not met: {worst}"
    )


def _name(axes: tuple[int, ...]) -> str:
    return f"margin over axes {axes}"


def _sums(table: NDArray[np.float64], axes: tuple[int, ...]) -> NDArray[np.float64]:
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    return np.asarray(table.sum(axis=others, keepdims=True))


def _aligned(table: NDArray[np.float64], margin: Margin) -> NDArray[np.float64]:
    """Give a target the dimensions of the table, with length one where it sums."""
    axes, target = margin
    values = np.asarray(target, dtype=np.float64)
    expected = tuple(table.shape[axis] for axis in axes)
    if values.shape != expected:
        raise RakingError(f"{_name(axes)} has shape {values.shape}; the seed wants {expected}")
    shape = [table.shape[axis] if axis in axes else 1 for axis in range(table.ndim)]
    return values.transpose(np.argsort(axes)).reshape(shape)


def _check(
    table: NDArray[np.float64],
    margins: Sequence[Margin],
    targets: list[NDArray[np.float64]],
    total: float,
    axes: Sequence[TableAxis],
) -> None:
    problems: list[str] = []
    if not np.isfinite(table).all() or (table < 0).any():
        problems.append("the seed has negative or infinite cells")
    if not total > 0:
        problems.append(f"{_name(margins[0][0])} sums to {total:.6g}; a positive sum is needed")
    for (kept, _), target in zip(margins, targets, strict=True):
        if not np.isfinite(target).all() or (target < 0).any():
            problems.append(f"{_name(kept)} has negative or infinite targets")
        if abs(float(target.sum()) - total) > SUM_TOLERANCE * abs(total):
            problems.append(
                f"{_name(kept)} sums to {float(target.sum()):.6g}, "
                f"{_name(margins[0][0])} to {total:.6g}"
            )
    if problems:
        raise RakingError("; ".join(problems))
    for (kept, _), target in zip(margins, targets, strict=True):
        for place in np.argwhere((_sums(table, kept) <= 0) & (target > 0)):
            at = tuple(int(place[axis]) for axis in kept)
            problems.append(f"{_name(kept)} wants {target[tuple(place)]:.6g} at {at}: seed is zero")
    if problems:
        words = conflict(table, margins, axes) if axes else None
        raise RakingError(words or "; ".join(problems))

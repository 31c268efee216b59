"""Take the mean of replications with its 95% interval: what every figure of the page stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.charts.phrases import Phrases
from hesim.outcomes.summary import t_quantile


class Level(NamedTuple):
    """Means over replications, each array of the shape of one replication's values.

    Attributes:
        mean: Mean of the replications that have a figure; not a number where none has.
        low: Lower end of its 95% interval; not a number with fewer than two.
        high: Upper end.
        runs: Replications with a figure.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    runs: NDArray[np.int64]

    def part(self, which: Any) -> Level:
        """Some of the figures: a slice of them, or a row."""
        return Level(self.mean[which], self.low[which], self.high[which], self.runs[which])

    def words(self, at: int, phrases: Phrases) -> str:
        """One figure with its interval, as `12 [10 to 14]`."""
        mean, low, high = float(self.mean[at]), float(self.low[at]), float(self.high[at])
        return phrases.estimate(mean, low, high)


def level(many: Sequence[NDArray[np.float64]], below_zero: bool = False) -> Level:
    """Mean and interval over replications.

    Args:
        many: Values of each replication, of equal shape.
        below_zero: Whether the interval may go below 0: that of a difference does, that of
            persons, percentages and months does not.
    """
    values = np.stack([np.asarray(each, np.float64) for each in many])
    known = np.isfinite(values)
    runs = known.sum(axis=0)
    none = np.full(runs.shape, np.nan)
    mean = np.divide(
        np.where(known, values, 0.0).sum(axis=0), runs, out=none.copy(), where=runs > 0
    )
    squares = (np.where(known, values - mean, 0.0) ** 2).sum(axis=0)
    deviation = np.sqrt(np.divide(squares, runs - 1, out=none.copy(), where=runs > 1))
    student = np.full(runs.shape, np.nan)
    for count in np.unique(runs[runs > 1]).tolist():
        student[runs == count] = t_quantile(count - 1)
    half = student * deviation / np.sqrt(np.maximum(runs, 1))
    low = mean - half if below_zero else np.maximum(mean - half, 0.0)
    return Level(mean, low, mean + half, runs)


def cells(found: Level, at: int) -> tuple[object, ...]:
    """Columns of a picture's data: mean, ends of the interval, replications."""
    ends = (float(each[at]) for each in found[:3])
    return *(None if end != end else round(end, 4) for end in ends), int(found.runs[at])

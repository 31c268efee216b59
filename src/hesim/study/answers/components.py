"""Split the variance of an effect into parameter uncertainty and Monte Carlo noise.

Every world (a combination of uncertain values, or a draw of the ensemble) is simulated with the
same seeds, so effects form a table of worlds by replications, d[w, r] = m + a[w] + b[r] + e[w, r]:
`a` is parameter uncertainty, `b` and `e` are Monte Carlo noise, common to all worlds or not.
Components are estimated by the mean squares of the two-way analysis of variance (Searle, Casella
and McCulloch, Variance Components, 1992), none below zero; degrees of freedom by Satterthwaite.

Where parameters do little beside noise, their component is a small difference of large squares.
Satterthwaite then leaves one degree of freedom, and an interval far wider than anything that was
simulated. The means of worlds differ by parameters and noise, so they can differ by parameters no
more than that: the interval that takes all of it for parameters is wide enough too. The narrower of
the two holds the truth as often as it says (`test_study_answers.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.summary import t_quantile

ROUNDING = 1e-9
"""Share of a value by which sums of the same numbers may differ."""


@dataclass(frozen=True)
class Split:
    """An effect with its uncertainty, in the unit of the effect.

    Attributes:
        mean: Mean over worlds and replications.
        low: Lower end of the 95% interval for the effect, parameters and noise together.
        high: Its upper end.
        noise_low: Lower end of the 95% interval of the mean, Monte Carlo noise only.
        noise_high: Its upper end.
        sd_parameters: Standard deviation of the true effect over worlds; not known of one world.
        sd_noise: Standard error of the mean from Monte Carlo noise.
        worlds: Worlds that entered.
        replications: Replications that entered.
        left_out: Values that did not enter, because their row or column has a gap.
    """

    mean: float
    low: float
    high: float
    noise_low: float
    noise_high: float
    sd_parameters: float
    sd_noise: float
    worlds: int
    replications: int
    left_out: int

    @property
    def share_parameters(self) -> float:
        """Share of the uncertainty about the effect that more replications cannot lessen."""
        total = self.sd_parameters**2 + self.sd_noise**2
        return self.sd_parameters**2 / total if total > 0 else math.nan


def split(table: NDArray[np.float64]) -> Split:
    """Estimate an effect and its components.

    Args:
        table: Effects, shape (worlds, replications); not a number where a run is missing.
    """
    whole = complete_part(table)
    left_out = int(np.count_nonzero(~np.isnan(table))) - whole.size
    worlds, replications = whole.shape
    nan = math.nan
    if whole.size == 0:
        return Split(nan, nan, nan, nan, nan, nan, nan, 0, 0, left_out)
    mean = float(whole.mean())
    if replications < 2:
        # All worlds have the same random numbers, so what these do to all of them does not show.
        return Split(mean, nan, nan, nan, nan, nan, nan, worlds, 1, left_out)
    of_world, of_seed = whole.mean(axis=1), whole.mean(axis=0)
    ms_seed = worlds * float(np.var(of_seed, ddof=1))
    if worlds < 2:
        sd = math.sqrt(ms_seed / replications)
        half = t_quantile(replications - 1) * sd
        ends = (mean - half, mean + half)
        return Split(mean, *ends, *ends, nan, sd, 1, replications, left_out)
    ms_world = replications * float(np.var(of_world, ddof=1))
    rest = whole - of_world[:, None] - of_seed[None, :] + mean
    freedom = (worlds - 1, replications - 1, (worlds - 1) * (replications - 1))
    ms_rest = float(np.sum(rest**2)) / freedom[2]
    parameters = max(0.0, (ms_world - ms_rest) / replications)
    common = max(0.0, (ms_seed - ms_rest) / worlds)
    # Variance of the mean from noise: b/R + e/(WR), in mean squares.
    cells = worlds * replications
    noise_terms = (
        [(1 / cells, ms_seed, freedom[1])] if common > 0 else [(1 / cells, ms_rest, freedom[2])]
    )
    noise, noise_freedom = _combine(noise_terms)
    of_worlds = ((1 + 1 / worlds) / replications, ms_world, freedom[0])
    widths = [_half([*noise_terms, of_worlds])]
    if parameters > 0:
        widths.append(_half([*noise_terms, of_worlds, (-of_worlds[0], ms_rest, freedom[2])]))
    else:
        widths.append(_half(noise_terms))
    wide = min(widths)
    narrow = t_quantile(noise_freedom) * math.sqrt(noise)
    return Split(
        mean,
        mean - wide,
        mean + wide,
        mean - narrow,
        mean + narrow,
        math.sqrt(parameters),
        math.sqrt(noise),
        worlds,
        replications,
        left_out,
    )


def varies(values: Iterable[float] | NDArray[np.float64]) -> bool:
    """Whether values that are known differ by more than sums are rounded."""
    given = np.asarray(list(values), np.float64)
    known = given[~np.isnan(given)]
    return bool(known.size) and float(np.ptp(known)) > ROUNDING * max(1.0, np.abs(known).max())


def complete_part(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest part without gaps that leaving out rows or columns one at a time finds."""
    kept = table[~np.all(np.isnan(table), axis=1)] if table.size else table.reshape(0, 0)
    while kept.size and np.isnan(kept).any():
        rows, columns = np.isnan(kept).mean(axis=1), np.isnan(kept).mean(axis=0)
        if rows.max() >= columns.max():
            kept = np.delete(kept, int(rows.argmax()), axis=0)
        else:
            kept = np.delete(kept, int(columns.argmax()), axis=1)
    return kept if kept.size else np.zeros((0, 0))


def _combine(terms: list[tuple[float, float, int]]) -> tuple[float, float]:
    """A weighted sum of mean squares and its degrees of freedom after Satterthwaite."""
    total = sum(weight * square for weight, square, _ in terms)
    if total <= 0:
        return 0.0, math.inf
    spread = sum((weight * square) ** 2 / freedom for weight, square, freedom in terms)
    return total, max(1.0, total**2 / spread) if spread > 0 else math.inf


def _half(terms: list[tuple[float, float, int]]) -> float:
    """Half the 95% interval of a weighted sum of mean squares."""
    variance, freedom = _combine(terms)
    return t_quantile(freedom) * math.sqrt(variance)


def as_row(found: Split) -> dict[str, Any]:
    """The figures of a split as columns of a table."""
    return {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "noise_low": found.noise_low,
        "noise_high": found.noise_high,
        "sd_parameters": found.sd_parameters,
        "sd_noise": found.sd_noise,
        "share_parameters": found.share_parameters,
        "worlds": found.worlds,
        "replications": found.replications,
        "left_out": found.left_out,
    }

"""Say how sure a figure is over draws that have random numbers of their own.

Effects form a table of draws by repeats, d[k, r] = m + a[k] + e[k, r]: `a` is parameter
uncertainty, `e` Monte Carlo noise. Unlike in `components`, no noise is common to all draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.summary import t_quantile


@dataclass(frozen=True)
class Spread:
    """A figure with its uncertainty, in its unit.

    Attributes:
        mean: Mean over draws.
        low: Lower end of the 95% interval for the figure in one draw, which may be the true one:
            parameters and noise together.
        high: Its upper end.
        noise_low: Lower end of the 95% interval of the mean, Monte Carlo noise only; not known
            where no draw was simulated twice.
        noise_high: Its upper end.
        draws: Draws that entered.
        runs: Values that entered: repeats of all draws.
    """

    mean: float
    low: float
    high: float
    noise_low: float
    noise_high: float
    draws: int
    runs: int

    @property
    def is_sure(self) -> bool:
        """Whether it can be told from zero."""
        return self.low > 0 or self.high < 0


def spread_of(table: NDArray[np.float64]) -> Spread:
    """Estimate a figure and its intervals.

    Args:
        table: Shape (draws, repeats); not a number where there is no run.
    """
    whole = table[~np.all(np.isnan(table), axis=1)]
    nan = math.nan
    if whole.size == 0:
        return Spread(nan, nan, nan, nan, nan, 0, 0)
    count = np.count_nonzero(~np.isnan(whole), axis=1)
    means = np.nanmean(whole, axis=1)
    draws, mean, freedom = means.size, float(means.mean()), int((count - 1).sum())
    noise_half = half = nan
    if freedom > 0:
        square = float(np.nansum((whole - means[:, None]) ** 2)) / freedom
        noise_half = t_quantile(freedom) * math.sqrt(square * float((1.0 / count).sum())) / draws
        half = noise_half
    if draws > 1:
        # The variance over draws holds the noise of each draw too.
        over_draws = float(np.var(means, ddof=1))
        half = t_quantile(draws - 1) * math.sqrt(over_draws * (1.0 + 1.0 / draws))
    return Spread(
        mean,
        mean - half,
        mean + half,
        mean - noise_half,
        mean + noise_half,
        draws,
        int(count.sum()),
    )


def over_structures(each: list[Spread]) -> Spread:
    """One figure over structures, none of which is more likely: intervals from end to end.

    Args:
        each: The figure of each structure.
    """
    if len(each) == 1:
        return each[0]
    means = [one.mean for one in each]
    shift = float(np.mean(means))
    halves = [one.noise_high - one.mean for one in each]
    noise = math.sqrt(sum(half**2 for half in halves)) / len(each)
    return Spread(
        shift,
        min(one.low for one in each),
        max(one.high for one in each),
        shift - noise,
        shift + noise,
        sum(one.draws for one in each),
        sum(one.runs for one in each),
    )

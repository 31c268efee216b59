"""Spread parameter points over the prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.parameters import Parameters

Floats = NDArray[np.float64]
FIRST = {
    "design": 0,
    "refine": 10_000,
    "checks": 20_000,
    "confirm": 30_000,
    "jacobian": 60_000,
    "cmaes": 70_000,
    "joints": 80_000,
    "morris": 90_000,
    "inputs": 100_000,
    "truths": 110_000,
    "falsify": 120_000,
}
"""First replication number of each stage: no two stages share random numbers."""


def spread(parameters: Parameters, runs: int, seed: int) -> Floats:
    """Points of a scrambled Sobol sequence, normal like the prior and cut at its bounds.

    Args:
        parameters: What is fitted.
        runs: Number of points.
        seed: Seed of the scrambling.

    Returns:
        Points in standard units, shape (runs, parameters).
    """
    from scipy.stats import qmc

    # At least 512, of which the first are taken: a longer design goes on where a shorter one ended.
    power = max(9, int(np.ceil(np.log2(max(runs, 2)))))
    cube = qmc.Sobol(parameters.size, rng=np.random.default_rng(seed)).random_base2(power)[:runs]
    return _normal(parameters, cube)


def drawn(parameters: Parameters, runs: int, seed: int) -> Floats:
    """Points drawn from the prior, each apart from all others; arguments and shape as `spread`.

    A part of a Sobol sequence is no sample: every twelfth point lies in a corner of some axes.
    """
    return _normal(parameters, np.random.default_rng(seed).random((runs, parameters.size)))


def _normal(parameters: Parameters, cube: Floats) -> Floats:
    from scipy.stats import norm

    low, high = norm.cdf(parameters.low), norm.cdf(parameters.high)
    return np.asarray(norm.ppf(low + np.clip(cube, 1e-6, 1 - 1e-6) * (high - low)))

"""Sample the posterior; weigh its draws by what their own confirming runs taught."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.fit import Fitted
from hesim.calibration.likelihood import Likelihood

Floats = NDArray[np.float64]
STEPS = 200
BURNED = 0.4
"""First part of each chain that is thrown away."""
CHAIN_DRAWS = 50
"""Draws of each chain that are stored, evenly spaced: chains forget in some hundred steps."""


class Sampled(NamedTuple):
    """Draws from a posterior.

    Attributes:
        points: In standard units, shape (draws, parameters).
        autocorrelation: Steps after which a chain has forgotten, by parameter.
        acceptance: Share of moves accepted.
        chains: What is left of each chain, thinned to `CHAIN_DRAWS`; in standard units, shape
            (walkers, steps, parameters).
        log_posterior: Of those, up to a constant, shape (walkers, steps).
    """

    points: Floats
    autocorrelation: Floats
    acceptance: float
    chains: Floats
    log_posterior: Floats


def sample(fitted: Fitted, walkers: int, steps: int, draws: int, seed: int) -> Sampled:
    """Run an affine-invariant ensemble (Goodman and Weare 2010) on the emulator's posterior.

    Args:
        fitted: The best point, where the walkers start.
        walkers: Chains.
        steps: Steps of each.
        draws: Draws wanted.
        seed: Seed.
    """
    import emcee

    likelihood, size = fitted.likelihood, fitted.point.size
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.linalg.inv(fitted.hessian))
    start = fitted.point + rng.normal(size=(walkers, size)) @ root.T
    low, high = likelihood.parameters.low + 1e-3, likelihood.parameters.high - 1e-3
    mixed = [(emcee.moves.DEMove(), 0.7), (emcee.moves.StretchMove(), 0.3)]
    chain = emcee.EnsembleSampler(
        walkers, size, likelihood.log_posterior, moves=mixed, vectorize=True
    )
    chain.random_state = np.random.RandomState(seed).get_state()
    chain.run_mcmc(np.clip(start, low, high), steps, progress=False)
    burned = int(BURNED * steps)
    flat = chain.get_chain(discard=burned, flat=True)
    rows = rng.choice(flat.shape[0], draws, replace=False)
    forgotten = chain.get_autocorr_time(tol=0, discard=burned)
    spaced = np.unique(np.linspace(burned, steps - 1, CHAIN_DRAWS).astype(np.int64))
    return Sampled(
        flat[rows],
        np.asarray(forgotten),
        float(chain.acceptance_fraction.mean()),
        # emcee puts steps first.
        np.moveaxis(chain.get_chain(), 0, 1)[:, spaced],
        np.moveaxis(chain.get_log_prob(), 0, 1)[:, spaced],
    )


def weigh(rounds: list[tuple[Floats, Likelihood]], last: Likelihood) -> Floats:
    """Weights of all rounds' draws in the last posterior, whose emulator has seen them run.

    Each round drew from a posterior of its own; their mixture is the proposal, with constants found
    as in the multistate acceptance ratio (Shirts and Chodera 2008). One run's own likelihood would
    be all noise: with some 140 residuals its Monte Carlo error alone would leave a handful of
    draws. What the runs teach goes through the emulator.

    Args:
        rounds: Points and the likelihood they were drawn by.
        last: The likelihood to weigh them in.

    Returns:
        Weights of all points, round after round; sum 1.
    """
    from scipy.special import logsumexp

    points = np.concatenate([some for some, _ in rounds])
    counts = np.log([some.shape[0] for some, _ in rounds])
    density = np.array([of.log_posterior(points) for _, of in rounds])
    constant = np.zeros(len(rounds))
    for _ in range(STEPS):
        mixture = logsumexp(counts[:, None] + constant[:, None] + density, axis=0)
        constant = -logsumexp(density - mixture, axis=1)
    gain = last.log_posterior(points) - mixture
    weight = np.exp(gain - gain.max())
    return np.asarray(weight / weight.sum())


def effective(weights: Floats) -> float:
    """Effective sample size after Kish."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def thin(points: Floats, weights: Floats, draws: int, seed: int) -> NDArray[np.int64]:
    """Rows of as many draws as wanted, all different, likelier the more they weigh."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(points.shape[0], draws, replace=False, p=weights))

"""Find the best point: Gauss-Newton on the emulator, CMA-ES as a cross-check, history matching."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.emulator import Emulator
from hesim.calibration.likelihood import Block, Likelihood
from hesim.calibration.parameters import Parameters

Floats = NDArray[np.float64]
STARTS = 4
ROUNDS = 3
"""How often the covariances are taken anew at the best point."""
IMPLAUSIBLE = 3.0
"""Pukelsheim's three standard deviations."""


class Fitted(NamedTuple):
    """The best point.

    Attributes:
        point: In standard units.
        likelihood: With covariances at that point.
        hessian: Of the negative log posterior by Gauss-Newton, in standard units.
        information: J'V^-1 J: the same without the prior.
    """

    point: Floats
    likelihood: Likelihood
    hessian: Floats
    information: Floats


def gauss_newton(make: Callable[[Floats | None], Likelihood], seed: int) -> Fitted:
    """Minimise the squares of whitened residuals and standard parameters within the bounds.

    Args:
        make: Makes the likelihood with covariances at a point.
        seed: For further starts; the first is the prior mean.
    """
    from scipy.optimize import least_squares

    likelihood = make(None)
    parameters = likelihood.parameters
    rng = np.random.default_rng(seed)
    low, high = np.maximum(parameters.low, -6), np.minimum(parameters.high, 6)

    def search(start: Floats, of: Likelihood) -> tuple[float, Floats, Floats]:
        def wrong(point: Floats) -> Floats:
            return np.concatenate([of.residuals(point), point])

        inside = np.clip(start, low + 1e-6, high - 1e-6)
        done = least_squares(wrong, inside, bounds=(low, high))
        return float(done.cost), done.x, done.jac

    starts = [np.zeros(parameters.size), *rng.normal(size=(STARTS - 1, parameters.size))]
    _, point, _ = min((search(s, likelihood) for s in starts), key=lambda found: found[0])
    for _ in range(ROUNDS):
        likelihood = make(point)
        _, point, jacobian = search(point, likelihood)
    information = jacobian[: -parameters.size].T @ jacobian[: -parameters.size]
    return Fitted(point, likelihood, jacobian.T @ jacobian, information)


def cma_es(likelihood: Likelihood, seed: int) -> tuple[Floats, float]:
    """Minimise the same loss by CMA-ES from the prior mean: a method that knows no slopes.

    Returns:
        The point, and half its squared loss.
    """
    import cma

    p = likelihood.parameters
    options = {
        "bounds": [np.maximum(p.low, -6).tolist(), np.minimum(p.high, 6).tolist()],
        "seed": seed + 1,
        "verbose": -9,
        "maxfevals": 20_000,
    }
    search = cma.CMAEvolutionStrategy(np.zeros(p.size), 0.5, options)
    while not search.stop():
        asked = search.ask()
        search.tell(asked, (-likelihood.log_posterior(np.array(asked))).tolist())
    return np.asarray(search.result.xbest), float(search.result.fbest)


def not_ruled_out(
    parameters: Parameters, likelihood: Likelihood, draws: int, seed: int
) -> dict[str, tuple[float, float]]:
    """History matching: the part of the prior in which no residual is implausibly large.

    Implausibility of a point: the third largest of its whitened residuals (the first two may be
    bad luck among so many), of table 3.5's contrasts alone, and of everything that is compared.

    Returns:
        By what is compared: share of the prior that is not ruled out, and the lowest
        implausibility met.
    """
    points = np.random.default_rng(seed).normal(size=(draws, parameters.size))
    points = points[parameters.inside(points)]
    contrasts = sum(len(b.plus) for b in likelihood.blocks if b.kind == "contrast")
    wrong = np.abs(likelihood.residuals(points))
    found = {}
    for name, some in (("contrasts", wrong[:, :contrasts]), ("everything", wrong)):
        third = np.partition(some, -3, axis=1)[:, -3]
        found[name] = (float((third < IMPLAUSIBLE).mean()), float(third.min()))
    return found


def maker(
    parameters: Parameters,
    emulator: Emulator,
    listed: list[Block],
    answers: Floats,
    discrepancy: dict[str, float],
    one_run: bool = False,
) -> Callable[[Floats | None], Likelihood]:
    """What makes the likelihood at a point."""
    return lambda centre: Likelihood(
        parameters, emulator, listed, answers, discrepancy, centre, one_run=one_run
    )

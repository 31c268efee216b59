"""Say what the data say about each parameter: slopes, eigenvalues, shrinkage, labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.design import FIRST
from hesim.calibration.plan import CalibrationPlan
from hesim.calibration.runs import run_points
from hesim.calibration.stages import Work

Floats = NDArray[np.float64]
STEP = 0.5
"""Prior standard deviations up and down."""
SEEDS = 3
DATA = 0.5
"""From this share of a prior's standard deviation on, shrunk away, the label is `data`."""


def identify(plan: CalibrationPlan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Take slopes at the best point by common random numbers, and compare posterior with prior.

    Returns:
        Eigenvalues of J'V^-1 J (standard units: 1 is as much as the prior says) by the emulator
        and by real runs, what the strongest and weakest directions are made of, and by parameter
        the posterior's standard deviation in prior ones, its shrinkage and label.
    """
    work = Work(plan, tell)
    made = work.confirmed
    point, likelihood = made.fitted.point, made.fitted.likelihood
    size = point.size
    moves = STEP * np.eye(size)
    points = np.clip(
        np.concatenate([point + moves, point - moves]), plan.parameters.low, plan.parameters.high
    )
    at = [work.names.index(name) for name in likelihood.emulator.names]
    slopes = []
    for seed in range(SEEDS):
        runs = run_points(
            plan,
            f"{plan.name}_jacobian_{seed}",
            points,
            FIRST["jacobian"] + seed,
            tell,
            changed={**work.inputs},
            paired=True,
        )
        residuals = likelihood.whiten(runs.values[:, at])
        apart = np.diag(points[:size] - points[size:])
        slopes.append(((residuals[:size] - residuals[size:]) / apart[:, None]).T)
    # Products of different seeds: the noise of slopes adds nothing to them on average.
    pairs = [(a, b) for a in range(SEEDS) for b in range(SEEDS) if a != b]
    real = np.mean([slopes[a].T @ slopes[b] for a, b in pairs], axis=0)
    values, vectors = np.linalg.eigh(made.fitted.information)
    posterior = np.sqrt(
        np.average((made.points - made.points.mean(axis=0)) ** 2, axis=0, weights=made.weights)
    )
    prior = _prior_spread(plan)
    rows = []
    for k, parameter in enumerate(plan.parameters.all):
        shrunk = 1.0 - float(posterior[k] / prior[k])
        rows.append(
            {
                "parameter": parameter.name,
                "paths": list(parameter.paths()),
                "posterior_over_prior_sd": float(posterior[k] / prior[k]),
                "shrinkage": shrunk,
                "label": "data" if shrunk >= DATA else "prior",
            }
        )
    return {
        "eigenvalues_emulator": [float(x) for x in values[::-1]],
        "eigenvalues_common_random_numbers": [
            float(x) for x in np.sort(np.linalg.eigvalsh((real + real.T) / 2))[::-1]
        ],
        "strongest": _made_of(plan, vectors[:, -1]),
        "weakest": _made_of(plan, vectors[:, 0]),
        "directions_beyond_prior": int((values > 1).sum()),
        "threshold": DATA,
        "parameters": rows,
    }


def _prior_spread(plan: CalibrationPlan) -> Floats:
    draws = np.random.default_rng(0).normal(size=(100_000, plan.parameters.size))
    low, high = plan.parameters.low, plan.parameters.high
    return np.array(
        [d[(d >= a) & (d <= b)].std() for d, a, b in zip(draws.T, low, high, strict=True)]
    )


def _made_of(plan: CalibrationPlan, vector: Floats) -> list[str]:
    first = np.argsort(-np.abs(vector))[:4]
    return [f"{vector[k]:+.2f} {plan.parameters.names[k]}" for k in first]

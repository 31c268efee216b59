"""Recover known parameters from fake surveys, and count how often the intervals hold them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.emulator import learn
from hesim.calibration.fit import gauss_newton, maker
from hesim.calibration.likelihood import DESIGN_EFFECT, Block, survey_covariance
from hesim.calibration.plan import Plan
from hesim.calibration.posterior import sample
from hesim.calibration.work import Work

Floats = NDArray[np.float64]
NONE = {"contrast": 0.05, "derived": 0.05, "origin": 0.05}
"""Fake surveys differ from the model by sampling alone; a trace keeps covariances invertible."""
STEPS, DRAWS = 600, 2000


def recover(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Calibrate to surveys that were drawn from runs of known parameters.

    The truths are runs of the design, so draws of the prior; the emulator never sees them. Noise:
    the survey's own, with the design effect that the fit assumes.

    Returns:
        Coverage of the 90% intervals, overall and by parameter, and the band to expect.
    """
    work = Work(plan, tell)
    runs, count = work.refined, plan.count("recovery")
    held = np.arange(count) * (plan.count("design") // count)
    seen = runs.only(np.setdiff1d(np.arange(runs.points.shape[0]), held))
    emulator = learn(work.names, seen.points, seen.values)
    rng = np.random.default_rng(plan.count("seed") + 9)
    covered, ranks = [], []
    for number, row in enumerate(held):
        fake = [
            _fake(b, dict(zip(work.names, runs.values[row], strict=True)), runs.answers, rng)
            for b in work.blocks
        ]
        fitted = gauss_newton(maker(plan.parameters, emulator, fake, runs.answers, NONE), number)
        drawn = sample(fitted, plan.count("walkers"), STEPS, DRAWS, number).points
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        truth = runs.points[row]
        covered.append((truth >= low) & (truth <= high))
        ranks.append((drawn < truth).mean(axis=0))
        tell(f"recovery: {number + 1} of {count} fake surveys, {covered[-1].mean():.0%} covered")
    hit = np.array(covered)
    draws = np.random.default_rng(0).binomial(count * plan.parameters.size, 0.9, 10_000)
    band = np.quantile(draws / (count * plan.parameters.size), [0.05, 0.95])
    return {
        "surveys": count,
        "coverage_90": float(hit.mean()),
        "standard_error_over_surveys": float(hit.mean(axis=1).std(ddof=1) / np.sqrt(count)),
        "band": [float(x) for x in band],
        "by_parameter": dict(zip(plan.parameters.names, hit.mean(axis=0).tolist(), strict=True)),
        "ranks": np.array(ranks).T.tolist(),
    }


def _fake(
    block: Block, shares: dict[str, float], answers: Floats, rng: np.random.Generator
) -> Block:
    true = np.array([shares[name] for name in block.plus])
    if block.minus:
        true = true - np.array([shares[name] for name in block.minus])
    if block.kind == "outcome":
        return replace(block, aim=true + rng.normal(size=true.size) * np.array(block.declared))
    values, vectors = np.linalg.eigh(DESIGN_EFFECT * survey_covariance(block, shares, answers))
    noise = vectors @ (np.sqrt(np.maximum(values, 0.0)) * rng.normal(size=true.size))
    return replace(block, aim=true + noise)

"""Recover known parameters from fake surveys, and count how often the intervals hold them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.design import FIRST, drawn
from hesim.calibration.emulator import Emulator, learn
from hesim.calibration.fit import gauss_newton, maker
from hesim.calibration.likelihood import DESIGN_EFFECT, Block, shown_by, survey_covariance
from hesim.calibration.parts import DamagedPart, arrays_of
from hesim.calibration.plan import CalibrationPlan
from hesim.calibration.posterior import sample
from hesim.calibration.runs import job_results, run_points, storage
from hesim.calibration.stages import Work
from hesim.execution.task import Calls
from hesim.files import replacing

Floats = NDArray[np.float64]
NONE = {"contrast": 0.05, "derived": 0.05, "origin": 0.05}
"""Fake surveys differ from the model by sampling alone; a trace keeps covariances invertible."""
STEPS, DRAWS = 1000, 2000


class Recovery(NamedTuple):
    """What all fits to fake surveys share.

    Attributes:
        plan: The calibration.
        emulator: What runs showed, at any point.
        answers: Covariance of one respondent's answers.
    """

    plan: CalibrationPlan
    emulator: Emulator
    answers: Floats


def recover(plan: CalibrationPlan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Calibrate to surveys that were drawn from runs of known parameters.

    The truths are draws of the prior, run with numbers of their own; the emulator never sees them.
    Noise: the survey's own, with the design effect that the fit assumes, and that of the one run a
    survey was drawn from, which the fit is told of. What is on disk is kept.

    Returns:
        Coverage of the 90% intervals, overall and by parameter, the band to expect, and the rank
        of each truth among the draws (simulation-based calibration).
    """
    # The design's runs and the truths' have the same inputs. Truths are draws of the prior: errors
    # are to be right there, not near the posterior.
    work = Work(plan, tell)
    seen, count = work.design, plan.count("recovery")
    truths = drawn(plan.parameters, count, plan.count("seed") + 8)
    runs = run_points(plan, "truths", truths, FIRST["truths"], tell)
    emulator = learn(work.names, seen.points, seen.values)
    rng = np.random.default_rng(plan.count("seed") + 9)
    folder = plan.output / f"{plan.name}_recovery"
    with storage():
        folder.mkdir(parents=True, exist_ok=True)
    mark = plan.fingerprint() + _hash(emulator)
    found: dict[int, tuple[Floats, Floats]] = {}
    missing: dict[int, tuple[list[Block], Floats, int]] = {}
    for number in range(count):
        shares = dict(zip(work.names, runs.values[number], strict=True))
        fake = [_fake(b, shares, runs.answers, rng) for b in work.blocks]
        before = _stored(_file(folder, number), mark, runs.points[number])
        if before is None:
            missing[number] = fake, runs.points[number], number
        else:
            found[number] = before
    if found:
        tell(f"recovery: {len(found)} of {count} fake surveys are there already")
    fits = Calls(fit_survey, Recovery(plan, emulator, runs.answers), compiled=False)
    with closing(job_results(plan, fits, missing, tell)) as ended:
        for number, (hit, rank) in ended:
            found[number] = hit, rank
            with storage(), replacing(_file(folder, number)) as part, part.open("wb") as handle:
                np.savez(handle, mark=np.array(mark), truth=runs.points[number], hit=hit, rank=rank)
            tell(f"recovery: {len(found)} of {count} fake surveys, {hit.mean():.0%} covered")
    hits = np.array([found[number][0] for number in range(count)])
    ranks = np.array([found[number][1] for number in range(count)])
    draws = np.random.default_rng(0).binomial(hits.size, 0.9, 10_000) / hits.size
    band = np.quantile(draws, [0.05, 0.95])
    return {
        "surveys": count,
        "coverage_90": float(hits.mean()),
        "standard_error_over_surveys": float(hits.mean(axis=1).std(ddof=1) / np.sqrt(count)),
        "band": [float(x) for x in band],
        "by_parameter": dict(zip(plan.parameters.names, hits.mean(axis=0).tolist(), strict=True)),
        "ranks": ranks.T.tolist(),
    }


def fit_survey(shared: Recovery, content: tuple[list[Block], Floats, int]) -> tuple[Floats, Floats]:
    """Fit a fake survey: which parameters the 90% intervals hold, and the truths' ranks.

    Args:
        shared: What all fits share.
        content: The survey, the truth that it was drawn at, and its number.
    """
    plan, (fake, truth, number) = shared.plan, content
    make = maker(plan.parameters, shared.emulator, fake, shared.answers, NONE, one_run=True)
    fitted = gauss_newton(make, number)
    points = sample(fitted, plan.count("walkers"), STEPS, DRAWS, number).points
    low, high = np.quantile(points, [0.05, 0.95], axis=0)
    hit = ((truth >= low) & (truth <= high)).astype(np.float64)
    return hit, (points < truth).mean(axis=0)


def _file(folder: Path, number: int) -> Path:
    return folder / f"survey_{number:03d}.npz"


def _stored(file: Path, mark: str, truth: Floats) -> tuple[Floats, Floats] | None:
    """What a fit gave, if it is on disk; a damaged one is fitted again."""
    if not file.exists():
        return None
    try:
        before = arrays_of(file, ("mark", "truth", "hit", "rank"))
    except DamagedPart:
        return None
    if str(before["mark"]) != mark or not np.allclose(before["truth"], truth):
        return None
    return before["hit"], before["rank"]


def _hash(emulator: Emulator) -> str:
    matter = hashlib.sha256()
    for part in (emulator.coefficients, emulator.nearby, emulator.size, emulator.noise):
        matter.update(np.ascontiguousarray(part).tobytes())
    return matter.hexdigest()[:16]


def _fake(
    block: Block, shares: dict[str, float], answers: Floats, rng: np.random.Generator
) -> Block:
    true = shown_by(block, shares)
    if block.kind == "outcome":
        return replace(block, aim=true + rng.normal(size=true.size) * np.array(block.declared))
    values, vectors = np.linalg.eigh(DESIGN_EFFECT * survey_covariance(block, shares, answers))
    noise = vectors @ (np.sqrt(np.maximum(values, 0.0)) * rng.normal(size=true.size))
    return replace(block, aim=true + noise)

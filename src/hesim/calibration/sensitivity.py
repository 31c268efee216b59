"""Vary what is not fitted: Morris screening of all numbers, seed joints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.design import FIRST
from hesim.calibration.ensemble import draws, manifest
from hesim.calibration.observation import names
from hesim.calibration.plan import CalibrationPlan
from hesim.calibration.runs import run_settings
from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.sources import packaged

Floats = NDArray[np.float64]
HEADLINE = (
    "wo_to_hbo",
    "hbo_to_wo",
    "turnover_wo",
    "turnover_hbo",
    "hbo_phd_share",
    "phds_in_hbo_within_5y",
)
SPREAD = 0.3
"""Settings that are not fitted vary by this share of their value, both ways (assumed)."""
REPEATS = 24
"""Pairs of runs behind a difference."""
STUDENT = 2.069
"""97.5% point of Student's t with `REPEATS` - 1 degrees of freedom."""
SHOWN = 12
"""Settings that a screening lists for each outcome."""
LEVELS = 4
SMALL = {"population.scale": 0.4}
"""Scale of the many runs of a screening."""


def setting_ranges(plan: CalibrationPlan) -> tuple[list[str], Floats]:
    """Numbers of the model, and of the population itself, with their ranges: (settings, 2).

    Fitted ones vary over the middle 90% of the ensemble, others by `SPREAD` around their value. Of
    the population the plain numbers count, not those by role, region or institution; published
    numbers stay.
    """
    chosen = manifest(plan.place)["settings"]
    drawn = draws(plan.place)
    schema = read_schema(packaged())
    paths, ranges = [], []
    for path, value in leaves(plan.base.resolved()):
        meaning = schema.find(path)
        plain = path.startswith("population.") and path.count(".") == 1
        if not (path.startswith("model.") or plain or path in chosen):
            continue
        if meaning is None or meaning.type != "float" or path == "population.scale":
            continue
        if path.startswith("survey.") or (meaning.label == "data" and path not in chosen):
            continue
        low, high = meaning.min, meaning.max
        if path in chosen:
            ends = np.quantile([d[path] for d in drawn], [0.05, 0.95])
        else:
            middle = float(str(value))
            ends = np.sort([middle * (1 - SPREAD), middle * (1 + SPREAD)])
        ends = np.clip(ends, -np.inf if low is None else low, np.inf if high is None else high)
        if ends[1] > ends[0]:
            paths.append(path)
            ranges.append(ends)
    return paths, np.array(ranges)


def _mark(plan: CalibrationPlan, more: object) -> str:
    matter = json.dumps([manifest(plan.place)["settings"], more], sort_keys=True)
    return plan.fingerprint() + hashlib.sha256(matter.encode()).hexdigest()[:16]


def _headline(plan: CalibrationPlan, values: Floats) -> Floats:
    order = names(plan.tables)
    return values[:, [order.index(f"outcome|{name}") for name in HEADLINE]]


def morris(plan: CalibrationPlan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Screen all numbers of the model by Morris's method (SALib).

    Returns:
        By headline outcome its mean at the point, what two runs that differ by chance alone lie
        apart (`noise`), the settings with the largest mean absolute effect over their whole range,
        with the 95% interval's half width, and how many effects exceed the noise.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    paths, ranges = setting_ranges(plan)
    problem = {"num_vars": len(paths), "names": paths, "bounds": ranges.tolist()}
    seed, trajectories = plan.count("seed"), plan.count("morris")
    points = sampling.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    chosen = {**manifest(plan.place)["settings"], **SMALL}
    moved = [{**chosen, **dict(zip(paths, map(float, p), strict=True))} for p in points]
    # One seed for all: an effect is a paired difference.
    numbers, mark = [FIRST["morris"]] * len(moved), _mark(plan, [paths, SMALL])
    stage = f"{plan.name}_morris"
    shown = _headline(plan, run_settings(plan, stage, points, moved, numbers, mark, tell).values)
    still = np.arange(REPEATS, dtype=np.float64)[:, None]
    numbers = [FIRST["morris"] + 1 + k for k in range(REPEATS)]
    chance = _headline(
        plan,
        run_settings(
            plan,
            f"{stage}_noise",
            still,
            [chosen] * REPEATS,
            numbers,
            _mark(plan, ["noise", SMALL]),
            tell,
        ).values,
    )
    found: dict[str, Any] = {
        "settings": len(paths),
        "runs": len(points),
        "trajectories": trajectories,
        "spread": SPREAD,
        "scale": SMALL["population.scale"],
        "outcomes": {},
    }
    # Two independent runs lie 2 / sqrt(pi) standard deviations apart on average; steps of a
    # trajectory are scaled up to the whole range.
    step = LEVELS / (2.0 * (LEVELS - 1))
    noise = 2.0 / np.sqrt(np.pi) * chance.std(axis=0, ddof=1) / step
    for k, outcome in enumerate(HEADLINE):
        effect = analysis.analyze(problem, points, shown[:, k], num_levels=LEVELS, seed=seed)
        size = np.asarray(effect["mu_star"], np.float64)
        first = np.argsort(-size)[:SHOWN]
        found["outcomes"][outcome] = {
            "mean": float(chance[:, k].mean()),
            "noise": float(noise[k]),
            "beyond_noise": int((size > noise[k]).sum()),
            "settings": [
                {
                    "setting": paths[j],
                    "mean_absolute_effect": float(size[j]),
                    "mean_effect": float(effect["mu"][j]),
                    "half_width_95": float(effect["mu_star_conf"][j]),
                    "standard_deviation": float(effect["sigma"][j]),
                }
                for j in first
            ],
        }
    return found


def paired(
    plan: CalibrationPlan,
    what: str,
    arms: dict[str, dict[str, Any]],
    first: int,
    tell: Callable[[str], None],
) -> dict[str, Floats]:
    """Headline outcomes of each arm at the point, the same random numbers in all of them."""
    chosen = manifest(plan.place)["settings"]
    points = np.array([[arm, k] for arm in range(len(arms)) for k in range(REPEATS)], np.float64)
    moved = [{**chosen, **changed} for changed in arms.values() for _ in range(REPEATS)]
    numbers = [first + k for _ in arms for k in range(REPEATS)]
    mark = _mark(plan, list(arms.items()))
    runs = run_settings(plan, f"{plan.name}_{what}", points, moved, numbers, mark, tell)
    parts = _headline(plan, runs.values).reshape(len(arms), REPEATS, len(HEADLINE))
    return dict(zip(arms, parts, strict=True))


def paired_difference(arm: Floats, other: Floats) -> dict[str, list[float]]:
    """Paired differences of headline outcomes: mean and ends of the 95% interval."""
    apart = arm - other
    mean, error = apart.mean(axis=0), apart.std(axis=0, ddof=1) / np.sqrt(REPEATS)
    return {
        name: [float(m), float(m - STUDENT * e), float(m + STUDENT * e)]
        for name, m, e in zip(HEADLINE, mean, error, strict=True)
    }


def means(arm: Floats) -> dict[str, float]:
    """Mean of each headline outcome."""
    return dict(zip(HEADLINE, map(float, arm.mean(axis=0)), strict=True))


def joints(plan: CalibrationPlan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run the calibrated point under the three seed joints of the population.

    Returns:
        Means by joint, and paired differences from the default with 95% intervals.
    """
    usual = plan.base.text("population.seed_joint")
    arms = {x: {"population.seed_joint": x} for x in ("independent", "theory", "extreme")}
    shown = paired(plan, "joints", arms, FIRST["joints"], tell)
    return {
        "default": usual,
        "repeats": REPEATS,
        "means": {name: means(arm) for name, arm in shown.items()},
        "differences": {
            name: paired_difference(arm, shown[usual])
            for name, arm in shown.items()
            if name != usual
        },
    }

"""Vary what is not fitted: Morris screening of all numbers, seed joints, partnerships."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.calibration.design import FIRST
from hesim.calibration.ensemble import manifest
from hesim.calibration.observe import names, simulate, with_values
from hesim.calibration.plan import Plan
from hesim.config.folders import packaged
from hesim.config.schema import read_schema
from hesim.config.settings import leaves
from hesim.tables import read

Floats = NDArray[np.float64]
HEADLINE = (
    "wo_to_hbo", "hbo_to_wo", "turnover_wo", "turnover_hbo", "hbo_phd_share",
    "phds_in_hbo_within_5y",
)  # fmt: skip
SPREAD = 0.3
"""Settings that are not fitted vary by this share of their value, both ways (assumed)."""
PARTNERSHIPS: dict[str, object] = {
    "model.search.contacts_per_partnership": 0.0, "model.search.partner_gain": 0.0,
}  # fmt: skip
REPEATS = 8


def varied(plan: Plan) -> tuple[list[str], Floats]:
    """Settings under `model` that are numbers, and the range of each; shape (settings, 2).

    Fitted ones vary over the middle 90% of the production ensemble, others by `SPREAD`.
    """
    from hesim.calibration.ensemble import draws

    chosen = manifest(plan.name)["settings"]
    drawn = draws(plan.name)
    schema = read_schema(packaged())
    paths, ranges = [], []
    for path, value in leaves(plan.base.resolved()):
        meaning = schema.find(path)
        if not path.startswith("model.") or meaning is None or meaning.type != "float":
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


def morris(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Screen all numbers of the model by Morris's method (SALib).

    Returns:
        By headline outcome the settings with the largest mean absolute effect over their range.
    """
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sampling

    paths, ranges = varied(plan)
    problem = {"num_vars": len(paths), "names": paths, "bounds": ranges.tolist()}
    points = sampling.sample(problem, plan.count("morris"), seed=plan.count("seed"))
    tables, base = read(), with_values(plan.base, manifest(plan.name)["settings"])
    order, shown = names(tables), []
    for number, point in enumerate(points):
        settings = with_values(base, dict(zip(paths, map(float, point), strict=True)))
        # One seed for all: an effect is a paired difference.
        shown.append(simulate(settings, tables, FIRST["morris"]).values)
        if (number + 1) % 50 == 0:
            tell(f"morris: {number + 1} of {len(points)} runs")
    values = np.array(shown)
    found: dict[str, Any] = {"settings": len(paths), "runs": len(points)}
    for outcome in HEADLINE:
        column = values[:, order.index(f"outcome|{outcome}")]
        effect = analysis.analyze(problem, points, column, seed=plan.count("seed"))
        first = np.argsort(-np.asarray(effect["mu_star"]))[:12]
        found[outcome] = [
            {"setting": paths[k], "mean_absolute_effect": float(effect["mu_star"][k]),
             "standard_deviation": float(effect["sigma"][k])}
            for k in first
        ]  # fmt: skip
    return found


def _paired(
    plan: Plan, arms: dict[str, dict[str, object]], first: int, tell: Callable[[str], None]
) -> dict[str, Floats]:
    tables = read()
    base = with_values(plan.base, manifest(plan.name)["settings"])
    order = names(tables)
    rows = [order.index(f"outcome|{name}") for name in HEADLINE]
    shown = {}
    for arm, changed in arms.items():
        settings = with_values(base, changed)
        shown[arm] = np.array(
            [simulate(settings, tables, first + k).values[rows] for k in range(REPEATS)]
        )
        tell(f"{arm}: {REPEATS} runs")
    return shown


def _difference(arm: Floats, other: Floats) -> dict[str, list[float]]:
    apart = arm - other
    mean, error = apart.mean(axis=0), apart.std(axis=0, ddof=1) / np.sqrt(REPEATS)
    return {
        name: [float(m), float(m - 2.36 * e), float(m + 2.36 * e)]
        for name, m, e in zip(HEADLINE, mean, error, strict=True)
    }


def joints(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run the production point under the three seed joints of the population.

    Returns:
        Means by joint, and paired differences from the default with 95% intervals.
    """
    usual = plan.base.text("population.seed_joint")
    given = ("independent", "theory", "extreme")
    shown = _paired(
        plan, {name: {"population.seed_joint": name} for name in given}, FIRST["joints"], tell
    )
    return {
        "default": usual,
        "means": {
            k: dict(zip(HEADLINE, v.mean(axis=0).tolist(), strict=True)) for k, v in shown.items()
        },
        "differences": {k: _difference(v, shown[usual]) for k, v in shown.items() if k != usual},
    }


def claims(plan: Plan, tell: Callable[[str], None]) -> dict[str, Any]:
    """Check the report's claim that partnerships hardly lead to mobility, by doing without them.

    Returns:
        Paired differences (with less without), with 95% intervals, and means with partnerships.
    """
    arms: dict[str, dict[str, object]] = {"with": {}, "without": PARTNERSHIPS}
    shown = _paired(plan, arms, FIRST["joints"] + 100, tell)
    return {
        "with": dict(zip(HEADLINE, shown["with"].mean(axis=0).tolist(), strict=True)),
        "difference": _difference(shown["with"], shown["without"]),
    }

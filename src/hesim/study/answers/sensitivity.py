"""Say which uncertainties matter: one at a time, by regression, or by Sobol and Morris indices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.study.answers.components import complete_part, split, varies
from hesim.study.answers.effects import ArmValues
from hesim.study.design import problem_of

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study
    from hesim.study.uncertainty import Uncertainty

RESAMPLES = 500
"""Bootstrap samples behind an interval."""


def sensitivity(study: Study, table: ArmValues, seed: int) -> tuple[str, pd.DataFrame] | None:
    """The analysis that fits the study's design, of one arm and outcome.

    Args:
        study: The study.
        table: Values by cell and replication: levels or paired differences.
        seed: Of the bootstrap.

    Returns:
        Its kind (`tornado`, `regression`, `sobol`, `morris`, or `nothing` when all worlds are
        alike) and a table with a row for each uncertainty; None when the design has none, or too
        few worlds are whole.
    """
    uncertainties = study.uncertainties
    if not uncertainties:
        return None
    design = study.settings["study"]["design"]
    worlds = {
        world: values for world, values in _by_world(table).items() if not np.isnan(values).all()
    }
    means = {world: float(np.nanmean(values)) for world, values in worlds.items()}
    if len(means) > 1 and not varies(means.values()):
        return "nothing", _nothing(uncertainties, means)
    if design == "list":
        frame = _one_at_a_time(uncertainties, worlds, study)
        return None if frame.empty else ("tornado", frame)
    total = int(study.design["world"].max()) + 1
    if design in ("sobol", "morris") and len(means) < total:
        return None
    shares = _shares(study)
    if design == "sobol":
        return "sobol", _sobol(uncertainties, means, worlds, seed)
    if design == "morris":
        return "morris", _morris(uncertainties, shares, means, seed)
    if len(means) < len(uncertainties) + 3:
        return None
    return "regression", _regression(uncertainties, shares, means, seed)


def _nothing(uncertainties: list[Uncertainty], means: dict[int, float]) -> pd.DataFrame:
    """Words instead of indices: shares of a variance that is zero are no figures."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "uncertainty": one.path,
                "effect": "none: all worlds are alike",
                "value": next(iter(means.values())),
                "worlds": len(means),
                "label": one.label,
            }
            for one in uncertainties
        ]
    )


def seed_noise(worlds: dict[int, NDArray[np.float64]]) -> float:
    """Share of the variance over worlds that is the seeds': noise that indices do not explain."""
    whole = complete_part(
        np.array([_pad(v, max(map(len, worlds.values()))) for v in worlds.values()])
    )
    if whole.shape[0] < 2 or whole.shape[1] < 2:
        return math.nan
    # What all worlds share of a seed moves no world against another.
    apart = whole - whole.mean(axis=0)
    noise = float(np.mean(np.var(apart, axis=1, ddof=1))) / whole.shape[1]
    total = float(np.var(whole.mean(axis=1), ddof=1))
    return min(1.0, noise / total) if total > 0 else math.nan


def _one_at_a_time(
    uncertainties: list[Uncertainty], worlds: dict[int, NDArray[np.float64]], study: Study
) -> pd.DataFrame:
    """Change against the central world at each end, paired by seed."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    world = 0
    for one in uncertainties:
        for value in one.ends():
            world += 1
            if world not in worlds or 0 not in worlds:
                continue
            width = min(worlds[world].size, worlds[0].size)
            found = split((worlds[world][:width] - worlds[0][:width])[None, :])
            if math.isnan(found.mean):
                continue
            rows.append(
                {
                    "uncertainty": one.path,
                    "value": value,
                    "usual": one.usual,
                    "unit": one.unit,
                    "mean": found.mean,
                    "low": found.low,
                    "high": found.high,
                    "replications": found.replications,
                    "label": one.label,
                }
            )
    return pd.DataFrame(rows)


def _regression(
    uncertainties: list[Uncertainty],
    shares: NDArray[np.float64],
    means: dict[int, float],
    seed: int,
) -> pd.DataFrame:
    """Change from the low to the high end by linear regression, with bootstrap intervals."""
    import pandas as pd

    order = sorted(means)
    x = np.column_stack([np.ones(len(order)), shares[order]])
    y = np.array([means[world] for world in order])
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, y.size, y.size)
        drawn.append(np.linalg.lstsq(x[rows], y[rows], rcond=None)[0])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    rest = y - x @ slopes
    explained = 1.0 - float(np.var(rest)) / float(np.var(y)) if np.var(y) > 0 else math.nan
    return pd.DataFrame(
        [
            {
                "uncertainty": one.path,
                "from": one.at(0.0),
                "to": one.at(1.0),
                "unit": one.unit,
                "mean": slopes[k + 1],
                "low": low[k + 1],
                "high": high[k + 1],
                "r_squared": explained,
                "label": one.label,
            }
            for k, one in enumerate(uncertainties)
        ]
    )


def _sobol(
    uncertainties: list[Uncertainty],
    means: dict[int, float],
    worlds: dict[int, NDArray[np.float64]],
    seed: int,
) -> pd.DataFrame:
    import pandas as pd
    from SALib.analyze import sobol

    y = np.array([means[world] for world in sorted(means)])
    found = sobol.analyze(
        problem_of(len(uncertainties)),
        y,
        calc_second_order=False,
        seed=seed,
        num_resamples=RESAMPLES,
    )
    noise = seed_noise(worlds)
    return pd.DataFrame(
        [
            {
                "uncertainty": one.path,
                "first": found["S1"][k],
                "first_half": found["S1_conf"][k],
                "total": found["ST"][k],
                "total_half": found["ST_conf"][k],
                "seed_noise": noise,
                "label": one.label,
            }
            for k, one in enumerate(uncertainties)
        ]
    )


def _morris(
    uncertainties: list[Uncertainty],
    shares: NDArray[np.float64],
    means: dict[int, float],
    seed: int,
) -> pd.DataFrame:
    import pandas as pd
    from SALib.analyze import morris

    y = np.array([means[world] for world in sorted(means)])
    found = morris.analyze(
        problem_of(len(uncertainties)),
        shares,
        y,
        num_levels=4,
        seed=seed,
        num_resamples=RESAMPLES,
    )
    return pd.DataFrame(
        [
            {
                "uncertainty": one.path,
                "mu": found["mu"][k],
                "mu_star": found["mu_star"][k],
                "mu_star_half": found["mu_star_conf"][k],
                "sigma": found["sigma"][k],
                "label": one.label,
            }
            for k, one in enumerate(uncertainties)
        ]
    )


def _shares(study: Study) -> NDArray[np.float64]:
    """Where each world lies between the ends of each uncertainty, 0 to 1."""
    design = study.design.drop_duplicates("world").sort_values("world")
    columns = []
    for one in study.uncertainties:
        given = design[one.path].to_list()
        if one.values:
            spread = max(len(one.values) - 1, 1)
            columns.append([one.values.index(value) / spread for value in given])
        else:
            columns.append([(value - one.low) / (one.high - one.low) for value in given])
    return np.array(columns, np.float64).T


def _by_world(table: ArmValues) -> dict[int, NDArray[np.float64]]:
    """Values by replication for each world, the mean over draws."""
    made: dict[int, list[NDArray[np.float64]]] = {}
    for (world, _), values in zip(table.cells, table.values, strict=True):
        made.setdefault(world, []).append(values)
    return {world: np.mean(rows, axis=0) for world, rows in made.items()}


def _pad(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    return np.pad(values, (0, width - values.size), constant_values=math.nan)

"""Split what is not known of an effect: dose, parameters, structure and chance.

A study that draws dials simulates each draw of the parameters with two sets of dials, and each set
with two draws. Effects that share their parameters alone vary together by what parameters do, and
effects that share their dials alone by what dials do (first-order Sobol indices by pick and
freeze). What is left of the variance between cells is both together; what differs between
replications is chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.study.answers.effects import ArmValues, Tables
from hesim.study.dials import set_of
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("dose", "parameters", "together", "structure", "chance")


@dataclass(frozen=True)
class Variances:
    """Variances of an effect, in squares of its unit.

    Attributes:
        mean: The mean effect.
        dose: What dials do alone.
        parameters: What parameters do alone.
        together: What dials do otherwise with other parameters.
        chance: Of one simulated world, what another seed would change.
        draws: Draws that entered.
    """

    mean: float
    dose: float
    parameters: float
    together: float
    chance: float
    draws: int


def variances_of(table: ArmValues, sets: int) -> Variances | None:
    """Split the variance of an arm's effect in one structure.

    Args:
        table: Effects by cell (world and draw) and replication.
        sets: Sets of dials of the study, of which `dials.set_of` says who has which. Whole draws
            can be fewer.

    Returns:
        The variances; None where there are fewer than four whole draws.
    """
    by_cell = {
        cell: row[~np.isnan(row)]
        for cell, row in zip(table.cells, table.values, strict=True)
        if not np.isnan(row).all()
    }
    draws = sorted({draw for _, draw in by_cell})
    count = len(draws)
    if count < 4 or {world for world, _ in by_cell} != {0, 1}:
        return None
    first_with = {set_of(0, draw, sets): draw for draw in draws}
    following = {draw: first_with.get(set_of(1, draw, sets), -1) for draw in draws}
    means = {cell: float(row.mean()) for cell, row in by_cell.items()}
    same_draw = [(means[0, d], means[1, d]) for d in draws if (0, d) in means and (1, d) in means]
    same_dials = [
        (means[1, d], means[0, following[d]])
        for d in draws
        if (1, d) in means and (0, following[d]) in means
    ]
    if min(len(same_draw), len(same_dials)) < 4:
        return None
    every = np.array(list(means.values()))
    sizes = np.array([row.size for row in by_cell.values()])
    spread = [float(np.var(row, ddof=1)) for row in by_cell.values() if row.size > 1]
    chance = float(np.mean(spread)) if spread else math.nan
    of_means = 0.0 if math.isnan(chance) else chance * float(np.mean(1.0 / sizes))
    whole = max(float(np.var(every, ddof=1)) - of_means, 0.0)
    parameters = _between(_covariance(same_draw), 0.0, whole)
    dose = _between(_covariance(same_dials), 0.0, whole - parameters)
    return Variances(
        float(every.mean()),
        dose,
        parameters,
        whole - parameters - dose,
        chance,
        count,
    )


def _covariance(pairs: list[tuple[float, float]]) -> float:
    """Covariance of pairs about the mean of both, as each of the two stands for the other."""
    both = np.array(pairs)
    centred = both - both.mean()
    return float((centred[:, 0] * centred[:, 1]).sum() / (len(pairs) - 1))


def _between(value: float, low: float, high: float) -> float:
    return min(max(value, low), max(high, low))


def variance_shares(structures: Mapping[str, Tables], sets: int) -> pd.DataFrame | None:
    """Shares of the variance of each arm's effect.

    Args:
        structures: Paired differences of each structure, by its name.
        sets: Sets of dials of the study.

    Returns:
        One row for each arm: arm, mean, sd, and the shares of `PARTS` in percent of the variance of
        one world. None where no arm can be split. With one structure there is no variance of it.
    """
    import pandas as pd

    arms = dict.fromkeys(
        arm for tables in structures.values() for arm, scenario in tables if scenario == CENTRAL
    )
    rows: list[dict[str, Any]] = []
    for arm in arms:
        found = [
            variances_of(tables[arm, CENTRAL], sets)
            for tables in structures.values()
            if (arm, CENTRAL) in tables
        ]
        known = [one for one in found if one is not None]
        if not known or len(known) < len(found):
            continue
        means = np.array([one.mean for one in known])
        parts = {
            name: float(np.mean([getattr(one, name) for one in known]))
            for name in ("dose", "parameters", "together", "chance")
        }
        # Structures are all that there are, and no sample of more.
        parts["structure"] = float(np.var(means))
        whole = sum(value for value in parts.values() if not math.isnan(value))
        if whole <= 0:
            continue
        rows.append(
            {"arm": arm, "mean": float(means.mean()), "sd": math.sqrt(whole)}
            | {f"{name}_percent": 100.0 * parts[name] / whole for name in PARTS}
        )
    return pd.DataFrame(rows) if rows else None

"""Say how likely each arm is the best one, over all worlds of a study: draws, dials and chance.

A world is a draw with a set of dials; its effect is the mean over replications. Noise that
replications leave makes arms look more alike than they are, so more of them bring these
probabilities nearer to 0 and 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.study.answers.effects import Tables
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

LEAST_WORLDS = 4
"""With fewer worlds no probability is told."""


@dataclass(frozen=True)
class Worlds:
    """Effects of all arms in the worlds in which each of them has one.

    Attributes:
        arms: Their names.
        effects: In the direction that is wanted, shape (arms, worlds).
        costs: Euros a year, shape (arms, worlds); not a number where none is known.
    """

    arms: tuple[str, ...]
    effects: NDArray[np.float64]
    costs: NDArray[np.float64]


def worlds_of(effects: Tables, costs: Tables, better: str) -> Worlds | None:
    """Lay effects and costs of all arms beside one another.

    Args:
        effects: Paired differences of the outcome.
        costs: Paired differences of what the levers cost.
        better: `more` or `less` of the outcome.

    Returns:
        None where arms share fewer than `LEAST_WORLDS` worlds.
    """
    arms = tuple(arm for arm, scenario in effects if scenario == CENTRAL)
    means = {arm: _means(effects, arm) for arm in arms}
    prices = {arm: _means(costs, arm) for arm in arms}
    shared = sorted(set.intersection(*(set(each) for each in means.values()))) if arms else []
    if len(shared) < LEAST_WORLDS:
        return None
    sign = 1.0 if better == "more" else -1.0
    return Worlds(
        arms,
        sign * np.array([[means[arm][cell] for cell in shared] for arm in arms]),
        np.array([[prices[arm].get(cell, np.nan) for cell in shared] for arm in arms]),
    )


def _means(tables: Tables, arm: str) -> dict[tuple[int, int], float]:
    table = tables.get((arm, CENTRAL))
    if table is None:
        return {}
    return {
        cell: float(np.nanmean(row))
        for cell, row in zip(table.cells, table.values, strict=True)
        if not np.isnan(row).all()
    }


def best_table(worlds: Worlds, threshold: float) -> pd.DataFrame:
    """How often each arm is best, and what is lost on average by choosing it.

    To do nothing is one of the choices: where no arm has an effect, it is best.

    Args:
        worlds: Effects and costs.
        threshold: An effect that is wanted at least.

    Returns:
        One row for each arm, the one that loses least first: arm, best_percent, above_percent
        (effects above the threshold), expected_regret (what the best choice of each world brings
        more, on average); where costs are known also per_million (effect for a million euros, means
        over worlds) and best_per_euro_percent.
    """
    import pandas as pd

    effects = worlds.effects
    nothing = np.zeros((1, effects.shape[1]))
    choices = np.vstack([effects, nothing])
    best = _wins(choices)[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(worlds.costs > 0, 1e6 * effects / worlds.costs, np.nan)
    cheap = _wins(np.vstack([np.where(np.isnan(each), -np.inf, each), nothing]))[:-1]
    rows: list[dict[str, Any]] = [
        {
            "arm": arm,
            "best_percent": 100.0 * best[k],
            "above_percent": 100.0 * float(np.mean(effects[k] > threshold)),
            "expected_regret": float(np.mean(choices.max(axis=0) - effects[k])),
            "per_million": _ratio(effects[k], worlds.costs[k]),
            "best_per_euro_percent": 100.0 * cheap[k],
        }
        for k, arm in enumerate(worlds.arms)
    ]
    rows.sort(key=lambda row: float(row["expected_regret"]))
    priced = ["per_million", "best_per_euro_percent"]
    unknown = priced if np.isnan(worlds.costs).all() else []
    return pd.DataFrame(rows).drop(columns=unknown)


def _ratio(effects: NDArray[np.float64], costs: NDArray[np.float64]) -> float:
    """Effect for a million euros: mean effect over mean cost, not a number where it is free."""
    cost = float(np.mean(costs))
    return 1e6 * float(effects.mean()) / cost if cost > 0 else float("nan")


def _wins(choices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the worlds in which each row is the largest; ties are shared evenly."""
    largest = choices == choices.max(axis=0)
    return np.asarray((largest / largest.sum(axis=0)).mean(axis=1))


def beats_table(worlds: Worlds) -> pd.DataFrame:
    """How often each arm does better than each other, in percent of the worlds; ties count half."""
    import pandas as pd

    effects = worlds.effects
    rows: list[dict[str, Any]] = []
    for k, arm in enumerate(worlds.arms):
        row: dict[str, Any] = {"arm": arm}
        for j, other in enumerate(worlds.arms):
            if j != k:
                more = np.mean(effects[k] > effects[j]) + 0.5 * np.mean(effects[k] == effects[j])
                row[other] = 100.0 * float(more)
        rows.append(row)
    return pd.DataFrame(rows, columns=["arm", *worlds.arms])

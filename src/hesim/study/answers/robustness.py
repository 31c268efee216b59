"""Say how well each arm does across worlds: regret, satisficing, and trade-offs (Pareto)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.levers.arms import BASELINE
from hesim.study.answers.effects import Tables

if TYPE_CHECKING:
    import pandas as pd


def performance(differences: Tables) -> pd.DataFrame:
    """Mean effect by arm (rows; the baseline's is 0) and world (columns: scenario, world, draw).

    Only worlds in which every arm has an effect enter, so that regret compares like with like.
    """
    import pandas as pd

    rows: dict[str, dict[tuple[str, int, int], float]] = {}
    for (arm, scenario), table in differences.items():
        for (world, draw), values in zip(table.cells, table.values, strict=True):
            if not np.all(np.isnan(values)):
                rows.setdefault(arm, {})[scenario, world, draw] = float(np.nanmean(values))
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame.from_dict(rows, orient="index").dropna(axis="columns")
    base = pd.DataFrame([[0.0] * frame.shape[1]], index=[BASELINE], columns=frame.columns)
    return pd.concat([base, frame])


def regret(effects: pd.DataFrame, better: str) -> pd.DataFrame:
    """How much less an arm does than the best arm of the same world."""
    sign = 1.0 if better == "more" else -1.0
    gain = sign * effects
    return gain.max(axis=0) - gain


def robustness(effects: pd.DataFrame, better: str, threshold: float) -> pd.DataFrame:
    """One row an arm: effect, regret and the share of worlds in which it satisfices.

    Args:
        effects: Of `performance`.
        better: `more` or `less`.
        threshold: Effect above which an arm satisfices.
    """
    import pandas as pd

    lost = regret(effects, better)
    enough = effects > threshold if better == "more" else effects < -threshold
    made = pd.DataFrame(
        {
            "arm": effects.index,
            "mean_effect": effects.mean(axis=1).to_numpy(),
            "worst_effect": (
                effects.min(axis=1) if better == "more" else effects.max(axis=1)
            ).to_numpy(),
            "mean_regret": lost.mean(axis=1).to_numpy(),
            "largest_regret": lost.max(axis=1).to_numpy(),
            "satisfices": enough.mean(axis=1).to_numpy(),
            "worlds": effects.shape[1],
        }
    )
    return made.sort_values("largest_regret", kind="stable").reset_index(drop=True)


def pareto(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows no other row beats: as good in every column and better in one.

    Args:
        points: Shape (arms, outcomes); more is better in each column.
    """
    front = np.ones(len(points), bool)
    for k, mine in enumerate(points):
        as_good, better = np.all(points >= mine, axis=1), np.any(points > mine, axis=1)
        front[k] = not np.any(as_good & better)
    return front


def trade_offs(comparison: pd.DataFrame, outcomes: dict[str, str]) -> pd.DataFrame:
    """Mean effects of each arm on several outcomes, and whether it lies on the Pareto front.

    Args:
        comparison: Rows of `effects.comparison`.
        outcomes: `more` or `less` for each outcome, what is better.
    """
    chosen = comparison[(comparison["scenario"] == "central") & (comparison["arm"] != BASELINE)]
    chosen = chosen[chosen["outcome"].isin(list(outcomes))]
    if chosen.empty or "difference_mean" not in chosen:
        return chosen.head(0)
    wide = chosen.pivot_table("difference_mean", "arm", "outcome", sort=False, dropna=False)
    wide = wide.reindex(columns=list(outcomes))
    wide.loc[BASELINE] = 0.0
    signs = np.array([1.0 if outcomes[name] == "more" else -1.0 for name in wide.columns])
    values = wide.to_numpy(np.float64) * signs
    wide["on_front"] = pareto(np.where(np.isnan(values), -math.inf, values))
    return wide.reset_index()

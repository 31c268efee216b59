"""Share what several levers do together out over them, by Shapley values over paired arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.summary import interval
from hesim.study.answers.effects import Tables
from hesim.study.answers.shapley import first_and_last, shapley_values
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd


def lever_shares(effects: Tables) -> pd.DataFrame | None:
    """Each lever's share of the largest arm of which all parts were simulated.

    All arms of a world share their random numbers, so a share is known as well as an effect is.

    Args:
        effects: Paired differences of the outcome, by arm and scenario.

    Returns:
        One row for each lever: arm, lever, alone (its effect by itself), last (what it adds to all
        others), share with share_low and share_high (95% interval over worlds and replications),
        and share_percent of the whole. Shares add up to the effect of the arm. None where no arm
        has all its parts, as a grid of levers has.
    """
    import pandas as pd

    arms = {frozenset(arm.split("+")): arm for arm, scenario in effects if scenario == CENTRAL}
    levers = _largest(arms)
    if levers is None:
        return None
    game = _game(effects, arms, levers)
    shares = shapley_values(game)
    alone, last = first_and_last(game)
    whole = float(game[:, -1].mean())
    rows: list[dict[str, Any]] = []
    for k, lever in enumerate(levers):
        mean, low, high = interval(shares[:, k])
        rows.append(
            {
                "arm": arms[frozenset(levers)],
                "lever": lever,
                "alone": float(alone[:, k].mean()),
                "last": float(last[:, k].mean()),
                "share": mean,
                "share_low": low,
                "share_high": high,
                "share_percent": 100.0 * mean / whole if whole else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def _largest(arms: dict[frozenset[str], str]) -> tuple[str, ...] | None:
    """Levers of the largest arm that has all its parts, in the order of the arm's name."""
    found = [
        arm
        for levers, arm in arms.items()
        if len(levers) > 1 and all(part in arms for part in _coalitions(arm.split("+"))[1:])
    ]
    return tuple(max(found, key=lambda arm: arm.count("+")).split("+")) if found else None


def _coalitions(levers: Sequence[str]) -> list[frozenset[str]]:
    """All sets of levers by their number: bit k says whether lever k is one of them."""
    return [
        frozenset(lever for k, lever in enumerate(levers) if number >> k & 1)
        for number in range(1 << len(levers))
    ]


def _game(
    effects: Tables, arms: dict[frozenset[str], str], levers: Sequence[str]
) -> NDArray[np.float64]:
    """Effects of all coalitions, shape (worlds and replications that are whole, coalitions)."""
    tables = [effects[arms[part], CENTRAL] for part in _coalitions(levers)[1:]]
    cells = sorted(set.intersection(*(set(table.cells) for table in tables)))
    width = min(table.values.shape[1] for table in tables)
    columns = [
        table.values[[table.cells.index(cell) for cell in cells], :width].ravel()
        for table in tables
    ]
    game = np.stack([np.zeros(len(cells) * width), *columns], axis=1)
    return np.asarray(game[~np.isnan(game).any(axis=1)])

"""Say how likely each arm is the best one, over all worlds of a study: draws, dials and chance.

A world is a draw with a set of dials; its effect is the mean over replications. Noise that
replications leave makes arms look more alike than they are, so more of them bring these
probabilities nearer to 0 and 100.

The same is told for each euro. What a lever costs is known within a range: each world has its own
costs of each lever, drawn from that range, and all arms with the lever have the same ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.levers.titles import BETWEEN, arm_title
from hesim.study.answers.effects import Tables
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

LEAST_WORLDS = 4
"""With fewer worlds no probability is told."""
MILLION = 1e6
"""Effects are told for so many euros."""
NINETIETH = 1.6449
"""Standard deviations from the middle of a normal distribution to its 5% and 95% points."""


class CostDifferences(NamedTuple):
    """Paired differences of what the levers cost: the middle, and the ends of a 90% range."""

    middle: Tables
    low: Tables
    high: Tables

    def of_arms(self, arms: Collection[str]) -> CostDifferences:
        """The same of some of the arms.

        Args:
            arms: Names of those that stay.
        """
        return CostDifferences(*({key: of[key] for key in of if key[0] in arms} for of in self))


@dataclass(frozen=True)
class Worlds:
    """Effects of all arms in the worlds in which each of them has one.

    Attributes:
        arms: Their names.
        cells: World and draw of each world.
        effects: In the direction that is wanted, shape (arms, worlds).
        costs: Euros a year, shape (arms, worlds); not a number where none is known.
        spent: The same, but each world has costs of its own, from the range of what each lever may
            cost.
    """

    arms: tuple[str, ...]
    cells: tuple[tuple[int, int], ...]
    effects: NDArray[np.float64]
    costs: NDArray[np.float64]
    spent: NDArray[np.float64]

    def of_arms(self, arms: Collection[str]) -> Worlds:
        """The same worlds with some of the arms, or none.

        Args:
            arms: Names of those that stay.
        """
        rows = [k for k, arm in enumerate(self.arms) if arm in arms]
        return Worlds(
            tuple(self.arms[k] for k in rows),
            self.cells,
            self.effects[rows],
            self.costs[rows],
            self.spent[rows],
        )


def worlds_of(effects: Tables, costs: CostDifferences | None, better: str) -> Worlds | None:
    """Lay effects and costs of all arms beside one another.

    Args:
        effects: Paired differences of the outcome.
        costs: What the levers cost; None where it is not known.
        better: `more` or `less` of the outcome.

    Returns:
        None where arms share fewer than `LEAST_WORLDS` worlds.
    """
    arms = tuple(arm for arm, scenario in effects if scenario == CENTRAL)
    means = {arm: _means(effects, arm) for arm in arms}
    shared = sorted(set.intersection(*(set(each) for each in means.values()))) if arms else []
    if len(shared) < LEAST_WORLDS:
        return None
    sign = 1.0 if better == "more" else -1.0
    found = sign * np.array([[means[arm][cell] for cell in shared] for arm in arms])
    prices = [{} if costs is None else _means(costs.middle, arm) for arm in arms]
    middle = np.array([[each.get(cell, np.nan) for cell in shared] for each in prices])
    spent = np.array([_spent(arm, costs, shared) for arm in arms])
    return Worlds(arms, tuple(shared), found, middle, spent)


def together(parts: Sequence[Worlds]) -> Worlds | None:
    """The worlds of several structures beside one another; each world counts alike.

    Returns:
        None where there are none, or structures have other arms.
    """
    if not parts or any(set(part.arms) != set(parts[0].arms) for part in parts):
        return None
    arms = parts[0].arms
    rows = [[part.arms.index(arm) for arm in arms] for part in parts]
    return Worlds(
        arms,
        tuple(cell for part in parts for cell in part.cells),
        np.hstack([part.effects[row] for part, row in zip(parts, rows, strict=True)]),
        np.hstack([part.costs[row] for part, row in zip(parts, rows, strict=True)]),
        np.hstack([part.spent[row] for part, row in zip(parts, rows, strict=True)]),
    )


def _spent(arm: str, costs: CostDifferences | None, cells: list[tuple[int, int]]) -> list[float]:
    """What an arm costs in each world: from its range there, by how dear its levers are there."""
    if costs is None:
        return [np.nan] * len(cells)
    middle, low, high = (_means(table, arm) for table in costs)
    dear = np.mean([_dearness(lever, len(cells)) for lever in arm.split(BETWEEN)], axis=0)
    # As spread as one lever: the ends of a range of several are the sums of theirs.
    dear *= np.sqrt(arm.count(BETWEEN) + 1)
    made = []
    for cell, at in zip(cells, dear.tolist(), strict=True):
        cost = middle.get(cell, np.nan)
        end = (high if at > 0 else low).get(cell, np.nan)
        known = cost > 0 and end > 0
        made.append(cost * (end / cost) ** (abs(at) / NINETIETH) if known else cost)
    return made


def _dearness(lever: str, count: int) -> NDArray[np.float64]:
    """How dear a lever is in each world, in standard deviations; the same in all arms."""
    from scipy.special import ndtri

    rng = np.random.default_rng(zlib.crc32(lever.encode()))
    # Spread evenly, so that few worlds have the whole range too.
    shares = (rng.permutation(count) + 0.5) / count
    return np.asarray(ndtri(shares))


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
        One row for each arm, the one that loses least first: arm, title, best_percent,
        above_percent (effects above the threshold), expected_regret (what the best choice of each
        world brings more, on average), worlds; where costs are known also per_million (effect for a
        million euros, mean effect over mean cost), best_per_euro_percent and regret_per_million
        (what the best choice per euro brings more for a million euros, on average over worlds).
        What is free has no effect per euro.
    """
    import pandas as pd

    choices = with_nothing(worlds.effects)
    best = _wins(choices)[:-1]
    each = per_million(worlds)
    priced = with_nothing(np.where(np.isnan(each), -np.inf, each))
    cheap, most = _wins(priced)[:-1], priced.max(axis=0)
    rows: list[dict[str, Any]] = [
        {
            "arm": arm,
            "title": arm_title(arm),
            "best_percent": 100.0 * best[k],
            "above_percent": 100.0 * float(np.mean(worlds.effects[k] > threshold)),
            "expected_regret": float(np.mean(choices.max(axis=0) - worlds.effects[k])),
            "worlds": worlds.effects.shape[1],
            "per_million": _ratio(worlds.effects[k], worlds.costs[k]),
            "best_per_euro_percent": 100.0 * cheap[k],
            "regret_per_million": float(np.mean(most - each[k])),
        }
        for k, arm in enumerate(worlds.arms)
    ]
    rows.sort(key=lambda row: float(row["expected_regret"]))
    by_euro = ["per_million", "best_per_euro_percent", "regret_per_million"]
    free = not (worlds.costs > 0).any()
    return pd.DataFrame(rows).drop(columns=by_euro if free else [])


class Idleness(NamedTuple):
    """What comes of doing nothing, with the meaning that `best_table` gives of arms."""

    best_percent: float
    expected_regret: float
    best_per_euro_percent: float


def idleness(worlds: Worlds) -> Idleness:
    """What comes of doing nothing, which is one of the choices beside all arms.

    Args:
        worlds: Effects and costs.
    """
    choices = with_nothing(worlds.effects)
    each = per_million(worlds)
    priced = with_nothing(np.where(np.isnan(each), -np.inf, each))
    regret = float(choices.max(axis=0).mean())
    return Idleness(100.0 * float(_wins(choices)[-1]), regret, 100.0 * float(_wins(priced)[-1]))


def per_million(worlds: Worlds) -> NDArray[np.float64]:
    """Effect for a million euros in each world; no number for what is free.

    Args:
        worlds: Effects and costs.

    Returns:
        Shape (arms, worlds).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        made = np.where(worlds.spent > 0, MILLION * worlds.effects / worlds.spent, np.nan)
    return np.asarray(made)


def with_nothing(effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """All arms, and doing nothing as the last choice."""
    return np.vstack([effects, np.zeros((1, effects.shape[1]))])


def _ratio(effects: NDArray[np.float64], costs: NDArray[np.float64]) -> float:
    """Effect for a million euros: mean effect over mean cost, not a number where it is free."""
    cost = float(np.mean(costs))
    return MILLION * float(effects.mean()) / cost if cost > 0 else float("nan")


def _wins(choices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the worlds in which each row is the largest; ties are shared evenly."""
    largest = choices == choices.max(axis=0)
    return np.asarray((largest / largest.sum(axis=0)).mean(axis=1))


def beats_table(arms: Sequence[str], effects: NDArray[np.float64]) -> pd.DataFrame:
    """How often each arm does better than each other, in percent of the worlds; ties count half.

    Args:
        arms: Names of the rows.
        effects: Shape (arms, worlds); arms without a number do not enter.
    """
    import pandas as pd

    known = [k for k in range(len(arms)) if not np.isnan(effects[k]).any()]
    rows: list[dict[str, Any]] = []
    for k in known:
        row: dict[str, Any] = {"arm": arms[k]}
        for j in known:
            if j != k:
                more = np.mean(effects[k] > effects[j]) + 0.5 * np.mean(effects[k] == effects[j])
                row[arms[j]] = 100.0 * float(more)
        rows.append(row)
    return pd.DataFrame(rows, columns=["arm", *(arms[k] for k in known)])


def best_tables(worlds: Worlds, threshold: float) -> Mapping[str, pd.DataFrame]:
    """All tables of how likely arms are best: `best`, `beats` and, with costs, `beats_per_euro`."""
    found = {
        "best": best_table(worlds, threshold),
        "beats": beats_table(worlds.arms, worlds.effects),
    }
    by_euro = beats_table(worlds.arms, per_million(worlds))
    return found | ({"beats_per_euro": by_euro} if len(by_euro) > 1 else {})

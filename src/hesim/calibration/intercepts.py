"""Set the questionnaire's intercepts in closed form: pooled agreement comes out as published.

Stage A of the calibration. One intercept an item, shared by both groups asked, so that nothing is
said about how the groups differ: that is what behaviour has to explain. Beside the intercepts the
module gives each group's expected agreement, which has less noise than simulated answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.calibration import targets as t
from hesim.model.items import HEADINGS, Items

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.answers import ItemBlock
    from hesim.survey.movers import Movers

Floats = NDArray[np.float64]
STEPS = 12
SIDES = ("pull", "push")
LEAST = 0.001
"""Pooled agreement that an intercept aims at, at least."""


class Intercepts(NamedTuple):
    """Offsets and what they lead to.

    Attributes:
        offset: By side (`pull`, `push`) and name of heading or item, log-odds.
        agreement: Expected agreement by cell of table 3.5.
    """

    offset: dict[tuple[str, str], float]
    agreement: dict[t.Key, float]


def offset_names(model_items: tuple[Items, Items]) -> list[tuple[str, str]]:
    """Names of all offsets, in one order."""
    return [
        (side, name)
        for side, items in zip(SIDES, model_items, strict=True)
        for name in (*HEADINGS, *(item for _, item in items.names))
    ]


def set_intercepts(model: HigherEducation, movers: Movers, inside: NDArray[np.bool_]) -> Intercepts:
    """Find the offsets of a finished run whose settings have none.

    Args:
        model: The run.
        movers: Its movers.
        inside: Which of them count.
    """
    from hesim.survey.answers import differences, questions
    from hesim.survey.questionnaire import is_asked

    moved, interview = differences(model), model.settings.integer("survey.interview")
    asks = questions(model, moved)
    offset: dict[tuple[str, str], float] = {}
    agreement: dict[t.Key, float] = {}
    for side, groups, block, shift, items in zip(
        SIDES,
        t.DIRECTIONS,
        (asks.pull, asks.push),
        (asks.pull_shift, asks.push_shift),
        (model.rates.pull_items, model.rates.push_items),
        strict=True,
    ):
        spells, weight, member = [], [], []
        for number, group in enumerate(groups):
            cell = next(x for x in model.tables.cells if (x.table, x.group) == ("3.5", group))
            rows = movers.spell[is_asked(cell, movers, interview) & inside]
            spells.append(rows)
            weight.append(np.full(rows.size, cell.n / max(rows.size, 1)))
            member.append(np.full(rows.size, number))
        rows, of = np.concatenate(spells), np.concatenate(member)
        weights = np.concatenate(weight)
        weights /= weights.sum()
        bits = model.ledger.m_exposure[rows] if side == "push" else np.zeros(rows.size, np.uint64)
        for h, heading in enumerate(HEADINGS):
            odds = block.screener[h] + shift[rows, h]
            aim = max(float(items.screener[h]), LEAST)
            move = _solve(odds, weights, aim)
            offset[side, heading] = move
            head = _expit(odds + move)
            for number, group in enumerate(groups):
                agreement["3.5", heading, "overall", group] = _mean(head, of == number)
            for k in np.flatnonzero(items.heading == h):
                name = items.names[k][1]
                given = _item_odds(block, int(k), shift[rows, h], moved.gain[rows], bits)
                under = min(max(float(items.pooled[k]), LEAST), 0.98 * aim)
                move = _solve(given, weights * head, under)
                offset[side, name] = move
                both = head * _expit(given + move)
                for number, group in enumerate(groups):
                    agreement["3.5", heading, name, group] = _mean(both, of == number)
    return Intercepts(offset, agreement)


def _item_odds(
    block: ItemBlock, k: int, shift: Floats, gain: Floats, bits: NDArray[np.uint64]
) -> Floats:
    bitten = (bits >> np.uint64(k)) & np.uint64(1)
    return (
        block.item[k] + block.of_heading * shift + block.of_gain[k] * gain + (block.of_bit * bitten)
    )


def _expit(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _mean(share: Floats, which: NDArray[np.bool_]) -> float:
    return float(share[which].mean()) if which.any() else 0.0


def _solve(odds: Floats, weights: Floats, aim: float) -> float:
    """The offset at which the weighted mean agreement is `aim`: Newton's method, kept in bounds."""
    low, high, at = -20.0, 20.0, 0.0
    for _ in range(STEPS):
        share = _expit(odds + at)
        gap = float(weights @ share) - aim
        low, high = (low, at) if gap > 0 else (at, high)
        slope = float(weights @ (share * (1.0 - share)))
        step = at - gap / slope if slope > 1e-12 else low - 1.0
        at, before = (step if low < step < high else (low + high) / 2), at
        if abs(at - before) < 1e-6:
            break
    return at

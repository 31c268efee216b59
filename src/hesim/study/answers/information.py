"""Say what it is worth to learn something before one chooses: the value of information.

Who chooses between arms now takes the one that is best on average. Who knew a parameter would take
the best one for its value. What that brings more, on average over what is believed of it, is the
expected value of partial perfect information (EVPPI). It is found by regression on runs that a
study already has (Strong, Oakley and Brennan, Medical Decision Making 34, 2014): the effect that is
expected given the parameter is a smooth curve through the effects of the worlds.

What a survey would tell is worth less than knowing: its answer is simulated for each world, and the
effect is regressed on that answer instead (expected value of sample information, EVSI; Strong and
others, Medical Decision Making 35, 2015).

Few replications make effects noisy. The best of several noisy effects looks better than it is, so
that `perfect` takes luck for knowledge and is an upper bound. A curve goes through the middle of
the noise. One that predicts nothing is left out, and what curves say is shrunk to what holds in
worlds that they have not seen, so that `partial` is hardly moved by noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.study.answers.curves import FOLDS, Floats, Groups, fit_curves, folds

LEAST_WORLDS = 20
"""With fewer worlds no curve can be told from noise."""
ROUNDING = 1e-9
"""A gain is nothing that is no larger than this part of the largest effect."""
NORMAL = 1.96
"""Standard errors to either side of a 95% interval."""


@dataclass(frozen=True)
class Information:
    """What it is worth to know something.

    Attributes:
        value: Expected gain of choosing with it, in the unit of the effects; not below zero.
        error: Standard error of that, by leaving out a part of the worlds in turn.
        changes: Share of the worlds in which another choice would be made.
    """

    value: float
    error: float
    changes: float

    @property
    def low(self) -> float:
        """Lower end of the 95% interval; not below zero."""
        return max(self.value - NORMAL * self.error, 0.0)

    @property
    def high(self) -> float:
        """Upper end of the 95% interval."""
        return self.value + NORMAL * self.error

    @property
    def is_told(self) -> bool:
        """Whether the value can be told from none."""
        return self.low > 0.0


def perfect(effects: Floats) -> float:
    """What it would be worth to know everything: the best of each world, less the best on average.

    Noise of replications counts as knowledge here, so this is an upper bound.

    Args:
        effects: Of each choice, in the direction that is wanted, shape (worlds, choices).
    """
    return float(effects.max(axis=1).mean() - effects.mean(axis=0).max())


def partial(effects: Floats, known: Floats, groups: Groups | None = None) -> Information:
    """What it is worth to know one or more parameters, or the answer of a survey.

    Args:
        effects: Of each choice, in the direction that is wanted, shape (worlds, choices).
        known: What would be known, shape (worlds, parameters).
        groups: Worlds of one number share what would be known, shape (worlds,), and are left out
            together; None where each world is drawn by itself.

    Raises:
        ValueError: there are fewer worlds than a curve needs.
    """
    worlds = effects.shape[0]
    if worlds < LEAST_WORLDS:
        raise ValueError(f"{worlds} worlds are too few for a curve: {LEAST_WORLDS} are needed")
    # Only differences between choices matter, and their noise is smaller.
    differences = effects - effects[:, :1]
    own = np.arange(worlds) if groups is None else groups
    curves = fit_curves(differences, known, own).at(known)
    parts = folds(own)
    unseen, without = np.empty_like(curves), []
    for part in range(FOLDS):
        rest = parts != part
        fit = fit_curves(differences[rest], known[rest], own[rest])
        unseen[~rest] = fit.at(known[~rest])
        without.append(fit.at(known[rest]))
    told = _shrunk(curves, _truth(unseen, differences, parts >= 0))
    value = _gain(told)
    left_out = [
        _gain(_shrunk(each, _truth(unseen, differences, parts != part)))
        for part, each in enumerate(without)
    ]
    # The jackknife over groups.
    error = float(np.sqrt((FOLDS - 1) / FOLDS * np.sum((np.array(left_out) - value) ** 2)))
    usual = int(told.mean(axis=0).argmax())
    changes = float(np.mean(told.argmax(axis=1) != usual))
    return Information(value, error, changes)


def _truth(unseen: Floats, effects: Floats, of: NDArray[np.bool_]) -> Floats:
    """How much of what curves say holds in worlds that they have not seen, from 0 to 1.

    The slope of effects on what is expected of them, choice by choice: below 1 where curves follow
    noise.
    """
    expected = unseen[of] - unseen[of].mean(axis=0)
    found = (expected * (effects[of] - effects[of].mean(axis=0))).sum(axis=0)
    whole = (expected**2).sum(axis=0)
    return np.asarray(np.clip(found / np.where(whole > 0, whole, 1.0), 0.0, 1.0))


def _shrunk(curves: Floats, truth: Floats) -> Floats:
    mean = curves.mean(axis=0)
    return np.asarray(mean + truth * (curves - mean))


def _gain(curves: Floats) -> float:
    """What choosing by the curves brings more than the choice that is best on average."""
    found = float(curves.max(axis=1).mean() - curves.mean(axis=0).max())
    return found if found > ROUNDING * float(np.abs(curves).max()) else 0.0

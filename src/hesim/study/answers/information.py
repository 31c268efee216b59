"""Say what it is worth to learn something before one chooses: the value of information.

Who chooses between arms now takes the one that is best on average. Who knew a parameter would take
the best one for its value. What that brings more, on average over what is believed of it, is the
expected value of partial perfect information (EVPPI). It is found by regression on runs that a
study already has (Strong, Oakley and Brennan, Medical Decision Making 34, 2014): the effect that is
expected given the parameter is a smooth curve through the effects of the worlds.

What a survey would tell is worth less than knowing: its answer is simulated for each world, and the
effect is regressed on that answer instead (expected value of sample information, EVSI; Strong and
others, Medical Decision Making 35, 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_WORLDS = 20
"""With fewer worlds no curve can be told from noise."""
ROUNDS, CLOSE = 50, 1e-6
"""Rounds of fitting one curve after another, and the change that ends them."""
MOST_POINTS = 60
"""Points that a curve goes through at most: means of worlds that lie near one another."""
FOLDS = 5
"""Parts that worlds are split into, to tell a curve from noise: each is left out once."""


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


def perfect(effects: Floats) -> float:
    """What it would be worth to know everything: the best of each world, less the best on average.

    Args:
        effects: Of each choice, in the direction that is wanted, shape (worlds, choices).
    """
    return float(effects.max(axis=1).mean() - effects.mean(axis=0).max())


def partial(effects: Floats, known: Floats) -> Information:
    """What it is worth to know one or more parameters, or the answer of a survey.

    Args:
        effects: Of each choice, in the direction that is wanted, shape (worlds, choices).
        known: What would be known, shape (worlds, parameters).

    Raises:
        ValueError: there are fewer worlds than a curve needs.
    """
    worlds = effects.shape[0]
    if worlds < LEAST_WORLDS:
        raise ValueError(f"{worlds} worlds are too few for a curve: {LEAST_WORLDS} are needed")
    # Only differences between choices matter, and their noise is smaller.
    differences = effects - effects[:, :1]
    curves = fitted(differences, known)
    value = _gain(curves)
    chosen = curves.argmax(axis=1)
    usual = int(curves.mean(axis=0).argmax())
    parts = np.arange(worlds) % FOLDS
    left_out = [
        _gain(fitted(differences[parts != part], known[parts != part])) for part in range(FOLDS)
    ]
    # The jackknife over groups.
    error = float(np.sqrt((FOLDS - 1) / FOLDS * np.sum((np.array(left_out) - value) ** 2)))
    return Information(max(value, 0.0), error, float(np.mean(chosen != usual)))


def _gain(curves: Floats) -> float:
    return float(curves.max(axis=1).mean() - curves.mean(axis=0).max())


def fitted(effects: Floats, known: Floats) -> Floats:
    """The effect that is expected given what is known, for each world and choice.

    A sum of smooth curves, one for each parameter (a generalised additive model). How smooth each
    is decides generalised cross-validation. A curve that predicts worlds which it has not seen no
    better than the mean is left out: with few worlds noise would look like knowledge.

    Args:
        effects: Shape (worlds, choices).
        known: Shape (worlds, parameters).
    """
    ranks = _spread(known)
    found = np.empty_like(effects)
    for choice in range(effects.shape[1]):
        found[:, choice] = _additive(effects[:, choice], ranks)
    return found


def _spread(known: Floats) -> Floats:
    """Each parameter in standard units, so that curves of all of them are alike."""
    spread = known.std(axis=0)
    return np.asarray((known - known.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _additive(effect: Floats, known: Floats) -> Floats:
    mean = float(effect.mean())
    curves = np.zeros_like(known)
    useful = [k for k in range(known.shape[1]) if _predicts(known[:, k], effect - mean)]
    for _ in range(ROUNDS if len(useful) > 1 else 1):
        before = curves.copy()
        for k in useful:
            rest = effect - mean - curves.sum(axis=1) + curves[:, k]
            curves[:, k] = _curve(known[:, k], rest, known[:, k])
            curves[:, k] -= curves[:, k].mean()
        if np.abs(curves - before).max() <= CLOSE * max(float(effect.std()), 1e-12):
            break
    return np.asarray(mean + curves.sum(axis=1))


def _predicts(x: Floats, y: Floats) -> bool:
    """Whether a curve predicts worlds that it has not seen better than their mean does."""
    if np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return False
    order = np.argsort(x, kind="stable")
    parts = np.empty(x.size, np.int64)
    parts[order] = np.arange(x.size) % FOLDS
    by_curve = by_mean = 0.0
    for part in range(FOLDS):
        inside, outside = parts != part, parts == part
        told = _curve(x[inside], y[inside], x[outside])
        by_curve += float(((y[outside] - told) ** 2).sum())
        by_mean += float(((y[outside] - y[inside].mean()) ** 2).sum())
    return by_curve < by_mean


def _curve(x: Floats, y: Floats, at: Floats) -> Floats:
    """A smooth curve through points, at other places; straight beyond the outermost points."""
    from scipy.interpolate import make_smoothing_spline

    places, means, counts = _points(x, y)
    if places.size < 5:
        # Few values: the mean of each.
        return np.asarray(np.interp(at, places, means))
    spline = make_smoothing_spline(places, means, w=counts)
    low, high = places[0], places[-1]
    inside = np.asarray(spline(np.clip(at, low, high)), np.float64)
    slopes = spline.derivative()
    below, above = np.minimum(at - low, 0.0), np.maximum(at - high, 0.0)
    return np.asarray(inside + below * float(slopes(low)) + above * float(slopes(high)))


def _points(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Places, means there and how many worlds each stands for; near worlds are put together."""
    order = np.argsort(x, kind="stable")
    _, first = np.unique(x[order], return_index=True)
    if first.size > MOST_POINTS:
        # Worlds so near one another that a spline could not tell them apart.
        first = np.unique(first[np.linspace(0, first.size - 1, MOST_POINTS + 1).astype(int)[:-1]])
    counts = np.diff(np.append(first, x.size)).astype(np.float64)
    places = np.add.reduceat(x[order], first) / counts
    return places, np.add.reduceat(y[order], first) / counts, counts

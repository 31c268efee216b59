"""Fit smooth curves through the effects of worlds: what is expected given what is known.

A curve is a natural cubic smoothing spline. Generalised cross-validation decides how smooth it is.
The basis of a spline depends on the places alone, so that all arms of a study share it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Groups = NDArray[np.int64]
ROUNDS, CLOSE = 20, 1e-3
"""Rounds of fitting one curve after another, and the change that ends them."""
MOST_POINTS = 60
"""Points that a curve goes through at most: means of worlds that lie near one another."""
LEAST_POINTS = 5
"""With fewer different values no curve is drawn: each value has its own mean."""
MOST_FREEDOM = 10.0
"""Degrees of freedom that a curve has at most, as a smooth term of the R package mgcv has."""
STEPS = 30
"""Degrees of smoothness that are tried."""
FOLDS = 5
"""Parts that worlds are split into, to tell a curve from noise: each is left out once."""


def fit_curves(effects: Floats, known: Floats, groups: Groups | None = None) -> Curves:
    """Fit the effect that is expected given what is known.

    A sum of smooth curves, one for each parameter (a generalised additive model). A curve that
    predicts worlds which it has not seen no better than the mean is left out: with few worlds noise
    would look like knowledge.

    Args:
        effects: Shape (worlds, choices).
        known: Shape (worlds, parameters).
        groups: Worlds of one number are not told apart from each other by what is known, shape
            (worlds,): they are left out together. Each world is a group of its own without it.
    """
    mean = effects.mean(axis=0)
    rest = effects - mean
    own = np.arange(effects.shape[0]) if groups is None else groups
    terms = []
    for number, column in enumerate(known.T):
        use = predicts(column, rest, own)
        if use.any():
            terms.append(_Term(number, _Smooth.through(column), use))
    curves = np.zeros((len(terms), *effects.shape))
    close = CLOSE * np.maximum(effects.std(axis=0), 1e-12)
    for _ in range(ROUNDS if len(terms) > 1 else 1):
        before = curves.copy()
        for k, term in enumerate(terms):
            term.rest = rest - curves.sum(axis=0) + curves[k]
            curves[k] = term.at(known)
            term.middle = curves[k].mean(axis=0)
            curves[k] -= term.middle
        if (np.abs(curves - before) <= close).all():
            break
    return Curves(mean, tuple(terms))


@dataclass
class _Term:
    """The curve of one parameter.

    Attributes:
        number: Column of the parameter.
        smooth: Its places.
        use: Choices that it predicts, shape (choices,).
        rest: What the other curves leave of the effects, shape (worlds, choices).
        middle: Mean of the curve over the worlds, which is taken off.
    """

    number: int
    smooth: _Smooth
    use: NDArray[np.bool_]
    rest: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    middle: Floats | float = 0.0

    def at(self, known: Floats) -> Floats:
        """The curve of each choice, shape (worlds, choices); nothing where it predicts nothing."""
        made = np.zeros((known.shape[0], self.use.size))
        made[:, self.use] = self.smooth.curve(self.rest[:, self.use], known[:, self.number])
        return made


@dataclass(frozen=True)
class Curves:
    """What is expected of each choice given what is known.

    Attributes:
        mean: Of each choice, shape (choices,).
        terms: Curves of the parameters that predict something.
    """

    mean: Floats
    terms: tuple[_Term, ...]

    def at(self, known: Floats) -> Floats:
        """The effects that are expected, shape (worlds, choices).

        Args:
            known: Shape (worlds, parameters).
        """
        made = np.tile(self.mean, (known.shape[0], 1))
        for term in self.terms:
            made += term.at(known) - np.where(term.use, term.middle, 0.0)
        return made


def predicts(known: Floats, effects: Floats, groups: Groups) -> NDArray[np.bool_]:
    """Whether a curve predicts worlds that it has not seen better than their mean does.

    Args:
        known: Shape (worlds,).
        effects: Shape (worlds, choices).
        groups: As for `fit_curves`.

    Returns:
        Shape (choices,).
    """
    differ = np.ptp(effects, axis=0) > 0.0
    if np.ptp(known) == 0.0 or not differ.any():
        return np.zeros(effects.shape[1], np.bool_)
    parts = folds(groups, known)
    by_curve, by_mean = np.zeros((2, effects.shape[1]))
    for part in range(FOLDS):
        inside, outside = parts != part, parts == part
        if not inside.any() or not outside.any():
            continue
        told = _Smooth.through(known[inside]).curve(effects[inside], known[outside])
        by_curve += ((effects[outside] - told) ** 2).sum(axis=0)
        by_mean += ((effects[outside] - effects[inside].mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(differ & (by_curve < by_mean))


def folds(groups: Groups, along: Floats | None = None) -> Groups:
    """The part that each world belongs to; worlds of a group are in one part.

    Args:
        groups: Group of each world, shape (worlds,).
        along: What is known, so that each part is spread over it; the number of the group if None.
    """
    _, place = np.unique(groups, return_inverse=True)
    if along is None:
        return np.asarray(place % FOLDS, np.int64)
    middle = np.bincount(place, along) / np.bincount(place)
    rank = np.empty(middle.size, np.int64)
    rank[np.argsort(middle, kind="stable")] = np.arange(middle.size)
    return np.asarray(rank[place] % FOLDS, np.int64)


@dataclass(frozen=True)
class _Smooth:
    """Curves through points at places that stay, whatever stands there.

    Attributes:
        order: Worlds by where they are.
        first: Where each point begins in that order.
        places: Mean place of each point.
        counts: Worlds that each point stands for.
        basis: Waves of the spline, smooth ones first, shape (points, waves); none with few points.
        bends: How much each wave bends.
    """

    order: NDArray[np.intp]
    first: NDArray[np.intp]
    places: Floats
    counts: Floats
    basis: Floats
    bends: Floats

    @classmethod
    def through(cls, x: Floats) -> _Smooth:
        """The places of worlds; worlds that lie near one another are put together."""
        order = np.argsort(x, kind="stable")
        _, first = np.unique(x[order], return_index=True)
        if first.size > MOST_POINTS:
            # Worlds so near one another that a spline could not tell them apart.
            ends = np.linspace(0, first.size - 1, MOST_POINTS + 1).astype(int)
            first = first[ends[:-1]]
        counts = np.diff(np.append(first, x.size)).astype(np.float64)
        places = np.add.reduceat(x[order], first) / counts
        bends, basis = _waves(places, counts)
        return cls(order, first, places, counts, basis, bends)

    def curve(self, y: Floats, where: Floats) -> Floats:
        """A curve through each column, at the places asked.

        Args:
            y: Shape (worlds, columns).
            where: Places. Beyond the outermost points the curve is straight.
        """
        from scipy.interpolate import CubicSpline

        means = np.add.reduceat(y[self.order], self.first, axis=0) / self.counts[:, None]
        if self.places.size < LEAST_POINTS:
            columns = [np.interp(where, self.places, column) for column in means.T]
            return np.stack(columns, axis=1)
        values = self._smoothed(means)
        spline = CubicSpline(self.places, values, bc_type="natural")
        low, high = self.places[0], self.places[-1]
        inside = np.asarray(spline(np.clip(where, low, high)))
        below, above = np.minimum(where - low, 0.0), np.maximum(where - high, 0.0)
        slopes = spline.derivative()
        return np.asarray(
            inside + below[:, None] * slopes(low) + above[:, None] * slopes(high), np.float64
        )

    def _smoothed(self, means: Floats) -> Floats:
        """Values of the curve at the points, as smooth as cross-validation finds best."""
        root = np.sqrt(self.counts)[:, None]
        waves = self.basis.T @ (root * means)
        # Two waves are straight and stay; the others shrink, those that bend most the most.
        scale = self.bends[2:].min() if self.bends.size > 2 else 1.0
        tried = np.geomspace(1e-6, 1e6, STEPS)[:, None] / scale
        shares = 1.0 / (1.0 + tried * self.bends)
        freedom = shares.sum(axis=1)
        allowed = freedom <= min(MOST_FREEDOM, 0.5 * self.places.size + 1.0)
        shares, freedom = shares[allowed], freedom[allowed]
        left = (1.0 - shares) ** 2 @ waves**2
        best = (left / (1.0 - freedom / self.places.size)[:, None] ** 2).argmin(axis=0)
        return np.asarray(self.basis @ (shares[best].T * waves) / root)


def _waves(places: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """What natural cubic splines are made of: waves, and how much each of them bends.

    Reinsch's form: the bending of a spline is a quadratic form of its values at the points.
    """
    size = places.size
    if size < LEAST_POINTS:
        return np.zeros(0), np.zeros((size, 0))
    gaps = np.diff(places)
    second = np.zeros((size, size - 2))
    inner = np.arange(size - 2)
    second[inner, inner] = 1.0 / gaps[:-1]
    second[inner + 1, inner] = -1.0 / gaps[:-1] - 1.0 / gaps[1:]
    second[inner + 2, inner] = 1.0 / gaps[1:]
    form = np.diag((gaps[:-1] + gaps[1:]) / 3.0)
    form += np.diag(gaps[1:-1] / 6.0, 1) + np.diag(gaps[1:-1] / 6.0, -1)
    bending = second @ np.linalg.solve(form, second.T)
    root = np.sqrt(counts)
    bends, basis = np.linalg.eigh(bending / np.outer(root, root))
    # The two straight waves bend by nothing but rounding.
    bends[:2] = 0.0
    return np.maximum(bends, 0.0), basis

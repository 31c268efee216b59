"""Emulate a run: a quadratic in the parameters and a Gaussian process on what it leaves.

Shares are emulated on the logit scale, flows and shortfalls on the log scale, so that a prediction
is always possible and noise is much the same everywhere. Ridge regression is a Gaussian process too
(normal priors of its coefficients), so one kernel holds both: the quadratic's and a squared
exponential's (Kennedy and O'Hagan 2001; Rasmussen and Williams 2006, sections 2.7 and 5.4.2).
Errors are then those at a point: small among the runs, large far from them. All outputs share
kernels and their eigenvectors; each has a share of bends and of noise of its own, chosen by the
likelihood of runs left out one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.registry import OUTCOMES

Floats = NDArray[np.float64]
LEVEL = 10.0
"""Prior variance of the level, where that of a slope is 1."""
BENT = 0.5
"""Scale of squares and products: bends are expected to be weaker than slopes."""
BENDS = (0.0, 30.0, 200.0, 1500.0)
"""Prior variances of the squared exponential that an output may have, against a slope's 1."""
NOISES = tuple(np.geomspace(0.1, 3000.0, 12))
"""The same for noise."""
LENGTHS = (1.0, 2.0, 4.0, 8.0, 14.0, 20.0)
"""Length scales that all outputs may share, prior deviations along the most active parameter."""
ACTIVE = (0.0, 0.5, 1.0)
"""How far a parameter's length scale follows its activity: 0 not at all, 1 inversely."""
FOLDS = 5
"""Parts in which errors are checked on runs that nothing was chosen by."""
FEW = 300
"""Runs on which length scales are chosen."""
LOGS = (
    "outcome|hbo_entrants_phd",
    "outcome|hbo_phd_from_wo",
    "outcome|wo_permanent_leavers",
    *(f"outcome|{name}" for name, outcome in OUTCOMES.items() if outcome.emulation == "log"),
)
"""Flows and rates of flows."""
SHORTS = ("outcome|heads_wo", "outcome|heads_hbo")
"""Percentages of a target that is missed by little: what counts is by how little."""
LEAST, LEAST_SHORT = 0.5, 0.05
"""Below these, flows (people, or per cent) and shortfalls (per cent) are taken to be these."""
FLOOR = 2e-4
"""Share that stands for none: half a mover among a few thousand."""


def scale_of(name: str) -> str:
    """Scale on which an output is emulated: `plain`, `log`, `short` (log of 100 - x) or `logit`."""
    if name in LOGS:
        return "log"
    if name in SHORTS:
        return "short"
    return "plain" if name.startswith(("outcome|", "offset|", "posts|")) else "logit"


def _features(points: Floats) -> Floats:
    first, second = np.triu_indices(points.shape[-1])
    products = points[..., first] * points[..., second] - (first == second)
    level = np.full((*points.shape[:-1], 1), np.sqrt(LEVEL))
    return np.concatenate([level, points, BENT * products], axis=-1)


def _closeness(points: Floats, runs: Floats) -> Floats:
    """Squared exponential between points and runs whose parameters are in length scales."""
    apart = (points**2).sum(-1)[..., None] + (runs**2).sum(-1) - 2.0 * points @ runs.T
    return np.asarray(np.exp(-0.5 * np.maximum(apart, 0.0)))


class Basis(NamedTuple):
    """Eigenvectors (runs, runs) and eigenvalues (runs,) of the runs' kernel at a share of bends."""

    vectors: Floats
    values: Floats


@dataclass(frozen=True)
class Emulator:
    """What runs would show, for outputs in the order of `names`.

    Attributes:
        names: Outputs.
        runs: Points of the runs learned from, standard units, shape (runs, parameters).
        lengths: Length scale of each parameter.
        level: Mean of each output over the runs, on the emulated scale, shape (outputs,).
        coefficients: Of the quadratic, shape (features, outputs).
        nearby: What each run adds to points near it, shape (runs, outputs).
        bases: One for each of `BENDS`.
        bends: Which of `BENDS` an output has, shape (outputs,).
        size: Variance of a slope of the output on the emulated scale, shape (outputs,).
        noise: Variance of a run's noise, as a multiple of `size`, shape (outputs,).
        error: Root mean squared error of the runs left out, on the emulated scale.
        spread: Standard deviation of the runs themselves on that scale.
        related: Correlation of the errors of the runs left out, shape (outputs, outputs).
        width: How much wider errors are than the chosen numbers say, see `_width`.
    """

    names: tuple[str, ...]
    runs: Floats
    lengths: Floats
    level: Floats
    coefficients: Floats
    nearby: Floats
    bases: tuple[Basis, ...]
    bends: NDArray[np.int64]
    size: Floats
    noise: Floats
    error: Floats
    spread: Floats
    related: Floats
    width: float = 1.0

    @cached_property
    def _kinds(self) -> tuple[NDArray[np.bool_], ...]:
        kinds = np.array([scale_of(name) for name in self.names])
        return kinds == "log", kinds == "short", kinds == "logit"

    @cached_property
    def _scaled(self) -> Floats:
        return self.runs / self.lengths

    def __call__(self, points: Floats) -> Floats:
        """Predict outputs on their natural scale, shape (..., outputs)."""
        return self.natural(self.shown(points))

    def shown(self, points: Floats) -> Floats:
        """Predict outputs on the scale on which they are emulated, shape (..., outputs)."""
        near = _closeness(points / self.lengths, self._scaled)
        return np.asarray(self.level + _features(points) @ self.coefficients + near @ self.nearby)

    def natural(self, shown: Floats) -> Floats:
        """Take outputs from the scale on which they are emulated to their natural one."""
        log, short, logit = self._kinds
        natural = shown.copy()
        natural[..., log] = np.exp(np.minimum(shown[..., log], 20.0))
        natural[..., short] = 100.0 - np.exp(np.minimum(shown[..., short], 20.0))
        natural[..., logit] = 1.0 / (1.0 + np.exp(-shown[..., logit]))
        return natural

    def errors(self, points: Floats, one_run: bool = False) -> Floats:
        """Standard error of a prediction at points, on the emulated scale, shape (..., outputs).

        Args:
            points: In standard units, shape (..., parameters).
            one_run: Of one run against the prediction: with a run's own noise.
        """
        flat = points.reshape(-1, points.shape[-1])
        features, own = _features(flat), _features(self.runs)
        straight = features @ own.T
        near = _closeness(flat / self.lengths, self._scaled)
        variance = np.empty((flat.shape[0], len(self.names)))
        for kind, basis in enumerate(self.bases):
            mine = self.bends == kind
            if not mine.any():
                continue
            seen = (straight + BENDS[kind] * near) @ basis.vectors
            known = seen**2 @ (1.0 / (basis.values[:, None] + self.noise[mine]))
            prior = (features**2).sum(-1) + BENDS[kind]
            variance[:, mine] = np.maximum(prior[:, None] - known, 0.0)
        variance = (variance + (self.noise if one_run else 0.0)) * self.size
        wide = self.width * np.sqrt(variance)
        return np.asarray(wide.reshape(*points.shape[:-1], len(self.names)))

    def slopes(self, natural: Floats) -> Floats:
        """Slopes (without sign) of outputs in what is emulated, at natural values."""
        log, short, logit = self._kinds
        slope = np.ones(natural.shape)
        slope[..., log] = natural[..., log]
        slope[..., short] = 100.0 - natural[..., short]
        slope[..., logit] = natural[..., logit] * (1.0 - natural[..., logit])
        return slope

    def standard_errors(self, points: Floats, one_run: bool = False) -> Floats:
        """The same as `errors` on the natural scale, to the first order."""
        return self.errors(points, one_run) * self.slopes(self(points))

    def explained(self) -> Floats:
        """Share of the variance between runs that is predicted, by output."""
        return np.asarray(1.0 - (self.error / np.maximum(self.spread, 1e-12)) ** 2)

    def only(self, names: list[str]) -> Emulator:
        """An emulator of some outputs."""
        at = {name: k for k, name in enumerate(self.names)}
        rows = np.array([at[name] for name in names], int)
        some = {
            name: getattr(self, name)[..., rows]
            for name in (
                "level",
                "coefficients",
                "nearby",
                "bends",
                "size",
                "noise",
                "error",
                "spread",
            )
        }
        return replace(self, names=tuple(names), related=self.related[np.ix_(rows, rows)], **some)


def moved(values: Floats, emulator: Emulator, points: Floats, others: Floats) -> Floats:
    """What runs would have shown with the inputs of other runs.

    Inputs change what is shown. Here they do so by as much at every point, on the scale on which
    outputs are emulated: by the mean of what the other runs show beyond what is predicted of them.

    Args:
        values: What the runs showed, natural scale, shape (runs, outputs).
        emulator: Learned from these runs.
        points: Points of the other runs, standard units.
        others: What those showed.

    Returns:
        Values on their natural scale, shape (runs, outputs).
    """
    apart = forward(emulator.names, others) - emulator.shown(points)
    return emulator.natural(forward(emulator.names, values) + apart.mean(axis=0))


def forward(names: tuple[str, ...], values: Floats) -> Floats:
    """Outputs on the scale on which they are emulated."""
    shown = values.copy()
    for k, name in enumerate(names):
        kind = scale_of(name)
        if kind == "log":
            shown[..., k] = np.log(np.maximum(values[..., k], LEAST))
        elif kind == "short":
            shown[..., k] = np.log(np.maximum(100.0 - values[..., k], LEAST_SHORT))
        elif kind == "logit":
            share = np.clip(values[..., k], FLOOR, 1.0 - FLOOR)
            shown[..., k] = np.log(share / (1.0 - share))
    return shown


class _Chosen(NamedTuple):
    """Best noise and bends so far of each output, and what they give (all by output)."""

    score: Floats
    bends: NDArray[np.int64]
    noise: Floats
    size: Floats
    dual: Floats
    left_out: Floats
    standard: Floats


def learn(
    names: tuple[str, ...], points: Floats, values: Floats, weights: Floats | None = None
) -> Emulator:
    """Learn from runs.

    Args:
        names: Outputs.
        points: Parameter points in standard units, shape (runs, parameters).
        values: What the runs showed, natural scale, shape (runs, outputs).
        weights: How much each run counts when an output's bends, noise and size are chosen: where
            predictions must be right. No run is taken to be less noisy than it is, so what is
            predicted leans on near runs only as far as the kernel says.
    """
    shown = forward(names, values)
    share = np.ones(points.shape[0]) if weights is None else weights / weights.mean()
    level, spread = shown.mean(axis=0), shown.std(axis=0)
    # An output that never changes has nothing to be learned; its errors are nil.
    unit = np.maximum(spread, 1e-9)
    y = (shown - level) / unit
    features = _features(points)
    straight = features @ features.T
    lengths = _lengths(points, features, straight, y, share)
    near = _closeness(points / lengths, points / lengths)
    chosen, bases = _choose(straight, near, y, share)
    bent = np.array(BENDS)[chosen.bends]
    root = np.sqrt((share[:, None] * chosen.standard**2).sum(axis=0) / share.sum())
    standard = chosen.standard / np.maximum(root, 1e-12)
    related = (share[:, None] * standard).T @ standard / share.sum()
    # Shrunk towards independence by what as many independent outputs would show by chance.
    count = share.sum() ** 2 / (share**2).sum()
    kept = count / (count + len(names))
    related = kept * related + (1.0 - kept) * np.diag(np.diag(related))
    np.fill_diagonal(related, 1.0)
    return Emulator(
        names,
        points,
        lengths,
        level,
        features.T @ chosen.dual * unit,
        bent * chosen.dual * unit,
        bases,
        chosen.bends,
        chosen.size * unit**2,
        chosen.noise,
        np.sqrt((chosen.left_out**2).mean(axis=0)) * unit,
        spread,
        related,
        _width(straight, near, y, share),
    )


def _width(straight: Floats, near: Floats, y: Floats, share: Floats) -> float:
    """Root mean squared standardised error of runs that nothing was chosen by, at least 1.

    Bends, noise and size are chosen by runs left out one at a time, so on those the errors are
    right by construction. Here each fifth of the runs is predicted by choices that never saw it.
    """
    fold = np.arange(y.shape[0]) % FOLDS
    squares = np.zeros(y.shape[0])
    for out in range(FOLDS):
        seen, new = np.flatnonzero(fold != out), np.flatnonzero(fold == out)
        chosen, bases = _choose(
            straight[np.ix_(seen, seen)], near[np.ix_(seen, seen)], y[seen], share[seen]
        )
        for kind, basis in enumerate(bases):
            mine = chosen.bends == kind
            kernel = straight + BENDS[kind] * near
            across = kernel[np.ix_(new, seen)]
            known = (across @ basis.vectors) ** 2 @ (
                1.0 / (basis.values[:, None] + chosen.noise[mine])
            )
            prior = np.diag(kernel)[new][:, None] + chosen.noise[mine]
            variance = np.maximum(prior - known, 1e-12) * chosen.size[mine]
            wrong = y[np.ix_(new, mine.nonzero()[0])] - across @ chosen.dual[:, mine]
            squares[new] += (wrong**2 / variance).sum(axis=1)
    mean = share @ squares / (share.sum() * y.shape[1])
    return float(max(np.sqrt(mean), 1.0))


def _lengths(
    points: Floats, features: Floats, straight: Floats, y: Floats, share: Floats
) -> Floats:
    """Length scales of the parameters by the outputs' summed likelihood, on `FEW` of the runs."""
    slope = np.linalg.solve(straight + 30.0 * np.eye(points.shape[0]), y)
    size = points.shape[1]
    first, second = np.triu_indices(size)
    found = (features.T @ slope)[1:]
    active = (found[:size] ** 2).sum(axis=1)
    bent = BENT**2 * (found[size:] ** 2).sum(axis=1)
    np.add.at(active, first, bent)
    np.add.at(active, second, bent)
    active = np.sqrt(active / active.max())
    rows = np.unique(np.linspace(0, points.shape[0] - 1, FEW).astype(int))
    some, few = points[rows], np.ix_(rows, rows)
    best, score = np.ones(size), -np.inf
    for power in ACTIVE:
        for length in LENGTHS:
            lengths = length * np.maximum(active, 0.05) ** -power
            near = _closeness(some / lengths, some / lengths)
            tried, _ = _choose(straight[few], near, y[rows], share[rows], BENDS[1::2], NOISES[1::3])
            found_score = float(tried.score.sum())
            if found_score > score:
                best, score = lengths, found_score
    return best


def _choose(
    straight: Floats,
    near: Floats,
    y: Floats,
    share: Floats,
    bends: tuple[float, ...] = BENDS,
    noises: tuple[float, ...] = NOISES,
) -> tuple[_Chosen, tuple[Basis, ...]]:
    """Bends, noise and size of each output by the likelihood of the runs left out one at a time."""
    best: _Chosen | None = None
    bases = []
    for kind, bend in enumerate(bends):
        values, vectors = np.linalg.eigh(straight + bend * near)
        basis = Basis(vectors, np.maximum(values, 0.0))
        bases.append(basis)
        turned, square = vectors.T @ y, vectors**2
        for noise in noises:
            inverse = 1.0 / (basis.values + noise)
            precision = square @ inverse
            dual = vectors @ (inverse[:, None] * turned)
            left_out = dual / precision[:, None]
            standard = dual / np.sqrt(precision)[:, None]
            size = np.maximum(share @ standard**2 / share.sum(), 1e-18)
            score = -0.5 * (share.sum() * np.log(size) - share @ np.log(precision))
            count = y.shape[1]
            now = _Chosen(
                score, np.full(count, kind), np.full(count, noise), size, dual, left_out, standard
            )
            if best is None:
                best = now
                continue
            better = score > best.score
            best = _Chosen(
                *(np.where(better, new, old) for new, old in zip(now, best, strict=True))
            )
    assert best is not None
    return best, tuple(bases)

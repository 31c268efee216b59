"""Emulate a run: ridge regression on all squares and products of the parameters.

Shares are emulated on the logit scale and flows on the log scale, so that a prediction is always
possible. The strength of the ridge is chosen by leaving one run out, for each output apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
BENT = 0.5
"""Scale of squares and products: bends are expected to be weaker than slopes."""
LOGS = (
    "outcome|hbo_entrants_phd", "outcome|hbo_phd_from_wo", "outcome|wo_to_hbo",
    "outcome|hbo_to_wo", "outcome|phds_in_hbo_within_5y",
)  # fmt: skip
FLOOR = 2e-4
"""Share that stands for none: half a mover among a few thousand."""


def scale_of(name: str) -> str:
    """Scale on which an output is emulated: `plain`, `log` or `logit`."""
    if name in LOGS:
        return "log"
    return "plain" if name.startswith(("outcome|", "offset|", "posts|")) else "logit"


def _features(points: Floats) -> Floats:
    first, second = np.triu_indices(points.shape[-1])
    products = points[..., first] * points[..., second] - (first == second)
    return np.concatenate([points, BENT * products], axis=-1)


@dataclass(frozen=True)
class Emulator:
    """What runs would show, for outputs in the order of `names`.

    Attributes:
        names: Outputs.
        coefficients: Shape (features, outputs).
        constant: Shape (outputs,).
        error: Root mean squared error of the runs left out, on the emulated scale.
        spread: Standard deviation of the runs themselves on that scale.
        weight: How much of one run's noise a prediction carries: effective parameters over runs.
    """

    names: tuple[str, ...]
    coefficients: Floats
    constant: Floats
    error: Floats
    spread: Floats
    weight: float

    def __post_init__(self) -> None:
        """Sort outputs by scale once."""
        kinds = np.array([scale_of(name) for name in self.names])
        object.__setattr__(self, "_log", kinds == "log")
        object.__setattr__(self, "_logit", kinds == "logit")
        object.__setattr__(self, "at", {name: k for k, name in enumerate(self.names)})

    def __call__(self, points: Floats) -> Floats:
        """Predict outputs on their natural scale, shape (..., outputs)."""
        shown = _features(points) @ self.coefficients + self.constant
        return self._back(shown)

    def _back(self, shown: Floats) -> Floats:
        log, logit = self._log, self._logit  # type: ignore[attr-defined]
        natural = shown.copy()
        natural[..., log] = np.exp(np.minimum(shown[..., log], 20.0))
        natural[..., logit] = 1.0 / (1.0 + np.exp(-shown[..., logit]))
        return natural

    def standard_errors(self, values: Floats) -> Floats:
        """Standard error of a prediction on the natural scale, at predicted values."""
        log, logit = self._log, self._logit  # type: ignore[attr-defined]
        slope = np.ones(values.shape)
        slope[..., log] = values[..., log]
        slope[..., logit] = values[..., logit] * (1.0 - values[..., logit])
        return np.asarray(self.error * np.sqrt(self.weight) * slope)

    def explained(self) -> Floats:
        """Share of the variance between runs that is predicted, by output."""
        return np.asarray(1.0 - (self.error / np.maximum(self.spread, 1e-12)) ** 2)

    def only(self, names: list[str]) -> Emulator:
        """An emulator of some outputs."""
        rows = [self.at[name] for name in names]  # type: ignore[attr-defined]
        return Emulator(
            tuple(names), self.coefficients[:, rows], self.constant[rows], self.error[rows],
            self.spread[rows], self.weight,
        )  # fmt: skip


def forward(names: tuple[str, ...], values: Floats) -> Floats:
    """Outputs on the scale on which they are emulated."""
    shown = values.copy()
    for k, name in enumerate(names):
        kind = scale_of(name)
        if kind == "log":
            shown[..., k] = np.log(np.maximum(values[..., k], 1.0))
        elif kind == "logit":
            share = np.clip(values[..., k], FLOOR, 1.0 - FLOOR)
            shown[..., k] = np.log(share / (1.0 - share))
    return shown


def learn(
    names: tuple[str, ...], points: Floats, values: Floats, weights: Floats | None = None
) -> Emulator:
    """Learn from runs.

    Args:
        names: Outputs.
        points: Parameter points in standard units, shape (runs, parameters).
        values: What the runs showed, natural scale, shape (runs, outputs).
        weights: How much each run counts.
    """
    from sklearn.linear_model import RidgeCV

    features, shown = _features(points), forward(names, values)
    share = np.ones(points.shape[0]) if weights is None else weights
    root = np.sqrt(share / share.mean())[:, None]
    middle = np.average(features, axis=0, weights=share)
    level = np.average(shown, axis=0, weights=share)
    x, y = root * (features - middle), root * (shown - level)
    model = RidgeCV(PENALTIES, fit_intercept=False, alpha_per_target=True, store_cv_results=True)
    model.fit(x, y)
    left_out = model.cv_results_.mean(axis=0)
    error = np.sqrt(left_out.min(axis=-1))
    penalty = float(np.median(model.alpha_))
    size = np.linalg.svd(x, compute_uv=False) ** 2
    effective = float((size / (size + penalty)).sum()) + 1.0
    coefficients = np.asarray(model.coef_).T
    return Emulator(
        names, coefficients, level - middle @ coefficients, error, y.std(axis=0),
        min(effective / points.shape[0], 1.0),
    )  # fmt: skip

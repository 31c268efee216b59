"""Hold the fitted parameters: priors, bounds, and the settings that each of them moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.config import Settings

Floats = NDArray[np.float64]
MOST = 20
"""Parameters that may be fitted, the model's own intercepts among them."""


@dataclass(frozen=True)
class Parameter:
    """One fitted number.

    Attributes:
        name: Short name.
        scale: `plain`, `log` or `logit`: where its prior is normal.
        mean: Prior mean on that scale.
        sd: Prior standard deviation on that scale.
        low: Lowest value on the natural scale.
        high: Highest value.
        sets: Paths of settings that take the value.
        shifts: Paths of settings that move by so many times the value.
        multiplies: Paths of settings that are multiplied by the value.
        about: What it is, in words.
    """

    name: str
    scale: str
    mean: float
    sd: float
    low: float
    high: float
    sets: tuple[str, ...]
    shifts: Mapping[str, float]
    multiplies: tuple[str, ...]
    about: str

    def paths(self) -> tuple[str, ...]:
        """Paths of all settings that it moves."""
        return (*self.sets, *self.shifts, *self.multiplies)

    def forward(self, value: Floats | float) -> Any:
        """From the natural scale to the prior's."""
        if self.scale == "log":
            return np.log(value)
        return np.log(value / (1.0 - np.asarray(value))) if self.scale == "logit" else value

    def back(self, value: Floats | float) -> Any:
        """From the prior's scale to the natural one."""
        if self.scale == "log":
            return np.exp(value)
        return 1.0 / (1.0 + np.exp(-np.asarray(value))) if self.scale == "logit" else value


class Parameters:
    """All fitted parameters, in one order.

    Points are given in standard units: 0 is the prior mean, 1 a prior standard deviation above it.
    """

    def __init__(self, listed: Mapping[str, Mapping[str, Any]]) -> None:
        """Read them from the plan's `parameters`.

        Raises:
            ValueError: there are more than `MOST`.
        """
        self.all = tuple(_parameter(name, given) for name, given in listed.items())
        if len(self.all) > MOST:
            raise ValueError(f"{len(self.all)} parameters are fitted; at most {MOST} may be")
        self.names = tuple(p.name for p in self.all)
        bounds = [
            [
                (float(p.forward(end)) - p.mean) / p.sd if _inner(p, end) else sign * np.inf
                for sign, end in ((-1, p.low), (1, p.high))
            ]
            for p in self.all
        ]
        self.low, self.high = np.array(bounds).T

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.all)

    def natural(self, point: Floats) -> Floats:
        """Values on the natural scale, shape (..., size), of points in standard units."""
        shown = [p.back(p.mean + p.sd * point[..., k]) for k, p in enumerate(self.all)]
        return np.stack([np.asarray(x, np.float64) for x in shown], axis=-1)

    def standard(self, values: Floats) -> Floats:
        """Points in standard units of values on the natural scale."""
        return np.stack(
            [(p.forward(values[..., k]) - p.mean) / p.sd for k, p in enumerate(self.all)], axis=-1
        )

    def inside(self, points: Floats) -> NDArray[np.bool_]:
        """Whether each point lies inside all bounds."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=-1))

    def paths(self, point: Floats, base: Settings) -> dict[str, float]:
        """Settings of one point.

        Args:
            point: In standard units, shape (size,).
            base: Settings without calibration, from which `shifts` start.
        """
        values = self.natural(point)
        found: dict[str, float] = {}
        for p, value in zip(self.all, values, strict=True):
            for path in p.sets:
                found[path] = float(value)
            for path, times in p.shifts.items():
                found[path] = found.get(path, base.number(path)) + times * float(value)
            for path in p.multiplies:
                found[path] = found.get(path, base.number(path)) * float(value)
        return found


def _inner(p: Parameter, end: float) -> bool:
    """Whether a bound is a number on the prior's scale (0 is none on a log scale)."""
    return p.scale == "plain" or (end > 0 and (p.scale == "log" or end < 1))


def _parameter(name: str, given: Mapping[str, Any]) -> Parameter:
    mean, sd = given["prior"]
    low, high = given["bounds"]
    return Parameter(
        name,
        given.get("scale", "plain"),
        float(mean),
        float(sd),
        float(low),
        float(high),
        tuple(given.get("sets", ())),
        dict(given.get("shifts", {})),
        tuple(given.get("multiplies", ())),
        given.get("about", ""),
    )

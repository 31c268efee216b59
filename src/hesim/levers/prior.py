"""Say what is believed of a dial before anybody has measured it: a distribution, and why.

Shapes are those that people can judge by two or three numbers. Of `lognormal`, `normal` and `beta`
these are the 5% and 95% points, of `triangular` and `uniform` the ends. What lies outside of the
dial's range is cut off.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

TAIL = 0.05
"""Chance below `low`, and above `high`, of a shape without ends."""
FIXED = "fixed"
NOTHING_SAID = "Its file says nothing, so its whole range is possible."
SHAPES: dict[str, tuple[str, ...]] = {
    "lognormal": ("low", "high"),
    "normal": ("low", "high"),
    "beta": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "uniform": ("low", "high"),
    FIXED: (),
}
"""Each shape with the numbers that it needs."""


@dataclass(frozen=True)
class Prior:
    """What is believed of a dial.

    Attributes:
        shape: One of `SHAPES`; `fixed` is not drawn, as the dial says what the lever is.
        reason: Why, in a sentence.
        low: Its 5% point, or its lower end.
        high: Its 95% point, or its upper end.
        mode: The likeliest value of a triangle.
        least: The dial's lowest value.
        most: The dial's highest value.
    """

    shape: str
    reason: str
    low: float = math.nan
    high: float = math.nan
    mode: float = math.nan
    least: float = -math.inf
    most: float = math.inf

    @property
    def is_drawn(self) -> bool:
        """Whether the dial varies."""
        return self.shape != FIXED

    def at(self, share: float) -> float:
        """The value below which a share of the distribution lies, inside the dial's range.

        Args:
            share: From 0 to 1.

        Raises:
            ValueError: the prior is fixed.
        """
        if not self.is_drawn:
            raise ValueError("a fixed dial has no distribution")
        below, above = (float(self._distribution.cdf(end)) for end in (self.least, self.most))
        value = float(self._distribution.ppf(below + share * (above - below)))
        return min(max(value, self.least), self.most)

    @cached_property
    def _distribution(self) -> Any:
        from scipy import stats

        low, high = self.low, self.high
        z = float(stats.norm.ppf(1.0 - TAIL))
        if self.shape == "lognormal":
            spread = math.log(high / low) / (2.0 * z)
            return stats.lognorm(s=spread, scale=math.sqrt(low * high))
        if self.shape == "normal":
            return stats.norm((low + high) / 2.0, (high - low) / (2.0 * z))
        if self.shape == "triangular":
            return stats.triang((self.mode - low) / (high - low), low, high - low)
        if self.shape == "uniform":
            return stats.uniform(low, high - low)
        return stats.beta(*_beta_through(low, high))

    def in_words(self, unit: str) -> str:
        """The distribution as a reader sees it."""
        if not self.is_drawn:
            return "fixed"
        if self.shape in ("triangular", "uniform"):
            top = f", most likely {self.mode:g}" if self.shape == "triangular" else ""
            return f"{self.low:g} to {self.high:g} {unit}{top} ({self.shape})"
        return f"{self.low:g} to {self.high:g} {unit} with a chance of 90% ({self.shape})"


def _beta_through(low: float, high: float) -> tuple[float, float]:
    """Both parameters of the beta distribution with these 5% and 95% points."""
    from scipy.optimize import least_squares
    from scipy.stats import beta

    middle, spread = (low + high) / 2.0, (high - low) / 3.29
    count = max(middle * (1.0 - middle) / spread**2 - 1.0, 0.5)

    def miss(logs: Any) -> list[float]:
        a, b = (math.exp(each) for each in logs)
        return [float(beta.cdf(low, a, b)) - TAIL, float(beta.cdf(high, a, b)) - 1.0 + TAIL]

    start = [math.log(middle * count), math.log((1.0 - middle) * count)]
    found = least_squares(miss, start, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    return math.exp(found.x[0]), math.exp(found.x[1])


def read_prior(entry: object, default: float, least: float, most: float) -> Prior:
    """Read the prior of a dial from its file.

    Args:
        entry: The entry `prior`. Without one a triangle over the whole range is believed, with its
            top at the default.
        default: The dial's default.
        least: The dial's lowest value.
        most: The dial's highest value.

    Raises:
        ValueError: something about it is missing or wrong.
    """
    if entry is None:
        if least == most:
            return Prior(FIXED, NOTHING_SAID, least=least, most=most)
        top = min(max(default, least), most)
        return Prior("triangular", NOTHING_SAID, least, most, top, least, most)
    if not isinstance(entry, Mapping):
        raise ValueError(f"prior: {entry!r} must be a mapping with shape and reason")
    shape, reason = entry.get("shape"), entry.get("reason")
    if shape not in SHAPES:
        raise ValueError(f"prior.shape: {shape!r} must be one of {', '.join(SHAPES)}")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError("prior.reason is missing: a sentence that says why")
    needed = SHAPES[shape]
    unknown = [name for name in entry if name not in ("shape", "reason", *needed)]
    if unknown:
        raise ValueError(f"prior: {shape} has no {', '.join(map(str, unknown))}")
    numbers: dict[str, float] = {}
    for name in needed:
        value = entry.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"prior.{name}: {value!r} must be a number")
        if not math.isfinite(value):
            raise ValueError(f"prior.{name}: {value!r} must be a finite number")
        numbers[name] = float(value)
    made = Prior(shape, reason, least=least, most=most, **numbers)
    _check(made)
    return made


def _check(prior: Prior) -> None:
    """Refuse numbers that make no distribution inside of the dial's range.

    Raises:
        ValueError: what is wrong.
    """
    if not prior.is_drawn:
        return
    low, high = prior.low, prior.high
    if low >= high:
        raise ValueError(f"prior.low, {low:g}, must be below prior.high, {high:g}")
    if prior.shape == "triangular" and not low <= prior.mode <= high:
        raise ValueError(f"prior.mode, {prior.mode:g}, must be from {low:g} to {high:g}")
    if prior.shape == "lognormal" and low <= 0:
        raise ValueError(f"prior.low, {low:g}, must be above 0: a lognormal value always is")
    if prior.shape == "beta" and not 0 < low < high < 1:
        raise ValueError(f"prior: {low:g} to {high:g} must lie between 0 and 1, as a share does")
    if high <= prior.least or low >= prior.most:
        raise ValueError(
            f"prior: {low:g} to {high:g} lies outside of the dial's range, {prior.least:g} to "
            f"{prior.most:g}"
        )

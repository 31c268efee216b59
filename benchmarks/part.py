"""Say what a part of the benchmarks is: bars as data, figures as measured, and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

LEAST_SHARE = 0.85
"""CPU over wall time below which a timing is invalid: something else had the processor."""

BUSY = "invalid: machine busy"
MISSED = "MISSED"
SMOKE = "smoke run, no verdict"
ABSENT = "not measured"


@dataclass(frozen=True)
class Options:
    """What was asked for.

    Attributes:
        rounds: Interleaved rounds; five or more for a measurement.
        quick: Tiny sizes, to see that a part works; no measurement.
        reference_months: Months over which the reference model is timed.
    """

    rounds: int = 5
    quick: bool = False
    reference_months: int = 6

    def pick(self, full: float, quick: float) -> float:
        """Choose a size: the full one, or the tiny one of a smoke run."""
        return quick if self.quick else full

    def whole(self, full: int, quick: int) -> int:
        """Choose a whole number: the full one, or the tiny one of a smoke run."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Figure:
    """One quantity, measured once a round.

    Attributes:
        values: A value for each round.
        share: CPU over wall time while it was measured; None where load cannot change the value.
    """

    values: tuple[float, ...]
    share: float | None = None

    @property
    def low(self) -> float:
        """Smallest value."""
        return min(self.values)

    @property
    def median(self) -> float:
        """Median value, the one that is judged."""
        return float(median(self.values))

    @property
    def high(self) -> float:
        """Largest value."""
        return max(self.values)

    @property
    def busy(self) -> bool:
        """Whether something else had the processor meanwhile."""
        return self.share is not None and self.share < LEAST_SHARE


@dataclass(frozen=True)
class Bar:
    """What a figure must reach, and should.

    Attributes:
        key: Name of the figure in `Measured.figures`.
        about: What is measured, in a few words.
        must: The bar.
        goal: The higher bar.
        unit: Unit of the figure, empty for a ratio.
        at_most: Whether less is better.
    """

    key: str
    about: str
    must: float
    goal: float
    unit: str = ""
    at_most: bool = True

    def verdict(self, figure: Figure | None, quick: bool = False) -> str:
        """Judge a figure by its median."""
        if figure is None:
            return ABSENT
        if quick:
            return SMOKE
        if figure.busy:
            return BUSY
        if self._reaches(figure.median, self.goal):
            return "goal met"
        return "must met" if self._reaches(figure.median, self.must) else MISSED

    def words(self) -> str:
        """Say the bar in words."""
        side = "at most" if self.at_most else "at least"
        both = f"{self.must:g}" if self.must == self.goal else f"{self.must:g} / {self.goal:g}"
        return f"{side} {both} {self.unit}".rstrip()

    def _reaches(self, value: float, level: float) -> bool:
        return value <= level if self.at_most else value >= level


@dataclass
class Measured:
    """What measuring a part gave.

    Attributes:
        figures: By key of the bar; a figure without a bar is printed too.
        facts: What else is worth knowing, by name.
        skipped: Why nothing was measured, if so.
    """

    figures: dict[str, Figure] = field(default_factory=dict)
    facts: dict[str, str | float] = field(default_factory=dict)
    skipped: str | None = None


@dataclass(frozen=True)
class Part:
    """One part of the benchmark.

    Attributes:
        name: Word that selects it.
        about: What it measures, in one line.
        bars: What its figures must reach; none for a part that only describes.
        measure: Does the measuring.
    """

    name: str
    about: str
    bars: Sequence[Bar]
    measure: Callable[[Options], Measured]

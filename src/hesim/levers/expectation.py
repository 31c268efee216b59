"""Say what a reader may expect of a lever, and against which evidence.

The figures are of the world, not of the model: they stand beside what the model gives, so that a
dose that misses them is seen. A test on a small study of all levers compares both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

HORIZON = 36
"""Months after taking part within which crossings count."""
FIGURES = {
    "crossings": (
        f"further crossings between hbo and wo for each 100 who take part, within {HORIZON} months"
    ),
    "persons": "persons who take part in a year, at full scale",
}
"""Ranges that an expectation may have, in words."""
TEXTS = ("words", "source")
ENDS = ("low", "high")


class Span(NamedTuple):
    """A range that evidence gives or that is reasoned.

    Attributes:
        low: Its lower end.
        high: Its upper end.
    """

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        return self.low <= value <= self.high

    def holds_within(self, low: float, high: float, tolerance: float) -> bool:
        """Whether it holds the whole of an interval, which may reach out of it by a tolerance.

        Args:
            low: Lower end of the interval.
            high: Its upper end.
            tolerance: How far each end may lie outside.
        """
        return self.low - tolerance <= low and high <= self.high + tolerance

    def __str__(self) -> str:
        """The range in words, as `300 to 1,700`."""
        return f"{self.low:,.12g} to {self.high:,.12g}"


@dataclass(frozen=True)
class Expectation:
    """What a reader may expect of a lever.

    Attributes:
        words: What that is, and against which evidence.
        source: Names of the evidence.
        crossings: Further crossings between hbo and wo for each 100 who take part, within `HORIZON`
            months; None where nothing is known.
        persons: Who take part in a year, at full scale; None where nothing is known.
    """

    words: str
    source: str
    crossings: Span | None = None
    persons: Span | None = None

    @property
    def ranges(self) -> dict[str, Span]:
        """Those of `FIGURES` that are known, with what each is in words."""
        found = {FIGURES["crossings"]: self.crossings, FIGURES["persons"]: self.persons}
        return {what: span for what, span in found.items() if span is not None}


def read_expectation(entry: object) -> tuple[Expectation | None, list[str]]:
    """Read what is expected of a lever.

    Args:
        entry: The entry `expect` of its file; without one nothing is expected.

    Returns:
        The expectation, None without one, and what is wrong; each fault begins with its place, as
        `.persons.low: `.
    """
    if entry is None:
        return None, []
    if not isinstance(entry, Mapping):
        return None, [f": {entry!r} must be a mapping with {', '.join(TEXTS)}"]
    faults = list(_faults(entry))
    if faults:
        return None, faults
    spans = {name: Span(*(float(entry[name][end]) for end in ENDS)) for name in _ranges_in(entry)}
    return Expectation(
        words=str(entry["words"]).strip(),
        source=str(entry["source"]).strip(),
        crossings=spans.get("crossings"),
        persons=spans.get("persons"),
    ), []


def _ranges_in(entry: Mapping[object, object]) -> list[str]:
    return [name for name in FIGURES if name in entry]


def _faults(entry: Mapping[object, object]) -> Iterator[str]:
    """What is wrong with an expectation."""
    known = (*TEXTS, *FIGURES)
    yield from (f": {name} is missing" for name in TEXTS if name not in entry)
    for name in entry:
        if name not in known:
            yield f".{name}: no such entry of an expectation; there are {', '.join(known)}"
    for name in TEXTS:
        if name in entry and (not isinstance(entry[name], str) or not str(entry[name]).strip()):
            yield f".{name}: {entry[name]!r} must be a text"
    for name in _ranges_in(entry):
        yield from (f".{name}{fault}" for fault in _faults_of_range(entry[name], name))


def _faults_of_range(span: object, name: str) -> Iterator[str]:
    """What is wrong with a range."""
    if not isinstance(span, Mapping) or set(span) != set(ENDS):
        yield f": {span!r} must be a mapping with low and high"
        return
    least = 0.0 if name == "persons" else -math.inf
    allowed = "a number from 0 up" if name == "persons" else "a finite number"
    wrong = [end for end in ENDS if not _is_number(span[end], least)]
    yield from (f".{end}: {span[end]!r} must be {allowed}" for end in wrong)
    if not wrong and span["low"] > span["high"]:
        yield f": its low, {span['low']:g}, is above its high, {span['high']:g}"


def _is_number(value: object, least: float) -> bool:
    """Whether it is a finite number that is not below another."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= least

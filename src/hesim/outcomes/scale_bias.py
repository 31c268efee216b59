"""Say how far the headline outcomes of a thinned population are from those at full scale.

`scale_bias.csv` holds what `python -m benchmarks scale` measured: for each scale and outcome the
mean there and at full scale and the 95% interval of their ratio. A run at a scale where the mean of
an outcome misses its bar is warned of with these figures.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("scale_bias.csv")
LEAST = 0.005
"""Below it hogescholen and whole roles have no staff at all: it needs `force=true`."""
BARS: Mapping[float, float] = {0.001: 0.1, 0.005: 0.1, 0.02: 0.1, 0.1: 0.03, 0.2: 0.03, 0.5: 0.03}
"""By scale, how far the ratio to full scale may be from 1, with its interval."""
FLOORS: Mapping[str, float] = {"vacancies_unfilled": 1.0, "vacancy_months": 0.1}
"""Outcomes near zero, with the difference from full scale that they may have instead."""


@dataclass(frozen=True)
class Bias:
    """How far one outcome is off at one scale.

    Attributes:
        scale: `population.scale`.
        outcome: Name of the outcome.
        full: Its mean at full scale.
        mean: Its mean at this scale.
        low: Lower end of the 95% interval of the ratio of both.
        high: Upper end.
    """

    scale: float
    outcome: str
    full: float
    mean: float
    low: float
    high: float

    @property
    def within(self) -> bool:
        """Whether the whole interval is inside the bar, or the difference inside the floor."""
        bar, floor = BARS[self.scale], FLOORS.get(self.outcome, 0.0) / self.full
        return any(1.0 - most <= self.low and self.high <= 1.0 + most for most in (bar, floor))


@cache
def measurements() -> tuple[str, tuple[Bias, ...]]:
    """The commit that was measured and all rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        commit = file.readline().removeprefix("# commit ").strip()
        rows = [
            Bias(
                float(row.pop("scale")),
                str(row.pop("outcome")),
                **{name: float(value) for name, value in row.items()},
            )
            for row in csv.DictReader(file)
        ]
    return commit, tuple(rows)


def write_bias(rows: Sequence[Bias], commit: str) -> None:
    """Write the table; the first line names the commit that was measured."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# commit {commit}\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Bias.__dataclass_fields__)
        for row in rows:
            numbers = (row.full, row.mean, row.low, row.high)
            table.writerow([row.scale, row.outcome, *(f"{number:.4g}" for number in numbers)])


def biases(scale: float) -> list[Bias]:
    """What was measured at the next smaller scale, or at the smallest; nothing from full scale."""
    _, rows = measurements()
    if scale >= 1.0 or not rows:
        return []
    scales = sorted({row.scale for row in rows})
    nearest = max((one for one in scales if one <= scale), default=scales[0])
    return [row for row in rows if row.scale == nearest]


def far_off(row: Bias) -> bool:
    """Whether the mean itself, whatever its interval, is beyond the bar and the floor."""
    floor = FLOORS.get(row.outcome, 0.0) / row.full
    return abs(row.mean / row.full - 1.0) > max(BARS[row.scale], floor)


def caution(scale: float) -> str | None:
    """What a reader must know of results at a scale; None where all outcomes are near enough."""
    off = [row for row in biases(scale) if far_off(row)]
    if not off:
        return None
    off.sort(key=lambda row: -abs(row.mean / row.full - 1.0))
    named = ", ".join(
        f"{row.outcome} {row.mean:.3g} for {row.full:.3g} ({row.mean / row.full - 1.0:+.0%})"
        for row in off
    )
    return (
        f"population.scale={scale:g} is small, and some outcomes differ from those at full scale "
        f"for that reason alone. Measured at scale {off[0].scale:g} for full scale: {named}"
    )

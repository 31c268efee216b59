"""Measure how the CPU time of a month grows with people.

Three models stand side by side in one process, at a quarter, one and four times full scale; each
has settled through the burn-in. A round simulates the same months in all three, one model after
another, and compares their CPU time. Seekers and vacancies grow with people: linear work gives 4
for four times the people, meeting all with all would give 16.
"""

from __future__ import annotations

from functools import partial

from benchmarks import worlds
from benchmarks.clock import interleave, milliseconds, ratio, spend
from benchmarks.part import Bar, Measured, Options, Part

BARS = (
    Bar("four", "400,000 over 100,000 persons", 4.4, 4.4),
    Bar("one", "100,000 over 25,000 persons", 4.4, 4.4),
)


def measure(options: Options) -> Measured:
    """Build the models, let them settle, then alternate blocks of months."""
    unit = options.pick(1.0, 0.02)
    months = options.whole(6, 1)
    models = {
        name: worlds.world(unit * times, options.whole(worlds.SETTLE, 2))
        for name, times in (("4", 4.0), ("1", 1.0), ("0.25", 0.25))
    }
    blocks = {
        name: partial(spend, partial(worlds.step, model, months)) for name, model in models.items()
    }
    spent = interleave(blocks, options.rounds)
    facts: dict[str, str | float] = {
        f"a month of {worlds.persons(model):,} persons": milliseconds(spent[name], months)
        for name, model in models.items()
    }
    figures = {"four": ratio(spent["4"], spent["1"]), "one": ratio(spent["1"], spent["0.25"])}
    return Measured(figures, facts)


PART = Part("growth", "CPU time of a month by number of persons", BARS, measure)

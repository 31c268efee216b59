"""Compare with the reference: the same model as ordinary Mesa agents (`benchmarks/reference/`).

Both models are made from the same settings and tables at full scale and simulate the same months in
one process: first some to settle, untimed, then one month each in turn, timed. The reference needs
seconds for a month, so only a few months are timed (`--reference-months`, six by default, at least
as many as rounds). The figure is the ratio of CPU time, month by month.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

from benchmarks import worlds
from benchmarks.clock import interleave, milliseconds, ratio, spend
from benchmarks.part import Bar, Measured, Options, Part

SETTLE = 6
"""Months before the timed ones: enough for searches and vacancies to reach their usual numbers."""

NO_SERVICE = {"model.careers.doctorate_in_service": 0.0}
"""The reference knows no doctorates taken in service, so neither model has them."""
BARS = (Bar("times", "CPU of reference over hesim, 100,000 persons", 25, 40, at_most=False),)


def measure(options: Options) -> Measured:
    """Let both models settle, then alternate months."""
    if find_spec("benchmarks.reference") is None:
        return Measured(skipped="there is no benchmarks/reference yet")
    from benchmarks.reference.model import ReferenceModel
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    scale = options.pick(1.0, 0.01)
    settle = options.whole(SETTLE, 1)
    settings = worlds.settings(scale, **NO_SERVICE)
    hesim = HigherEducation(settings, read(), 0)
    worlds.step(hesim, settle)
    reference = ReferenceModel(settings, read(), settings.integer("seed"))
    worlds.step(reference, settle)
    spent = interleave(
        {
            "reference": partial(spend, reference.step),
            "hesim": partial(spend, hesim.step),
        },
        options.whole(max(options.rounds, options.reference_months), options.rounds),
    )
    facts: dict[str, str | float] = {
        "persons": worlds.persons(hesim),
        "a month of the reference": milliseconds(spent["reference"]),
        "a month of hesim": milliseconds(spent["hesim"]),
    }
    return Measured({"times": ratio(spent["reference"], spent["hesim"])}, facts)


PART = Part("reference", "an ordinary Mesa model of the same rules, beside hesim", BARS, measure)

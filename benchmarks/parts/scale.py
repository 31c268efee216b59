"""Measure whether rates depend on `population.scale`: every headline outcome against full scale.

The same replications (seed and number) are simulated at each scale, with ten years each. Chance
that does not depend on the scale, such as the quality of employers, is so the same on both sides.
The interval of the ratio of means is that of a ratio estimate. A small scale may have more
replications than full scale, as one of them says less and costs less.

An outcome passes when its whole 95% interval is within the bar of its scale (`scale_bias.BARS`),
or when it is near zero and within the difference stated for it (`scale_bias.FLOORS`). Outcomes that
levers alone bring about are left out: they are zero at every scale. A measurement, not a smoke run,
writes the table that the package warns from: `src/hesim/outcomes/scale_bias.csv`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import machine, worlds
from benchmarks.part import Bar, Figure, Measured, Options, Part

if TYPE_CHECKING:
    from hesim.outcomes.scale_bias import Bias

REPLICATIONS = {1.0: 160, 0.5: 60, 0.2: 120, 0.1: 400, 0.02: 300, 0.005: 60, 0.001: 60}
QUICK = {1.0: 3, 0.02: 3}
NORMAL = 1.96
BARS = tuple(
    Bar(f"missed_{scale:g}", f"outcomes off the bars at scale {scale:g}", 0, 0)
    for scale in sorted(REPLICATIONS)[2:-1]
)


def measure(options: Options) -> Measured:
    """Simulate every scale and compare it with full scale."""
    from hesim.outcomes import scale_bias

    figures, facts = dict[str, Figure](), dict[str, str | float]()
    rows: list[Bias] = []
    full: dict[str, np.ndarray] = {}
    for scale, replications in (QUICK if options.quick else REPLICATIONS).items():
        before = time.process_time()
        here = outcomes(scale, replications, options.whole(10, 1))
        facts[f"CPU at scale {scale:g}, {replications} replications"] = (
            f"{time.process_time() - before:.0f} s"
        )
        full = full or here
        if scale == 1.0:
            continue
        mine = [compare(scale, name, full[name], here[name]) for name in full]
        rows += mine
        missed = [row for row in mine if not row.within]
        figures[f"missed_{scale:g}"] = Figure((float(len(missed)),))
        for row in mine:
            facts[f"{row.outcome} at {scale:g}"] = (
                f"{row.mean:.4g} for {row.full:.4g}, ratio {row.mean / row.full:.3f} "
                f"[{row.low:.3f}, {row.high:.3f}] {'pass' if row.within else 'MISSED'}"
            )
    if not options.quick:
        scale_bias.write_bias(rows, machine.versions()["commit"])
    return Measured(figures, facts)


def outcomes(scale: float, replications: int, years: int) -> dict[str, np.ndarray]:
    """Mean over the years of each outcome, read as at full scale, by replication."""
    from hesim.model.higher_education import HigherEducation
    from hesim.outcomes.registry import OUTCOMES, at_full_scale, headline
    from hesim.survey.movers import sort_movers
    from hesim.tables import read

    settings, tables = worlds.settings(scale, years=years, force=True), read()
    found: dict[str, list[float]] = {
        name: [] for name, outcome in OUTCOMES.items() if not outcome.of_levers
    }
    for number in range(replications):
        model = HigherEducation(settings, tables, number)
        worlds.step(model, settings.integer("burn_in") + 12 * years)
        model.finish()
        values = at_full_scale(headline(model, sort_movers(model), years), scale)
        for name, kept in found.items():
            kept.append(float(np.nanmean(values[name])))
        model.let_go()
    return {name: np.array(kept) for name, kept in found.items()}


def compare(scale: float, name: str, full: np.ndarray, here: np.ndarray) -> Bias:
    """Compare an outcome at a scale with full scale, by what gives the narrower interval.

    Pairs are alike by what does not depend on the scale, so that their ratio hardly varies where
    both scales are large. Where one is small, more replications of it say more than pairs do.
    """
    from hesim.outcomes.scale_bias import Bias

    pairs = slice(min(full.size, here.size))
    ways = (ratio_of(full, here), ratio_of(full[pairs], here[pairs]))
    means, ratio, apart = min(ways, key=lambda way: way[2])
    return Bias(scale, name, *means, ratio - apart, ratio + apart)


def ratio_of(full: np.ndarray, here: np.ndarray) -> tuple[tuple[float, float], float, float]:
    """Both means, their ratio, and how far its 95% interval goes to both sides.

    Of series of different lengths the first ones are pairs, which counts for as much as they are
    of the longer one.
    """
    both, longer = min(full.size, here.size), max(full.size, here.size)
    means = float(full.mean()), float(here.mean())
    ratio = means[1] / means[0]
    together = np.cov(here[:both], full[:both])[0, 1] / longer
    variance = here.var(ddof=1) / here.size + ratio**2 * full.var(ddof=1) / full.size
    variance -= 2.0 * ratio * together
    return means, ratio, float(NORMAL * np.sqrt(max(variance, 0.0)) / means[0])


PART = Part("scale", "headline outcomes of a thinned population for full scale", BARS, measure)

"""A stand-in for the model, of which every barrier's contribution is known."""

from __future__ import annotations

import numpy as np

from hesim.config import Settings

FAMILIARITY, STATUS = 300.0, 100.0
BOTH = 60.0
"""What familiarity and status add only together: each gets half of it."""
POSTS = 40.0


def known_barriers(
    settings: Settings, replication: int, share: object = None
) -> dict[str, np.ndarray]:
    """Crossings from three barriers, with noise of seed and replication; the others are nothing."""
    rng = np.random.default_rng([settings.integer("seed"), replication])
    known = settings.number("model.search.sources.anyone") == 1.0
    free = settings.number("model.choice.sector_cost") == 0.0
    more = settings.number("model.vacancies.growth.hbo") == 0.1
    gain = FAMILIARITY * known + STATUS * free + BOTH * (known and free) + POSTS * more
    years = settings.integer("years")
    # The first year is left out of all means.
    values = 50.0 + gain + np.full(years, rng.normal(0.0, 5.0))
    values[0] = 9999.0
    return {"wo_to_hbo": values, "hbo_to_wo": 0.5 * values}


def noisy_barriers(
    settings: Settings, replication: int, share: object = None
) -> dict[str, np.ndarray]:
    """The same with noise that differs between coalitions, so that it does not cancel out."""
    made = known_barriers(settings, replication)
    word = f"{sorted(settings.mapping('model').items(), key=str)}"
    rng = np.random.default_rng([settings.integer("seed"), replication, *word.encode()])
    return {name: values + rng.normal(0.0, 20.0) for name, values in made.items()}


def broken_barriers(
    settings: Settings, replication: int, share: object = None
) -> dict[str, np.ndarray]:
    """The same, but with the first seed a world without familiarity fails."""
    if settings.integer("seed") == 1 and settings.number("model.search.sources.anyone") == 1.0:
        raise ArithmeticError("this world fails")
    return known_barriers(settings, replication)

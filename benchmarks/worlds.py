"""Make the models that are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.model.higher_education import HigherEducation

BURN_IN = 24
SETTLE = BURN_IN + 1
"""Months before a measurement: the drawn stock settles, and the first recorded month compiles what
the burn-in does not need."""


def settings(scale: float, **overrides: object) -> Settings:
    """Compose default settings at a scale; overrides are of top-level names, as `years=1`."""
    from hesim.scenario import compose

    extra: dict[str, object] = {"population.scale": scale, "burn_in": BURN_IN, **overrides}
    return compose(extra=extra)


def world(scale: float, months: int = SETTLE) -> HigherEducation:
    """Build a model and simulate its first months, which also compiles it."""
    from hesim.model.higher_education import HigherEducation
    from hesim.tables import read

    model = HigherEducation(settings(scale), read(), 0)
    step(model, months)
    return model


def step(model: Any, months: int) -> None:
    """Simulate so many months of any model that has a `step`."""
    for _ in range(months):
        model.step()


def persons(model: HigherEducation) -> int:
    """Persons in the population now."""
    return int(model.persons.present.sum())

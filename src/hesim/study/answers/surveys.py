"""Simulate what a survey would answer in each world, with the error of the people it asks.

A survey measures what the model has: an outcome of the world without levers, or a share that a rule
of the model makes of a setting. Each world gives the answer that it would have, as so many people
or vacancies tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hesim.study.answers.curves import Floats

LEVEL, ANYONE, STUDIED = (
    "model.search.familiarity_level",
    "model.search.sources.anyone",
    "model.search.sources.studied",
)
SETTINGS = (LEVEL, ANYONE, STUDIED)
"""Settings that say who thinks of the other sector."""
Read = Callable[[Mapping[str, Floats], int, np.random.Generator], list[Floats]]


@dataclass(frozen=True)
class Survey:
    """A survey that could be held.

    Attributes:
        name: Its name, also that of its size on the command line.
        title: What is asked of whom; `{n}` stands for how many.
        needs: Outcomes or settings that it measures.
        measures: How, in words.
        read: Its answer in each world: from what it needs by name, how many are asked and random
            numbers, one column for each figure.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    measures: str
    read: Read

    @property
    def of_settings(self) -> bool:
        """Whether it measures what settings say, and no outcome of a run."""
        return self.needs == SETTINGS


def _of_movers(of: Mapping[str, Floats], size: int, rng: np.random.Generator) -> list[Floats]:
    """Half are asked who join hbo, and half who leave wo."""
    half = max(size // 2, 1)
    return [_share(of[name], half, rng) for name in ("hbo_inflow_from_wo", "wo_outflow_to_hbo")]


def _of_asked(of: Mapping[str, Floats], size: int, rng: np.random.Generator) -> list[Floats]:
    """Who studied in the other sector and never worked there; the rule of `familiarity_rates`."""
    missed = ((1.0 - of[ANYONE]) * (1.0 - of[STUDIED])) ** of[LEVEL]
    return [_share(100.0 * (1.0 - missed), size, rng)]


def _of_vacancies(of: Mapping[str, Floats], size: int, rng: np.random.Generator) -> list[Floats]:
    """Times of single vacancies are taken to be as spread as their mean."""
    months = np.maximum(of["vacancy_months"], 1e-9)
    return [rng.gamma(size, months / size), _share(of["vacancies_unfilled"], size, rng)]


def _share(percent: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Percent of so many people who say yes."""
    chance = np.clip(percent / 100.0, 0.0, 1.0)
    return np.asarray(100.0 * rng.binomial(size, chance) / size, np.float64)


SURVEYS = (
    Survey(
        "movers",
        "a survey of {n} movers with their origins and destinations",
        ("hbo_inflow_from_wo", "wo_outflow_to_hbo"),
        "hbo's entrants who come from wo, and wo's leavers who go to hbo",
        _of_movers,
    ),
    Survey(
        "asked",
        "asking {n} members of staff whether they consider the other sector",
        SETTINGS,
        "the share of those who studied in the other sector that thinks of it in a search",
        _of_asked,
    ),
    Survey(
        "vacancies",
        "following {n} vacancies until they are filled",
        ("vacancy_months", "vacancies_unfilled"),
        "the time to fill a vacancy, and the share that is withdrawn unfilled",
        _of_vacancies,
    ),
)
SIZES = {survey.name: 1000 for survey in SURVEYS}
"""How many are asked, unless somebody says otherwise."""

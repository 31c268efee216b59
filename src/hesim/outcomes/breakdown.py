"""Break crossings down by a dimension of who crosses: region, age, sex, field or role."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.outcomes.evidence import Evidence, Floats
from hesim.survey.crossings import CODES, CROSSINGS

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.movers import Movers

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "region": c.REGIONS,
    "age": c.AGE_BANDS,
    "sex": c.SEXES,
    "field": c.FIELDS,
    "role": tuple(c.ROLES[code] for code in (*c.WO_ROLES, *c.HBO_ROLES)),
}
"""What crossings are broken down by, with the categories in order."""
ABOUT = {
    "region": "region of the institution that is left",
    "age": "age in the month in which the new job begins",
    "sex": "sex",
    "field": "field of work",
    "role": "role in the job that is left",
}
"""What each dimension says of who crosses."""
PREFIX = "by"
"""How the name of a part of an outcome begins, as `by.field.law.wo_to_hbo`."""
_ROLES = {c.WO: c.WO_ROLES, c.HBO: c.HBO_ROLES}


class PartOfOutcome(NamedTuple):
    """One part of an outcome.

    Attributes:
        dimension: What the outcome is broken down by.
        category: Which part this is.
        outcome: The outcome.
    """

    dimension: str
    category: str
    outcome: str

    @property
    def name(self) -> str:
        """Its name among the outcomes of a study."""
        return ".".join((PREFIX, *self))


def parts_of(dimensions: Collection[str] = tuple(DIMENSIONS)) -> list[PartOfOutcome]:
    """The parts of both crossings by some dimensions; roles are those of the sector left."""
    found = []
    for dimension in dimensions:
        for outcome, (left, _) in CROSSINGS.items():
            categories = DIMENSIONS[dimension]
            if dimension == "role":
                categories = tuple(c.ROLES[code] for code in _ROLES[left])
            found += [PartOfOutcome(dimension, each, outcome) for each in categories]
    return found


def break_down(
    model: HigherEducation,
    movers: Movers,
    years: int,
    dimensions: Collection[str] = tuple(DIMENSIONS),
) -> dict[PartOfOutcome, Floats]:
    """Count each part of both crossings by year, shape (years,), as simulated.

    The parts of a dimension add up to the outcome.

    Args:
        model: The model whose months are over.
        movers: Its spells, sorted by the survey's groups.
        years: Calendar years to report.
        dimensions: Names in `DIMENSIONS`.
    """
    evidence = Evidence(model, movers, years)
    crossed = {
        outcome: np.flatnonzero(
            (movers.crossing == CODES.index(outcome)) & evidence.group(f"{c.SECTORS[joined]}_in")
        )
        for outcome, (_, joined) in CROSSINGS.items()
    }
    names = {
        outcome: {d: _categories(model, movers, rows, d) for d in dimensions}
        for outcome, rows in crossed.items()
    }
    return {
        part: evidence.by_year(
            names[part.outcome][part.dimension] == part.category,
            movers.month[crossed[part.outcome]],
        )
        for part in parts_of(dimensions)
    }


def _categories(
    model: HigherEducation, movers: Movers, rows: NDArray[np.int64], dimension: str
) -> NDArray[np.str_]:
    """The category of some movers, by name."""
    ledger, spell = model.ledger, movers.spell[rows]
    if dimension == "region":
        return np.array(c.REGIONS)[model.employers.region[ledger.m_from[spell]]]
    if dimension == "role":
        return np.array(c.ROLES)[ledger.m_from_role[spell]]
    return np.array(DIMENSIONS[dimension])[movers.band[dimension][rows]]


def known_dimension(name: str, recorded: Collection[str] = tuple(DIMENSIONS)) -> str:
    """A dimension by its name.

    Args:
        name: What was asked for.
        recorded: The dimensions that there are.

    Raises:
        ConfigErrors: There is no such dimension; the message lists those that there are.
    """
    if name in recorded:
        return name
    listed = "; ".join(f"{key}: {ABOUT[key]}" for key in recorded) or "none"
    words = f"results can be broken down by: {listed}"
    raise ConfigErrors([Problem("by", name, words, nearest(str(name), recorded))])

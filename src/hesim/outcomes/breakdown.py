"""Break crossings and staff down by region, age, sex, field or role."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.outcomes.evidence import Evidence, Floats
from hesim.outcomes.registry import OUTCOMES, Outcome
from hesim.outcomes.staff import (
    HEADS,
    STAFF,
    Ages,
    StaffOutcome,
    count_staff_by,
    quantity_of,
)
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
"""What crossings and staff are broken down by, with the categories in order of their codes."""
SIZES = {name: len(each) for name, each in DIMENSIONS.items()} | {"role": len(c.ROLES)}
"""How many codes each dimension has."""
ABOUT = {
    "region": "region of the institution; of crossings the one that is left",
    "age": "age at the end of the year; of movers in the month in which the new job begins",
    "sex": "sex",
    "field": "field of work",
    "role": "role in the main job; of crossings in the job that is left",
}
"""What each dimension says of people."""
BROKEN_DOWN = (*CROSSINGS, *STAFF)
"""The outcomes that a run breaks down."""
OF_STUDIES = (*CROSSINGS, *HEADS)
"""Those of them that each run of a study stores, so that it does not get heavy."""
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


def outcome_entry(outcome: str) -> Outcome | StaffOutcome:
    """The entry that says what an outcome is called and counted in.

    Args:
        outcome: A headline outcome, one of `BROKEN_DOWN`, or the name of a part of one.

    Raises:
        KeyError: there is none of that name.
    """
    if outcome.startswith(f"{PREFIX}."):
        outcome = outcome.rpartition(".")[2]
    return OUTCOMES[outcome] if outcome in OUTCOMES else STAFF[outcome]


def parts_of(
    dimensions: Collection[str] = tuple(DIMENSIONS), outcomes: Collection[str] = BROKEN_DOWN
) -> list[PartOfOutcome]:
    """The parts of some outcomes by some dimensions; roles are those of the sector in question."""
    return [
        PartOfOutcome(dimension, DIMENSIONS[dimension][code], outcome)
        for dimension in dimensions
        for outcome in outcomes
        for code in _codes(dimension, outcome)
    ]


def _codes(dimension: str, outcome: str) -> tuple[int, ...]:
    """Codes of the categories in which an outcome is told."""
    if dimension == "sex" and outcome in STAFF and STAFF[outcome].quantity == "women":
        return ()
    if dimension == "role":
        left = CROSSINGS[outcome][0] if outcome in CROSSINGS else STAFF[outcome].sector
        return _ROLES[left]
    return tuple(range(len(DIMENSIONS[dimension])))


def break_down(
    model: HigherEducation,
    movers: Movers,
    years: int,
    ages: Ages,
    dimensions: Collection[str] = tuple(DIMENSIONS),
    outcomes: Collection[str] = BROKEN_DOWN,
) -> dict[PartOfOutcome, Floats]:
    """Tell each part of some outcomes by year, shape (years,), as simulated.

    The parts of a dimension add up to the outcome, except of shares.

    Args:
        model: The model whose months are over.
        movers: Its spells, sorted by the survey's groups.
        years: Calendar years to report.
        ages: Staff by age at the end of each year; read only where staff by age is asked.
        dimensions: Names in `DIMENSIONS`.
        outcomes: Names in `BROKEN_DOWN`.
    """
    evidence = Evidence(model, movers, years)
    at_ends = [name for name in outcomes if name in STAFF and STAFF[name].quantity != "entrants"]
    staff = count_staff_by(model, years, ages, {d: SIZES[d] for d in dimensions}) if at_ends else {}
    found: dict[PartOfOutcome, Floats] = {}
    of_whom = {name: _movers_of(evidence, name) for name in outcomes if name not in at_ends}
    for dimension in dimensions:
        for outcome in outcomes:
            if outcome in at_ends:
                table = quantity_of(staff[dimension], STAFF[outcome])
            else:
                rows = of_whom[outcome]
                side = "from" if outcome in CROSSINGS else "to"
                codes = _categories(model, movers, rows, dimension, side)
                table = evidence.by_category(codes, movers.month[rows], SIZES[dimension])
            found |= {
                PartOfOutcome(dimension, DIMENSIONS[dimension][code], outcome): table[code]
                for code in _codes(dimension, outcome)
            }
    return found


def _movers_of(evidence: Evidence, outcome: str) -> NDArray[np.int64]:
    """Rows of the movers whom an outcome counts: those who join."""
    if outcome in STAFF:
        return np.flatnonzero(evidence.group(f"{c.SECTORS[STAFF[outcome].sector]}_in"))
    joined = CROSSINGS[outcome][1]
    crossed = evidence.movers.crossing == CODES.index(outcome)
    return np.flatnonzero(crossed & evidence.group(f"{c.SECTORS[joined]}_in"))


def _categories(
    model: HigherEducation, movers: Movers, rows: NDArray[np.int64], dimension: str, side: str
) -> NDArray[np.integer]:
    """The code of the category of some movers; by region and role on one side of the move."""
    ledger, spell = model.ledger, movers.spell[rows]
    if dimension == "region":
        employer: NDArray[np.int64] = getattr(ledger, f"m_{side}")[spell]
        return model.employers.region[employer]
    if dimension == "role":
        role: NDArray[np.integer] = getattr(ledger, f"m_{side}_role")[spell]
        return role
    return movers.band[dimension][rows]


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

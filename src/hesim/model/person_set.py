"""Show all persons of a world as one set, in the manner of Mesa's AgentSet, over NumPy columns.

Mesa's own set of agents would need an object for each of some hundred thousand persons.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.model.person import Person

Rows = NDArray[np.int64]
Values = NDArray[Any]
Reader = Callable[["HigherEducation", Rows], Values]


def _named(column: str, names: tuple[str, ...]) -> Reader:
    """Reads codes of a column as names."""
    return lambda model, rows: np.array(names)[getattr(model.persons, column)[rows]]


def _ages(model: HigherEducation, rows: Rows) -> Values:
    months: Values = model.month - model.persons.born[rows].astype(np.int64)
    return months / 12.0


def _of_employer(per_employer: Callable[[HigherEducation], Collection[str]], none: str) -> Reader:
    """Reads a name of the main employer; code -1, having none, is the last of the list."""
    return lambda model, rows: np.array([*per_employer(model), none])[model.persons.employer[rows]]


ATTRIBUTES: dict[str, Reader] = {
    "identity": lambda model, rows: model.persons.id[rows],
    "age": _ages,
    "sex": _named("sex", c.SEXES),
    "education": _named("education", c.EDUCATION),
    "field": _named("field", c.FIELDS),
    "role": _named("role", c.ROLES),
    "employer": _of_employer(lambda model: model.employers.names, ""),
    "sector": _of_employer(
        lambda model: [c.SECTORS[code] for code in model.employers.sector], c.SECTORS[c.NO_JOB]
    ),
    "contract": _named("contract", c.CONTRACTS),
    "weekly_hours": lambda model, rows: model.persons.hours[rows].astype(np.int64),
    "searches": lambda model, rows: model.persons.search[rows] > 0,
}
"""What can be asked of a person, and what reads it from the columns: `age` in years, `employer`
empty and `sector` `none` without a job, `weekly_hours` of the main job."""


def attribute(model: HigherEducation, name: str, rows: Rows) -> Values:
    """One attribute of persons.

    Args:
        model: The world.
        name: A name of `ATTRIBUTES`.
        rows: Rows of the columns, shape (persons,).

    Returns:
        Values of the same shape: names as strings, numbers as numbers. They are copies.

    Raises:
        AttributeError: there is no such attribute; the message names all.
    """
    if name not in ATTRIBUTES:
        raise AttributeError(f"a person has no {name!r}; there are {', '.join(ATTRIBUTES)}")
    return np.asarray(ATTRIBUTES[name](model, rows))


class PersonSet:
    """Persons of a world: all, or those of a selection.

    It holds who they are and reads the rest when asked, so that it follows them through time.
    Whoever leaves the population leaves the set. Nothing in the world can be changed through it.
    """

    def __init__(self, model: HigherEducation, rows: Rows | None = None) -> None:
        """Take persons who are in the population now.

        Args:
            model: The world.
            rows: Their rows of the columns; all persons if None.
        """
        self._model = model
        self._rows = np.flatnonzero(model.persons.present) if rows is None else rows
        self._identities = model.persons.id[self._rows].copy()

    @property
    def rows(self) -> Rows:
        """Rows of those who are still in the population, ascending."""
        persons = self._model.persons
        here = (persons.present[self._rows] == 1) & (persons.id[self._rows] == self._identities)
        found: Rows = self._rows[here]
        return found

    def __len__(self) -> int:
        """How many they are now."""
        return int(self.rows.size)

    def __iter__(self) -> Iterator[Person]:
        """Each of them as an agent; slow, so select first."""
        for identity in self.get("identity"):
            yield self._model.person(int(identity))

    def __contains__(self, identity: Any) -> bool:
        """Whether the person with an identity is among them."""
        return bool(np.isin(identity, self.get("identity")))

    def select(
        self,
        condition: Callable[[PersonSet], Values] | Values | None = None,
        *,
        at_most: int | None = None,
        **equal: Any,
    ) -> PersonSet:
        """Those who meet all conditions.

        Args:
            condition: Truth values, shape (persons,), or what gives them for a set, as
                `lambda some: some.get("age") > 60`.
            at_most: So many of them, those in the first rows.
            **equal: Attributes with a value, or with a set, list or tuple of values.

        Raises:
            AttributeError: there is no such attribute.
            ValueError: not one truth value for each person.
        """
        rows = self.rows
        meets = np.ones(rows.size, bool)
        if condition is not None:
            given = np.asarray(condition(self) if callable(condition) else condition)
            if given.shape != rows.shape or given.dtype != bool:
                raise ValueError(f"a condition has {rows.size} truth values, one for each person")
            meets &= given
        for name, value in equal.items():
            wanted: list[Any] = (
                list(value) if isinstance(value, set | list | tuple | frozenset) else [value]
            )
            meets &= np.isin(attribute(self._model, name, rows), wanted)
        return PersonSet(self._model, rows[meets][:at_most])

    def get(self, name: str) -> Values:
        """One attribute of all of them, shape (persons,); see `attribute`."""
        return attribute(self._model, name, self.rows)

    def agg(self, name: str, function: Callable[[Values], Any]) -> Any:
        """What a function makes of an attribute, as `agg("age", np.mean)`."""
        return function(self.get(name))

    def groupby(self, name: str) -> PersonGroups:
        """A set for each value of an attribute."""
        return PersonGroups(self, name)


class PersonGroups:
    """Persons by the values of an attribute, in the order of the values."""

    def __init__(self, persons: PersonSet, name: str) -> None:
        """Part a set.

        Args:
            persons: The set.
            name: The attribute.
        """
        rows, values = persons.rows, persons.get(name)
        self.groups: dict[Any, PersonSet] = {
            value.item(): PersonSet(persons._model, rows[values == value])
            for value in np.unique(values)
        }

    def __iter__(self) -> Iterator[tuple[Any, PersonSet]]:
        """Each value with its persons."""
        return iter(self.groups.items())

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.groups)

    def count(self) -> dict[Any, int]:
        """Persons by value."""
        return {value: len(persons) for value, persons in self}

    def agg(self, name: str, function: Callable[[Values], Any]) -> dict[Any, Any]:
        """What a function makes of an attribute, by value."""
        return {value: persons.agg(name, function) for value, persons in self}

"""Note who takes part in each lever, and in which month for the first time.

Whoever is invited, seconded, swapped, appointed on both sides, begins a doctorate or is placed by a
network takes part. Levers that act through institutions alone, as on terms or on what vacancies
show, have no participants. A person counts once a lever. Nothing is noted unless it is asked:
levers in which everybody takes part would cost a study time that it does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.levers.lever import Lever
    from hesim.model.higher_education import HigherEducation


class Participants(NamedTuple):
    """Those who took part in one lever, in the order in which they first did.

    Attributes:
        person: Identity, uint64, shape (persons,).
        month: Month in which each took part for the first time, int16, shape (persons,).
        home: Code in `categories.KINDS` of the employer that each had when it began, or of the last
            one of who had none, uint8, shape (persons,).
    """

    person: NDArray[np.uint64]
    month: NDArray[np.int16]
    home: NDArray[np.uint8]


NOBODY = Participants(np.zeros(0, np.uint64), np.zeros(0, np.int16), np.zeros(0, np.uint8))
"""The participants of a lever in which nobody took part."""


class Attendance:
    """Participants of all levers of a world, from the first recorded month on.

    Attributes:
        asked: Whether anything is noted.
    """

    def __init__(self, asked: bool = False) -> None:
        """Begin without participants."""
        self.asked = asked
        self._known: dict[str, NDArray[np.uint64]] = {}
        self._parts: dict[str, list[Participants]] = {}

    def note(
        self, lever: Lever, month: int, person: NDArray[np.uint64], home: NDArray[np.uint8]
    ) -> None:
        """Note persons who take part; who did so before is passed over.

        Args:
            lever: The lever.
            month: Month number; months of the burn-in are passed over.
            person: Identity of each, no one twice.
            home: Code in `categories.KINDS` of each one's employer, as `homes_of` tells it.
        """
        if not self.asked or month < 0 or person.size == 0:
            return
        known = self._known.get(lever.key, NOBODY.person)
        at = np.minimum(np.searchsorted(known, person), max(known.size - 1, 0))
        new = known[at] != person if known.size else np.ones(person.size, np.bool_)
        if not new.any():
            return
        fresh = person[new]
        months = np.full(fresh.size, month, np.int16)
        part = Participants(fresh, months, home[new])
        self._parts.setdefault(lever.key, []).append(part)
        self._known[lever.key] = np.sort(np.concatenate([known, fresh]))

    def of(self, lever: str) -> Participants:
        """The participants of a lever, by its name."""
        parts = self._parts.get(lever)
        if not parts:
            return NOBODY
        return Participants(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def homes_of(model: HigherEducation, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Kind of the employer of persons, or of the last one of who has none.

    Args:
        model: The model.
        rows: Rows of the persons.

    Returns:
        Codes in `categories.KINDS`, shape (rows,).
    """
    p, sector = model.persons, model.employers.sector
    kind = np.append(np.minimum(sector, c.OUTSIDE_KIND), c.NO_KIND)
    employer = p.employer[rows]
    return np.where(employer >= 0, kind[employer], p.last[rows]).astype(np.uint8)

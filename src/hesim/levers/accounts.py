"""Keep the accounts of levers: whom they reached, what they offered, and what drives their cost."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hesim.levers.lever import Lever

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = ("lever", "year", "what", "number", "unit")
"""Columns of a run's `levers.csv`, without arm and replication."""

UNITS = {
    "invited": "persons",
    "taking_part": "person-years",
    "institutions": "institution-years",
    "started": "persons",
    "placed": "persons",
    "stayed": "persons",
    "person_days": "person-days",
    "euros": "euros",
}
"""What is counted, with its unit.

`started`: secondments, joint appointments, swaps (each of the two), doctorates; `placed`: displaced
people hired through a network; `stayed`: seconded people hired by their host.
"""


class Accounts:
    """Counts by lever, year and what, from the first recorded month on."""

    def __init__(self) -> None:
        """Start with empty accounts."""
        self._counts: dict[tuple[str, int, str], float] = defaultdict(float)

    def note(self, lever: Lever, month: int, what: str, number: float) -> None:
        """Count something; people and posts also drive cost.

        Args:
            lever: The lever.
            month: Month number.
            what: What is counted, one of `UNITS`.
            number: How many.

        Raises:
            ValueError: nothing of this name is counted.
        """
        if what not in UNITS:
            raise ValueError(f"{what!r} is not counted; known: {', '.join(UNITS)}")
        if month < 0 or number == 0:
            return
        year = month // 12
        self._counts[lever.key, year, what] += number
        if what in ("invited", "started", "taking_part"):
            for cost, each in (("person_days", lever.days), ("euros", lever.euros)):
                if each:
                    self._counts[lever.key, year, cost] += number * each

    def rows(self, first_year: int) -> Iterator[dict[str, object]]:
        """Rows with the columns of `COLUMNS`, in a fixed order."""
        for (lever, year, what), number in sorted(self._counts.items()):
            yield {
                "lever": lever,
                "year": first_year + year,
                "what": what,
                "number": round(number, 3),
                "unit": UNITS[what],
            }

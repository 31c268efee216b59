"""Give one replication of one arm as columns of codes, whether it runs or was recorded.

Codes are those of `hesim.categories` and, for employers, of `places`. Months count from the first
recorded one, 0.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

Codes = NDArray[np.integer]
REASONS = (*c.EXIT_REASONS, "")
"""Why a job was left, and the name of no reason."""


class Flows(NamedTuple):
    """Changes of job, one row for `persons` persons; roles and employers on both sides.

    `crossing` is a code of `survey.crossings.CODES`; -1 in runs that were recorded without it.
    """

    month: Codes
    kind: Codes
    origin: Codes
    origin_role: Codes
    target: Codes
    target_role: Codes
    field: Codes
    reason: Codes
    crossing: Codes
    persons: Codes


class StockRows(NamedTuple):
    """Persons at the end of a month, one row a group."""

    employer: Codes
    role: Codes
    field: Codes
    sex: Codes
    education: Codes
    persons: Codes


class MoverRows(NamedTuple):
    """Those who left or joined hbo or wo, one row for each group of the survey they belong to."""

    month: Codes
    group: Codes
    origin: Codes
    origin_role: Codes
    target: Codes
    target_role: Codes
    reason: Codes
    field: Codes
    person: NDArray[np.uint64]


class ClosedVacancies(NamedTuple):
    """Vacancies that closed or stand open; `closed` is -1 while open, `source` a sector code."""

    employer: Codes
    role: Codes
    field: Codes
    opened: Codes
    closed: Codes
    filled: NDArray[np.bool_]


class Record(Protocol):
    """One replication of one arm.

    Attributes:
        months: Months recorded so far.
    """

    @property
    def months(self) -> int:
        """Months recorded so far."""

    def flows(self, start: int, stop: int) -> Flows:
        """Changes of job in the months from `start` up to and without `stop`."""

    def stock(self, month: int) -> StockRows:
        """Persons at the end of a month."""

    def movers(self) -> MoverRows:
        """All movers so far."""

    def vacancies(self) -> ClosedVacancies:
        """All vacancies so far."""

    def margin(self, name: str, month: int) -> NDArray[np.int64] | None:
        """Staff by sector (hbo, wo), role, field, region and band of `survey.margins`, or None."""

    def counted_month(self, month: int) -> int | None:
        """The month up to this one whose margins are known, or else the first; None without."""

    def yearly(self) -> dict[str, NDArray[np.float64]]:
        """Outcomes of `outcomes.registry` of the calendar years that are whole."""


def month_rows(columns: NDArray[np.integer], start: int, stop: int) -> slice:
    """The rows of months `start` up to `stop` in a column of months in order."""
    low, high = np.searchsorted(columns, (start, stop))
    return slice(int(low), int(high))

"""Count the stocks each month and the vacancies as they close."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.jobs import role_beside
from hesim.model.market import Vacancies
from hesim.model.policy import DUAL
from hesim.population.persons import Columns, Persons

FILLED, WITHDRAWN, OPEN = 0, 1, 2
HEAD_BITS = 32
HEAD = 1 << HEAD_BITS
"""Weight of a head beside hours, in `count_staff`: more than the hours of all."""
VACANCY_OUTCOMES = ("filled", "withdrawn", "open")


@njit(cache=True)
def count_staff(p: Columns, cells: NDArray[np.int64]) -> None:
    """Count heads and hours by employer (last: no job), role, field, sex and education.

    Both in one number, heads x `HEAD` + hours: one walk through memory instead of two.
    """
    employers, roles, fields, sexes, levels = cells.shape
    flat = cells.ravel()
    present, employer_of, role = p.present, p.employer, p.role
    field, sex, education, hours = p.field, p.sex, p.education, p.hours
    marks, second, hours2 = p.marks, p.employer2, p.hours2
    for i in range(present.size):
        if present[i]:
            employer = employer_of[i] if employer_of[i] >= 0 else employers - 1
            cell = (employer * roles + role[i]) * fields + field[i]
            cell = (cell * sexes + sex[i]) * levels + education[i]
            # Unsigned, or compiled code checks each time whether it counts from the end.
            flat[np.uint64(cell)] += HEAD + hours[i]
            if marks[i] & DUAL != 0:
                # The hours of the second post count where they are worked, the head only once.
                beside = role_beside(role[i])
                cell = (second[i] * roles + beside) * fields + field[i]
                flat[(cell * sexes + sex[i]) * levels + education[i]] += hours2[i]


@njit(cache=True)
def filled(cells: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Rows of what is not zero."""
    rows, found = np.empty(cells.size + 1, np.uint32), 0
    for cell in range(cells.size):
        # Written always, counted when it is something.
        rows[found] = cell
        found += int(cells[cell] != 0)
    return rows[:found]


@njit(cache=True)
def count_posts(
    p: Columns, v: Vacancies, count: int, staff: NDArray[np.int32], open_: NDArray[np.int32]
) -> None:
    """Count staff and open vacancies by employer, role and field."""
    for i in range(p.id.size):
        if p.present[i] and p.employer[i] >= 0:
            staff[p.employer[i], p.role[i], p.field[i]] += 1
            if p.marks[i] & DUAL != 0:
                staff[p.employer2[i], role_beside(p.role[i]), p.field[i]] += 1
    for k in range(count):
        open_[v.employer[k], v.role[k], v.field[k]] += 1


Whole = NDArray[Any]
"""Whole numbers of whatever width."""


def _smallest(column: Whole) -> Whole:
    """Keep whole numbers, none negative, in the smallest type that holds them."""
    return column.astype(np.min_scalar_type(int(column.max(initial=0))))


class Recorder:
    """Keeps what a run leaves behind, from the first recorded month on."""

    def __init__(self, employers: int) -> None:
        """Make an empty recorder for so many employers."""
        self.shape = (employers + 1, len(c.ROLES), len(c.FIELDS), 2, len(c.EDUCATION))
        self.stocks: list[tuple[int, Whole, Whole, Whole]] = []
        self.vacancies: list[dict[str, NDArray[np.generic]]] = []
        self.defences: dict[int, int] = {}

    def count_stock(self, persons: Persons, month: int) -> None:
        """Count the stock at the end of a month."""
        cells = np.zeros(self.shape, np.int64)
        count_staff(persons.columns, cells)
        flat = filled(cells.ravel())
        counted = cells.ravel()[flat]
        heads, hours = counted >> HEAD_BITS, counted & (HEAD - 1)
        self.stocks.append((month, _smallest(flat), _smallest(heads), _smallest(hours)))

    def close_vacancies(
        self,
        v: Vacancies,
        rows: NDArray[np.int64],
        month: int,
        outcome: int,
        source: NDArray[np.int16],
    ) -> None:
        """Note vacancies that close (or stand open at the end of the run)."""
        columns: dict[str, NDArray[np.generic]] = {
            name: getattr(v, name)[rows].copy() for name in Vacancies._fields if name != "id"
        }
        columns["closed"] = np.full(rows.size, month, np.int16)
        columns["outcome"] = np.full(rows.size, outcome, np.uint8)
        columns["source"] = source
        self.vacancies.append(columns)

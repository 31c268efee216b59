"""Count the stocks each month and the vacancies as they close."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.jobs import role_beside
from hesim.model.ledger import NOBODY
from hesim.model.market import Vacancies
from hesim.model.policy import DUAL
from hesim.model.stocks import HEAD, Stocks, Whole, changes_between, smallest
from hesim.population.persons import NEVER, Columns, Persons

FILLED, WITHDRAWN, OPEN = 0, 1, 2
VACANCY_OUTCOMES = c.VACANCY_OUTCOMES


@compiled
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


@compiled
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


class Closing(NamedTuple):
    """Vacancies that close together.

    Attributes:
        month: Month in which they close.
        outcome: Code of how.
        rows: Columns of `CLOSED`, those that stand together as one number, in the smallest type
            that holds them all, shape (columns, vacancies).
    """

    month: int
    outcome: int
    rows: Whole


class Defences(NamedTuple):
    """Candidates and former ones who defend in a month.

    Attributes:
        persons: All of them.
        in_work: Those with a job at that moment, whether as a candidate or another one.
    """

    persons: int
    in_work: int


class Doctors(NamedTuple):
    """Hbo lecturers, and those of them who hold a PhD.

    Attributes:
        persons: All lecturers.
        doctors: Those with a PhD.
    """

    persons: int
    doctors: int


CLOSED: tuple[tuple[str, ...], ...] = (
    ("employer",),
    ("role", "field"),
    ("level", "contract"),
    ("hours",),
    ("waited",),
    ("source",),
)
"""What is kept of a vacancy; a second column takes less than `BASE` values, beside the first."""
BASE = 10


class Recorder:
    """Keeps what a run leaves behind, from the first recorded month on."""

    def __init__(self, employers: int) -> None:
        """Make an empty recorder for so many employers."""
        self.shape = (employers + 1, len(c.ROLES), len(c.FIELDS), 2, len(c.EDUCATION))
        self.closings: list[Closing] = []
        self.defences: dict[int, int] = {}
        self.expected: Counter[int] = Counter()
        self.expected_in_work: Counter[int] = Counter()
        self.candidates: dict[int, Defences] = {}
        self.drawn_lecturers = Doctors(0, 0)
        self._months: list[int] = []
        self._changes: list[NDArray[np.uint8]] = []
        self._last = np.zeros(self.shape, np.int64)

    @property
    def stocks(self) -> Stocks:
        """Stock at the end of each month so far."""
        return Stocks(self._months, self._changes, self._last.size)

    def copy(self) -> Recorder:
        """What is recorded up to now, for those who read it while the run goes on.

        The arrays are shared, since nobody changes them once they are written.
        """
        now = copy.copy(self)
        now.closings, now.defences = list(self.closings), dict(self.defences)
        now.expected = self.expected.copy()
        now.expected_in_work = self.expected_in_work.copy()
        now.candidates = dict(self.candidates)
        now._months, now._changes = list(self._months), list(self._changes)
        return now

    def expect_defences(self, months: NDArray[np.int16], in_work: NDArray[np.bool_]) -> None:
        """Keep in mind when those defend whom the model no longer follows; most never do.

        Args:
            months: Month of each one's defence.
            in_work: Whether each leaves the model with a job.
        """
        defends = months < NEVER
        self.expected.update(months[defends].tolist())
        self.expected_in_work.update(months[defends & in_work].tolist())

    def count_defences(self, month: int, here: Defences, in_service: int = 0) -> None:
        """Note how many defend in a month, with those who are no longer in the model.

        Args:
            month: The month.
            here: Candidates and former ones whom the model follows.
            in_service: Lecturers who become doctors beside their job.
        """
        persons = here.persons + self.expected.pop(month, 0)
        self.defences[month] = persons + in_service
        self.candidates[month] = Defences(
            persons, here.in_work + self.expected_in_work.pop(month, 0)
        )

    def count_drawn_lecturers(self, persons: Persons) -> None:
        """Count hbo's lecturers in the stock that a run begins from."""
        here = (persons.present == 1) & (persons.employer >= 0) & (persons.role == c.LECTURER)
        doctors = here & (persons.education == c.PHD)
        self.drawn_lecturers = Doctors(int(here.sum()), int(doctors.sum()))

    def count_stock(self, persons: Persons, month: int) -> None:
        """Count the stock at the end of a month."""
        cells = np.zeros(self.shape, np.int64)
        count_staff(persons.columns, cells)
        self._months.append(month)
        self._changes.append(changes_between(self._last.ravel(), cells.ravel()))
        self._last = cells

    def close_vacancies(
        self,
        v: Vacancies,
        rows: NDArray[np.int64],
        month: int,
        outcome: int,
        source: NDArray[np.int16],
    ) -> None:
        """Note vacancies that close (or stand open at the end of the run)."""
        kept = np.empty((len(CLOSED), rows.size), np.int64)
        for at, names in enumerate(CLOSED[:-2]):
            kept[at] = getattr(v, names[0])[rows]
            for name in names[1:]:
                kept[at] = kept[at] * BASE + getattr(v, name)[rows]
        kept[-2], kept[-1] = month - v.opened[rows], source - NOBODY
        self.closings.append(Closing(month, outcome, smallest(kept)))

    def closed(self) -> dict[str, NDArray[Any]]:
        """Columns of all vacancies closed so far, in the order in which they closed.

        Those of `market.Vacancies` that say what was offered, and `closed` (month, int16),
        `outcome` (uint8) and `source` (code of the employer left by whom it takes, int16).
        """
        parts = self.closings
        sizes = [part.rows.shape[1] for part in parts]
        none = np.zeros((len(CLOSED), 0), np.uint8)
        kept = np.concatenate([none, *(part.rows for part in parts)], axis=1)
        columns: dict[str, NDArray[Any]] = {}
        for row, names in zip(kept[:-2], CLOSED[:-2], strict=True):
            split = divmod(row, BASE) if len(names) == 2 else (row,)
            for name, column in zip(names, split, strict=True):
                columns[name] = column.astype(np.int16 if name == "employer" else np.uint8)
        closed = np.repeat(np.array([part.month for part in parts], np.int16), sizes)
        columns["closed"], columns["opened"] = closed, closed - kept[-2].astype(np.int16)
        columns["outcome"] = np.repeat(np.array([part.outcome for part in parts], np.uint8), sizes)
        columns["source"] = kept[-1].astype(np.int16) + np.int16(NOBODY)
        return columns

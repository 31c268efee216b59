"""Hold what the outcomes of one run are computed from: its ledger, stocks and vacancies."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.movers import Movers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
MONTHS = 12
"""Months of a year."""


class Evidence:
    """What a run leaves behind, as outcomes read it; all counts are as simulated.

    Attributes:
        model: The model whose months are over.
        movers: Its spells, sorted by the survey's groups.
        years: Calendar years to report.
    """

    def __init__(self, model: HigherEducation, movers: Movers, years: int) -> None:
        """Take a model and its movers; nothing is computed before it is asked for."""
        self.model, self.movers, self.years = model, movers, years

    def by_year(
        self, which: Flags, month: NDArray[np.integer], weight: NDArray[np.integer] | None = None
    ) -> Floats:
        """Count rows by calendar year, or add up their weights, shape (years,).

        Args:
            which: The rows that count.
            month: Month of each row, 0 for the first recorded one.
            weight: What each row adds; 1 without it.
        """
        inside = which & (month >= 0) & (month < MONTHS * self.years)
        weights = None if weight is None else weight[inside].astype(np.float64)
        year = month[inside] // MONTHS
        return np.bincount(year, weights, minlength=self.years).astype(np.float64)

    def by_category(
        self, category: NDArray[np.integer], month: NDArray[np.integer], size: int
    ) -> Floats:
        """Count rows by category and calendar year, shape (size, years).

        Args:
            category: Code of each row, below `size`.
            month: Month of each row, 0 for the first recorded one.
            size: Number of categories.
        """
        inside = (month >= 0) & (month < MONTHS * self.years)
        cell = category[inside].astype(np.int64) * self.years + month[inside] // MONTHS
        counted = np.bincount(cell, minlength=size * self.years)
        return counted.reshape(size, self.years).astype(np.float64)

    def group(self, name: str) -> Flags:
        """Rows of movers that belong to a group of `categories.MOVER_GROUPS`."""
        return np.asarray(self.movers.group == c.MOVER_GROUPS.index(name))

    def count_movers(self, which: Flags) -> Floats:
        """Count movers by the year in which they left or joined."""
        return self.by_year(which, self.movers.month)

    def flows(self, kind: str) -> Floats:
        """Count the ledger's flows of a kind of `categories.FLOW_KINDS` by year."""
        ledger, used = self.model.ledger, int(self.model.ledger.used[0])
        mine = ledger.f_kind[:used] == c.FLOW_KINDS.index(kind)
        return self.by_year(mine, ledger.f_month[:used])

    @cached_property
    def staff(self) -> Floats:
        """Mean heads by year and sector (hbo, wo), shape (years, 2)."""
        return self._stocks[0]

    @cached_property
    def staff_at_end(self) -> Floats:
        """Hbo's staff in the last month of each year, shape (years,)."""
        return self._stocks[1]

    @cached_property
    def doctors_at_end(self) -> Floats:
        """Those of hbo's staff who hold a PhD, in the last month of each year, shape (years,)."""
        return self._stocks[2]

    @cached_property
    def masters_at_end(self) -> Floats:
        """Those of hbo's staff who hold a master or a PhD, at the same time, shape (years,)."""
        return self._stocks[3]

    @cached_property
    def _stocks(self) -> tuple[Floats, Floats, Floats, Floats]:
        heads = np.zeros((self.years, 2))
        staff, doctors, masters = (np.zeros(self.years) for _ in range(3))
        sector = np.append(self.model.employers.sector, c.NO_JOB)
        shape = self.model.recorder.shape
        # By cell, as stocks are kept.
        sector_of = np.repeat(sector, int(np.prod(shape[1:])))
        education = np.tile(np.arange(shape[-1]), int(np.prod(shape[:-1])))
        for month, flat, persons, _ in self.model.recorder.stocks:
            year, of_cell = month // MONTHS, sector_of[flat]
            for code in (c.HBO, c.WO):
                heads[year, code] += persons[of_cell == code].sum() / MONTHS
            if month % MONTHS == MONTHS - 1:
                hbo = of_cell == c.HBO
                staff[year] = persons[hbo].sum()
                doctors[year] = persons[hbo & (education[flat] == c.PHD)].sum()
                masters[year] = persons[hbo & (education[flat] >= c.MASTER)].sum()
        return heads, staff, doctors, masters

    @cached_property
    def vacancies(self) -> dict[str, NDArray[np.integer]]:
        """Columns of the vacancies of hbo and wo that closed or stand open at the end."""
        closed = self.model.recorder.closed()
        academic = closed["employer"] < self.model.employers.institutions
        return {name: column[academic] for name, column in closed.items()}


def percent(part: Floats, whole: Floats) -> Floats:
    """A part in percent of the whole; 0 where the whole is nobody."""
    return np.asarray(100.0 * part / np.maximum(whole, 1.0))

"""Draw respondents from the movers and tabulate tables 2.1, 2.2 and 3.1-3.5.

The survey's own filters: professors are left out; push items only of those who resigned or
declined renewal; 3.1 only those whose other job the survey knows; the retired and disabled name no
channel.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.items import HEADINGS
from hesim.random import uniforms
from hesim.survey.movers import ASKED_PUSH, RETIRED_OR_DISABLED, Movers

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.answers import Answers
    from hesim.tables import Cell

MONTHS = 12
EMPLOYED = c.PRIOR_SITUATIONS.index("employed")
BANDS = {
    "age": c.AGE_BANDS,
    "sex": c.SEXES,
    "education_level": c.EDUCATION,
    "field": c.FIELDS,
    "experience": c.EXPERIENCE_BANDS,
    "contract": c.CONTRACTS,
    "weekly_hours": c.HOURS_BANDS,
    "prior_situation": c.PRIOR_SITUATIONS,
    "exit_reason": c.EXIT_REASONS,
}


class Answered:
    """What those who are asked a table's questions answer."""

    def __init__(
        self, model: HigherEducation, movers: Movers, answers: Answers, rows: NDArray[np.int64]
    ) -> None:
        self.model, self.movers, self.answers, self.rows = model, movers, answers, rows
        self.spell = movers.spell[rows]
        self.kept: dict[str, NDArray[np.bool_]] = {}
        self.columns: dict[str, NDArray[np.integer]] = {}

    def to(self, cell: Cell) -> NDArray[np.bool_]:
        """Tell who would tick the cell's item."""
        pull = cell.group.endswith("_in")
        if cell.block in BANDS:
            code = BANDS[cell.block].index(cell.item)
            return np.asarray(self._of_asked(cell.block, self.movers.band[cell.block]) == code)
        if cell.block == "sector":
            side = self.movers.origin if pull else self.movers.destination
            return np.asarray(self._of_asked("sector", side) == c.SECTORS.index(cell.item))
        if cell.block == "search_channel":
            return self._of("channels")[c.CHANNELS.index(cell.item)] & self._names_channels()
        if cell.item == "overall":
            headings = self._of("pull_headings" if pull else "push_headings")
            return np.asarray(headings[HEADINGS.index(cell.block)])
        names = (self.model.rates.pull_items if pull else self.model.rates.push_items).names
        given = self._of("pull" if pull else "push")
        return np.asarray(given[names.index((cell.block, cell.item))])

    def _of(self, name: str) -> NDArray[np.bool_]:
        """Answers of those asked, shape (items, asked): gathered once, an item side by side."""
        if name not in self.kept:
            self.kept[name] = np.take(getattr(self.answers, name).T, self.spell, axis=1)
        return self.kept[name]

    def _of_asked(self, name: str, column: NDArray[np.integer]) -> NDArray[np.integer]:
        """Give a column of the movers for those asked: gathered once."""
        if name not in self.columns:
            self.columns[name] = column[self.rows]
        return self.columns[name]

    def _names_channels(self) -> NDArray[np.bool_]:
        if "named" not in self.kept:
            reason = self.movers.band["exit_reason"][self.rows]
            gone = (reason >= 0) & (reason < RETIRED_OR_DISABLED)
            self.kept["named"] = ~gone & (self.model.ledger.m_joined[self.spell] >= 0)
        return self.kept["named"]


def knows_other_job(movers: Movers, interview: int) -> NDArray[np.bool_]:
    """Tell of whom the survey knows the job on the other side of the move, as table 3.1 has it.

    Entrants tell the sector that they came from when they were in work just before (table 2.1).
    Leavers are asked once where they work now; who has no new job by then names none.

    Args:
        movers: All of them.
        interview: Months after the calendar year of leaving when leavers are asked.
    """
    enters = np.array([name.endswith("_in") for name in c.MOVER_GROUPS])[movers.group]
    in_work = movers.band["prior_situation"] == EMPLOYED
    asked = MONTHS * (movers.month.astype(np.int64) // MONTHS + 1) + interview
    told = np.where(enters, in_work, movers.month + movers.between <= asked)
    return np.asarray(movers.known & told)


def is_asked(cell: Cell, movers: Movers, interview: int) -> NDArray[np.bool_]:
    """Tell who is asked: the group's movers, after the survey's filter for this table."""
    asked = movers.surveyed & (movers.group == c.MOVER_GROUPS.index(cell.group))
    if cell.table == "3.1":
        asked &= knows_other_job(movers, interview)
    if cell.table == "3.5" and cell.group.endswith("_out"):
        asked &= np.isin(movers.band["exit_reason"], ASKED_PUSH)
    return asked


class _Sample(NamedTuple):
    """Who is asked a table's questions, and who of them is drawn.

    Attributes:
        answered: What the movers asked answer, year after year.
        first: Where each year that has any begins among them, and the end.
        years: Those years.
        drawn: Positions among them of each such year's respondents, shape (years, n).
    """

    answered: Answered
    first: NDArray[np.int64]
    years: NDArray[np.int64]
    drawn: NDArray[np.int64]


def _sample(
    cell: Cell, model: HigherEducation, movers: Movers, answers: Answers, years: int, number: int
) -> _Sample:
    """Draw a cell's respondents: n a year with replacement, keyed by year and sample."""
    interview = model.settings.integer("survey.interview")
    everybody = np.flatnonzero(is_asked(cell, movers, interview))
    # Narrow numbers are sorted by counting.
    of_year = movers.month[everybody].astype(np.int16) // np.int16(12)
    order = np.argsort(of_year, kind="stable")
    everybody = everybody[order]
    counts = np.bincount(of_year[(of_year >= 0) & (of_year < years)], minlength=years)
    filled = np.flatnonzero(counts)
    first = np.searchsorted(of_year[order], np.append(filled, years))
    people, key = np.arange(cell.n, dtype=np.uint64), model.streams.survey
    drawn = [
        start + (uniforms(key, people, int(year), number) * counts[year]).astype(np.int64)
        for year, start in zip(filled, first, strict=False)
    ]
    positions = np.array(drawn, np.int64).reshape(filled.size, cell.n)
    return _Sample(Answered(model, movers, answers, everybody), first, filled, positions)


def hold_survey(
    model: HigherEducation, movers: Movers, answers: Answers, years: int
) -> list[dict[str, object]]:
    """Hold the survey among the movers of each calendar year.

    Args:
        model: The finished run.
        movers: Its movers.
        answers: What each would answer.
        years: Years that were recorded.

    Returns:
        For each year a row for each published cell: the columns of `report_tables.csv` with
        `percent` of n respondents drawn with replacement, and `percent_movers`, the share among
        all movers. Cells that the report did not ask have no percentage here either.
    """
    samples: dict[tuple[str, str], _Sample] = {}
    cells = model.tables.cells
    percent: list[list[float | None]] = [[None] * len(cells) for _ in range(years)]
    share: list[list[float | None]] = [[None] * len(cells) for _ in range(years)]
    for at, cell in enumerate(cells):
        name = (cell.table, cell.group)
        if name not in samples:
            samples[name] = _sample(cell, model, movers, answers, years, len(samples))
        sample = samples[name]
        if cell.percent is None or sample.years.size == 0:
            continue
        yes = sample.answered.to(cell)
        among_drawn = np.count_nonzero(yes[sample.drawn], axis=1) / cell.n
        agreed = [np.count_nonzero(yes[a:b]) for a, b in pairwise(sample.first)]
        among_all = np.array(agreed) / np.diff(sample.first)
        for row, year in enumerate(sample.years):
            percent[year][at] = round(100.0 * float(among_drawn[row]), 1)
            share[year][at] = round(100.0 * float(among_all[row]), 3)
    first = int(model.settings.text("start")[:4])
    return [
        {
            "year": first + year,
            "table": cell.table,
            "block": cell.block,
            "item": cell.item,
            "label_nl": cell.label_nl,
            "group": cell.group,
            "kind": cell.kind,
            "percent": percent[year][at],
            "n": cell.n,
            "note": cell.note,
            "percent_movers": share[year][at],
        }
        for year in range(years)
        for at, cell in enumerate(cells)
    ]

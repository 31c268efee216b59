"""Draw respondents from the movers and tabulate tables 2.1, 2.2 and 3.1-3.5.

The survey's own filters: professors are left out; push items only of those who resigned or
declined renewal; 3.1 only those with a known job; the retired and disabled name no channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.items import HEADINGS
from hesim.random import uniform
from hesim.survey.movers import ASKED_PUSH, RETIRED_OR_DISABLED, Movers

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.survey.answers import Answers
    from hesim.tables import Cell

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


def _answers_to(cell: Cell, movers: Movers, answers: Answers, model: HigherEducation,
                rows: NDArray[np.int64]) -> NDArray[np.bool_]:  # fmt: skip
    """Tell which of these movers would tick the cell's item."""
    spell = movers.spell[rows]
    if cell.block in BANDS:
        return np.asarray(movers.band[cell.block][rows] == BANDS[cell.block].index(cell.item))
    if cell.block == "sector":
        side = movers.origin if cell.group.endswith("_in") else movers.destination
        return np.asarray(side[rows] == c.SECTORS.index(cell.item))
    if cell.block == "search_channel":
        gone = (movers.band["exit_reason"][rows] >= 0) & (
            movers.band["exit_reason"][rows] < RETIRED_OR_DISABLED
        )
        named = answers.channels[spell, c.CHANNELS.index(cell.item)]
        return np.asarray(named & ~gone & (model.ledger.m_joined[spell] >= 0))
    pull = cell.group.endswith("_in")
    if cell.item == "overall":
        headings = answers.pull_headings if pull else answers.push_headings
        return np.asarray(headings[spell, HEADINGS.index(cell.block)])
    names = (model.pull_items if pull else model.push_items).names
    given = answers.pull if pull else answers.push
    return np.asarray(given[spell, names.index((cell.block, cell.item))])


def _asked(cell: Cell, movers: Movers) -> NDArray[np.bool_]:
    """Tell who is asked: the group's movers, after the survey's filter for this table."""
    asked = movers.surveyed & (movers.group == c.MOVER_GROUPS.index(cell.group))
    if cell.table == "3.1":
        asked &= movers.known
    if cell.table == "3.5" and cell.group.endswith("_out"):
        asked &= np.isin(movers.band["exit_reason"], ASKED_PUSH)
    return asked


def hold_survey(
    model: HigherEducation, movers: Movers, answers: Answers, year: int
) -> list[dict[str, object]]:
    """Hold the survey among the movers of one calendar year.

    Args:
        model: The finished run.
        movers: Its movers.
        answers: What each would answer.
        year: Number of the year, 0 the first.

    Returns:
        A row for each published cell: the columns of `report_tables.csv` with `percent` of n
        respondents drawn with replacement, and `percent_movers`, the share among all movers.
        Cells that the report did not ask have no percentage here either.
    """
    key = model.keys["survey"]
    of_year = (movers.month >= 12 * year) & (movers.month < 12 * year + 12)
    drawn: dict[tuple[str, str, str], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
    rows: list[dict[str, object]] = []
    first = int(model.settings.text("start")[:4])
    for cell in model.tables.cells:
        sample = (cell.table, cell.group, "")
        if sample not in drawn:
            asked = np.flatnonzero(_asked(cell, movers) & of_year)
            label = len(drawn)
            picks = [
                int(uniform(key, np.uint64(k), year, label) * asked.size) for k in range(cell.n)
            ]
            drawn[sample] = (asked, asked[picks] if asked.size else asked)
        asked, respondents = drawn[sample]
        percent = share = None
        if cell.percent is not None and asked.size:
            yes = _answers_to(cell, movers, answers, model, respondents)
            everybody = _answers_to(cell, movers, answers, model, asked)
            percent = round(100.0 * float(yes.mean()), 1)
            share = round(100.0 * float(everybody.mean()), 3)
        rows.append(
            {
                "year": first + year,
                "table": cell.table,
                "block": cell.block,
                "item": cell.item,
                "label_nl": cell.label_nl,
                "group": cell.group,
                "kind": cell.kind,
                "percent": percent,
                "n": cell.n,
                "note": cell.note,
                "percent_movers": share,
            }
        )
    return rows

"""Who is asked what, and what comes out of it, on a few movers written by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.items import HEADINGS
from hesim.random import uniforms
from hesim.survey.answers import Answers
from hesim.survey.movers import Movers
from hesim.survey.questionnaire import (
    BANDS,
    EMPLOYED,
    Answered,
    hold_survey,
    is_asked,
    knows_other_job,
)
from hesim.tables import Cell

KEY = np.uint64(31)
INTERVIEW = 4
"""Months after the calendar year of leaving when leavers are asked."""
IN, OUT = c.MOVER_GROUPS.index("hbo_in"), c.MOVER_GROUPS.index("hbo_out")


def cell(
    table: str = "3.2",
    block: str = "sex",
    item: str = "female",
    group: str = "hbo_in",
    n: int = 4,
    percent: float | None = 50.0,
) -> Cell:
    return Cell(table, block, item, f"{item} in Dutch", group, "own", percent, n, "a note")


class Given:
    """Settings: the run starts in May 2011, and leavers are asked in May of the next year."""

    def text(self, path: str) -> str:
        """The only text that is asked."""
        assert path == "start"
        return "2011-05"

    def integer(self, path: str) -> int:
        """The only number that is asked."""
        assert path == "survey.interview"
        return INTERVIEW


def movers(*rows: dict[str, Any]) -> Movers:
    """Movers of hbo's entrants, one row and one spell each, of the first year."""
    ordinary = {
        "group": IN,
        "month": 0,
        "origin": c.WO,
        "destination": c.HBO,
        "known": True,
        "surveyed": True,
        "between": 0,
        **dict.fromkeys(BANDS, 0),
        "exit_reason": -1,
    }
    whole = [{**ordinary, "spell": k, **row} for k, row in enumerate(rows)]
    columns: dict[str, Any] = {name: np.array([row[name] for row in whole]) for name in whole[0]}
    nothing = np.zeros(len(rows), np.int8)
    return Movers(
        spell=columns["spell"],
        group=columns["group"],
        month=columns["month"].astype(np.int16),
        origin=columns["origin"],
        destination=columns["destination"],
        way=nothing,
        between=columns["between"].astype(np.int16),
        crossing=nothing,
        known=columns["known"],
        surveyed=columns["surveyed"],
        band={name: columns[name] for name in BANDS},
    )


def model(*cells: Cell, joined: tuple[int, ...] = (0,) * 40) -> Any:
    pull = SimpleNamespace(names=tuple((heading, "item") for heading in HEADINGS))
    push = SimpleNamespace(names=(*pull.names, ("people", "another")))
    return SimpleNamespace(
        rates=SimpleNamespace(pull_items=pull, push_items=push),
        ledger=SimpleNamespace(m_joined=np.array(joined)),
        streams=SimpleNamespace(survey=KEY),
        tables=SimpleNamespace(cells=cells),
        settings=Given(),
    )


def nobody(spells: int) -> Answers:
    shapes = (12, 5, 5, 6, 5)
    return Answers(*(np.zeros((spells, size), np.bool_) for size in shapes))


def ticked(of: Movers, where: Cell, answers: Answers | None = None, **more: Any) -> list[bool]:
    rows = np.arange(of.spell.size)
    made = Answered(model(**more), of, answers or nobody(of.spell.size), rows)
    found = made.to(where).tolist()
    assert made.to(where).tolist() == found
    return found


@pytest.mark.parametrize("block", BANDS)
def test_who_is_in_a_band_ticks_it(block: str) -> None:
    people = movers(*({block: code} for code in range(len(BANDS[block]))), {block: -1})
    for code, name in enumerate(BANDS[block]):
        expected = [k == code for k in range(len(BANDS[block]))]
        assert ticked(people, cell(block=block, item=name)) == [*expected, False]


def test_an_entrant_names_the_sector_left_and_a_leaver_the_one_joined() -> None:
    people = movers({"origin": c.WO, "destination": c.UMC}, {"origin": c.UMC, "destination": c.WO})
    assert ticked(people, cell("3.1", "sector", "wo")) == [True, False]
    assert ticked(people, cell("3.1", "sector", "wo", "hbo_out")) == [False, True]


@pytest.mark.parametrize(
    ("reason", "joined", "names"),
    [
        ("resigned", 5, True),
        ("dismissed", 5, True),
        ("resigned", 0, True),
        ("resigned", -1, False),
        ("retirement", 5, False),
        ("early_retirement", 5, False),
        ("disabled_part_kept_job", 5, False),
    ],
)
def test_a_leaver_names_the_channels_of_the_next_job(reason: str, joined: int, names: bool) -> None:
    answers = nobody(3)
    answers.channels[1, c.CHANNELS.index("headhunter")] = True
    people = movers(
        {"spell": 1, "exit_reason": c.EXIT_REASONS.index(reason)},
        {"spell": 2, "exit_reason": c.EXIT_REASONS.index(reason)},
    )
    for channel in c.CHANNELS:
        found = ticked(
            people, cell("3.4", "search_channel", channel), answers, joined=(9, joined, 9)
        )
        assert found == [names and channel == "headhunter", False]


def test_an_entrant_names_channels_too() -> None:
    answers = nobody(1)
    answers.channels[:] = True
    assert ticked(movers({}), cell("3.4", "search_channel", "other"), answers, joined=(0,)) == [
        True
    ]


def test_entrants_answer_on_pull_and_leavers_on_push() -> None:
    answers, people = nobody(3), movers({"spell": 2}, {"spell": 0})
    answers.pull_headings[2, 1] = answers.push_headings[0, 3] = True
    answers.pull[2, 4] = answers.push[0, 5] = True
    for group, rows in (("hbo_in", [True, False]), ("hbo_out", [False, True])):
        heading, item = ("people", ("organisation", "item"))
        if group == "hbo_out":
            heading, item = "preconditions", ("people", "another")
        none = [False, False]
        for each in HEADINGS:
            found = ticked(people, cell("3.5", each, "overall", group), answers)
            assert found == (rows if each == heading else none)
            found = ticked(people, cell("3.5", each, "item", group), answers)
            assert found == (rows if (each, "item") == item else none)
    assert ticked(people, cell("3.5", "people", "another", "hbo_out"), answers) == [False, True]


def test_entrants_say_where_they_came_from_if_they_were_in_work() -> None:
    situations = [{"prior_situation": code} for code in range(len(c.PRIOR_SITUATIONS))]
    people = movers(*situations, {"known": False, "prior_situation": EMPLOYED}, {"group": OUT})
    in_work = [code == EMPLOYED for code in range(len(c.PRIOR_SITUATIONS))]
    assert knows_other_job(people, INTERVIEW).tolist() == [*in_work, False, True]


@pytest.mark.parametrize(
    ("left", "between", "asked"),
    [(0, 0, True), (11, 4, True), (11, 5, True), (11, 6, False), (0, 16, True), (0, 17, False)],
)
def test_leavers_are_asked_once_in_the_year_after_they_left(
    left: int, between: int, asked: bool
) -> None:
    """In May of the next year, month 16 from the January of leaving."""
    people = movers({"group": OUT, "month": left, "between": between})
    assert knows_other_job(people, INTERVIEW).tolist() == [asked]
    later = movers({"group": OUT, "month": 24 + left, "between": between})
    assert knows_other_job(later, INTERVIEW).tolist() == [asked]


def test_each_table_has_its_filter() -> None:
    reasons = ("resigned", "declined_renewal", "dismissed", "retirement")
    people = movers(
        {"prior_situation": EMPLOYED},
        {"surveyed": False},
        {"group": OUT},
        {"known": False},
        *({"group": OUT, "exit_reason": c.EXIT_REASONS.index(name)} for name in reasons),
    )

    def asked(*given: str) -> list[int]:
        return np.flatnonzero(is_asked(cell(given[0], group=given[1]), people, INTERVIEW)).tolist()

    assert asked("3.2", "hbo_in") == [0, 3]
    assert asked("3.1", "hbo_in") == [0]
    assert asked("3.5", "hbo_in") == [0, 3]
    assert asked("3.2", "hbo_out") == [2, 4, 5, 6, 7]
    assert asked("3.5", "hbo_out") == [4, 5]
    assert asked("3.2", "wo_in") == []


def by_year(rows: list[dict[str, object]], name: str, item: str = "female") -> list[object]:
    return [row[name] for row in rows if row["item"] == item]


def test_a_survey_is_held_each_year_among_its_movers() -> None:
    # Months out of order; of the second year nobody.
    months = (25, 1, 0, 24, 11, 35, 30, -1, 36)
    people = movers(*({"month": month, "sex": int(month in (0, 25, 35))} for month in months))
    cells = (
        cell(),
        cell(item="male", percent=None),
        cell(item="male", group="wo_in"),
        cell("2.2", n=50),
        cell("3.3", n=3),
    )
    rows = hold_survey(model(*cells), people, nobody(9), 3)
    assert len(rows) == 15
    assert [row["year"] for row in rows] == [2011] * 5 + [2012] * 5 + [2013] * 5
    first = rows[0]
    assert {name: first[name] for name in first if "percent" not in name} == {
        "year": 2011,
        "table": "3.2",
        "block": "sex",
        "item": "female",
        "label_nl": "female in Dutch",
        "group": "hbo_in",
        "kind": "own",
        "n": 4,
        "note": "a note",
    }
    # One of three in the first year (months 1, 0, 11), two of four in the third.
    shares = by_year(rows, "percent_movers")
    assert shares == [33.333] * 3 + [None] * 3 + [50.0] * 3
    # Cells that were not asked, and groups without movers, have no percentage.
    for name in ("percent", "percent_movers"):
        assert by_year(rows, name, "male") == [None] * 6
    # Respondents are drawn among the year's movers in order, as keyed by year, table and n.
    yes = {0: np.array([False, True, False]), 2: np.array([True, False, True, False])}
    for number, (at, n) in enumerate(((0, 4), (3, 50), (4, 3))):
        for year, said in yes.items():
            # Samples are numbered as tables and groups are met: 3.2 twice, then 2.2 and 3.3.
            draws = uniforms(KEY, np.arange(n, dtype=np.uint64), year, (0, 2, 3)[number])
            drawn = said[(draws * said.size).astype(int)]
            assert rows[5 * year + at]["percent"] == round(100.0 * drawn.mean(), 1)


def test_the_same_respondents_answer_all_questions_of_a_table() -> None:
    people = movers(*({"sex": k % 2, "field": k % 2} for k in range(10)))
    cells = (cell(n=9), cell("3.3", n=9), cell(block="field", item=c.FIELDS[1], n=9))
    one, other, third = hold_survey(model(*cells), people, nobody(10), 1)
    assert one["percent"] == third["percent"]
    assert one["percent_movers"] == other["percent_movers"] == 50.0

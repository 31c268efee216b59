"""Whose lives differ between two worlds, and in which month they part."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from hesim import categories as c
from hesim.app.diary import Diary
from hesim.app.parted_lives import draw_parted, parted_persons, parting_html, parting_of
from hesim.app.words import speak
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.places import Places, read_places
from hesim.record.reader import MoverRows, Record
from hesim.story.person import Follower, Happening
from hesim.tables import ReportTables

pytestmark = pytest.mark.once
FIRST = "2011-01"
PHD, LECTURER = c.ROLES.index("phd_candidate"), c.ROLES.index("lecturer")
# Person, month, from, from role, to, to role.
Move = tuple[int, int, int, int, int, int]


@pytest.fixture(scope="module")
def places(tables: ReportTables) -> Places:
    return read_places(tables)


def record(moves: list[Move], months: int = 24) -> Record:
    """A world in which only these people moved, each in one group of the survey."""
    rows = np.array(moves, np.int64).reshape(-1, 6).T
    person, month, origin, origin_role, target, target_role = rows
    nothing = np.zeros_like(month)
    moved = MoverRows(
        month,
        nothing,
        origin,
        origin_role,
        target,
        target_role,
        nothing,
        nothing,
        person.astype(np.uint64),
    )
    return cast(Record, SimpleNamespace(months=months, movers=lambda: moved))


def test_those_are_found_whose_moves_differ_in_any_part() -> None:
    same = [(1, 3, 5, PHD, 20, LECTURER), (2, 4, 5, PHD, 6, PHD)]
    one = record([*same, (3, 5, 5, PHD, 6, PHD), (4, 6, 5, PHD, 7, PHD)])
    # Person 3 goes elsewhere, 4 a month later, 5 in this world alone.
    other = record(
        [*same, (3, 5, 5, PHD, 20, LECTURER), (4, 7, 5, PHD, 7, PHD), (5, 8, 6, 3, 7, 3)]
    )
    assert parted_persons(one, other).tolist() == [3, 4, 5]
    assert parted_persons(one, one).size == 0
    # Of a role: who had it or got it in the moves that differ.
    assert parted_persons(one, other, "lecturer").tolist() == [3]
    assert parted_persons(one, other, "phd_candidate").tolist() == [3, 4]
    assert draw_parted(one, other, "lecturer") == 3
    # Where nobody of the role differs, somebody else is drawn; where nobody does, nobody.
    assert draw_parted(one, other, "lector") in (3, 4, 5)
    assert draw_parted(one, one, "lecturer") is None


def test_a_move_in_two_groups_of_the_survey_is_one_and_later_months_do_not_count() -> None:
    move = (1, 3, 5, PHD, 20, LECTURER)
    assert parted_persons(record([move, move]), record([move])).size == 0
    # One world is a month ahead of the other.
    later = (2, 24, 5, PHD, 6, PHD)
    assert parted_persons(record([move, later], months=25), record([move])).size == 0


def follower(*happenings: tuple[int, str, dict[str, Any]]) -> Follower:
    made = Follower(7)
    made.happenings = [Happening(month, "moves", kind, facts) for month, kind, facts in happenings]
    return made


def diaries(places: Places, language: str, one: Follower, other: Follower) -> dict[str, Diary]:
    words = speak(language)
    return {
        arm: Diary(story, places, (), FIRST, words)
        for arm, story in ((BASELINE, one), (POLICY, other))
    }


PUSHED = (2, "pushed", {"items": []})
LEFT = (6, "left", {"employer": 0, "role": PHD, "reason": ""})
PERMANENT = (14, "made_permanent", {"contract": 0, "ends": 32000})


@pytest.mark.parametrize(
    ("language", "month", "nothing"),
    [
        ("en", "From March 2012 the two lives differ", "nothing happens in that month"),
        ("nl", "Vanaf maart 2012 verschillen de twee levens", "in die maand gebeurt er niets"),
    ],
)
def test_the_month_and_what_happens_in_it_are_told(
    places: Places, language: str, month: str, nothing: str
) -> None:
    both = diaries(places, language, follower(PUSHED, LEFT), follower(PUSHED, LEFT, PERMANENT))
    found = parting_of(both)
    assert (found.month, found.sought) == (14, None)
    html = parting_html(found, FIRST, speak(language))
    assert html.count("<p ") == 1 and month in html and nothing in html
    assert both[POLICY].sentence(both[POLICY].story.happenings[-1]).removesuffix(".") in html


def test_what_is_felt_earlier_is_told_apart_and_is_no_parting(places: Places) -> None:
    both = diaries(places, "en", follower(LEFT), follower(PUSHED, LEFT, PERMANENT))
    found = parting_of(both)
    assert (found.month, found.sought) == (14, 2)
    assert "Already from March 2011 on" in parting_html(found, FIRST, speak("en"))
    found = parting_of(diaries(places, "en", follower(LEFT), follower(PUSHED, LEFT)))
    assert (found.month, found.sought) == (None, 2)
    assert "From March 2011 on something else" in parting_html(found, FIRST, speak("en"))
    found = parting_of(diaries(places, "en", follower(LEFT), follower(LEFT)))
    assert found.month is found.sought is None
    assert "Up to now the two lives are the same" in parting_html(found, FIRST, speak("en"))

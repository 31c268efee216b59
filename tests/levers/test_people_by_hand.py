"""What a lever gives to people, worked out by hand."""

from __future__ import annotations

from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import HBO_EAST, MONTH, WO_EAST

from hesim import categories as c
from hesim.levers.lever import monthly
from hesim.levers.people import forget, touch_people
from hesim.model.items import HEADINGS
from hesim.model.policy import DUAL
from hesim.model.push import ENDING, IDLE, JOBLESS, ON_THE_JOB
from hesim.population.persons import Persons

MANY = 4000


def touch(
    persons: Persons, kind: str = "yearly", share: float = 1.0, month: int = MONTH, **acting: Any
) -> int:
    model = hand.model(persons, month=month)
    return touch_people(model, hand.lever(kind), hand.area(), acting, share)


def test_an_invitation_teaches_a_share_of_what_is_not_known() -> None:
    persons = hand.people({"awareness": 0.0}, {"awareness": 0.5}, {"awareness": 1.0})
    assert touch(persons, awareness={"gain": 0.4}) == 3
    assert persons.awareness == pytest.approx([0.4, 0.7, 1.0])
    assert touch(persons, awareness={"gain": 7.0}) == 3
    assert persons.awareness == pytest.approx([1.0, 1.0, 1.0])


@pytest.mark.parametrize("kind", ["lasting", "institutions"])
def test_a_year_of_taking_part_teaches_as_much_in_twelve_months(kind: str) -> None:
    persons = hand.people({"awareness": 0.0}, {"awareness": 0.5})
    touch(persons, kind, awareness={"gain": 0.4}, contacts={"gain": 6.0}, image={"shift": 2.4})
    assert persons.awareness == pytest.approx([monthly(0.4), 0.5 + 0.5 * monthly(0.4)])
    assert persons.contacts == pytest.approx([0.5, 0.5])
    assert persons.outlook == pytest.approx([0.2, 0.2])
    for _ in range(11):
        touch(persons, kind, awareness={"gain": 0.4})
    assert persons.awareness == pytest.approx([0.4, 0.7])


def test_contacts_and_image_add_up() -> None:
    persons = hand.people({"contacts": 1.0, "outlook": 0.5}, {"outlook": -1.0})
    touch(persons, contacts={"gain": 2.0}, image={"shift": 0.25})
    assert persons.contacts.tolist() == [3.0, 2.0]
    assert persons.outlook.tolist() == [0.75, -0.75]


def test_what_people_find_spreads_around_the_shift_and_lasts() -> None:
    persons = hand.crowd(MANY)
    touch(persons, image={"shift": 0.5, "spread": 0.2})
    first = persons.outlook.copy()
    assert first.mean() == pytest.approx(0.5, abs=0.02)
    assert first.std() == pytest.approx(0.2, abs=0.01)
    # As a normal distribution: about a sixth beyond one standard deviation on either side.
    assert np.mean(first > 0.7) == pytest.approx(0.159, abs=0.02)
    assert np.mean(first < 0.3) == pytest.approx(0.159, abs=0.02)
    assert np.mean(np.abs(first - 0.5) > 0.4) == pytest.approx(0.046, abs=0.012)
    touch(persons, month=MONTH + 5, image={"shift": 0.5, "spread": 0.2})
    assert persons.outlook == pytest.approx(2 * first, rel=1e-5)


def test_practice_comes_in_whole_months_that_make_up_the_years() -> None:
    persons = hand.people({"practice": 10}, {"practice": 31999})
    touch(persons, practice={"months": 4.0})
    assert persons.practice.tolist() == [14, 32000]
    many = hand.crowd(MANY)
    touch(many, "lasting", practice={"months": 18.0})
    assert set(many.practice.tolist()) == {1, 2}
    assert many.practice.mean() == pytest.approx(1.5, abs=0.03)
    before = many.practice.copy()
    touch(many, "lasting", month=MONTH + 1, practice={"months": 18.0})
    assert not np.array_equal(many.practice, 2 * before)


def test_satisfaction_marks_the_headings_that_are_met() -> None:
    for heading, name in enumerate(HEADINGS):
        persons = hand.people({"marks": DUAL}, {})
        touch(persons, satisfaction={name: 1.0})
        assert persons.marks.tolist() == [DUAL | 1 << heading, 1 << heading]
    many = hand.crowd(MANY)
    touch(many, satisfaction={HEADINGS[0]: 0.3, HEADINGS[4]: 0.3})
    first, last = many.marks & 1 != 0, many.marks & 16 != 0
    assert first.mean() == pytest.approx(0.3, abs=0.03)
    assert last.mean() == pytest.approx(0.3, abs=0.03)
    assert np.mean(first & last) == pytest.approx(0.09, abs=0.02)
    touch(many, month=MONTH + 3, satisfaction={HEADINGS[0]: 0.3})
    assert np.array_equal(many.marks & 1 != 0, first)


def test_nobody_comes_to_what_offers_people_nothing() -> None:
    persons = hand.people({})
    assert touch(persons) == 0
    assert touch(persons, barrier={"sector": 0.5}, invitation={"seekers": 1.0}) == 0
    for name in ("awareness", "contacts", "image", "practice", "satisfaction"):
        assert touch(persons, **{name: {}}) == 1


@pytest.mark.parametrize(
    ("kind", "share", "expected"),
    [("yearly", 0.6, monthly(0.6)), ("lasting", 0.6, 0.6), ("institutions", 0.6, 1.0)],
)
def test_a_share_is_of_a_year_for_good_or_of_institutions(
    kind: str, share: float, expected: float
) -> None:
    came = []
    for month in (3, 4):
        persons = hand.crowd(MANY)
        number = touch(persons, kind, share, month, contacts={"gain": 1.0})
        assert number == (persons.contacts > 0).sum()
        assert number / MANY == pytest.approx(expected, abs=0.03)
        came.append(persons.contacts > 0)
    assert np.array_equal(*came) == (kind != "yearly")


def test_those_who_search_come_more_often_if_the_invitation_says_so() -> None:
    kinds = (IDLE, ON_THE_JOB, ENDING, JOBLESS)
    persons = hand.people(*({"search": kinds[k % 4]} for k in range(MANY)))
    touch(persons, "lasting", 0.2, invitation={"seekers": 2.0}, contacts={"gain": 12.0})
    share = [persons.contacts[k::4].mean() for k in range(4)]
    assert share == pytest.approx([0.2, 0.6, 0.6, 0.2], abs=0.05)


def test_only_those_near_the_end_of_the_contract_if_it_says_so() -> None:
    persons = hand.people(*({"ends": MONTH + k} for k in (7, 5, 6)))
    touch(persons, invitation={"near_end": 6.0}, contacts={"gain": 1.0})
    assert persons.contacts.tolist() == [0.0, 1.0, 1.0]


def test_only_people_with_a_job_in_reach_come() -> None:
    persons = hand.people(
        {},
        {"employer": WO_EAST},
        {"role": c.LECTOR},
        {"field": hand.ECONOMICS},
        {"employer": -1},
        {"present": 0},
        {},
    )
    where = hand.area(HBO_EAST, roles=(c.LECTURER,), fields=(hand.LAW,))
    acting = {"contacts": {"gain": 1.0}}
    assert touch_people(hand.model(persons), hand.lever(), where, acting, 1.0) == 2
    assert persons.contacts.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]


def test_satisfaction_is_of_a_month_and_the_image_fades() -> None:
    persons = hand.people({"marks": DUAL | 0b11111, "outlook": 0.8}, {"marks": 0b10}, {})
    forget(hand.model(persons))
    assert persons.marks.tolist() == [DUAL, 0, 0]
    assert persons.outlook == pytest.approx([0.6, 0.0, 0.0])
    forget(hand.model(persons))
    assert persons.outlook == pytest.approx([0.45, 0.0, 0.0])

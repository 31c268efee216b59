"""Who volunteers, and what becomes of secondments, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, HBO_EAST_2, HBO_WEST, WO_EAST, WO_EAST_2, WO_WEST

from hesim import categories as c
from hesim.levers.lever import monthly
from hesim.levers.processes import secondment
from hesim.levers.processes.process import volunteers
from hesim.levers.processes.secondment import Secondment, pick_host
from hesim.model.policy import DUAL
from hesim.model.push import ENDING, IDLE, ON_THE_JOB
from hesim.population.biography import WORKED

MANY = 4000
ME = hand.FIRST_IDENTITY

ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}


def of_two(model: Any, *partners: tuple[int, int]) -> Any:
    for one, other in partners:
        model.employers.partner[one, other] = model.employers.partner[other, one] = 1
    return model


def test_volunteers_are_a_monthly_part_of_a_year_and_not_under_way_already() -> None:
    of = hand.model(hand.crowd(MANY))
    rows = volunteers(of, hand.area(), 0.9, np.zeros(0, np.uint64))
    assert rows.size / MANY == pytest.approx(monthly(0.9), abs=0.03)
    busy = of.persons.id[rows[:10]]
    assert volunteers(of, hand.area(), 0.9, busy).tolist() == rows[10:].tolist()
    assert volunteers(of, hand.area(), 1.0, busy).size == MANY - 10


@pytest.mark.parametrize(
    ("own", "partners", "hosts"),
    [
        (HBO_EAST, [], {WO_EAST, WO_EAST_2}),
        (HBO_EAST, [(HBO_EAST, WO_EAST_2)], {WO_EAST_2}),
        (HBO_EAST, [(HBO_EAST, WO_WEST), (HBO_EAST, HBO_EAST_2)], {WO_EAST, WO_EAST_2}),
        (WO_WEST, [], {HBO_WEST}),
        (WO_EAST, [(WO_EAST, HBO_EAST)], {HBO_EAST}),
    ],
)
def test_a_host_is_of_the_other_sector_in_the_region_and_a_partner_if_there_is_one(
    own: int, partners: list[tuple[int, int]], hosts: set[int]
) -> None:
    of = of_two(hand.model(), *partners)
    assert {pick_host(of, own, chance) for chance in (0.0, 0.49, 0.5, 0.99)} == hosts
    of.employers.region[:] = np.arange(8)
    assert pick_host(of, own, 0.5) == -1


def second(of: Any, process: Secondment, month: int, **given: float) -> Any:
    of.month = month
    turn = hand.turn(of, **given)
    process.begin_month(of, turn)
    return turn


TERMS = {"volunteers": 1.0, "months": 6.0, "contacts": 2.0, "delay": 0.0}


def test_a_secondment_is_agreed_starts_and_ends() -> None:
    of = of_two(hand.model(hand.people({"field": 3})), (HBO_EAST, WO_EAST_2))
    process = Secondment(hand.lever())
    second(of, process, 10, **{**TERMS, "delay": 2.0})
    assert process.waiting == [(ME, HBO_EAST, WO_EAST_2, 12)]
    # Who waits does not volunteer again, and nothing has begun.
    second(of, process, 11, **{**TERMS, "delay": 2.0})
    assert len(process.waiting) == 1 and hand.flows(of) == []
    turn = second(of, process, 12, **TERMS)
    assert process.waiting == [] and process.away == [(ME, HBO_EAST, WO_EAST_2, 18)]
    assert of.persons.contacts[0] == 2.0
    assert of.persons.past[0] == WORKED << c.WO
    assert hand.noted(turn) == {"started": 1}
    start = ("secondment_start", 12, HBO_EAST, c.LECTURER, WO_EAST_2, c.LECTURER)
    assert hand.flows(of) == [start]
    assert of.ledger.f_field[0] == 3
    second(of, process, 17, **TERMS)
    assert len(process.away) == 1 and process.waiting == []
    # What has begun ends though the lever acts no more.
    second(of, process, 18)
    assert process.away == [] and process.asking == []
    end = ("secondment_end", 18, WO_EAST_2, c.LECTURER, HBO_EAST, c.LECTURER)
    assert hand.flows(of) == [start, end]
    assert of.ledger.f_field[1] == 3


@pytest.mark.parametrize(("less", "months"), [(0.0, 4), (0.5, 2), (0.75, 1), (1.0, 0), (3.0, 0)])
def test_simpler_rules_shorten_the_delay(less: float, months: int) -> None:
    of, process = hand.model(), Secondment(hand.lever())
    second(of, process, 10, **{**TERMS, "delay": 4.0}, less_delay=less)
    assert process.waiting[0][3] == 10 + months


def test_simpler_rules_and_a_larger_share_make_more_volunteers() -> None:
    number = {}
    for ease, share in ((0.0, 1.0), (1.0, 1.0), (0.0, 0.5)):
        of, process = hand.model(hand.crowd(MANY)), Secondment(hand.lever())
        second(of, process, 10, **{**TERMS, "volunteers": 0.4}, ease=ease, share=share)
        number[ease, share] = len(process.waiting) / MANY
    assert number[0.0, 1.0] == pytest.approx(monthly(0.4), abs=0.01)
    assert number[1.0, 1.0] == pytest.approx(monthly(0.8), abs=0.02)
    assert number[0.0, 0.5] == pytest.approx(monthly(0.2), abs=0.01)


@pytest.mark.parametrize(
    ("facts", "agrees"),
    [
        ({}, True),
        (ACADEMIC, True),
        ({"employer": FIRM}, False),
        ({"marks": DUAL}, False),
        ({"marks": 0b11111}, True),
    ],
)
def test_staff_of_hbo_and_wo_without_a_second_side_volunteers(
    facts: dict[str, Any], agrees: bool
) -> None:
    of, process = hand.model(hand.people(facts)), Secondment(hand.lever())
    second(of, process, 10, **TERMS)
    assert len(process.waiting) == agrees


def test_a_secondment_that_has_become_impossible_does_not_start() -> None:
    facts = [{}, {"employer": HBO_EAST_2}, {"present": 0}, {"ends": 15}, {"ends": 16}]
    of, process = hand.model(hand.people(*facts)), Secondment(hand.lever())
    process.waiting = [(ME + k, HBO_EAST, WO_EAST, 10) for k in range(5)]
    process.last = {"months": 6.0}
    turn = second(of, process, 10)
    assert [who for who, *_ in process.away] == [ME, ME + 4]
    assert hand.noted(turn) == {"started": 2}
    assert process.waiting == []


def test_at_the_end_one_part_asks_to_stay_another_searches_and_the_rest_returns() -> None:
    of, process = hand.model(hand.crowd(MANY)), Secondment(hand.lever())
    of.ledger = hand.empty_ledger(MANY + 10, 10)
    process.away = [(ME + k, HBO_EAST, WO_EAST, 30) for k in range(MANY)]
    process.last = {"stay": 0.2, "move_on": 0.3}
    second(of, process, 30)
    asking = np.array([who for who, _ in process.asking], int) - ME
    assert {host for _, host in process.asking} == {WO_EAST}
    search = np.flatnonzero(of.persons.search == ON_THE_JOB)
    assert asking.size / MANY == pytest.approx(0.2, abs=0.03)
    assert search.size / MANY == pytest.approx(0.3, abs=0.03)
    assert not set(asking) & set(search)
    assert np.all(of.persons.search_since[search] == 30)
    assert set(np.delete(of.persons.search, search)) == {IDLE}
    assert len(hand.flows(of)) == MANY


def test_who_searches_already_goes_on_with_it() -> None:
    of = hand.model(hand.people({"search": ENDING, "search_since": 7}))
    process = Secondment(hand.lever())
    process.away, process.last = [(ME, HBO_EAST, WO_EAST, 30)], {"move_on": 1.0}
    second(of, process, 30)
    assert (of.persons.search[0], of.persons.search_since[0]) == (ENDING, 7)


def test_a_change_of_employer_ends_a_secondment_at_once() -> None:
    of = hand.model(
        hand.people({"employer": WO_WEST, "role": c.POSTDOC, "field": 2}, {"present": 0})
    )
    process = Secondment(hand.lever())
    process.away = [(ME, HBO_EAST, WO_EAST, 99), (ME + 1, HBO_EAST, WO_EAST, 99)]
    process.last = {"stay": 1.0, "move_on": 1.0}
    second(of, process, 30)
    assert process.away == [] and process.asking == []
    assert of.persons.search[0] == IDLE
    assert hand.flows(of) == [
        ("secondment_end", 30, WO_EAST, c.POSTDOC, HBO_EAST, c.POSTDOC),
        ("secondment_end", 30, WO_EAST, c.JOB_SEEKER, HBO_EAST, c.JOB_SEEKER),
    ]
    assert of.ledger.f_field[:2].tolist() == [2, 0]


def test_who_is_hired_by_the_host_has_stayed() -> None:
    of = hand.model(hand.people({}, {"employer": WO_EAST}, {"present": 0}))
    process = Secondment(hand.lever())
    process.asked = [(ME + k, WO_EAST) for k in range(3)]
    turn = second(of, process, 24)
    assert [(row["year"], row["what"], row["number"]) for row in turn.accounts.rows(0)] == [
        (1, "stayed", 1)
    ]
    assert process.asked == []


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Pairs that processes bring together; all of them become applications."""
    pairs: list[tuple[int, int]] = []

    def apply(model: Any, given: list[tuple[int, int]]) -> list[tuple[int, int]]:
        pairs.extend(given)
        return given

    monkeypatch.setattr(secondment, "apply_for", apply)
    return pairs


def test_who_asks_applies_for_one_vacancy_of_the_host(brought: list[tuple[int, int]]) -> None:
    open_ = hand.vacancies(
        {"employer": WO_EAST_2, "id": 1},
        {"employer": WO_EAST, "field": hand.ECONOMICS, "id": 2},
        {"employer": WO_EAST, "id": 9},
        {"employer": WO_EAST, "id": 5},
        {"employer": WO_WEST, "field": hand.ECONOMICS, "id": 8},
        {"employer": WO_WEST, "field": hand.ECONOMICS, "id": 7},
        {"employer": WO_EAST, "id": 0},  # not open any more
    )
    of = hand.model(hand.people({}, {}, {"present": 0}, {}))
    of.market = SimpleNamespace(vacancies=open_, open_count=6)
    process = Secondment(hand.lever())
    process.asking = [(ME, WO_EAST), (ME + 1, WO_WEST), (ME + 2, WO_EAST), (ME + 3, HBO_WEST)]
    asking = list(process.asking)
    process.propose(of)
    assert brought == [(0, 3), (1, 5)]
    assert (process.asked, process.asking) == (asking, [])

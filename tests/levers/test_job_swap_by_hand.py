"""Swaps of jobs, worked out by hand."""

from __future__ import annotations

from typing import Any

import hand_policy as hand
import pytest
from hand_policy import FIRM, HBO_EAST, HBO_EAST_2, HBO_WEST, MONTH, WO_EAST, WO_WEST

from hesim import categories as c
from hesim.levers.lever import monthly
from hesim.levers.processes.job_swap import JobSwap
from hesim.model.policy import DUAL
from hesim.population.biography import WORKED

MANY = 4000
ME = hand.FIRST_IDENTITY

ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}


def swap(of: Any, process: JobSwap, month: int, where: Any = None, **given: float) -> Any:
    of.month = month
    turn = hand.turn(of, where, **given)
    process.begin_month(of, turn)
    return turn


PAIR = (
    {"place": 0, "employer2": WO_EAST, "hours2": 8, "exposure": 6},
    {**ACADEMIC, "place": 1, "exposure": 5, "contract": c.WITH_PROSPECT, "hours": 20},
)


def test_two_swap_and_swap_back() -> None:
    of, process = hand.model(hand.people(*PAIR)), JobSwap(hand.lever())
    turn = swap(of, process, 30, volunteers=1.0, months=6.0)
    p = of.persons
    assert process.pairs == [(ME, ME + 1, HBO_EAST, WO_EAST, 36)]
    assert p.employer.tolist() == [WO_EAST, HBO_EAST]
    assert p.role.tolist() == [c.UNIVERSITY_LECTURER, c.LECTURER]
    assert p.place.tolist() == [1, 0]
    assert p.contract.tolist() == [c.PERMANENT, c.WITH_PROSPECT]
    assert p.hours.tolist() == [40, 20]
    assert p.exposure.tolist() == [0, 0]
    assert p.past.tolist() == [WORKED << c.WO, WORKED << c.HBO]
    assert p.contacts.tolist() == [3.0, 3.0]
    # A second job with who is now the employer ends.
    assert p.employer2.tolist() == [-1, -1]
    assert hand.noted(turn) == {"started": 2}
    assert hand.flows(of) == [
        ("swap", 30, HBO_EAST, c.LECTURER, WO_EAST, c.UNIVERSITY_LECTURER),
        ("swap", 30, WO_EAST, c.UNIVERSITY_LECTURER, HBO_EAST, c.LECTURER),
        ("second_job_end", 30, WO_EAST, c.UNIVERSITY_LECTURER, -1, c.JOB_SEEKER),
    ]
    p.exposure[:] = 7
    # Who has swapped does not volunteer again before going back.
    swap(of, process, 35, volunteers=1.0, months=6.0)
    assert len(process.pairs) == 1 and len(hand.flows(of)) == 3
    swap(of, process, 36)
    assert process.pairs == [] and p.employer.tolist() == [HBO_EAST, WO_EAST]
    assert p.role.tolist() == [c.LECTURER, c.UNIVERSITY_LECTURER] and p.place.tolist() == [0, 1]
    assert p.exposure.tolist() == [0, 0]
    assert hand.flows(of)[3:] == [
        ("swap_back", 36, WO_EAST, c.UNIVERSITY_LECTURER, HBO_EAST, c.LECTURER),
        ("swap_back", 36, HBO_EAST, c.LECTURER, WO_EAST, c.UNIVERSITY_LECTURER),
    ]


def test_a_second_job_elsewhere_goes_on() -> None:
    one = {"employer2": HBO_WEST, "hours2": 8}
    of, process = hand.model(hand.people(one, ACADEMIC)), JobSwap(hand.lever())
    swap(of, process, 30, volunteers=1.0)
    assert len(process.pairs) == 1
    assert of.persons.employer2.tolist() == [HBO_WEST, -1]


@pytest.mark.parametrize(
    ("row", "facts"),
    [
        (0, {"employer": WO_WEST}),
        (1, {"employer": HBO_WEST}),
        (0, {"present": 0}),
        (1, {"present": 0}),
        (0, {"role": c.PROFESSOR}),
        (1, {"role": c.LECTOR}),
    ],
)
def test_if_one_has_left_the_other_stays(row: int, facts: dict[str, Any]) -> None:
    for month in (35, 36):
        swapped = [{**ACADEMIC}, {}]
        swapped[row] |= facts
        of, process = hand.model(hand.people(*swapped)), JobSwap(hand.lever())
        process.pairs = [(ME, ME + 1, HBO_EAST, WO_EAST, 36)]
        before = of.persons.employer.tolist()
        swap(of, process, month)
        assert process.pairs == [] and hand.flows(of) == []
        assert of.persons.employer.tolist() == before


def test_pairs_are_looked_up_each_by_its_own_two_persons() -> None:
    of = hand.model(
        hand.people({}, ACADEMIC, {**ACADEMIC, "employer": WO_WEST}, {"employer": HBO_WEST})
    )
    process = JobSwap(hand.lever())
    process.pairs = [(ME + 1, ME, HBO_EAST, WO_EAST, 40), (ME + 2, ME + 3, HBO_WEST, WO_WEST, 30)]
    swap(of, process, 30)
    assert process.pairs == [(ME + 1, ME, HBO_EAST, WO_EAST, 40)]
    assert of.persons.employer.tolist() == [HBO_EAST, WO_EAST, HBO_WEST, WO_WEST]


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ({}, ACADEMIC, 1),
        ({}, {**ACADEMIC, "role": c.OTHER_ACADEMIC}, 1),
        ({}, {**ACADEMIC, "role": c.PROFESSOR}, 0),
        ({"role": c.LECTOR}, ACADEMIC, 0),
        ({"education": c.HBO_BACHELOR}, ACADEMIC, 0),
        ({"education": c.PHD}, ACADEMIC, 1),
        ({}, {**ACADEMIC, "education": c.HBO_BACHELOR}, 0),
        ({"marks": DUAL}, ACADEMIC, 0),
        ({"marks": 0b11111}, ACADEMIC, 1),
        ({}, {**ACADEMIC, "field": hand.ECONOMICS}, 0),
        ({"field": 5}, {**ACADEMIC, "field": 5}, 1),
        ({}, {**ACADEMIC, "employer": WO_WEST}, 0),
        ({"employer": HBO_WEST}, {**ACADEMIC, "employer": WO_WEST}, 1),
        ({}, {"employer": HBO_EAST_2}, 0),
        ({}, {"employer": FIRM}, 0),
    ],
)
def test_a_pair_is_of_two_sectors_one_region_and_one_field(
    one: dict[str, Any], other: dict[str, Any], pairs: int
) -> None:
    for people in ((one, other), (other, one)):
        of, process = hand.model(hand.people(*people)), JobSwap(hand.lever())
        swap(of, process, MONTH, volunteers=1.0)
        assert len(process.pairs) == pairs


def test_who_is_left_over_does_not_swap() -> None:
    of = hand.model(hand.people({}, {}, ACADEMIC, {}, {**ACADEMIC, "field": 1}))
    process = JobSwap(hand.lever())
    turn = swap(of, process, MONTH, volunteers=1.0)
    assert len(process.pairs) == 1 and hand.noted(turn) == {"started": 2}
    assert not swap(of, JobSwap(hand.lever()), MONTH, volunteers=0.0).accounts._counts


def test_people_of_55_and_over_volunteer_more_often() -> None:
    """A yearly share of 0.3 of the younger; with `older` = 1 twice as many of the others."""
    born = {"young": MONTH - 12 * 55 + 1, "old": MONTH - 12 * 55}
    share = {}
    for name, when in born.items():
        for older in (0.0, 1.0):
            half = [{"born": when}, {**ACADEMIC, "born": when}]
            of = hand.model(hand.people(*(half * (MANY // 2))))
            process = JobSwap(hand.lever())
            of.ledger = hand.empty_ledger(2 * MANY, 10)
            swap(of, process, MONTH, share=0.75, volunteers=0.4, older=older)
            share[name, older] = 2 * len(process.pairs) / MANY
    assert share["young", 0.0] == pytest.approx(monthly(0.3), abs=0.01)
    assert share["old", 0.0] == pytest.approx(monthly(0.3), abs=0.01)
    assert share["young", 1.0] == pytest.approx(monthly(0.6) / 2, abs=0.01)
    assert share["old", 1.0] == pytest.approx(monthly(0.6), abs=0.015)

"""Whom a network brings to vacancies, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, HBO_WEST, MONTH, WO_EAST, WO_EAST_2, WO_WEST

from hesim import categories as c
from hesim.levers.processes import mobility_network
from hesim.levers.processes.mobility_network import MobilityNetwork

MANY = 4000
ME = hand.FIRST_IDENTITY

ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Pairs that processes bring together; all of them become applications."""
    pairs: list[tuple[int, int]] = []

    def apply(model: Any, given: list[tuple[int, int]]) -> list[tuple[int, int]]:
        pairs.extend(given)
        return given

    monkeypatch.setattr(mobility_network, "apply_for", apply)
    return pairs


LOST = {"employer": -1, "role": c.JOB_SEEKER, "last": c.HBO, "pending": 0, "since": MONTH - 3}


def network(
    of: Any,
    reason: str = "dismissed",
    where: Any = None,
    share: float = 1.0,
    kind: str = "yearly",
    **given: float,
) -> MobilityNetwork:
    of.ledger.m_reason[0] = c.EXIT_REASONS.index(reason)
    process = MobilityNetwork(hand.lever(kind, share))
    process.begin_month(of, hand.turn(of, where, **{"contact": 1.0, "months": 6.0, **given}))
    process.propose(of)
    return process


def seeking(*facts: dict[str, Any], open_: tuple[dict[str, Any], ...] = ({},)) -> Any:
    of = hand.model(hand.people(*({**LOST, **each} for each in facts)))
    of.market = SimpleNamespace(vacancies=hand.vacancies(*open_), open_count=len(open_))
    return of


@pytest.mark.parametrize(
    ("facts", "comes"),
    [
        ({}, True),
        ({"last": c.WO}, True),
        ({"last": c.OUTSIDE_KIND}, False),
        ({"employer": HBO_EAST}, False),
        ({"present": 0}, False),
        ({"pending": -1}, False),
        ({"since": MONTH - 6}, True),
        ({"since": MONTH - 7}, False),
        ({"home": 1}, True),
        ({"home": 2}, False),
    ],
)
def test_who_lost_a_job_of_late_is_brought_to_a_vacancy_near_home(
    brought: list[tuple[int, int]], facts: dict[str, Any], comes: bool
) -> None:
    process = network(seeking(facts))
    assert brought == [(0, 0)] * comes
    assert process.brought == [(ME, WO_EAST)] * comes


def test_the_displaced_are_those_who_lost_a_job_against_their_will(
    brought: list[tuple[int, int]],
) -> None:
    displaced = set()
    for reason in c.EXIT_REASONS:
        before = len(brought)
        network(seeking({}), reason)
        if len(brought) > before:
            displaced.add(reason)
    assert displaced == {"dismissed", "contract_expired", "reorganisation"}


@pytest.mark.parametrize("reason", c.EXIT_REASONS)
def test_offers_to_the_redundant_leave_out_whose_contract_ended(
    brought: list[tuple[int, int]], reason: str
) -> None:
    network(seeking({}), reason, redundant=1.0)
    assert len(brought) == (reason in ("dismissed", "reorganisation"))


@pytest.mark.parametrize(("employer", "comes"), [(HBO_EAST, True), (WO_EAST, True), (FIRM, False)])
def test_offers_may_be_of_hbo_and_wo_alone(
    brought: list[tuple[int, int]], employer: int, comes: bool
) -> None:
    network(seeking({}, open_=({"employer": employer},)), inside=1.0)
    assert len(brought) == comes
    network(seeking({}, open_=({"employer": employer},)))
    assert len(brought) == comes + 1


def test_where_institutions_take_part_their_share_is_not_taken_of_people_again(
    brought: list[tuple[int, int]],
) -> None:
    network(seeking(*({} for _ in range(500))), kind="institutions", share=0.5)
    assert len(brought) == 500


@pytest.mark.parametrize(
    ("vacancy", "comes"),
    [
        ({}, True),
        ({"place": 1}, True),
        ({"place": 2}, False),
        ({"field": hand.ECONOMICS}, False),
        ({"employer": WO_WEST}, False),
        ({"employer": HBO_EAST}, True),
    ],
)
def test_a_vacancy_is_in_reach_near_home_and_of_the_own_field(
    brought: list[tuple[int, int]], vacancy: dict[str, Any], comes: bool
) -> None:
    network(seeking({}, open_=(vacancy,)), where=hand.area(HBO_EAST, WO_EAST))
    assert len(brought) == comes


def test_a_network_of_other_regions_brings_nobody(brought: list[tuple[int, int]]) -> None:
    network(seeking({}), where=hand.area(HBO_WEST, WO_WEST))
    assert brought == []


def test_each_is_brought_to_one_vacancy_and_all_are_as_likely(
    brought: list[tuple[int, int]],
) -> None:
    open_ = tuple({"id": identity} for identity in (30, 10, 20))
    of = seeking(*({} for _ in range(1500)), open_=open_)
    network(of, contact=0.8, share=0.5)
    rows = [row for row, _ in brought]
    assert len(set(rows)) == len(rows)
    assert len(rows) / 1500 == pytest.approx(0.4, abs=0.04)
    found = np.bincount([vacancy for _, vacancy in brought], minlength=3) / len(rows)
    assert found == pytest.approx([1 / 3] * 3, abs=0.08)
    # Who is brought where does not depend on the order in which vacancies stand.
    first = {row: open_[vacancy]["id"] for row, vacancy in brought}
    brought.clear()
    other = seeking(*({} for _ in range(1500)), open_=open_[::-1])
    network(other, contact=0.8, share=0.5)
    assert {row: open_[::-1][vacancy]["id"] for row, vacancy in brought} == first


def test_a_network_that_does_not_act_brings_nobody(brought: list[tuple[int, int]]) -> None:
    network(seeking({}), contact=0.0)
    MobilityNetwork(hand.lever()).propose(seeking({}))
    assert brought == []


def test_the_placed_are_those_hired_last_month_where_they_were_brought() -> None:
    hired = {"employer": WO_EAST, "since": MONTH - 1}
    of = hand.model(
        hand.people(
            hired,
            {**hired, "employer": WO_EAST_2},
            {**hired, "since": MONTH},
            {**hired, "since": MONTH - 2},
            {**hired, "present": 0},
        )
    )
    process = MobilityNetwork(hand.lever())
    process.brought = [(ME + k, WO_EAST) for k in range(5)]
    turn = hand.turn(of)
    process.begin_month(of, turn)
    assert [(row["year"], row["what"], row["number"]) for row in turn.accounts.rows(0)] == [
        (1, "placed", 1)
    ]
    assert process.brought == []

"""Joint appointments, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, HBO_EAST_2, HBO_WEST, WO_EAST, WO_EAST_2

from hesim import categories as c
from hesim.levers.lever import monthly
from hesim.levers.processes import joint_appointment
from hesim.levers.processes.joint_appointment import JointAppointment
from hesim.model.market import vacancy_identity
from hesim.model.policy import DUAL
from hesim.population.biography import WORKED

MANY = 4000
ME = hand.FIRST_IDENTITY

ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}


@pytest.fixture
def weighing(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What jobs are worth and how many posts are missing, as a test says."""
    said: dict[str, Any] = {
        "first": 1.0,
        "second": 3.0,
        "change": 0.0,
        "sector": 0.0,
        "outlook": 0.0,
        "luck": 0.0,
        "gap": np.ones(hand.EVERYWHERE, np.int32),
        "jobs": [],
        "offers": [],
    }

    def parts(model: Any, row: int, job: Any, frictions: Any) -> Any:
        said["jobs"].append((row, *job))
        name = "first" if job.employer == model.persons.employer[row] else "second"
        return SimpleNamespace(
            worth=said[name], **{k: said[k] for k in ("change", "sector", "outlook")}
        )

    def luck(model: Any, row: int, offer: int) -> float:
        said["offers"].append(offer)
        return float(said["luck"])

    monkeypatch.setattr(joint_appointment, "parts_of_job", parts)
    monkeypatch.setattr(joint_appointment, "value_of_job", lambda made: made.worth)
    monkeypatch.setattr(joint_appointment, "luck", luck)
    monkeypatch.setattr(joint_appointment, "missing_posts", lambda model: said["gap"])
    return said


def join(of: Any, process: JointAppointment, month: int, where: Any = None, **given: float) -> Any:
    of.month = month
    turn = hand.turn(of, where, **given)
    process.begin_month(of, turn)
    return turn


POST = {"offers": 1.0, "fte": 0.4, "months": 12.0}


def test_a_joint_appointment_begins_and_the_hours_come_back(weighing: dict[str, Any]) -> None:
    of = hand.model(hand.people({"field": 2, "contacts": 1.0}))
    process = JointAppointment(hand.lever())
    turn = join(of, process, 30, hand.area(HBO_EAST, WO_EAST_2), **POST)
    p = of.persons
    assert process.held == {ME: (40, HBO_EAST)}
    assert (p.hours[0], p.hours2[0], p.employer2[0], p.ends2[0]) == (24, 16, WO_EAST_2, 42)
    assert p.marks[0] == DUAL
    assert p.contacts[0] == 4.0
    assert p.past[0] == WORKED << c.WO
    assert p.side[0] == pytest.approx(0.8)
    assert hand.noted(turn) == {"started": 1}
    start = ("dual_start", 30, -1, c.JOB_SEEKER, WO_EAST_2, c.UNIVERSITY_LECTURER)
    assert hand.flows(of) == [start] and of.ledger.f_field[0] == 2
    assert weighing["gap"].sum() == np.ones(hand.EVERYWHERE).sum() - 1
    assert weighing["gap"][WO_EAST_2, c.UNIVERSITY_LECTURER, 2] == 0
    assert weighing["jobs"] == [
        (0, HBO_EAST, c.LECTURER, c.PERMANENT, 40, 0),
        (0, WO_EAST_2, c.UNIVERSITY_LECTURER, c.PERMANENT, 40, 1),
    ]
    # Luck is drawn for the offer, which is never taken for one of the many vacancies.
    identity = vacancy_identity(WO_EAST_2, c.UNIVERSITY_LECTURER, 2, 2**30)
    assert weighing["offers"] == [int(identity)]
    join(of, process, 31, **POST)
    assert len(hand.flows(of)) == 1 and p.hours[0] == 24
    p.marks[0] = 0
    p.employer2[0], p.hours2[0] = -1, 0
    join(of, process, 42)
    assert process.held == {} and p.hours[0] == 40


@pytest.mark.parametrize(
    ("facts", "hours"),
    [
        ({"marks": DUAL}, 24),  # goes on
        ({"marks": 0b11111}, 36),
        ({"hours2": 8}, 32),  # another second job leaves so much
        ({"hours2": 20}, 24),  # nobody works less than now
        ({"employer": HBO_EAST_2}, 24),
        ({"present": 0}, 24),
    ],
)
def test_hours_come_back_with_the_same_employer_as_far_as_they_fit(
    facts: dict[str, Any], hours: int
) -> None:
    of = hand.model(hand.people({"hours": 24, **facts}))
    process = JointAppointment(hand.lever())
    process.held = {ME: (36, HBO_EAST)}
    join(of, process, 42)
    assert of.persons.hours[0] == hours
    assert process.held == ({ME: (36, HBO_EAST)} if facts.get("marks") == DUAL else {})


@pytest.mark.parametrize(
    ("facts", "host"),
    [
        ({}, WO_EAST),
        ({"role": c.LECTOR, "education": c.PHD}, WO_EAST),
        ({"role": c.LECTOR, "education": c.MASTER}, -1),  # a professor holds a PhD
        ({"education": c.HBO_BACHELOR}, -1),
        (ACADEMIC, HBO_EAST),
        ({**ACADEMIC, "role": c.PROFESSOR, "education": c.MASTER}, HBO_EAST),
        ({**ACADEMIC, "role": c.PHD_CANDIDATE}, -1),
        ({"employer": FIRM}, -1),
        ({"employer": HBO_WEST}, -1),  # no wo of the west is in reach
    ],
)
def test_who_is_offered_a_post_and_where(
    weighing: dict[str, Any], facts: dict[str, Any], host: int
) -> None:
    of = hand.model(hand.people(facts))
    join(
        of, JointAppointment(hand.lever()), 30, hand.area(HBO_EAST, HBO_WEST, WO_EAST, FIRM), **POST
    )
    assert of.persons.employer2[0] == host


@pytest.mark.parametrize("gap", [0, -1])
def test_no_post_is_offered_that_nobody_misses(weighing: dict[str, Any], gap: int) -> None:
    of = hand.model()
    weighing["gap"][WO_EAST, c.UNIVERSITY_LECTURER, hand.LAW] = gap
    join(of, JointAppointment(hand.lever()), 30, hand.area(HBO_EAST, WO_EAST), **POST)
    assert of.persons.employer2[0] == -1


def test_a_missing_post_is_filled_once_and_hosts_are_as_likely(weighing: dict[str, Any]) -> None:
    of, process = hand.model(hand.crowd(200)), JointAppointment(hand.lever())
    of.ledger = hand.empty_ledger(400, 10)
    weighing["gap"][:] = 60
    weighing["gap"][WO_EAST_2] = 1000
    join(of, process, 30, **POST)
    number = np.bincount(of.persons.employer2, minlength=8)
    assert number.sum() == 200 and number[WO_EAST] == 60 and number[WO_EAST_2] == 140
    # The first ones found either host with like chances.
    first = of.persons.employer2[:80]
    assert np.mean(first == WO_EAST) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    ("given", "accepts"),
    [
        ({}, True),
        ({"second": 1.0}, False),  # worth as much, but no more
        ({"second": 0.0, "luck": 0.5}, True),  # 0.4 x -1 + 0.5
        ({"second": 0.0, "luck": 0.3}, False),
        ({"change": 1.0, "sector": 0.9}, True),  # 0.4 x (2 - 1.9)
        ({"change": 1.0, "sector": 1.1}, False),
        ({"change": 1.0, "sector": 1.1, "outlook": 0.2}, True),
    ],
)
def test_an_offer_is_weighed_for_its_part_of_the_week(
    weighing: dict[str, Any], given: dict[str, float], accepts: bool
) -> None:
    weighing |= given
    of = hand.model(hand.people({"side": 0.25}))
    turn = join(of, JointAppointment(hand.lever()), 30, hand.area(HBO_EAST, WO_EAST), **POST)
    assert (of.persons.employer2[0] == WO_EAST) == accepts
    assert bool(hand.noted(turn)) == accepts
    gain = 0.4 * (weighing["second"] - weighing["first"])
    assert of.persons.side[0] == pytest.approx(gain if accepts else 0.25)
    assert (weighing["gap"] == 0).sum() == accepts


def test_another_second_job_ends_and_at_most_half_a_week_is_lent(weighing: dict[str, Any]) -> None:
    of = hand.model(hand.people({"employer2": HBO_WEST, "hours2": 8, "hours": 18}))
    join(
        of, JointAppointment(hand.lever()), 30, hand.area(HBO_EAST, WO_EAST), **{**POST, "fte": 0.9}
    )
    p = of.persons
    assert (p.hours[0], p.hours2[0], p.employer2[0]) == (18, 20, WO_EAST)
    assert p.side[0] == pytest.approx(1.8)
    assert [kind for kind, *_ in hand.flows(of)] == ["second_job_end", "dual_start"]


def test_offers_are_a_share_of_the_staff_that_simpler_rules_raise(
    weighing: dict[str, Any],
) -> None:
    weighing["gap"][:] = MANY
    for ease, share, yearly in ((0.0, 1.0, 0.4), (1.0, 1.0, 0.8), (0.0, 0.5, 0.2)):
        of, process = hand.model(hand.crowd(MANY)), JointAppointment(hand.lever())
        of.ledger = hand.empty_ledger(2 * MANY, 10)
        join(of, process, 30, ease=ease, share=share, **{**POST, "offers": 0.4})
        assert len(process.held) / MANY == pytest.approx(monthly(yearly), abs=0.02)
    of = hand.model(hand.crowd(10))
    assert hand.noted(join(of, JointAppointment(hand.lever()), 30, **{**POST, "offers": 0.0})) == {}

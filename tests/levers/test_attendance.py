"""Who takes part in a lever, and when for the first time, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import hand_policy as hand
import numpy as np
import pytest
from hand_policy import FIRM, HBO_EAST, MONTH, WO_EAST, WO_EAST_2

from hesim import categories as c
from hesim.levers.attendance import Attendance, homes_of
from hesim.levers.catalogue import catalogue
from hesim.levers.people import touch_people
from hesim.levers.processes import PROCESSES, joint_appointment
from hesim.levers.processes.doctoral_track import DoctoralTrack
from hesim.levers.processes.job_swap import JobSwap
from hesim.levers.processes.joint_appointment import JointAppointment
from hesim.levers.processes.mobility_network import MobilityNetwork
from hesim.levers.processes.secondment import Secondment
from hesim.levers.registry import MECHANISMS, OWN, PEOPLE, has_participants

ME = hand.FIRST_IDENTITY
ACADEMIC = {"employer": WO_EAST, "role": c.UNIVERSITY_LECTURER}
LEVER = hand.lever()
Noted = list[tuple[int, int, str]]


def noted(attendance: Attendance) -> Noted:
    """Identity, first month and home of those who took part."""
    found = attendance.of(LEVER.key)
    homes = [c.KINDS[code] for code in found.home]
    return list(zip(found.person.tolist(), found.month.tolist(), homes, strict=True))


def turns(of: Any, process: Any, months: dict[int, dict[str, float]]) -> Noted:
    """Let months pass with these parameters, and tell who took part."""
    attendance = Attendance(asked=True)
    for month, given in months.items():
        of.month = month
        process.begin_month(of, replace(hand.turn(of, **given), attendance=attendance))
    return noted(attendance)


def ids(*numbers: int) -> Any:
    return np.array(numbers, np.uint64)


def codes(*homes: int) -> Any:
    return np.array(homes, np.uint8)


def test_a_person_counts_once_at_the_first_recorded_month() -> None:
    attendance = Attendance(asked=True)
    attendance.note(LEVER, -1, ids(7), codes(c.HBO))
    attendance.note(LEVER, 3, ids(9, 7), codes(c.WO, c.HBO))
    attendance.note(LEVER, 5, ids(8, 7, 1), codes(c.OUTSIDE_KIND, c.WO, c.NO_KIND))
    assert noted(attendance) == [(9, 3, "wo"), (7, 3, "hbo"), (8, 5, "outside"), (1, 5, "none")]
    attendance.note(LEVER, 6, ids(), codes())
    attendance.note(LEVER, 6, ids(1, 9), codes(0, 0))
    assert len(noted(attendance)) == 4
    assert attendance.of("another lever").person.size == 0


def test_nothing_is_noted_unless_it_is_asked() -> None:
    attendance = Attendance()
    attendance.note(LEVER, 3, ids(7), codes(c.HBO))
    assert noted(attendance) == []


def test_the_home_is_the_employer_or_the_last_one() -> None:
    of = hand.model(
        hand.people(
            {},
            ACADEMIC,
            {"employer": FIRM},
            {"employer": -1, "last": c.WO},
            {"employer": -1, "last": c.NO_KIND},
        )
    )
    found = [c.KINDS[code] for code in homes_of(of, np.arange(5))]
    assert found == ["hbo", "wo", "outside", "wo", "none"]


def test_who_is_invited_takes_part() -> None:
    of = hand.model(hand.people({}, ACADEMIC, {"employer": -1}))
    attendance, acting = Attendance(asked=True), {"contacts": {"gain": 1.0}}
    for month in (30, 31):
        of.month = month
        assert touch_people(of, LEVER, hand.area(), acting, 1.0, attendance) == 2
    assert noted(attendance) == [(ME, 30, "hbo"), (ME + 1, 30, "wo")]


def test_who_is_seconded_takes_part_from_the_start_on_and_not_from_the_agreement() -> None:
    terms = {"volunteers": 1.0, "months": 6.0, "delay": 2.0}
    found = turns(hand.model(), Secondment(LEVER), {10: terms, 11: terms, 12: terms, 13: terms})
    assert found == [(ME, 12, "hbo")]


def test_both_who_swap_take_part_and_come_from_where_they_were() -> None:
    terms = {"volunteers": 1.0, "months": 6.0}
    of = hand.model(hand.people({}, ACADEMIC))
    assert turns(of, JobSwap(LEVER), {30: terms}) == [(ME, 30, "hbo"), (ME + 1, 30, "wo")]
    assert of.persons.employer.tolist() == [WO_EAST, HBO_EAST]


def test_who_accepts_a_second_post_takes_part(monkeypatch: pytest.MonkeyPatch) -> None:
    worth = {"first": 1.0, "second": 3.0}

    def parts(model: Any, row: int, job: Any, frictions: Any) -> Any:
        first = job.employer == model.persons.employer[row]
        value = worth["first" if first else "second"]
        return SimpleNamespace(worth=value, change=0.0, sector=0.0, outlook=0.0)

    monkeypatch.setattr(joint_appointment, "parts_of_job", parts)
    monkeypatch.setattr(joint_appointment, "value_of_job", lambda made: made.worth)
    # The second of two finds it no better than nothing.
    monkeypatch.setattr(
        joint_appointment, "luck", lambda model, row, offer: 0.0 if row == 0 else -9.0
    )
    monkeypatch.setattr(
        joint_appointment, "missing_posts", lambda model: np.ones(hand.EVERYWHERE, np.int32)
    )
    terms = {"offers": 1.0, "fte": 0.4, "months": 12.0}
    of = hand.model(hand.people({}, {}))
    assert turns(of, JointAppointment(LEVER), {30: terms}) == [(ME, 30, "hbo")]


def test_who_starts_a_doctorate_takes_part() -> None:
    terms = {"grants": 1.0, "success": 1.0, "months": 40.0, "age_most": 45.0}
    of = hand.model(hand.people({}, {"education": c.PHD}))
    assert turns(of, DoctoralTrack(LEVER), {MONTH: terms}) == [(ME, MONTH, "hbo")]


def test_who_is_placed_takes_part_from_the_month_of_the_new_job() -> None:
    hired = {"employer": WO_EAST, "since": MONTH - 1}
    of = hand.model(hand.people(hired, {**hired, "employer": WO_EAST_2}))
    process = MobilityNetwork(LEVER)
    process.brought = [(ME, WO_EAST), (ME + 1, WO_EAST)]
    process.homes = {ME: c.HBO, ME + 1: c.WO}
    assert turns(of, process, {MONTH: {}}) == [(ME, MONTH - 1, "hbo")]


def test_levers_that_act_through_institutions_alone_have_no_participants() -> None:
    personal = {lever.key for lever in catalogue() if has_participants(lever.mechanisms)}
    through = {"single_cao", "targeted_vacancies", "strategic_recruitment", "full_time_offers"}
    assert not personal & through
    assert {"meet_and_greet", "secondment", "job_swap", "joint_appointment"} <= personal
    assert {"mobility_network", "doctoral_track", "phd_premium_share"} <= personal


def test_the_registry_knows_which_mechanisms_somebody_takes_part_in() -> None:
    personal = {name for name in MECHANISMS if has_participants([name])}
    assert personal == {*PEOPLE, *PROCESSES, OWN}

"""The five levers with a process of their own keep their invariants."""

from __future__ import annotations

import numpy as np
import pytest
from lever_worlds import counts, policy, world

from hesim import categories as c
from hesim.levers.processes.doctoral_track import DoctoralTrack
from hesim.levers.processes.job_swap import JobSwap
from hesim.levers.processes.joint_appointment import JointAppointment
from hesim.levers.processes.secondment import Secondment
from hesim.model.higher_education import HigherEducation
from hesim.model.jobs import role_beside
from hesim.model.ledger import (
    DUAL_END,
    DUAL_START,
    ENTRY,
    MOVE,
    RETURNED,
    SECONDED,
    STEP,
    SWAPPED,
    SWAPPED_BACK,
)
from hesim.model.policy import DUAL

pytestmark = pytest.mark.once

WIDE = ("population.scale=0.05", "years=2", "burn_in=3", "start=2014-01")


def flows(model: HigherEducation, kind: int) -> int:
    used = int(model.ledger.used[0])
    return int((model.ledger.f_kind[:used] == kind).sum())


def process(model: HigherEducation) -> object:
    return next(iter(policy(model)._processes.values()))


def staff(model: HigherEducation) -> np.ndarray:
    p = model.persons
    here = (p.present == 1) & (p.employer >= 0)
    return np.bincount(p.employer[here], minlength=len(model.employers.names))


def test_a_seconded_person_returns_or_moves_but_never_vanishes() -> None:
    model = world(
        "secondment",
        more=("levers.secondment.volunteers=0.2", "levers.secondment.months=6"),
        small=WIDE,
    )
    mine = process(model)
    assert isinstance(mine, Secondment)
    started, ended = flows(model, SECONDED), flows(model, RETURNED)
    assert started > 50 and ended > 10
    assert started == ended + len(mine.away)
    assert counts(model, "started") == started
    p, e = model.persons, model.employers
    for who, own, host, until in mine.away:
        assert e.sector[own] + e.sector[host] == c.HBO + c.WO
        assert e.region[own] == e.region[host]
        assert model.month <= until <= model.month + 6
        rows = np.flatnonzero((p.id == np.uint64(who)) & (p.present == 1))
        assert rows.size <= 1


def test_a_secondment_is_no_move_and_leaves_the_contract() -> None:
    more = ("levers.secondment.volunteers=0.2", "levers.secondment.delay=0")
    model = world("secondment", more=more, months=4, small=WIDE)
    before = {
        name: getattr(model.persons, name).copy() for name in ("employer", "contract", "ends")
    }
    moves = flows(model, MOVE)
    policy(model).begin_month(model)
    assert flows(model, MOVE) == moves
    assert flows(model, SECONDED) > 0
    for name, column in before.items():
        assert np.array_equal(getattr(model.persons, name), column), name


def test_clear_rules_make_more_secondments_and_sooner() -> None:
    def started(*levers: str) -> float:
        return counts(
            world(*levers, more=("levers.secondment.volunteers=0.1",), small=WIDE), "started"
        )

    assert started("secondment", "secondment_rules") > started("secondment")


@pytest.fixture(scope="module")
def joint() -> HigherEducation:
    more = ("levers.joint_appointment.offers=0.3", "levers.joint_appointment.months=9")
    return world("joint_appointment", more=more, small=WIDE)


def test_a_joint_appointment_never_exceeds_a_full_week(joint: HigherEducation) -> None:
    p = joint.persons
    dual = (p.present == 1) & (p.marks & DUAL != 0)
    assert dual.sum() > 3
    hours = p.hours[dual].astype(int) + p.hours2[dual]
    assert hours.max() <= joint.rates.jobs.full_week
    sector = joint.employers.sector
    assert np.all(sector[p.employer[dual]] + sector[p.employer2[dual]] == c.HBO + c.WO)
    assert np.all(
        joint.employers.region[p.employer[dual]] == joint.employers.region[p.employer2[dual]]
    )
    assert all(role_beside(int(role)) >= 0 for role in p.role[dual])
    assert np.all(p.side[(p.present == 1) & (p.marks & DUAL == 0)] == 0.0)
    assert np.any(p.side[dual] != 0.0)


def test_joint_appointments_start_and_end_in_the_books(joint: HigherEducation) -> None:
    p = joint.persons
    dual = int(((p.present == 1) & (p.marks & DUAL != 0)).sum())
    assert flows(joint, DUAL_START) == flows(joint, DUAL_END) + dual
    assert flows(joint, DUAL_END) > 0
    mine = process(joint)
    assert isinstance(mine, JointAppointment)
    assert dual <= len(mine.held)


def test_both_employers_count_a_joint_appointment(joint: HigherEducation) -> None:
    """The head once, at the main job; the post at both; the hours where they are worked."""
    p, e = joint.persons, joint.employers
    _, flat, heads, hours = joint.recorder.stocks[-1]
    employer = np.unravel_index(flat, joint.recorder.shape)[0]
    assert heads.sum() == (p.present == 1).sum()
    dual = (p.present == 1) & (p.marks & DUAL != 0)
    for code in np.unique(p.employer2[dual])[:5]:
        own = p.hours[(p.present == 1) & (p.employer == code)].astype(int).sum()
        beside = p.hours2[dual & (p.employer2 == code)].astype(int).sum()
        assert hours[employer == code].sum() == own + beside
        assert beside > 0
    staff_by, waiting = np.zeros(e.target.shape, np.int32), np.zeros(e.target.shape, np.int32)
    from hesim.model.recorder import count_posts

    count_posts(p.columns, joint.market.vacancies, 0, staff_by, waiting)
    employed = (p.present == 1) & (p.employer >= 0)
    assert staff_by.sum() == employed.sum() + dual.sum()


def test_the_hours_of_the_first_job_come_back() -> None:
    more = ("offers=0.3", "months=3", "end=2015-06")
    given = tuple(f"levers.joint_appointment.{each}" for each in more)
    model = world("joint_appointment", more=given, small=WIDE)
    assert flows(model, DUAL_START) > 10
    assert flows(model, DUAL_START) == flows(model, DUAL_END)
    mine = process(model)
    assert isinstance(mine, JointAppointment)
    assert mine.held == {}


def test_a_swap_conserves_heads_and_comes_back() -> None:
    model = world(
        "job_swap",
        more=(
            "levers.job_swap.volunteers=0.2",
            "levers.job_swap.months=6",
            "levers.job_swap.end=2014-12",
        ),
        small=WIDE,
    )
    assert flows(model, SWAPPED) > 20
    assert flows(model, SWAPPED) % 2 == 0 and flows(model, SWAPPED_BACK) % 2 == 0
    assert 0 < flows(model, SWAPPED_BACK) <= flows(model, SWAPPED)
    mine = process(model)
    assert isinstance(mine, JobSwap) and mine.pairs == []


def test_the_month_of_a_swap_changes_nobodys_number_of_staff() -> None:
    model = world("job_swap", more=("levers.job_swap.volunteers=0.2",), months=4, small=WIDE)
    before, moves = staff(model), flows(model, MOVE)
    at = flows(model, SWAPPED)
    policy(model).begin_month(model)
    assert flows(model, SWAPPED) > at
    assert flows(model, MOVE) == moves
    assert np.array_equal(staff(model), before)
    mine = process(model)
    assert isinstance(mine, JobSwap)
    p, e = model.persons, model.employers
    for one, other, first, second, _ in mine.pairs[-3:]:
        row, partner = (int(np.flatnonzero(p.id == np.uint64(who))[0]) for who in (one, other))
        assert (p.employer[row], p.employer[partner]) == (second, first)
        assert e.sector[first] + e.sector[second] == c.HBO + c.WO
        assert p.field[row] == p.field[partner]


@pytest.mark.parametrize("key", ["secondment", "joint_appointment", "job_swap", "everything"])
def test_stocks_are_flows_with_processes_too(key: str) -> None:
    """Heads by employer change by moves, hires, entries, leavings and swaps alone."""
    more = {
        "secondment": "volunteers=0.2",
        "joint_appointment": "offers=0.3",
        "job_swap": "volunteers=0.2",
    }
    given = tuple(
        f"levers.{name}.{dial}" for name, dial in more.items() if key in (name, "everything")
    )
    model = world(key, more=given, months=3, small=WIDE)
    size = len(model.employers.names)
    while model.month < 0:
        model.step()
    before, since = staff(model), model.month
    for _ in range(12):
        model.step()
    ledger, used = model.ledger, int(model.ledger.used[0])
    rows = np.flatnonzero(ledger.f_month[:used] >= since)
    changes = np.isin(ledger.f_kind[rows], [0, 1, 2, ENTRY, 5, SWAPPED, SWAPPED_BACK])
    assert not np.any(ledger.f_kind[rows][changes] == STEP)
    origin, target = ledger.f_from[rows][changes], ledger.f_to[rows][changes]
    change = np.bincount(target[target >= 0], minlength=size).astype(int)
    change -= np.bincount(origin[origin >= 0], minlength=size)
    assert np.array_equal(staff(model), before + change)


def test_a_doctorate_beside_the_work_makes_phds_of_hbo_lecturers() -> None:
    more = (
        "levers.doctoral_track.grants=0.05",
        "levers.doctoral_track.months=10",
        "levers.doctoral_track.success=1",
    )
    model, base = world("doctoral_track", more=more, small=WIDE), world(small=WIDE)
    mine = process(model)
    assert isinstance(mine, DoctoralTrack)
    defences = [sum(each.recorder.defences.values()) for each in (model, base)]
    assert 5 < defences[0] - defences[1] <= counts(model, "started")
    none = world("doctoral_track", more=(*more[:2], "levers.doctoral_track.success=0"), small=WIDE)
    assert none.recorder.defences == base.recorder.defences
    assert counts(none, "started") > 5


def test_doctorates_respect_the_age_limit() -> None:
    more = ("levers.doctoral_track.grants=0.05", "levers.doctoral_track.age_most=30")
    model = world("doctoral_track", more=more, small=WIDE)
    mine = process(model)
    assert isinstance(mine, DoctoralTrack)
    p = model.persons
    rows = np.flatnonzero(np.isin(p.id, np.array(sorted(mine.until), np.uint64)) & (p.present == 1))
    assert np.all(model.month - p.born[rows] < 12 * 30 + 24)


def test_a_network_brings_displaced_people_to_vacancies_of_their_region() -> None:
    model = world(
        "mobility_network",
        more=("levers.mobility_network.contact=1", "levers.mobility_network.reach.regions=[east]"),
        small=WIDE,
    )
    assert counts(model, "placed") > 0
    assert set(np.flatnonzero(policy(model)._areas.popitem()[1].employers)) == set(
        np.flatnonzero(model.employers.region == c.REGIONS.index("east"))
    )

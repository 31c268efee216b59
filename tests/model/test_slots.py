"""Permanent posts as slots: without a free one no offer is permanent, no contract converted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.careers import DECIDED, KEPT, PROMISED
from hesim.model.higher_education import HigherEducation
from hesim.model.market import empty_vacancies
from hesim.model.moves import become_jobless
from hesim.model.rates.careers import slot_rates
from hesim.model.slots import (
    PermanentPosts,
    Slots,
    contract_on_offer,
    count_contracts,
    decide_prospects,
    may_step,
    permanent_posts,
)
from hesim.population.persons import Persons
from hesim.scenario import compose
from hesim.tables import ReportTables

GROWING = ("model.careers.permanence=growing",)
SMALL = ("population.scale=0.05", "burn_in=0", "years=3")
KEY = np.uint64(7)
FIXED, TIED, LOOSE = c.PERMANENT, c.WITH_PROSPECT, c.WITHOUT_PROSPECT


def slots(free: list[float], aside: float = 0.0) -> Slots:
    """One pool for each number of free slots: employer 0, roles in the order of `categories`."""
    pool = np.full((1, len(c.ROLES)), -1, np.int64)
    pool[0, : len(free)] = np.arange(len(free))
    return Slots(
        pool,
        np.array(free),
        np.array(free),
        np.full(len(free), aside),
        np.array([[1.0, 1.0]] * len(free)),
    )


def staff(*contracts: int, role: int = 0, ends: int = 4) -> Persons:
    """Persons of one employer and role, each with a contract that ends soon if it is not fixed."""
    p = Persons(len(contracts))
    p.id[:], p.present[:], p.employer[:] = np.arange(1, p.size + 1), 1, 0
    p.role[:], p.contract[:], p.ends[:] = role, contracts, ends
    return p


def decide(p: Persons, of: Slots, month: int = 0, ahead: int = 0) -> int:
    sector, alike = np.zeros(1, np.int8), np.ones((2, 256))
    return decide_prospects(p.columns, month, 6, np.array([ahead]), sector, of, alike, KEY)


def test_as_many_are_kept_as_slots_are_free_and_nobody_is_decided_on_twice() -> None:
    p, of = staff(TIED, TIED, TIED, LOOSE, FIXED), slots([2.0])
    assert decide(p, of) == 2
    assert ((p.marks & DECIDED) != 0).tolist() == [True] * 3 + [False] * 2
    assert np.count_nonzero(p.marks & KEPT) == 2
    assert of.free[0] == of.seen[0] == 0.0
    before = p.marks.copy()
    of.free[0] = 5.0
    assert decide(p, of) == 0
    assert np.array_equal(p.marks, before)


def test_who_is_kept_does_not_hang_on_the_order_of_persons() -> None:
    p, q = staff(*[TIED] * 6), staff(*[TIED] * 6)
    q.id[:] = p.id[::-1]
    decide(p, slots([3.0]))
    decide(q, slots([3.0]))
    assert np.array_equal(p.marks, q.marks[::-1])


def test_where_slots_are_short_those_with_more_hours_are_kept() -> None:
    p, factor = staff(*[TIED] * 400), np.ones((2, 256))
    p.hours[::2], p.hours[1::2] = 16, 38
    # Small jobs end four times as often.
    factor[:, 16], factor[:, 38] = 2.0, 0.5
    ahead, sector = np.zeros(1, np.int64), np.zeros(1, np.int8)
    assert decide_prospects(p.columns, 0, 6, ahead, sector, slots([200.0]), factor, KEY) == 200
    small, full = (np.mean(p.marks[p.hours == hours] & KEPT != 0) for hours in (16, 38))
    assert 0.0 < small < 0.35 < 0.65 < full < 1.0


def test_slots_set_aside_for_offers_are_not_given_to_prospects() -> None:
    p = staff(TIED, TIED)
    assert decide(p, slots([2.0], aside=1.0)) == 1


@pytest.mark.parametrize(("ends", "ahead", "kept"), [(6, 0, 1), (7, 0, 0), (7, 1, 1)])
def test_it_is_decided_when_the_window_begins(ends: int, ahead: int, kept: int) -> None:
    assert decide(staff(TIED, ends=ends), slots([1.0]), ahead=ahead) == kept


def test_an_offer_is_permanent_only_into_a_free_slot() -> None:
    of = slots([1.4])
    assert [contract_on_offer(of, 0, 0.5) for _ in range(3)] == [FIXED, TIED, TIED]
    assert of.free[0] == pytest.approx(0.4)
    assert of.aside[0] == -1.0
    of.terms[0] = 0.2, 0.6
    of.free[0] = 9.0
    assert [contract_on_offer(of, 0, x) for x in (0.1, 0.3, 0.7)] == [FIXED, TIED, LOOSE]


@pytest.mark.parametrize(
    ("contract", "role", "free", "may"),
    [
        (FIXED, c.POSTDOC, 0.0, False),
        (LOOSE, c.UNIVERSITY_LECTURER, 0.0, True),
        (LOOSE, c.PROFESSOR, 0.0, False),
        (FIXED, c.PROFESSOR, 1.0, True),
    ],
)
def test_who_is_permanent_after_a_step_needs_a_slot(
    contract: int, role: int, free: float, may: bool
) -> None:
    assert may_step(contract, 0, role, free) == may
    assert may_step(contract, 0, role, 9.0)


def test_who_was_told_to_stay_needs_a_slot_for_a_step() -> None:
    assert not may_step(TIED, KEPT, c.POSTDOC, 0.0)
    assert may_step(TIED, 0, c.POSTDOC, 0.0)


def test_slots_are_in_use_by_who_is_permanent_kept_or_offered_a_permanent_post() -> None:
    p, v, counts = staff(FIXED, TIED, TIED, LOOSE), empty_vacancies(4), np.zeros((4, 1))
    p.marks[1] = KEPT | DECIDED
    v.contract[:] = FIXED, TIED, LOOSE, FIXED
    # Only the first three are open.
    count_contracts(p.columns, v, 3, slots([0.0]).pool, counts)
    assert counts[:, 0].tolist() == [4.0, 3.0, 3.0, 1.0]


def test_a_lost_job_gives_its_slot_back() -> None:
    p = staff(TIED)
    p.marks[0] = PROMISED | 1
    become_jobless(p.columns, 0, 0, 0)
    assert p.marks[0] == 1


@pytest.fixture(scope="module")
def world(tables: ReportTables) -> Iterator[HigherEducation]:
    model = HigherEducation(compose(list(SMALL)), tables, 0)
    yield model
    model.let_go()


def of_role(model: HigherEducation, role: int, contract: int) -> float:
    p = model.persons
    mine = (p.present == 1) & (p.employer >= 0) & (p.role == role)
    return float(np.mean(p.contract[mine] == contract))


def in_use(posts: PermanentPosts, model: HigherEducation) -> np.ndarray:
    counts = np.zeros((4, posts.role.size))
    market = model.market
    count_contracts(
        model.persons.columns, market.vacancies, market.open_count, posts.columns.pool, counts
    )
    return counts


def test_shares_stay_where_they_begin_and_no_pool_gets_more_than_its_slots(
    world: HigherEducation,
) -> None:
    posts = world.state.slots
    first = {role: of_role(world, role, FIXED) for role in range(c.PROFESSIONAL)}
    before = in_use(posts, world)[1]
    for _ in range(36):
        world.step()
        used = in_use(posts, world)[1]
        share = posts.rates.share[posts.sector, posts.role]
        # A pool above its slots, as when staff went, takes no further one into use.
        above = used > share * posts.staff + 1.0
        assert (used[above] <= before[above]).all()
        before = used
    for role, share in first.items():
        assert of_role(world, role, FIXED) == pytest.approx(share, abs=0.05), c.ROLES[role]
    assert of_role(world, c.POSTDOC, FIXED) == of_role(world, c.PHD_CANDIDATE, FIXED) == 0.0


def with_levers(tables: ReportTables, *more: str) -> HigherEducation:
    levers = "levers=[regional_employer,full_time_offers]"
    starts = [f"levers.{x}.start=2011-03" for x in ("regional_employer", "full_time_offers")]
    model = HigherEducation(compose([*SMALL, levers, *starts, *more]), tables, 0)
    for _ in range(24):
        model.step()
    return model


def kept(model: HigherEducation) -> float:
    """Share of hbo's lecturers who are decided on that is kept."""
    p = model.persons
    decided = (p.present == 1) & (p.role == c.LECTURER) & (p.marks & DECIDED != 0)
    return float(np.mean(p.marks[decided] & KEPT != 0))


def test_levers_that_keep_contracts_or_promise_more_take_slots(
    tables: ReportTables,
) -> None:
    more, none = (f"levers.full_time_offers.prospect={share}" for share in (1, 0))
    model = with_levers(tables, more, "population.scale=0.2")
    rates = model.state.slots.rates
    for role in (c.UNIVERSITY_LECTURER, c.OTHER_ACADEMIC, c.LECTURER):
        sector = c.HBO if role == c.LECTURER else c.WO
        declared = rates.permanent_in(24)[sector, role]
        assert of_role(model, role, FIXED) == pytest.approx(declared, abs=0.05), c.ROLES[role]
    # More is promised, and fewer are kept.
    assert of_role(model, c.LECTURER, TIED) > 1.3 * rates.prospects[c.HBO, c.LECTURER]
    assert kept(model) < kept(with_levers(tables, none, "population.scale=0.2")) - 0.1


def test_levers_of_strength_zero_take_no_slots(tables: ReportTables) -> None:
    nothing = [f"levers.{x}.strength=0" for x in ("regional_employer", "full_time_offers")]
    null, plain = with_levers(tables, *nothing), HigherEducation(compose(list(SMALL)), tables, 0)
    for _ in range(24):
        plain.step()
    for name in ("id", "employer", "contract", "ends", "marks"):
        assert np.array_equal(getattr(null.persons, name), getattr(plain.persons, name))


def test_growing_slots_take_the_place_of_temporary_posts(tables: ReportTables) -> None:
    model = HigherEducation(compose([*SMALL, *GROWING]), tables, 0)
    rates = model.rates.slots
    now, later = rates.share_in(0), rates.share_in(60)
    assert np.array_equal(now, rates.share)
    assert np.array_equal(now[c.HBO], later[c.HBO])
    assert (later[c.WO, list((c.POSTDOC, c.PHD_CANDIDATE))] == 0.0).all()
    # Where temporary posts are at the floor already there is nothing to gain.
    full = (c.UNIVERSITY_LECTURER, c.PROFESSOR)
    assert now[c.WO, full] == pytest.approx(later[c.WO, full])
    p = model.persons
    roles = np.bincount(p.role[(p.present == 1) & (p.role <= c.PROFESSOR)], minlength=9)
    gained = float((later - now)[c.WO] @ roles)
    fixed = np.count_nonzero((p.contract == FIXED) & (p.role <= c.PROFESSOR))
    assert gained == pytest.approx(fixed * (1.029**5 - 1.0), rel=0.03)
    # Growth ends at the floor.
    ever = rates.permanent_in(12 * 60)
    assert ever[c.WO, c.OTHER_ACADEMIC] == pytest.approx(0.85)
    assert np.array_equal(ever, rates.permanent_in(12 * 30))


def test_growth_is_spread_in_proportion_to_what_each_role_can_take(tables: ReportTables) -> None:
    settings = compose([*GROWING, "model.careers.permanence_floor=0.02"])
    rates = slot_rates(settings, tables)
    gained = (rates.permanent_in(24) - rates.permanent_in(0))[c.WO]
    able = [c.UNIVERSITY_LECTURER, c.OTHER_ACADEMIC, c.PROFESSOR]
    assert gained[able] / gained[c.OTHER_ACADEMIC] == pytest.approx([0.13 / 0.56, 1.0, 0.01 / 0.56])


def test_a_floor_above_all_temporary_posts_leaves_the_standing_world(tables: ReportTables) -> None:
    high = slot_rates(compose([*GROWING, "model.careers.permanence_floor=0.9"]), tables)
    standing = slot_rates(compose([]), tables)
    for name in ("share", "prospects", "at_once"):
        assert np.array_equal(getattr(high, name), getattr(standing, name)), name
    assert np.array_equal(high.permanent_in(120), standing.permanent_in(120))


def test_growing_permanent_posts_are_filled_in_every_year(tables: ReportTables) -> None:
    model = HigherEducation(compose([*GROWING, "population.scale=0.1", "burn_in=0"]), tables, 0)
    rates = model.rates.slots
    for _ in range(8):
        for _ in range(12):
            model.step()
        for role in (c.UNIVERSITY_LECTURER, c.OTHER_ACADEMIC, c.PROFESSOR):
            declared = rates.permanent_in(model.month)[c.WO, role]
            assert of_role(model, role, FIXED) == pytest.approx(declared, abs=0.06), c.ROLES[role]


def test_a_slot_for_which_nobody_waits_is_set_aside_for_offers(tables: ReportTables) -> None:
    model = HigherEducation(compose(list(SMALL)), tables, 0)
    posts, p, market = model.state.slots, model.persons, model.market
    posts.count(p.columns, market.vacancies, 0, 0, begins=True)
    pool = posts.columns.pool[0, c.UNIVERSITY_LECTURER]
    mine = posts.columns.pool[np.maximum(p.employer, 0), np.minimum(p.role, c.JOB_SEEKER)] == pool
    mine &= (p.present == 1) & (p.employer >= 0)
    undecided = np.count_nonzero(mine & (p.contract == TIED))
    gone = np.flatnonzero(mine & (p.contract == FIXED))[:10]
    p.contract[gone] = LOOSE
    posts.count(p.columns, market.vacancies, 0, 0)
    free, aside = posts.columns.free[pool], posts.columns.aside[pool]
    at_once = posts.rates.at_once[c.WO]
    assert free > 9.0
    assert aside == pytest.approx(max(at_once * 10.0, free - undecided), abs=1.0)


def test_small_pools_are_shared_within_sector_and_role(tables: ReportTables) -> None:
    model = HigherEducation(compose(list(SMALL)), tables, 0)
    pool, e = model.state.slots.columns.pool, model.employers
    assert (pool[e.institutions :] == -1).all()
    lectoren = pool[:, c.LECTOR][e.sector == c.HBO]
    assert np.unique(lectoren).size == 1
    large = replace(e, target=e.target * 1000)
    alone = permanent_posts(model.rates.slots, large).columns.pool[:, c.LECTURER]
    assert np.unique(alone[e.sector == c.HBO]).size == np.count_nonzero(e.sector == c.HBO)

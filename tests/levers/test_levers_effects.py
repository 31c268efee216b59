"""Each lever acts inside its reach and dates, in the direction its mechanism implies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from lever_worlds import KEYS, policy, tables, world

from hesim import categories as c
from hesim.levers.market import aligned_pay
from hesim.model.higher_education import HigherEducation
from hesim.model.items import HEADINGS
from hesim.model.policy import SATISFIED, Effects, no_effects

pytestmark = pytest.mark.once

EAST = c.REGIONS.index("east")
PROCESSES = (
    "secondment",
    "joint_appointment",
    "job_swap",
    "mobility_network",
    "redundancy_offers",
    "doctoral_track",
)
PEOPLE = (
    "meet_and_greet",
    "career_event",
    "taster_placement",
    "guest_lectures",
    "joint_research",
    "image_campaign",
    "practice_placement",
    "phd_premium_share",
)
"""Levers that touch people alone: their effects on the market are null."""
SUPPORTING = ("executive_support", "secondment_rules")


DOSES = {
    "career_portal": ("seen=0.1",),
    "preferred_partner": ("points=1",),
    "teaching_recognition": ("points=1", "ramp=24"),
    "discussable_mobility": ("sooner=0.2", "reach.share=1"),
    "introduction_programme": ("early=0.04",),
    "regional_employer": ("kept=1", "reach.share=1", "ramp=0"),
    "consortium_funding": ("posts=0.01", "ramp=0"),
    "research_posts": ("posts=0.01", "ramp=0"),
    "broker": ("told=0.1", "reach.share=1"),
}
"""Sizes that show in a small world, where those of the files are too small for it."""


def effects_of(key: str, *more: str, month: int = 30) -> tuple[HigherEducation, Effects, Effects]:
    """A young model, what the lever changes in a month, and what no policy changes."""
    given = (*DOSES.get(key, ()), *more)
    model = world(key, more=tuple(f"levers.{key}.{each}" for each in given), months=1)
    model.state.month = month
    effects = policy(model).begin_month(model)
    return (
        model,
        effects,
        no_effects(model.state.demand.first.shape, model.rates.push_items.heading),
    )


def arrays(effects: Effects) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name, part in zip(Effects._fields, effects, strict=True):
        if hasattr(part, "_fields"):
            found |= {f"{name}.{k}": np.asarray(getattr(part, k)) for k in part._fields}
        elif part is not None:
            found[name] = np.asarray(part)
    return found


def differences(one: Effects, other: Effects) -> set[str]:
    mine, theirs = arrays(one), arrays(other)
    return {
        name
        for name in mine | theirs
        if name not in mine or name not in theirs or not np.array_equal(mine[name], theirs[name])
    }


SIGNS: dict[str, tuple[str, Callable[[np.ndarray, np.ndarray], bool]]] = {
    "single_cao": ("frictions.sector_left", lambda a, b: a.min() == pytest.approx(0.7)),
    "abolish_binary": ("frictions.known", lambda a, b: a.max() == pytest.approx(0.5 * 25 / 48)),
    "regional_employer": ("frictions.pool", lambda a, b: a.max() == len(c.REGIONS) - 1),
    "industry_links": ("frictions.outside_left", lambda a, b: a.min() == pytest.approx(0.8)),
    "targeted_vacancies": ("frictions.promoted", lambda a, b: a.max() == pytest.approx(0.145)),
    "career_portal": ("frictions.promoted", lambda a, b: a.max() == pytest.approx(0.1)),
    "broker": ("frictions.promoted", lambda a, b: a.max() == pytest.approx(0.1)),
    "regional_pool": ("ranking.near", lambda a, b: a.max() == 0.5),
    "preferred_partner": ("ranking.partner", lambda a, b: a.max() == 1),
    "teaching_recognition": ("ranking.crosser", lambda a, b: a.max() == 1),
    "strategic_recruitment": ("ranking.doctor", lambda a, b: a.max() == 1),
    "full_time_offers": ("offers.full", lambda a, b: a.max() == pytest.approx(0.3)),
    "joint_programmes": ("offers.part", lambda a, b: 0 < a.max() <= 0.2),
    "consortium_funding": ("demand", lambda a, b: 1 < a.max() <= 1.01 and a.min() == 1),
    "research_posts": ("demand", lambda a, b: 1 < a.max() <= 1.01 and a.min() == 1),
    "funding_shift": ("demand", lambda a, b: a.min() < 1 < a.max()),
    "discussable_mobility": ("drive.eager", lambda a, b: a.max() == pytest.approx(1.2)),
    "introduction_programme": ("drive.anchored", lambda a, b: a.min() == pytest.approx(0.96)),
}


@pytest.mark.parametrize("key", SIGNS)
def test_the_first_order_effect_has_the_sign_of_the_mechanism(key: str) -> None:
    name, holds = SIGNS[key]
    _, effects, null = effects_of(key)
    assert name in differences(effects, null)
    assert holds(arrays(effects)[name], arrays(null).get(name, np.zeros(0)))


def test_every_lever_is_covered_here_or_in_the_tests_of_people_and_processes() -> None:
    assert set(KEYS) == {*SIGNS, *PEOPLE, *PROCESSES, *SUPPORTING}


@pytest.mark.parametrize("key", [*PEOPLE, *PROCESSES, *SUPPORTING])
def test_levers_of_people_leave_the_market_alone(key: str) -> None:
    _, effects, null = effects_of(key)
    assert differences(effects, null) == set()


@pytest.mark.parametrize("key", SIGNS)
def test_outside_its_dates_it_does_nothing(key: str) -> None:
    model, effects, null = effects_of(
        key, "start=2014-01", "end=2014-12", "ramp=0", "reach.share=1", month=17
    )
    # January 2014 is month 6 of these worlds, December month 17.
    assert differences(effects, null)
    for month in (5, 18):
        model.state.month = month
        assert differences(policy(model).begin_month(model), null) == set()


@pytest.mark.parametrize("key", SIGNS)
def test_outside_its_region_it_does_nothing(key: str) -> None:
    model, effects, null = effects_of(key, "reach.regions=[east]", "reach.share=1")
    elsewhere = model.employers.region != EAST
    mine, theirs = arrays(effects), arrays(null)
    size = elsewhere.size
    for name in differences(effects, null):
        if name.startswith("frictions.promoted"):
            continue
        default = theirs.get(name, np.zeros_like(mine[name]) + (name == "demand"))
        out = mine[name][:size][elsewhere]
        # What holds by months has as many of them as the lever says.
        assert np.all(out == default[:size][elsewhere]), name
        assert not np.array_equal(mine[name][:size], default[:size]), name


def touched(key: str, *more: str) -> tuple[HigherEducation, HigherEducation, np.ndarray]:
    """The world before and after one month's event, and who changed."""
    given = (*DOSES.get(key, ()), *more)
    model = world(key, more=tuple(f"levers.{key}.{each}" for each in given), months=1)
    model.state.month = 30
    p = model.persons
    names = ("awareness", "contacts", "outlook", "practice", "marks")
    before = {name: getattr(p, name).copy() for name in names}
    policy(model).begin_month(model)
    changed = np.zeros(p.size, bool)
    for name in names:
        changed |= getattr(p, name) != before[name]
    model.before = before  # type: ignore[attr-defined]
    return model, model, changed


@pytest.mark.parametrize("key", PEOPLE)
def test_people_are_touched_inside_the_reach_alone(key: str) -> None:
    model, _, changed = touched(
        key,
        "reach.regions=[east]",
        "reach.fields=[engineering,economics,arts_teaching]",
        "reach.share=0.9",
    )
    p, e = model.persons, model.employers
    assert changed.sum() > 0
    assert np.all(p.employer[changed] >= 0)
    assert set(e.region[p.employer[changed]]) == {EAST}
    assert {c.FIELDS[f] for f in p.field[changed]} <= {"engineering", "economics", "arts_teaching"}
    lever = policy(model).levers[0]
    assert {c.ROLES[r] for r in p.role[changed]} <= set(lever.reach.roles)


GAINS = {
    "meet_and_greet": ("awareness", "contacts"),
    "career_event": ("awareness",),
    "guest_lectures": ("awareness", "contacts"),
    "phd_premium_share": ("awareness", "contacts"),
    "taster_placement": ("awareness", "contacts"),
    "image_campaign": ("outlook",),
    "practice_placement": ("practice",),
    "joint_research": ("contacts",),
}


@pytest.mark.parametrize("key", GAINS)
def test_people_gain_what_the_mechanism_says(key: str) -> None:
    model, _, changed = touched(key, "reach.share=0.9")
    for name in GAINS[key]:
        change = getattr(model.persons, name) - model.before[name]  # type: ignore[attr-defined]
        assert np.all(change[changed] >= 0) and np.any(change[changed] > 0), name


def test_a_taster_goes_up_or_down() -> None:
    model, _, changed = touched("taster_placement", "reach.share=0.99")
    found = model.persons.outlook[changed]
    assert np.any(found > 0.1) and np.any(found < -0.1)
    assert abs(found.mean()) < 4 * found.std() / np.sqrt(found.size)


def test_joint_research_meets_push_by_the_work_itself() -> None:
    model, _, _ = touched("joint_research", "reach.share=1", "content_met=1", "fade=0")
    p = model.persons
    content = 1 << HEADINGS.index("work_itself")
    inside = (p.present == 1) & (p.employer >= 0)
    inside &= np.isin(p.role, [c.ROLES.index(r) for r in policy(model).levers[0].reach.roles])
    assert np.all(p.marks[inside] & content)
    model.carry_out("push")
    items = np.flatnonzero(model.rates.push_items.heading == HEADINGS.index("work_itself"))
    bits = np.uint64(sum(1 << int(item) for item in items))
    assert not np.any(p.exposure[inside] & bits)
    model.policy = None
    model.effects = no_effects(model.state.demand.first.shape, model.rates.push_items.heading)
    p.marks[:] &= np.uint8(0xFF ^ SATISFIED)
    p.exposure[:] = 0
    model.carry_out("push")
    assert np.any(p.exposure[inside] & bits)


def test_the_same_people_come_whoever_else_is_there() -> None:
    """Who is invited depends on the person, the lever and the month alone."""
    alone, _, one = touched("meet_and_greet")
    wider, _, other = touched("meet_and_greet", "reach.share=0.2")
    assert one.sum() < other.sum()
    assert set(alone.persons.id[one]) < set(wider.persons.id[other])


def test_the_rule_of_one_cao_is_symmetric() -> None:
    """Each sector's pay goes to the other's by the same factor, and the friction is one for both.

    Its effect need not be symmetric: pay runs the other way for lectors than for lecturers.
    """
    model, effects, _ = effects_of("single_cao")
    pay = aligned_pay(model.rates.pay, 1.0, 0.0)
    for one, other in ((c.LECTURER, c.UNIVERSITY_LECTURER), (c.LECTOR, c.PROFESSOR)):
        assert pay[one] == pytest.approx(pay[other])
        assert pay[one] ** 2 == pytest.approx(model.rates.pay[one] * model.rates.pay[other])
    left = effects.frictions.sector_left[: model.employers.institutions]
    assert np.allclose(left, left[0])
    assert np.all(effects.frictions.sector_left[model.employers.institutions :] == 1.0)
    up, down = aligned_pay(model.rates.pay, 1.0, 1.0), aligned_pay(model.rates.pay, 1.0, -1.0)
    assert up[c.LECTURER] == pytest.approx(
        model.rates.pay[[c.LECTURER, c.UNIVERSITY_LECTURER]].max()
    )
    assert down[c.LECTURER] == pytest.approx(
        model.rates.pay[[c.LECTURER, c.UNIVERSITY_LECTURER]].min()
    )


def test_shifted_posts_are_as_many_on_both_sides() -> None:
    model, effects, _ = effects_of("funding_shift", "ramp=0")
    assert effects.demand is not None
    change = model.state.demand.first * (effects.demand - 1.0)
    sector = model.employers.sector
    assert change[sector == c.WO].sum() == pytest.approx(-change[sector == c.HBO].sum())
    assert change[sector > c.WO].sum() == 0


def test_executive_support_widens_hastens_and_keeps_what_others_do() -> None:
    def amounts(*levers: str) -> tuple[float, int]:
        model = world(*levers, more=("levers.guest_lectures.ramp=24",), months=1)
        model.state.month = 12
        support = policy(model)._support(12)
        lever = next(each for each in policy(model).levers if each.key == "guest_lectures")
        before = model.persons.contacts.copy()
        policy(model).begin_month(model)
        return lever.amount(12, support), int((model.persons.contacts > before).sum())

    alone, backed = amounts("guest_lectures"), amounts("guest_lectures", "executive_support")
    assert backed[0] > alone[0] and backed[1] > alone[1]


def test_institutions_that_take_part_with_a_smaller_share_also_do_with_a_larger() -> None:
    small, _, _ = effects_of("consortium_funding", "reach.share=0.3")
    large, _, _ = effects_of("consortium_funding", "reach.share=0.8")
    one, other = (
        policy(model)._area(model, policy(model).levers[0], share).employers
        for model, share in ((small, 0.3), (large, 0.8))
    )
    assert 0 < one.sum() < other.sum() < one.size
    assert np.all(other[one])


def test_reach_by_partnership_is_its_members() -> None:
    name = tables().partnerships[0]
    members = {name.lead, *name.partners}
    model, effects, _ = effects_of("preferred_partner", f"reach.partnerships=['{name.initiative}']")
    reached = {model.employers.names[k] for k in np.flatnonzero(effects.ranking.partner > 0)}
    assert reached and reached <= members

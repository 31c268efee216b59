"""hesim against the reference model: both do the same within Monte Carlo error.

The reference (`benchmarks/reference/`) was written from docs/odd.md alone, as ordinary Mesa
agents with draws of its own. A wrong rule in either shows as a difference of means over
replications; what the same comparison does with a rule changed on purpose is tested too.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

# The benchmarks are no part of the package; they are run from the checkout.
from benchmarks.reference import facts
from benchmarks.reference.agents import Person
from benchmarks.reference.contracts import Pool
from benchmarks.reference.model import ReferenceModel
from benchmarks.reference.rates import HBO, WO
from scipy import stats

from hesim import categories as c
from hesim.config import Settings
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables, read

MONTHS = 24


class Runs(NamedTuple):
    """Replications of the reference, and of hesim, and the size of their worlds."""

    references: int
    replications: int
    scale: float


FEW, MANY = Runs(4, 8, 0.05), Runs(16, 32, 0.08)
NO_SERVICE = "model.careers.doctorate_in_service=0"
"""The reference knows no doctorates in service."""
WORLD = (
    "burn_in=0",
    "years=2",
    "model.outside.attention=10",
    NO_SERVICE,
)
"""With 5,000 or 8,000 persons; attention small enough for arcs to be shorter than the circle."""
OUTSIDE = (
    "model.outside.thesis.share=0.3",
    "model.outside.offer_factor.education=[0.5,0.7,1,1.5]",
    "model.outside.offers.jobless=0.4",
)
"""A market outside in which each of its rules tells."""

BIOGRAPHY = (
    "model.search.familiarity_level=2",
    "model.search.sources.home=0.2",
    "model.search.contacts_per_partnership=0.01",
)
"""Familiarity by biography, strong enough for each of its rules to tell."""
ASKING = (
    "model.requirements.asked.practice.lecturer=0.6",
    "model.requirements.asked.practice.lector=0.5",
    "model.requirements.asked.certificate.lecturer=0.4",
    "model.requirements.asked.research.university_lecturer=0.9",
    "model.requirements.asked.research.other_academic=0.6",
    "model.requirements.research=6",
    "model.requirements.asked.dutch.lecturer=0.9",
    "model.requirements.asked.dutch.university_lecturer=0.6",
    "model.requirements.without_dutch=1",
)
"""Posts with conditions, each of which keeps many out."""

HOURS = (
    "model.careers.second_job_share=0.2",
    "model.careers.second_job_outside.hbo=0.6",
)
"""Second jobs are common."""

FAMILY = 0.001
"""Chance that equal models differ in any statistic, by Holm's correction."""
SUSPICIOUS, SUSPICIOUS_SHARE = 0.05, 0.12
"""Statistics are correlated, so more than one in twenty may lie below 0.05, but not many more."""


class Compared(NamedTuple):
    """One statistic of both models."""

    p: float
    name: str
    reference: float
    hesim: float


@cache
def reference_runs(runs: Runs, *changes: str) -> list[dict[str, float]]:
    """Replications of the reference, made once; their stocks share no draw with hesim's."""
    settings = compose([f"population.scale={runs.scale}", *WORLD, *changes])
    return [
        facts.statistics(facts.run_reference(settings, read(), 1000 + k, MONTHS))
        for k in range(runs.references)
    ]


@cache
def hesim_runs(runs: Runs, *changes: str) -> list[dict[str, float]]:
    """Replications of hesim, with some settings changed."""
    settings = compose([f"population.scale={runs.scale}", *WORLD, *changes])
    return [
        facts.statistics(facts.run_hesim(settings, read(), k, MONTHS))
        for k in range(runs.replications)
    ]


def compare(reference: list[dict[str, float]], hesim: list[dict[str, float]]) -> list[Compared]:
    """Welch's test of each statistic, smallest p first; not of those too rare for it or fixed."""
    found = []
    for name in reference[0]:
        one, other = (np.array([run.get(name, 0.0) for run in runs]) for runs in (reference, hesim))
        both = np.concatenate([one, other])
        if np.mean(both != 0.0) < 0.75 and max(np.mean(one != 0.0), np.mean(other != 0.0)) < 0.9:
            continue
        if np.ptp(both) < 1e-9 * np.abs(both).max():
            continue
        if np.ptp(one) == np.ptp(other) == 0.0:
            p = 0.0
        else:
            p = float(stats.ttest_ind(one, other, equal_var=False).pvalue)
        found.append(Compared(p, name, float(one.mean()), float(other.mean())))
    return sorted(found)


def differences(compared: list[Compared]) -> list[Compared]:
    """Statistics that differ by more than Monte Carlo error (Holm, at `FAMILY` together)."""
    differ = []
    for rank, one in enumerate(compared):
        if one.p > FAMILY / (len(compared) - rank):
            break
        differ.append(one)
    return differ


def suspicious(compared: list[Compared]) -> float:
    """Share of statistics with a small p; 0.05 when nothing differs."""
    return float(np.mean([one.p < SUSPICIOUS for one in compared]))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((), id="default"),
        pytest.param(OUTSIDE, id="outside", marks=pytest.mark.once),
        # What runs by default has to stay short.
        pytest.param(BIOGRAPHY, id="biography", marks=pytest.mark.long),
        pytest.param(ASKING, id="asking", marks=pytest.mark.long),
        pytest.param(HOURS, id="hours", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("runs", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_both_models_do_the_same(runs: Runs, changes: tuple[str, ...]) -> None:
    compared = compare(reference_runs(runs, *changes), hesim_runs(runs, *changes))
    assert len(compared) > 250
    shown = "\n".join(f"{x.p:.1e} {x.reference:10.4f} {x.hesim:10.4f} {x.name}" for x in compared)
    assert differences(compared) == [], shown
    assert suspicious(compared) < SUSPICIOUS_SHARE, shown


def test_a_second_phd_has_a_fate_of_its_own(tables: ReportTables) -> None:
    model = HigherEducation(
        compose(["calibration=none", "population.scale=0.3", "burn_in=0"]), tables, 0
    )
    for _ in range(84):
        model.step()
    book, used = model.ledger, int(model.ledger.used[1])
    stopped = (book.m_from_role[:used] == c.PHD_CANDIDATE) & (
        book.m_reason[:used] == c.EXIT_REASONS.index("resigned")
    )
    jobless = stopped & (book.m_joined[:used] != book.m_left[:used])
    again = jobless & (book.m_to_role[:used] == c.PHD_CANDIDATE)
    _, times = np.unique(book.m_person[:used][jobless], return_counts=True)
    assert np.sum(again) > 30
    # Of those who start anew, 15% drop out, and not all of them within these five years.
    assert np.sum(times > 1) < 0.25 * np.sum(again)


CHANGES = (
    "model.careers.contract_months.without_prospect=12",
    "model.choice.stay=1.9",
    "model.hiring.seniority=0.5",
    "model.inputs.entrants.hbo.age.under_25=4",
    "model.vacancies.field_years=0",
)


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        (CHANGES[-1], FEW),
        *(pytest.param(change, MANY, marks=pytest.mark.long) for change in CHANGES),
    ],
)
def test_a_changed_rule_is_noticed(change: str, runs: Runs) -> None:
    made = compare(reference_runs(runs), hesim_runs(runs, change))
    assert differences(made)


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        pytest.param("model.outside.out_of_reach=0.1", FEW, marks=pytest.mark.long),
        *(
            pytest.param(change, MANY, marks=pytest.mark.long)
            for change in ("model.outside.thesis.share=0", "model.outside.offers.employed=0.6")
        ),
    ],
)
def test_a_changed_rule_of_the_market_outside_is_noticed(change: str, runs: Runs) -> None:
    references = reference_runs(runs, *OUTSIDE)
    assert differences(compare(references, hesim_runs(runs, *OUTSIDE, change)))


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        pytest.param("population.masters_in_wo=0.5", FEW, marks=pytest.mark.long),
        *(
            pytest.param(f"model.search.{change}", MANY, marks=pytest.mark.long)
            for change in ("familiarity_level=0.7", "sources.studied=0")
        ),
    ],
)
def test_a_changed_rule_of_biographies_is_noticed(change: str, runs: Runs) -> None:
    references = reference_runs(runs, *BIOGRAPHY)
    assert differences(compare(references, hesim_runs(runs, *BIOGRAPHY, change)))


def refuse(pool: Pool, person: Person) -> None:
    """Keep nobody, as if no slot ever came free for a promise."""
    person.decided = True


@pytest.mark.long
def test_a_changed_rule_of_slots_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = hesim_runs(FEW)
    monkeypatch.setattr(Pool, "decide", refuse)
    # Not from the cache, which knows nothing of the change.
    changed = reference_runs.__wrapped__(FEW)
    assert differences(compare(changed, made))


@pytest.mark.long
def test_the_comparison_finds_no_difference_between_halves() -> None:
    made = reference_runs(MANY)
    compared = compare(made[::2], made[1::2])
    assert differences(compared) == []
    assert suspicious(compared) < SUSPICIOUS_SHARE


@pytest.mark.parametrize("changes", [(), HOURS])
def test_both_compute_the_same_rates(tables: ReportTables, changes: tuple[str, ...]) -> None:
    settings = compose(["population.scale=0.05", NO_SERVICE, *changes])
    theirs, ours = HigherEducation(settings, tables, 0), ReferenceModel(settings, tables, 1)
    careers = theirs.rates.careers
    for kind in (HBO, WO):
        hazards = ours.careers.hazards[kind, False]
        assert hazards.disabled_full == pytest.approx(careers.disabled[kind])
        assert hazards.disabled_part == pytest.approx(careers.disabled_part[kind])
        assert hazards.early == pytest.approx(careers.early[kind])
        assert hazards.dismissed == pytest.approx(careers.dismissed[kind])
        assert hazards.reorganised == pytest.approx(careers.reorganised[kind])
        down, up = ours.careers.hours_steps[kind]
        assert down == pytest.approx(theirs.rates.jobs.cut[kind])
        assert up == pytest.approx(theirs.rates.jobs.rise[kind])
        for hours, factor in ours.careers.leaves_by_hours[kind].items():
            assert factor == pytest.approx(careers.of_hours[kind, hours])
    assert ours.careers.second_outside == theirs.rates.jobs.outside.tolist()
    assert ours.careers.second_start == pytest.approx(theirs.rates.jobs.second)
    assert ours.preferences.security == pytest.approx(theirs.state.choice.security)
    assert len(ours.searching.from_outside) == theirs.rates.search.reach.size
    for (kind, *who), chance in ours.searching.from_outside.items():
        assert chance == pytest.approx(theirs.rates.search.reach[(*who, kind)]), (kind, who)
    for old in range(4):
        for new in range(3):
            assert ours.channels.chances[old, new] == pytest.approx(
                theirs.rates.channels.chance[old, new]
            )
    for role, shares in ours.offers.shares.items():
        for part in shares:
            steps = np.cumsum(shares[part]) / np.sum(shares[part])
            offered = getattr(theirs.rates.vacancies.profiles, part)[role]
            assert steps == pytest.approx(offered, abs=1e-7), (
                c.ROLES[role],
                part,
            )


@pytest.mark.parametrize("month", [0, 7, 24, 60])
def test_both_want_the_same_posts(small: Settings, tables: ReportTables, month: int) -> None:
    settings = small.with_values({NO_SERVICE.removesuffix("=0"): 0.0})
    theirs, ours = HigherEducation(settings, tables, 0), ReferenceModel(settings, tables, 1)
    wanted = theirs.state.demand.posts(month, None)
    ours.demand.set_targets(month)
    found = np.zeros_like(theirs.state.demand.first)
    for employer in ours.employers:
        for (role, field), posts in employer.target.items():
            found[employer.number, role, field] = posts
    assert np.array_equal(found, theirs.state.demand.first if wanted is None else wanted)
    # Some posts more than staff from the start; with time some fields have fewer.
    assert found.sum() > theirs.state.demand.first.sum()
    assert np.all(found >= theirs.state.demand.first) == (month == 0)


def test_it_refuses_levers_that_it_does_not_know(tables: ReportTables) -> None:
    with pytest.raises(ValueError, match="knows no levers"):
        ReferenceModel(compose(["levers=[abolish_binary]"]), tables, 1)


def test_it_refuses_doctorates_in_service(tables: ReportTables) -> None:
    words = ["population.scale=0.05", "burn_in=0"]
    with pytest.raises(ValueError, match="no doctorates taken in service"):
        ReferenceModel(compose(words), tables, 1)


@pytest.mark.parametrize("permanence", ["standing", "growing"])
def test_both_have_the_same_slots(tables: ReportTables, permanence: str) -> None:
    settings = compose(["population.scale=0.05", *WORLD, f"model.careers.permanence={permanence}"])
    theirs, ours = HigherEducation(settings, tables, 0), ReferenceModel(settings, tables, 1)
    posts, slots = theirs.state.slots, ours.slots
    groups = {}
    for (employer, role), pool in slots.pools.items():
        groups.setdefault(int(posts.columns.pool[employer.number, role]), set()).add(pool)
    # One pool of ours for each of theirs.
    assert -1 not in groups
    assert all(len(pools) == 1 for pools in groups.values())
    assert len(slots.all) == posts.role.size
    for month in (0, 30, 90):
        share, ours.month = posts.rates.share_in(month), month
        slots.count(ours, begins=True)
        for pool in slots.all:
            used = sum(person.holds_slot for person in pool.people())
            due = share[pool.kind, pool.role] * pool.staff
            assert pool.free + used == pytest.approx(due), (month, c.ROLES[pool.role])

"""The drawn stock: it meets its targets, holds nobody who cannot be, and follows its settings."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from hesim import categories as c
from hesim.config import Settings
from hesim.population import filling
from hesim.population.contracts import candidate_ends, contract_terms
from hesim.population.employers import Employers, build_employers, role_shares
from hesim.population.persons import NEVER
from hesim.population.stock import Population, build_population
from hesim.scenario import compose
from hesim.tables import ReportTables

STAFF = (*c.WO_ROLES, *c.HBO_ROLES)
SCALE = 0.05


def drawn(tables: ReportTables, *overrides: str, replication: int = 0) -> Population:
    settings = compose(overrides)
    employers = build_employers(settings, tables)
    return build_population(settings, tables, employers, 1, replication)


@pytest.fixture(scope="module", params=["independent", "theory", "extreme"])
def stock(request: pytest.FixtureRequest, tables: ReportTables) -> Population:
    return drawn(tables, f"population.scale={SCALE}", f"population.seed_joint={request.param}")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return compose()


@pytest.fixture(scope="module")
def full(settings: Settings, tables: ReportTables) -> Employers:
    return build_employers(settings, tables)


def columns(population: Population) -> SimpleNamespace:
    """All columns of those present, wide enough to count with, and what follows from them."""
    persons = population.persons
    here = persons.present == 1
    names = persons.columns._fields
    wide = {n: getattr(persons, n)[here] for n in names}
    wide |= {n: v.astype(np.int64) for n, v in wide.items() if np.issubdtype(v.dtype, np.integer)}
    wide["id"] = persons.id[here]
    p = SimpleNamespace(**wide)
    p.age, p.tenure, p.worked = -p.born, -p.since, p.academic + p.practice
    p.staff, p.working = np.isin(p.role, STAFF), p.employer >= 0
    return p


def doubled(tables: ReportTables, name: str) -> ReportTables:
    """The tables with twice the students at one institution."""
    grown = (
        replace(i, students=2 * i.students) if i.name == name else i for i in tables.institutions
    )
    return replace(tables, institutions=tuple(grown))


def months(settings: Settings, path: str) -> np.ndarray:
    given = settings.mapping(path)
    return np.array([12 * given[name] for name in c.EDUCATION])


# Who there is


def test_headcount_by_employer_role_and_field_is_the_target(stock: Population) -> None:
    p = columns(stock)
    count = np.zeros_like(stock.employers.target)
    np.add.at(count, (p.employer[p.working], p.role[p.working], p.field[p.working]), 1)
    assert (count == stock.employers.target).all()
    assert (p.role[~p.working] == c.JOB_SEEKER).all()
    # As many as come in the time until an offer, or until they give up.
    outside = compose([]).mapping("model.outside")
    come = sum(outside["competitors"][kind] for kind in ("job_losers", "graduates", "arrivals"))
    goes = 12 * outside["offers"]["jobless"] + outside["no_work"]
    assert (~p.working).sum() == round(SCALE * come / goes)


def test_every_row_is_a_person_of_its_own(stock: Population) -> None:
    assert stock.persons.present.all()
    assert np.unique(stock.persons.id).size == stock.persons.size


def test_raking_meets_its_margins(stock: Population) -> None:
    assert max(stock.raking_error.values()) < 1e-6


# What a person can be


def test_nobody_is_too_young_for_the_education_or_outside_the_axis_of_age(
    stock: Population, settings: Settings
) -> None:
    p = columns(stock)
    assert (p.age >= months(settings, "population.youngest_age")[p.education]).all()
    assert p.age.min() >= 20 * 12
    assert p.age.max() < 65 * 12


def test_youngest_age_follows_the_setting(tables: ReportTables) -> None:
    p = columns(drawn(tables, "population.scale=0.02", "population.youngest_age.phd=30"))
    assert p.age[p.education == c.PHD].min() >= 30 * 12
    assert p.age[p.education == c.MASTER].min() < 26 * 12


def test_ages_are_spread_rather_than_heaped_at_the_youngest(tables: ReportTables) -> None:
    p = columns(drawn(tables, "population.scale=0.05"))
    ages = p.age[(p.education == c.PHD) & (p.age < 35 * 12)]
    assert (ages == ages.min()).mean() < 0.05


def test_education_allows_the_role(stock: Population) -> None:
    p = columns(stock)
    assert (p.education[np.isin(p.role, (c.POSTDOC, c.PROFESSOR))] == c.PHD).all()
    assert (p.education[p.role == c.PHD_CANDIDATE] == c.MASTER).all()
    senior = np.isin(p.role, (c.LECTOR, c.UNIVERSITY_LECTURER))
    assert (p.education[senior] >= c.MASTER).all()
    assert p.age[np.isin(p.role, (c.LECTOR, c.PROFESSOR))].min() >= 35 * 12


def test_contract_and_its_end_agree(stock: Population, settings: Settings) -> None:
    p = columns(stock)
    term = settings.mapping("model.careers.contract_months")
    candidate = p.role == c.PHD_CANDIDATE
    assert not np.isin(p.role[p.contract == c.PERMANENT], (c.PHD_CANDIDATE, c.POSTDOC)).any()
    fixed = p.working & (p.contract != c.PERMANENT)
    assert (p.ends[~fixed] == NEVER).all()
    assert p.ends[fixed].min() >= 1
    ends = candidate_ends(settings)
    assert ends[0] == term["phd_candidate"]
    assert np.isin(p.ends[candidate] + p.tenure[candidate], ends).all()
    assert (p.tenure[candidate] >= ends[0]).any()
    terms = contract_terms(settings)
    for contract in (c.WITH_PROSPECT, c.WITHOUT_PROSPECT):
        mine = fixed & ~candidate & (p.contract == contract)
        assert mine.any()
        length = terms[p.role[mine], contract]
        assert (p.ends[mine] <= length).all()
        # The term in force began no earlier than the person did.
        assert (length - p.ends[mine] <= p.tenure[mine]).all()
    assert ((p.contract == c.NO_CONTRACT) == ~p.working).all()


def test_hours_are_those_of_a_job_or_none(stock: Population) -> None:
    p = columns(stock)
    assert p.hours[p.working].min() >= 8
    assert p.hours[p.working].max() <= 38
    assert (p.hours[~p.working] == 0).all()


def test_age_tenure_and_experience_cohere(stock: Population, settings: Settings) -> None:
    p = columns(stock)
    assert (p.tenure >= 0).all()
    assert (p.since >= p.born + 16 * 12).all()
    assert (p.tenure <= p.worked)[p.working].all()
    since_school = p.age - months(settings, "population.work_from_age")[p.education]
    candidate = p.role == c.PHD_CANDIDATE
    able = np.where(candidate, np.maximum(since_school, p.tenure), np.maximum(since_school, 0))
    assert (p.worked <= able).all()
    assert (p.age - p.tenure)[candidate].min() >= 12 * settings.integer("population.phd_from_age")
    assert (p.academic == np.where(p.staff, p.tenure, 0)).all()


def test_tenure_has_the_sojourn_that_is_set(tables: ReportTables) -> None:
    """Capped by the years worked, so below the mean; longer stays where more is set."""
    means = []
    for years in (3, 9):
        p = columns(drawn(tables, "population.scale=0.05", f"population.sojourn_hbo={years}"))
        means.append(p.tenure[np.isin(p.role, c.HBO_ROLES)].mean() / 12)
        assert 0.6 * years < means[-1] < years
    assert means[1] > 1.5 * means[0]


def test_staff_live_in_the_region_of_their_employer(stock: Population) -> None:
    p, employers = columns(stock), stock.employers
    home, work = p.home[p.staff], p.employer[p.staff]
    assert (employers.town_region[home] == employers.region[work]).all()
    # 45% by choice of the employer's town; a few more by chance.
    assert 0.45 < (home == employers.place[work]).mean() < 0.65


# Totals that are published or declared


@pytest.mark.parametrize("share", [0.04, 0.07, 0.10])
@pytest.mark.parametrize("joint", ["independent", "theory", "extreme"])
def test_phd_share_of_hbo_is_the_declared_one(
    tables: ReportTables, share: float, joint: str
) -> None:
    p = columns(
        drawn(
            tables,
            "population.scale=0.4",
            "model.outside.competitors.employed=340",
            f"population.phd_share_hbo={share}",
            f"population.seed_joint={joint}",
        )
    )
    hbo = np.isin(p.role, c.HBO_ROLES)
    noise = 4 * np.sqrt(share * (1 - share) / hbo.sum())
    assert abs((p.education[hbo] == c.PHD).mean() - share) < noise


@pytest.mark.parametrize("joint", ["independent", "theory", "extreme"])
def test_lectoren_share_the_published_fte(tables: ReportTables, joint: str) -> None:
    p = columns(
        drawn(tables, f"population.seed_joint={joint}", "model.outside.competitors.employed=340")
    )
    hours = p.hours[p.role == c.LECTOR]
    assert hours.size == 563
    assert abs(hours.mean() - 38 * 305 / 563) < 4 * hours.std() / np.sqrt(hours.size)


def test_targets_are_those_of_the_sectors(
    full: Employers, settings: Settings, tables: ReportTables
) -> None:
    assert full.target[:, c.LECTOR].sum() == 563
    for sector, total in (("wo", 31000), ("hbo", 25300)):
        mine = full.target[full.sector == c.SECTORS.index(sector)]
        assert mine.sum() == total
        expected = role_shares(settings, tables, sector) * total
        assert np.abs(mine.sum(axis=(0, 2)) - expected).max() <= 1


@pytest.mark.parametrize("scale", [0.01, 0.05, 0.3])
def test_a_thinned_population_keeps_its_rare_roles(tables: ReportTables, scale: float) -> None:
    thin = compose([f"population.scale={scale}"])
    employers = build_employers(thin, tables)
    for sector, total in (("wo", 31000), ("hbo", 25300)):
        mine = employers.target[employers.sector == c.SECTORS.index(sector)]
        expected = role_shares(thin, tables, sector) * total * scale
        assert np.abs(mine.sum(axis=(0, 2)) - expected).max() <= 1


def test_larger_institutions_have_larger_targets(full: Employers, tables: ReportTables) -> None:
    students = {i.name: i.students for i in tables.institutions}
    for code in (c.WO, c.HBO):
        mine = np.flatnonzero(full.sector == code)
        size = np.array([students[full.names[k]] for k in mine], float)
        staff = full.target[mine].sum(axis=(1, 2))
        assert np.abs(staff - staff.sum() * size / size.sum()).max() < len(c.ROLES)


def test_more_students_bring_more_staff_at_the_cost_of_the_others(
    full: Employers, settings: Settings, tables: ReportTables
) -> None:
    name = "Universiteit Utrecht"
    after = build_employers(settings, doubled(tables, name))
    mine = full.names.index(name)
    assert after.target[mine].sum() > 1.5 * full.target[mine].sum()
    assert after.target[full.sector == c.WO].sum() == full.target[full.sector == c.WO].sum()
    others = (full.sector == c.WO) & (np.arange(len(full.names)) != mine)
    assert (after.target[others].sum(axis=(1, 2)) < full.target[others].sum(axis=(1, 2))).all()
    assert (after.target[full.sector == c.HBO] == full.target[full.sector == c.HBO]).all()


def test_fields_follow_the_profile(full: Employers) -> None:
    law, economics, arts, _, engineering, other = range(len(c.FIELDS))
    share = full.target[: full.institutions].sum(axis=1).astype(float)
    share /= share.sum(axis=1, keepdims=True)
    wageningen = share[full.names.index("Wageningen Universiteit")]
    tilburg = share[full.names.index("Universiteit van Tilburg")]
    design = share[full.names.index("Design Academy Eindhoven")]
    assert min(wageningen[engineering], wageningen[other]) > wageningen[law]
    assert tilburg[law] > wageningen[law]
    assert tilburg[economics] > tilburg[engineering]
    assert design.argmax() == arts


# Draws belong to identities


def test_draws_do_not_depend_on_who_else_is_there(tables: ReportTables) -> None:
    """One institution twice as large moves many rows, and changes nobody who is in both stocks."""
    settings = compose(["population.scale=0.05", "model.outside.competitors.employed=10000"])
    first = columns(drawn(tables, "population.scale=0.05"))
    employers = build_employers(settings, doubled(tables, "Universiteit Utrecht"))
    second = columns(build_population(settings, tables, employers, 1, 0))
    both, at_first, at_second = np.intersect1d(first.id, second.id, return_indices=True)
    assert both.size < min(first.id.size, second.id.size)
    assert (at_first != at_second).mean() > 0.1
    kept = first.working[at_first]
    for name in ("born", "sex", "education", "hours", "since", "home"):
        assert (getattr(first, name)[at_first] == getattr(second, name)[at_second])[kept].all()
    # Contracts come out exactly in each pool of permanent posts, so a few differ with its size.
    differ = first.contract[at_first] != second.contract[at_second]
    assert 0.0 < differ[kept].mean() < 0.01


def test_replications_differ_and_repeat(tables: ReportTables) -> None:
    first, again = (drawn(tables, "population.scale=0.02").persons for _ in range(2))
    other = drawn(tables, "population.scale=0.02", replication=1).persons
    for name in ("born", "education", "hours", "ends", "home"):
        assert (getattr(first, name) == getattr(again, name)).all()
        assert (getattr(first, name) != getattr(other, name)).mean() > 0.01


def test_filling_in_parts_draws_the_same_stock(
    tables: ReportTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = drawn(tables, f"population.scale={SCALE}")
    monkeypatch.setattr(filling, "PART", 97)
    parts = drawn(tables, f"population.scale={SCALE}")
    for name, one, other in zip(
        whole.persons.columns._fields, whole.persons.columns, parts.persons.columns, strict=True
    ):
        np.testing.assert_array_equal(one, other, err_msg=name)

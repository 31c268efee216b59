"""Margins of the stock: ages by stationarity, hours tilted to a mean, and the raked joint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesim import categories as c
from hesim.population.employers import role_shares, whole_numbers, whole_posts
from hesim.population.hours import factor_of_hours, hours_of_band, stock_hours, tilted
from hesim.population.joint import possible, stock_joint
from hesim.population.raking import RakingError
from hesim.population.stationarity import early_retirement_hazard, stationary_ages
from hesim.scenario import compose
from hesim.tables import ReportTables
from hesim.tables.schema import Contradiction

pytestmark = pytest.mark.once

HOURS = np.array([16.0, 26, 32, 38])
JOINTS = ("independent", "theory", "extreme")
TABLE = {"in": {"hbo": "3.2", "wo": "3.3"}, "out": {"hbo": "3.3", "wo": "3.2"}}

shares = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda x: np.array(x) / sum(x))


@given(shares, st.floats(16.5, 37.5))
def test_a_tilt_meets_its_mean_and_keeps_the_order_of_its_ratios(
    before: np.ndarray, mean: float
) -> None:
    after = tilted(before, HOURS, mean)
    assert after.sum() == pytest.approx(1)
    assert after @ HOURS == pytest.approx(mean, abs=1e-4)
    # Ratios to the shares before change in one direction: longer hours gain, or lose.
    steps = np.diff(np.log(after / before)) / np.diff(HOURS)
    assert np.allclose(steps, steps[0], atol=1e-6)


@given(shares)
def test_a_tilt_to_the_mean_that_is_there_changes_nothing(before: np.ndarray) -> None:
    assert np.allclose(tilted(before, HOURS, float(before @ HOURS)), before, atol=1e-8)


@pytest.mark.parametrize("mean", [10.0, 16.0, 38.0, 40.0])
def test_no_tilt_reaches_beyond_its_values(mean: float) -> None:
    with pytest.raises(RakingError, match="mean of"):
        tilted(np.full(4, 0.25), HOURS, mean)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 30))
def test_rounding_keeps_sums(number: int, size: float) -> None:
    amounts = np.random.default_rng(number).uniform(0, size, (7, 3, 4))
    plain, posts = whole_numbers(amounts), whole_posts(amounts)
    assert plain.sum() == posts.sum() == round(float(amounts.sum()))
    assert np.abs(plain - amounts).max() <= 1
    assert posts.min() >= 0
    assert np.abs(posts.sum(axis=(0, 2)) - amounts.sum(axis=(0, 2))).max() < 1
    # Rescaling a role to a whole number moves an employer by less than one post, rounding by one.
    assert np.abs(posts.sum(axis=2) - amounts.sum(axis=2)).max() < 2


@pytest.mark.parametrize("joint", JOINTS)
@pytest.mark.parametrize("sector", ["hbo", "wo"])
def test_joint_meets_published_margins_and_keeps_to_what_can_be(
    tables: ReportTables, sector: str, joint: str
) -> None:
    settings = compose([f"population.seed_joint={joint}"])
    roles = role_shares(settings, tables, sector)
    table, error = stock_joint(settings, tables, sector, roles)
    assert error < 1e-6
    assert table.sum() == pytest.approx(1)
    assert (table[possible() == 0] == 0).all()
    assert np.allclose(table.sum(axis=(1, 2, 3, 4, 5)), roles, atol=1e-6)
    groups = [(TABLE[way][sector], f"{sector}_{way}") for way in ("in", "out")]
    parts = [tables.shares(at, "weekly_hours", group) for at, group in groups]
    hours = np.array([sum(part[name] for part in parts) / 2 for name in c.HOURS_BANDS])
    if sector == "hbo":
        hours = tilted(hours, HOURS, 38 * 18300 / settings.number("population.hbo_staff"))
    assert np.allclose(table.sum(axis=(0, 1, 2, 3, 5)), hours, atol=1e-6)
    # Sex is the leavers', times what the calibration solved for.
    leavers = tables.shares(groups[-1][0], "sex", groups[-1][1])
    factor = settings.mapping(f"model.inputs.staff.{sector}.sex")
    sexes = np.array([leavers[name] * np.exp(factor[name]) for name in c.SEXES])
    assert np.allclose(table.sum(axis=(0, 1, 2, 3, 4)), sexes / sexes.sum(), atol=1e-6)


@pytest.mark.parametrize("joint", JOINTS)
def test_hours_of_lectoren_follow_their_fte(tables: ReportTables, joint: str) -> None:
    for fte in (305, 450):
        settings = compose([f"population.seed_joint={joint}", f"population.lector_fte={fte}"])
        table, _ = stock_joint(settings, tables, "hbo", role_shares(settings, tables, "hbo"))
        of_lector = table[c.LECTOR].sum(axis=(0, 1, 2, 4))
        mean = of_lector @ hours_of_band(settings) / of_lector.sum()
        assert mean == pytest.approx(38 * fte / 563, abs=1e-3)


def test_an_fte_that_no_hours_can_give_is_refused(tables: ReportTables) -> None:
    settings = compose(["population.lector_fte=305", "population.hours_of_band=[22,26,32,38]"])
    with pytest.raises(Contradiction, match=r"305 fte .* mean of 20\.59 .* 22 to 38"):
        stock_joint(settings, tables, "hbo", role_shares(settings, tables, "hbo"))


def test_hbo_works_its_fte_and_small_jobs_are_left_sooner(tables: ReportTables) -> None:
    settings = compose([])
    table, error = stock_joint(settings, tables, "hbo", role_shares(settings, tables, "hbo"))
    assert error < 1e-6
    mean = table.sum(axis=(0, 1, 2, 3, 5)) @ hours_of_band(settings)
    assert mean / 38 * settings.number("population.hbo_staff") == pytest.approx(18300, abs=1)
    staff, factor = (how(settings, tables, "hbo") for how in (stock_hours, factor_of_hours))
    assert staff @ factor == pytest.approx(1)
    assert factor[0] > 1.5 > 1 > factor[1:].max()
    # 31.0 of 100.1% of leavers retire or become disabled, with the hours of all.
    leavers = staff * (0.310 + 0.691 * factor) / 1.001
    shares = tables.shares("3.3", "weekly_hours", "hbo_out")
    assert leavers == pytest.approx([shares[name] for name in c.HOURS_BANDS], abs=0.001)


def test_hours_say_nothing_of_leaving_wo(tables: ReportTables) -> None:
    assert factor_of_hours(compose([]), tables, "wo").tolist() == [1, 1, 1, 1]


def test_where_nobody_leaves_with_some_hours_somebody_still_may(tables: ReportTables) -> None:
    less = {"under_24": 78.7, "36_plus": 0.0}
    cells = tuple(
        replace(x, percent=less[x.item])
        if (x.table, x.group) == ("3.3", "hbo_out") and x.item in less
        else x
        for x in tables.cells
    )
    settings, edited = compose([]), replace(tables, cells=cells)
    staff, factor = (how(settings, edited, "hbo") for how in (stock_hours, factor_of_hours))
    assert 0.0 < factor[-1] == factor.min() < 0.1
    assert staff @ factor == pytest.approx(1)


@pytest.mark.parametrize("persons", [18000, 60000])
def test_an_fte_of_hbo_that_no_hours_can_give_is_refused(
    tables: ReportTables, persons: int
) -> None:
    settings = compose([f"population.hbo_staff={persons}"])
    with pytest.raises(
        Contradiction, match=rf"18300 fte .* in {persons} persons .* 16 to 38 hours"
    ):
        stock_hours(settings, tables, "hbo")


def test_a_scenario_that_cannot_be_is_refused(tables: ReportTables) -> None:
    settings = compose(["population.wo_permanent_by_role.phd_candidate=0.5"])
    with pytest.raises(RakingError):
        stock_joint(settings, tables, "wo", role_shares(settings, tables, "wo"))


def test_seed_joints_differ_in_what_they_tie(tables: ReportTables) -> None:
    """The share of full posts among PhD candidates rises with the strength of the ties."""
    full = []
    for joint in JOINTS:
        settings = compose([f"population.seed_joint={joint}"])
        table, _ = stock_joint(settings, tables, "wo", role_shares(settings, tables, "wo"))
        hours = table[c.PHD_CANDIDATE].sum(axis=(0, 1, 2, 4))
        full.append(hours[-1] / hours.sum())
    assert full[0] < full[1] < full[2]


@pytest.mark.parametrize("sector", ["hbo", "wo"])
def test_stationary_ages_are_shares_and_early_exits_follow_their_age(
    tables: ReportTables, sector: str
) -> None:
    ages = stationary_ages(tables, sector, 60)
    assert ages.sum() == pytest.approx(1)
    assert ages.min() >= 0
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    kept = reasons["retirement"] / (reasons["retirement"] + reasons["early_retirement"])
    for start in (58, 60, 62):
        hazard = early_retirement_hazard(tables, sector, start)
        assert np.exp(-hazard * (65 - start)) == pytest.approx(kept)
    assert not np.allclose(stationary_ages(tables, sector, 57), ages)

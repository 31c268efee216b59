"""Rates do not depend on the scale of the population; what still does is told."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from hesim.cautions import cautions
from hesim.input.problems import ConfigErrors
from hesim.model.higher_education import HigherEducation
from hesim.model.shortage import Shortage
from hesim.outcomes import scale_bias
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.scale_bias import Bias
from hesim.scenario import compose
from hesim.study.plan import plan_study
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

# The benchmarks are no part of the package; they are run from the checkout.
part = import_module("benchmarks.parts.scale")

YEARS = 3
SMALL, LARGE = 0.02, 0.1


@pytest.mark.parametrize(("few", "many"), [(4, 15), pytest.param(16, 60, marks=pytest.mark.long)])
def test_turnover_and_vacancies_are_alike_at_two_scales(few: int, many: int) -> None:
    """Before, turnover_hbo was 12% lower at 0.02 than at 0.1, and 13 more of 100 posts unfilled."""
    small = part.outcomes(SMALL, many, YEARS)
    large = part.outcomes(LARGE, few, YEARS)
    for name, far in (("turnover_hbo", 0.07), ("turnover_wo", 0.03)):
        one, other = small[name], large[name]
        apart = np.sqrt(one.var(ddof=1) / one.size + other.var(ddof=1) / other.size)
        assert abs(one.mean() - other.mean()) < far * other.mean() + 3.0 * apart, name
    name = "vacancies_unfilled"
    assert abs(small[name].mean() - large[name].mean()) < 2.0


def test_at_full_scale_nothing_is_corrected(tables: ReportTables) -> None:
    model = HigherEducation(compose(["burn_in=2", "years=1"]), tables, 0)
    for _ in range(2):
        model.step()
    assert model.rates.search.applications == model.settings.integer("model.choice.applications")
    assert np.all(model.market.applications.posts[: model.market.applied] == 1)
    assert model.rates.search.rounds.arc.max() <= 1.0
    assert model.rates.search.rounds.mixing == 0.0
    shape = model.employers.target.shape
    gap = np.random.default_rng(1).integers(0, 5, shape).astype(np.int32)
    assert np.all(model.state.shortage.alone(gap, model.employers.target) == 1.0)
    nobody = np.zeros(shape, np.int32)
    assert np.array_equal(model.state.shortage.missing_posts(gap, nobody, nobody), gap)
    crowd = np.full(shape, 2, np.int32)
    assert np.array_equal(
        model.state.shortage.missing_posts(gap, crowd, nobody), np.maximum(gap - crowd, 0)
    )


def test_as_many_vacancies_are_met_at_any_scale(tables: ReportTables) -> None:
    """Rounds x scale: the arc at full scale, cut at a circle."""
    whole, thinned = (
        HigherEducation(compose([f"population.scale={scale}"]), tables, 0).rates.search.rounds.arc
        for scale in (1.0, 0.05)
    )
    assert thinned * 0.05 == pytest.approx(whole, rel=0.1)


def test_staff_beyond_the_target_are_made_up_for_elsewhere_in_the_role() -> None:
    shape = (3, 2, 2)
    turn = np.linspace(0.05, 0.95, 12).reshape(shape)
    target, nobody = np.ones(shape, np.int32), np.zeros(shape, np.int32)
    staff = nobody.copy()
    staff[0, 0, 0] = 6
    thinned = Shortage(np.full(shape, 100.0), turn, 0.01)
    gap = thinned.missing_posts(target, staff, nobody)
    # Five too many in the first role, five missing: none is left. The other role is untouched.
    assert gap[:, 0].sum() == 0
    assert np.array_equal(gap[:, 1], target[:, 1])
    staff[0, 0, 0] = 3
    gap = thinned.missing_posts(target, staff, nobody)
    # Two too many: the cells whose turn comes first do without.
    assert gap[:, 0].tolist() == [[0, 0], [0, 1], [1, 1]]
    whole = Shortage(np.full(shape, 1.0), turn, 1.0)
    assert whole.missing_posts(target, staff, nobody).sum() == 11


def test_own_staff_fill_one_of_the_posts_that_go_missing_together() -> None:
    """With 2 a month missing in the whole cell, a post of a tiny part is first in 43 of 100."""
    shape = (1, 1, 1)
    shortage = Shortage(np.full(shape, 200.0), np.zeros(shape), 1e-9)
    gap, target = np.ones(shape, np.int32), np.full(shape, 100, np.int32)
    assert shortage.alone(gap, target)[0, 0, 0] == pytest.approx((1.0 - np.exp(-2.0)) / 2.0)


def test_nobody_sends_more_for_there_being_more_vacancies(tables: ReportTables) -> None:
    """A policy's extra vacancies change nothing for who does not meet them, as at full scale.

    Before, applications followed the vacancies against their mean, which drift alone moved too:
    crossings and turnover_hbo were 2% too low even at scale 0.5.
    """
    most = [
        HigherEducation(compose([f"population.scale={scale}"]), tables, 0).rates.search.applications
        for scale in (1.0, 0.2, 0.02)
    ]
    assert most[0] == most[1] == 5.0
    assert most[2] == pytest.approx(5.0 * (1.0 + 1.4 * (1.0 - 0.02 / 0.14) ** 2))


def test_a_small_scale_is_warned_of_with_what_was_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = (
        Bias(0.02, "turnover_hbo", 10.0, 10.5, 1.04, 1.06),
        Bias(0.02, "wo_to_hbo", 160.0, 192.0, 1.15, 1.25),
        Bias(0.1, "wo_to_hbo", 160.0, 161.0, 0.99, 1.02),
    )
    monkeypatch.setattr(scale_bias, "measurements", lambda: ("abc", rows))
    (line,) = cautions(compose(["population.scale=0.05"]))
    assert "wo_to_hbo 192 for 160 (+20%)" in line
    assert "scale 0.02" in line
    assert "turnover" not in line
    assert cautions(compose(["population.scale=0.1"])) == []
    assert cautions(compose()) == []


def test_a_bar_is_kept_by_the_whole_interval_or_by_the_difference() -> None:
    assert Bias(0.1, "turnover_hbo", 10.0, 10.1, 0.995, 1.025).within
    assert not Bias(0.1, "turnover_hbo", 10.0, 10.1, 0.985, 1.035).within
    assert Bias(0.1, "vacancies_unfilled", 1.5, 2.0, 1.2, 1.5).within
    assert not Bias(0.1, "vacancies_unfilled", 1.5, 2.6, 1.6, 1.9).within


UNMEASURED = ("hbo_master_share",)
"""Outcomes that came after the table was measured: of them no scale is known yet."""


def test_the_shipped_table_has_all_scales_and_outcomes() -> None:
    _, rows = scale_bias.measurements()
    outcomes = [
        name
        for name, outcome in OUTCOMES.items()
        if not outcome.of_levers and name not in UNMEASURED
    ]
    scales = [scale for scale in part.REPLICATIONS if scale < 1.0]
    assert [(row.scale, row.outcome) for row in rows] == [
        (scale, name) for scale in scales for name in outcomes
    ]
    assert set(scales) == set(scale_bias.BARS)


@pytest.mark.xfail(
    strict=True,
    reason="missed since the new model: six outcomes at 0.2, seven at 0.1, one at 0.02 "
    "(docs/scale.md)",
)
def test_the_shipped_table_keeps_its_bars_from_the_scale_of_the_helps_example_on() -> None:
    rows = [row for row in scale_bias.measurements()[1] if row.scale >= 0.02]
    assert [(row.scale, row.outcome) for row in rows if not row.within] == []


def test_the_shipped_table_is_near_full_scale_all_the_same() -> None:
    rows = [row for row in scale_bias.measurements()[1] if row.scale >= 0.02]
    assert len(rows) == 60
    assert all(row.within for row in rows if row.scale == 0.5)
    for row in rows:
        floor = scale_bias.FLOORS.get(row.outcome, 0.0)
        assert abs(row.mean - row.full) <= max(0.1 * row.full, floor), row


@pytest.mark.parametrize("scale", [0.005, 0.02, 0.1, 0.2, 0.5])
def test_a_warning_names_what_is_off_in_the_shipped_table_and_nothing_else(scale: float) -> None:
    off = {row.outcome for row in scale_bias.biases(scale) if scale_bias.far_off(row)}
    told = " ".join(cautions(compose([f"population.scale={scale}"])))
    assert {name for name in OUTCOMES if f" {name} " in told} == off
    assert bool(told) == bool(off)
    assert not off or scale < 0.5


def test_a_longer_series_narrows_its_own_side_of_the_ratio() -> None:
    draws = np.random.default_rng(1)
    shared = draws.normal(0.0, 1.0, 4000)
    full = 100.0 + shared[:400] + draws.normal(0.0, 1.0, 400)
    here = 110.0 + shared + draws.normal(0.0, 1.0, 4000)
    few, many = part.compare(0.1, "x", full, here[:400]), part.compare(0.1, "x", full, here)
    # Alike, each pair differs by two normals; else by the error of the shorter series' mean.
    assert few.high - few.low == pytest.approx(2 * 1.96 * np.sqrt(2.0 / 400) / 100, rel=0.1)
    error = np.sqrt(2.0 / 4000 + 2.0 / 400 - 2.0 / 4000)
    assert many.high - many.low == pytest.approx(2 * 1.96 * error * 1.1 / 100, rel=0.1)
    assert many.mean / many.full == pytest.approx(1.1, rel=0.002)


def test_a_scale_without_whole_roles_needs_force() -> None:
    with pytest.raises(ConfigErrors, match=r"population\.scale.*force=true"):
        compose(["population.scale=0.001"])
    with pytest.raises(ConfigErrors, match="force=true"):
        compose(extra={"population.scale": 0.004})
    assert compose(["population.scale=0.001", "force=true"]).number("population.scale") == 0.001


def test_a_study_over_such_scales_needs_force() -> None:
    words = ["study.uncertainties=[population.scale:0.001:0.1]", "study.design=lhs", "study.n=4"]
    with pytest.raises(ConfigErrors, match=r"population\.scale.*force=true"):
        plan_study(words)
    assert plan_study([*words, "force=true"]).points

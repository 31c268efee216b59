"""Calibration: what is compared with what, intercepts, emulator, covariance, scores, resuming."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hesim import categories as c
from hesim.calibration import runs as running
from hesim.calibration import scoring, stages
from hesim.calibration import targets as t
from hesim.calibration.assessment import verdict
from hesim.calibration.emulator import Emulator, forward, learn, scale_of
from hesim.calibration.fit import gauss_newton, maker
from hesim.calibration.intercepts import set_intercepts
from hesim.calibration.likelihood import (
    Block,
    Likelihood,
    blocks,
    shown_by,
    survey_covariance,
    whitening,
)
from hesim.calibration.looks import log_look
from hesim.calibration.observation import Observed, names, observe, observe_point
from hesim.calibration.parameters import Parameters
from hesim.calibration.parts import Runs
from hesim.calibration.plan import CalibrationPlan, read_calibration_plan
from hesim.calibration.posterior import Sampled, effective
from hesim.config import ConfigErrors, Settings
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.registry import headline
from hesim.scenario import compose
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables, read

pytestmark = pytest.mark.once


def sampled(points: np.ndarray) -> Sampled:
    """Draws without chains, in place of those that a sampler makes."""
    size = points.shape[-1]
    return Sampled(points, np.ones(size), 0.5, np.empty((0, 0, size)), np.empty((0, 0)))


def test_cells_are_counted_and_what_is_left_out_is_named(tables: ReportTables) -> None:
    listed = t.contrasts(tables)
    assert len(listed) == 56  # 58 items were asked of both groups, two are garbled
    significant = 0
    for x in listed:
        p = x.pooled
        spread = np.sqrt(max(p * (1 - p), 1e-9) * (1 / x.n[0] + 1 / x.n[1]))
        significant += abs(x.shares[0] - x.shares[1]) > 1.96 * spread
    assert significant == 24
    cells = [x for x in tables.cells if x.table in ("3.2", "3.3", "3.4")]
    assert sum(x.percent is not None for x in cells) == 146
    assert {t.cell_class(x) for x in cells} == {"input", "derived"}
    left_out = t.exclusions(tables)
    assert len(left_out["its column sums to 105 in the source"]) == 3
    assert ("3.5", "working_conditions", "flexible_hours", "wo_out") in left_out[
        "garbled in the source"
    ]
    assert {t.cell_class(x) for x in tables.cells if x.table == "3.1"} == {"held_out"}


def test_a_blind_fit_compares_nothing_that_is_held_out(tables: ReportTables) -> None:
    plan = read_calibration_plan(["name=blind"])
    outcomes = {k: tuple(v) for k, v in plan.values["outcomes"].items()}
    listed = blocks(tables, outcomes, blind=True)  # type: ignore[arg-type]
    used = {n for b in listed for n in (*b.plus, *b.minus)}
    assert not any(n.startswith("3.1") for n in used)
    assert not used & {"outcome|wo_to_hbo", "outcome|hbo_to_wo", "outcome|hbo_phd_from_wo"}
    seen = blocks(tables, outcomes, blind=False)  # type: ignore[arg-type]
    more = {n for b in seen for n in b.plus}
    assert sum(n.startswith("3.1") for n in more) == 35
    assert "|".join(t.NOT_REPRODUCIBLE) not in more


def test_at_most_twenty_parameters_each_with_settings_that_exist() -> None:
    plan = read_calibration_plan()
    assert plan.parameters.size <= 20
    with pytest.raises(ValueError, match="at most 20"):
        Parameters({f"p{k}": {"prior": [0, 1], "bounds": [-1, 1]} for k in range(21)})
    rng = np.random.default_rng(0)
    low, high = np.maximum(plan.parameters.low, -4), np.minimum(plan.parameters.high, 4)
    for point in (low, high, rng.uniform(low, high)):
        found = plan.parameters.paths(point, plan.base)
        settings = compose(["calibration=none"], extra=found)
        assert all(settings[path] == pytest.approx(value) for path, value in found.items())
        back = plan.parameters.standard(plan.parameters.natural(point))
        np.testing.assert_allclose(back, point, atol=1e-9)


def test_bad_plans_say_everything_at_once() -> None:
    with pytest.raises(ConfigErrors) as caught:
        read_calibration_plan(["stage=fits", "desing=3", "scale=7", "workers=0"])
    words = str(caught.value)
    assert "did you mean fit?" in words and "did you mean design?" in words
    assert "scale" in words and "workers" in words


def test_intercepts_give_the_pooled_level_and_leave_the_groups_apart(
    tables: ReportTables,
) -> None:
    tilted = {
        "model.push.tilt.hbo.organisation": 3.0,
        "model.push.tilt.wo.organisation": -3.0,
        "survey.push_scale": 2.0,
    }
    settings = compose(
        ["calibration=none", "population.scale=0.05", "years=2", "burn_in=3"], extra=tilted
    )
    model = HigherEducation(settings, tables, 0)
    for _ in range(27):
        model.step()
    movers = sort_movers(model)
    found = set_intercepts(model, movers, movers.month >= 0)
    for x in t.contrasts(tables):
        shown = [found.agreement[key] for key in x.keys]
        assert np.average(shown, weights=x.n) == pytest.approx(x.pooled, abs=2e-3)
    bureaucratic = next(x for x in t.contrasts(tables) if x.item == "too_bureaucratic")
    hbo, wo = (found.agreement[key] for key in bureaucratic.keys)
    assert hbo > wo + 0.1


def test_a_run_shows_every_output_once(finished: HigherEducation, tables: ReportTables) -> None:
    shown, order = observe(finished), names(tables)
    assert len(set(order)) == len(order) == shown.values.size
    by_name = dict(zip(order, shown.values, strict=True))
    for flow in t.FLOWS:
        assert sum(by_name[f"{flow}|{s}"] for s in t.SECTORS) == pytest.approx(1.0)
    ages = [by_name["|".join(("3.2", "age", band, "hbo_in"))] for band in c.AGE_BANDS]
    assert sum(ages) == pytest.approx(1.0)
    assert shown.answers.shape[1] == len(t.contrasts(tables))
    # Nobody is asked for reasons both to come and to leave in one question.
    assert not shown.answers[0][:25, 25:].any() and not shown.answers[2][:25, :25].any()


def test_covariance_is_that_of_surveys_that_are_really_drawn(tables: ReportTables) -> None:
    listed = blocks(tables, {})
    ages = next(b for b in listed if b.name == "3.2 age wo_out")
    p = np.array([0.1, 0.6, 0.2, 0.1])
    shares = dict(zip(ages.plus, p, strict=True))
    drawn = np.random.default_rng(1).multinomial(ages.n[0], p, 40_000) / ages.n[0]
    expected = survey_covariance(ages, shares, np.zeros((4, 56, 56)))
    np.testing.assert_allclose(np.cov(drawn.T), expected, atol=3e-5)


def test_a_covariance_with_a_negative_direction_still_whitens() -> None:
    p = np.array([0.7, 0.5])  # emulated apart, so their sum may exceed 1
    covariance = (np.diag(p) - np.outer(p, p)) / 100 + 1e-6 * np.eye(2)
    assert np.linalg.eigvalsh(covariance).min() < 0
    root = whitening(covariance, 1e-6)
    values = np.linalg.eigvalsh(np.linalg.inv(root.T @ root))
    assert values.min() == pytest.approx(1e-6)
    assert values.max() == pytest.approx(np.linalg.eigvalsh(covariance).max())


def test_staff_and_leavers_without_a_job_are_counted_anew(
    finished: HigherEducation, tables: ReportTables
) -> None:
    shown = dict(zip(names(tables), observe(finished).values, strict=True))
    e, years = finished.employers, finished.settings.integer("years")
    target = e.target.reshape(e.sector.size, -1).sum(axis=1)
    p = finished.persons
    now = np.bincount(p.employer[(p.present == 1) & (p.employer >= 0)], minlength=e.sector.size)
    for name, code in (("heads_wo", c.WO), ("heads_hbo", c.HBO)):
        mine = e.sector == code
        last = 100 * now[mine].sum() / target[mine].sum()
        assert shown[f"outcome|{name}"] == pytest.approx(last, abs=3)
    # Who left in the last half year cannot yet be without a job for half a year.
    movers, ledger = sort_movers(finished), finished.ledger
    late = (ledger.m_left >= 12 * years - 6) & (ledger.m_left < 12 * years)
    before = headline(finished, movers, years)["wo_jobless_6m"]
    ledger.m_joined[late], kept = ledger.m_left[late], ledger.m_joined[late].copy()
    after = headline(finished, movers, years)["wo_jobless_6m"]
    ledger.m_joined[late] = kept
    assert late.any() and np.array_equal(before, after)


def test_the_emulator_finds_bends_and_the_fit_finds_the_point(tables: ReportTables) -> None:
    rng = np.random.default_rng(3)
    plan = read_calibration_plan()
    size = plan.parameters.size
    listed = [b for b in blocks(tables, {}) if b.kind == "contrast"][:1]
    order = tuple(dict.fromkeys([*listed[0].plus, *listed[0].minus]))
    slopes = rng.normal(size=(size, len(order))) * 0.4

    def truth(points: np.ndarray) -> np.ndarray:
        odds = points @ slopes - 0.5 + 0.2 * points[..., :1] * points[..., 1:2]
        return 1 / (1 + np.exp(-odds))

    points = rng.normal(size=(400, size))
    emulator = learn(order, points, truth(points))
    fresh = rng.normal(size=(50, size))
    assert np.abs(emulator(fresh) - truth(fresh)).max() < 0.05
    answers = np.zeros((4, 56, 56))
    for place in range(4):
        np.fill_diagonal(answers[place], 0.2)
    wanted = 0.5 * rng.normal(size=size)
    shown = truth(wanted)
    at = {name: k for k, name in enumerate(order)}
    aim = np.array(
        [shown[at[a]] - shown[at[b]] for a, b in zip(listed[0].plus, listed[0].minus, strict=True)]
    )
    block = replace(listed[0], aim=aim, n=(1e6, 1e6))
    discrepancy = {"contrast": 0.01, "derived": 1.0, "origin": 1.0}
    fitted = gauss_newton(maker(plan.parameters, emulator, [block], answers, discrepancy), 1)
    # 25 contrasts without noise: what they determine is found.
    gap = fitted.likelihood.residuals(fitted.point)
    assert np.abs(gap).max() < 1.0
    assert np.corrcoef(fitted.point, wanted)[0, 1] > 0.8


def _bent(points: np.ndarray) -> np.ndarray:
    """Two outputs on the plain scale: a wave that no quadratic follows, and a plane."""
    wave = 1.5 * np.sin(2.0 * points[..., 0]) + 0.5 * points[..., 1]
    plane = points[..., 1] - 0.5 * points[..., 2]
    return np.stack([wave, plane], axis=-1)


PAIR = ("outcome|wave", "outcome|plane")


def test_the_emulator_follows_what_no_quadratic_can() -> None:
    rng = np.random.default_rng(11)
    points, fresh = rng.normal(size=(300, 4)), rng.normal(size=(200, 4))
    noise = 0.1
    emulator = learn(PAIR, points, _bent(points) + noise * rng.normal(size=(300, 2)))
    gap = np.sqrt(((emulator(fresh) - _bent(fresh)) ** 2).mean(axis=0))
    first, second = np.triu_indices(4)

    def quadratic(some: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones(len(some)), some, some[:, first] * some[:, second]])

    fitted = np.linalg.lstsq(quadratic(points), _bent(points), rcond=None)[0]
    plain = np.sqrt(((quadratic(fresh) @ fitted - _bent(fresh)) ** 2).mean(axis=0))
    assert gap[0] < 0.3 * plain[0] and gap[1] < noise
    assert emulator.explained().min() > 0.9
    # Both errors that it states are right in size: of the mean, and of one run.
    mean = (emulator(fresh) - _bent(fresh)) / emulator.standard_errors(fresh)
    assert 0.7 < np.sqrt((mean**2).mean()) < 1.4
    run = _bent(fresh) + noise * rng.normal(size=(200, 2)) - emulator(fresh)
    assert 0.8 < np.sqrt(((run / emulator.standard_errors(fresh, one_run=True)) ** 2).mean()) < 1.25
    only = emulator.only(["outcome|plane"])
    np.testing.assert_allclose(only(fresh)[:, 0], emulator(fresh)[:, 1])
    np.testing.assert_allclose(
        only.standard_errors(fresh)[:, 0], emulator.standard_errors(fresh)[:, 1]
    )


def test_errors_of_runs_left_out_are_those_of_learning_without_them() -> None:
    rng = np.random.default_rng(12)
    points = rng.normal(size=(120, 3))
    values = np.exp(np.sin(points[:, :1]) + 6.0 + 0.2 * rng.normal(size=(120, 1)))
    names = ("outcome|wo_to_hbo",)
    emulator = learn(names, points, values)
    wrong = []
    for left in range(0, 120, 12):
        rows = np.delete(np.arange(120), left)
        said = learn(names, points[rows], values[rows])(points[left])
        wrong.append(forward(names, said)[0] - forward(names, values[left])[0])
    # Noise of 0.2, and a little of what 120 runs leave unknown.
    assert emulator.error[0] == pytest.approx(np.sqrt(np.mean(np.square(wrong))), rel=0.3)
    assert 0.18 < emulator.error[0] < 0.27
    assert np.sqrt(emulator.noise[0] * emulator.size[0]) == pytest.approx(0.2, rel=0.2)


def test_errors_are_larger_far_from_runs() -> None:
    rng = np.random.default_rng(13)
    points = rng.normal(size=(200, 4)) * 0.5
    emulator = learn(PAIR, points, _bent(points) + 0.1 * rng.normal(size=(200, 2)))
    near, far = np.zeros(4), np.full(4, 2.0)
    assert (emulator.standard_errors(far) > 3 * emulator.standard_errors(near)).all()
    assert (emulator.standard_errors(near) < 0.1).all()


def test_outputs_that_err_together_are_known_to() -> None:
    rng = np.random.default_rng(14)
    points = rng.normal(size=(200, 3))
    shared = 0.3 * rng.normal(size=(200, 1))
    noise = np.hstack([shared, -shared]) + 0.1 * rng.normal(size=(200, 2))
    emulator = learn(PAIR, points, _bent(points) + noise)
    assert emulator.related[0, 1] < -0.7
    apart = learn(PAIR, points, _bent(points) + 0.3 * rng.normal(size=(200, 2)))
    assert abs(apart.related[0, 1]) < 0.3


def test_shortfalls_and_flows_come_back_on_their_own_scale() -> None:
    names = ("outcome|heads_wo", "outcome|hbo_to_wo", "2.1|a|b|wo_in", "outcome|other")
    rng = np.random.default_rng(15)
    points = rng.normal(size=(150, 3))
    first = points[:, 0]
    values = np.column_stack(
        [100 - np.exp(0.5 * first), np.exp(4 + 0.3 * first), 1 / (1 + np.exp(-first)), first]
    )
    emulator = learn(names, points, values)
    np.testing.assert_allclose(emulator(points), values, rtol=0.02, atol=0.05)


TWO = Parameters({name: {"prior": [0.0, 1.0], "bounds": [-9, 9]} for name in ("a", "b")})
NOBODY = np.zeros((4, 56, 56))


def _short_and_flow() -> tuple[Emulator, list[Block]]:
    """Staff against its target and a flow: log-normal runs, learned from as a fit learns."""
    rng = np.random.default_rng(16)
    points = rng.normal(size=(400, 2))
    emulator = learn(("outcome|heads_wo", "outcome|hbo_to_wo"), points, _skewed(points, rng))
    return emulator, blocks(read(), {"heads_wo": (99.0, 0.2), "hbo_to_wo": (80.0, 12.0)})[-1:]


def _skewed(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    short = np.exp(0.8 * points[:, 0] + 0.6 * rng.normal(size=len(points)))
    flow = np.exp(4.0 + 0.3 * points[:, 1] + 0.2 * rng.normal(size=len(points)))
    return np.column_stack([100.0 - short, flow])


def test_residuals_of_skewed_figures_are_standard_normal_wherever_they_are_taken() -> None:
    emulator, listed = _short_and_flow()
    assert listed[0].aim[0] == pytest.approx(0.0) and listed[0].aim[1] == pytest.approx(np.log(80))
    assert listed[0].declared == pytest.approx((np.log(1.2 / 0.8) / 2, np.log(92 / 68) / 2))
    rng = np.random.default_rng(17)
    for point in (np.zeros(2), np.array([2.0, -1.0])):  # a shortfall of 1%, and of 5%
        # Covariances stay where they were fixed: what is right at one place is right at another.
        many = np.repeat(point[None], 20_000, axis=0)
        shown = _skewed(many, rng)
        aims = [shown_by(listed[0], dict(zip(emulator.names, s, strict=True))) for s in shown]
        aims = np.array(aims) + rng.normal(size=(20_000, 2)) * listed[0].declared
        told = [replace(listed[0], aim=np.zeros(2))]
        likelihood = Likelihood(TWO, emulator, told, NOBODY, {}, one_run=True)
        residuals = likelihood.residuals(point) + aims @ likelihood.root.T
        assert np.abs(residuals.mean(axis=0)).max() < 0.25
        assert np.abs(residuals.std(axis=0) - 1.0).max() < 0.12
        assert np.abs(((residuals - residuals.mean(axis=0)) ** 3).mean(axis=0)).max() < 0.15


def test_runs_and_predictions_are_whitened_alike() -> None:
    emulator, listed = _short_and_flow()
    likelihood = Likelihood(TWO, emulator, listed, NOBODY, {})
    points = np.random.default_rng(18).normal(size=(5, 2))
    np.testing.assert_allclose(
        likelihood.whiten(emulator(points)), likelihood.residuals(points), atol=1e-9
    )


def test_sums_of_whole_blocks_are_not_compared(
    finished: HigherEducation, tables: ReportTables
) -> None:
    listed = blocks(tables, {"heads_wo": (99.0, 0.2)}, blind=False)
    shown = dict(zip(names(tables), observe(finished).values, strict=True))
    shares = [b for b in listed if b.kind in ("derived", "origin")]
    # One block lists 8 of 9 origins, in one the report leaves staff without a degree out.
    in_full = {b.name for b in shares if not b.whole}
    assert in_full == {"3.1 sector hbo_in", "3.3 education_level hbo_out"}
    for block in shares:
        total = sum(shown[name] for name in block.plus)
        assert not block.whole or total == pytest.approx(1.0, abs=1e-9), block.name
    assert sum(shown[name] for b in shares if b.name in in_full for name in b.plus) < 3.0
    ages = next(b for b in listed if b.name == "3.2 age wo_out")
    rng = np.random.default_rng(21)
    points = rng.normal(size=(60, 2))
    odds = np.exp(0.3 * points @ rng.normal(size=(2, 4)))
    emulator = learn(tuple(ages.plus), points, odds / odds.sum(axis=1, keepdims=True))
    likelihood = Likelihood(TWO, emulator, [ages], NOBODY, {"derived": 0.05})
    values = emulator(points[:3])
    assert likelihood.whiten(values).shape == (3, 3)
    moved = values + np.array([0.01, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(likelihood.whiten(values + 0.01), likelihood.whiten(values))
    assert np.abs(likelihood.whiten(moved) - likelihood.whiten(values)).max() > 0.1


def test_two_rounds_are_run_even_where_one_leaves_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = read_calibration_plan(["name=blind", f"output={tmp_path}", "confirm=3", "refine=2"])
    found = stages.Work(plan, lambda words: None)
    size, names = plan.parameters.size, list[str]()

    def runs(count: int) -> Runs:
        empty = np.zeros((count, 0))
        return Runs(np.zeros((count, size)), empty, NOBODY, empty, empty)

    taken = list[object]()

    def run(
        plan: CalibrationPlan,
        stage: str,
        points: np.ndarray,
        *rest: object,
        changed: dict[str, float],
    ) -> Runs:
        names.append(stage)
        taken.append(changed)
        return runs(len(points))

    class Stub:
        likelihood = None

    inputs = {"model.inputs.posts.hbo": 1.5}
    found.__dict__.update(known=runs(4), refined=runs(6), first=(Stub(), None), inputs=inputs)
    monkeypatch.setattr(stages, "run_points", run)
    monkeypatch.setattr(stages.Work, "joined", lambda self, before, more, emulator: before + more)
    monkeypatch.setattr(stages.Work, "draw", lambda *given: sampled(np.zeros((3, size))))
    monkeypatch.setattr(stages.Work, "fit", lambda *given: (Stub(), None))
    monkeypatch.setattr(stages.after, "weigh", lambda rounds, last: np.full(3 * len(rounds), 1.0))
    monkeypatch.setattr(stages.after, "effective", lambda share: 1e6)
    assert found.confirmed.weights.size == 6
    assert names == ["blind_confirm", "blind_confirm_2"]
    # Draws live in the world of the point: they take its inputs.
    assert taken == [inputs, inputs]


def test_inputs_are_solved_at_the_best_point_before_draws_near_it_are_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = read_calibration_plan(["name=blind", f"output={tmp_path}", "refine=2"])
    work = stages.Work(plan, lambda words: None)
    size, names = plan.parameters.size, work.names
    rng = np.random.default_rng(5)

    def shown(points: np.ndarray, more: float) -> np.ndarray:
        odds = 0.3 * points[:, :1] - 1.0 + more
        wide = np.repeat(odds, len(names), axis=1)
        return np.where(wide < 50, 1 / (1 + np.exp(-wide)), 1.0)

    def runs(points: np.ndarray, more: float) -> Runs:
        empty = np.zeros((len(points), 0))
        return Runs(points, shown(points, more), NOBODY, empty, empty)

    class Best:
        point = np.full(size, 0.1)

    wide, near = rng.normal(size=(120, size)), 0.2 * rng.normal(size=(40, size))
    solved, asked = list[tuple[str, float, object]](), list[object]()

    def solve(plan: object, stage: str, point: np.ndarray, *rest: object) -> dict[str, float]:
        solved.append((stage, float(point[0]), rest[-1]))
        return {"model.inputs.posts.hbo": 1.0 + len(solved)}

    def run(plan: object, stage: str, *rest: object, changed: dict[str, float]) -> Runs:
        asked.append(changed)
        return runs(near, 0.7)

    emulator = learn(tuple(names), wide, shown(wide, 0.0))
    work.__dict__.update(known=runs(wide, 0.0), start=(Best(), emulator))
    monkeypatch.setattr(stages, "solve", solve)
    monkeypatch.setattr(stages, "run_points", run)
    monkeypatch.setattr(stages.Work, "draw", lambda *given: sampled(near))
    refined = work.refined
    first = {"model.inputs.posts.hbo": 2.0}
    assert asked == [first]
    # What is known is moved to where it would lie with these inputs.
    shares = [k for k, name in enumerate(names) if scale_of(name) == "logit"]
    np.testing.assert_allclose(refined.values[:120, shares], shown(wide, 0.7)[:, shares], atol=0.01)
    np.testing.assert_array_equal(refined.values[120:], shown(near, 0.7))
    work.__dict__.update(first=(Best(), None))
    assert work.inputs == {"model.inputs.posts.hbo": 3.0}
    assert [stage for stage, _, _ in solved] == ["blind_first_inputs", "blind_inputs"]
    # The second time they go on from the first.
    assert solved[1][2] == first


def _fake(tables: ReportTables, shares: dict[str, np.ndarray]) -> ReportTables:
    sectors = list(t.SECTORS)
    cells = tuple(
        replace(x, percent=100 * float(shares[x.group][sectors.index(x.item)]))
        if x.table == "3.1"
        else x
        for x in tables.cells
    )
    return replace(tables, cells=cells)


def test_a_true_forecast_beats_all_rivals_and_a_wrong_one_does_not(tables: ReportTables) -> None:
    rng = np.random.default_rng(5)
    shares = {g: rng.dirichlet(np.full(9, 0.7)) for g in c.MOVER_GROUPS}
    fake, order = _fake(tables, shares), names(tables)
    at = {name: k for k, name in enumerate(order)}
    draws = np.full((3, len(order)), 1 / 9)
    for group, share in shares.items():
        for sector, value in zip(t.SECTORS, share, strict=True):
            draws[:, at["|".join(("3.1", "sector", sector, group))]] = value
    good = scoring.score_origins(fake, order, draws)
    assert all(gain.low > 0 for gain in good.gains)
    for group in c.MOVER_GROUPS:
        for sector in t.SECTORS:
            draws[:, at["|".join(("3.1", "sector", sector, group))]] = 1 / 9
    bad = scoring.score_origins(fake, order, draws)
    pooled = next(gain for gain in bad.gains if gain.rival == "pooled over groups")
    assert pooled.high < 0 and bad.score < good.score


def test_flows_are_inside_only_where_they_are(tables: ReportTables) -> None:
    given = [float(x.wo_to_hbo_teaching) for x in tables.flows_1_1]
    around = np.array(given)[None, None, :] * np.ones((5, 2, 1))
    around[:, 1] *= 100
    first, second = scoring.score_flows(tables, around)
    assert first.inside and not second.inside


def test_verdicts_know_overfitting() -> None:
    bands = {1.0: (0.93, 0.98), 1.5: (0.86, 0.94)}
    assert "1 or 1.5" in verdict(0.935, bands)
    assert "overfitted" in verdict(1.0, bands)
    assert "less than a true model" in verdict(0.5, bands)


def test_effective_size_of_equal_weights_is_their_number() -> None:
    assert effective(np.full(50, 0.02)) == pytest.approx(50)
    assert effective(np.array([1.0, 0.0, 0.0])) == pytest.approx(1)


def test_a_look_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "looks.csv"
    log.write_text("date,commit,table,by,why\n", encoding="utf-8")
    assert log_look("3.1", "a test", "commas, too", file=log) == log
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and lines[1].endswith('3.1,a test,"commas, too"')


def test_a_stopped_calibration_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = read_calibration_plan(
        ["engine=serial", f"output={tmp_path}", "scale=0.02", "years=1", "burn_in=1"]
    )
    monkeypatch.setattr(running, "PART", 1)
    points = np.zeros((2, plan.parameters.size))
    said: list[str] = []
    first = running.run_points(plan, "some", points, 0, said.append)
    (tmp_path / "some" / "part_00001.npz").unlink()
    simulated: list[int] = []

    def counted(settings: Settings, tables: ReportTables, number: int) -> Observed:
        simulated.append(number)
        return observe_point(settings, tables, number)

    monkeypatch.setattr(running, "observe_point", counted)
    again = running.run_points(plan, "some", points, 0, said.append)
    assert simulated == [1]
    np.testing.assert_array_equal(first.values, again.values)
    assert not np.array_equal(first.values[0], first.values[1]), "seeds differ between points"
    with pytest.raises(FileExistsError):
        running.run_points(plan, "some", points + 0.1, 0, said.append)

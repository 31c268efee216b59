"""With which parameters effects go over the draws of a calibration."""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np
import pytest

from hesim.study.answers.draw_ranks import LEAST_DRAWS, draw_ranks, rank_interval
from hesim.study.answers.effects import ArmValues

COST, FAMILIARITY = "model.choice.sector_cost", "model.search.familiarity_level"


class Fetched(list[tuple[int, str]]):
    """Rows of an answer."""

    def fetchall(self) -> list[tuple[int, str]]:
        """All of them."""
        return list(self)


class Draws:
    """A study of which only the settings of each draw are known."""

    def __init__(self, values: list[dict[str, float]]) -> None:
        self.rows = Fetched((k, json.dumps(each)) for k, each in enumerate(values))

    def connect(self) -> Any:
        """Itself."""
        return self

    def execute(self, _: str) -> Fetched:
        """Whatever is asked: the draws."""
        return self.rows


def draws(count: int) -> tuple[Draws, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    cost, known = rng.uniform(0, 4, count), rng.uniform(0, 4, count)
    values = [
        {
            "structure": "standing",
            COST: a,
            "model.choice.scale.hbo": 2.0,
            FAMILIARITY: b,
            "model.other.way_up": 10.0 * a,
            "model.other.way_down": -a,
            "survey.pull_scale": float(k),
        }
        for k, (a, b) in enumerate(zip(cost.tolist(), known.tolist(), strict=True))
    ]
    return Draws(values), cost, known


def table_of(effect: np.ndarray) -> ArmValues:
    return ArmValues([(0, k) for k in range(effect.size)], np.stack([effect, effect], axis=1))


def test_an_effect_is_told_to_go_with_what_makes_it() -> None:
    study, cost, _ = draws(30)
    differences = {
        ("single_cao", "central"): table_of(np.exp(cost)),
        ("single_cao", "other=1"): table_of(-cost),
    }
    found = draw_ranks(cast(Any, study), differences)
    assert found is not None
    # What does not vary, answers alone, and what goes with an earlier one up or down are left out.
    assert set(found["parameter"]) == {COST, FAMILIARITY}
    first, second = found.to_dict("records")
    assert first["parameter"] == COST and first["correlation"] == pytest.approx(1.0)
    assert first["told"] and not second["told"]
    assert second["low"] < 0 < second["high"] and first["draws"] == 30


def test_few_draws_or_equal_effects_tell_nothing() -> None:
    study, cost, _ = draws(LEAST_DRAWS - 1)
    assert draw_ranks(cast(Any, study), {("a", "central"): table_of(cost)}) is None
    study, cost, _ = draws(30)
    assert draw_ranks(cast(Any, study), {("a", "central"): table_of(0.0 * cost)}) is None


def test_runs_that_are_missing_are_left_out() -> None:
    study, cost, _ = draws(30)
    effect = table_of(cost.copy())
    effect.values[3] = np.nan
    effect.values[4, 1] = np.nan
    found = draw_ranks(cast(Any, study), {("a", "central"): effect})
    assert found is not None and found.iloc[0]["draws"] == 29
    assert found.iloc[0]["correlation"] == pytest.approx(1.0)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    from scipy.stats import multivariate_normal, spearmanr

    rho, count, times = 0.5, 40, 400
    truth = 6.0 / np.pi * np.arcsin(rho / 2.0)
    pairs = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).rvs(
        (times, count), random_state=np.random.default_rng(2)
    )
    inside = 0
    for each in pairs:
        low, high = rank_interval(float(spearmanr(each).statistic), count, 0.05)
        inside += low <= truth <= high
    assert 0.92 <= inside / times <= 0.98

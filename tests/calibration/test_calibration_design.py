"""Points that are run: spread over the prior to learn from, drawn from it to be recovered."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from hesim.calibration import plan as plan_module
from hesim.calibration.design import FIRST, drawn, spread
from hesim.calibration.parameters import Parameters
from hesim.calibration.plan import read_calibration_plan

pytestmark = pytest.mark.once

SEED = 20140


def _parameters() -> Parameters:
    return read_calibration_plan().parameters


def test_both_follow_the_prior_inside_its_bounds() -> None:
    from scipy.stats import truncnorm

    parameters = _parameters()
    low, high = parameters.low, parameters.high
    mean, deviation = truncnorm.mean(low, high), truncnorm.std(low, high)
    for points, far in ((spread(parameters, 512, SEED), 0.02), (drawn(parameters, 20_000, 1), 4.0)):
        assert ((points >= low) & (points <= high)).all()
        off = np.abs(points.mean(axis=0) - mean)
        assert (off < (far if far < 1 else far * deviation / np.sqrt(20_000))).all()
        assert np.abs(points.std(axis=0) / deviation - 1.0).max() < 0.05


def test_a_longer_design_goes_on_where_a_shorter_one_ended() -> None:
    parameters = _parameters()
    np.testing.assert_array_equal(
        spread(parameters, 300, SEED)[:100], spread(parameters, 100, SEED)
    )


def test_few_truths_are_a_sample_of_the_prior_and_part_of_a_sequence_is_none() -> None:
    """Means of 24 scatter as they should; those of every twelfth point of a sequence lie apart."""
    parameters = _parameters()

    def worst(points: np.ndarray) -> float:
        return float(np.abs(points.std(axis=0) - 1.0).max())

    many = [worst(drawn(parameters, 24, seed)) for seed in range(200)]
    assert worst(spread(parameters, 288, SEED)[::12]) > np.quantile(many, 0.99)
    mine = drawn(
        parameters,
        read_calibration_plan().count("recovery"),
        read_calibration_plan().count("seed") + 8,
    )
    assert worst(mine) < np.quantile(many, 0.99)


def test_no_two_stages_share_random_numbers() -> None:
    # Confirmation takes a thousand numbers a round, production's stages lie an offset further.
    first = sorted(FIRST.values())
    assert min(b - a for a, b in pairwise(first)) >= 10_000


def test_runs_of_other_code_are_runs_of_another_calibration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = read_calibration_plan(["name=blind"]).fingerprint()
    assert read_calibration_plan(["name=blind"]).fingerprint() == before
    real = plan_module.source_hashes("calibration/observation.py")
    assert "model/choice.py" in real and "calibration/observation.py" in real
    other = {**real, "model/choice.py": "other"}
    monkeypatch.setattr(plan_module, "source_hashes", lambda *further: other)
    assert read_calibration_plan(["name=blind"]).fingerprint() != before

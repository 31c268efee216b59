"""What it is worth to learn something before one chooses, against cases with a known answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from hesim.study.answers.information import LEAST_WORLDS, fitted, partial, perfect

WORLDS = 3000


def gain_of_normal(mean: float, sd: float) -> float:
    """What it brings to know a normal effect before doing it: E max(0, x) - max(0, mean)."""
    z = mean / sd
    return float(mean * norm.cdf(z) + sd * norm.pdf(z) - max(mean, 0.0))


def choices(effect: np.ndarray) -> np.ndarray:
    """Doing nothing, and an arm."""
    return np.stack([np.zeros_like(effect), effect], axis=1)


@pytest.mark.parametrize(("mean", "slope", "noise"), [(0.0, 1.0, 1.0), (0.5, 2.0, 1.0), (-1, 1, 3)])
def test_a_straight_effect_of_a_normal_parameter_has_the_known_value(
    mean: float, slope: float, noise: float
) -> None:
    rng = np.random.default_rng(1)
    known = rng.normal(size=WORLDS)
    effect = mean + slope * known + noise * rng.normal(size=WORLDS)
    found = partial(choices(effect), known[:, None])
    assert found.value == pytest.approx(gain_of_normal(mean, abs(slope)), abs=0.05)
    assert found.error < 0.1
    # All there is to know: the noise too.
    whole = gain_of_normal(mean, float(np.hypot(slope, noise)))
    assert perfect(choices(effect)) == pytest.approx(whole, abs=0.1)


def test_a_bent_effect_is_followed() -> None:
    rng = np.random.default_rng(2)
    known = rng.uniform(-2, 2, WORLDS)
    bent = known**2 - 4.0 / 3.0
    found = partial(choices(bent + rng.normal(size=WORLDS)), known[:, None])
    # A straight line would see nothing.
    truth = float(np.maximum(bent, 0.0).mean() - max(bent.mean(), 0.0))
    assert truth > 0.45 and found.value == pytest.approx(truth, abs=0.03)
    assert found.changes > 0.3


def test_what_says_nothing_is_worth_nothing() -> None:
    rng = np.random.default_rng(3)
    worth = [
        partial(choices(rng.normal(size=60)), rng.normal(size=(60, 1))).value for _ in range(40)
    ]
    assert np.mean(worth) < 0.05
    constant = partial(choices(rng.normal(size=60)), np.ones((60, 1)))
    assert constant.value == 0.0 and constant.changes == 0.0


def test_two_parameters_are_worth_what_their_sum_is() -> None:
    rng = np.random.default_rng(4)
    known = rng.normal(size=(WORLDS, 2))
    effect = known @ np.array([1.0, 2.0]) + rng.normal(size=WORLDS)
    both = partial(choices(effect), known)
    assert both.value == pytest.approx(gain_of_normal(0.0, 5**0.5), rel=0.05)
    one = partial(choices(effect), known[:, :1])
    sample = float(np.maximum(known[:, 0], 0.0).mean() - max(known[:, 0].mean(), 0.0))
    assert one.value == pytest.approx(sample, abs=0.06)
    assert one.value < both.value < perfect(choices(effect))


def test_a_survey_tells_less_than_knowing_and_more_the_larger_it_is() -> None:
    """Normal data about a normal parameter shrink its spread by a known factor."""
    rng = np.random.default_rng(5)
    known = rng.normal(size=WORLDS)
    effect = known + rng.normal(size=WORLDS)
    values = []
    for size in (1, 10, 100):
        answer = known + rng.normal(size=WORLDS) / np.sqrt(size)
        values.append(partial(choices(effect), answer[:, None]).value)
        # The expected parameter given the answer has sd sqrt(size / (1 + size)).
        assert values[-1] == pytest.approx(
            gain_of_normal(0.0, (size / (1 + size)) ** 0.5), abs=0.04
        )
    assert values == sorted(values)


def test_the_choice_between_arms_counts_and_no_common_noise() -> None:
    rng = np.random.default_rng(6)
    known, common = rng.normal(size=(2, WORLDS))
    first, second = 5 * common + known, 5 * common - known
    found = partial(np.stack([first, second], axis=1), known[:, None])
    # They differ by 2 known: E max(known, -known) = E |known|.
    assert found.value == pytest.approx((2 / np.pi) ** 0.5, rel=0.05)
    assert found.changes == pytest.approx(0.5, abs=0.1)


def test_few_worlds_are_refused_and_few_values_have_a_mean_each() -> None:
    few = LEAST_WORLDS - 1
    with pytest.raises(ValueError, match="too few for a curve"):
        partial(np.zeros((few, 2)), np.zeros((few, 1)))
    rng = np.random.default_rng(7)
    group = rng.integers(0, 2, WORLDS).astype(float)
    effect = np.where(group > 0, 1.0, -1.0) + rng.normal(size=WORLDS)
    curve = fitted(effect[:, None], group[:, None])[:, 0]
    assert curve[group > 0] == pytest.approx(1.0, abs=0.1)
    assert curve[group == 0] == pytest.approx(-1.0, abs=0.1)

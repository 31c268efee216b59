"""What it is worth to learn something before one chooses, against cases with a known answer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from hesim.study.answers.curves import fit_curves, folds
from hesim.study.answers.information import LEAST_WORLDS, partial, perfect

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
    curve = fit_curves(effect[:, None], group[:, None]).at(group[:, None])[:, 0]
    assert curve[group > 0] == pytest.approx(1.0, abs=0.1)
    assert curve[group == 0] == pytest.approx(-1.0, abs=0.1)


def test_the_published_example_of_voi_is_found_again() -> None:
    """The R package voi, vignette "package overview": p1 of N(1, 1), p2 of N(0, 2), y = p1 - p2.

    Figures as published there for 10,000 samples (`evppi`, by generalised additive models):
    0.0821 for p1 with a standard error of 0.007, 0.3903 for p2 and 0.4760 for both; exactly 0.4798
    for all. At a willingness to pay of 2 and 3, p1 is worth 0.1705 and 0.2590.
    """
    rng = np.random.default_rng(9)
    # Spread evenly, so that a third of the sample is as exact.
    shares = (np.arange(WORLDS) + 0.5) / WORLDS
    p1 = norm.ppf(rng.permutation(shares), 1.0, 1.0)
    p2 = norm.ppf(rng.permutation(shares), 0.0, 2.0)
    both = np.stack([p1, p2], axis=1)
    outputs = choices(p1 - p2)
    assert partial(outputs, p1[:, None]).value == pytest.approx(0.0821, abs=0.014)
    assert partial(outputs, p2[:, None]).value == pytest.approx(0.3903, abs=0.014)
    assert partial(outputs, both).value == pytest.approx(0.4760, abs=0.014)
    assert perfect(outputs) == pytest.approx(0.4798, abs=0.014)
    for pay, published in ((2, 0.1705), (3, 0.2590)):
        found = partial(choices(pay * p1 - p2), p1[:, None])
        assert found.value == pytest.approx(published, abs=0.014 * pay)
    # Their survey of n people, with a standard deviation of 1: towards p1's worth as n grows.
    for size in (10, 1000):
        answer = p1 + rng.normal(size=WORLDS) / np.sqrt(size)
        truth = gain_of_normal(1.0, (size / (1.0 + size)) ** 0.5)
        assert partial(outputs, answer[:, None]).value == pytest.approx(truth, abs=0.02)


def test_noise_of_few_replications_looks_like_knowledge_to_no_curve() -> None:
    rng = np.random.default_rng(10)
    worlds = 80
    known = rng.normal(size=worlds)
    truth = np.stack([known, -known], axis=1)
    exact = partial(truth, known[:, None]).value
    few, many = (truth + 3.0 * rng.normal(size=(worlds, 2, size)).mean(axis=2) for size in (1, 100))
    # With one replication the best of each world is mostly luck.
    assert perfect(few) > 2.0 * exact and perfect(many) < 1.2 * exact
    assert partial(few, known[:, None]).value < 1.3 * exact
    assert partial(many, known[:, None]).value == pytest.approx(exact, rel=0.15)


def test_many_parameters_that_say_nothing_are_worth_nothing_together() -> None:
    """Worlds come in pairs of one draw, whose other parameters make the effects differ."""
    told, values = 0, []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        draws = 30
        known = np.tile(rng.normal(size=(draws, 10)), (2, 1))
        of_draw = np.tile(rng.normal(size=(draws, 2)), (2, 1))
        effects = np.hstack([np.zeros((2 * draws, 1)), of_draw + rng.normal(size=(2 * draws, 2))])
        found = partial(effects, known, np.tile(np.arange(draws), 2))
        told += found.is_told
        values.append(found.value)
    assert told == 0 and np.mean(values) < 0.1


def test_worlds_of_a_group_are_left_out_together() -> None:
    groups = np.repeat(np.arange(12), 2)
    for along in (None, np.repeat(np.random.default_rng(11).normal(size=12), 2)):
        parts = folds(groups, along)
        assert (parts[::2] == parts[1::2]).all() and set(parts) == set(range(5))


def test_luck_that_worlds_of_a_draw_share_is_not_taken_for_knowledge() -> None:
    """Ten worlds of a draw have the same luck: left out one by one, they would foretell it."""
    values, draws = [], np.repeat(np.arange(15), 10)
    for seed in range(60):
        known, luck = np.random.default_rng(seed).normal(size=(2, 15))[:, draws]
        values.append(partial(np.stack([luck, 0 * luck], axis=1), known[:, None], draws).value)
    # To know all would be worth 0.4; left out one by one, what says nothing comes to 0.026.
    assert np.mean(values) < 0.008

"""What is believed of dials: distributions with the quantiles that their files say."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from hesim.levers.catalogue import catalogue
from hesim.levers.prior import SHAPES, Prior, read_prior

DRAWN = [
    (lever.key, dial.name, dial.prior)
    for lever in catalogue()
    for dial in lever.dials
    if dial.prior.is_drawn
]


def test_every_dial_has_a_prior_that_holds_its_default() -> None:
    for lever in catalogue():
        for dial in lever.dials:
            assert dial.prior.reason.endswith("."), (lever.key, dial.name)
            if dial.prior.is_drawn:
                low, high = dial.prior.at(0.001), dial.prior.at(0.999)
                assert low <= dial.default <= high, (lever.key, dial.name)


@pytest.mark.parametrize(("lever", "dial", "prior"), DRAWN)
def test_a_prior_stays_inside_its_dial(lever: str, dial: str, prior: Prior) -> None:
    values = [prior.at(share) for share in np.linspace(0.0, 1.0, 41).tolist()]
    assert all(a <= b for a, b in pairwise(values)), (lever, dial)
    assert prior.least <= values[0] and values[-1] <= prior.most


@pytest.mark.parametrize("shape", ["lognormal", "normal", "beta"])
def test_low_and_high_are_the_5_and_95_percent_points(shape: str) -> None:
    prior = Prior(shape, "because.", low=0.05, high=0.4)
    assert prior.at(0.05) == pytest.approx(0.05, rel=1e-6)
    assert prior.at(0.95) == pytest.approx(0.4, rel=1e-6)


@given(
    low=st.floats(0.001, 0.9),
    width=st.floats(0.05, 0.95),
)
def test_a_beta_goes_through_both_points(low: float, width: float) -> None:
    high = low + width * (0.995 - low)
    prior = Prior("beta", "because.", low=low, high=high)
    assert prior.at(0.05) == pytest.approx(low, abs=1e-3)
    assert prior.at(0.95) == pytest.approx(high, abs=1e-3)


def test_triangle_and_even_spread_end_at_low_and_high() -> None:
    triangle = Prior("triangular", "because.", low=0.0, mode=0.0, high=4.0)
    assert [triangle.at(0.0), triangle.at(0.75), triangle.at(1.0)] == pytest.approx([0, 2, 4])
    even = Prior("uniform", "because.", low=-1.0, high=3.0)
    assert [even.at(0.0), even.at(0.5), even.at(1.0)] == pytest.approx([-1, 1, 3])


def test_what_lies_outside_of_the_dial_is_cut_off() -> None:
    prior = Prior("normal", "because.", low=-1.0, high=1.0, least=0.0, most=0.5)
    assert prior.at(0.0) == 0.0 and prior.at(1.0) == pytest.approx(0.5)
    # Half of what is left of a bell between its middle and 0.5 lies below this.
    z = 0.5 / (1.0 / 1.6448536269514722)
    half = 0.5 * (math.erf(z / math.sqrt(2.0)) / 2.0)
    below = 0.5 + half
    assert prior.at(0.5) == pytest.approx(float(norm.ppf(below)) / 1.6448536269514722)


def test_a_fixed_dial_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="no distribution"):
        Prior("fixed", "because.").at(0.5)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (7, "must be a mapping"),
        ({"shape": "round", "reason": "x."}, "must be one of lognormal"),
        ({"shape": "fixed"}, "reason is missing"),
        ({"shape": "fixed", "reason": "x.", "low": 1}, "fixed has no low"),
        ({"shape": "normal", "reason": "x.", "low": 1}, "prior.high: None must be a number"),
        ({"shape": "normal", "reason": "x.", "low": 1, "high": math.inf}, "finite"),
        ({"shape": "normal", "reason": "x.", "low": 2, "high": 1}, "must be below"),
        ({"shape": "lognormal", "reason": "x.", "low": 0, "high": 1}, "above 0"),
        ({"shape": "beta", "reason": "x.", "low": 0.1, "high": 1}, "between 0 and 1"),
        ({"shape": "uniform", "reason": "x.", "low": 6, "high": 9}, "outside of the dial's range"),
        (
            {"shape": "triangular", "reason": "x.", "low": 1, "mode": 5, "high": 4},
            "prior.mode, 5, must be from 1 to 4",
        ),
    ],
)
def test_a_bad_prior_is_refused_in_words(entry: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_prior(entry, 1.0, 0.0, 5.0)


def test_a_dial_of_ones_own_without_a_prior_may_be_anywhere_in_its_range() -> None:
    prior = read_prior(None, 1.0, 0.0, 5.0)
    assert (prior.at(0.0), prior.at(0.2), prior.at(1.0)) == pytest.approx((0.0, 1.0, 5.0))
    assert not read_prior(None, 0.0, 0.0, 0.0).is_drawn


def test_every_shape_is_used_or_known() -> None:
    assert {prior.shape for *_, prior in DRAWN} <= set(SHAPES)

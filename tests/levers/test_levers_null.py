"""A lever of strength zero, or dated after the horizon, is the baseline exactly, in every table."""

from __future__ import annotations

import pytest
from lever_worlds import KEYS, baseline, results, same, without_strength

pytestmark = pytest.mark.once

MIXTURE = ("single_cao", "meet_and_greet", "joint_appointment", "career_portal", "job_swap")


def test_there_are_34_levers() -> None:
    assert len(KEYS) == 34


@pytest.mark.parametrize("key", KEYS)
def test_strength_zero_is_the_baseline(key: str) -> None:
    assert same(results(key, more=without_strength(key)), baseline())


def test_dated_after_the_horizon_is_the_baseline() -> None:
    everything = [key for key in KEYS if key != "abolish_binary"]
    later = tuple(f"levers.{key}.start=2016-01" for key in everything)
    assert same(results(*everything, more=later), baseline())


def test_mixtures_of_strength_zero_are_the_baseline() -> None:
    assert same(results("everything", more=without_strength("everything")), baseline())
    assert same(
        results(
            "abolish_binary", *MIXTURE[1:], more=without_strength("abolish_binary", *MIXTURE[1:])
        ),
        baseline(),
    )


def test_a_null_lever_beside_one_that_acts_changes_nothing() -> None:
    acting = results("full_time_offers")
    both = results("full_time_offers", "single_cao", more=without_strength("single_cao"))
    assert same(both, acting)
    assert not same(acting, baseline())


def test_nothing_is_reached_with_strength_zero() -> None:
    assert results("everything", more=without_strength("everything")).levers == []

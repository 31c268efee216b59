"""Figures with their intervals, as people read them."""

from __future__ import annotations

import math

import pytest

from hesim.charts.phrases import Phrases


@pytest.mark.parametrize(
    ("figures", "signed", "text"),
    [
        ((1.0, -1.25, 3.3), False, "1.0 [-1.2 to 3.3]"),
        ((6.8, -7.4, 21.2), True, "+7 [-7 to 21]"),
        ((0.33, 0.1, 0.5), True, "+0.33 [0.10 to 0.50]"),
        ((2.0, 1.0, 3.0), True, "+2 [1 to 3]"),
        ((0.3, -30.0, 30.0), True, "0 [-30 to 30]"),
        ((1234.4, 1200.0, 1300.0), False, "1,234 [1,200 to 1,300]"),
        ((5.25, math.nan, math.nan), True, "+5.2"),
    ],
)
def test_a_figure_and_its_interval_have_the_same_decimals(
    figures: tuple[float, float, float], signed: bool, text: str
) -> None:
    assert Phrases().estimate(*figures, signed=signed) == text


def test_dutch_figures_have_a_comma() -> None:
    assert Phrases(language="nl", range="[{low} tot {high}]").estimate(1.5, -0.25, 3.25) == (
        "1,5 [-0,2 tot 3,2]"
    )

"""Raking meets its margins, keeps zeros and odds, and names contradictions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesim.population.raking import RakingError, rake

pytestmark = pytest.mark.once


@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(2, 4))
def test_meets_margins_of_a_table_that_exists(number: int, rows: int, columns: int) -> None:
    draw = np.random.default_rng(number)
    goal = draw.uniform(0.1, 1, (rows, columns, 3))
    seed = draw.uniform(0.1, 1, goal.shape)
    margins = [((0,), goal.sum((1, 2))), ((2, 1), goal.sum(0).T)]
    raked = rake(seed, margins)
    assert np.allclose(raked.table.sum((1, 2)), margins[0][1])
    assert np.allclose(raked.table.sum(0).T, margins[1][1])


def test_keeps_zeros_and_odds_ratio() -> None:
    raked = rake(
        np.array([[1.0, 2], [3, 1]]), [((0,), np.array([4.0, 6])), ((1,), np.full(2, 5.0))]
    )
    t = raked.table
    assert t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) == pytest.approx(1 / 6)
    zero = rake(np.array([[0.0, 1], [1, 1]]), [((0,), np.full(2, 0.5))]).table
    assert zero[0, 0] == 0


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "words"),
    [
        (np.ones((2, 2)), [1, 1], [1, 2], r"\(1,\) sums to 3"),
        (np.array([[0.0, 0], [1, 1]]), [1, 1], [1, 1], r"\(0,\) wants 1 at \(0,\)"),
        (np.eye(2), [1, 3], [3, 1], "no table meets"),
    ],
)
def test_names_contradictions(seed, rows, columns, words) -> None:
    margins = [((0,), np.array(rows, float)), ((1,), np.array(columns, float))]
    with pytest.raises(RakingError, match=words):
        rake(seed, margins, iterations=50)

"""Shapley values: a game computed by hand, and what makes them the only fair shares."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from hesim.study.answers.shapley import first_and_last, game_without, shapley_values
from hesim.study.answers.spread import over_structures, spread_of

Floats = NDArray[np.float64]
PLAYERS = 4
GAMES = arrays(np.float64, 1 << PLAYERS, elements=st.floats(-1e3, 1e3, width=32))
few = settings(max_examples=40, deadline=None)


def over_all_orders(game: Floats) -> Floats:
    """The definition itself: what each adds to those before, averaged over all orders."""
    players = int(game.size).bit_length() - 1
    added = np.zeros(players)
    for order in permutations(range(players)):
        coalition = 0
        for each in order:
            added[each] += game[coalition | 1 << each] - game[coalition]
            coalition |= 1 << each
    return added / math.factorial(players)


def test_the_game_of_three_players_is_shared_as_by_hand() -> None:
    """One left glove and two right ones: only a pair is worth something.

    The left glove's owner adds 1 unless first (two thirds of the orders, chance 4/6); each right
    one adds 1 only as second after the left one: one of six orders.
    """
    left, right, other = 1, 2, 4
    game = np.zeros(8)
    for coalition in (left | right, left | other, left | right | other):
        game[coalition] = 1.0
    np.testing.assert_allclose(shapley_values(game), [4 / 6, 1 / 6, 1 / 6])


@few
@given(GAMES)
def test_values_are_the_mean_over_all_orders_and_add_up(game: Floats) -> None:
    found = shapley_values(game)
    np.testing.assert_allclose(found, over_all_orders(game), atol=1e-8)
    assert found.sum() == pytest.approx(game[-1] - game[0], abs=1e-8)


@few
@given(GAMES, st.integers(0, PLAYERS - 1))
def test_who_adds_nothing_gets_nothing(game: Floats, dummy: int) -> None:
    coalitions = np.arange(game.size)
    idle = game[coalitions & ~(1 << dummy)]
    assert shapley_values(idle)[dummy] == pytest.approx(0.0, abs=1e-9)
    # And the others get what they get in the game without them.
    rest = np.delete(shapley_values(idle), dummy)
    np.testing.assert_allclose(rest, shapley_values(game_without(game, dummy)), atol=1e-8)


@few
@given(GAMES)
def test_players_who_add_alike_get_alike(game: Floats) -> None:
    coalitions = np.arange(game.size)
    swapped = (coalitions & ~3) | (coalitions & 1) << 1 | (coalitions & 2) >> 1
    found = shapley_values((game + game[swapped]) / 2)
    assert found[0] == pytest.approx(found[1], abs=1e-8)


@few
@given(GAMES, GAMES)
def test_values_of_two_games_add_up(one: Floats, other: Floats) -> None:
    both = shapley_values(np.stack([one, other]))
    np.testing.assert_allclose(both.sum(axis=0), shapley_values(one + other), atol=1e-8)


def test_first_and_last_are_the_ends_of_all_orders() -> None:
    game = np.array([1.0, 4.0, 3.0, 10.0])
    first, last = first_and_last(game)
    np.testing.assert_allclose(first, [3.0, 2.0])
    np.testing.assert_allclose(last, [7.0, 6.0])
    np.testing.assert_allclose((first + last) / 2, shapley_values(game))


def test_a_table_that_is_no_game_is_refused() -> None:
    with pytest.raises(ValueError, match="no power of 2"):
        shapley_values(np.zeros(6))


def test_intervals_hold_the_true_figure_as_often_as_they_say() -> None:
    rng = np.random.default_rng(4)
    over_draws, over_noise, times = 0, 0, 400
    for _ in range(times):
        of_draw = rng.normal(10.0, 2.0, 8)
        table = np.full((8, 2), np.nan)
        table[:, 0] = of_draw + rng.normal(0.0, 1.0, 8)
        table[:4, 1] = of_draw[:4] + rng.normal(0.0, 1.0, 4)
        found = spread_of(table)
        over_draws += found.low <= rng.normal(10.0, 2.0) <= found.high
        over_noise += found.noise_low <= of_draw.mean() <= found.noise_high
    assert 0.93 < over_draws / times <= 0.99
    assert 0.92 < over_noise / times <= 0.98


def test_noise_is_unknown_where_nothing_was_simulated_twice() -> None:
    found = spread_of(np.array([[1.0], [3.0], [np.nan]]))
    assert (found.mean, found.draws, found.runs) == (2.0, 2, 2)
    assert math.isnan(found.noise_low) and found.low < 1.0 and found.high > 3.0
    alone = spread_of(np.array([[1.0, 3.0]]))
    assert (alone.low, alone.high) == (alone.noise_low, alone.noise_high)
    assert math.isnan(spread_of(np.full((2, 2), np.nan)).mean)


def test_over_structures_an_interval_goes_from_end_to_end() -> None:
    one, other = (spread_of(np.array([[a], [b]])) for a, b in ((1.0, 2.0), (8.0, 8.5)))
    found = over_structures([one, other])
    assert found.mean == pytest.approx((1.5 + 8.25) / 2)
    assert (found.low, found.high) == (one.low, other.high)
    assert over_structures([one]) is one

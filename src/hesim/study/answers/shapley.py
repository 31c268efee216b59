"""Share a difference out over those who make it: Shapley values of a game, exactly.

A game gives a value to every coalition of its players; coalitions are numbered, bit k is set where
player k takes part. The Shapley value of a player is what the player adds to the coalition of those
who came before, on average over all orders in which they can come (Shapley 1953). It is the only
way to share that adds up to the whole, treats equal players alike, gives nothing to who adds
nothing, and adds up over games.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shapley_values(game: Floats) -> Floats:
    """The Shapley value of each player.

    Args:
        game: Value of each coalition, shape (..., 2 to the power of players).

    Returns:
        Shape (..., players); sums to the value of all players less that of none.
    """
    return np.asarray(game @ shapley_weights(_players(game)).T)


def shapley_weights(players: int) -> Floats:
    """What each coalition counts for each player's value, shape (players, coalitions).

    A coalition of s others comes before a player in s! (n - s - 1)! of the n! orders.
    """
    coalitions = np.arange(1 << players)
    size = np.array([coalition.bit_count() for coalition in coalitions.tolist()])
    orders = [
        math.factorial(s) * math.factorial(players - s - 1) / math.factorial(players)
        for s in range(players)
    ]
    weights = np.empty((players, coalitions.size))
    for player in range(players):
        inside = coalitions >> player & 1 == 1
        others = size - inside
        weights[player] = np.where(inside, 1.0, -1.0) * np.take(orders, others)
    return weights


def first_and_last(game: Floats) -> tuple[Floats, Floats]:
    """What each player adds who comes first, and what each adds who comes last.

    Args:
        game: As for `shapley_values`.

    Returns:
        Both of shape (..., players).
    """
    bits = 1 << np.arange(_players(game))
    everybody = game.shape[-1] - 1
    first = game[..., bits] - game[..., :1]
    last = game[..., -1:] - game[..., everybody - bits]
    return np.asarray(first), np.asarray(last)


def game_without(game: Floats, player: int) -> Floats:
    """The game of all others in which a player never takes part.

    Args:
        game: As for `shapley_values`.
        player: Number of the player who stays out.
    """
    coalitions = np.arange(game.shape[-1])
    return np.asarray(game[..., coalitions >> player & 1 == 0])


def _players(game: Floats) -> int:
    players = int(game.shape[-1]).bit_length() - 1
    if game.shape[-1] != 1 << players:
        raise ValueError(f"{game.shape[-1]} coalitions are no power of 2")
    return players

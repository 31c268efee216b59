"""Answer a study of barriers: what each of them contributes to what stands between wo and hbo.

For each structure, draw and direction the crossings of all coalitions are a game (`shapley`): the
players are the barriers, who take part by being switched off. A barrier's contribution is its
Shapley value in persons a year, its share that over the difference between no barriers and all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.registry import OUTCOMES
from hesim.study.answers.shapley import first_and_last, game_without, shapley_values
from hesim.study.answers.spread import Spread, over_structures, spread_of
from hesim.study.barriers import Barrier, barriers_named
from hesim.study.coalitions import names_of
from hesim.survey.crossings import CROSSINGS

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

Floats = NDArray[np.float64]
EVERY = "all structures"
"""Rows over structures, where there is more than one."""
TRADE_OFF = -0.7
"""Correlation of two contributions over draws from which the data tell their sum, and not how much
each of them is. With eight draws a correlation beyond it is told from none (5% level)."""
BAR = 70.0
"""Share in percent above which one barrier would carry the decomposition alone."""
TABLES = ("barriers", "barriers_difference", "barriers_draws", "barriers_pairs")
"""Names of the tables that an answer about barriers holds."""


@dataclass(frozen=True)
class Games:
    """Crossings of all coalitions in one direction.

    Attributes:
        direction: Name of the outcome.
        barriers: The players.
        values: By structure: persons a year, shape (draws, repeats, coalitions), not a number where
            a coalition of that repeat is missing.
        draws: By structure: numbers of the draws.
    """

    direction: str
    barriers: list[Barrier]
    values: dict[str, Floats]
    draws: dict[str, list[int]]

    def of(self, figure: Callable[[Floats], Floats]) -> dict[str, Floats]:
        """A figure of each game, by structure: shape (draws, repeats, ...)."""
        return {name: figure(values) for name, values in self.values.items()}


def barriers_of(study: Study) -> list[Barrier]:
    """The barriers that a study takes apart; none if it is about something else."""
    asked = study.settings["study"].get("barriers") or ()
    return barriers_named(names_of(asked))[0] if asked else []


def measured_years(study: Study) -> tuple[int, int]:
    """First and last year of means: from the second recorded one on, when posts grow too."""
    first = int(str(study.settings["start"])[:4])
    return first + 1, first + int(study.settings["years"]) - 1


def read_games(study: Study, direction: str) -> Games:
    """Read the crossings of all coalitions.

    A repeat of a draw of which a coalition is missing is left out whole.
    """
    barriers = barriers_of(study)
    count = 1 << len(barriers)
    frame = (
        study.connect()
        .execute(
            "select d.scenario, d.draw, d.world, m.replication, m.value from design d join "
            "(select point, replication, avg(value) as value from results where outcome = ? "
            "and year between ? and ? group by all) m using (point)",
            [direction, *measured_years(study)],
        )
        .df()
    )
    repeats = 1 + int(study.design["world"].max()) // count
    values: dict[str, Floats] = {}
    draws: dict[str, list[int]] = {}
    for structure in dict.fromkeys(map(str, study.design["scenario"])):
        mine = frame[frame["scenario"] == structure]
        draws[structure] = sorted(
            {int(n) for n in study.design["draw"][study.design["scenario"] == structure]}
        )
        width = 1 + int(mine["replication"].max()) if len(mine) else 1
        table = np.full((len(draws[structure]), repeats * width, count), np.nan)
        repeat, coalition = np.divmod(mine["world"].to_numpy(np.int64), count)
        row = np.searchsorted(draws[structure], mine["draw"].to_numpy(np.int64))
        column = repeat * width + mine["replication"].to_numpy(np.int64)
        table[row, column, coalition] = mine["value"]
        table[np.isnan(table).any(axis=2)] = np.nan
        values[structure] = table
    return Games(direction, barriers, values, draws)


def whole_difference(game: Floats) -> Floats:
    """Crossings without the barriers, less those with all of them."""
    return np.asarray(game[..., -1] - game[..., 0])


def barrier_shares(game: Floats) -> Floats:
    """Share of each player in the difference, in percent; not a number where there is none."""
    whole = whole_difference(game)[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole > 0.0, 100.0 * shapley_values(game) / whole, np.nan))


def spreads(figures: dict[str, Floats]) -> dict[str, Spread]:
    """Mean and intervals of a figure by structure, and over all of them where there are more.

    Args:
        figures: By structure, shape (draws, repeats).
    """
    found = {name: spread_of(table) for name, table in figures.items()}
    if len(found) > 1:
        found[EVERY] = over_structures(list(found.values()))
    return found


def player(figures: dict[str, Floats], number: int) -> dict[str, Floats]:
    """The figures of one player, by structure: shape (draws, repeats)."""
    return {name: table[..., number] for name, table in figures.items()}


def answer_barriers(study: Study) -> dict[str, pd.DataFrame]:
    """The tables of a study of barriers, for both directions."""
    import pandas as pd

    games = [read_games(study, direction) for direction in CROSSINGS]
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for one in games:
        of_direction = {
            "direction": one.direction,
            "title_direction": OUTCOMES[one.direction].english,
        }
        for name, made in (
            ("barriers", _contributions(one)),
            ("barriers_difference", _differences(one)),
            ("barriers_draws", _of_draws(one)),
            ("barriers_pairs", pairs_of(one)),
        ):
            rows[name] += [{**of_direction, **row} for row in made]
    return {name: pd.DataFrame(made) for name, made in rows.items()}


def _contributions(games: Games) -> Iterator[dict[str, Any]]:
    """Each barrier's contribution and share, and what it adds as the first and as the last."""
    contribution, share = games.of(shapley_values), games.of(barrier_shares)
    first, last = games.of(lambda g: first_and_last(g)[0]), games.of(lambda g: first_and_last(g)[1])
    rest = games.of(lambda game: _shares_of_rest(games.barriers, game))
    for number, barrier in enumerate(games.barriers):
        persons, percent = (spreads(player(each, number)) for each in (contribution, share))
        alone, at_last = (spreads(player(each, number)) for each in (first, last))
        of_rest = spreads(player(rest, number))
        for structure in persons:
            yield {
                "structure": structure,
                "barrier": barrier.name,
                "title": barrier.title,
                "unit": OUTCOMES[games.direction].unit,
                **_columns("contribution", persons[structure]),
                **_columns("share_percent", percent[structure]),
                "first": alone[structure].mean,
                "last": at_last[structure].mean,
                **_columns("share_without_partial_percent", of_rest[structure], noise=False),
                "distinguishable": percent[structure].is_sure,
                "partial": barrier.partial,
                "draws": persons[structure].draws,
                "repeats": persons[structure].runs,
                "off": barrier.off,
            }


def _shares_of_rest(barriers: list[Barrier], game: Floats) -> Floats:
    """Shares in the game without the barriers that are only eased; theirs are not known."""
    left = list(range(len(barriers)))
    for number in reversed(range(len(barriers))):
        if barriers[number].partial:
            game = game_without(game, number)
            left.remove(number)
    made = np.full((*game.shape[:-1], len(barriers)), np.nan)
    if left:
        made[..., left] = barrier_shares(game)
    return made


def _differences(games: Games) -> Iterator[dict[str, Any]]:
    """Crossings with all barriers, without them, and the difference."""
    with_all, without = (games.of(partial(np.take, indices=at, axis=-1)) for at in (0, -1))
    found = [spreads(each) for each in (with_all, without, games.of(whole_difference))]
    for structure in found[0]:
        row: dict[str, Any] = {"structure": structure, "unit": OUTCOMES[games.direction].unit}
        for name, each in zip(("with_all", "without", "difference"), found, strict=True):
            row |= _columns(name, each[structure])
        yield row | {"draws": found[2][structure].draws, "repeats": found[2][structure].runs}


def _of_draws(games: Games) -> Iterator[dict[str, Any]]:
    """Contribution and share of each barrier in each draw, and which is the largest."""
    for structure, values in games.values.items():
        persons, whole = (
            _over_repeats(shapley_values(values)),
            _over_repeats(whole_difference(values)),
        )
        rest = _over_repeats(_shares_of_rest(games.barriers, values))
        for row, draw in enumerate(games.draws[structure]):
            if np.isnan(whole[row]):
                continue
            share = (
                100.0 * persons[row] / whole[row]
                if whole[row] > 0
                else np.full(len(games.barriers), np.nan)
            )
            for number, barrier in enumerate(games.barriers):
                yield {
                    "structure": structure,
                    "draw": draw,
                    "barrier": barrier.name,
                    "title": barrier.title,
                    "contribution": persons[row, number],
                    "unit": OUTCOMES[games.direction].unit,
                    "share_percent": share[number],
                    "share_without_partial_percent": rest[row, number],
                    "largest": number == int(np.argmax(persons[row])),
                }


def pairs_of(games: Games) -> Iterator[dict[str, Any]]:
    """Whether each two barriers can be told apart; see docs/barriers.md."""
    share, persons = games.of(barrier_shares), games.of(shapley_values)
    numbers = range(len(games.barriers))
    alone = [spreads(player(share, number)) for number in numbers]
    means = [spreads(player(persons, number)) for number in numbers]
    for one, other in combinations(numbers, 2):
        gap = spreads({name: t[..., one] - t[..., other] for name, t in share.items()})
        moves = {
            name: correlation(_over_repeats(t[..., one]), _over_repeats(t[..., other]))
            for name, t in persons.items()
        }
        moves[EVERY] = min((r for r in moves.values() if r == r), default=float("nan"))
        for structure, found in gap.items():
            both_hold_back = min(means[one][structure].mean, means[other][structure].mean) > 0.0
            sure = alone[one][structure].is_sure or alone[other][structure].is_sure
            yield {
                "structure": structure,
                "barrier": games.barriers[one].name,
                "other": games.barriers[other].name,
                "title": games.barriers[one].title,
                "title_other": games.barriers[other].title,
                **_columns("share_gap_points", found, noise=False),
                "correlation": moves[structure],
                "order_known": found.is_sure,
                "neither_distinguishable": not sure,
                "trade_off": moves[structure] <= TRADE_OFF and both_hold_back,
            }


def correlation(one: Floats, other: Floats) -> float:
    """Correlation over draws; not a number where there are too few, or one does not vary."""
    known = ~(np.isnan(one) | np.isnan(other))
    a, b = one[known], other[known]
    if a.size < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def _over_repeats(table: Floats) -> Floats:
    """Mean over the repeats of each draw, shape (draws, ...)."""
    count = np.count_nonzero(~np.isnan(table), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(count > 0, np.nansum(table, axis=1) / count, np.nan))


def _columns(name: str, found: Spread, noise: bool = True) -> dict[str, float]:
    made = {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
    if noise:
        made |= {f"{name}_noise_low": found.noise_low, f"{name}_noise_high": found.noise_high}
    return made

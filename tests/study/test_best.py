"""How likely each arm is the best one, and each lever's share of several."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
import pytest

from hesim.study.answers.best import (
    CostDifferences,
    Worlds,
    beats_table,
    best_table,
    best_tables,
    per_million,
    together,
    worlds_of,
)
from hesim.study.answers.best_sentences import best_sentences
from hesim.study.answers.effects import ArmValues, Tables
from hesim.study.answers.lever_shares import lever_shares
from hesim.study.answers.phrases import titled
from hesim.study.answers.question import Answer


def table(values: list[float], replications: int = 2) -> ArmValues:
    cells = [(0, draw) for draw in range(len(values))]
    return ArmValues(cells, np.repeat(np.array(values, float)[:, None], replications, axis=1))


def tables(**arms: list[float]) -> Tables:
    return {(name.replace("__", "+"), "central"): table(values) for name, values in arms.items()}


def test_the_best_arm_is_counted_world_by_world() -> None:
    effects = tables(a=[5, 5, 1, -1], b=[3, 6, 2, -2], c=[0, 0, 0, 0])
    costs = tables(a=[1e6] * 4, b=[1e5] * 4, c=[0] * 4)
    worlds = worlds_of(effects, CostDifferences(costs, costs, costs), "more")
    assert worlds is not None
    best = best_table(worlds, threshold=2.5).set_index("arm")
    # In the last world to do nothing is best, and c does nothing: they share it.
    assert best["best_percent"].to_dict() == {"a": 25.0, "b": 50.0, "c": 12.5}
    assert best["above_percent"].to_dict() == {"a": 50.0, "b": 50.0, "c": 0.0}
    assert best["expected_regret"].to_dict() == pytest.approx(
        {"a": (0 + 1 + 1 + 1) / 4, "b": (2 + 0 + 0 + 2) / 4, "c": (5 + 6 + 2 + 0) / 4}
    )
    assert best["per_million"].to_dict() == pytest.approx(
        {"a": 2.5, "b": 22.5, "c": math.nan}, nan_ok=True
    )
    assert best.loc["b", "best_per_euro_percent"] == 75.0
    assert best.loc["b", "title"] == "b" and set(best["worlds"]) == {4}
    # Per million a has 5, 5, 1, -1 and b 30, 60, 20, -20; c is free.
    assert best["regret_per_million"].to_dict() == pytest.approx(
        {"a": (25 + 55 + 19 + 1) / 4, "b": 20 / 4, "c": math.nan}, nan_ok=True
    )
    assert list(best.index[:2]) == ["a", "b"]


def test_each_pair_is_compared_and_ties_count_half() -> None:
    worlds = worlds_of(tables(a=[1, 2, 3, 4], b=[0, 2, 5, 1]), None, "more")
    assert worlds is not None
    beats = beats_table(worlds.arms, worlds.effects).set_index("arm")
    assert beats.loc["a", "b"] == 100 * 2.5 / 4 and beats.loc["b", "a"] == 100 * 1.5 / 4
    assert math.isnan(beats.loc["a", "a"])


def test_less_can_be_wanted_and_worlds_that_are_missing_are_left_out() -> None:
    effects = tables(a=[-5, -5, -1, -1, -9], b=[-3, -6, -2, -2, -1])
    effects["a", "central"].values[4] = np.nan
    worlds = worlds_of(effects, None, "less")
    assert worlds is not None and worlds.effects.shape == (2, 4)
    best = best_table(worlds, threshold=0.0).set_index("arm")
    assert best["best_percent"].to_dict() == {"a": 25.0, "b": 75.0}


def test_costs_are_drawn_from_their_range_and_alike_in_all_arms() -> None:
    count = 400
    effects = tables(a=[1.0] * count, b=[1.0] * count, a__b=[2.0] * count)
    middle = tables(a=[1e6] * count, b=[1e6] * count, a__b=[2e6] * count)
    low = tables(a=[5e5] * count, b=[1e6] * count, a__b=[1.5e6] * count)
    high = tables(a=[4e6] * count, b=[1e6] * count, a__b=[5e6] * count)
    worlds = worlds_of(effects, CostDifferences(middle, low, high), "more")
    assert worlds is not None
    spent = dict(zip(worlds.arms, worlds.spent, strict=True))
    # The ends are the 5% and 95% points, the middle is the median, and b is known exactly.
    assert np.quantile(spent["a"], [0.05, 0.5, 0.95]) == pytest.approx([5e5, 1e6, 4e6], rel=0.02)
    assert spent["b"].tolist() == [1e6] * count
    assert np.corrcoef(np.log(spent["a"]), np.log(spent["a+b"]))[0, 1] > 0.6
    best = best_table(worlds, 0.0).set_index("arm")
    # Half of the time a is cheaper than b; as if it were known it would be as cheap always.
    assert best.loc["a", "best_per_euro_percent"] == pytest.approx(50.0, abs=10.0)
    assert best.loc["a", "per_million"] == pytest.approx(1.0)


def test_structures_stand_together_world_by_world_and_beating_is_told_per_euro() -> None:
    def part(a: list[float], b: list[float], turned: bool = False) -> Worlds:
        of = tables(b=b, a=a) if turned else tables(a=a, b=b)
        costs = tables(a=[1e6] * 4, b=[4e6] * 4)
        worlds = worlds_of(of, CostDifferences(costs, costs, costs), "more")
        assert worlds is not None
        return worlds

    one, two = part([1, 1, 1, 1], [2, 2, 2, 2]), part([3, 3, 3, 3], [2, 2, 2, 2], turned=True)
    both = together([one, two])
    assert both is not None and both.effects.shape == (2, 8)
    best = best_tables(both, 0.0)["best"].set_index("arm")
    assert best["best_percent"].to_dict() == {"a": 50.0, "b": 50.0}
    assert best["best_per_euro_percent"].to_dict() == {"a": 100.0, "b": 0.0}
    beats = best_tables(both, 0.0)
    assert beats["beats"].set_index("arm").loc["a", "b"] == 50.0
    assert beats["beats_per_euro"].set_index("arm").loc["a", "b"] == 100.0
    assert per_million(both)[0].tolist() == [1.0] * 4 + [3.0] * 4
    other = worlds_of(tables(a=[1, 2, 3, 4]), None, "more")
    assert other is not None and together([one, other]) is None and together([]) is None


def test_without_costs_nothing_is_said_of_them() -> None:
    worlds = worlds_of(tables(a=[1, 2, 3, 4]), None, "more")
    assert worlds is not None
    assert not {"per_million", "best_per_euro_percent"} & set(best_table(worlds, 0.0))


def test_few_worlds_tell_no_probability() -> None:
    assert worlds_of(tables(a=[1, 2, 3]), None, "more") is None
    assert worlds_of({}, None, "more") is None


def test_shares_add_up_and_give_who_adds_nothing_nothing() -> None:
    effects = tables(
        a=[4, 6], b=[2, 2], c=[0, 0], a__b=[9, 11], a__c=[4, 6], b__c=[2, 2], a__b__c=[9, 11]
    )
    found = lever_shares(effects)
    assert found is not None
    of = found.set_index("lever")
    # Alone 5 and 2, together 10: what they do only together is shared evenly.
    assert of["share"].to_dict() == pytest.approx({"a": 6.5, "b": 3.5, "c": 0.0})
    assert of["alone"].to_dict() == {"a": 5.0, "b": 2.0, "c": 0.0}
    assert of["last"].to_dict() == {"a": 8.0, "b": 5.0, "c": 0.0}
    assert of["share_percent"].sum() == pytest.approx(100.0)
    assert of["share"].sum() == pytest.approx(10.0)
    assert of.loc["a", "share_low"] <= 6.5 <= of.loc["a", "share_high"]


def test_an_arm_without_all_its_parts_is_not_shared_out() -> None:
    assert lever_shares(tables(a=[1.0], b=[2.0])) is None
    assert lever_shares(tables(a=[1.0], a__b=[2.0])) is None
    partly = lever_shares(tables(a=[1.0], b=[2.0], a__b=[4.0], a__b__c=[9.0]))
    assert partly is not None and set(partly["arm"]) == {"a+b"}


def test_the_order_in_an_arms_name_is_no_matter() -> None:
    found = lever_shares(tables(a=[1.0], b=[2.0], b__a=[4.0]))
    assert found is not None and set(found["lever"]) == {"a", "b"}


def test_how_likely_is_said_in_words_and_by_titles() -> None:
    """Costs a lever less than the other, and it does most for each euro in most worlds."""
    cheap, dear = [2.0, 1.0, 3.0, 2.0], [5.0, 6.0, 1.0, 7.0]
    effects = tables(job_swap=cheap, single_cao=dear)
    costs = tables(job_swap=[1e6] * 4, single_cao=[2e7] * 4)
    worlds = worlds_of(effects, CostDifferences(costs, costs, costs), "more")
    assert worlds is not None
    made = Answer(cast(Any, None), "wo_to_hbo", "persons a year", "more", 0.0)
    assert best_sentences(made) == []
    made.tables |= best_tables(worlds, 0.0)
    made.worlds = worlds
    (said,) = best_sentences(made)
    assert said == (
        "Over 4 worlds One collective labour agreement loses least: it is best in 75% of them, and "
        "choosing it loses 0.5 persons a year on average against the best choice of each world. "
        "For each euro Swaps of jobs does most in 100% of them; costs are drawn from their ranges, "
        "and most of these are assumed."
    )
    shown = titled(made.tables["beats"])
    assert list(shown.columns) == ["arm", "Swaps of jobs", "One collective labour agreement"]
    assert shown["arm"].to_list() == ["Swaps of jobs", "One collective labour agreement"]


def test_it_is_said_where_doing_nothing_loses_least() -> None:
    """A lever does harm in three of four worlds: nothing is best there, and better on average."""
    effects = tables(job_swap=[4.0, -3.0, -3.0, -2.0])
    costs = tables(job_swap=[1e6] * 4)
    worlds = worlds_of(effects, CostDifferences(costs, costs, costs), "more")
    assert worlds is not None
    made = Answer(cast(Any, None), "wo_to_hbo", "persons a year", "more", 0.0)
    made.tables |= best_tables(worlds, 0.0)
    made.worlds = worlds
    (said,) = best_sentences(made)
    # Nothing loses 4 in the first world, the lever 3, 3 and 2 in the others.
    assert said == (
        "Over 4 worlds doing nothing loses least: it is best in 75% of them, and loses 1.0 persons "
        "a year on average against the best choice of each world. Of the arms Swaps of jobs loses "
        "least, 2.0 persons a year, and is best in 25% of them. For each euro no arm does any good "
        "in 75% of them, and Swaps of jobs does most in 25% of them; costs are drawn from their "
        "ranges, and most of these are assumed."
    )

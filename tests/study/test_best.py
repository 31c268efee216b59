"""How likely each arm is the best one, and each lever's share of several."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hesim.study.answers.best import beats_table, best_table, worlds_of
from hesim.study.answers.effects import Table, Tables
from hesim.study.answers.lever_shares import lever_shares


def table(values: list[float], replications: int = 2) -> Table:
    cells = [(0, draw) for draw in range(len(values))]
    return Table(cells, np.repeat(np.array(values, float)[:, None], replications, axis=1))


def tables(**arms: list[float]) -> Tables:
    return {(name.replace("__", "+"), "central"): table(values) for name, values in arms.items()}


def test_the_best_arm_is_counted_world_by_world() -> None:
    effects = tables(a=[5, 5, 1, -1], b=[3, 6, 2, -2], c=[0, 0, 0, 0])
    costs = tables(a=[1e6] * 4, b=[1e5] * 4, c=[0] * 4)
    worlds = worlds_of(effects, costs, "more")
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
    assert list(best.index[:2]) == ["a", "b"]


def test_each_pair_is_compared_and_ties_count_half() -> None:
    worlds = worlds_of(tables(a=[1, 2, 3, 4], b=[0, 2, 5, 1]), {}, "more")
    assert worlds is not None
    beats = beats_table(worlds).set_index("arm")
    assert beats.loc["a", "b"] == 100 * 2.5 / 4 and beats.loc["b", "a"] == 100 * 1.5 / 4
    assert math.isnan(beats.loc["a", "a"])


def test_less_can_be_wanted_and_worlds_that_are_missing_are_left_out() -> None:
    effects = tables(a=[-5, -5, -1, -1, -9], b=[-3, -6, -2, -2, -1])
    effects["a", "central"].values[4] = np.nan
    worlds = worlds_of(effects, {}, "less")
    assert worlds is not None and worlds.effects.shape == (2, 4)
    best = best_table(worlds, threshold=0.0).set_index("arm")
    assert best["best_percent"].to_dict() == {"a": 25.0, "b": 75.0}


def test_without_costs_nothing_is_said_of_them() -> None:
    worlds = worlds_of(tables(a=[1, 2, 3, 4]), {}, "more")
    assert worlds is not None
    assert not {"per_million", "best_per_euro_percent"} & set(best_table(worlds, 0.0))


def test_few_worlds_tell_no_probability() -> None:
    assert worlds_of(tables(a=[1, 2, 3]), {}, "more") is None
    assert worlds_of({}, {}, "more") is None


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

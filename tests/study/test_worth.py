"""What an additional crossing costs."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from hesim.study.answers.worth import ALONE, FREE, MOVED, NONE, worth_table


def rows(
    arm: str,
    effect: tuple[float, float, float],
    cost: tuple[float, float, float] = (1e6, 5e5, 2e6),
    days: float = 2000.0,
    transfers: float = 0.0,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    middle, low, high = effect
    given = {
        "wo_to_hbo": (middle, low, high),
        "lever_cost": (cost[0],) * 3,
        "lever_cost_low": (cost[1],) * 3,
        "lever_cost_high": (cost[2],) * 3,
        "lever_days": (days,) * 3,
        "lever_transfers": (transfers,) * 3,
    }
    for outcome, (mean, least, most) in given.items():
        found.append(
            {
                "arm": arm,
                "scenario": "central",
                "outcome": outcome,
                "difference_mean": mean,
                "difference_low": least,
                "difference_high": most,
            }
        )
    return found


def priced(*arms: list[dict[str, Any]], better: str = "more") -> pd.DataFrame:
    found = worth_table(pd.DataFrame([row for arm in arms for row in arm]), "wo_to_hbo", better)
    assert found is not None
    return found.set_index("arm")


def test_a_price_holds_the_range_of_costs_and_of_effects() -> None:
    row = priced(rows("meet", (20.0, 10.0, 40.0))).loc["meet"]
    assert row["euros_each"] == 50_000 and row["days_each"] == 100
    # Cheap and much against dear and little.
    assert row["euros_low"] == pytest.approx(5e5 / 40)
    assert row["euros_high"] == pytest.approx(2e6 / 10)
    assert row["words"] == ""


def test_nothing_is_divided_by_nothing() -> None:
    table = priced(
        rows("unsure", (5.0, -1.0, 11.0)),
        rows("none", (0.0, 0.0, 0.0)),
        rows("harm", (-5.0, -9.0, -1.0)),
        rows("once", (5.0, math.nan, math.nan)),
        rows("sure", (10.0, 8.0, 12.0)),
    )
    assert table["words"].to_dict() == {
        "sure": "",
        "unsure": NONE["more"],
        "none": NONE["more"],
        "harm": NONE["more"],
        "once": ALONE,
    }
    assert table.loc["unsure", "euros_low"] == pytest.approx(5e5 / 11)
    assert table["euros_each"].notna().sum() == 1 and table.index[0] == "sure"
    assert math.isnan(table.loc["harm", "euros_low"])


def test_transfers_stand_apart_and_what_is_free_says_so() -> None:
    table = priced(
        rows("moved", (10.0, 8.0, 12.0), cost=(0.0, 0.0, 0.0), days=0.0, transfers=3e6),
        rows("paid", (10.0, 8.0, 12.0)),
        rows("unknown", (10.0, 8.0, 12.0), cost=(0.0, 0.0, 0.0), days=0.0),
    )
    assert table.loc["moved", "words"] == MOVED and table.loc["moved", "transfers"] == 3e6
    assert table.loc["unknown", "words"] == FREE
    nothing = rows("moved", (1.0, 1.0, 1.0), cost=(0.0, 0.0, 0.0), days=0.0)
    assert worth_table(pd.DataFrame(nothing), "wo_to_hbo", "more") is None


def test_less_can_be_what_is_wanted() -> None:
    row = priced(rows("meet", (-20.0, -40.0, -10.0)), better="less").loc["meet"]
    assert row["euros_each"] == 50_000 and row["effect"] == 20.0
    assert (row["effect_low"], row["effect_high"]) == (10.0, 40.0)
    unsure = priced(rows("meet", (-5.0, -11.0, 1.0)), better="less").loc["meet"]
    assert unsure["words"] == NONE["less"] and unsure["euros_low"] == pytest.approx(5e5 / 11)


def test_nothing_is_paid_for_a_cost() -> None:
    of = pd.DataFrame(rows("meet", (20.0, 10.0, 40.0)))
    assert worth_table(of, "lever_cost", "less") is None


def test_the_cheapest_stands_first() -> None:
    table = priced(
        rows("dear", (10.0, 8.0, 12.0), cost=(9e6, 8e6, 1e7)), rows("cheap", (10.0, 8.0, 12.0))
    )
    assert list(table.index) == ["cheap", "dear"]

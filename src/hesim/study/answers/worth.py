"""Say what an additional crossing costs: euros and working days for each, with intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.study.answers.effects import records
from hesim.study.points import CENTRAL
from hesim.study.unpriced import partly_priced, unpriced_levers

if TYPE_CHECKING:
    import pandas as pd

COST, LOW, HIGH = "lever_cost", "lever_cost_low", "lever_cost_high"
DAYS, TRANSFERS = "lever_days", "lever_transfers"
OF_COSTS = (COST, LOW, HIGH, DAYS, TRANSFERS)
"""Outcomes that are effort themselves: nothing is paid for them."""
NONE = {"more": "no additional one can be told", "less": "no one less can be told"}
"""Why there is no price, by what is wanted."""
ALONE = "there is no interval: that takes more replications"
FREE = "no cost is counted"
"""Of who costs nothing: nobody came, or no cost is known."""
UNKNOWN_COST = "no cost of it is known"
MOVED = "money moves, and no resources are used"


def worth_table(
    comparison: pd.DataFrame,
    outcome: str,
    better: str,
    arms: Mapping[str, Mapping[str, Any]] | None = None,
) -> pd.DataFrame | None:
    """What each arm costs a year, and for each additional unit of an outcome.

    The interval of a price goes from the low cost over the high effect to the high cost over the
    low effect: it holds the range of the costs and the 95% interval of the effect.

    Args:
        comparison: Rows of `effects.comparison` of one structure.
        outcome: What is wanted.
        better: `more` or `less` of it.
        arms: Settings of the levers of each arm, which say of which the cost is known; of all
            unless given.

    Returns:
        One row for each arm, cheapest price first: arm, cost, cost_low, cost_high, transfers and
        days a year; at_least, whether that is the known part alone, so that there are no upper
        ends; effect with its interval; euros_each with euros_low and euros_high, and
        days_each; `words` where there is no price. None where no arm costs anything, or the
        outcome is a cost itself.
    """
    import pandas as pd

    if "difference_mean" not in comparison or outcome in OF_COSTS:
        return None
    mine = comparison[(comparison["scenario"] == CENTRAL) & (comparison["arm"] != BASELINE)]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in records(mine):
        found.setdefault(str(row["arm"]), {})[str(row["outcome"])] = row
    unpriced, partly = unpriced_levers(arms or {}), partly_priced(arms or {})
    rows = [
        _as_known(_priced(arm, of, outcome, better), arm in unpriced, arm in partly)
        for arm, of in found.items()
        if {outcome, *OF_COSTS} <= of.keys()
    ]
    if not any(row["cost"] or row["transfers"] for row in rows):
        return None
    rows.sort(key=lambda row: row["euros_each"] if row["euros_each"] is not None else math.inf)
    return pd.DataFrame(rows)


def _as_known(row: dict[str, Any], unpriced: bool, partly: bool) -> dict[str, Any]:
    """Say of a row whether its cost is a part, or not known at all."""
    row["at_least"] = partly
    if partly:
        return row | {"cost_high": math.nan, "euros_high": None}
    return row | {"words": UNKNOWN_COST} if unpriced else row


def price_of(outcome: str, unit: str, better: str) -> str:
    """What a price is for, as `each additional one of wo to hbo (persons a year)`.

    Args:
        outcome: What is wanted.
        unit: Its unit.
        better: `more` or `less` of it.
    """
    way = "additional one" if better == "more" else "one less"
    return f"each {way} of {outcome.replace('_', ' ')} ({unit})"


def _priced(arm: str, of: dict[str, dict[str, Any]], outcome: str, better: str) -> dict[str, Any]:
    sign = 1.0 if better == "more" else -1.0
    cost, low, high, days, transfers = (float(of[name]["difference_mean"]) for name in OF_COSTS)
    effect = of[outcome]
    middle = sign * float(effect["difference_mean"])
    ends = sorted(sign * float(effect[f"difference_{end}"]) for end in ("low", "high"))
    row: dict[str, Any] = {
        "arm": arm,
        "cost": cost,
        "cost_low": low,
        "cost_high": high,
        "transfers": transfers,
        "days": days,
        "at_least": False,
        "effect": middle,
        "effect_low": ends[0],
        "effect_high": ends[1],
        "euros_each": None,
        "euros_low": None,
        "euros_high": None,
        "days_each": None,
        "words": "",
    }
    if not cost:
        return row | {"words": MOVED if transfers else FREE}
    if any(map(math.isnan, ends)):
        return row | {"words": ALONE}
    if ends[0] <= 0.0:
        # At least this much each, if there are any.
        least = low / ends[1] if ends[1] > 0.0 else None
        return row | {"words": NONE[better], "euros_low": least}
    return row | {
        "euros_each": cost / middle,
        "euros_low": low / ends[1],
        "euros_high": high / ends[0],
        "days_each": days / middle,
    }

"""Say whether all arms of a study spend the same, which saturate, and which keep their shares."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.levers.titles import arm_title, titles_of
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import beyond_everybody, listed
from hesim.study.effort import MEASURES, UNITS
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

NEAR = 0.1
"""Part of the budget by which an arm may miss it and still counts as on budget."""
MOST_NAMED = 4
"""Arms that a sentence names one by one; the table has all of them."""


def efforts_of(study: Study) -> list[dict[str, Any]]:
    """Rows of effort.csv of a study; none if nobody asked for equal effort."""
    found: list[dict[str, Any]] = study.manifest.get("effort", [])
    return found


def equal_effort(study: Study, comparison: pd.DataFrame) -> pd.DataFrame | None:
    """What each arm was to spend, and what it spends.

    Args:
        study: The study.
        comparison: Rows of `effects.comparison` of one structure.

    Returns:
        One row for each arm: arm, unit, budget; effort that pilots expect; spending with its 95%
        interval, days priced and without transfers; on_budget; saturated, whether a share is at its
        largest; words about an arm that is not on budget. None in a study that asks for no equal
        effort.
    """
    import pandas as pd

    rows = efforts_of(study)
    if not rows or "difference_mean" not in comparison:
        return None
    measure = {words: MEASURES[unit] for unit, words in UNITS.items()}[rows[0]["unit"]]
    mine = comparison[
        (comparison["outcome"] == measure)
        & (comparison["scenario"] == CENTRAL)
        & (comparison["arm"] != BASELINE)
    ]
    spending = {str(row["arm"]): row for row in records(mine)}
    made = []
    for arm, of in _by_arm(rows).items():
        now = spending.get(arm)
        if now is None:
            continue
        made.append(
            {
                "arm": arm,
                "unit": of[0]["unit"],
                "budget": of[0]["budget"],
                "effort": of[0]["effort"],
                "spending": now["difference_mean"],
                "spending_low": now["difference_low"],
                "spending_high": now["difference_high"],
                "on_budget": of[0]["on_budget"] and _near(now, float(of[0]["budget"])),
                "saturated": any(row["saturated"] for row in of),
                "words": "; ".join(dict.fromkeys(row["words"] for row in of if row["words"])),
            }
        )
    return pd.DataFrame(made) if made else None


def _near(now: Mapping[str, Any], budget: float) -> bool:
    """Whether an arm spends about the budget: nearly so much, or its interval holds it."""
    if now["difference_low"] <= budget <= now["difference_high"]:
        return True
    return bool(abs(now["difference_mean"] - budget) <= NEAR * budget)


def effort_sentences(study: Study, table: pd.DataFrame | None) -> list[str]:
    """That arms are compared at the same effort, and which of them do not spend it.

    Args:
        study: The study.
        table: What `equal_effort` gave, of all structures.
    """
    rows = efforts_of(study)
    if not rows:
        return []
    arms = _by_arm(rows)
    budget, unit = rows[0]["budget"], rows[0]["unit"]
    said = [f"Arms are compared at equal effort: {budget:,.0f} {unit} each."]
    off = {arm: of for arm, of in arms.items() if not of[0]["on_budget"]}
    full = {arm: of for arm, of in off.items() if any(row["saturated"] for row in of)}
    others = {arm: of for arm, of in off.items() if arm not in full}
    if full:
        said.append(f"Even with the largest share, less is spent by {_named(full)}.")
    if others:
        said.append(f"No share of these gives that effort: {_named(others)}.")
    missed = {
        str(row["arm"]): row
        for row in ([] if table is None else records(table))
        if not row["on_budget"] and str(row["arm"]) not in off
    }
    said += [
        f"{arm_title(arm)} spends {row['spending']:,.0f}, which pilot runs did not tell."
        for arm, row in missed.items()
    ]
    beyond = beyond_everybody(rows)
    return [*said, beyond] if beyond else said


def tell_efforts(table: pd.DataFrame, say: Callable[[str], None]) -> None:
    """Print what each arm spends, and why some do not spend what all may."""
    rows = records(table)
    say(f"{'arm':48}{'expected':>14}{'spending':>14}  {'95% interval':28}{rows[0]['unit']}")
    for row in rows:
        low, high = row["spending_low"], row["spending_high"]
        ends = "" if math.isnan(low) else f"{low:,.0f} to {high:,.0f}"
        first, *others = titles_of(str(row["arm"]))
        now = f"{row['spending']:,.0f}"
        say(f"{first:48}{row['effort']:>14,.0f}{now:>14}  {ends:28}{row['words']}".rstrip())
        for title in others:
            say(f"  + {title}")


def _by_arm(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row["arm"]), []).append(row)
    return found


def _named(arms: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Arms with what each spends."""
    named = [
        f"{arm_title(arm)} ({of[0]['effort']:,.0f})" for arm, of in list(arms.items())[:MOST_NAMED]
    ]
    more = len(arms) - len(named)
    return listed([*named, *([f"{more} more"] if more else [])])

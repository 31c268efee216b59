"""Say whether all arms of a study spend the same, which saturate, and which keep their shares."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import BASELINE
from hesim.levers.titles import titles_of
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import beyond_credible, beyond_everybody
from hesim.study.answers.speaker import ENGLISH, Speaker
from hesim.study.effort import MEASURES, UNITS
from hesim.study.points import CENTRAL
from hesim.study.unpriced import AT_LEAST

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.folder import Study

NEAR = 0.1
"""Part of the budget by which an arm may miss it and still counts as on budget."""
SUM = 21
"""Letters of a column with sums, which may be the least that an arm spends."""
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
        interval, days priced and without transfers; at_least, whether that is the known part
        alone; on_budget; saturated, whether a share is at its largest; beyond_credible, whether a
        dial is beyond what is credible; words about an arm that is not on budget or beyond what is
        credible. None in a study that asks for no equal effort.
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
                "at_least": _at_least(of),
                "on_budget": of[0]["on_budget"] and _near(now, float(of[0]["budget"])),
                "saturated": any(row["saturated"] for row in of),
                "beyond_credible": any(row.get("beyond_credible") for row in of),
                "words": "; ".join(dict.fromkeys(row["words"] for row in of if row["words"])),
            }
        )
    return pd.DataFrame(made) if made else None


def _at_least(of: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an arm has a lever whose cost is not known, beside others."""
    return any(bool(row.get("at_least")) for row in of)


def _near(now: Mapping[str, Any], budget: float) -> bool:
    """Whether an arm spends about the budget: nearly so much, or its interval holds it."""
    if now["difference_low"] <= budget <= now["difference_high"]:
        return True
    return bool(abs(now["difference_mean"] - budget) <= NEAR * budget)


def effort_sentences(study: Study, table: pd.DataFrame | None, say: Speaker = ENGLISH) -> list[str]:
    """That arms are compared at the same effort, and which of them do not spend it.

    Args:
        study: The study.
        table: What `equal_effort` gave, of all structures.
        say: Language.
    """
    rows = efforts_of(study)
    if not rows:
        return []
    arms = _by_arm(rows)
    effort = f"{say.write(rows[0]['budget'], ',.0f')} {say.name(rows[0]['unit'])}"
    said = [say("Arms are compared at equal effort: {effort} each.", effort=effort)]
    off = {arm: of for arm, of in arms.items() if not of[0]["on_budget"]}
    full = {arm: of for arm, of in off.items() if any(row["saturated"] for row in of)}
    others = {arm: of for arm, of in off.items() if arm not in full}
    if full:
        named = _named(full, say)
        said.append(say("Even with the largest share, less is spent by {arms}.", arms=named))
    if others:
        named = _named(others, say)
        said.append(say("No share of these gives that effort: {arms}.", arms=named))
    missed = {
        str(row["arm"]): row
        for row in ([] if table is None else records(table))
        if not row["on_budget"] and str(row["arm"]) not in off
    }
    said += [
        say(
            "{arm} spends {sum}, which pilot runs did not tell.",
            arm=say.arm(arm),
            sum=_sum(row, "spending", say),
        )
        for arm, row in missed.items()
    ]
    return [*said, *filter(None, (beyond_everybody(rows, say), beyond_credible(rows, say)))]


def tell_efforts(table: pd.DataFrame, say: Callable[[str], None]) -> None:
    """Print what each arm spends, and why some do not spend what all may."""
    rows = records(table)
    say(f"{'arm':48}{'expected':>{SUM}}{'spending':>{SUM}}  {'95% interval':28}{rows[0]['unit']}")
    for row in rows:
        low, high = row["spending_low"], row["spending_high"]
        ends = "" if math.isnan(low) else f"{low:,.0f} to {high:,.0f}"
        first, *others = titles_of(str(row["arm"]))
        before, now = _sum(row, "effort"), _sum(row, "spending")
        say(f"{first:48}{before:>{SUM}}{now:>{SUM}}  {ends:28}{row['words']}".rstrip())
        for title in others:
            say(f"  + {title}")


def _by_arm(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row["arm"]), []).append(row)
    return found


def _sum(row: Mapping[str, Any], name: str, say: Speaker = ENGLISH) -> str:
    """A sum in words: the least that an arm spends where the cost of a lever is not known."""
    least = say(AT_LEAST) if row.get("at_least") else ""
    return f"{least}{say.write(row[name], ',.0f')}"


def _named(arms: Mapping[str, Sequence[Mapping[str, Any]]], say: Speaker) -> str:
    """Arms with what each spends."""
    named = [
        f"{say.arm(arm)} ({_sum(of[0], 'effort', say)})"
        for arm, of in list(arms.items())[:MOST_NAMED]
    ]
    more = len(arms) - len(named)
    return say.enumeration([*named, *([say("{count} more", count=more)] if more else [])])

"""Tell the comparison of two runs in words and as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hesim.levers.arms import POLICY
from hesim.levers.dates import years_in_words
from hesim.outcomes.registry import OUTCOMES
from hesim.record.run_comparison import compared_arm, same_model
from hesim.study.answers.effects import records
from hesim.survey.crossings import CROSSINGS

if TYPE_CHECKING:
    from hesim.record.run_comparison import RunComparison
    from hesim.record.run_folder import Run

MOST_CHANGES = 20
"""Differences of settings that are told one by one."""
_HEAD = f"{'first':>14}{'second':>14}{'difference':>14}  {'95% interval':28}{'':22}unit"


def obstacles(first: Run, second: Run) -> Iterator[str]:
    """Why the difference of two runs would be no effect of their settings, in words."""
    spans = [(run.settings["start"], run.settings["years"]) for run in (first, second)]
    if spans[0] != spans[1]:
        words = " and ".join(
            f"{years} year{'s' * (years != 1)} from {start}" for start, years in spans
        )
        yield f"the years differ: {words}; only those that both have could be compared"
    scales = [run.settings["population"].get("scale") for run in (first, second)]
    if scales[0] != scales[1]:
        yield (
            f"the scale differs: {scales[0]:g} and {scales[1]:g}; rates of a thin population are "
            "off by an amount of their own"
        )
    if not same_model(first, second):
        yield "the model differs: the runs were made by different versions of the code"


def tell_comparison(
    found: RunComparison, changes: Sequence[str], say: Callable[[str], None]
) -> None:
    """Say what was compared, what differs in what was simulated, and what came out.

    Args:
        found: The comparison.
        changes: What differs between the runs, in words.
        say: Prints a line.
    """
    say(found.sentence)
    if found.unpaired:
        say("Without pairs chance weighs more: intervals are wider than those of pairs.")
    say("What differs:" if changes else "Nothing differs in settings, data and code.")
    for line in changes[:MOST_CHANGES]:
        say(f"  {line}")
    if len(changes) > MOST_CHANGES:
        say(f"  and {len(changes) - MOST_CHANGES} more")
    means = records(found.means)
    if found.dimension:
        _tell_parts(found, means, say)
    else:
        _tell_outcomes(found, means, say)
    for line in _cautions(found):
        say(f"\n{line}")


def _tell_parts(
    found: RunComparison, means: list[dict[str, Any]], say: Callable[[str], None]
) -> None:
    """Say each outcome category by category."""
    for outcome in dict.fromkeys(row["outcome"] for row in means):
        say(f"\n{f'{outcome} by {found.dimension}':32}{_HEAD}")
        for row in means:
            if row["outcome"] == outcome:
                say(f"{row[found.dimension]:32}{_numbers(row)}")


def _tell_outcomes(
    found: RunComparison, means: list[dict[str, Any]], say: Callable[[str], None]
) -> None:
    """Say the headline outcomes, and crossings year by year."""
    over = years_in_words(int(means[0]["from_year"]), int(means[0]["to_year"]))
    say(f"\n{'mean of ' + over:32}{_HEAD}")
    for row in means:
        if not OUTCOMES[row["outcome"]].of_levers or row["first"] or row["second"]:
            say(f"{row['outcome']:32}{_numbers(row)}")
    for name in CROSSINGS:
        say(f"\n{name + ' by year':32}{_HEAD}")
        for row in records(found.by_year):
            if row["outcome"] == name:
                say(f"{row['year']!s:32}{_numbers(row)}")


def _numbers(row: dict[str, Any]) -> str:
    known, seen = "", ""
    if row["low"] == row["low"]:
        known = f"{row['low']:+,.2f} to {row['high']:+,.2f}"
        seen = "" if row["distinguishable"] else "not distinguishable"
    return (
        f"{row['first']:14,.2f}{row['second']:14,.2f}{row['difference']:+14,.2f}  "
        f"{known:28}{seen:22}{row['unit']}"
    )


def _cautions(found: RunComparison) -> Iterator[str]:
    if int(found.means["replications"].iloc[0]) < 2:
        yield "One replication gives no interval: whether a difference is chance cannot be told."
    if POLICY in (compared_arm(found.first), compared_arm(found.second)):
        yield "What levers do rests on effect sizes that are assumed: these are no findings."

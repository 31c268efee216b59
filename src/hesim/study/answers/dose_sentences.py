"""Say in words what a dose-response study found."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.levers.titles import arm_title
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import beyond_everybody, ends_in_words

if TYPE_CHECKING:
    import pandas as pd


def dose_sentences(table: pd.DataFrame, outcome: str) -> list[str]:
    """The curve in words, for each structure where there are several.

    Args:
        table: The table `dose` of an answer.
        outcome: Whose change is the effect.
    """
    beyond = [words for words in [beyond_everybody(records(table))] if words]
    if STRUCTURE not in table:
        return [dose_sentence(records(table), outcome), *beyond]
    said = [
        f"{name}: {dose_sentence(records(group), outcome)}"
        for name, group in table.groupby(STRUCTURE, sort=False)
    ]
    return [*said, *beyond]


def tell_doses(table: pd.DataFrame, say: Callable[[str], None]) -> None:
    """Print the table of doses."""
    say("\nThe lever at each share that takes part (effort a year, at full scale):")
    told = ("lever", "dial", "unit", "euros_low", "euros_high")
    columns = [name for name in table if name not in told]
    say(table[columns].to_string(index=False, na_rep="-", float_format=_figure))


def _figure(value: float) -> str:
    """A figure as short as it can be read."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def dose_sentence(rows: Sequence[Mapping[str, Any]], outcome: str) -> str:
    """The curve in words: the effect at the usual share and at the largest, and what each takes.

    Args:
        rows: Rows of `dose_table` of one structure.
        outcome: Whose change is the effect.
    """
    if not rows:
        return "No run of this study is whole yet."
    lever, what = arm_title(str(rows[0]["lever"])), outcome.replace("_", " ")
    sure = [row for row in rows if row["distinguishable"]]
    if not sure:
        known = not math.isnan(rows[0]["effect_low"])
        why = "is distinguishable from zero" if known else "has an interval: that takes more runs"
        shares = f"none of {len(rows)} shares" if len(rows) > 1 else "no share"
        return f"The effect of {lever} on {what} at {shares} {why}."
    marked = [row for row in rows if row["usual"]]
    chosen = list({row["share"]: row for row in (*marked, rows[-1])}.values())
    said = "; ".join(_at(row, row in marked) for row in chosen)
    return (
        f"{lever} changes {what} by {said}. It is distinguishable from zero from a share of "
        f"{sure[0]['share']:g} on{_returns(marked, rows[-1])}."
        if _from_on(rows, sure)
        else f"{lever} changes {what} by {said}. It is distinguishable from zero at {len(sure)} of "
        f"{len(rows)} shares{_returns(marked, rows[-1])}."
    )


def _from_on(rows: Sequence[Mapping[str, Any]], sure: Sequence[Mapping[str, Any]]) -> bool:
    """Whether effects can be told from zero from some share on."""
    return list(sure) == list(rows[len(rows) - len(sure) :])


def _at(row: Mapping[str, Any], usual: bool) -> str:
    """The effect at one share, and what it takes."""
    name = "the usual share" if usual else "the share"
    ends = ends_in_words(row["effect_low"], row["effect_high"])
    unsure = "" if row["distinguishable"] else ", not distinguishable from zero,"
    takes = [
        f"{row[key]:,.0f} {unit} a year"
        for key, unit in (("euros", "euros"), ("days", "working days"))
        if row[key] > 0
    ]
    cost = f" for {' and '.join(takes)}" if takes else ""
    return f"{row['effect']:+,.1f} {row['unit']}{ends}{unsure} at {name} of {row['share']:g}{cost}"


def _returns(marked: Sequence[Mapping[str, Any]], most: Mapping[str, Any]) -> str:
    """How the gain for each euro changes from the usual share to the largest."""
    if not marked or marked[0]["share"] == most["share"]:
        return ""
    usual = marked[0]
    if not (usual["distinguishable"] and most["distinguishable"]):
        return ""
    if not (usual["euros"] > 0 and most["euros"] > 0 and usual["effect"]):
        return ""
    ratio = most["effect"] / most["euros"] / (usual["effect"] / usual["euros"])
    if ratio < 0:
        # The effect has turned, and that is no part of what it was.
        return ""
    return f"; a euro does {100 * ratio:,.0f}% of what it does at the usual share"

"""Say in words what a dose-response study found."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.config.folders import STRUCTURE
from hesim.study.answers.effects import records
from hesim.study.answers.phrases import beyond_everybody
from hesim.study.answers.speaker import ENGLISH, Speaker

if TYPE_CHECKING:
    import pandas as pd


def dose_sentences(table: pd.DataFrame, outcome: str, say: Speaker = ENGLISH) -> list[str]:
    """The curve in words, for each structure where there are several.

    Args:
        table: The table `dose` of an answer.
        outcome: Whose change is the effect.
        say: Language.
    """
    beyond = [words for words in [beyond_everybody(records(table), say)] if words]
    if STRUCTURE not in table:
        return [dose_sentence(records(table), outcome, say), *beyond]
    said = [
        f"{say.name(str(name))}: {dose_sentence(records(group), outcome, say)}"
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


def dose_sentence(rows: Sequence[Mapping[str, Any]], outcome: str, say: Speaker = ENGLISH) -> str:
    """The curve in words: the effect at the usual share and at the largest, and what each takes.

    Args:
        rows: Rows of `dose_table` of one structure.
        outcome: Whose change is the effect.
        say: Language.
    """
    if not rows:
        return say("No run of this study is whole yet.")
    named = {"lever": say.arm(str(rows[0]["lever"])), "what": say.outcome(outcome)}
    sure = [row for row in rows if row["distinguishable"]]
    if not sure:
        known = not math.isnan(rows[0]["effect_low"])
        shares = (
            say("none of {count} shares", count=len(rows)) if len(rows) > 1 else say("no share")
        )
        why = (
            "The effect of {lever} on {what} at {shares} is distinguishable from zero."
            if known
            else "The effect of {lever} on {what} at {shares} has an interval: that takes "
            "more runs."
        )
        return say(why, shares=shares, **named)
    marked = [row for row in rows if row["usual"]]
    chosen = list({row["share"]: row for row in (*marked, rows[-1])}.values())
    named["said"] = "; ".join(_at(row, row in marked, say) for row in chosen)
    named["returns"] = _returns(marked, rows[-1], say)
    if _from_on(rows, sure):
        return say(
            "{lever} changes {what} by {said}. It is distinguishable from zero from a share of "
            "{share} on{returns}.",
            share=say.write(sure[0]["share"], "g"),
            **named,
        )
    return say(
        "{lever} changes {what} by {said}. It is distinguishable from zero at {some} of {count} "
        "shares{returns}.",
        some=len(sure),
        count=len(rows),
        **named,
    )


def _from_on(rows: Sequence[Mapping[str, Any]], sure: Sequence[Mapping[str, Any]]) -> bool:
    """Whether effects can be told from zero from some share on."""
    return list(sure) == list(rows[len(rows) - len(sure) :])


def _at(row: Mapping[str, Any], usual: bool, say: Speaker) -> str:
    """The effect at one share, and what it takes."""
    at = (
        "{effect}{ends}{unsure} at the usual share of {share}{cost}"
        if usual
        else "{effect}{ends}{unsure} at the share of {share}{cost}"
    )
    takes = [
        say(words, number=say.write(row[key], ",.0f"))
        for key, words in (
            ("euros", "{number} euros a year"),
            ("days", "{number} working days a year"),
        )
        if row[key] > 0
    ]
    return say(
        at,
        effect=f"{say.write(row['effect'], '+,.1f')} {say.name(row['unit'])}",
        ends=say.ends(row["effect_low"], row["effect_high"]),
        unsure="" if row["distinguishable"] else say(", not distinguishable from zero") + ",",
        share=say.write(row["share"], "g"),
        cost=say(" for {takes}", takes=say.enumeration(takes)) if takes else "",
    )


def _returns(marked: Sequence[Mapping[str, Any]], most: Mapping[str, Any], say: Speaker) -> str:
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
    percent = say.write(100 * ratio, ",.0f")
    return say("; a euro does {percent}% of what it does at the usual share", percent=percent)

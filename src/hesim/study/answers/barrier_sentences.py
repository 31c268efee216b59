"""Say in words what a study of barriers found, a paragraph for each direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hesim.study.answers.barriers import BAR, EVERY
from hesim.study.answers.effects import records
from hesim.study.answers.speaker import ENGLISH, Speaker

if TYPE_CHECKING:
    import pandas as pd

NO_DRAW = "No draw of this study has all of its combinations of barriers yet."
MOST_PAIRS = 4
"""Pairs that are named; the table has all of them."""


def barrier_sentences(tables: dict[str, pd.DataFrame], say: Speaker = ENGLISH) -> list[str]:
    """A paragraph for each direction: the difference, the shares, and what cannot be told.

    Args:
        tables: As `answer_barriers` makes them.
        say: Language.
    """
    found = barrier_answers(tables, say)
    if not found:
        return [say(NO_DRAW)]
    return [" ".join(sentences) for sentences in found.values()]


def barrier_answers(
    tables: dict[str, pd.DataFrame], say: Speaker = ENGLISH
) -> dict[str, list[str]]:
    """The sentences by direction, the difference first; none before a draw is whole.

    Args:
        tables: As `answer_barriers` makes them.
        say: Language.
    """
    found = tables["barriers"]
    if found.empty or found["contribution"].isna().all():
        return {}
    return {way: _sentences(way, tables, say) for way in dict.fromkeys(found["direction"])}


def main_part(frame: pd.DataFrame, direction: str) -> list[dict[str, Any]]:
    """Rows of a direction over all structures, or of the only one."""
    mine = frame[frame["direction"] == direction]
    over = mine[mine["structure"] == EVERY]
    return records(over if len(over) else mine)


def _sentences(direction: str, tables: dict[str, pd.DataFrame], say: Speaker) -> list[str]:
    [whole] = main_part(tables["barriers_difference"], direction)
    rows = sorted(main_part(tables["barriers"], direction), key=lambda r: -r["share_percent"])
    count = say("all {count} barriers", count=len(rows)) if len(rows) > 1 else say("the barrier")
    numbers = {key: say.write(whole[key], ",.0f") for key in ("without", "with_all", "difference")}
    said = [
        say(
            "{way}: without {count} {without} {unit} would cross instead of {with_all}, "
            "{difference} more{ends}.",
            way=say.name(whole["title_direction"]),
            count=count,
            unit=say.name(whole["unit"]),
            ends=say.ends(whole["difference_low"], whole["difference_high"], ",.0f"),
            **numbers,
        )
    ]
    sure = [row for row in rows if row["distinguishable"]]
    unsure = [say.low(row["title"]) for row in rows if not row["distinguishable"]]
    if sure:
        parts = [f"{say.low(row['title'])} {_share(row, 'share_percent', say)}" for row in sure]
        said.append(say("Shares of the difference: {shares}.", shares=say.enumeration(parts)))
    if unsure:
        named = say.enumeration(unsure)
        said.append(say("No contribution can be told from nothing of {barriers}.", barriers=named))
    said += _partial(rows, say)
    said += _not_apart(main_part(tables["barriers_pairs"], direction), say)
    said.append(_largest(direction, tables["barriers_draws"], say))
    return said


def _share(row: dict[str, Any], column: str, say: Speaker) -> str:
    """A share in percent with its interval."""
    ends = say.ends(row[f"{column}_low"], row[f"{column}_high"], ",.0f", "%")
    return f"{row[column]:.0f}%{ends}"


def _partial(rows: Sequence[dict[str, Any]], say: Speaker) -> list[str]:
    """What is said of barriers that are only made smaller, and of the others without them."""
    partial = [say.name(row["title"]) for row in rows if row["partial"]]
    rest = [row for row in rows if not row["partial"]]
    if not partial or not rest:
        return []
    first = max(rest, key=lambda row: row["share_without_partial_percent"])
    if math.isnan(first["share_without_partial_percent"]):
        return []
    return [
        say(
            "{eased} cannot be switched off, only eased by an assumed size. Where it stays "
            "as it is, {first} has the largest share, {share}.",
            eased=say.enumeration(partial),
            first=say.low(first["title"]),
            share=_share(first, "share_without_partial_percent", say),
        )
    ]


def _not_apart(pairs: Sequence[dict[str, Any]], say: Speaker) -> list[str]:
    """Which barriers the data cannot tell apart."""
    open_order, trade_offs = unknown_pairs(pairs)
    said = []
    if open_order:
        named = _pairs(open_order, say)
        said.append(
            say("The data do not tell which of the two contributes more: {pairs}.", pairs=named)
        )
    if trade_offs:
        said.append(
            say(
                "What one of these contributes the other does not, draw by draw, so that only "
                "their sum is known: {pairs}.",
                pairs=_pairs(trade_offs, say),
            )
        )
    return said


def unknown_pairs(
    pairs: Sequence[dict[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pairs of which the larger is not known, and those of which only the sum is."""
    some = [row for row in pairs if not row["neither_distinguishable"]]
    open_order = [row for row in some if not row["order_known"]]
    return open_order, [row for row in some if row["trade_off"]]


def pair_in_words(row: dict[str, Any], say: Speaker) -> str:
    """Two barriers."""
    return say("{one} or {other}", one=say.low(row["title"]), other=say.low(row["title_other"]))


def _pairs(rows: Sequence[dict[str, Any]], say: Speaker) -> str:
    named = [pair_in_words(row, say) for row in rows]
    more = len(named) - MOST_PAIRS
    rest = say("; and {count} more pairs", count=more) if more > 0 else ""
    return "; ".join(named[:MOST_PAIRS]) + rest


def _largest(direction: str, draws: pd.DataFrame, say: Speaker) -> str:
    """How the largest share of one barrier stands to the bar, over draws."""
    mine = draws[(draws["direction"] == direction) & draws["largest"]]
    top = records(mine.sort_values("share_percent", ascending=False, kind="stable"))
    if not top or math.isnan(top[0]["share_percent"]):
        return say("In no draw do the barriers make a difference.")
    above = int((mine["share_percent"] > BAR).sum())
    structure = say.structure(str(top[0]["structure"]))
    where = (
        say("draw {draw} of {structure}", draw=top[0]["draw"], structure=structure)
        if top[0]["draw"] >= 0
        else say("the calibrated point of {structure}", structure=structure)
    )
    said = say(
        "The largest share of one barrier is {share}% ({barrier}, {where}); it is above {bar}% in "
        "{above} of {count} draws",
        share=f"{top[0]['share_percent']:.0f}",
        barrier=say.low(top[0]["title"]),
        where=where,
        bar=f"{BAR:g}",
        above=above,
        count=len(mine),
    )
    all_draws = draws[draws["direction"] == direction]
    rest = all_draws.groupby(["structure", "draw"])["share_without_partial_percent"].max()
    if all_draws["share_without_partial_percent"].isna().any() and rest.notna().any():
        count = int((rest > BAR).sum())
        said += say(", and in {count} where posts stay as they are", count=count)
    return f"{said}."


def tell_shares(tables: dict[str, pd.DataFrame], say: Callable[[str], None]) -> None:
    """Print the contributions of all barriers, by direction and structure."""
    found = tables["barriers"]
    if found.empty:
        return
    for direction in dict.fromkeys(found["direction"]):
        mine = found[found["direction"] == direction]
        for structure in dict.fromkeys(mine["structure"]):
            rows = records(mine[mine["structure"] == structure])
            say(
                f"\n{rows[0]['title_direction']}, structure {structure}, {rows[0]['unit']}\n"
                f"{'barrier':22}{'contribution':>14}  {'95% interval':20}{'of which noise':20}"
                f"{'share':>6}  {'95% interval':16}{'first':>9}{'last':>9}"
            )
            for row in sorted(rows, key=lambda row: -row["contribution"]):
                say(_row_of_shares(row))


def _row_of_shares(row: dict[str, Any]) -> str:
    persons = _between(row["contribution_low"], row["contribution_high"])
    noise = _between(row["contribution_noise_low"], row["contribution_noise_high"])
    share = _between(row["share_percent_low"], row["share_percent_high"])
    sure = "" if row["distinguishable"] or not share else "  not told from nothing"
    return (
        f"{row['title']:22}{row['contribution']:14,.1f}  {persons:20}{noise:20}"
        f"{row['share_percent']:5.1f}%  {share:16}{row['first']:9,.0f}{row['last']:9,.0f}{sure}"
    )


def _between(low: float, high: float) -> str:
    return "" if math.isnan(low) else f"{low:,.1f} to {high:,.1f}"

"""Say in words what a study of barriers found, a paragraph for each direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hesim.study.answers.barriers import BAR, EVERY
from hesim.study.answers.effects import records

if TYPE_CHECKING:
    import pandas as pd

MOST_PAIRS = 4
"""Pairs that are named; the table has all of them."""


def barrier_sentences(tables: dict[str, pd.DataFrame]) -> list[str]:
    """A paragraph for each direction: the difference, the shares, and what cannot be told."""
    found = tables["barriers"]
    if found.empty or found["contribution"].isna().all():
        return ["No draw of this study has all of its combinations of barriers yet."]
    return [_paragraph(direction, tables) for direction in dict.fromkeys(found["direction"])]


def main_part(frame: pd.DataFrame, direction: str) -> list[dict[str, Any]]:
    """Rows of a direction over all structures, or of the only one."""
    mine = frame[frame["direction"] == direction]
    over = mine[mine["structure"] == EVERY]
    return records(over if len(over) else mine)


def _paragraph(direction: str, tables: dict[str, pd.DataFrame]) -> str:
    [whole] = main_part(tables["barriers_difference"], direction)
    rows = sorted(main_part(tables["barriers"], direction), key=lambda r: -r["share_percent"])
    count = f"all {len(rows)} barriers" if len(rows) > 1 else "the barrier"
    said = [
        f"{whole['title_direction']}: without {count} {whole['without']:,.0f} {whole['unit']} "
        f"would cross instead of {whole['with_all']:,.0f}, {whole['difference']:,.0f} more"
        f"{_ends(whole['difference_low'], whole['difference_high'])}."
    ]
    sure = [row for row in rows if row["distinguishable"]]
    unsure = [row["title"].lower() for row in rows if not row["distinguishable"]]
    if sure:
        parts = [
            f"{row['title'].lower()} {row['share_percent']:.0f}%"
            f"{_ends(row['share_percent_low'], row['share_percent_high'], '%')}"
            for row in sure
        ]
        said.append(f"Shares of the difference: {_listed(parts)}.")
    if unsure:
        said.append(f"No contribution can be told from nothing of {_listed(unsure)}.")
    said += _partial(rows)
    said += _not_apart(main_part(tables["barriers_pairs"], direction))
    said.append(_largest(direction, tables["barriers_draws"]))
    return " ".join(said)


def _partial(rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is said of barriers that are only made smaller, and of the others without them."""
    partial = [row["title"] for row in rows if row["partial"]]
    rest = [row for row in rows if not row["partial"]]
    if not partial or not rest:
        return []
    first = max(rest, key=lambda row: row["share_without_partial_percent"])
    if math.isnan(first["share_without_partial_percent"]):
        return []
    ends = _ends(
        first["share_without_partial_percent_low"], first["share_without_partial_percent_high"], "%"
    )
    return [
        f"{_listed(partial)} cannot be switched off, only eased by an assumed size. Where it stays "
        f"as it is, {first['title'].lower()} has the largest share, "
        f"{first['share_without_partial_percent']:.0f}%{ends}."
    ]


def _not_apart(pairs: Sequence[dict[str, Any]]) -> list[str]:
    """Which barriers the data cannot tell apart."""
    some = [row for row in pairs if not row["neither_distinguishable"]]
    open_order = [row for row in some if not row["order_known"]]
    trade_offs = [row for row in some if row["trade_off"]]
    said = []
    if open_order:
        said.append(
            f"The data do not tell which of the two contributes more: {_pairs(open_order)}."
        )
    if trade_offs:
        said.append(
            "What one of these contributes the other does not, draw by draw, so that only their "
            f"sum is known: {_pairs(trade_offs)}."
        )
    return said


def _pairs(rows: Sequence[dict[str, Any]]) -> str:
    named = [f"{row['title'].lower()} or {row['title_other'].lower()}" for row in rows]
    more = len(named) - MOST_PAIRS
    return "; ".join(named[:MOST_PAIRS]) + (f"; and {more} more pairs" if more > 0 else "")


def _largest(direction: str, draws: pd.DataFrame) -> str:
    """How the largest share of one barrier stands to the bar, over draws."""
    mine = draws[(draws["direction"] == direction) & draws["largest"]]
    top = records(mine.sort_values("share_percent", ascending=False, kind="stable"))
    if not top or math.isnan(top[0]["share_percent"]):
        return "In no draw do the barriers make a difference."
    above = int((mine["share_percent"] > BAR).sum())
    where = (
        f"draw {top[0]['draw']} of {top[0]['structure']}"
        if top[0]["draw"] >= 0
        else (f"the calibrated point of {top[0]['structure']}")
    )
    said = (
        f"The largest share of one barrier is {top[0]['share_percent']:.0f}% "
        f"({top[0]['title'].lower()}, {where}); it is above {BAR:g}% in {above} of {len(mine)} "
        "draws"
    )
    all_draws = draws[draws["direction"] == direction]
    rest = all_draws.groupby(["structure", "draw"])["share_without_partial_percent"].max()
    if all_draws["share_without_partial_percent"].isna().any() and rest.notna().any():
        said += f", and in {int((rest > BAR).sum())} where posts stay as they are"
    return f"{said}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _ends(low: float, high: float, unit: str = "") -> str:
    return "" if math.isnan(low) else f" (95% interval {low:,.0f} to {high:,.0f}{unit})"


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

"""Write all tables that a study answers with, as HTML: titles in the reader's language, no ids."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from hesim.app.outcome_terms import outcome_html
from hesim.app.speakers import speaker
from hesim.app.table_html import wide
from hesim.calibration.titles import STRUCTURES
from hesim.config.folders import STRUCTURE
from hesim.outcomes.registry import OUTCOMES
from hesim.study.answers.effects import records
from hesim.study.answers.structure_sentences import range_table
from hesim.study.answers.structures import RANGES

if TYPE_CHECKING:
    import pandas as pd

    from hesim.app.words import Words
    from hesim.study.answers.question import Answer

SHOWN = (
    RANGES,
    "dose",
    "equal_effort",
    "sensitivity",
    "robustness",
    "best",
    "beats",
    "beats_per_euro",
    "worth",
    "variance",
    "lever_shares",
    "draw_ranks",
    "discovery",
    "trade_offs",
)
"""Tables of an answer, in their order. The league and the participants have their own places."""
HIDDEN = frozenset({"title", "label"})
"""Columns that say what another one says already."""
MOST = 40
"""Rows of a table."""
SMALL = 0.1
"""Numbers below it are written with two digits that count."""
ARMS = frozenset({"arm", "lever"})
PATHS = frozenset({"uncertainty", "parameter"})
NAMED = frozenset({"grade", "unit", "outcome", "scenario", "words"})


def answer_tables_html(made: Answer, words: Words) -> str:
    """All tables of an answer, each to be folded out.

    Args:
        made: The answer, of all structures.
        words: Language.
    """
    parts = []
    for name in SHOWN:
        # Of structures those rows that are asked for, as `hesim compare` prints them.
        table = range_table(made) if name == RANGES and made.parts else made.tables.get(name)
        if table is not None and len(table):
            title = words(f"answers_{name}")
            parts.append(
                f"<details class='hesim-answer'><summary>{escape(title)}</summary>"
                f"{table_html(table, title, words)}</details>"
            )
    return "".join(parts)


def table_html(table: pd.DataFrame, caption: str, words: Words) -> str:
    """A table of an answer.

    Args:
        table: The table.
        caption: What it shows.
        words: Language.
    """
    columns = [str(name) for name in table if name not in HIDDEN]
    head = "".join(f"<th scope='col'>{_head(name, words)}</th>" for name in columns)
    body = []
    for row in records(table.head(MOST)):
        cells = []
        for k, name in enumerate(columns):
            text, number = cell_words(name, row[name], words)
            html = escape(text)
            if name == "outcome" and row[name] in OUTCOMES:
                html = outcome_html(str(row[name]), words)
            if k == 0:
                cells.append(f"<th scope='row'>{html}</th>")
            else:
                kind = " class='hesim-num'" if number else ""
                cells.append(f"<td{kind}>{html}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    rest = ""
    if len(table) > MOST:
        told = words("study_first_rows", most=MOST, count=len(table))
        rest = f"<p class='hesim-small'>{escape(told)}</p>"
    html = (
        f"<table class='hesim-table'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    )
    return wide(html, caption) + rest


def _head(name: str, words: Words) -> str:
    """The head of a column as HTML."""
    return outcome_html(name, words) if name in OUTCOMES else escape(column_title(name, words))


def column_title(name: str, words: Words) -> str:
    """What a column is called: an arm, outcome or setting by its title."""
    known = words.known(f"column_{name}", "")
    if known:
        return known
    if name in OUTCOMES:
        return words(name)
    say = speaker(words)
    if name.startswith("rank_"):
        return (
            f"{words('column_rank_holds').split()[-1]}: {say.structure(name.removeprefix('rank_'))}"
        )
    if name.partition(":")[0] in STRUCTURES:
        return say.structure(name)
    return say.arm(name)


def cell_words(column: str, value: Any, words: Words) -> tuple[str, bool]:
    """A cell in words, and whether it is a number."""
    say = speaker(words)
    if value is None or value != value:
        return "-", True
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return words("chart_yes" if value else "chart_no"), False
    if isinstance(value, str):
        if column in ARMS:
            return say.arm(value), False
        if column in PATHS:
            return say.setting(value), False
        if column == STRUCTURE:
            return say.structure(value), False
        if column in NAMED:
            return say.name(value), False
        return value, False
    number = float(value)
    # A share or an index may be small, and still be told from nothing.
    small = 0 < abs(number) < SMALL
    return words.written(number, ".2g") if small else words.number(number), True

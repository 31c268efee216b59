"""Write what levers did for those who took part, as tables of the page.

The rows are those of `record.participant_table`, which screen, file and report have too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from hesim.app import lever_words
from hesim.app.lever_words import arm_heading
from hesim.levers.registry import has_participants
from hesim.record.participant_table import EVERYBODY, WHOLE_RUN
from hesim.record.participant_words import DISPLACED, horizons_of, longest
from hesim.record.participants import MEASURES, OTHERS, PARTICIPANTS
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    from hesim.app.words import Words
    from hesim.levers.catalogue import Description

Row = Mapping[str, Any]
FOLD = 2
"""Most levers whose tables are all open from the start; of more each is opened by a click."""
GROUPS = (PARTICIPANTS, OTHERS, EVERYBODY)
OVERVIEW = ((PARTICIPANTS, "wo_to_hbo"), (PARTICIPANTS, "hbo_to_wo"), (OTHERS, "wo_to_hbo"))
"""Group and measure of each column of the table of all levers."""


class LeverRows(NamedTuple):
    """The rows of one lever of an arm, with what they are called on the page."""

    title: str
    rows: Sequence[Row]


def lever_title(lever: str, levers: Mapping[str, Description], words: Words) -> str:
    """The title of a lever, of the packaged ones in the reader's language.

    Args:
        lever: Its name.
        levers: The levers that the run or study has, by name.
        words: Language.
    """
    known = levers.get(lever)
    return lever_words.lever_heading(lever, words, known.title if known else None)


def by_lever(
    rows: Iterable[Row], levers: Mapping[str, Description], words: Words
) -> list[LeverRows]:
    """Part the table by arm, scenario and lever, in its own order."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        lever = str(row["lever"])
        key = str(row.get("arm", lever)), str(row.get("scenario", CENTRAL)), lever
        found.setdefault(key, []).append(row)
    made = []
    for (arm, scenario, lever), mine in found.items():
        others = [part for part in arm.split("+") if part != lever]
        within = (
            [words("with_others", levers=arm_heading("+".join(others), words))] if others else []
        )
        within += [] if scenario == CENTRAL else [words("in_scenario", name=words(scenario))]
        title = lever_title(lever, levers, words)
        made.append(LeverRows(f"{title} ({'; '.join(within)})" if within else title, mine))
    return made


def difference_html(row: Row, words: Words) -> str:
    """A difference with its interval, and a star where it can be told from zero."""
    low, high = (float(row[f"difference_{end}"]) for end in ("low", "high"))
    told = words.phrases.estimate(float(row["difference"]), low, high, signed=True)
    return told if math.isnan(low) else f"{told}{' *' * bool(row['distinguishable'])}"


def participants_html(rows: Sequence[Row], levers: Mapping[str, Description], words: Words) -> str:
    """All tables: an overview where there are several levers, then each lever by itself.

    Args:
        rows: Rows of the table, of a study with the columns `arm`, `scenario` and `grade`.
        levers: The levers that the run or study has, by name.
        words: Language.
    """
    groups = by_lever(rows, levers, words)
    parts = []
    if groups:
        parts.append(_paragraph(words("participants_about")))
    if any(math.isnan(float(row["difference_low"])) for row in rows):
        parts.append(_paragraph(words("no_interval")))
    if len(groups) > 1:
        parts.append(_overview(groups, words))
        parts.append(_paragraph(words("participants_together")))
    state = " open='open'" if len(groups) <= FOLD else ""
    for group in groups:
        parts.append(
            f"<details{state}><summary>{escape(_summary(group, words))}</summary>"
            f"{_lever(group, words)}</details>"
        )
    present = {str(row["lever"]) for row in rows}
    parts += map(_paragraph, nobody_html(levers, present, words))
    return "".join(parts)


def nobody_html(
    levers: Mapping[str, Description], present: Iterable[str], words: Words
) -> Iterator[str]:
    """Say of which levers there is nothing to tell, and why.

    Args:
        levers: The levers that the run or study has, by name.
        present: Names of those of which there are rows.
        words: Language.
    """
    missing = levers.keys() - set(present)
    for told, personal in (("institutions_alone", False), ("nobody_took_part", True)):
        names = [
            lever_title(key, levers, words)
            for key in sorted(missing)
            if has_participants(levers[key].mechanisms) == personal
        ]
        if names:
            yield words(told, levers="; ".join(names))


def _paragraph(text: str) -> str:
    return f"<p class='hesim-small'>{escape(text)}</p>"


def _summary(group: LeverRows, words: Words) -> str:
    """What a lever is called, with what its effect rests on."""
    grade = str(group.rows[0].get("grade") or "")
    return f"{group.title} ({words.known(f'rests_{grade}', grade)})" if grade else group.title


def _overview(groups: Sequence[LeverRows], words: Words) -> str:
    """One row a lever: crossings of those who took part, and of all other people."""
    horizon = longest([row for group in groups for row in group.rows]) or WHOLE_RUN
    after = _after(horizon, words)
    heads = [words("lever")]
    for who, measure in OVERVIEW:
        when = after if who == PARTICIPANTS else _after(WHOLE_RUN, words)
        heads.append(f"{words(f'measure_{measure}')}: {words(f'who_{who}')}, {when}")
    heads.append(words("persons_in_a_run"))
    body = []
    for title, rows in groups:
        found = {(row["group"], row["after"], row["measure"]): row for row in rows}
        cells = []
        for who, measure in OVERVIEW:
            row = found.get((who, horizon if who == PARTICIPANTS else WHOLE_RUN, measure))
            cells.append(difference_html(row, words) if row else "-")
        cells.append(words.number(max(float(row["persons"]) for row in rows)))
        body.append(f"<tr>{_head(title)}{''.join(map(_number, cells))}</tr>")
    return _table(words("participants_overview"), heads, f"<tbody>{''.join(body)}</tbody>")


def _lever(group: LeverRows, words: Words) -> str:
    """The two tables of a lever: those who took part by horizon, and others over the run."""
    rows, horizons = group.rows, horizons_of(group.rows)
    worlds = [words("baseline"), words("policy"), words("difference_interval")]
    parts = []
    if horizons:
        sizes = {str(row["after"]): row for row in rows if row["after"] in horizons}
        told = [
            words(
                "participants_counted",
                after=_after(after, words),
                persons=words.number(float(row["persons"])),
                percent=words.number(float(row["apart_percent"])),
            )
            for after, row in sizes.items()
        ]
        parts.append(_paragraph(" ".join([words("participants_apart"), *told])))
        heads = [words("what"), words("after"), *worlds]
        body = "".join(
            _rows(
                words(f"measure_{measure}"),
                [
                    (_after(str(row["after"]), words), row)
                    for row in rows
                    if row["after"] in horizons and row["measure"] == measure
                ],
                words,
            )
            for measure in MEASURES
        )
        parts.append(_table(words("participants_followed"), heads, body))
    whole = [row for row in rows if row["after"] == WHOLE_RUN]
    if whole:
        heads = [words("what"), words("who"), *worlds]
        body = "".join(
            _rows(
                words(f"measure_{measure}"),
                [
                    (words(f"who_{who}"), row)
                    for who in GROUPS
                    for row in whole
                    if row["group"] == who and row["measure"] == measure
                ],
                words,
            )
            for measure in DISPLACED
        )
        parts.append(_table(words("participants_displaced"), heads, body))
    return "".join(parts)


def _rows(measure: str, found: Sequence[tuple[str, Row]], words: Words) -> str:
    """A measure's rows under one head: both worlds, and the paired difference."""
    made = []
    for k, (name, row) in enumerate(found):
        first = "" if k else _head(measure, f" rowspan='{len(found)}'", "rowgroup")
        cells = [words.number(float(row[world])) for world in ("baseline", "policy")]
        cells.append(difference_html(row, words))
        made.append(f"<tr>{first}{_head(name)}{''.join(map(_number, cells))}</tr>")
    return f"<tbody>{''.join(made)}</tbody>"


def _after(after: str, words: Words) -> str:
    """A horizon, or the whole run, in the reader's language."""
    number = after.partition(" ")[0]
    return words("after_months", months=number) if number.isdecimal() else words("whole_run")


def _head(text: str, more: str = "", scope: str = "row") -> str:
    return f"<th scope='{scope}'{more}>{escape(text)}</th>"


def _number(text: str) -> str:
    return f"<td class='hesim-num'>{escape(text)}</td>"


def _table(caption: str, heads: Sequence[str], body: str) -> str:
    head = "".join(_head(text, scope="col") for text in heads)
    return (
        f"<table class='hesim-table'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>{body}</table>"
    )

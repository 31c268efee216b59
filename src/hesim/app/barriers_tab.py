"""Show what stands between wo and hbo: the decomposition of the package, or of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as v
import solara

from hesim.app.decomposition import Decomposition, recorded_decomposition, run_apart
from hesim.app.facts import own_version
from hesim.app.gallery import Plan
from hesim.app.picture_card import Drawn, Written
from hesim.app.speakers import speaker
from hesim.app.table_html import wide
from hesim.charts.barriers import BarrierLabels, barriers_chart
from hesim.charts.chart import Chart
from hesim.study.answers.barrier_sentences import (
    NO_DRAW,
    barrier_answers,
    main_part,
    pair_in_words,
    unknown_pairs,
)
from hesim.study.answers.barriers import BAR, EVERY
from hesim.study.answers.effects import records

if TYPE_CHECKING:
    from hesim.app.visitor import Visit
    from hesim.app.words import Words
    from hesim.charts.table_file import Facts
    from hesim.study.answers.speaker import Speaker

LEAD = 2
"""Sentences of a direction that stand above the chart: the difference and the shares."""
TITLES = ("title", "title_other", "title_direction", "unit", "off")
"""Columns of the tables that hold words."""


@solara.component
def BarriersTab(visit: Visit) -> None:
    """The decomposition that the package ships; it needs no run, so it shows at once."""
    visit.watch()
    words, found = visit.words, recorded_decomposition()
    v.Html(tag="h2", children=[words("barriers_title")])
    v.Html(tag="p", class_="hesim-note", children=[origin_in_words(found, words, recorded=True)])
    why = [words(key) for key in run_apart(found, visit.run.settings(), bool(visit.levers.keys()))]
    if why:
        apart = words("barriers_not_this_run", why="; ".join(why))
        v.Html(tag="p", class_="hesim-note hesim-change", children=[apart])
    Barriers(visit, found)


@solara.component
def Barriers(visit: Visit, found: Decomposition) -> None:
    """What a decomposition says, draws and lists, both directions."""
    words = visit.words
    say, facts = speaker(words), decomposition_facts(found)
    v.Html(tag="p", class_="hesim-small", children=[words("barriers_about")])
    answers = barrier_answers(found.tables, say)
    if not answers:
        v.Html(tag="p", class_="hesim-note", children=[say(NO_DRAW)])
        return
    # What is most asked stands above the chart; what it rests on, and what is not known, below.
    for sentences in answers.values():
        v.Html(tag="p", class_="hesim-sentence", children=[" ".join(sentences[:LEAD])])
    with v.Html(tag="div", class_="hesim-barriers"):
        Drawn(
            visit, Plan("barriers_chart", partial(decomposition_chart, found, words)), facts=facts
        )
    make = partial(barriers_html, found, words)
    Written(visit, "barriers_title", make).key(f"barriers-{words.language}")


def origin_in_words(found: Decomposition, words: Words, recorded: bool) -> str:
    """When a decomposition was made, of what, and with which calibrations."""
    facts, say = found.facts, speaker(words)
    told = [
        words("barriers_uncalibrated", structure=say.structure(structure))
        if name == "none"
        else words("barriers_calibration", calibration=name, structure=say.structure(structure))
        for structure, name in found.calibrations.items()
    ]
    return words(
        "barriers_recorded" if recorded else "barriers_made",
        made=facts["made"],
        runs=words.number(facts["runs"]),
        years=facts["years"],
        scale=words.written(facts["scale"]),
        first=facts["first"],
        last=facts["last"],
        calibrations=" ".join(told),
    )


def decomposition_facts(found: Decomposition) -> Facts:
    """Of which runs the chart is: what stands in the name and the rows of its files."""
    facts = found.facts
    return {
        "run": f"{facts['name']} of {facts['made']}",
        "seed": "of each draw",
        "months": f"{facts['first']}-01 to {facts['last']}-12",
        "scenario": "barriers off, in every combination",
        "scale": f"{facts['scale']:g}",
        "calibration": " and ".join(found.calibrations.values()),
        "grade": "none",
        "hesim": own_version(),
    }


def decomposition_chart(found: Decomposition, words: Words) -> Chart:
    """The chart that `hesim barriers` draws, in one language."""
    facts, say, tables = found.facts, speaker(words), found.tables
    rows = tables["barriers"]
    names = [str(name) for name in dict.fromkeys(rows["structure"])]
    labels = BarrierLabels(
        share=words("barriers_share"),
        signs=words("barriers_signs"),
        interval=words("barriers_interval"),
        noise=words("league_thick"),
        alone=words("barriers_alone"),
        structure="{name}",
        titles={name: say.structure(name) for name in names},
    )
    return barriers_chart(
        said(records(rows[rows["structure"] != EVERY]), say),
        said(records(tables["barriers_draws"]), say),
        words("barriers_chart"),
        words(
            "barriers_small",
            first=facts["first"],
            last=facts["last"],
            scale=words.written(facts["scale"]),
        ),
        BAR,
        labels,
    )


def said(rows: Iterable[Mapping[str, Any]], say: Speaker) -> list[dict[str, Any]]:
    """Rows with their titles in a language."""
    return [{k: say.name(x) if k in TITLES else x for k, x in row.items()} for row in rows]


def barriers_html(found: Decomposition, words: Words) -> str:
    """A table for each direction, the largest share first, and what cannot be told apart."""
    say, parts = speaker(words), []
    tables = found.tables
    rows: list[dict[str, Any]] = []
    for direction, sentences in barrier_answers(tables, say).items():
        rows = said(main_part(tables["barriers"], direction), say)
        pairs = main_part(tables["barriers_pairs"], direction)
        told = escape(" ".join(sentences[LEAD:]))
        parts += [f"<h3>{escape(rows[0]['title_direction'])}</h3><p>{told}</p>"]
        parts += [_table(rows, words), _not_apart(pairs, words, say)]
    parts.append(_worlds(rows, words))
    return f"<section class='hesim-participants'>{''.join(parts)}</section>"


def _worlds(rows: Sequence[dict[str, Any]], words: Words) -> str:
    """What the world is like without each barrier."""
    items = "".join(
        f"<dt><b>{escape(row['title'])}</b></dt><dd>{escape(row['off'])}</dd>" for row in rows
    )
    title = escape(words("barrier_without"))
    return f"<details open><summary>{title}</summary><dl>{items}</dl></details>"


def _table(rows: Sequence[dict[str, Any]], words: Words) -> str:
    keys = ("barrier", "barrier_contribution", "barrier_share", "barrier_first", "barrier_last")
    head = "".join(f"<th scope='col'>{escape(words(key))}</th>" for key in keys)
    body = []
    for row in sorted(rows, key=lambda each: -each["share_percent"]):
        unsure = "" if row["distinguishable"] else f" {words('unsure')}"
        cells = [
            _with_ends(row, "contribution", words),
            _with_ends(row, "share_percent", words) + unsure,
            words.number(row["first"]),
            words.number(row["last"]),
        ]
        numbers = "".join(f"<td class='hesim-num'>{escape(cell)}</td>" for cell in cells)
        body.append(f"<tr><th scope='row'>{escape(row['title'])}</th>{numbers}</tr>")
    caption = words("barriers_table", way=rows[0]["title_direction"])
    return wide(
        f"<table class='hesim-table'><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>",
        caption,
    )


def _with_ends(row: Mapping[str, Any], column: str, words: Words) -> str:
    """A figure with its 95% interval."""
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    return words.phrases.estimate(row[column], low, high)


def _not_apart(pairs: Sequence[dict[str, Any]], words: Words, say: Speaker) -> str:
    """All pairs of barriers of which the data do not know enough."""
    open_order, trade_offs = unknown_pairs(pairs)
    told = [
        f"{pair_in_words(row, say)}: {words(key)}"
        for key, rows in (("barriers_open_order", open_order), ("barriers_trade_off", trade_offs))
        for row in rows
    ]
    if not told:
        return f"<p class='hesim-small'>{escape(words('barriers_all_apart'))}</p>"
    items = "".join(f"<li>{escape(text[:1].upper() + text[1:])}</li>" for text in told)
    title = f"{words('barriers_not_apart')} ({len(told)})"
    return f"<details><summary>{escape(title)}</summary><ul>{items}</ul></details>"

"""The page of a study: its league for any outcome, one arm over all outcomes, its answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING, Any

import reacton.ipyvuetify as v
import solara

from hesim.app.barriers_tab import Barriers, origin_in_words
from hesim.app.gallery import Plan
from hesim.app.lever_words import arm_heading
from hesim.app.outcome_terms import outcome_html, outcome_meaning
from hesim.app.panels import Choice, Titles
from hesim.app.participant_tab import ParticipantTables
from hesim.app.picture_card import Drawn, Failed, Written
from hesim.app.speakers import speaker
from hesim.charts.chart import Chart
from hesim.charts.league import league_chart

if TYPE_CHECKING:
    from hesim.app.decomposition import Decomposition
    from hesim.app.pictures.svg import Picture
    from hesim.app.study_answers import StudyAnswer, StudyAnswers
    from hesim.app.visitor import Visit
    from hesim.app.words import Words

LOG = logging.getLogger(__name__)
LEAD = 2
"""Sentences of an answer that are written large."""


@solara.component
def StudyPage(visit: Visit) -> None:
    """Head, choices and pictures of a study."""
    visit.watch()
    words, view, answers = visit.words, visit.view.value, visit.served.answers
    if answers is None:
        return
    outcome = view.outcome if view.outcome in answers.outcomes else answers.asked
    manifest = answers.study.manifest
    with v.Html(tag="header", class_="hesim-head"):
        Titles(visit, words("study_of", name=answers.study.name))
    for problem in visit.problems:
        solara.Warning(problem, dense=True)
    found = answers.study.completeness
    if not found.complete:
        text = words(
            "study_lacks", here=found.whole, planned=found.planned, name=answers.study.name
        )
        solara.Warning(text, dense=True)
    question = str(manifest.get("question") or "")
    told = words("study_status", status=_status(manifest, words), runs=_runs(answers))
    with v.Html(tag="main", class_="hesim-main"):
        v.Html(tag="p", class_="hesim-small", children=[f"{question} {told}".strip()])
        barriers = answers.decomposition()
        if barriers is not None:
            # Its answer is about both directions, and compares no arms.
            StudyBarriers(visit, barriers)
            return
        StudyChoices(visit, answers, outcome)
        AnswerInWords(visit, answers, outcome)
        each = answers.parts or {"": answers}
        leagues = {name: part.league(outcome) for name, part in each.items()}
        if not any(leagues.values()):
            v.Html(tag="p", class_="hesim-wait", children=[words("no_rows")])
            return
        unit = words.unit(answers.outcomes[outcome])
        for name, rows in leagues.items():
            title = words("league_of", outcome=words(outcome)) + _of_structure(name, words)
            if rows:
                make = partial(league_chart_of, name, rows, title, unit, words)
                Drawn(visit, Plan("league", make)).key(f"league-{name}")
        arms = ["baseline", *answers.arms()]
        for name, part in each.items() if view.arm in arms else ():
            other = view.other if view.other in arms else "baseline"
            Comparison(visit, part, name, view.arm, other).key(f"comparison-{name}")
        Followed(visit, answers)
        Further(visit, answers, outcome)


@solara.component
def StudyChoices(visit: Visit, answers: StudyAnswers, outcome: str) -> None:
    """Choose the outcome, and two arms to compare; what the outcome means."""
    words, view = visit.words, visit.view.value
    with v.Html(tag="div", class_="hesim-row hesim-choose"):
        Choice(
            words("outcome"),
            list(answers.outcomes),
            [words(n) for n in answers.outcomes],
            outcome,
            lambda value: visit.look(outcome=value),
            name="hesim-outcome",
        )
        arms = ["baseline", *answers.arms()]
        names = [arm_heading(arm, words) for arm in arms]
        for which, chosen in (("arm", view.arm), ("other", view.other)):
            Choice(
                words(f"compare_{which}"),
                ["", *arms],
                ["-", *names],
                chosen if chosen in arms else "",
                lambda value, which=which: visit.look(**{which: value or None}),
                name=f"hesim-{which}",
            )
    meaning = outcome_meaning(outcome, words)
    v.Html(tag="p", class_="hesim-small hesim-outcome-meaning", children=[meaning])


@solara.component
def Comparison(visit: Visit, answers: StudyAnswers, structure: str, one: str, other: str) -> None:
    """Two arms side by side over all outcomes; in one structure if the study asks several."""
    html = solara.use_memo(
        lambda: cache(lambda: comparison_html(answers, one, other, visit.words, structure)),
        [one, other, visit.words.language],
    )
    with v.Html(tag="section", class_="hesim-comparison"):
        Written(visit, "comparison", html)


def comparison_html(
    answers: StudyAnswers, one: str, other: str, words: Words, structure: str = ""
) -> str:
    """The table of two arms over all outcomes."""
    rows = answers.compared(one, other)
    names = [arm_heading(arm, words) for arm in (one, other)]
    heads = [words("outcome"), words("unit"), *names, words("one_less_other"), words("interval_95")]
    head = "".join(f"<th scope='col'>{escape(text)}</th>" for text in heads)
    body = []
    for row in rows:
        low, high = float(row["low"]), float(row["high"])
        sure = low > 0 or high < 0
        figure, spread = words.phrases.figure_and_interval(
            float(row["difference"]), low, high, signed=True
        )
        found = spread if sure else f"{spread} {words('unsure')}".lstrip()
        cells = [words.number(float(row[key])) for key in ("one", "other")]
        cells.append(figure)
        numbers = "".join(f'<td class="hesim-num">{escape(cell)}</td>' for cell in cells)
        unit = words.unit(str(row["unit"]))
        body.append(
            f"<tr><th scope='row'>{outcome_html(str(row['outcome']), words)}</th>"
            f"<td>{escape(unit)}</td>{numbers}<td>{escape(found)}</td></tr>"
        )
    title = words("comparison") + _of_structure(structure, words)
    return (
        f"<h2>{escape(title)}</h2><table class='hesim-table'><thead><tr>{head}"
        f"</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def use_background(
    visit: Visit, key: Hashable, work: Callable[[], Any], told: str
) -> Mapping[Hashable, Any]:
    """Have something worked out in a thread of its own, anew whenever its key changes.

    Args:
        visit: Who looks.
        key: What is asked for.
        work: Works it out.
        told: What the log says when that fails.

    Returns:
        What came of it under its key, None where it failed; empty while it is awaited.
    """
    found, set_found = solara.use_state({})

    def begin() -> None:
        def run() -> None:
            try:
                made = work()
            except Exception:
                LOG.exception(told)
                made = None
            if not visit.closed:
                set_found({key: made})

        # Not a daemon: DuckDB must not be cut off in its work when the server ends.
        threading.Thread(target=run, daemon=False).start()

    solara.use_effect(begin, [key])
    return found


@solara.component
def Followed(visit: Visit, answers: StudyAnswers) -> None:
    """What levers did for those who took part, in each structure: read in the background."""
    words = visit.words

    def work() -> list[Any]:
        each = answers.parts or {"": answers}
        return [(name, part.participants(), part.levers()) for name, part in each.items()]

    found = use_background(visit, "", work, "the table of participants could not be made")
    v.Html(tag="h2", children=[words("participants_title")])
    if "" not in found:
        v.Html(tag="p", class_="hesim-small", children=[words("counting")])
    elif found[""] is None:
        Failed(words, "tab_participants")
    else:
        for name, rows, levers in found[""]:
            if name:
                head = [words("structure_named", name=speaker(words).structure(name))]
                v.Html(tag="h3", children=head).key(f"structure-{name}")
            ParticipantTables(visit, rows, levers, "participants_unasked").key(
                f"participants-{name}"
            )


@solara.component
def StudyBarriers(visit: Visit, found: Decomposition) -> None:
    """What a study of barriers found."""
    told = origin_in_words(found, visit.words, recorded=False)
    v.Html(tag="p", class_="hesim-note", children=[told])
    Barriers(visit, found)


def use_answer(
    visit: Visit, answers: StudyAnswers, outcome: str
) -> tuple[bool, StudyAnswer | None]:
    """What the study says about an outcome; whether it is there, and None where it failed."""
    words = visit.words
    key = f"{outcome}-{words.language}"
    told = "the answers of the study could not be made"
    found = use_background(visit, key, lambda: answers.answer(outcome, words), told)
    return key in found, found.get(key)


@solara.component
def AnswerInWords(visit: Visit, answers: StudyAnswers, outcome: str) -> None:
    """What the study says in sentences: worked out in the background."""
    words = visit.words
    known, made = use_answer(visit, answers, outcome)
    with v.Html(tag="section", class_="hesim-study-answer"):
        v.Html(tag="h2", children=[words("study_answer")])
        if not known:
            v.Html(tag="p", class_="hesim-small", children=[words("counting_answer")])
        elif made is None:
            Failed(words, "study_answer")
        else:
            for k, sentence in enumerate(made.sentences):
                kind = "hesim-sentence" if k < LEAD else ""
                v.Html(tag="p", class_=kind, children=[sentence])
            if made.notes:
                told = words("study_notes", notes="; ".join(made.notes))
                v.Html(tag="p", class_="hesim-small", children=[told])


@solara.component
def Further(visit: Visit, answers: StudyAnswers, outcome: str) -> None:
    """The other figures of the study, and all of its tables: made in the background."""
    words = visit.words
    known, made = use_answer(visit, answers, outcome)
    if not known:
        v.Html(tag="p", class_="hesim-small", children=[words("drawing")])
        return
    if made is None:
        Failed(words, "further_figures")
        return
    of = f"{outcome}-{words.language}"
    for picture in made.pictures:
        Drawn(visit, Plan(picture.name, partial(_same, picture))).key(f"{of}-{picture.name}")
    if made.tables:
        v.Html(tag="h2", children=[words("study_numbers")])
        Written(visit, "study_numbers", partial(_text, made.tables)).key(f"{of}-tables")


def _text(html: str) -> str:
    """A text that is there already, as it is written."""
    return html


def league_chart_of(
    structure: str, rows: Sequence[Mapping[str, Any]], title: str, unit: str, words: Words
) -> Chart:
    """The league of a structure, under a name of its own if the study asks several."""
    grades = {str(row["grade"]) for row in rows}
    return replace(
        league_chart(
            rows,
            title,
            unit,
            names=[arm_heading(str(row["arm"]), words) for row in rows],
            grades={grade: words.known(f"rests_{grade}", grade) for grade in grades},
            meanings=(words("league_thin"), words("league_thick")),
        ),
        name=f"league_{structure}" if structure else "league",
    )


def _same(picture: Picture | Chart) -> Picture | Chart:
    """A picture that is there already, as a plan makes it."""
    return picture


def _of_structure(name: str, words: Words) -> str:
    """What a title says of a structure; nothing in a study of one."""
    return words("of_structure", name=speaker(words).structure(name)) if name else ""


def _status(manifest: Mapping[str, Any], words: Words) -> str:
    """How a study ended, in words."""
    status = str(manifest.get("status"))
    return words.known(f"status_{status}", status)


def _runs(answers: StudyAnswers) -> int:
    frame = answers.study.query("select count(*) as n from status where status = 'ok'")
    return int(frame["n"].iloc[0])

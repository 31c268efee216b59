"""The first tab: the recorded baseline, or what the open scenario changes beside another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app.answer_pictures import (
    answer_facts,
    baseline_facts,
    baseline_plans,
    difference_chart,
)
from hesim.app.answer_words import level_in_words, name_in_words, runs_in_words
from hesim.app.gallery import HEADLINE, WAYS, Plan
from hesim.app.lever_words import lever_heading
from hesim.app.outcome_terms import outcome_html
from hesim.app.panels import AlertLine, Choice
from hesim.app.picture_card import Drawn, Written
from hesim.app.quick_answer import QuickAnswer
from hesim.app.recorded_baseline import recorded_baseline
from hesim.app.share_runs import MOST_LEVERS
from hesim.app.study_desk import RUNS, BegunStudy
from hesim.app.visitor import Visit
from hesim.app.words import Words
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.registry import OUTCOMES
from hesim.survey.crossings import CROSSINGS


@solara.component
def AnswerTab(visit: Visit) -> None:
    """The tab; it needs no run, so that it shows while that is built."""
    visit.watch()
    strip = visit.levers.strip
    first, second = (strip.changes_of(name) for name in (strip.against, strip.open))
    if first == second:
        RecordedYears(visit)
    else:
        answer = visit.desk.answer()
        if answer is not None:
            ComparedScenarios(visit, answer)
    if second:
        LeverShares(visit)
        StudyPart(visit)


@solara.component
def RecordedYears(visit: Visit) -> None:
    """The recorded baseline in pictures."""
    words = visit.words
    plans = solara.use_memo(lambda: baseline_plans(recorded_baseline(), words), [words.language])
    facts = baseline_facts(recorded_baseline())
    v.Html(tag="h2", children=[words("recorded_by_year")])
    with v.Html(tag="div", class_="hesim-cards"):
        for plan in plans:
            Drawn(visit, plan, facts=facts).key(f"recorded-{plan.name}-{words.language}")


@solara.component
def ComparedScenarios(visit: Visit, answer: QuickAnswer) -> None:
    """The table of two scenarios, and their difference by year."""
    words, strip = visit.words, visit.levers.strip
    way, set_way = solara.use_state(WAYS[0])
    names = [name_in_words(name, words) for name in (strip.open, strip.against)]
    with v.Html(tag="div", class_="hesim-row"):
        title = words("scenarios_compared", one=names[0], other=names[1])
        v.Html(tag="h2", children=[title])
        told = [words(each) for each in WAYS]
        Choice(words("compare_how"), list(WAYS), told, way, set_way, name="hesim-way")
    if way == WAYS[0]:
        Difference(visit, answer, names)
    rests = rests_in_words(answer, visit, words)
    make = partial(comparison_table, answer, names, way, rests, words)
    Written(visit, "scenarios_compared", make)


@solara.component
def Difference(visit: Visit, answer: QuickAnswer, names: list[str]) -> None:
    """The difference by year."""
    words = visit.words
    known_within = visit.served.settings.integer("survey.job_known_within")
    title = words("scenario_difference", one=names[0], other=names[1])
    small = words("pairs_note", rests=rests_in_words(answer, visit, words))
    facts = answer_facts(answer, visit.facts(), int(visit.first[:4]), names)
    make = partial(difference_chart, answer, title, small, known_within, words)
    with v.Html(tag="div", class_="hesim-difference"):
        Drawn(visit, Plan("differences", make), facts=facts)


def rests_in_words(answer: QuickAnswer, visit: Visit, words: Words) -> str:
    """What a comparison rests on: runs, scale, and grade of the levers."""
    return f"{runs_in_words(answer, words)}; {words(f'sizes_{visit.desk.grade()}')}"


def comparison_table(
    answer: QuickAnswer, names: list[str], way: str, rests: str, words: Words
) -> str:
    """The table of two scenarios, as HTML.

    Args:
        answer: The comparison.
        names: The open scenario and the one that it is compared with.
        way: One of `WAYS`.
        rests: What the comparison rests on, in words.
        words: Language.
    """
    arms = ((names[0], POLICY), (names[1], BASELINE))
    heads = [words("outcome"), words("unit"), *(name for name, _ in arms)]
    if way == WAYS[0]:
        heads.append(words("difference_interval"))
    body = []
    for outcome in shown_outcomes(answer):
        cells = [level_in_words(answer.mean(outcome, arm), words) for _, arm in arms]
        if way == WAYS[0]:
            plain = [words.number(float(answer.mean(outcome, arm)["mean"])) for _, arm in arms]
            cells = [*plain, difference_in_words(answer.mean(outcome), words)]
        numbers = "".join(f'<td class="hesim-num">{escape(cell)}</td>' for cell in cells)
        body.append(
            f"<tr><th scope='row'>{outcome_html(outcome, words)}</th>"
            f"<td>{escape(words.unit(OUTCOMES[outcome].unit))}</td>{numbers}</tr>"
        )
    head = "".join(f"<th scope='col'>{escape(text)}</th>" for text in heads)
    title = words("scenario_levels", one=names[0], other=names[1])
    note = words("pairs_note", rests=rests)
    return (
        f"<table class='hesim-table'><caption>{escape(title)}</caption><thead><tr>{head}"
        f"</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"<p class='hesim-small'>{escape(note)}</p>"
    )


def shown_outcomes(answer: QuickAnswer) -> list[str]:
    """The headline outcomes, then the others; those of levers only where there are any."""
    rest = [name for name in OUTCOMES if name not in HEADLINE]
    return [
        name
        for name in (*HEADLINE, *rest)
        if not OUTCOMES[name].of_levers
        or any(answer.mean(name, arm)["mean"] for arm in (BASELINE, POLICY))
    ]


def difference_in_words(row: Mapping[str, Any], words: Words) -> str:
    """A paired difference with its interval, and whether it can be told from zero."""
    mean, low, high = row["mean"], row["low"], row["high"]
    if low is None:
        return f"{words.signed(float(mean))} ({words('one_run').rstrip('.')})"
    told = words.phrases.estimate(float(mean), low, high, signed=True)
    same = low <= 0 <= high and not low == high == 0
    return f"{told} {words('unsure')}" if same else told


@solara.component
def LeverShares(visit: Visit) -> None:
    """Each lever's share of the whole, once asked for."""
    visit.watch()
    words, desk = visit.words, visit.desk
    count = len(visit.levers.keys())
    if not 2 <= count <= MOST_LEVERS:
        if count > MOST_LEVERS:
            told = words("shares_most", most=MOST_LEVERS, count=count)
            v.Html(tag="p", class_="hesim-small", children=[told])
        return
    shares = desk.shares
    v.Html(tag="h2", children=[words("shares_of")])
    v.Html(tag="p", class_="hesim-small", children=[words("shares_about")])
    if shares.failed:
        v.Html(tag="p", class_="hesim-warning", children=[shares.failed])
    elif shares.asked != visit.levers.changes:
        with v.Html(tag="div", class_="hesim-row"):
            solara.Button(
                words("shares_ask"),
                on_click=lambda: desk.act({"step": "shares"}),
                outlined=True,
                small=True,
                classes=["hesim-shares"],
            )
        AlertLine(desk.problem if desk.place == "shares" else "")
    else:
        before = desk.before_open()
        rows = shares.shares(next(iter(CROSSINGS)), before)
        if rows is None:
            come, wanted = shares.simulated(), shares.wanted
            told = words("shares_coming", come=come, wanted=wanted)
            v.Html(tag="p", class_="hesim-small", children=[told])
        else:
            Written(visit, "shares_of", partial(shares_table, rows, words))
            told = words(f"sizes_{visit.desk.grade()}")
            v.Html(tag="p", class_="hesim-small", children=[f"{told[:1].upper()}{told[1:]}."])


def shares_table(rows: list[Mapping[str, Any]], words: Words) -> str:
    """The shares of the levers, as HTML."""
    keys = ("share_lever", "share_alone", "share_last", "share_share", "share_percent")
    head = "".join(f"<th scope='col'>{escape(words(key))}</th>" for key in keys)
    body = []
    for row in rows:
        whole = {key: row[f"share{end}"] for key, end in (("mean", ""), ("low", "_low"))}
        share = difference_in_words({**whole, "high": row["share_high"]}, words)
        percent = float(row["share_percent"])
        cells = [words.signed(float(row[key])) for key in ("alone", "last")]
        cells += [share, words.number(percent)]
        numbers = "".join(f'<td class="hesim-num">{escape(cell)}</td>' for cell in cells)
        title = escape(lever_heading(str(row["lever"]), words))
        body.append(f"<tr><th scope='row'>{title}</th>{numbers}</tr>")
    return (
        f"<table class='hesim-table'><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    )


@solara.component
def StudyPart(visit: Visit) -> None:
    """Make a study of the open scenario; how far those are that were made."""
    visit.watch()
    words, served = visit.words, visit.served
    v.Html(tag="h2", children=[words("study_make")])
    if not served.writes:
        v.Html(tag="p", class_="hesim-small", children=[words("study_refused")])
        return
    v.Html(tag="p", class_="hesim-small", children=[words("study_about", runs=RUNS)])
    with v.Html(tag="div", class_="hesim-row"):
        solara.Button(
            words("study_make"),
            on_click=lambda: visit.desk.act({"step": "study"}),
            outlined=True,
            small=True,
            classes=["hesim-make-study"],
        )
    AlertLine(visit.desk.problem if visit.desk.place == "study" else "")
    for study in served.studies.studies:
        StudyLine(visit, study).key(study.name)


@solara.component
def StudyLine(visit: Visit, study: BegunStudy) -> None:
    """How far a study is, how it is opened, and how it goes on."""
    visit.watch()
    words = visit.words
    values = {"name": study.name, "done": study.done, "planned": study.planned}
    told = words(f"study_{study.status}", **values, why=study.last_words())
    v.Html(tag="p", class_="hesim-study", children=[told])
    commands = [("study_open_with", study.opening)] if study.done else []
    if study.planned and study.status != "complete":
        commands.append(("study_resume_with", study.resume))
    for key, command in commands:
        with v.Html(tag="p", class_="hesim-small"):
            v.Html(tag="span", children=[f"{words(key)}: "])
            v.Html(tag="code", children=[command])

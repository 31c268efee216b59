"""Show the strip of scenarios, and the card with the answer below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app.answer_words import answer_sentences, baseline_sentence, name_in_words
from hesim.app.recorded_baseline import recorded_baseline, settings_hash
from hesim.app.starting_points import IDEA, PACKAGE, starting_points
from hesim.app.visitor import Visit
from hesim.app.words import Words
from hesim.levers.arms import BASELINE

BUTTONS = ("new", "duplicate", "rename", "delete", "save", "compare", "start_from", "take", "more")
"""Words of the strip that begin with `scenario_`."""


@solara.component_vue("scenarios.vue")
def ScenarioControls(
    scenarios: list[dict[str, Any]],
    against: str,
    points: list[dict[str, Any]],
    words: dict[str, str],
    problem: str = "",
    place: str = "",
    sheet: dict[str, Any] | None = None,
    event_act: Callable[[dict[str, Any]], None] | None = None,
    event_file: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Open, make, name, compare, save scenarios.

    Args:
        scenarios: `name`, `label`, `count` of levers, `open` and `fixed` of each.
        against: Name of the one that is compared with.
        points: Groups of starting points: `title` and `items`, each with `key` and `label`.
        words: Words around them.
        problem: What could not be done.
        place: The step that it was asked by.
        sheet: A file to save: `name`, `text`, and a `stamp` that rises.
        event_act: Called with `step`, `name` and `to`.
        event_file: Called with `name` and `text` of a file.
    """


@solara.component
def Strip(visit: Visit) -> None:
    """The scenarios of a live run."""
    visit.watch()
    words, strip, desk = visit.words, visit.levers.strip, visit.desk
    around = {key: words(f"scenario_{key}") for key in BUTTONS}
    around |= {
        "scenarios": words("scenarios"),
        "name": words("scenario_name"),
        "open_file": words("scenario_open"),
        "choose_start": words("choose_start"),
        "ideas_english": words("ideas_english") if words.language != "en" else "",
    }
    scenarios = [
        {
            "name": name,
            "label": name_in_words(name, words),
            "count": len(visit.levers.keys(strip.changes_of(name))),
            "open": name == strip.open,
            "fixed": name == BASELINE,
        }
        for name in strip.names
    ]
    points = solara.use_memo(lambda: _points(visit, words), [words.language])
    ScenarioControls(
        scenarios=scenarios,
        against=strip.against,
        points=points,
        words=around,
        problem=desk.problem,
        place=desk.place,
        sheet=desk.sheet,
        event_act=desk.act,
        event_file=desk.open_file,
    )


def _points(visit: Visit, words: Words) -> list[dict[str, Any]]:
    """The starting points in two groups."""
    found = starting_points(visit.served.tables, words)
    return [
        {
            "title": words(title),
            "items": [{"key": x.key, "label": x.label} for x in found if x.kind == kind],
        }
        for kind, title in ((PACKAGE, "ready_packages"), (IDEA, "report_ideas"))
    ]


@solara.component
def AnswerCard(visit: Visit) -> None:
    """What the open scenario changes, in a sentence; without levers the recorded baseline."""
    visit.watch()
    words, view = visit.words, visit.view.value
    packaged = solara.use_memo(
        lambda: settings_hash(visit.run.settings()) == recorded_baseline().facts["settings"],
        [view.seed, view.scale, view.years],
    )
    sentences, notes = answer_texts(visit, words, packaged)
    with v.Html(
        tag="section",
        class_="hesim-answer",
        attributes={"aria-live": "polite", "aria-label": words("answer")},
    ):
        for at, sentence in enumerate(sentences):
            name = "hesim-sentence" if at == 0 else "hesim-further"
            v.Html(tag="p", class_=name, children=[sentence])
        for note in notes:
            v.Html(tag="p", class_="hesim-small", children=[note])


def answer_texts(visit: Visit, words: Words, packaged: bool) -> tuple[list[str], list[str]]:
    """The sentences of the card, and the notes below them: what they are, and what to do next.

    Args:
        visit: Who looks.
        words: Language.
        packaged: Whether the run has the settings with which the baseline was recorded.
    """
    strip, desk = visit.levers.strip, visit.desk
    first, second = (strip.changes_of(name) for name in (strip.against, strip.open))
    if first == second:
        if first:
            return [words("answer_same")], []
        baseline = recorded_baseline()
        notes = [words("baseline_about")]
        if not packaged:
            notes.append(words("baseline_other_settings"))
        return [baseline_sentence(baseline, words)], [*notes, words("baseline_next")]
    if desk.quick.failed:
        return [desk.quick.failed], []
    answer = desk.answer()
    if answer is None:
        come, wanted = desk.quick.come()
        return [words("answer_coming", come=come, wanted=wanted)], []
    sentences = answer_sentences(answer, strip, visit.first, desk.grade(), words)
    years = words("answer_years", first=answer.years[0], last=answer.years[1])
    more = words("answer_sharpening") if desk.quick.pending else words("answer_next")
    return sentences, [f"{years} {more}"]

"""The controls: head with play and step, what is shown, and the run's settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app.address import PERIODS
from hesim.app.lever_words import lever_heading as lever_title
from hesim.app.player import SPEEDS
from hesim.app.selection import CHOICES
from hesim.app.snapshot import Snapshot
from hesim.app.visitor import Visit
from hesim.app.widgets import ChoiceView, RunForm
from hesim.app.words import Words
from hesim.levers.arms import BASELINE

REPLICATIONS = (1, 2, 4, 8, 16)
ALL = ""
"""Value of a choice that leaves nothing out."""


@solara.component
def Head(visit: Visit) -> None:
    """Title, month, controls of the run, language."""
    visit.watch()
    words, now = visit.words, visit.snapshot
    with v.Html(tag="header", class_="hesim-head"):
        Titles(visit, words("title"), scale_in_words(visit), brief=True)
        with v.Html(tag="div", class_="hesim-row"):
            ready = now is not None
            over = now is not None and now.over
            solara.Button(
                children=[ButtonWord(words("pause" if visit.player.playing else "play"))],
                on_click=visit.play,
                icon_name="mdi-pause" if visit.player.playing else "mdi-play",
                color="primary",
                disabled=not ready or over,
                small=True,
                classes=["hesim-play"],
            )
            solara.Button(
                children=[ButtonWord(words("step"))],
                on_click=visit.step,
                icon_name="mdi-skip-next",
                outlined=True,
                disabled=not ready or over,
                small=True,
                classes=["hesim-step"],
            )
            solara.Button(
                children=[ButtonWord(words("reset"))],
                on_click=visit.reset,
                icon_name="mdi-restart",
                outlined=True,
                disabled=not ready,
                small=True,
                classes=["hesim-reset"],
            )
            Speed(visit)
            v.Html(tag="span", class_="hesim-month", children=[_where(visit, now)])
            if now is not None:
                v.Slider(
                    v_model=visit.view.value.at(now.month),
                    min=0,
                    max=now.horizon,
                    hide_details=True,
                    dense=True,
                    label=words("month"),
                    class_="hesim-slider",
                    on_v_model=lambda month: visit.seek(int(month)),
                )
        for problem in visit.problems:
            AlertLine(problem)


@solara.component
def AlertLine(text: str) -> None:
    """Say what could not be done, beside what asked for it; nothing where all is well."""
    if text:
        v.Html(tag="p", class_="hesim-alert", attributes={"role": "alert"}, children=[text])
    else:
        v.Html(tag="span", style_="display: none")


def ButtonWord(text: str) -> Any:
    """The words of a button with a sign, which alone is seen where the screen is narrow."""
    return v.Html(tag="span", class_="hesim-word hesim-unseen-narrow", children=[text])


def scale_in_words(visit: Visit) -> str:
    """At what scale the run is simulated; nothing at full scale."""
    now = visit.snapshot
    scale = now.scale if now else 1.0
    return visit.words("scaled", scale=visit.words.written(scale)) if scale != 1.0 else ""


def first_clause(text: str) -> tuple[str, str]:
    """A sentence up to its first colon or semicolon, and the rest of it."""
    first = re.split(r"(?=[:;])", text, maxsplit=1)
    return first[0], text[len(first[0]) :]


def _clauses(text: str, brief: bool) -> list[Any]:
    """A text, whose rest is for those alone who hear it where the screen is narrow."""
    first, rest = first_clause(text) if brief else (text, "")
    unseen = v.Html(tag="span", class_="hesim-unseen-narrow", children=[rest])
    return [first, unseen] if rest else [first]


@solara.component
def Titles(visit: Visit, title: str, note: str = "", brief: bool = False) -> None:
    """The head's first row: title and notes, which may wrap; the language at the right end.

    Args:
        visit: Who looks.
        title: What the page is of.
        note: What else holds of it.
        brief: Whether a narrow screen shows the first clause of each only.
    """
    words, view = visit.words, visit.view.value
    with v.Html(tag="div", class_="hesim-first"):
        with v.Html(tag="div", class_="hesim-row"):
            v.Html(tag="h1", children=_clauses(title, brief))
            calibration = _clauses(visit.calibration(), brief)
            v.Html(tag="strong", class_="hesim-warning", children=calibration)
            if note:
                v.Html(tag="span", class_="hesim-small", children=_clauses(note, brief))
        solara.Button(
            words("language"),
            text=True,
            classes=["hesim-language"],
            on_click=lambda: visit.look(language="nl" if view.language == "en" else "en"),
        )


@solara.component
def Speed(visit: Visit) -> None:
    """How fast to play."""
    words = visit.words
    names = [words("fastest") if speed == 0 else str(speed) for speed in SPEEDS]
    chosen = solara.use_reactive(visit.player.speed)

    def change(name: str) -> None:
        chosen.value = visit.player.speed = SPEEDS[names.index(name)]

    Choice(
        words("speed"),
        names,
        names,
        names[SPEEDS.index(chosen.value)],
        change,
        name="hesim-speed",
    )


def _where(visit: Visit, now: Snapshot | None) -> str:
    words, start = visit.words, visit.first
    if now is None:
        return words("building")
    if now.month == 0:
        return words("before_start", month=words.month(0, start))
    at = visit.view.value.at(now.month)
    month = words.month(at - 1, start)
    if at < now.month:
        return words("looking_back", month=month, now=words.month(now.month - 1, start))
    text = words("month_of", month=month, done=at, all=now.horizon)
    return f"{text} · {words('run_over')}" if now.over else text


@solara.component
def Selecting(visit: Visit) -> None:
    """Sector, role, field, region and period."""
    words, view = visit.words, visit.view.value
    for name, values in CHOICES.items():
        Choice(
            words(name),
            [ALL, *values],
            [words("all"), *(words(value) for value in values)],
            getattr(view.chosen, name) or ALL,
            lambda value, name=name: visit.choose(name, value or None),
        )
    Choice(
        words("period"),
        list(PERIODS),
        [words(f"period_{period}") for period in PERIODS],
        view.period,
        lambda value: visit.look(period=value),
    )


@solara.component
def Choice(
    label: str,
    values: list[str],
    names: list[str],
    value: str,
    on_value: Callable[[str], None],
    name: str = "",
) -> None:
    """Choose one of several values by their names; what is no value is not passed on."""

    def choose(given: str) -> None:
        if given in values:
            on_value(given)

    items = [{"text": text, "value": key} for key, text in zip(values, names, strict=True)]
    ChoiceView(label=label, items=items, value=value, name=name, event_choose=choose)


def _replicated(visit: Visit) -> str:
    words, pending = visit.words, visit.others.pending
    if visit.others.failed:
        return visit.others.failed
    if pending:
        return words("replications_pending", pending=pending)
    now = visit.snapshot
    count = len(now.all(BASELINE)) if now and now.arms else 1
    return words("replications_done", count=count) if count > 1 else words("replications_one")


@solara.component
def Recorded(visit: Visit) -> None:
    """What a recorded run is: folder, seed, scale, replications, levers."""
    visit.watch()
    words, own, folder = visit.words, visit.served.settings, visit.served.folder
    v.Html(tag="h2", children=[words("recorded_run")])
    levers = own.mapping("levers")
    rows = [
        folder.name if folder else "",
        f"{words('seed')}: {own.integer('seed')}",
        f"{words('scale')}: {words.written(own.number('population.scale'))}",
        _replicated(visit),
        f"{words('levers')}: " + (", ".join(_dated(levers, words)) or words("no_levers")),
    ]
    for row in rows:
        v.Html(tag="p", class_="hesim-small", children=[row])
    _config(visit)


def _dated(levers: dict[str, Any], words: Words) -> list[str]:
    return [
        f"{lever_title(key, words, str(body.get('title', key)))} ({body.get('start')})"
        for key, body in levers.items()
    ]


def _config(visit: Visit) -> None:
    button = solara.Button(
        visit.words("config"), outlined=True, small=True, classes=["hesim-config"]
    )
    solara.FileDownload(
        visit.run.config, filename="config.yaml", mime_type="text/yaml", children=[button]
    )


@solara.component
def SettingsPanel(visit: Visit) -> None:
    """Seed, scale, years."""
    visit.watch()
    words = visit.words
    run = visit.run
    values = {"seed": run.seed, "scale": run.scale, "years": run.years}
    RunForm(
        fields=[
            {"name": k, "label": words(k), "value": x, "alert": visit.alerts.get(k, "")}
            for k, x in values.items()
        ],
        label=words("apply"),
        event_apply=visit.restart,
    )
    Choice(
        words("replications"),
        [str(k) for k in REPLICATIONS],
        [str(k) for k in REPLICATIONS],
        str(visit.replications),
        lambda value: visit.want(int(value)),
    )
    v.Html(tag="p", class_="hesim-small", children=[_replicated(visit)])
    _config(visit)

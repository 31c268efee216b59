"""Show what levers did for those who took part: of a study, a recorded run and a live one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import reacton.ipyvuetify as v
import solara

from hesim.app.levers import controls, weakest
from hesim.app.outcome_store import SMALL
from hesim.app.participant_html import lever_title, nobody_html, participants_html
from hesim.app.participant_runs import paired_worlds
from hesim.app.picture_card import Written
from hesim.app.recording import Recording
from hesim.levers.registry import has_participants

if TYPE_CHECKING:
    from hesim.app.scene import Scene
    from hesim.app.visitor import Visit
    from hesim.levers.catalogue import Description


@solara.component
def ParticipantTab(visit: Visit, scene: Scene) -> None:
    """The tab: of a recorded run the table, of a live one how many have taken part so far."""
    words, session = visit.words, visit.session
    if not visit.levers.keys():
        told = "participants_no_lever" if visit.recorded else "participants_switch_on"
        v.Html(tag="p", class_="hesim-note", children=[words(told)])
        return
    if isinstance(session, Recording):
        v.Html(tag="h2", children=[words("participants_title")])
        v.Html(tag="p", class_="hesim-note", children=[words("participants_whole")])
        ParticipantTables(visit, session.participants, session.levers, "participants_unrecorded")
    else:
        Written(visit, "tab_participants", partial(so_far_html, scene, visit.levers.keys()))
        WorkedOut(visit)


@solara.component
def WorkedOut(visit: Visit) -> None:
    """What the levers of a live run did for those who took part, once asked for."""
    visit.watch()
    words, runs = visit.words, visit.participants
    levers = {key: controls()[key] for key in sorted(visit.levers.keys())}
    personal = [key for key, lever in levers.items() if has_participants(lever.mechanisms)]
    if not personal:
        return
    dated, scale = visit.levers.dated(), min(SMALL, visit.run.scale)
    worlds = paired_worlds(lambda number: visit.run.world_with(dated, number, scale))
    v.Html(tag="h2", children=[words("participants_title")])
    rests = words("participants_pairs", runs=len(worlds), scale=words.written(scale))
    v.Html(tag="p", class_="hesim-small", children=[rests])
    if runs.failed:
        v.Html(tag="p", class_="hesim-warning", children=[runs.failed])

    def ask() -> None:
        runs.ask(worlds, personal)
        visit.show()

    if runs.asked != worlds:
        solara.Button(
            words("participants_ask"),
            on_click=ask,
            outlined=True,
            classes=["hesim-participants-ask"],
        )
        return
    before = visit.desk.before_open()
    rows = runs.rows(before, weakest(visit.levers.keys()) or "")
    if rows is None:
        told = words("participants_coming", come=runs.come, wanted=len(worlds))
        v.Html(tag="p", class_="hesim-wait", children=[told])
        return
    ParticipantTables(visit, rows, levers, "participants_unrecorded")


@solara.component
def ParticipantTables(
    visit: Visit,
    rows: list[dict[str, Any]] | None,
    levers: Mapping[str, Description],
    without: str,
) -> None:
    """The tables, or one sentence on how to get them.

    Args:
        visit: Who looks.
        rows: Rows of the table of participants; None where they were not asked for.
        levers: The levers that the run or study has, by name.
        without: Key of the words that say how to get the rows.
    """
    words = visit.words
    html = solara.use_memo(
        lambda: cache(lambda: participants_html(rows or [], levers, words)),
        [id(rows), words.language],
    )
    if rows is None:
        v.Html(tag="p", class_="hesim-note", children=[words(without)])
        return
    with v.Html(tag="section", class_="hesim-participants"):
        Written(visit, "tab_participants", html)


def so_far_html(scene: Scene, keys: set[str]) -> str:
    """How many have taken part in each lever up to the month looked at, in the run watched.

    Args:
        scene: What is looked at.
        keys: Levers that are on, or were.
    """
    words, now = scene.words, scene.snapshot
    levers = {key: controls()[key] for key in sorted(keys)}
    personal = [key for key, lever in levers.items() if has_participants(lever.mechanisms)]
    parts = []
    if personal:
        body = []
        for key in personal:
            months = now.participants.get(key, np.zeros(0, np.int16))
            persons = np.count_nonzero(months < scene.month) / now.scale
            number = escape(words.number(persons))
            body.append(
                f"<tr><th scope='row'>{escape(lever_title(key, levers, words))}</th>"
                f"<td class='hesim-num' data-lever='{escape(key)}'>{number}</td></tr>"
            )
        month = words.month(scene.month - 1, scene.first)
        heads = "".join(
            f"<th scope='col'>{escape(words(key))}</th>" for key in ("lever", "persons")
        )
        parts = [
            f"<h2>{escape(words('participants_so_far', month=month))}</h2>",
            f"<table class='hesim-table'><thead><tr>{heads}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table>",
        ]
    told = [words("participants_record")] if personal else []
    told += nobody_html(levers, personal, words)
    parts += [f"<p class='hesim-small'>{escape(text)}</p>" for text in told]
    return f"<section class='hesim-participants'>{''.join(parts)}</section>"

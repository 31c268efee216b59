"""The page: a rail of controls, and beside it the answer and the pictures; Solara's entry point."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app import panels, tabs
from hesim.app.memory import close_with_kernel
from hesim.app.rail import Rail
from hesim.app.scenario_panel import AnswerCard, Strip
from hesim.app.server_state import current
from hesim.app.study_page import StudyPage
from hesim.app.visitor import Visit
from hesim.app.walk import FirstWalk
from hesim.app.widgets import Address, SkipLink


@solara.component
def Page() -> None:
    """Everything that a visitor sees."""
    router = solara.use_router()
    visit = solara.use_memo(lambda: Visit(current(), router.search or ""), [])
    solara.use_effect(lambda: visit.close, [])
    solara.use_memo(lambda: close_with_kernel(visit.close), [])
    words = visit.words
    Address(
        query=visit.query,
        frame=visit.frame.value,
        language=visit.view.value.language,
        title=words("title"),
        move=visit.history.moves,
        followed=visit.history.followed,
        event_shown=visit.drawn,
        event_travel=visit.travel,
    )
    if visit.served.answers is not None:
        with v.Html(tag="div", class_="hesim-page"):
            StudyPage(visit)
        return
    with v.Html(tag="div", class_="hesim-page"):
        SkipLink(label=words("skip"))
        panels.Head(visit)
        with v.Html(tag="div", class_="hesim-body"):
            Rail(visit)
            with v.Html(
                tag="main",
                class_="hesim-main",
                attributes={"id": "hesim-main", "tabindex": "-1"},
            ):
                if not visit.recorded:
                    Strip(visit)
                    AnswerCard(visit)
                tabs.Tabs(visit)
        if not visit.recorded:
            FirstWalk(words)


@solara.component
def Layout(children: Any = ()) -> Any:
    """No frame of Solara's around the page."""
    return v.Html(tag="div", children=list(children))

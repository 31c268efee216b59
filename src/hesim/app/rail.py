"""The narrow rail beside the answer: levers, what is shown, the run, and the keys."""

from __future__ import annotations

import reacton.ipyvuetify as v
import solara

from hesim.app import panels
from hesim.app.lever_panel import LeverPanel
from hesim.app.selection import CHOICES
from hesim.app.visitor import Visit
from hesim.app.widgets import KeyList
from hesim.app.words import Words

KEYS = {
    "p": "key_play",
    "m": "step",
    "1-9 0": "key_tabs",
    "/": "key_search",
    "\u2190 \u2192": "key_map",
}
"""Keys of the page, and the words for what each does."""


@solara.component
def Rail(visit: Visit) -> None:
    """All controls but those of the head; on a narrow screen folded behind a button."""
    words = visit.words
    unfolded, unfold = solara.use_state(False)
    with v.Html(
        tag="aside",
        class_="hesim-side hesim-unfolded" if unfolded else "hesim-side",
        attributes={"aria-label": words("rail")},
    ):
        FoldButton(visit, unfolded, lambda *_: unfold(not unfolded))
        with v.Html(tag="div", class_="hesim-rail", attributes={"id": "hesim-rail"}):
            Holding(visit)
            if not visit.recorded:
                LeverPanel(visit)
            with v.Html(tag="details", class_="hesim-part hesim-show"):
                v.Html(tag="summary", children=[chosen_in_words(visit, words)])
                panels.Selecting(visit)
            if visit.recorded:
                panels.Recorded(visit)
            else:
                with v.Html(tag="details", class_="hesim-part hesim-run"):
                    v.Html(tag="summary", children=[words("run")])
                    panels.SettingsPanel(visit)
            KeyList(
                shortcuts=[{"key": key, "does": words(name)} for key, name in KEYS.items()],
                words={"title": words("keys"), "on": words("keys_on")},
            )


@solara.component
def Holding(visit: Visit) -> None:
    """What holds of the run, in full: a narrow screen has no room for it in the head."""
    visit.watch()
    told = f"{visit.calibration()} {panels.scale_in_words(visit)}".strip()
    v.Html(tag="p", class_="hesim-small hesim-narrow", children=[told])


@solara.component
def FoldButton(visit: Visit, unfolded: bool, on_click: object) -> None:
    """What unfolds the rail on a narrow screen, with the number of levers that are on."""
    visit.watch()
    words, count = visit.words, len(visit.levers.keys())
    button = v.Html(
        tag="button",
        class_="hesim-fold",
        attributes={
            "type": "button",
            "aria-expanded": "true" if unfolded else "false",
            "aria-controls": "hesim-rail",
        },
        children=[words("rail_fold", count=count) if count else words("rail")],
    )
    v.use_event(button, "click", on_click)


def chosen_in_words(visit: Visit, words: Words) -> str:
    """What is shown, with what was chosen: it is seen while its part is folded."""
    chosen = visit.view.value.chosen
    values = [words(value) for name in CHOICES if (value := getattr(chosen, name))]
    return f"{words('show')}: {', '.join(values) or words('all')}"

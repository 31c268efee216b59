"""The panel of the levers: what is on, with ranges, grades and sources."""

from __future__ import annotations

from typing import Any

import reacton.ipyvuetify as v
import solara

from hesim.app import lever_words
from hesim.app.levers import STRENGTH, Choice, controls, default, ready_packages
from hesim.app.visitor import Visit
from hesim.app.widgets import LeverControls
from hesim.app.words import Words

MANY = 12
"""Levers that are on with which the groups are still opened by themselves."""


@solara.component
def LeverPanel(visit: Visit) -> None:
    """All levers by group, and since when which are on."""
    visit.watch()
    words = visit.words
    v.Html(tag="h2", children=[words("levers")])
    desk = visit.lever_desk
    month = desk.next_month(visit.levers.changes)
    chosen = visit.levers.on(month)
    around = {
        "title": words("levers"),
        "note": words("levers_note" if month else "levers_note_first"),
        "section": words("section"),
        "package": words("ready_package"),
        "switch_on": words("switch_on"),
        "chips": words("levers_on"),
        "remove": words("lever_remove"),
        "nothing": words("levers_none_on"),
        "search": words("lever_search"),
        "found": words("levers_found"),
        "none": words("levers_not_found"),
    }
    LeverControls(
        groups=lever_groups(chosen, words),
        packages=ready(words),
        chips=[{"key": key, "label": lever_words.lever_heading(key, words)} for key in chosen],
        alerts=desk.alerts,
        answered=desk.answered,
        words=around,
        event_change=visit.lever_desk.change,
    )
    for month, chosen in sorted(visit.levers.changes.items()):
        told = lever_words.levers_in_words(chosen, words)
        when = words.month(month, visit.first)
        v.Html(
            tag="p",
            class_="hesim-small hesim-change",
            children=[words("levers_from", month=when, levers=told)],
        )


def ready(words: Words) -> list[dict[str, str]]:
    """The ready packages to choose from, after a line for none."""
    named = [{"value": key, "text": words(f"package_{key}")} for key in ready_packages()]
    return [{"value": "", "text": words("choose_package")}, *named]


def lever_groups(chosen: Choice, words: Words) -> list[dict[str, Any]]:
    """All levers as the panel shows them.

    Args:
        chosen: Levers that are on, with the dials changed.
        words: Language.
    """
    from hesim.levers.registry import GROUPS

    shown = []
    for key, title in GROUPS.items():
        levers = [lever for lever in controls().values() if lever.group == key]
        on = [lever.key for lever in levers if lever.key in chosen]
        shown.append(
            {
                "key": key,
                "title": words.known(f"group_{key}", title),
                "on": len(on),
                "open": bool(on) and len(chosen) <= MANY,
                "levers": [_lever(lever.key, chosen, words) for lever in levers],
            }
        )
    return shown


def _lever(key: str, chosen: Choice, words: Words) -> dict[str, Any]:
    lever, on = controls()[key], key in chosen
    shown: dict[str, Any] = {
        "key": key,
        "title": lever_words.lever_heading(key, words),
        "about": lever_words.about(lever, words),
        "section": lever_words.report_section(lever, words),
        "grade": lever.grade,
        "grade_words": words(f"grade_{lever.grade}"),
        "on": on,
        "dials": [],
    }
    if not on:
        return shown
    dials = [(STRENGTH, 0.0, 1.0, "", words("strength_about"), "", "")]
    dials += [
        (d.name, d.low, d.high, d.grade, *lever_words.explained(lever, d, words))
        for d in lever.dials
    ]
    for name, low, high, grade, about, unit, source in dials:
        value = chosen[key].get(name, default(lever, name))
        shown["dials"].append(
            {
                "name": name,
                "label": lever_words.label(lever, name, words),
                "low": low,
                "high": high,
                "value": value,
                "shown": float(f"{value:.4g}"),
                "unit": unit,
                "about": about,
                "source": source,
                "grade": grade,
                "grade_words": words(f"grade_{grade}") if grade else "",
                "range": words("from_to", low=words.written(low), high=words.written(high)),
            }
        )
    return shown

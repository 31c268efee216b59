"""Show what the model is, what may be quoted of it, what figures rest on, and all terms."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import solara

from hesim.app.glossary import glossary, with_terms
from hesim.app.recorded_uses import recorded_uses, use_in_words
from hesim.app.visitor import Visit
from hesim.app.words import Words
from hesim.levers.registry import GRADES

MONTH = 5
"""Steps of a month that the guide tells."""


@solara.component
def InfoTab(visit: Visit) -> None:
    """The guide of the page; it needs no run."""
    calibration = visit.served.settings.text("calibration")
    text = info_html(calibration, visit.words, walk=not visit.recorded)
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["hesim-info"])


def info_html(calibration: str, words: Words, walk: bool = True) -> str:
    """The guide as HTML.

    Args:
        calibration: Name of the calibration that the run uses.
        words: Language.
        walk: Whether the page has a first walk, to be shown again.
    """
    known: set[str] = set()

    def say(key: str, tag: str = "p") -> str:
        return f"<{tag}>{with_terms(words(key), words.language, known)}</{tag}>"

    month = "".join(say(f"info_month_{part}", "li") for part in range(1, MONTH + 1))
    grades = [(grade, words(f"info_grade_{grade}")) for grade in GRADES]
    terms = "".join(
        f"<dt>{escape(term.forms[0])}</dt><dd>{escape(term.meaning)}</dd>"
        for term in glossary(words.language).values()
    )
    sections = {
        "info_what": "".join(say(f"info_what_{part}") for part in (1, 2, 3)),
        "info_quote": _quotes(calibration, words),
        "info_month": f"<ol>{month}</ol>",
        "info_grades": say("info_grades_about")
        + _table((), grades)
        + say("info_outcome_emergent")
        + say("info_outcome_input"),
        "info_glossary": f"{say('info_glossary_about')}<dl class='hesim-glossary'>{terms}</dl>",
    }
    body = "".join(
        f"<section><h2>{escape(words(title))}</h2>{text}</section>"
        for title, text in sections.items()
    )
    button = (
        f"<button type='button' class='hesim-walk-again'>{escape(words('walk_again'))}</button>"
    )
    again = f"<p>{button}</p>" if walk else ""
    return f"{again}{body}<p class='hesim-small'>{escape(words('info_where'))}</p>"


def _quotes(calibration: str, words: Words) -> str:
    """What may be quoted of a calibration."""
    found = recorded_uses(calibration)
    if found is None:
        return f"<p>{escape(words('info_quote_none'))}</p>"
    about = words("info_quote_about", name=found.calibration, date=found.date)
    head = (words("use"), words("use_verdict"), words("use_why"))
    rows = [use_in_words(row, words) for row in found.rows]
    return f"<p>{escape(about)}</p>{_table(head, rows)}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table whose first column names its rows."""
    titles = "".join(f"<th scope='col'>{escape(title)}</th>" for title in head)
    top = f"<thead><tr>{titles}</tr></thead>" if titles else ""
    body = "".join(
        f"<tr><th scope='row'>{escape(first)}</th>"
        + "".join(f"<td>{escape(text)}</td>" for text in others)
        + "</tr>"
        for first, *others in rows
    )
    return f"<table class='hesim-table'>{top}<tbody>{body}</tbody></table>"

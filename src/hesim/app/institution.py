"""Show one institution: its flows by month, where people come from and go to, its contests."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.app import gallery, measures
from hesim.app.diary import Diary, applicant_row
from hesim.app.pictures import bars, series
from hesim.app.pictures.svg import Picture
from hesim.app.places import employer_name
from hesim.app.records import Flows
from hesim.app.words import Words
from hesim.model.story import Follower
from hesim.model.story_institution import Watcher

if TYPE_CHECKING:
    from hesim.app.visit import Visit

LISTED = 60
"""Contests listed, the latest first."""


def chart(visit: Visit, code: int) -> list[Picture]:
    """Staff, hires, leavers by month, and staff by role."""
    session, words = visit.session, visit.words
    if session is None:
        return []
    lines: dict[str, dict[str, list[np.ndarray]]] = {
        name: {} for name in ("institution_staff", "institution_in", "institution_out")
    }
    roles = {}
    for arm, one in session.arms.items():
        record, months = one.record, visit.month
        f = record.flows(0, months)
        heads = np.array([_heads(record.stock(month), code) for month in range(months)], float)
        came = np.isin(f.kind, measures.CHANGES) & (f.target == code) & (f.origin != code)
        went = (f.origin == code) & (f.target != code) & (f.kind != measures.STEP)
        lines["institution_staff"][arm] = [heads / session.scale]
        for name, mine in (("institution_in", came), ("institution_out", went)):
            by_month = measures.counts(f.month[mine], f.persons[mine], months)
            lines[name][arm] = [measures.a_year(by_month) / session.scale]
        stock = record.stock(months - 1)
        at = stock.employer == code
        counted = np.zeros((2, 7))
        counted[int(session.places.sector[code])] = np.bincount(
            stock.role[at], stock.persons[at], minlength=len(c.ROLES)
        )[:7]
        roles[arm] = counted
    made = [
        series.draw(name, many, gallery.axis(visit), words, grade=visit.grade())
        for name, many in lines.items()
    ]
    return [*made, bars.draw("staff_role", c.ROLES[:7], roles, words)]


def _heads(stock: object, code: int) -> float:
    employer, persons = stock.employer, stock.persons  # type: ignore[attr-defined]
    return float(persons[employer == code].sum())


def passages_html(visit: Visit, code: int) -> str:
    """Tables: from where people came in the period, where they went, and why they left."""
    session, words = visit.session, visit.words
    if session is None:
        return ""
    start, stop = visit.period()
    parts = []
    for arm, one in session.arms.items():
        f = one.record.flows(start, stop)
        came = np.isin(f.kind, measures.CHANGES) & (f.target == code) & (f.origin != code)
        went = (f.origin == code) & (f.target != code) & (f.kind != measures.STEP)
        named = f" ({words(arm)})" if len(session.arms) > 1 else ""
        tables = (
            _table(visit, f, came, "origin", words("came_from") + named),
            _table(visit, f, went, "target", words("went_to") + named),
            _reasons(visit, f, went, words("why_left") + named),
        )
        parts.append(f'<div class="hesim-cards">{"".join(tables)}</div>')
    return "".join(parts)


def _table(visit: Visit, f: Flows, mine: np.ndarray, side: str, title: str) -> str:
    session, words = visit.session, visit.words
    assert session is not None
    places = session.places
    code = getattr(f, side)[mine].astype(np.int64) + 2
    counted = np.bincount(code, f.persons[mine], minlength=places.count + 2)
    rows = []
    for k in np.argsort(-counted, kind="stable")[:12].tolist():
        if counted[k] <= 0:
            break
        named = {0: words("outside_model"), 1: words("none")}
        name = named.get(k) or employer_name(k - 2, places, words)
        rows.append((name, counted[k] / session.scale))
    return _listed(title, rows, visit.words)


def _reasons(visit: Visit, f: Flows, mine: np.ndarray, title: str) -> str:
    assert visit.session is not None
    counted = np.bincount(f.reason[mine], f.persons[mine], minlength=len(c.EXIT_REASONS) + 1)
    rows = [
        (visit.words(c.EXIT_REASONS[k]), counted[k] / visit.session.scale)
        for k in np.argsort(-counted[: len(c.EXIT_REASONS)], kind="stable").tolist()
        if counted[k] > 0
    ]
    return _listed(title, rows, visit.words)


def _listed(title: str, rows: list[tuple[str, float]], words: Words) -> str:
    body = "".join(
        f'<tr><td>{escape(name)}</td><td class="hesim-num">{words.number(value)}</td></tr>'
        for name, value in rows
    )
    return f'<div><h3>{escape(title)}</h3><table class="hesim-table">{body}</table></div>'


def people_html(watcher: Watcher, visit: Visit) -> str:
    """The institution's vacancies with their applicants, the latest first."""
    session, words = visit.session, visit.words
    if session is None:
        return ""
    diary = Diary(Follower(-1), session.places, (), visit.first, words)
    head = "".join(
        f"<th>{escape(words(key))}</th>" for key in ("place", "who", "points", "why", "what_came")
    )
    parts = []
    for one in watcher.contests[::-1][:LISTED]:
        taken = any(each.taken for each in one.applicants)
        told = words(
            "contest", month=words.month(one.month, visit.first), role=words(c.ROLES[one.role]),
            field=words(c.FIELDS[one.field]), count=len(one.applicants),
            waited=one.month - one.opened,
            outcome=words("contest_filled" if taken else "contest_open"),
        )  # fmt: skip
        rows = "".join(
            applicant_row(place, each, False, diary.name(each.employer), words)
            for place, each in enumerate(one.applicants[:12], 1)
        )
        parts.append(
            f'<details><summary>{escape(told)}</summary><table class="hesim-table"><thead><tr>'
            f"{head}</tr></thead><tbody>{rows}</tbody></table></details>"
        )
    rest = len(watcher.contests) - LISTED
    if rest > 0:
        parts.append(f"<p>{escape(words('more_contests', count=rest))}</p>")
    return f'<div class="hesim-diary">{"".join(parts)}</div>'

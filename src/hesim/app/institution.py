"""Show one institution: its flows by month, where people come from and go to, its contests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import numpy as np

from hesim import categories as c
from hesim.app import gallery, measures
from hesim.app.diary import Diary, applicant_row
from hesim.app.gallery import Plan
from hesim.app.pictures import bars, series
from hesim.app.pictures.svg import Picture
from hesim.app.places import employer_name
from hesim.app.records import Flows, Record
from hesim.app.scene import Scene
from hesim.app.words import Words
from hesim.model.story import Follower
from hesim.model.story_institution import Watcher

LISTED = 60
"""Contests listed, the latest first."""


def chart(scene: Scene, code: int) -> list[Plan]:
    """Staff, hires, leavers by month, and staff by role."""
    plans = [Plan(name, partial(_by_month, scene, name, code)) for name in BY_MONTH]
    return [*plans, Plan("staff_role", partial(_roles, scene, code))]


def _by_month(scene: Scene, name: str, code: int) -> Picture:
    months = scene.month
    lines = {
        arm: [BY_MONTH[name](one.record, code, months) / scene.snapshot.scale]
        for arm, one in scene.snapshot.arms.items()
    }
    return series.draw(name, lines, gallery.axis(scene), scene.words, grade=scene.grade)


def _roles(scene: Scene, code: int) -> Picture:
    roles = {}
    for arm, one in scene.snapshot.arms.items():
        stock = one.record.stock(scene.month - 1)
        at = stock.employer == code
        counted = np.zeros((2, 7))
        counted[int(scene.snapshot.places.sector[code])] = np.bincount(
            stock.role[at], stock.persons[at], minlength=len(c.ROLES)
        )[:7]
        roles[arm] = counted
    return bars.draw("staff_role", c.ROLES[:7], roles, scene.words)


def _staff(record: Record, code: int, months: int) -> np.ndarray:
    stocks = (record.stock(month) for month in range(months))
    return np.array([s.persons[s.employer == code].sum() for s in stocks], float)


def _came(f: Flows, code: int) -> np.ndarray:
    return np.isin(f.kind, measures.CHANGES) & (f.target == code) & (f.origin != code)


def _went(f: Flows, code: int) -> np.ndarray:
    return (f.origin == code) & (f.target != code) & (f.kind != measures.STEP)


def _in(record: Record, code: int, months: int) -> np.ndarray:
    f = record.flows(0, months)
    mine = _came(f, code)
    return measures.a_year(measures.counts(f.month[mine], f.persons[mine], months))


def _out(record: Record, code: int, months: int) -> np.ndarray:
    f = record.flows(0, months)
    mine = _went(f, code)
    return measures.a_year(measures.counts(f.month[mine], f.persons[mine], months))


BY_MONTH: dict[str, Callable[[Record, int, int], np.ndarray]] = {
    "institution_staff": _staff,
    "institution_in": _in,
    "institution_out": _out,
}
"""Pictures by month of an institution, with what each counts, as simulated."""


def passages_html(scene: Scene, code: int) -> str:
    """Tables: from where people came in the period, where they went, and why they left."""
    words, arms = scene.words, scene.snapshot.arms
    start, stop = scene.period()
    parts = []
    for arm, one in arms.items():
        f = one.record.flows(start, stop)
        came, went = _came(f, code), _went(f, code)
        named = f" ({words(arm)})" if len(arms) > 1 else ""
        tables = (
            _table(scene, f, came, "origin", words("came_from") + named),
            _table(scene, f, went, "target", words("went_to") + named),
            _reasons(scene, f, went, words("why_left") + named),
        )
        parts.append(f'<div class="hesim-cards">{"".join(tables)}</div>')
    return "".join(parts)


def _table(scene: Scene, f: Flows, mine: np.ndarray, side: str, title: str) -> str:
    words, places = scene.words, scene.snapshot.places
    code = getattr(f, side)[mine].astype(np.int64) + 2
    counted = np.bincount(code, f.persons[mine], minlength=places.count + 2)
    rows = []
    for k in np.argsort(-counted, kind="stable")[:12].tolist():
        if counted[k] <= 0:
            break
        named = {0: words("outside_model"), 1: words("none")}
        name = named.get(k) or employer_name(k - 2, places, words)
        rows.append((name, counted[k] / scene.snapshot.scale))
    return _listed(title, rows, words)


def _reasons(scene: Scene, f: Flows, mine: np.ndarray, title: str) -> str:
    counted = np.bincount(f.reason[mine], f.persons[mine], minlength=len(c.EXIT_REASONS) + 1)
    rows = [
        (scene.words(c.EXIT_REASONS[k]), counted[k] / scene.snapshot.scale)
        for k in np.argsort(-counted[: len(c.EXIT_REASONS)], kind="stable").tolist()
        if counted[k] > 0
    ]
    return _listed(title, rows, scene.words)


def _listed(title: str, rows: list[tuple[str, float]], words: Words) -> str:
    body = "".join(
        f'<tr><td>{escape(name)}</td><td class="hesim-num">{words.number(value)}</td></tr>'
        for name, value in rows
    )
    return f'<div><h3>{escape(title)}</h3><table class="hesim-table">{body}</table></div>'


def people_html(watcher: Watcher, scene: Scene) -> str:
    """The institution's vacancies with their applicants, the latest first."""
    words = scene.words
    diary = Diary(Follower(-1), scene.snapshot.places, (), scene.first, words)
    head = "".join(
        f"<th>{escape(words(key))}</th>" for key in ("place", "who", "points", "why", "what_came")
    )
    parts = []
    for one in watcher.contests[::-1][:LISTED]:
        taken = any(each.taken for each in one.applicants)
        told = words(
            "contest", month=words.month(one.month, scene.first), role=words(c.ROLES[one.role]),
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

"""Show one institution: its flows by month, and where people come from and go to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import numpy as np

from hesim import categories as c
from hesim.app import gallery, measures
from hesim.app.gallery import Plan
from hesim.app.scene import Scene
from hesim.app.words import Words
from hesim.charts.chart import Chart
from hesim.charts.level import Level, level
from hesim.record.places import employer_name
from hesim.record.reader import Flows, Record

ROWS = 12
"""Rows of a table at most."""
JOINS = tuple(c.FLOW_KINDS.index(name) for name in ("move", "hire"))
LEAVES = tuple(c.FLOW_KINDS.index(name) for name in ("move", "separation", "departure"))
"""Kinds of change that add to the staff of an institution, and that take from it. A swap does
both in the same month, so staff is staff before, plus those who joined, less those who left."""
SWAPS = tuple(c.FLOW_KINDS.index(name) for name in ("swap", "swap_back"))
APART = {
    "second_job_here": ("second_job_start", "target"),
    "second_job_here_ended": ("second_job_end", "origin"),
    "dual_here": ("dual_start", "target"),
    "dual_here_ended": ("dual_end", "origin"),
    "seconded_here": ("secondment_start", "target"),
    "seconded_here_ended": ("secondment_end", "origin"),
    "seconded_away": ("secondment_start", "origin"),
    "seconded_away_ended": ("secondment_end", "target"),
    "swapped": ("swap", "target"),
    "swapped_back": ("swap_back", "target"),
}
"""What leaves the number of staff as it is: kind of flow, and the side on which the institution
stands."""


def chart(scene: Scene, code: int) -> list[Plan]:
    """Staff, hires, leavers by month, and staff by role."""
    plans = [Plan(name, partial(_by_month, scene, name, code)) for name in BY_MONTH]
    return [*plans, Plan("staff_role", partial(_roles, scene, code))]


def _by_month(scene: Scene, name: str, code: int) -> Chart:
    now, months = scene.snapshot, scene.month
    lines = {
        arm: [BY_MONTH[name](one.record, code, months) / now.scale for one in now.all(arm)]
        for arm in now.arms
    }
    return gallery.by_month(scene, name, lines)


def _roles(scene: Scene, code: int) -> Chart:
    now = scene.snapshot
    roles = {}
    for arm in now.arms:
        many = []
        for one in now.all(arm):
            stock = one.record.stock(scene.month - 1)
            at = stock.employer == code
            counted = np.zeros((2, 7))
            counted[int(now.places.sector[code])] = np.bincount(
                stock.role[at], stock.persons[at], minlength=len(c.ROLES)
            )[:7]
            many.append(counted)
        roles[arm] = many
    return gallery.of_staff(scene.words, "staff_role", c.ROLES[:7], roles)


def staff_by_month(record: Record, code: int, months: int) -> np.ndarray:
    """Staff of an institution at the end of each month, as simulated."""
    stocks = (record.stock(month) for month in range(months))
    return np.array([s.persons[s.employer == code].sum() for s in stocks], float)


def came(f: Flows, code: int) -> np.ndarray:
    """Rows of those who join an institution: from another employer, or from no job."""
    return np.isin(f.kind, JOINS) & (f.target == code) & (f.origin != code)


def went(f: Flows, code: int) -> np.ndarray:
    """Rows of those who leave it: for another employer, to no job, or out of the model."""
    return np.isin(f.kind, LEAVES) & (f.origin == code) & (f.target != code)


def swap_rows(f: Flows, code: int, side: str) -> np.ndarray:
    """Rows of those who exchange jobs with somebody, joining (`target`) or leaving (`origin`)."""
    return np.isin(f.kind, SWAPS) & (getattr(f, side) == code)


def _in(record: Record, code: int, months: int) -> np.ndarray:
    f = record.flows(0, months)
    mine = came(f, code)
    return measures.a_year(measures.person_counts(f.month[mine], f.persons[mine], months))


def _out(record: Record, code: int, months: int) -> np.ndarray:
    f = record.flows(0, months)
    mine = went(f, code)
    return measures.a_year(measures.person_counts(f.month[mine], f.persons[mine], months))


BY_MONTH: dict[str, Callable[[Record, int, int], np.ndarray]] = {
    "institution_staff": staff_by_month,
    "institution_in": _in,
    "institution_out": _out,
}
"""Pictures by month of an institution, with what each counts, as simulated."""


def passages_html(scene: Scene, code: int) -> str:
    """Tables: from where people came in the period, where they went, why, and what is apart."""
    words, now = scene.words, scene.snapshot
    parts = []
    for arm in now.arms:
        flows = [one.record.flows(*scene.period()) for one in now.all(arm)]
        named = f" ({words(arm)})" if len(now.arms) > 1 else ""
        tables = (
            _listed(words("came_from") + named, _places(scene, flows, code, "origin"), words),
            _listed(words("went_to") + named, _places(scene, flows, code, "target"), words),
            _listed(words("why_left") + named, _reasons(scene, flows, code), words),
            _listed(words("staff_apart") + named, _apart(scene, flows, code), words),
        )
        parts.append(f'<div class="hesim-cards">{"".join(tables)}</div>')
    runs = words.phrases.runs([len(now.all(arm)) for arm in now.arms])
    small = f"{words('staff_balance')} {runs}"
    return "".join(parts) + f'<p class="hesim-small">{escape(small)}</p>'


def _places(
    scene: Scene, flows: Sequence[Flows], code: int, side: str
) -> list[tuple[str, Level, int]]:
    """Where people came from (`origin`) or went to (`target`), the most first."""
    words, places = scene.words, scene.snapshot.places
    size = places.count + 2
    counted = []
    for f in flows:
        mine = came(f, code) if side == "origin" else went(f, code)
        # Codes -2 and -1 are outside the model and no job.
        cell = getattr(f, side)[mine].astype(np.int64) + 2
        counted.append(np.bincount(cell, f.persons[mine], minlength=size) / scene.snapshot.scale)
    names = [words("outside_model"), words("none")]
    names += [employer_name(k, places, words) for k in range(places.count)]
    return _most(names, level(counted))


def _reasons(scene: Scene, flows: Sequence[Flows], code: int) -> list[tuple[str, Level, int]]:
    """Why people left; in a change of employer by own choice no reason is noted."""
    size = len(c.EXIT_REASONS)
    counted = []
    for f in flows:
        mine = went(f, code)
        found = np.bincount(f.reason[mine], f.persons[mine], minlength=size + 1)
        counted.append(found[:size] / scene.snapshot.scale)
    return _most([scene.words(name) for name in c.EXIT_REASONS], level(counted))


def _apart(scene: Scene, flows: Sequence[Flows], code: int) -> list[tuple[str, Level, int]]:
    """What leaves the number of staff as it is: second jobs, secondments, swaps."""
    counted = []
    for f in flows:
        here = [
            (f.kind == c.FLOW_KINDS.index(kind)) & (getattr(f, side) == code)
            for kind, side in APART.values()
        ]
        persons = [float(f.persons[mine].sum()) for mine in here]
        counted.append(np.array(persons) / scene.snapshot.scale)
    return _most([scene.words(name) for name in APART], level(counted), in_order=True)


def _most(
    names: Sequence[str], found: Level, in_order: bool = False
) -> list[tuple[str, Level, int]]:
    """Rows of a table with somebody in them, at most `ROWS`; the most first unless in order."""
    order = range(len(names)) if in_order else np.argsort(-found.mean, kind="stable").tolist()
    return [(names[k], found, k) for k in order if found.mean[k] > 0][:ROWS]


def _listed(title: str, rows: list[tuple[str, Level, int]], words: Words) -> str:
    body = "".join(
        f"<tr><td>{escape(name)}</td>"
        f'<td class="hesim-num">{escape(found.words(at, words.phrases))}</td></tr>'
        for name, found, at in rows
    )
    nobody = f"<tr><td>{escape(words('nobody_here'))}</td></tr>"
    table = f'<table class="hesim-table">{body or nobody}</table>'
    return f"<div><h2>{escape(title)}</h2>{table}</div>"

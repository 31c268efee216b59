"""Draw what a policy changes on the map: staff of institutions, and moves between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.app.measures import Line
from hesim.app.pictures import svg
from hesim.app.pictures.netherlands import HEIGHT, WIDTH, bow, land, radii
from hesim.app.speakers import speaker
from hesim.app.words import Words
from hesim.charts.level import Level, cells, level
from hesim.charts.sankey import CHANGES
from hesim.record.places import Places

LARGEST = 13.0
"""Radius in pixels of the largest change of staff."""
STAFF = "#dcdfe3"


@dataclass(frozen=True)
class MapChange:
    """What changes between two worlds, replication by replication, as simulated.

    Attributes:
        staff: Staff of each institution without the policy, in each replication.
        change: How much more staff each has with it, in each replication.
        moves: Moves between institutions that change, with how much in each replication; the
            smallest change first.
    """

    staff: Sequence[NDArray[np.float64]]
    change: Sequence[NDArray[np.float64]]
    moves: Sequence[Line]


def draw(
    places: Places,
    at: NDArray[np.float64],
    found: MapChange,
    scale: float,
    words: Words,
    title: str,
    chosen: int | None = None,
) -> svg.Picture:
    """Draw the map of changes: discs and lines are means over pairs of runs.

    Args:
        places: Institutions.
        at: Where each circle stands, from `netherlands.push_apart`.
        found: What changes.
        scale: `population.scale`.
        words: Language.
        title: What is compared, and over which months, in words.
        chosen: An institution to point out.
    """
    room = WIDTH - 2 * svg.EDGE
    change = level([each / scale for each in found.change], below_zero=True)
    moved = [
        level([np.array([persons / scale]) for persons in move.persons], below_zero=True)
        for move in found.moves
    ]
    colours = {entry.name: entry.colour for entry in CHANGES}
    canvas = svg.Canvas(WIDTH, HEIGHT)
    canvas.path(land(), fill="#f3f1ea", stroke="#b9b4a5", width=0.8)
    most = max((abs(float(each.mean[0])) for each in moved), default=0.0)
    for sure in (False, True):
        for move, many in zip(found.moves, moved, strict=True):
            kind = direction(many, 0)
            if (kind != "unsure") != sure or not many.mean[0]:
                continue
            names = f"{places.names[move.origin]} → {places.names[move.target]}"
            canvas.path(
                bow(at, move),
                stroke=colours[kind],
                width=0.6 + 4.4 * math.sqrt(abs(float(many.mean[0])) / most),
                opacity=0.85 if sure else 0.6,
                dash="5 3" if kind == "fewer" else "",
                hint=f"{names}: {_told(many, 0, words)}",
            )
    staff = level([each / scale for each in found.staff]).mean * scale
    size = radii(staff, scale)
    widest = float(np.abs(change.mean).max(initial=0.0)) or 1.0
    for k in range(places.institutions):
        x, y = at[k]
        canvas.circle(
            x,
            y,
            size[k],
            STAFF,
            stroke="#111111" if k == chosen else "#8c959f",
            width=2.5 if k == chosen else 0.8,
            hint=f"{places.names[k]}: {_told(change, k, words)} {words('persons')}",
            pick=f"institution:{k}",
            opacity=0.9,
        )
        if change.mean[k]:
            disc = LARGEST * math.sqrt(abs(float(change.mean[k])) / widest)
            kind = direction(change, k)
            canvas.add('<g pointer-events="none">')
            canvas.circle(
                x, y, max(disc, 1.5), colours[kind], stroke="#ffffff", width=1, opacity=0.9
            )
            if kind == "fewer":
                canvas.line(x - disc / 2, y, x + disc / 2, y, "#1f2328", 2)
            canvas.add("</g>")
    y = 15.0
    for line in svg.wrap(title, room, 14):
        canvas.text(svg.EDGE, y, line, size=13, bold=True)
        y += 16
    say = speaker(words)
    svg.write_key(canvas, y, [(entry.colour, say(entry.label)) for entry in CHANGES])
    runs = words.phrases.runs([len(found.change)])
    note = [
        line
        for text in (words("map_change_note"), runs, words("outline_source"))
        for line in svg.wrap(text, room, 12)
    ]
    canvas.paragraph(HEIGHT - 20, note, size=12, colour=svg.SOFT)
    order = np.argsort(-np.abs(change.mean), kind="stable")[:5]
    told = "; ".join(f"{places.names[k]} {_told(change, k, words)}" for k in order)
    rows: list[tuple[object, ...]] = [
        ("staff", places.names[k], "", *cells(change, k)) for k in range(places.institutions)
    ]
    rows += [
        ("moves", places.names[move.origin], places.names[move.target], *cells(many, 0))
        for move, many in zip(reversed(found.moves), reversed(moved), strict=True)
    ]
    header = ("what", "origin", "destination", "persons", "low", "high", "replications")
    return canvas.picture("map_change", title, f"{title}. {told}", header, rows)


def direction(found: Level, at: int) -> str:
    """What a figure is: `more`, `fewer`, or `unsure` where its interval holds 0 or it has none."""
    low, high = float(found.low[at]), float(found.high[at])
    if low != low or low <= 0 <= high:
        return "unsure"
    return "more" if low > 0 else "fewer"


def _told(found: Level, at: int, words: Words) -> str:
    """A change with its sign and its interval."""
    low, high = float(found.low[at]), float(found.high[at])
    return words.phrases.estimate(float(found.mean[at]), low, high, signed=True)

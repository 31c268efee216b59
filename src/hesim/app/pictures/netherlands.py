"""Draw the map: institutions by staff and sector, and the moves between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.measures import Line
from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.charts.colours import SECTOR_COLOURS
from hesim.charts.level import cells, level
from hesim.record.places import Places, outline

WIDTH, HEIGHT = 456.0, 560.0
WEST, EAST, SOUTH, NORTH = 3.25, 7.30, 50.70, 53.60
"""Degrees shown."""
LARGEST = 17.0
"""Radius in pixels of the institution with most staff at full scale."""


def project(lon: float, lat: float) -> tuple[float, float]:
    """Pixels of a place: longitude shrunk by the cosine of the middle latitude."""
    shrink = math.cos(math.radians((SOUTH + NORTH) / 2))
    unit = min(WIDTH / ((EAST - WEST) * shrink), (HEIGHT - 40) / (NORTH - SOUTH))
    return (lon - WEST) * shrink * unit + 4, (NORTH - lat) * unit + 14


@lru_cache(maxsize=1)
def land() -> str:
    """The outline of the country, as the data of a path."""
    rings = []
    for ring in outline():
        points = (project(x, y) for x, y in ring)
        rings.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z")
    return "".join(rings)


def radii(staff: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Radius by staff: area is in proportion; 4,000 persons at full scale are largest."""
    return np.asarray(np.clip(LARGEST * np.sqrt(staff / (4000.0 * scale)), 2.0, 2 * LARGEST))


def push_apart(
    lon: NDArray[np.float64], lat: NDArray[np.float64], radius: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Push apart the circles that would cover one another; shape (institutions, 2), pixels."""
    home = np.array([project(x, y) for x, y in zip(lon, lat, strict=True)])
    # A first push in a direction of its own, for those in one town.
    turn = np.arange(len(home)) * 2.399963
    at = home + np.stack([np.cos(turn), np.sin(turn)], axis=1)
    apart = radius[:, None] + radius[None, :] + 1.0
    for _ in range(150):
        gap = at[:, None] - at[None]
        distance = np.sqrt((gap**2).sum(axis=2)) + 1e-9
        overlap = np.maximum(apart - distance, 0.0)
        np.fill_diagonal(overlap, 0.0)
        at = at + 0.25 * (gap / distance[..., None] * overlap[..., None]).sum(axis=1)
        at += 0.02 * (home - at)
    return at


def bow(at: NDArray[np.float64], move: Line) -> str:
    """The line of moves, bent to the right so that both directions can be told apart."""
    (x1, y1), (x2, y2) = at[move.origin], at[move.target]
    mx, my = (x1 + x2) / 2 - (y2 - y1) * 0.18, (y1 + y2) / 2 + (x2 - x1) * 0.18
    return f"M{x1:.1f},{y1:.1f}Q{mx:.1f},{my:.1f} {x2:.1f},{y2:.1f}"


def draw(
    places: Places,
    at: NDArray[np.float64],
    replications: Sequence[NDArray[np.float64]],
    moves: list[Line],
    scale: float,
    words: Words,
    period: str,
    chosen: int | None = None,
) -> svg.Picture:
    """Draw the map: circles and lines are means over replications.

    Args:
        places: Institutions.
        at: Where each circle stands, from `push_apart`.
        replications: Staff of each institution in each replication, as simulated.
        moves: Flows between institutions, smallest first, as simulated.
        scale: `population.scale`.
        words: Language.
        period: The months shown, in words.
        chosen: An institution to point out.
    """
    room = WIDTH - 2 * svg.EDGE
    found = level([each / scale for each in replications])
    staff = found.mean * scale
    runs = words.phrases.runs([len(replications)])
    note = [
        line
        for text in (words("map_note"), runs, words("outline_source"))
        for line in svg.wrap(text, room, 12)
    ]
    head = svg.wrap(period, room, 14)
    canvas = svg.Canvas(WIDTH, HEIGHT)
    canvas.path(land(), fill="#f3f1ea", stroke="#b9b4a5", width=0.8)
    passed = [level([np.array([each / scale]) for each in move.persons]) for move in moves]
    mean = [float(each.mean[0]) * scale for each in passed]
    most = max(mean, default=1.0)
    crossing = 0.0
    for move, persons, many in zip(moves, mean, passed, strict=True):
        one, other = int(places.sector[move.origin]), int(places.sector[move.target])
        across = one != other
        crossing += persons if across else 0.0
        picked = chosen in (move.origin, move.target)
        canvas.path(
            bow(at, move),
            stroke=SECTOR_COLOURS[c.SECTORS[one]],
            width=0.6 + 5.0 * math.sqrt(persons / max(most, 4.0)),
            opacity=0.9 if picked else (0.75 if across else 0.22),
            hint=f"{places.names[move.origin]} → {places.names[move.target]}: "
            f"{many.words(0, words.phrases)}",
        )
    size = radii(staff, scale)
    for k in range(places.institutions):
        x, y = at[k]
        canvas.circle(
            x,
            y,
            size[k],
            SECTOR_COLOURS[c.SECTORS[places.sector[k]]],
            stroke="#111111" if k == chosen else "#ffffff",
            width=2.5 if k == chosen else 1,
            hint=f"{places.names[k]}: {found.words(k, words.phrases)} {words('persons')}",
            pick=f"institution:{k}",
            opacity=0.92,
        )
    for row, line in enumerate(head):
        canvas.text(svg.EDGE, 15 + 16 * row, line, size=13, bold=True)
    for row, sector in enumerate(("hbo", "wo"), len(head)):
        canvas.circle(14, 17 + row * 17, 6, SECTOR_COLOURS[sector])
        canvas.text(26, 21 + row * 17, words(sector))
    canvas.paragraph(HEIGHT - 20, note, size=12, colour=svg.SOFT)
    title = f"{words('map')}, {period}"
    told = words(
        "map_words",
        institutions=int((staff > 0).sum()),
        persons=words.number(staff.sum() / scale),
        crossing=words.number(crossing / scale),
    )
    rows: list[tuple[object, ...]] = [
        ("staff", places.names[k], "", *cells(found, k)) for k in range(len(staff))
    ]
    rows += [
        ("moves", places.names[move.origin], places.names[move.target], *cells(many, 0))
        for move, many in zip(reversed(moves), reversed(passed), strict=True)
    ]
    header = ("what", "origin", "destination", "persons", "low", "high", "replications")
    return canvas.picture("map", title, told, header, rows)

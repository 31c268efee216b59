"""Draw who moves from which sector to which, as ribbons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.measures import ORIGINS
from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.charts.colours import SECTOR_COLOURS
from hesim.charts.level import level
from hesim.survey.crossings import CROSSINGS, LATER

WIDTH, HEIGHT = 456.0, 560.0
LEFT, RIGHT, TOP, GAP, THICK = 176.0, 274.0, 58.0, 7.0, 14.0
CORE = (c.HBO, c.WO)
FIRST = ("hbo", "hbo_then_no_job", "wo", "wo_then_no_job")
FROM = [ORIGINS.index(name) for name in (*FIRST, *c.SECTORS[2:])]
"""Rows of `measures.ORIGINS` from the top downwards."""
ACROSS = {(c.SECTORS[left], c.SECTORS[joined]) for left, joined in CROSSINGS.values()} | {
    *LATER.values()
}
"""Origins and destinations of those who cross between hbo and wo."""


def touching(moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the moves that hbo or wo takes part in; shape (..., origins, sectors)."""
    kept = moves.copy()
    outside = [k for k in range(len(c.SECTORS)) if k not in CORE]
    kept[..., np.ix_(outside, outside)[0], np.ix_(outside, outside)[1]] = 0.0
    return kept


def draw(
    replications: Sequence[NDArray[np.float64]],
    scale: float,
    words: Words,
    period: str,
) -> svg.Picture:
    """Draw the ribbons of the mean over replications, with intervals.

    Args:
        replications: Persons by origin and sector joined in the period, as simulated, of
            `measures.origin_destination`; the one that is shown first.
        scale: `population.scale`.
        words: Language.
        period: The months shown, in words.
    """
    many = touching(np.stack(replications)) / scale
    told = _told(many, words)
    many = many[:, FROM]
    origins = [ORIGINS[k] for k in FROM]
    found = level(list(many))
    moves = found.mean
    out, into = moves.sum(axis=1), moves.sum(axis=0)
    total = max(out.sum(), 1e-9)
    shown_out, shown_in = int((out > 0).sum()), int((into > 0).sum())
    room = HEIGHT - TOP - 56 - GAP * (max(shown_out, shown_in, 1) - 1)
    unit = room / total
    lines = [line for sentence in told for line in svg.wrap(sentence, WIDTH - 2 * svg.EDGE)]
    canvas = svg.Canvas(WIDTH, HEIGHT)
    for row, line in enumerate(svg.wrap(period, WIDTH - 2 * svg.EDGE, 14)):
        canvas.text(svg.EDGE, 15 + 15 * row, line, size=13, bold=True)
    canvas.text(LEFT, 47, words("from"), anchor="end", bold=True)
    canvas.text(RIGHT + THICK, 47, words("to"), bold=True)
    left, right = node_tops(out, unit), node_tops(into, unit)
    start, end = left.copy(), right.copy()
    ribbons: list[tuple[float, str]] = []
    rows: list[tuple[object, ...]] = []
    for origin, come_from in enumerate(origins):
        for target in range(len(c.SECTORS)):
            value = moves[origin, target]
            low, high = (float(end[origin, target]) for end in (found.low, found.high))
            if many[:, origin, target].any():
                names = come_from, c.SECTORS[target]
                rows.append(
                    (
                        *names,
                        round(value, 2),
                        _r(low),
                        _r(high),
                        round(many[0, origin, target], 2),
                        len(many),
                    )
                )
            if value <= 0:
                continue
            thick = value * unit
            y1, y2 = start[origin], end[target]
            start[origin] += thick
            end[target] += thick
            crossing = (come_from, c.SECTORS[target]) in ACROSS
            figure = words.phrases.estimate(value, low, high)
            hint = f"{words(come_from)} → {words(c.SECTORS[target])}: {figure}"
            data = ribbon(LEFT + THICK, RIGHT, y1, y2, thick)
            colour = _colour(come_from)
            edge = "#111111" if crossing else "none"
            piece = svg.Canvas(0, 0)
            piece.path(
                data,
                fill=colour,
                stroke=edge,
                width=0.8,
                opacity=0.95 if crossing else 0.42,
                hint=hint,
            )
            ribbons.append((1.0 if crossing else 0.0, piece.parts[0]))
    for _, drawn in sorted(ribbons, key=lambda pair: pair[0]):
        canvas.add(drawn)
    for side, tops, values, names_of in (
        ("left", left, out, origins),
        ("right", right, into, list(c.SECTORS)),
    ):
        _nodes(canvas, side, tops, values, names_of, unit, many, words)
    title = f"{words('sankey')}, {period}"
    canvas.paragraph(HEIGHT - 24, lines)
    header = ("from", "to", "persons", "low", "high", "watched", "replications")
    return canvas.picture("origin_destination", title, " ".join(told), header, rows)


def _r(value: float) -> float | None:
    return None if value != value else round(value, 3)


def node_tops(values: NDArray[np.float64], unit: float, top: float = TOP) -> NDArray[np.float64]:
    """Top of each node, in pixels.

    Args:
        values: Persons of each node.
        unit: Pixels a person.
        top: Top of the first one.
    """
    tops, y = np.zeros(values.size), top
    for k, value in enumerate(values):
        tops[k] = y
        if value > 0:
            y += value * unit + GAP
    return tops


def _nodes(
    canvas: svg.Canvas,
    side: str,
    tops: NDArray[np.float64],
    values: NDArray[np.float64],
    names: Sequence[str],
    unit: float,
    many: NDArray[np.float64],
    words: Words,
) -> None:
    x = LEFT if side == "left" else RIGHT
    left = side == "left"
    shown = [k for k, value in enumerate(values) if value > 0]
    wanted = [tops[k] + values[k] * unit / 2 for k in shown]
    for k, y, middle in zip(shown, label_heights(wanted), wanted, strict=True):
        name, value = names[k], float(values[k])
        canvas.rect(
            x,
            tops[k],
            THICK,
            value * unit,
            _colour(name),
            stroke="#333333",
            hint=f"{words(name)}: {words.number(value)}",
        )
        edge, end = (x, x - 14) if left else (x + THICK, x + THICK + 14)
        canvas.line(edge, middle, end, y, svg.LINE, 0.8)
        total = many[:, k, :].sum(axis=1) if left else many[:, :, k].sum(axis=1)
        low, high = (float(end) for end in level(list(total))[1:3])
        figure, spread = words.phrases.figure_and_interval(value, low, high)
        text = f"{words(name)} {figure}"
        anchor, tx = ("end", end - 3) if left else ("start", end + 3)
        canvas.text(tx, y + 4, text, anchor=anchor, size=12, bold=name in ("hbo", "wo"))
        if spread:
            canvas.text(tx, y + 17, spread, anchor=anchor, size=12, colour=svg.SOFT)


def ribbon(x1: float, x2: float, y1: float, y2: float, thick: float) -> str:
    """The outline of a ribbon from a node at the left to one at the right."""
    mid = (x1 + x2) / 2
    return (
        f"M{x1:.1f},{y1:.2f}C{mid:.1f},{y1:.2f} {mid:.1f},{y2:.2f} {x2:.1f},{y2:.2f}"
        f"L{x2:.1f},{y2 + thick:.2f}C{mid:.1f},{y2 + thick:.2f} {mid:.1f},"
        f"{y1 + thick:.2f} {x1:.1f},{y1 + thick:.2f}Z"
    )


def label_heights(
    wanted: list[float], top: float = TOP, bottom: float = HEIGHT - 54, least: float = 30.0
) -> list[float]:
    """Heights of labels near those wanted, at least so far apart, inside the picture."""
    heights: list[float] = []
    for y in wanted:
        heights.append(max(y, heights[-1] + least) if heights else max(y, top))
    for k in range(len(heights) - 1, -1, -1):
        heights[k] = min(heights[k], bottom - least * (len(heights) - 1 - k))
    return heights


def _colour(name: str) -> str:
    return SECTOR_COLOURS[name.partition("_then")[0]]


def _told(many: NDArray[np.float64], words: Words) -> list[str]:
    """Say how many cross, and how many of them go from job to job."""
    told = []
    for name, (left, joined) in CROSSINGS.items():
        direct = many[:, left, joined]
        later = many[:, ORIGINS.index(LATER[name][0]), joined]
        counts = []
        for values in (direct + later, direct):
            counts.append(level(list(values[:, None])).words(0, words.phrases))
        told.append(words("crossing_told", way=words(name), all=counts[0], direct=counts[1]))
    return [*told, words.phrases.runs([len(many)])]

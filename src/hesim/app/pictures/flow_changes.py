"""Draw how flows change between places, as ribbons as wide as the change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.app.pictures import svg
from hesim.app.pictures.sankey import (
    GAP,
    LEFT,
    RIGHT,
    THICK,
    WIDTH,
    label_heights,
    node_tops,
    ribbon,
)
from hesim.charts.colours import colour_of

if TYPE_CHECKING:
    from hesim.app.words import Words
    from hesim.charts.chart import Axis, Chart

TALL = 400.0
"""Pixels for the ribbons."""
FEWER = "hesim-fewer"
LABELLED = 13.0
"""Pixels from which on a ribbon is high enough for its figure."""


def draw(chart: Chart, words: Words) -> svg.Picture:
    """Draw the ribbons of a chart of changes.

    Args:
        chart: As `charts.sankey.sankey_chart` makes it, in the visitor's language.
        words: Language.
    """
    assert chart.key is not None
    rows = [row for row in chart.table.rows if row["mean"]]
    canvas = svg.Canvas(WIDTH, 0)
    y = 15.0
    for line in svg.wrap(chart.title.replace("\n", " "), WIDTH - 2 * svg.EDGE, 14):
        canvas.text(svg.EDGE, y, line, size=13, bold=True)
        y += 15
    y = svg.write_key(canvas, y + 4, [(one.colour, one.label) for one in chart.entries], FEWER)
    top = y + 26
    canvas.text(LEFT, top - 11, chart.x.title, anchor="end", bold=True)
    canvas.text(RIGHT + THICK, top - 11, chart.y.title, bold=True)
    names = list(map(str, chart.x.ticks))
    sizes = np.zeros((len(names), len(names)))
    for row in rows:
        sizes[names.index(row["origin"]), names.index(row["destination"])] = abs(row["mean"])
    shown = max(int((sizes.sum(axis=k) > 0).sum()) for k in (0, 1)) or 1
    unit = (TALL - GAP * (shown - 1)) / max(float(sizes.sum()), 1e-9)
    left, right = (node_tops(sizes.sum(axis=k), unit, top) for k in (1, 0))
    _ribbons(canvas, rows, chart, names, unit, (left.copy(), right.copy()), words)
    for x, axis, column, tops, values in (
        (LEFT, chart.x, "origin", left, sizes.sum(axis=1)),
        (RIGHT, chart.y, "destination", right, sizes.sum(axis=0)),
    ):
        nets = [sum(row["mean"] for row in rows if row[column] == name) for name in names]
        _places(canvas, x, axis, tops, values * unit, [*map(words.signed, nets)], top)
    small = [part for line in chart.small.splitlines() for part in svg.wrap(line, WIDTH - 16)]
    if not rows:
        small.insert(0, words("flows_same"))
    canvas.paragraph(top + (TALL if rows else 0.0) + 24, small, colour=svg.SOFT)
    header = tuple(column.name for column in chart.table.columns)
    return canvas.picture(chart.name or chart.form, chart.title, chart.text, header, _cells(chart))


def _cells(chart: Chart) -> list[tuple[object, ...]]:
    """The data of the chart, row by row."""
    return [
        tuple(round(cell, 4) if isinstance(cell, float) else cell for cell in row)
        for row in chart.table.cells
    ]


def _ribbons(
    canvas: svg.Canvas,
    rows: Sequence[dict[str, Any]],
    chart: Chart,
    names: Sequence[str],
    unit: float,
    used: tuple[Any, Any],
    words: Words,
) -> None:
    """All ribbons, those that cannot be told from zero at the back."""
    start, end = used
    assert chart.key is not None
    said = [dict(zip(axis.ticks, axis.labels, strict=True)) for axis in (chart.x, chart.y)]
    drawn: list[tuple[bool, str]] = []
    for row in rows:
        origin, target = names.index(row["origin"]), names.index(row["destination"])
        thick = abs(row["mean"]) * unit
        y1, y2 = float(start[origin]), float(end[target])
        start[origin] += thick
        end[target] += thick
        low, high = (float("nan") if row[key] is None else row[key] for key in ("low", "high"))
        figure, spread = words.phrases.figure_and_interval(row["mean"], low, high, signed=True)
        hint = f"{said[0][row['origin']]} → {said[1][row['destination']]}: {figure} {spread}"
        entry = chart.key.entry(row["change"])
        piece = svg.Canvas(0, 0)
        piece.path(
            ribbon(LEFT + THICK, RIGHT, y1, y2, thick),
            fill=f"url(#{FEWER})" if row["change"] == "fewer" else entry.colour,
            stroke="#ffffff",
            width=0.4,
            opacity=0.75,
            hint=hint.rstrip(),
        )
        if thick >= LABELLED:
            piece.text(LEFT + THICK + 4, y1 + thick / 2 + 4, figure, size=12)
        drawn.append((row["change"] != "unsure", "".join(piece.parts)))
    for _, each in sorted(drawn, key=lambda pair: pair[0]):
        canvas.add(each)


def _places(
    canvas: svg.Canvas,
    x: float,
    axis: Axis,
    tops: Any,
    heights: Any,
    nets: Sequence[str],
    top: float,
) -> None:
    """The places of a side, each with its words and its change on the whole."""
    left = x == LEFT
    shown = [k for k, height in enumerate(heights) if height > 0]
    wanted = [float(tops[k] + heights[k] / 2) for k in shown]
    for k, y, middle in zip(shown, label_heights(wanted, top, top + TALL), wanted, strict=True):
        colour = colour_of(str(axis.ticks[k]))
        canvas.rect(x, float(tops[k]), THICK, float(heights[k]), colour, stroke="#333333")
        edge, end = (x, x - 14) if left else (x + THICK, x + THICK + 14)
        canvas.line(edge, middle, end, y, svg.LINE, 0.8)
        anchor, tx = ("end", end - 3) if left else ("start", end + 3)
        canvas.text(tx, y + 1, axis.labels[k].replace("\n", " "), anchor=anchor, size=12)
        canvas.text(tx, y + 15, nets[k], anchor=anchor, size=12, bold=True)

"""Draw the league of a study: differences from the baseline with intervals, largest first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hesim.app import lever_words
from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.charts.colours import BLUE, GREY, VERMILION
from hesim.charts.league import league_chart

WIDTH = 960.0
LEFT, RIGHT, TOP, ROW = 300.0, 210.0, 60.0, 24.0
GRADE_COLOURS = {"assumed": VERMILION, "transfer evidence": BLUE, "report": "#00664b"}
"""Colour of what a figure rests on; the word stands beside it."""


def draw(rows: Sequence[Mapping[str, Any]], title: str, unit: str, words: Words) -> svg.Picture:
    """Draw one row for each arm.

    Args:
        rows: Rows of `study.answers.effects.comparison` with a difference.
        title: Title.
        unit: Unit of the differences.
        words: Language.
    """
    chart = league_chart(rows, title, unit, names=[called(str(r["arm"]), words) for r in rows])
    shown = chart.table.rows
    canvas = svg.Canvas(WIDTH, TOP + ROW * max(len(rows), 1) + 34)
    canvas.text(8, 18, chart.title, size=14, bold=True)
    canvas.text(8, 36, chart.x.title, size=11, colour=svg.SOFT)
    found = [row[key] for row in shown for key in ("mean", "low", "high")]
    ends = [0.0, *(value for value in found if value is not None)]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.06 or 1.0
    low, high = low - room, high + room

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low)

    bottom = TOP + ROW * len(rows)
    for tick in _ticks(low, high):
        canvas.line(x(tick), TOP - 6, x(tick), bottom)
        value = words.written(tick, ",.4g")
        canvas.text(x(tick), bottom + 14, value, size=10, anchor="middle", colour=svg.SOFT)
    canvas.line(x(0), TOP - 6, x(0), bottom, svg.LINE, 1.4)
    data: list[tuple[object, ...]] = []
    told = []
    for k, (row, source) in enumerate(zip(shown, rows, strict=True)):
        y = TOP + ROW * k + ROW / 2
        name, grade, sure = row["name"], row["grade"], row["distinguishable"]
        mean, below, above = (
            math.nan if row[key] is None else row[key] for key in ("mean", "low", "high")
        )
        value = words.written(mean, "+.3g")
        colour = GRADE_COLOURS.get(grade, GREY)
        canvas.text(LEFT - 8, y + 4, _short(name), anchor="end", size=12)
        if not math.isnan(below):
            canvas.line(x(below), y, x(above), y, colour, 2.5)
        canvas.circle(
            x(mean),
            y,
            5,
            colour if sure else "#ffffff",
            stroke=colour,
            width=2,
            hint=f"{name}: {value}",
        )
        text = value + svg.bracket(below, above, words)
        canvas.text(WIDTH - RIGHT + 8, y, text, size=11)
        doubt = "" if sure else f"; {words('unsure')}"
        canvas.text(
            WIDTH - RIGHT + 8,
            y + 11,
            words.known(f"rests_{grade}", grade) + doubt,
            size=9,
            colour=svg.SOFT,
        )
        told.append(f"{name} {text} ({grade})")
        where = row["arm"], source["outcome"], source["scenario"]
        data.append((*where, mean, below, above, grade, sure))
    canvas.text(8, bottom + 28, words("league_note"), size=11, colour=svg.SOFT)
    header = ("arm", "outcome", "scenario", "difference", "low", "high", "grade", "distinguishable")
    return canvas.picture(chart.form, chart.title, "; ".join(told), header, data)


def called(arm: str, words: Words) -> str:
    """An arm's name: the titles of its levers where there are any."""
    return " + ".join(lever_words.lever_heading(part, words) for part in arm.split("+"))


def _short(text: str, room: int = 44) -> str:
    return text if len(text) <= room else text[: room - 1] + "\u2026"


def _ticks(low: float, high: float) -> list[float]:
    size = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(size * k for k in (0.5, 1, 2, 5, 10) if (high - low) / (size * k) <= 7)
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]

"""Draw outcomes over the months: means of the arms, intervals, the report's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.app.pictures import svg
from hesim.app.pictures.level import Level, cells, level, runs_told
from hesim.app.words import Words
from hesim.charts.colours import BLACK, GREEN, GREY, PURPLE, SECTOR_COLOURS

WIDTH, HEIGHT = 340.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 18.0, 42.0, 54.0
COLOURS = {
    "baseline": BLACK,
    "policy": PURPLE,
    "hbo": SECTOR_COLOURS["hbo"],
    "wo": SECTOR_COLOURS["wo"],
}
REPORT = GREEN
THIN = 0.6
"""Width of the line of the run that is watched, beside the mean's."""


@dataclass(frozen=True)
class MonthAxis:
    """The months of a picture.

    Attributes:
        months: Months that the axis covers.
        start: First month, as `2011-01`.
        changes: Months in which levers were changed.
    """

    months: int
    start: str
    changes: tuple[int, ...] = ()

    def x(self, month: float) -> float:
        """Pixel of the end of a month."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (month + 1) / max(self.months, 1)


def draw(
    name: str,
    arms: Mapping[str, Sequence[NDArray[np.float64]]],
    axis: MonthAxis,
    words: Words,
    report: tuple[float, float, str] | None = None,
    points: Mapping[str, Level] | None = None,
    grade: str = "",
) -> svg.Picture:
    """Draw one outcome: the mean over replications with its interval, and the run watched.

    Args:
        name: Name of the outcome.
        arms: By arm, the series by month of each replication; the one that is watched first.
        axis: Months.
        words: Language.
        report: The report's lowest and highest figure and a word on its source.
        points: By arm, one value a calendar year, where there is none by month.
        grade: What the effect of the levers rests on, said beside the policy's figures.
    """
    canvas = svg.Canvas(WIDTH, HEIGHT)
    yearly = points or {}
    levels = {arm: level(many) for arm, many in arms.items() if many and many[0].size}
    values = [each for arm in levels for each in arms[arm]]
    values += [each.mean for each in yearly.values()]
    top = max([_highest(values), report[1] if report else 0.0]) * 1.08 or 1.0
    ticks = svg.steps(top)
    top = max(top, ticks[-1])

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    _frame(canvas, name, axis, words, ticks, y)
    if report:
        low, high, source = report
        if high > low:
            canvas.rect(LEFT, y(high), WIDTH - LEFT - RIGHT, y(low) - y(high), REPORT, opacity=0.18)
        canvas.line(
            LEFT, y((low + high) / 2), WIDTH - RIGHT, y((low + high) / 2), REPORT, 1.5, "2 3"
        )
        canvas.text(WIDTH - RIGHT, y(high) - 3, source, size=10, anchor="end", colour="#00664b")
    rows: list[tuple[object, ...]] = []
    for arm, found in levels.items():
        colour, dash = _style(arm)
        watched = arms[arm][0]
        _band(canvas, found, axis, y, colour, (0.0, top))
        if len(arms[arm]) > 1:
            canvas.path(_line(watched, axis, y), stroke=colour, width=THIN, dash=dash)
        canvas.path(_line(found.mean, axis, y), stroke=colour, width=1.8, dash=dash)
        for month in range(watched.size):
            rows.append(
                (
                    arm,
                    words.month(month, axis.start),
                    month,
                    _r(watched[month]),
                    *cells(found, month),
                )
            )
    for arm, found in yearly.items():
        for year in np.flatnonzero(found.runs).tolist():
            at, month = axis.x(12 * year + 11), 12 * year + 11
            low, high = float(found.low[year]), float(found.high[year])
            if low == low:
                ends = y(low), y(min(high, top))
                canvas.line(at, ends[0], at, ends[1], _style(arm)[0], 1.2)
            canvas.circle(
                at, y(float(found.mean[year])), 3, _style(arm)[0], hint=found.words(year, words)
            )
            rows.append((arm, words.month(month, axis.start), month, None, *cells(found, year)))
    told = _told(name, levels | dict(yearly), words, grade)
    small = [line for each in told for line in svg.wrap(each, WIDTH - 2 * svg.EDGE, 11)]
    canvas.paragraph(HEIGHT - 20, small, size=11)
    header = ("arm", "month_name", "month", "watched", "mean", "low", "high", "replications")
    return canvas.picture(name, words(name), "; ".join(told), header, rows)


def _told(name: str, levels: Mapping[str, Level], words: Words, grade: str) -> list[str]:
    """The last figure of each arm, over how many runs it is, and why there is none."""
    last = {arm: found for arm, found in levels.items() if found.mean.size}
    told = [
        f"{_called(arm, words)} {found.words(-1, words)}{_rests(arm, grade)}"
        for arm, found in last.items()
    ]
    counts = [int(found.runs[-1]) for found in last.values()]
    runs = runs_told(counts, words)
    none = [words.known(f"no_figure_{name}", words("no_figure_other"))] if 0 in counts else []
    return [*told, *[runs] * bool(runs), *none]


def difference_picture(
    name: str, pairs: Sequence[NDArray[np.float64]], axis: MonthAxis, words: Words, assumed: str
) -> svg.Picture:
    """Draw policy less baseline, paired by replication, with the interval of the mean.

    Args:
        name: Name of the outcome.
        pairs: The difference by month of each replication; the one that is watched first.
        axis: Months.
        words: Language.
        assumed: Word on what the effect rests on.
    """
    canvas = svg.Canvas(WIDTH, HEIGHT)
    top = _highest([np.abs(each) for each in pairs]) * 1.15 or 1.0
    ticks = svg.steps(top, 2)
    top = max(top, ticks[-1])

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (2 * top)

    both = [-tick for tick in reversed(ticks[1:])] + ticks
    _frame(canvas, name, axis, words, both, y)
    canvas.line(LEFT, y(0), WIDTH - RIGHT, y(0), svg.LINE, 1.2)
    colour = COLOURS["policy"]
    rows: list[tuple[object, ...]] = []
    told: list[str] = []
    if pairs and pairs[0].size:
        found = level(pairs, below_zero=True)
        _band(canvas, found, axis, y, colour, (-top, top))
        if len(pairs) > 1:
            canvas.path(_line(pairs[0], axis, y), stroke=colour, width=THIN)
        canvas.path(_line(found.mean, axis, y), stroke=colour, width=1.8)
        told = _told(name, {"difference": found}, words, "")
        low, high = float(found.low[-1]), float(found.high[-1])
        if low == low and low <= 0 <= high:
            told.append(words("not_distinguishable"))
        for month in range(found.mean.size):
            rows.append(
                (words.month(month, axis.start), month, _r(pairs[0][month]), *cells(found, month))
            )
    small = [line for each in told for line in svg.wrap(each, WIDTH - 2 * svg.EDGE, 11)]
    canvas.paragraph(HEIGHT - 20, small, size=11)
    low_down = HEIGHT - 20 + 14 * len(small)
    canvas.height = max(canvas.height, low_down + 6)
    canvas.text(
        WIDTH - RIGHT, low_down, assumed, size=11, anchor="end", colour="#8a2a0a", bold=True
    )
    title = f"{words(name)}: {words('difference_of_arms')}"
    header = ("month_name", "month", "watched", "difference", "low", "high", "replications")
    words_of = f"{'; '.join(told)} ({assumed})"
    return canvas.picture(f"{name}_difference", title, words_of, header, rows)


def _highest(many: Sequence[NDArray[np.float64]]) -> float:
    """The largest figure that there is, or 0."""
    tops = [float(each.max()) for v in many if (each := v[np.isfinite(v)]).size]
    return max([*tops, 0.0])


def _style(line: str) -> tuple[str, str]:
    """Colour and dashes of a line: `baseline`, `hbo`, or of the policy arm as `hbo policy`."""
    first, _, arm = line.partition(" ")
    return COLOURS[first], "6 3" if "policy" in (first, arm) else ""


def _rests(line: str, grade: str) -> str:
    return f" ({grade})" if grade and "policy" in line.split(" ") else ""


def _called(line: str, words: Words) -> str:
    return " ".join(words(part) for part in line.split(" "))


def _r(value: float) -> float | None:
    return None if value != value else round(float(value), 4)


def _frame(
    canvas: svg.Canvas, name: str, axis: MonthAxis, words: Words, ticks: Sequence[float], y: object
) -> None:
    assert callable(y)
    title = words(name)
    size = min(13.0, (WIDTH - 2 * svg.EDGE) / svg.width_of(title, 1.08))
    canvas.text(svg.EDGE, 14, title, size=size, bold=True)
    canvas.text(8, 27, words(f"unit_{name}"), size=10, colour=svg.SOFT)
    for tick in ticks:
        canvas.line(LEFT, y(tick), WIDTH - RIGHT, y(tick))
        value = words.written(tick, ",.6g")
        canvas.text(LEFT - 4, y(tick) + 4, value, size=10, anchor="end", colour=svg.SOFT)
    first = int(axis.start[:4])
    offset = int(axis.start[5:7]) - 1
    every = 1 if axis.months <= 60 else (2 if axis.months <= 144 else 5)
    for year in range((axis.months + offset) // 12 + 1):
        at = axis.x(12 * year - offset - 1)
        if not LEFT - 1 <= at <= WIDTH - RIGHT + 1:
            continue
        canvas.line(at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 4, svg.LINE)
        if year % every == 0:
            canvas.text(
                at, HEIGHT - BOTTOM + 14, first + year, size=10, anchor="middle", colour=svg.SOFT
            )
    canvas.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, svg.LINE)
    for month in axis.changes:
        at = axis.x(month - 1)
        canvas.line(at, TOP, at, HEIGHT - BOTTOM, GREY, 1.2, "3 3")


def _line(values: NDArray[np.float64], axis: MonthAxis, y: object) -> str:
    assert callable(y)
    points, pen = [], "M"
    for month, value in enumerate(values):
        if value == value:
            points.append(f"{pen}{axis.x(month):.1f},{y(float(value)):.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(points) or "M0,0"


def _band(
    canvas: svg.Canvas,
    found: Level,
    axis: MonthAxis,
    y: object,
    colour: str,
    limits: tuple[float, float],
) -> None:
    """The interval of the mean over replications, as a band cut off at the picture's limits."""
    assert callable(y)
    known = np.flatnonzero(np.isfinite(found.low) & np.isfinite(found.high))
    # Months without an interval part the band.
    for part in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if part.size == 0:
            continue
        low, high = limits
        upper = [(m, min(float(found.high[m]), high)) for m in part.tolist()]
        lower = [(m, max(float(found.low[m]), low)) for m in part[::-1].tolist()]
        edge = [f"{axis.x(m):.1f},{y(value):.1f}" for m, value in upper + lower]
        canvas.path("M" + "L".join(edge) + "Z", fill=colour, opacity=0.18)

"""Draw outcomes over the months: lines of the arms, intervals, the report's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.figures.style import BLACK, GREEN, GREY, PURPLE, SECTOR_COLOURS
from hesim.run.summary import interval

WIDTH, HEIGHT = 340.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 18.0, 42.0, 54.0
COLOURS = {
    "baseline": BLACK,
    "policy": PURPLE,
    "hbo": SECTOR_COLOURS["hbo"],
    "wo": SECTOR_COLOURS["wo"],
}
REPORT = GREEN


@dataclass(frozen=True)
class Axis:
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
    axis: Axis,
    words: Words,
    report: tuple[float, float, str] | None = None,
    points: Mapping[str, NDArray[np.float64]] | None = None,
    grade: str = "",
) -> svg.Picture:
    """Draw one outcome.

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
    values = [v[np.isfinite(v)] for many in arms.values() for v in many if v.size]
    values += [v[np.isfinite(v)] for v in (points or {}).values()]
    tops = [float(v.max()) for v in values if v.size]
    top = max([*tops, report[1] if report else 0.0]) * 1.08 or 1.0
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
    told = []
    for arm, many in arms.items():
        colour, dash = _style(arm)
        _band(canvas, many, axis, y, colour, (0.0, top))
        if many and many[0].size:
            canvas.path(_line(many[0], axis, y), stroke=colour, width=1.8, dash=dash)
            value = words.number(float(many[0][-1])) + _spread(many, words)
            told.append(f"{_called(arm, words)} {value}{_rests(arm, grade)}")
        for month in range(many[0].size if many else 0):
            mean, low, high = svg.level_interval(np.array([v[month] for v in many]))
            rows.append((arm, words.month(month, axis.start), month, _r(many[0][month]), _r(mean),
                         _r(low), _r(high), len(many)))  # fmt: skip
    for arm, yearly in (points or {}).items():
        for year, value in enumerate(yearly):
            if value == value:
                at = axis.x(12 * year + 11)
                canvas.circle(at, y(float(value)), 3, _style(arm)[0], hint=words.number(value))
                rows.append((arm, words.month(12 * year + 11, axis.start), 12 * year + 11,
                             _r(value), None, None, None, 1))  # fmt: skip
        if yearly.size:
            value = words.number(float(yearly[-1]))
            told.append(f"{_called(arm, words)} {value}{_rests(arm, grade)}")
    small = [line for each in told for line in svg.wrap(each, WIDTH - 2 * svg.EDGE, 11)]
    canvas.paragraph(HEIGHT - 20, small, size=11)
    header = ("arm", "month_name", "month", "shown", "mean", "low", "high", "replications")
    return canvas.picture(name, words(name), "; ".join(told), header, rows)


def difference(
    name: str, pairs: Sequence[NDArray[np.float64]], axis: Axis, words: Words, assumed: str
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
    spread = [v[np.isfinite(v)] for v in pairs]
    top = max([float(np.abs(v).max()) for v in spread if v.size] + [0.0]) * 1.15 or 1.0
    ticks = svg.steps(top, 2)
    top = max(top, ticks[-1])

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value) / (2 * top)

    both = [-tick for tick in reversed(ticks[1:])] + ticks
    _frame(canvas, name, axis, words, both, y)
    canvas.line(LEFT, y(0), WIDTH - RIGHT, y(0), svg.LINE, 1.2)
    colour = COLOURS["policy"]
    _band(canvas, pairs, axis, y, colour, (-top, top))
    rows: list[tuple[object, ...]] = []
    told, doubt = "", ""
    if pairs and pairs[0].size:
        stacked = np.stack(pairs)
        mean = stacked.mean(axis=0)
        canvas.path(_line(mean, axis, y), stroke=colour, width=1.8)
        _, low, high = interval(stacked[:, -1])
        value = words.number(float(mean[-1])) + svg.bracket(low, high, words)
        told = f"{words('difference')} {value}"
        if low == low and low <= 0 <= high:
            doubt = words("not_distinguishable")
        for month in range(mean.size):
            middle, low, high = interval(stacked[:, month])
            rows.append((words.month(month, axis.start), month, _r(middle), _r(low), _r(high),
                         len(pairs)))  # fmt: skip
    canvas.text(8, HEIGHT - 20, told, size=11)
    canvas.text(8, HEIGHT - 6, doubt, size=11, colour=svg.SOFT)
    beside = svg.width_of(doubt, 11) + svg.width_of(assumed, 12) < WIDTH - RIGHT - svg.EDGE
    low_down = HEIGHT - 6 if beside else HEIGHT + 8
    canvas.height = max(canvas.height, low_down + 6)
    canvas.text(
        WIDTH - RIGHT, low_down, assumed, size=11, anchor="end", colour="#8a2a0a", bold=True
    )
    title = f"{words(name)}: {words('difference_of_arms')}"
    header = ("month_name", "month", "difference", "low", "high", "replications")
    return canvas.picture(f"{name}_difference", title, f"{told} {doubt} ({assumed})", header, rows)


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
    canvas: svg.Canvas, name: str, axis: Axis, words: Words, ticks: Sequence[float], y: object
) -> None:  # fmt: skip
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
            canvas.text(at, HEIGHT - BOTTOM + 14, first + year, size=10, anchor="middle",
                        colour=svg.SOFT)  # fmt: skip
    canvas.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, svg.LINE)
    for month in axis.changes:
        at = axis.x(month - 1)
        canvas.line(at, TOP, at, HEIGHT - BOTTOM, GREY, 1.2, "3 3")


def _line(values: NDArray[np.float64], axis: Axis, y: object) -> str:
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
    canvas: svg.Canvas, many: Sequence[NDArray[np.float64]], axis: Axis, y: object, colour: str,
    limits: tuple[float, float],
) -> None:  # fmt: skip
    """The interval of the mean over replications, as a band cut off at the picture's limits."""
    assert callable(y)
    if len(many) < 2 or many[0].size == 0:
        return
    from hesim.run.summary import t_quantile

    stacked = np.stack(many)
    mean = stacked.mean(axis=0)
    half = t_quantile(len(many) - 1) * stacked.std(axis=0, ddof=1) / np.sqrt(len(many))
    known = np.flatnonzero(np.isfinite(mean) & np.isfinite(half))
    if known.size == 0:
        return
    low, high = limits
    upper = [(m, min(float(mean[m] + half[m]), high)) for m in known.tolist()]
    lower = [(m, max(float(mean[m] - half[m]), low)) for m in known[::-1].tolist()]
    edge = [f"{axis.x(m):.1f},{y(value):.1f}" for m, value in upper + lower]
    canvas.path("M" + "L".join(edge) + "Z", fill=colour, opacity=0.18)


def _spread(many: Sequence[NDArray[np.float64]], words: Words) -> str:
    """The interval of a level in the last month."""
    _, low, high = svg.level_interval(np.array([v[-1] for v in many]))
    return svg.bracket(low, high, words)

"""Chart outcomes over the months: means of the arms, intervals, the report's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts import style
from hesim.charts.chart import (
    Axis,
    Chart,
    Column,
    Entry,
    Interval,
    Key,
    Panel,
    Reference,
    Table,
    Trace,
)
from hesim.charts.colours import BLACK, GREEN, GREY, PURPLE, SECTOR_COLOURS
from hesim.charts.level import Level, cells, level
from hesim.charts.phrases import Phrases

LINE_COLOURS = {
    "baseline": BLACK,
    "policy": PURPLE,
    "difference": PURPLE,
    "hbo": SECTOR_COLOURS["hbo"],
    "wo": SECTOR_COLOURS["wo"],
}
REPORT = GREEN
NUMBERS = ("watched", "mean", "low", "high", "replications")


@dataclass(frozen=True)
class Subject:
    """What a chart is of.

    Attributes:
        name: Word of its files.
        title: What is shown.
        unit: Unit of the figures.
        missing: Why there may be no figure, in a sentence.
        labels: Words of lines and categories by name; a name without words is its own.
    """

    name: str
    title: str
    unit: str = ""
    missing: str = ""
    labels: Mapping[str, str] | None = None

    def label(self, name: str) -> str:
        """The words of a line, `hbo policy` of its parts, or of a category."""
        known = self.labels or {}
        return known.get(name) or " ".join(known.get(part, part) for part in name.split(" "))


@dataclass(frozen=True)
class MonthAxis:
    """The months of a chart.

    Attributes:
        months: Months that the axis covers.
        start: First month, as `2011-01`.
        changes: Months, counted from 0, from which on other levers were on.
        begun: What begins in some of these months, in words.
    """

    months: int
    start: str
    changes: tuple[int, ...] = ()
    begun: Mapping[int, str] = field(default_factory=dict)

    def iso(self, month: int) -> str:
        """A month counted from 0, as `2011-01`."""
        year, of_year = divmod(self._first + month, 12)
        return f"{year}-{of_year + 1:02d}"

    def year(self, month: int) -> float:
        """A month counted from 0, as a place on an axis of time."""
        return (self._first + month) / 12

    @property
    def _first(self) -> int:
        return 12 * int(self.start[:4]) + int(self.start[5:7]) - 1


def series_chart(
    subject: Subject,
    arms: Mapping[str, Sequence[NDArray[np.float64]]],
    axis: MonthAxis,
    phrases: Phrases,
    report: tuple[float, float, str] | None = None,
    points: Mapping[str, Level] | None = None,
    grade: str = "",
) -> Chart:
    """One outcome: the mean over replications with its interval, and the run that is watched.

    Args:
        subject: What it is of.
        arms: By line (`baseline`, `hbo`, `hbo policy`), the series by month of each replication,
            shape (months,); the one that is watched first.
        axis: Months.
        phrases: Language.
        report: The report's lowest and highest figure and a word on its source.
        points: By line, one value a calendar year, where there is none by month.
        grade: What the effect of the levers rests on, said beside the policy's figures.
    """
    levels = {line: level(many) for line, many in arms.items() if many and many[0].size}
    rows: list[dict[str, Any]] = []
    for line, found in levels.items():
        watched = arms[line][0]
        rows += [_row(line, axis.iso(k), found, k, float(watched[k])) for k in range(watched.size)]
    yearly = points or {}
    for line, found in yearly.items():
        years = np.flatnonzero(found.runs).tolist()
        rows += [_row(line, axis.iso(12 * year + 11), found, year) for year in years]
    all_of_them = levels | dict(yearly)
    references = [Reference("y", *report)] if report else []
    return _chart(
        subject,
        all_of_them,
        rows,
        axis,
        phrases,
        references,
        _told(subject, all_of_them, phrases, grade, _last_of(levels, yearly, axis, phrases)),
    )


def paired_series_chart(
    subject: Subject,
    pairs: Sequence[NDArray[np.float64]],
    axis: MonthAxis,
    phrases: Phrases,
    grade: str,
) -> Chart:
    """Policy less baseline by month, paired by replication, with the interval of the mean.

    Args:
        subject: What it is of, with words for `difference`.
        pairs: The difference by month of each replication, shape (months,); the one that is
            watched first.
        axis: Months.
        phrases: Language.
        grade: What the effect rests on, in words.
    """
    levels: dict[str, Level] = {}
    rows: list[dict[str, Any]] = []
    told: list[str] = []
    if pairs and pairs[0].size:
        found = level(pairs, below_zero=True)
        levels = {"difference": found}
        rows = [
            _row("difference", axis.iso(k), found, k, float(pairs[0][k]))
            for k in range(found.mean.size)
        ]
        told = _told(subject, levels, phrases, "", _last_of(levels, {}, axis, phrases))
        low, high = float(found.low[-1]), float(found.high[-1])
        if low == low and low <= 0 <= high:
            told.append(phrases.not_distinguishable)
    zero = [Reference("y", 0.0, 0.0)]
    return _chart(subject, levels, rows, axis, phrases, zero, told, grade)


def _chart(
    subject: Subject,
    levels: Mapping[str, Level],
    rows: list[dict[str, Any]],
    axis: MonthAxis,
    phrases: Phrases,
    references: Sequence[Reference],
    told: Sequence[str],
    grade: str = "",
) -> Chart:
    columns = [
        Column("arm", "word"),
        Column("month", "word"),
        *(Column(name, unit=subject.unit) for name in NUMBERS[:-1]),
        Column("replications"),
    ]
    # Years apart are dots, months are a line.
    dotted = bool(rows) and all(row["watched"] is None for row in rows)
    mark = "circle" if dotted else ""
    entries = tuple(
        Entry(line, _colour(line), subject.label(line), mark, "" if dotted else _dashes(line))
        for line in levels
    )
    several = any(found.runs.size and int(found.runs.max()) > 1 for found in levels.values())
    changes = tuple(
        Reference("x", axis.year(month), axis.year(month), _begins(axis, month, phrases))
        for month in axis.changes
        if 0 <= month < axis.months
    )
    x = Axis("month", "", "time", axis.year(0), axis.year(max(axis.months - 1, 1)))
    y = Axis("mean", subject.unit)
    traced = several and not dotted
    return Chart(
        "series",
        subject.title,
        Table.of(columns, rows),
        (Panel(x, y, references=(*references, *changes)),),
        small="\n".join(told),
        text="; ".join([*told, *[f"({grade})"] * bool(grade)]),
        intervals=(Interval("low", "high", phrases.band),) if several else (),
        key=Key("arm", entries),
        traces=(Trace("watched", phrases.watched),) if traced else (),
        grade=grade,
        name=subject.name,
    )


def _begins(axis: MonthAxis, month: int, phrases: Phrases) -> str:
    """What a line across the months is."""
    name = axis.begun.get(month)
    if name is None:
        return phrases.levers_changed
    return phrases.levers_begin.format(levers=name, month=phrases.month(month, axis.start))


def _row(
    line: str, month: str, found: Level, at: int, watched: float = float("nan")
) -> dict[str, Any]:
    known = None if watched != watched else round(watched, 4)
    numbers = dict(zip(NUMBERS, (known, *cells(found, at)), strict=True))
    return {"arm": line, "month": month, **numbers}


def _last_of(
    levels: Mapping[str, Level], yearly: Mapping[str, Level], axis: MonthAxis, phrases: Phrases
) -> str:
    """The last month, or else the last year, in words: what the figures below a chart are of."""
    months = [found.mean.size for found in levels.values() if found.mean.size]
    if months:
        return phrases.month(max(months) - 1, axis.start)
    years = [found.mean.size for found in yearly.values() if found.mean.size]
    return axis.iso(12 * max(years) - 1)[:4] if years else ""


def _told(
    subject: Subject, levels: Mapping[str, Level], phrases: Phrases, grade: str, when: str
) -> list[str]:
    """The last figure of each line, over how many runs it is, and why there is none."""
    last = {line: found for line, found in levels.items() if found.mean.size}
    told = []
    for line, found in last.items():
        rests = f" ({grade})" if grade and "policy" in line.split(" ") else ""
        told.append(f"{subject.label(line)} {found.words(-1, phrases)}{rests}")
    if told:
        told[0] = f"{when}: {told[0]}"
    counts = [int(found.runs[-1]) for found in last.values()]
    runs = phrases.runs(counts)
    missing = [subject.missing] if subject.missing and 0 in counts else []
    return [*told, *[runs] * bool(runs), *missing]


def _colour(line: str) -> str:
    return LINE_COLOURS[line.partition(" ")[0]]


def _dashes(line: str) -> str:
    """Lines of the policy are dashed: they stand beside one of the baseline's colour."""
    return "dashed" if "policy" in line.split(" ") else "solid"


def decimal_year(month: str) -> float:
    """A month as `2011-07`, as a place on an axis of time: 2011.5."""
    return int(month[:4]) + (int(month[5:7]) - 1) / 12


def draw(chart: Chart) -> Any:
    """Draw lines with bands, or a dot with a bar a year, over what they are compared with."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = style.canvas(1, 1, 6.4, 4.0)
    ax, [panel] = axes[0, 0], chart.panels
    for one in panel.references:
        if one.axis == "x":
            ax.axvline(one.low, color=GREY, linewidth=1.2, linestyle="--")
        elif one.low == one.high == 0:
            ax.axhline(0, color=BLACK, linewidth=0.8)
        else:
            ax.axhspan(one.low, one.high, color=REPORT, alpha=0.18)
            ax.axhline(one.low, color=REPORT, linestyle=":", label=one.meaning)
    for entry in chart.entries:
        rows = chart.table.where(arm=entry.name)
        at = [decimal_year(row["month"]) for row in rows]
        means = [np.nan if row["mean"] is None else row["mean"] for row in rows]
        look = {"marker": style.MARKS[entry.mark], "linestyle": style.LINES[entry.line] or "none"}
        ax.plot(at, means, color=entry.colour, label=entry.label, **look)
        for trace in chart.traces:
            values = [np.nan if row[trace.column] is None else row[trace.column] for row in rows]
            ax.plot(at, values, color=entry.colour, linewidth=0.6)
        known = [
            {**row, "at": x} for row, x in zip(rows, at, strict=True) if row["low"] is not None
        ]
        if chart.intervals and entry.mark:
            style.band(ax, known, "at", entry.colour)
        elif chart.intervals:
            ends = [[row[end] for row in known] for end in ("low", "high")]
            ax.fill_between([row["at"] for row in known], *ends, color=entry.colour, alpha=0.18)
    ax.set_xlim(panel.x.low, panel.x.high)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.set_ylabel(panel.y.title)
    style.grid(ax, "y")
    if chart.entries:
        ax.legend(frameon=False, fontsize=8, loc="best")
    style.title(ax, f"{chart.title} ({chart.grade})" if chart.grade else chart.title)
    style.note(figure, chart.small)
    return figure

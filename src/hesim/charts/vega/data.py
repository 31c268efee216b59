"""Lay the data of a chart out for a browser: the cells of its table, and places of its labels."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hesim.charts.chart import Axis, Chart, Panel
from hesim.charts.phrases import Phrases
from hesim.charts.vega.families import BARS, UPWARDS, category_axis, family_of, value_axis

TABLE, LABELS, EXTENT = "table", "labels", "extent"
"""Names of the tables that a specification asks for: all have the first, panels of lines the
words at the ends of lines, and panels with one axis for all of them where it begins and ends."""
PLACE, NAME, SAID, END, ROW = "_at", "_name", "_said", "_end", "_row"
"""Columns added to those of the chart: milliseconds on an axis of time, the words of a category,
the figure written at its mark, where that is written, and the number of the row."""
WIDE = 26
"""Letters in a line of a category's name."""
LETTER = 0.085
"""Height of a line of letters, as a part of the height of a panel of lines."""
SCALED = {("identification", "shrinkage"): 100.0}
"""What the numbers of a panel are multiplied by, where its axis counts in percent."""

SIGNED = frozenset({"league", "participants", "structures", "tornado"})
"""Forms of differences: their figures have a sign."""
SHARED = frozenset({"dose", "fan"})
"""Forms whose panels have one axis upwards."""
EMPTY = 0.5
"""Squares with less than this stay empty where shades are logarithmic."""
LONGEST = 18
"""Letters of a line's words at its end; with longer ones there are none, and the key says it."""

Columns = dict[str, list[Any]]


def milliseconds(year: float) -> int:
    """A place on an axis of time, 2011.5 for July of 2011, as a browser counts time."""
    whole, month = divmod(round(12 * year), 12)
    return int(datetime(whole, month + 1, 1, tzinfo=UTC).timestamp() * 1000)


def panel_rows(chart: Chart, panel: Panel) -> list[dict[str, Any]]:
    """Rows of a panel; all of a chart whose table does not tell panels apart."""
    apart = any(column.name == "panel" for column in chart.table.columns)
    found = chart.rows(panel) if apart else chart.table.rows
    factor = SCALED.get((chart.form, panel.name))
    if factor:
        column = value_axis(panel).column
        found = [{**row, column: factor * row[column]} for row in found]
    return found


def category_names(chart: Chart, axis: Axis) -> dict[Any, str]:
    """The words of each category, the one on top first; no two have the same."""
    labels = axis.labels or tuple(map(str, axis.ticks))
    made: dict[Any, str] = {}
    for tick, label in zip(axis.ticks, labels, strict=True):
        lines = [textwrap.fill(line, WIDE) for line in label.splitlines()]
        name = "\n".join(lines)
        while name in made.values():
            name += " "
        made[tick] = name
    return dict(reversed(made.items())) if chart.form in UPWARDS else made


def view_tables(chart: Chart, panel: Panel, phrases: Phrases) -> dict[str, Columns]:
    """The tables of a panel by name, each by column."""
    rows = panel_rows(chart, panel)
    keyed = chart.key.column if chart.key else ""
    names = [c.name for c in chart.table.columns if c.name != "panel" or keyed == "panel"]
    columns: Columns = {name: [row[name] for row in rows] for name in names}
    columns[ROW] = list(range(len(rows)))
    made: dict[str, Columns] = {TABLE: columns}
    family = family_of(chart, panel)
    if family == "lines":
        if panel.x.scale == "time":
            columns[PLACE] = [_moment(row[panel.x.column]) for row in rows]
        made[LABELS] = _ends(chart, panel, rows, columns)
        if shares_axis(chart):
            made[EXTENT] = {panel.y.column: _extent(chart, panel)}
    elif family == "rows":
        axis, values = category_axis(panel), value_axis(panel)
        known = category_names(chart, axis)
        columns[NAME] = [known.get(_tick(row[axis.column], known), "") for row in rows]
        known_values = [row[values.column] for row in rows if row[values.column] is not None]
        signed = chart.form in SIGNED or min(known_values, default=0.0) < 0
        columns[SAID] = [_figure(row[values.column], signed, phrases) for row in rows]
        columns[END] = [_right(chart, values.column, row) for row in rows]
    elif family == "shades":
        for axis, name in ((panel.x, f"{NAME}_x"), (panel.y, f"{NAME}_y")):
            known = category_names(chart, axis)
            columns[name] = [known[_tick(row[axis.column], known)] for row in rows]
        shade = chart.shade or panel.x
        column = shade.column if chart.shade else "mean"
        least = EMPTY if shade.scale == "log" else None
        columns[SAID] = [
            "" if least and row[column] < least else _figure(row[column], not chart.shade, phrases)
            for row in rows
        ]
    return made


def _tick(cell: Any, known: Mapping[Any, str]) -> Any:
    return cell if cell in known else next((one for one in known if str(one) == str(cell)), cell)


def _moment(month: str) -> int:
    return milliseconds(int(month[:4]) + (int(month[5:7]) - 1) / 12)


def _figure(value: float | None, signed: bool, phrases: Phrases) -> str:
    if value is None:
        return ""
    return phrases.signed(value) if signed else phrases.number(value)


def _right(chart: Chart, column: str, row: Mapping[str, Any]) -> float | None:
    """Where a figure is written: beyond its mark and its widest interval."""
    ends = [row[column], *(row[one.high] for one in chart.intervals)]
    # Bars to the left of zero have their figure at its right.
    ends += [0.0] if chart.form in BARS and row[column] is not None else []
    known = [end for end in ends if end is not None]
    return max(known) if known else None


def _ends(
    chart: Chart, panel: Panel, rows: Sequence[Mapping[str, Any]], columns: Columns
) -> Columns:
    """The last figure of each line with its words, moved so far apart that they can be read."""
    column = chart.key.column if chart.key else ""
    x = PLACE if PLACE in columns else panel.x.column
    last: dict[Any, int] = {}
    for k, row in enumerate(rows):
        if row[panel.y.column] is not None:
            last[row.get(column, "")] = k
    order = sorted(last, key=lambda name: rows[last[name]][panel.y.column])
    values = [float(rows[last[name]][panel.y.column]) for name in order]
    seen = [row[name] for row in rows for name in _numbers(chart, panel)]
    seen += [end for one in panel.references if one.axis == "y" for end in (one.low, one.high)]
    known = [value for value in seen if value is not None]
    size = max([*known, 0.0]) - min([*known, 0.0])
    words = {entry.name: entry.label for entry in chart.entries}
    return {
        column or "_line": order,
        x: [columns[x][last[name]] for name in order],
        panel.y.column: values,
        END: _apart(values, LETTER * size),
        SAID: [words.get(name, "") for name in order],
    }


def shares_axis(chart: Chart) -> bool:
    """Whether all panels have the same axis upwards, so that they can be compared."""
    return len(chart.panels) > 1 and chart.form in SHARED


def _extent(chart: Chart, panel: Panel) -> list[float]:
    names = _numbers(chart, panel)
    found = [row[name] for row in chart.table.rows for name in names if row[name] is not None]
    return [min(found, default=0.0), max(found, default=0.0)]


def _numbers(chart: Chart, panel: Panel) -> list[str]:
    ends = [end for one in chart.intervals for end in (one.low, one.high)]
    return [panel.y.column, *ends, *(one.column for one in chart.traces)]


def _apart(values: Sequence[float], least: float) -> list[float]:
    """Heights near those given, in order, so far apart, and around the same middle."""
    moved: list[float] = []
    for value in values:
        moved.append(max(value, moved[-1] + least) if moved else value)
    # What was pushed upwards goes halfway back.
    shift = (sum(moved) - sum(values)) / len(values) if values else 0.0
    return [value - shift for value in moved]

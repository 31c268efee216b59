"""Hold a chart: one table of data and one description, from which any drawer draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["number", "word", "flag"]
Scale = Literal["linear", "log", "root", "category", "time"]

TYPES: dict[str, tuple[type, ...]] = {
    "number": (int, float, type(None)),
    "word": (str,),
    "flag": (bool,),
}
"""What a cell of each kind may be; a number that is not known is None."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its name.
        kind: What its cells are: `number`, `word` or `flag`.
        unit: Unit of its numbers.
        title: Words at its head where the table is read; none if its name will do.
    """

    name: str
    kind: Kind = "number"
    unit: str = ""
    title: str = ""


@dataclass(frozen=True)
class Table:
    """The data of a chart: typed, named columns, and cells row by row."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[Any, ...], ...]

    def __post_init__(self) -> None:
        """Check the cells.

        Raises:
            ValueError: A row is too short or too long, or a cell is not of its column's kind.
        """
        for row in self.cells:
            for column, cell in zip(self.columns, row, strict=True):
                # A truth value is an integer to Python, and no number here.
                number = column.kind == "number" and isinstance(cell, bool)
                if number or not isinstance(cell, TYPES[column.kind]):
                    raise ValueError(f"{column.name}: {cell!r} is no {column.kind}")

    @classmethod
    def of(cls, columns: Iterable[Column], rows: Iterable[Mapping[str, Any]]) -> Table:
        """A table of rows by name; numbers become Python's own, and those not known None."""
        made = tuple(columns)
        return cls(made, tuple(tuple(_cell(c, row.get(c.name)) for c in made) for row in rows))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Rows by column name."""
        return self.where()

    def where(self, **cells: Any) -> list[dict[str, Any]]:
        """Rows in which the columns named hold what is asked; all where nothing is."""
        names = [column.name for column in self.columns]
        wanted = [(names.index(key), cell) for key, cell in cells.items()]
        rows = (row for row in self.cells if all(row[at] == cell for at, cell in wanted))
        return [dict(zip(names, row, strict=True)) for row in rows]


@dataclass(frozen=True)
class Axis:
    """What stands along an axis, or what a shade of a colour stands for.

    Attributes:
        column: Column of the table.
        title: Words at the axis, with the unit.
        scale: `root` for square roots, `category` for names in the order of `ticks`, `time` for
            months: cells as `2011-03`, `low` and `high` in years, 2011.5 for July of 2011.
        low: Where the axis begins; None to leave that to the data.
        high: Where it ends.
        ticks: Values, or names of categories, that are marked.
        labels: Words at the ticks; the ticks themselves if there are none.
    """

    column: str
    title: str = ""
    scale: Scale = "linear"
    low: float | None = None
    high: float | None = None
    ticks: tuple[Any, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interval:
    """Two columns with the ends of an interval, and what it means."""

    low: str
    high: str
    meaning: str = ""


@dataclass(frozen=True)
class Trace:
    """A further column, drawn as a thin line in the colour of its row; and what it means."""

    column: str
    meaning: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of a key.

    Attributes:
        name: What stands in the key's column.
        colour: Colour.
        label: Words; none for what the drawing explains in another way.
        mark: Shape of a point: `circle`, `square`, `triangle`, `diamond` or none.
        line: `solid`, `dashed`, `dotted` or none.
        hollow: Whether points are open.
    """

    name: str
    colour: str
    label: str = ""
    mark: str = ""
    line: str = ""
    hollow: bool = False


@dataclass(frozen=True)
class Key:
    """What colours, shapes and lines stand for: an entry for each value of a column."""

    column: str
    entries: tuple[Entry, ...]
    title: str = ""

    def entry(self, name: str) -> Entry:
        """The entry of a value of the key's column."""
        return next(one for one in self.entries if one.name == name)


@dataclass(frozen=True)
class Reference:
    """A line, or a band from low to high, that data are to be compared with.

    Attributes:
        axis: `x` or `y`: on which the value stands.
        low: The value, or where the band begins.
        high: Where the band ends; the value again for a line.
        meaning: What it says, in words.
    """

    axis: Literal["x", "y"]
    low: float
    high: float
    meaning: str = ""


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes:
        x: Axis from left to right.
        y: Axis upwards.
        name: The rows whose column `panel` holds this belong to it; all rows of a chart whose
            table has no such column.
        title: Words over it.
        ground: Colour of its ground.
        references: What its data are compared with.
    """

    x: Axis
    y: Axis
    name: str = ""
    title: str = ""
    ground: str = ""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Data and description of a chart.

    Attributes:
        form: Which of `charts.drawing.DRAWERS` draws it.
        title: What is shown.
        table: All its data.
        panels: Its axes.
        small: Small print: what the figures rest on; lines apart.
        text: Words that replace the chart for those who do not see it.
        intervals: Ends of the intervals that are drawn.
        key: What colours, shapes and lines stand for.
        shade: What the shade of a cell stands for.
        traces: Thin lines beside those of the axis upwards.
        grade: What its figures rest on, in words, as `assumed effect`; stands beside its title.
        name: Word of its files; its form if there is none.
    """

    form: str
    title: str
    table: Table
    panels: tuple[Panel, ...]
    small: str = ""
    text: str = ""
    intervals: tuple[Interval, ...] = ()
    key: Key | None = None
    shade: Axis | None = None
    traces: tuple[Trace, ...] = ()
    grade: str = ""
    name: str = ""

    @property
    def x(self) -> Axis:
        """Axis from left to right of a chart of one panel."""
        return self.panels[0].x

    @property
    def y(self) -> Axis:
        """Axis upwards of a chart of one panel."""
        return self.panels[0].y

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Entries of its key; none without one."""
        return self.key.entries if self.key else ()

    def rows(self, panel: Panel) -> list[dict[str, Any]]:
        """Rows of the table that belong to a panel."""
        return self.table.where(panel=panel.name)

    def with_small(self, text: str) -> Chart:
        """The chart with one more remark in its small print."""
        more = f"{self.small}; {text}" if self.small else text[:1].upper() + text[1:]
        return replace(self, small=more)


def is_known(value: Any) -> bool:
    """Whether there is a figure."""
    return value is not None and not math.isnan(float(value))


def _cell(column: Column, value: Any) -> Any:
    if column.kind == "flag":
        return bool(value)
    if column.kind == "word":
        return str(value)
    if not is_known(value):
        return None
    return value if type(value) is int else float(value)

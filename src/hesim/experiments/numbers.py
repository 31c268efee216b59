"""Hand numbers of a page's tables to its template, and record each that is handed out.

A template has no other way to a number. So what stands on a page stands in a table, and what was
recorded (`numbers.csv`) is what a page rests on.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from hesim.charts.names import outcome_title
from hesim.experiments.page_file import STUDIES, ResearchPage
from hesim.experiments.table_rows import Cells, Estimate, PageTable, csv_rows, number_in
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.levers.titles import arm_title, lever_titles

FIXED = "fixed"
"""What made a number that no study made: it stands in the report or was written by hand."""
NOTHING = "not known"
"""What stands on a page for a number that is not known."""


@dataclass(frozen=True)
class PageNumber:
    """A number on a page: a row of `numbers.csv`.

    Attributes:
        number: What it is called: table, column and row in one text.
        table: Name of the table on the page.
        column: Its column; `rows` for a count of rows.
        row: What says which row it is, as `arm=job_swap; structure=standing`.
        value: The number.
        low: Lower end of its interval; not a number where it has none.
        high: Upper end.
        error: Monte Carlo standard error; not a number where the table does not tell.
        freedom: Degrees of freedom of the error.
        unit: Its unit.
        study: Study that made it; empty for none.
        made_from: Hash of all that decides the rows of that study.
    """

    number: str
    table: str
    column: str
    row: str
    value: float
    low: float
    high: float
    error: float
    freedom: float
    unit: str
    study: str
    made_from: str


class TableRow:
    """A row of a table, as a template sees it.

    `row.arm` and other columns with words are words. A column with numbers is a number, and is
    recorded.
    """

    def __init__(self, source: PageNumbers, table: PageTable, cells: Cells) -> None:
        """Hold the row."""
        self._source, self._table, self._cells = source, table, cells

    def __getattr__(self, name: str) -> Any:
        """What a column holds."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        """The same, for a column whose name is also that of something else."""
        cell = self._cells[self._table.known(name)]
        return cell if cell and number_in(cell) is None else self.value(name)

    @property
    def title(self) -> str:
        """The title of its arm."""
        return self._source.title(self._cells[self._table.known("arm")])

    def label(self, column: str) -> str:
        """What the page calls what a column holds."""
        return self._source.label(self._cells[self._table.known(column)])

    def estimate(self, column: str | None = None) -> Estimate:
        """A number with its interval; it is recorded."""
        return self._source.record(self._table, self._cells, column)

    def value(self, column: str | None = None) -> float | int:
        """A number alone."""
        found = self.estimate(column).value
        return int(found) if found.is_integer() else found

    def quote(self, column: str | None = None, digits: int | None = None) -> str:
        """A number as it is read, with its interval where it has one, as `7 (4 to 11)`."""
        return quotation(self.estimate(column), digits)

    def sign(self, column: str | None = None) -> int:
        """1 or -1 where its interval lies on one side of zero; else 0."""
        return self.estimate(column).direction

    def choice(self, more: str, less: str, none: str, column: str | None = None) -> str:
        """The words that hold of a number: above zero, below, or not told from it."""
        return {1: more, -1: less, 0: none}[self.sign(column)]


class PageNumbers:
    """All that a template may ask; it keeps what it handed out."""

    def __init__(self, page: ResearchPage, tables: Mapping[str, PageTable]) -> None:
        """Begin with nothing recorded.

        Args:
            page: The page.
            tables: Its tables by name.
        """
        self._page, self._tables = page, tables
        self._records: dict[str, PageNumber] = {}
        self._facts = {row["study"]: row for row in tables[STUDIES].rows}

    @property
    def records(self) -> list[PageNumber]:
        """What was handed out, in the order in which it first was."""
        return list(self._records.values())

    def names(self) -> dict[str, Callable[..., Any]]:
        """What templates may call, by name."""
        return {
            name: getattr(self, name)
            for name in (
                "value",
                "quote",
                "sign",
                "choice",
                "rows",
                "has",
                "count",
                "span",
                "study",
                "title",
                "label",
                "outcome",
            )
        }

    def table(self, name: str) -> PageTable:
        """A table of the page.

        Raises:
            ConfigErrors: there is none of that name.
        """
        if name not in self._tables:
            words = f"is no table of this page; there are {', '.join(self._tables)}"
            near = nearest(name, self._tables)
            raise ConfigErrors([Problem(f"{self._page.name}: table", name, words, near)])
        return self._tables[name]

    def row(self, table: str, cells: Mapping[str, object]) -> TableRow:
        """The one row of a table that holds what is asked."""
        found = self.table(table)
        return TableRow(self, found, found.one(cells))

    def value(self, table: str, column: str | None = None, **cells: object) -> float | int:
        """A number alone, for conditions and tables."""
        return self.row(table, cells).value(column)

    def quote(
        self, table: str, column: str | None = None, digits: int | None = None, **cells: object
    ) -> str:
        """A number as it is read, with its interval where it has one, as `7 (4 to 11)`."""
        return self.row(table, cells).quote(column, digits)

    def sign(self, table: str, column: str | None = None, **cells: object) -> int:
        """1 or -1 where the interval of a number lies on one side of zero; else 0."""
        return self.row(table, cells).sign(column)

    def choice(
        self,
        table: str,
        more: str,
        less: str,
        none: str,
        column: str | None = None,
        **cells: object,
    ) -> str:
        """The words that hold of a number: above zero, below, or not told from it."""
        return self.row(table, cells).choice(more, less, none, column)

    def rows(self, table: str, **cells: object) -> list[TableRow]:
        """All rows of a table that hold what is asked, in the order of the file."""
        found = self.table(table)
        return [TableRow(self, found, row) for row in found.select(cells)]

    def has(self, table: str, **cells: object) -> bool:
        """Whether a table has a row that holds what is asked."""
        return bool(self.table(table).select(cells))

    def count(
        self, table: str, sign: int | None = None, column: str | None = None, **cells: object
    ) -> int:
        """How many rows hold what is asked.

        Args:
            table: Name of the table.
            sign: Only rows in which a number has this sign; see `sign`.
            column: Which number; the main one of the table unless named.
            **cells: What the rows hold.
        """
        found = self.table(table)
        of = column or ("" if sign is None else found.main())
        rows = found.select(cells)
        if sign is not None:
            rows = [row for row in rows if self._estimate(found, row, of).direction == sign]
        named = {**cells, **({} if sign is None else {f"sign of {of}": sign})}
        self._keep(found, {}, "rows", row_words(named), Estimate(float(len(rows))), "rows")
        return len(rows)

    def span(
        self, table: str, column: str | None = None, digits: int | None = None, **cells: object
    ) -> str:
        """The lowest and the highest of a number over rows, as `3 to 9`."""
        found = self.table(table)
        name = found.known(column or found.main())
        known = [row for row in found.select(cells) if number_in(row[name]) is not None]
        if not known:
            raise ConfigErrors([found.problem("no row with a number holds it", cells)])
        known.sort(key=lambda row: float(row[name]))
        ends = [self.record(found, row, name).value for row in (known[0], known[-1])]
        width = Estimate(math.nan, *ends)
        places = decimals(width) if digits is None else digits
        low, high = (written(end, places) for end in ends)
        return low if low == high else f"{low} to {high}"

    def study(self, name: str) -> TableRow:
        """The facts of a study: scale, years, replications and others."""
        return self.row(STUDIES, {"study": name})

    def title(self, arm: str) -> str:
        """The title of an arm or lever.

        Raises:
            ConfigErrors: a lever of it is none of the package.
        """
        for name in arm.split("+"):
            if name not in lever_titles():
                words = "is no lever, so it has no title"
                near = nearest(name, lever_titles())
                raise ConfigErrors([Problem(f"{self._page.name}: title", name, words, near)])
        return arm_title(arm)

    def label(self, name: str) -> str:
        """What the page calls a name: as `labels` of its file say, or as it is in words."""
        return self._page.labels.get(name, name.replace("_", " "))

    def outcome(self, name: str) -> str:
        """The title of an outcome."""
        return outcome_title(name)

    def record(self, table: PageTable, cells: Cells, column: str | None = None) -> Estimate:
        """A number of a row, which is recorded."""
        name = column or table.main()
        found = self._estimate(table, cells, name)
        # A column that is empty in this row says nothing of it.
        named = {key: cells[key] for key in table.keys if cells[key]}
        self._keep(table, cells, name, row_words(named), found, table.unit(cells, name))
        return found

    def current(self, former: PageNumber) -> Estimate | None:
        """What the tables of now say of a number; None where they do not have it."""
        held = self._records.get(former.number)
        if held is not None:
            return Estimate(held.value, held.low, held.high, held.error, held.freedom)
        table = self._tables.get(former.table)
        if table is None or former.column not in table.columns:
            return None
        for row in table.rows:
            if row_words({key: row[key] for key in table.keys if row[key]}) == former.row:
                return self._estimate(table, row, former.column)
        return None

    def origin(self, former: PageNumber) -> str:
        """What now makes the numbers of the study of a number; see `made_from`."""
        return self._facts[former.study]["made_from"] if former.study in self._facts else FIXED

    def _estimate(self, table: PageTable, cells: Cells, column: str) -> Estimate:
        return table.estimate(cells, column, self._facts.get(table.study, {}))

    def _keep(
        self,
        table: PageTable,
        cells: Cells,
        column: str,
        row: str,
        found: Estimate,
        unit: str,
    ) -> None:
        study = cells.get("study", "") if table.name == STUDIES else table.study
        facts = self._facts.get(study)
        name = f"{table.name}.{column} [{row}]"
        self._records[name] = PageNumber(
            name,
            table.name,
            column,
            row,
            found.value,
            found.low,
            found.high,
            found.error,
            found.freedom,
            unit,
            study,
            facts["made_from"] if facts else FIXED,
        )


def row_words(cells: Mapping[str, object]) -> str:
    """What says which row it is, in one text."""
    return "; ".join(f"{key}={value}" for key, value in cells.items())


def quotation(found: Estimate, digits: int | None = None) -> str:
    """A number as it is read, with its interval where it has one, as `7 (4 to 11)`.

    Args:
        found: The number.
        digits: Digits behind the point; as many as its interval tells apart unless given.
    """
    if math.isnan(found.value):
        return NOTHING
    places = decimals(found) if digits is None else digits
    if math.isnan(found.low) or math.isnan(found.high):
        return written(found.value, places)
    low, high = (written(end, places) for end in (found.low, found.high))
    return f"{written(found.value, places)} ({low} to {high})"


def decimals(found: Estimate) -> int:
    """Digits behind the point that are worth reading."""
    half = (found.high - found.low) / 2
    if math.isnan(half) or half == 0:
        if found.value != found.value or found.value.is_integer() or abs(found.value) >= 10:
            return 0
        return 1 if abs(found.value) >= 1 else 2
    return 0 if half >= 2 else 1 if half >= 0.2 else 2


def written(value: float, places: int) -> str:
    """A number with commas between thousands, and without a minus before zero."""
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def number_lines(records: list[PageNumber]) -> bytes:
    """Numbers as CSV; what is not known is an empty cell."""
    names = [field.name for field in fields(PageNumber)]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for record in records:
        cells = {key: _cell(value) for key, value in asdict(record).items()}
        writer.writerow(cells)
    return out.getvalue().encode()


def read_numbers(text: str, file: str) -> list[PageNumber]:
    """Numbers of a file that `number_lines` wrote.

    Args:
        text: What stands in it.
        file: Its name, for what is said of it.

    Raises:
        ConfigErrors: it lacks columns.
    """
    rows = csv_rows(text)
    names = [field.name for field in fields(PageNumber)]
    lacking = [name for name in names if rows and name not in rows[0]]
    if lacking:
        words = f"lacks the columns {', '.join(lacking)}; `hesim reproduce NAME --write` makes it"
        raise ConfigErrors([Problem(file, None, words)])
    return list(_numbers(rows))


def _numbers(rows: list[dict[str, str]]) -> Iterator[PageNumber]:
    kinds = {field.name: field.type for field in fields(PageNumber)}
    for row in rows:
        cells: dict[str, Any] = {
            key: (float(row[key]) if row[key] else math.nan) if kind == "float" else row[key]
            for key, kind in kinds.items()
        }
        yield PageNumber(**cells)


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    return value

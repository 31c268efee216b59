"""Read the tables of a page from their files, and say how sure a number in them is."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hesim.experiments.page_file import STUDIES, TABLES, ResearchPage
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.outcomes.summary import t_quantile
from hesim.record.description import ANSWERS, column_of, table_named
from hesim.study.points import CENTRAL

MAIN = (
    "difference_mean",
    "difference",
    "contribution",
    "effect",
    "value",
    "mean",
    "cost",
    "best_percent",
    "level",
)
"""Columns that are meant where none is named: the first of them that a table has."""
KEYS = (
    "study",
    "structure",
    "direction",
    "arm",
    "scenario",
    "outcome",
    "lever",
    "group",
    "after",
    "measure",
    "barrier",
    "other",
    "key",
    "uncertainty",
    "region",
    "age",
    "sex",
    "field",
    "role",
    "year",
    "share",
)
"""Columns that say which row it is."""
BARE = ("mean", "value", "correlation")
"""Columns whose interval is called `low` and `high`."""
OF_COSTS = ("cost_", "euros_", "days_")
"""Beginnings of intervals that are ranges of a cost, and have no chance in them."""
MANY = math.inf
Cells = Mapping[str, str]


@dataclass(frozen=True)
class Estimate:
    """A number of a table, and how sure it is.

    Attributes:
        value: The number; not a number where it is not known.
        low: Lower end of its interval; not a number where it has none.
        high: Upper end.
        error: Its Monte Carlo standard error; not a number where the table does not tell.
        freedom: Degrees of freedom of that error.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    error: float = math.nan
    freedom: float = math.nan

    @property
    def direction(self) -> int:
        """1 or -1 where the interval lies on one side of zero; 0 where it does not, or is none."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class PageTable:
    """A table of a page.

    Attributes:
        page: Name of the page.
        name: Its name on the page.
        source: The answer that it is of, or `report` or `data`.
        described: Name of the table in `answer_columns.yaml`; empty where it is not there.
        study: Name of the study that made it; empty for none.
        rows: Cells by column.
    """

    page: str
    name: str
    source: str
    described: str
    study: str
    rows: Sequence[Cells]

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        return list(self.rows[0]) if self.rows else []

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Columns that together tell each row from all others."""
        found = [name for name in KEYS if name in self.columns]
        words = [
            name
            for name in self.columns
            if name not in found and all(number_in(row[name]) is None for row in self.rows)
        ]
        for more in ([], words):
            names = (*found, *more)
            if names and len({tuple(row[name] for name in names) for row in self.rows}) == len(
                self.rows
            ):
                return names
        # Numbers would be another key whenever they come out otherwise.
        return () if len(self.rows) == 1 else tuple(self.columns)

    def select(self, cells: Mapping[str, object]) -> list[Cells]:
        """Rows that hold what is asked; the central scenario where none is asked.

        Raises:
            ConfigErrors: there is no such column, or nothing is in the table.
        """
        wanted = {key: as_cell(value) for key, value in cells.items()}
        for name in wanted:
            self.known(name)
        if "scenario" in self.columns and "scenario" not in wanted:
            wanted["scenario"] = CENTRAL
        return [row for row in self.rows if all(row[key] == x for key, x in wanted.items())]

    def one(self, cells: Mapping[str, object]) -> Cells:
        """The one row that holds what is asked.

        Raises:
            ConfigErrors: there is none, or there are several; the words say what would tell them
                apart.
        """
        found = self.select(cells)
        if len(found) == 1:
            return found[0]
        if found:
            apart = [key for key in self.keys if len({row[key] for row in found}) > 1]
            words = f"{len(found)} rows hold it; name {' and '.join(apart)} too"
            raise ConfigErrors([self.problem(words, cells)])
        for key, value in cells.items():
            there = list(dict.fromkeys(row[key] for row in self.rows))
            if as_cell(value) not in there:
                words = f"no row has this {key}; there are {', '.join(there[:12])}"
                near = nearest(as_cell(value), there)
                raise ConfigErrors([self.problem(words, cells, near)])
        raise ConfigErrors([self.problem("no row holds all of it", cells)])

    def known(self, column: str) -> str:
        """A column that the table has.

        Raises:
            ConfigErrors: it has none of that name.
        """
        if column not in self.columns:
            listed = ", ".join(self.columns) or "none, as the table has no rows"
            words = f"is no column of this table; there are {listed}"
            raise ConfigErrors([self.problem(words, column, nearest(column, self.columns))])
        return column

    def main(self) -> str:
        """The column that is meant where none is named.

        Raises:
            ConfigErrors: it has none of `MAIN`.
        """
        found = next((name for name in MAIN if name in self.columns), "")
        return found or self.known("difference_mean")

    def problem(self, words: str, value: object = None, near: str | None = None) -> Problem:
        """What is wrong with a question to this table."""
        shown = (
            ", ".join(f"{key}={each}" for key, each in value.items())
            if isinstance(value, Mapping)
            else value
        )
        return Problem(f"{self.page}: table {self.name}", shown, words, near)

    def unit(self, row: Cells, column: str) -> str:
        """The unit of a number."""
        about = column_of(self.described, column) if self.described else None
        unit = about.unit if about else ""
        return row.get("unit", "") if unit in ("", "see `unit`") else unit

    def estimate(self, row: Cells, column: str, facts: Cells) -> Estimate:
        """A number of a row, with what the table says of its interval and its error.

        Args:
            row: The row.
            column: The column.
            facts: Row of the study in the table of studies; empty for no study.

        Raises:
            ConfigErrors: the cell is no number.
        """
        value = number_in(row[self.known(column)])
        if value is None:
            if row[column]:
                raise ConfigErrors([self.problem("is no number", f"{column}: {row[column]}")])
            value = math.nan
        stem = column.removesuffix("_mean").removesuffix("_each")
        prefix = "" if column in BARE and f"{column}_low" not in row else f"{stem}_"
        low, high = (cell_number(row, f"{prefix}{end}") for end in ("low", "high"))
        if column in (f"{prefix}low", f"{prefix}high"):
            low = high = math.nan
        error, freedom = monte_carlo(row, prefix, (low, high), facts)
        return Estimate(value, low, high, error, freedom)


def monte_carlo(
    row: Cells, prefix: str, ends: tuple[float, float], facts: Cells
) -> tuple[float, float]:
    """Monte Carlo standard error of a number and its degrees of freedom, as far as a row tells.

    Args:
        row: The row.
        prefix: What the names of its columns begin with, as `difference_`.
        ends: The 95% interval of the number.
        facts: Row of the study in the table of studies; empty for no study.
    """
    nothing = math.nan, math.nan
    if not facts or prefix in OF_COSTS:
        return nothing
    replications = float(facts["replications"])
    error = cell_number(row, f"{prefix}sd_noise")
    noise = [cell_number(row, f"{prefix}noise_{end}") for end in ("low", "high")]
    half = (noise[1] - noise[0]) / 2
    if not math.isnan(error):
        freedom = freedom_of(half / error) if error > 0 and not math.isnan(half) else math.nan
        freedom = replications - 1 if math.isnan(freedom) else freedom
        if facts["sampled"] == "True":
            # Other random numbers draw other worlds too.
            spread, worlds = (cell_number(row, f"{prefix}{x}") for x in ("sd_parameters", "worlds"))
            if math.isnan(worlds) or worlds < 2 or math.isnan(spread):
                return (error, freedom) if row.get("arm") == "baseline" else nothing
            error, freedom = math.hypot(error, spread / math.sqrt(worlds)), min(freedom, worlds - 1)
        return error, freedom
    if not math.isnan(half):
        return half / t_quantile(MANY), MANY
    if prefix == "" and "error" in row:
        return cell_number(row, "error"), MANY
    half = (ends[1] - ends[0]) / 2
    if facts["worlds"] == "1" and replications > 1 and not math.isnan(half):
        # In one world an interval holds chance alone.
        return half / t_quantile(replications - 1), replications - 1
    return nothing


def freedom_of(quantile: float) -> float:
    """Degrees of freedom of which Student's t has this two-sided 95% quantile.

    It is found by halving, and is exact enough to tell how sure a standard error is.
    """
    low, high = 1.0, 1e6
    if quantile >= t_quantile(low):
        return low
    if quantile <= t_quantile(high):
        return MANY
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if t_quantile(middle) > quantile else (low, middle)
    return high


def number_in(cell: str) -> float | None:
    """The number that a cell holds; None for all else, `True` and `False` too."""
    try:
        return float(cell) if cell else None
    except ValueError:
        return None


def cell_number(row: Cells, column: str) -> float:
    """The number in a cell; not a number where there is none."""
    found = number_in(row.get(column, ""))
    return math.nan if found is None else found


def as_cell(value: object) -> str:
    """A value as it stands in a cell."""
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def csv_rows(text: str) -> list[dict[str, str]]:
    """Rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(text)))


def page_tables(page: ResearchPage, folder: Path) -> dict[str, PageTable]:
    """Read the tables of a page from a folder that holds `tables/`.

    Raises:
        ConfigErrors: one is not there.
    """
    return {table.name: table for table in _read(page, folder)}


def _read(page: ResearchPage, folder: Path) -> Iterator[PageTable]:
    sources = {STUDIES: (STUDIES, STUDIES), **page.tables}
    for name, (source, table) in sources.items():
        file = folder / TABLES / f"{name}.csv"
        if not file.is_file():
            words = f"is not there; `hesim reproduce {page.name} --write` makes it"
            raise ConfigErrors([Problem(str(file), None, words)])
        rows = csv_rows(file.read_text(encoding="utf-8"))
        answer = page.answers.get(source)
        described = (table_named(table, ANSWERS) or "") if answer else ""
        study = answer.study if answer else ""
        yield PageTable(page.name, name, source, described, study, rows)

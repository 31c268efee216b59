"""Print tables: with rich on a terminal, as aligned plain text elsewhere."""

from __future__ import annotations

import csv
import difflib
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple, fields
from typing import Any

from hesim.tables.loading import ReportTables, read
from hesim.tables.schema import REPORT, ROWS, TABLES

PARTS = {"1.1": "flows_1_1"}
LISTING = ("name", "title", "source", "file")
"""Columns of the listing of all tables."""


def table_titles() -> list[tuple[str, str, str, str]]:
    """Give name, title, source and file of each table."""
    return [(name, x.title, x.source, x.file) for name, x in TABLES.items()]


def table_records(name: str = "", tables: ReportTables | None = None) -> list[dict[str, Any]]:
    """The rows of a table by the names of their columns.

    Args:
        name: The table; empty for the listing of all.
        tables: The tables; those that ship with hesim by default.
    """
    if not name:
        return [dict(zip(LISTING, row, strict=True)) for row in table_titles()]
    return [asdict(row) for row in rows_of_table(name, tables or read())]


def print_csv(name: str = "", tables: ReportTables | None = None) -> None:
    """Print a table, or the listing of all, as CSV; a list in a cell is parted by `; `."""
    found = table_records(name, tables)
    writer = csv.DictWriter(sys.stdout, list(found[0]), lineterminator="\n")
    writer.writeheader()
    for row in found:
        cells = {key: "" if value is None else value for key, value in row.items()}
        writer.writerow({k: _text(v) if isinstance(v, tuple) else v for k, v in cells.items()})


def print_listing() -> None:
    """Print which tables there are."""
    _print("Tables", LISTING, table_titles())


def print_table(name: str, tables: ReportTables | None = None) -> None:
    """Print one table; an unknown name raises ValueError with the nearest one."""
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, n=1, cutoff=0.0)
        raise ValueError(f"no table {name!r}; did you mean {near[0]!r}?")
    tables = tables or read()
    info, rows = TABLES[name], rows_of_table(name, tables)
    columns = tuple(f.name for f in fields(ROWS[info.file]))
    _print(f"{name} {info.title}", columns, [astuple(x) for x in rows])


def rows_of_table(name: str, tables: ReportTables) -> Sequence[Any]:
    """The rows of a table, as the dataclasses of `hesim.tables.schema`."""
    if TABLES[name].file == REPORT:
        return [x for x in tables.cells if x.table == name]
    rows: Sequence[Any] = getattr(tables, PARTS.get(name, name))
    return rows


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return "-" if value is None else str(value)


def _print(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    lines = [tuple(columns), *(tuple(_text(v) for v in row) for row in rows)]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        table = Table(*columns, title=title)
        for line in lines[1:]:
            table.add_row(*(escape(v) for v in line))
        Console().print(table)
        return
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    print(title)
    for line in lines:
        print("  ".join(v.ljust(w) for v, w in zip(line, widths, strict=True)).rstrip())

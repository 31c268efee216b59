"""Read a CSV file of a user: rows by column, or one cause in words why it cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from difflib import get_close_matches

from hesim.input.userfile import BadFile, decoded

MOST_ROWS = 20_000
"""Rows of a table; the longest of the report has some hundreds."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}

Row = tuple[int, dict[str, str]]
"""Number of a line in the file, and its values by column."""


class BadSheet(ValueError):
    """A file that is no table; `causes` has a line for each cause."""

    def __init__(self, causes: list[str]) -> None:
        self.causes = causes
        super().__init__("; ".join(causes))


def sheet_rows(content: bytes, columns: Sequence[str]) -> list[Row]:
    """The rows of a table with known columns, in whatever order they stand.

    Raises:
        BadSheet: the file has other columns, other separators, or rows of other lengths.
    """
    try:
        text = decoded(content)
        read = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines: list[tuple[int, list[str]]] = []
        for line in read:
            if any(value.strip() for value in line):
                # A row is named by the line that it begins in, as an editor shows it.
                lines.append((read.line_num - sum(value.count("\n") for value in line), line))
            if len(lines) > MOST_ROWS:
                raise BadSheet([f"has more than {MOST_ROWS:,} rows"])
    except BadFile as error:
        raise BadSheet([str(error)]) from error
    except csv.Error as error:
        raise BadSheet([f"line {read.line_num} is no CSV: {error}"]) from error
    if not lines:
        raise BadSheet([f"is empty; the first row must name the columns {', '.join(columns)}"])
    header = [name.strip() for name in lines[0][1]]
    _check_header(header, columns)
    _check_lengths(lines, header)
    return [(number, dict(zip(header, line, strict=True))) for number, line in lines[1:]]


def _check_header(header: list[str], columns: Sequence[str]) -> None:
    first = header[0] if len(header) == 1 else ""
    for separator, name in SEPARATORS.items():
        if separator in first:
            hint = " (Dutch Excel does this; save as CSV with commas)" if separator == ";" else ""
            raise BadSheet([f"its columns are parted by {name}; they must be by commas{hint}"])
    if not set(header) & set(columns):
        raise BadSheet([f"has no header: the first row must name {', '.join(columns)}"])
    causes = [f"the column {name} is missing" for name in columns if name not in header]
    for name in dict.fromkeys(header):
        if name not in columns:
            close = get_close_matches(name, columns, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            causes.append(f"{name!r} is no column of this table{hint}")
        elif header.count(name) > 1:
            causes.append(f"the column {name} stands {header.count(name)} times")
    if causes:
        raise BadSheet(causes)


def _check_lengths(lines: Sequence[tuple[int, list[str]]], header: list[str]) -> None:
    wrong = [number for number, line in lines[1:] if len(line) != len(header)]
    if wrong:
        longer = any(len(line) > len(header) for _, line in lines[1:])
        hint = "; a decimal comma without quotes makes two values of one" if longer else ""
        raise BadSheet([f"{row_numbers(wrong)} must have {len(header)} values{hint}"])


def row_numbers(numbers: Sequence[int | str]) -> str:
    """Rows by their numbers, the first few."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    first = ", ".join(map(str, numbers[:3]))
    more = ", ..." if len(numbers) > 3 else ""
    return f"{len(numbers)} rows ({first}{more})"

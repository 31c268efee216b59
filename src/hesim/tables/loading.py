"""Read the tables from CSV files and answer questions about them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from hesim.input.document import scalar, with_point
from hesim.input.userfile import BadFile, content, is_folder
from hesim.tables import checks, sheet
from hesim.tables import schema as s
from hesim.tables.sheet import BadSheet

RENAMED = {"students": "students_2012", "years": "year"}
"""Columns by the name of their value, where the two differ."""
MOST_OTHERS = 10
"""Files that replace no table, and are named one by one."""


@dataclass(frozen=True)
class ReportTables:
    """All tables of the report, with the hash of each file and the source's own faults."""

    cells: tuple[s.Cell, ...]
    flows_1_1: tuple[s.Flow, ...]
    macro: tuple[s.Macro, ...]
    context: tuple[s.Context, ...]
    institutions: tuple[s.InstitutionRow, ...]
    partnerships: tuple[s.Partnership, ...]
    recommendations: tuple[s.Recommendation, ...]
    public: tuple[s.PublicFact, ...]
    hashes: dict[str, str]
    notes: tuple[str, ...]

    def percent(self, table: str, item: str, group: str, block: str | None = None) -> float | None:
        """Give one percentage; None where the source has a dash."""
        found = [x for x in self._cells(table, group, block) if x.item == item]
        if len(found) != 1:
            raise KeyError(f"{len(found)} cells for {table} {block} {item} {group}; name its block")
        return found[0].percent

    def shares(self, table: str, block: str, group: str) -> dict[str, float]:
        """Give a block as fractions that sum to 1, dashes left out."""
        found = self._cells(table, group, block)
        given = {x.item: x.percent for x in found if x.percent is not None}
        total = sum(given.values())
        return {item: percent / total for item, percent in given.items()}

    def n(self, table: str, group: str, block: str | None = None) -> int:
        """Give the number of respondents."""
        return self._cells(table, group, block)[0].n

    def context_text(self, quantity: str) -> str:
        """Give a fact from outside the report as it is written."""
        return next(iter(x.value for x in self.context if x.quantity == quantity), "") or _none(
            quantity
        )

    def context_value(self, quantity: str) -> float:
        """Give a number from outside the report."""
        return float(self.context_text(quantity))

    def public_fact(self, quantity: str, years: str | None = None) -> s.PublicFact:
        """Give a published figure by name, and by year where several years have one."""
        alike = [x for x in self.public if x.quantity == quantity]
        found = [x for x in alike if years in (None, x.years)]
        if len(found) == 1:
            return found[0]
        if not alike:
            close = get_close_matches(quantity, [x.quantity for x in self.public], n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise KeyError(f"no {quantity} in {s.PUBLIC}{hint}")
        there = ", ".join(x.years for x in alike)
        raise KeyError(f"{quantity} in {s.PUBLIC}: name one of the years {there}")

    def public_value(self, quantity: str, years: str | None = None) -> float:
        """Give the number of a published figure."""
        fact = self.public_fact(quantity, years)
        try:
            return float(fact.value)
        except ValueError:
            raise KeyError(f"{quantity} in {s.PUBLIC} is no single number: {fact.value}") from None

    def macro_value(self, quantity: str, sector: str) -> float:
        """Give a figure about a whole sector."""
        for row in self.macro:
            if (row.quantity, row.sector) == (quantity, sector):
                return row.value
        raise KeyError(f"no {quantity} of {sector} in {s.MACRO}")

    def _cells(self, table: str, group: str, block: str | None) -> list[s.Cell]:
        found = [
            x
            for x in self.cells
            if x.table == table and x.group == group and block in (None, x.block)
        ]
        if not found:
            raise KeyError(f"no cells for table {table}, block {block}, group {group}")
        return found


def _none(quantity: str) -> str:
    raise KeyError(f"no {quantity} in {s.CONTEXT}")


def read(folder: Path | None = None) -> ReportTables:
    """Read all tables; a CSV in `folder` replaces the packaged one of the same name.

    Raises:
        DataError: a file cannot be read, or breaks the rules; every cause is named.
    """
    problems: list[str] = []
    rows: dict[str, checks.Rows] = {}
    hashes: dict[str, str] = {}
    own = {} if folder is None else _own_files(folder, problems)
    for file in s.ROWS:
        packaged = (files("hesim.tables") / "data" / file).read_bytes()
        content = own.get(file, packaged)
        hashes[file] = hashlib.sha256(content).hexdigest()
        faults: list[checks.Fault] = []
        try:
            rows[file] = _rows(file, content, faults)
        except BadSheet as error:
            problems += [f"{file}: {cause}" for cause in error.causes]
            continue
        if content != packaged:
            partial = bool(faults)
            faults += checks.check_rows(file, rows[file])
            known = _rows(file, packaged, [])
            faults += checks.check_whole(file, rows[file], known, partial)
        problems += checks.fault_lines(faults)
    if problems:
        raise s.DataError(problems)
    parts: list[Any] = [tuple(row for _, row in rows[file]) for file in s.ROWS]
    parts.append(hashes)
    notes = tuple(f"{' '.join(key)} sums to {why}" for key, why in s.OFF_SUMS.items())
    parts.append(notes)
    return ReportTables(*parts)


def _own_files(folder: Path, problems: list[str]) -> dict[str, bytes]:
    """The files of a user's folder by the table that each replaces."""
    if not is_folder(folder):
        raise s.DataError([f"{folder} is not a folder"])
    found: dict[str, bytes] = {}
    others: list[Path] = []
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise s.DataError([f"{folder} cannot be read: {error.strerror or error}"]) from error
    for file in inside:
        if file.name.startswith(".") or file.suffix.lower() == ".md":
            continue
        if file.name not in s.ROWS:
            others.append(file)
            continue
        try:
            found[file.name] = content(file)
        except BadFile as error:
            problems.append(f"{file.name}: {error}")
    for file in others[:MOST_OTHERS]:
        close = get_close_matches(file.name.lower(), s.ROWS, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        problems.append(f"{file.name} replaces no table: allowed: {', '.join(s.ROWS)}{hint}")
    if len(others) > MOST_OTHERS:
        problems.append(f"{len(others) - MOST_OTHERS} more files in {folder} replace no table")
    if not found and not problems:
        problems.append(f"{folder} holds none of the tables: {', '.join(s.ROWS)}")
    return found


def _rows(file: str, content: bytes, faults: list[checks.Fault]) -> checks.Rows:
    kind = s.ROWS[file]
    names = [(f.name, RENAMED.get(f.name, f.name), str(f.type)) for f in fields(kind)]
    found = []
    for number, raw in sheet.sheet_rows(content, [column for _, column, _ in names]):
        values: dict[str, Any] = {}
        for name, column, type_name in names:
            try:
                values[name] = _value(raw[column], type_name)
            except ValueError:
                allowed = KINDS[type_name.partition(" ")[0]]
                if with_point(raw[column]):
                    allowed += ", with a decimal point and no comma"
                faults.append(checks.Fault(file, number, column, raw[column], allowed))
        if len(values) == len(names):
            found.append((number, kind(**values)))
    return found


KINDS = {"int": "a whole number", "float": "a number"}
"""What a value must be, in words, by the type of its column."""


def _value(text: str, type_name: str) -> Any:
    if type_name.startswith("tuple"):
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if type_name == "str":
        return text
    word = text.strip()
    if not word and "None" in type_name:
        return None
    number = scalar(word)
    whole = type_name == "int"
    if isinstance(number, bool) or not isinstance(number, int if whole else int | float):
        raise ValueError(text)
    return number if whole else float(number)

"""Read the tables from CSV files and answer questions about them."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from hesim.tables import checks
from hesim.tables import schema as s

RENAMED = {"students": "students_2012"}


@dataclass(frozen=True)
class ReportTables:
    """All tables of the report, with the hash of each file and the source's own faults."""

    cells: tuple[s.Cell, ...]
    flows_1_1: tuple[s.Flow, ...]
    macro: tuple[s.Macro, ...]
    context: tuple[s.Context, ...]
    institutions: tuple[s.Institution, ...]
    partnerships: tuple[s.Partnership, ...]
    recommendations: tuple[s.Recommendation, ...]
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
    """Read all tables; a CSV in `folder` replaces the packaged one of the same name."""
    problems: list[str] = []
    rows: dict[str, list[tuple[int, Any]]] = {}
    hashes: dict[str, str] = {}
    if folder is not None:
        if not folder.is_dir():
            raise s.DataError([f"{folder} is not a folder"])
        extra = sorted(p.name for p in folder.glob("*.csv") if p.name not in s.ROWS)
        allowed = "one of " + ", ".join(s.ROWS)
        problems += [checks.problem(x, "-", "file", x, allowed) for x in extra]
    for file in s.ROWS:
        own = folder / file if folder is not None else None
        packaged = (files("hesim.tables") / "data" / file).read_bytes()
        content = own.read_bytes() if own is not None and own.is_file() else packaged
        hashes[file] = hashlib.sha256(content).hexdigest()
        rows[file] = _rows(file, content, problems)
        problems += checks.check_rows(file, rows[file])
        if file == s.REPORT and content != packaged:
            known: set[tuple[str, ...]] = {
                (x.table, x.block, x.item, x.group) for _, x in _rows(file, packaged, [])
            }
            problems += checks.check_items(rows[file], known)
    problems += checks.check_sums(row for _, row in rows[s.REPORT])
    if problems:
        raise s.DataError(problems)
    parts: list[Any] = [tuple(row for _, row in rows[file]) for file in s.ROWS]
    parts.append(hashes)
    notes = tuple(f"{' '.join(key)} sums to {why}" for key, why in s.OFF_SUMS.items())
    parts.append(notes)
    return ReportTables(*parts)


def _rows(file: str, content: bytes, problems: list[str]) -> list[tuple[int, Any]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError:
        problems.append(checks.problem(file, "-", "-", "bytes", "text in UTF-8"))
        return []
    kind = s.ROWS[file]
    names = [(f.name, RENAMED.get(f.name, f.name), str(f.type)) for f in fields(kind)]
    missing = [column for _, column, _ in names if column not in (reader.fieldnames or ())]
    if missing:
        problems += [checks.problem(file, 1, x, "", "the column is missing") for x in missing]
        return []
    found = []
    for number, raw in enumerate(reader, start=2):
        values: dict[str, Any] = {}
        for name, column, type_name in names:
            try:
                values[name] = _value(raw[column] or "", type_name)
            except ValueError:
                problems.append(checks.problem(file, number, column, raw[column], type_name))
        if len(values) == len(names):
            found.append((number, kind(**values)))
    return found


def _value(text: str, type_name: str) -> Any:
    if type_name == "int":
        return int(text)
    if type_name.startswith("float"):
        if not text and "None" in type_name:
            return None
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
    if type_name.startswith("tuple"):
        return tuple(x for x in text.split(";") if x)
    return text

"""Check rows against what is allowed and say every problem at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hesim import categories as c
from hesim.tables import schema as s

KEYS: dict[str, tuple[str, ...]] = {
    s.REPORT: ("table", "block", "item", "group"),
    s.FLOWS: ("year",),
    s.MACRO: ("quantity", "sector"),
    s.CONTEXT: ("quantity",),
    s.INSTITUTIONS: ("name",),
}
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    s.REPORT: {"group": c.MOVER_GROUPS, "kind": ("share", "multiple", "agree")},
    s.INSTITUTIONS: {"sector": ("hbo", "wo"), "region": c.REGIONS},
    s.PARTNERSHIPS: {"kind": ("research", "education", "mobility")},
}
RANGES: dict[str, tuple[float, float]] = {
    "percent": (0, 100),
    "n": (1, 1_000_000),
    "lat": (50.5, 53.7),
    "lon": (3.2, 7.3),
    "students": (1, 1_000_000),
    "year": (1900, 2100),
    **{
        f"{a}_to_{b}{t}": (0, 1e6)
        for a, b in (("wo", "hbo"), ("hbo", "wo"))
        for t in ("", "_teaching")
    },
}


def problem(file: str, row: int | str, column: str, value: object, allowed: str) -> str:
    """Word one problem."""
    return f"{file}, row {row}, column {column}: {value!r} is not allowed ({allowed})"


def check_rows(file: str, rows: Iterable[tuple[int, Any]]) -> list[str]:
    """Find values out of range, unknown names and keys that occur twice."""
    found: list[str] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in rows:
        for column, names in CHOICES.get(file, {}).items():
            value = getattr(row, column)
            if value not in names:
                found.append(problem(file, number, column, value, "one of " + ", ".join(names)))
        for column, (low, high) in RANGES.items():
            value = getattr(row, column, None)
            if value is not None and not low <= value <= high:
                found.append(problem(file, number, column, value, f"{low:g} to {high:g}"))
        if file in KEYS:
            key = tuple(getattr(row, column) for column in KEYS[file])
            if key in seen:
                names_of_key = "+".join(KEYS[file])
                found.append(problem(file, number, names_of_key, key, f"once, see row {seen[key]}"))
            seen.setdefault(key, number)
    return found


def check_items(rows: Iterable[tuple[int, s.Cell]], known: set[tuple[str, ...]]) -> list[str]:
    """Find cells that the report does not have and cells that are left out."""
    rows = list(rows)
    keys = [(number, (r.table, r.block, r.item, r.group)) for number, r in rows]
    found = [
        problem(s.REPORT, number, "table+block+item+group", key, "a cell of the report")
        for number, key in keys
        if key not in known
    ]
    missing = sorted(known - {key for _, key in keys})
    return found + [problem(s.REPORT, "-", "item", key, "missing") for key in missing]


def check_sums(cells: Iterable[s.Cell]) -> list[str]:
    """Find blocks of shares that do not sum to 100, except those named as faulty in the source."""
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for cell in cells:
        if cell.kind == "share":
            sums[cell.table, cell.block, cell.group] += cell.percent or 0.0
    return [
        problem(s.REPORT, "/".join(key), "percent", round(total, 1), "a sum of 98 to 102")
        for key, total in sums.items()
        if not 98 <= round(total, 6) <= 102 and key not in s.OFF_SUMS
    ]

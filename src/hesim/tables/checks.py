"""Check rows against what is allowed and say every problem at once."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from hesim import categories as c
from hesim.input.document import BadDocument, scalar
from hesim.input.problems import shortened
from hesim.tables import schema as s
from hesim.tables.sheet import row_numbers

Rows = Sequence[tuple[int, Any]]
"""Rows by their line in the file."""

KEYS: dict[str, tuple[str, ...]] = {
    s.REPORT: ("table", "block", "item", "group"),
    s.FLOWS: ("year",),
    s.MACRO: ("quantity", "sector"),
    s.CONTEXT: ("quantity",),
    s.INSTITUTIONS: ("name",),
    s.PUBLIC: ("quantity", "population", "years"),
}
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    s.REPORT: {"group": c.MOVER_GROUPS, "kind": ("share", "multiple", "agree")},
    s.INSTITUTIONS: {"sector": ("hbo", "wo"), "region": c.REGIONS, "profile": s.PROFILES},
    s.PARTNERSHIPS: {"kind": ("research", "education", "mobility")},
    s.RECOMMENDATIONS: {"fit": ("exact", "part", "proxy", "principle")},
    s.PUBLIC: {"confidence": ("low", "medium", "high"), "use": ("prior", "aim")},
}
NAMES: dict[str, tuple[str, ...]] = {
    s.INSTITUTIONS: ("name", "town"),
    s.PARTNERSHIPS: ("lead", "initiative"),
    s.PUBLIC: ("topic", "quantity", "value", "source"),
}
"""Columns that may not be empty."""
MIX = "outside_sector_mix_prior"
MACRO_RANGES: dict[str, tuple[float, float]] = {"turnover": (0, 100)}
FACT_RANGES: dict[str, tuple[float, float]] = {
    "hbo_teaching_staff": (1, 100_000),
    "lectoren": (1, 10_000),
    "wo_full_professors": (1, 100_000),
    "wo_associate_professors": (0, 100_000),
    "wo_assistant_professors": (1, 100_000),
    "wo_other_academic": (1, 100_000),
    "wo_phd_candidates": (1, 100_000),
    "state_pension_age": (60, 70),
}
"""Facts that the model reads; the others are only told."""
RANGES: dict[str, tuple[float, float]] = {
    "percent": (0, 100),
    "dose": (0, 1),
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
MOST_ROWS = {s.INSTITUTIONS: 3000}
"""Rows of a file at most: identities hold an employer's number in twelve bits."""
ROW_NEEDED = "needed by the model"


class Fault(NamedTuple):
    """One value that is not allowed, or one that a file lacks.

    Attributes:
        file: Name of the file.
        row: Its line, or what else says where it is; None where the file lacks the value.
        column: Column, or what else is wrong.
        value: The value.
        allowed: What is allowed, or what the file must hold.
    """

    file: str
    row: int | str | None
    column: str
    value: object
    allowed: str


def fault_lines(faults: Iterable[Fault]) -> list[str]:
    """Say faults in words, those of one cause in one line."""
    causes: dict[tuple[str, str, str, bool], list[Fault]] = {}
    for fault in faults:
        cause = (fault.file, fault.column, fault.allowed, fault.row is None)
        causes.setdefault(cause, []).append(fault)
    lines = []
    for (file, column, allowed, absent), alike in causes.items():
        shown = ", ".join(dict.fromkeys(shortened(fault.value) for fault in alike[:3]))
        more = ", ..." if len(alike) > 3 else ""
        if absent:
            verb = "is" if len(alike) == 1 else "are"
            lines.append(f"{file}, column {column}: {shown}{more} {verb} missing ({allowed})")
            continue
        where = row_numbers([fault.row for fault in alike if fault.row is not None])
        is_not = "is not allowed" if len(alike) == 1 else "are not allowed"
        lines.append(f"{file}, {where}, column {column}: {shown}{more} {is_not} ({allowed})")
    return lines


def check_rows(file: str, rows: Iterable[tuple[int, Any]]) -> list[Fault]:
    """Find values out of range, unknown names and keys that occur twice."""
    found: list[Fault] = []
    seen: dict[tuple[Any, ...], int] = {}
    rows = list(rows)
    most = MOST_ROWS.get(file)
    if most is not None and len(rows) > most:
        found.append(Fault(file, rows[-1][0], "row", len(rows), f"at most {most} rows"))
    for number, row in rows:
        for column, names in CHOICES.get(file, {}).items():
            value = getattr(row, column)
            if value not in names:
                close = get_close_matches(str(value), names, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                allowed = "one of " + ", ".join(names) + hint
                found.append(Fault(file, number, column, value, allowed))
        for column, (low, high) in RANGES.items():
            value = getattr(row, column, None)
            if value is not None and not low <= value <= high:
                found.append(Fault(file, number, column, value, f"{low:g} to {high:g}"))
        for column in NAMES.get(file, ()):
            if not getattr(row, column).strip():
                found.append(Fault(file, number, column, "", "a name"))
        if file in KEYS:
            key = tuple(getattr(row, column) for column in KEYS[file])
            if key in seen:
                names_of_key = "+".join(KEYS[file])
                found.append(Fault(file, number, names_of_key, key, f"once, see row {seen[key]}"))
            seen.setdefault(key, number)
    return found


def check_whole(file: str, rows: Rows, packaged: Rows, partial: bool = False) -> list[Fault]:
    """Find what a table cannot do without, which the packaged one has.

    Args:
        file: Name of the file.
        rows: Its rows by their numbers.
        packaged: Those of the packaged file.
        partial: Some rows could not be read, so none is called missing.
    """
    if file == s.REPORT:
        return _check_cells(rows, packaged, partial)
    found: list[Fault] = []
    if file in (s.MACRO, s.CONTEXT, s.PUBLIC) and not partial:
        columns = KEYS[file]
        given = {tuple(getattr(row, name) for name in columns) for _, row in rows}
        for _, row in packaged:
            key = tuple(getattr(row, name) for name in columns)
            if key not in given:
                found.append(Fault(file, None, "+".join(columns), " ".join(key), ROW_NEEDED))
    if file == s.MACRO:
        for number, row in rows:
            limits = MACRO_RANGES.get(row.quantity)
            if limits and not limits[0] <= row.value <= limits[1]:
                allowed = f"{limits[0]:g} to {limits[1]:g} for {row.quantity}"
                found.append(Fault(file, number, "value", row.value, allowed))
    if file == s.CONTEXT:
        for number, row in rows:
            found += _check_fact(number, row)
    if file == s.PUBLIC:
        for number, row in rows:
            found += _check_range(number, row)
    if file == s.INSTITUTIONS and not partial:
        for column in ("sector", "region"):
            for name in CHOICES[file][column]:
                if all(getattr(row, column) != name for _, row in rows):
                    found.append(
                        Fault(file, None, column, name, "at least one institution of each")
                    )
    if file == s.INSTITUTIONS:
        regions: dict[str, str] = {}
        for number, row in rows:
            if regions.setdefault(row.town, row.region) != row.region:
                allowed = f"{regions[row.town]}, as {row.town} has in a row before"
                found.append(Fault(file, number, "region", row.region, allowed))
    if file == s.FLOWS and not rows and not partial:
        found.append(Fault(file, None, "year", "a year", "at least one row"))
    return found


def _check_range(number: int, row: s.PublicFact) -> list[Fault]:
    """A published figure lies within its range, where it is one number and has one."""
    low = -math.inf if row.low is None else row.low
    high = math.inf if row.high is None else row.high
    if low > high:
        return [Fault(s.PUBLIC, number, "low", row.low, f"at most {high:g}, the value of high")]
    try:
        value = scalar(row.value.strip())
    except BadDocument:
        return []
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or low <= value <= high:
        return []
    return [Fault(s.PUBLIC, number, "value", row.value, f"{low:g} to {high:g}, its own range")]


def _check_fact(number: int, row: s.Context) -> list[Fault]:
    if row.quantity == MIX:
        return _check_mix(number, row.value)
    limits = FACT_RANGES.get(row.quantity)
    if limits is None:
        return []
    low, high = limits
    try:
        value = scalar(row.value.strip())
    except BadDocument:
        value = None
    number_given = isinstance(value, int | float) and not isinstance(value, bool)
    if number_given and low <= value <= high:
        return []
    allowed = f"a number from {low:g} to {high:g} for {row.quantity}"
    return [Fault(s.CONTEXT, number, "value", row.value, allowed)]


def _check_mix(number: int, text: str) -> list[Fault]:
    """The mix of the sectors outside: each once, with a share that is no less than zero."""
    example = "; ".join(f"{name} 0.1" for name in c.OUTSIDE_SECTORS[:2])
    allowed = f"name and share of each of {', '.join(c.OUTSIDE_SECTORS)}, as {example}; ..."
    shares: dict[str, float] = {}
    for part in text.split(";"):
        name, _, word = part.strip().partition(" ")
        try:
            share = scalar(word.strip())
        except BadDocument:
            share = None
        if isinstance(share, bool) or not isinstance(share, int | float) or share < 0:
            return [Fault(s.CONTEXT, number, "value", text, allowed)]
        shares[name] = float(share)
    if set(shares) != set(c.OUTSIDE_SECTORS) or sum(shares.values()) <= 0:
        return [Fault(s.CONTEXT, number, "value", text, allowed)]
    return []


def _check_cells(rows: Rows, packaged: Rows, partial: bool) -> list[Fault]:
    """Find cells that the report does not have, and cells or figures that it has and rows lack."""
    known = {(x.table, x.block, x.item, x.group): x for _, x in packaged}
    keys = [(number, x, (x.table, x.block, x.item, x.group)) for number, x in rows]
    column = "table+block+item+group"
    found = [
        Fault(s.REPORT, number, column, " ".join(key), "a cell of the report")
        for number, _, key in keys
        if key not in known
    ]
    missing = [] if partial else sorted(known.keys() - {key for _, _, key in keys})
    found += [Fault(s.REPORT, None, column, " ".join(key), ROW_NEEDED) for key in missing]
    found += [
        Fault(s.REPORT, number, "percent", "", "a number: the report has no dash here")
        for number, x, key in keys
        if key in known and x.percent is None and known[key].percent is not None
    ]
    return found + _check_sums([x for _, x in rows], [x for _, x in packaged])


def _check_sums(cells: Sequence[s.Cell], packaged: Sequence[s.Cell]) -> list[Fault]:
    """Find whole blocks of shares that do not sum to 100; some do not in the source either."""
    whole = Counter((cell.table, cell.block, cell.group) for cell in packaged)
    blocks: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for cell in cells:
        if cell.kind == "share" and cell.percent is not None:
            blocks[cell.table, cell.block, cell.group].append(cell.percent)
    found = []
    for key, percents in blocks.items():
        low, high = (50, 106) if key in s.OFF_SUMS else (98, 102)
        total = round(sum(percents), 6)
        if len(percents) == whole[key] and not low <= total <= high:
            allowed = f"a sum of {low} to {high}"
            found.append(Fault(s.REPORT, "/".join(key), "percent", round(total, 1), allowed))
    return found

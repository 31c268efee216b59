"""Write a table as a workbook (xlsx) whose bytes depend on the table only."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from hesim.files import put

ROWS = 1_048_575
"""Rows of a sheet under its header; longer tables go on in a second sheet."""

_DAY = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def write_workbook(
    path: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Write a workbook; what is not a number or missing stays empty.

    Args:
        path: Where to.
        name: Name of the sheet.
        columns: The header.
        rows: Values in the order of the columns.
    """
    from openpyxl import Workbook

    # Row by row to disk: a run at full scale has more cells than fit in memory as objects.
    book = Workbook(write_only=True)
    sheet, used = book.create_sheet(name), 0
    sheet.append(list(columns))
    for row in rows:
        if used == ROWS:
            sheet, used = book.create_sheet(f"{name} {len(book.worksheets) + 1}"), 0
            sheet.append(list(columns))
        sheet.append([_cell(value) for value in row])
        used += 1
    made = io.BytesIO()
    book.save(made)
    put(path, _without_date(made.getvalue()))


def _cell(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _without_date(content: bytes) -> bytes:
    """The same workbook without the time it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as dated,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in dated.namelist():
            inside = dated.read(name)
            if name == "docProps/core.xml":
                inside = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", inside)
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            fixed.writestr(entry, inside)
    return out.getvalue()

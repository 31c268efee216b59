"""Write datapackage.json: every table in a folder with its columns, types, units and hash.

It is a Frictionless Data Package; its words are those of `description`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hesim.files import put
from hesim.record import description as d
from hesim.record.content import SETTINGS

PACKAGE_FILE = "datapackage.json"
"""The description of a folder's tables."""
FRICTIONLESS = {
    d.TEXT: "string",
    d.MONTH: "string",
    d.WHOLE: "integer",
    d.NUMBER: "number",
    d.FLAG: "boolean",
    d.DATE: "date",
    d.VALUE: "any",
}
"""What a data package calls each type."""
MEDIA = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Endings of tables, and what a data package calls their formats."""
ORIGIN = "hesim"
"""Entry of a package, or of one of its tables, that says what made it."""


def write_package(folder: Path, origin: d.Origin) -> None:
    """Write the package of a run.

    Args:
        folder: The folder, whose tables are whole.
        origin: What made them.
    """
    tables = d.described_tables()
    resources = [
        resource_of(file, file.stem)
        for file in sorted(folder.iterdir())
        if file.suffix.removeprefix(".") in MEDIA and file.stem in tables
    ]
    title = "A run of hesim: labour mobility in Dutch higher education, simulated"
    facts = {**origin.texts(), "settings": SETTINGS}
    put(folder / PACKAGE_FILE, package_text("hesim-run", title, facts, resources))


def package_text(
    name: str, title: str, facts: Mapping[str, object], resources: Sequence[Mapping[str, Any]]
) -> bytes:
    """What stands in a package.

    Args:
        name: Of the package, in small letters.
        title: What it is, in words.
        facts: What made all of its tables.
        resources: Its tables, see `resource_of`.
    """
    body = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "description": d.SIMULATED,
        "licenses": [
            {"name": d.LICENCE, "path": "https://www.apache.org/licenses/LICENSE-2.0"},
        ],
        ORIGIN: dict(facts),
        "resources": list(resources),
    }
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


def resource_of(
    file: Path, table: str, path: str = "", facts: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Describe one table of a package.

    Args:
        file: The table, whole.
        table: What it is, see `description.table_named`.
        path: Where it lies from the package, with slashes; beside it unless given.
        facts: What made it, where that is not the same for the whole package.
    """
    kind = file.suffix.removeprefix(".")
    return {
        "name": f"{file.stem}-{kind}".replace("_", "-").lower(),
        "title": d.title_of(table),
        "path": path or file.name,
        "profile": "tabular-data-resource" if kind == "csv" else "data-resource",
        "format": kind,
        "mediatype": MEDIA[kind],
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": hash_of(file),
        **({} if facts is None else {ORIGIN: dict(facts)}),
        "schema": {
            "fields": [_field(table, name) for name in _names_in(file)],
            "missingValues": [""],
        },
    }


def hash_of(file: Path) -> str:
    """The hash of a file as it stands in a package."""
    with file.open("rb") as handle:
        return f"sha256:{hashlib.file_digest(handle, 'sha256').hexdigest()}"


def _field(table: str, name: str) -> dict[str, str]:
    column = d.column_of(table, name)
    if column is None:
        return {"name": name, "type": "any"}
    body = {"name": name, "type": FRICTIONLESS[column.type], "description": column.about}
    return body | ({"unit": column.unit} if column.unit else {})


def _names_in(file: Path) -> list[str]:
    """The columns of a file, in order."""
    if file.suffix == ".xlsx":
        # A workbook has the columns of the table that it copies.
        beside = [file.with_suffix(ending) for ending in (".parquet", ".csv")]
        file = next(each for each in beside if each.exists())
    if file.suffix == ".parquet":
        import pyarrow.parquet as pq

        # A file object: a path could be taken for one of several or for a partition.
        with file.open("rb") as handle:
            return list(pq.read_schema(handle).names)
    with file.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines))

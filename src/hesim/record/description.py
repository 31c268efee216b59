"""Describe what the tables of a run hold: for Parquet files, datapackage.json and docs/outputs.md.

Descriptions of tables and columns stand in `columns.yaml`, and nowhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.files import put
from hesim.record.content import SETTINGS

if TYPE_CHECKING:
    import pyarrow as pa

    from hesim.config import Settings

PACKAGE_FILE = "datapackage.json"
"""The description of a folder's tables, a Frictionless Data Package."""
LICENCE = "Apache-2.0"
SIMULATED = (
    "These data are simulated. No row is a real person, vacancy or institution's figure; names of "
    "institutions only say where simulated people work."
)
"""What every file says of itself."""
EVERY = "every"
"""Entry of `columns.yaml` with the columns that every table begins with."""
TEXT, MONTH, WHOLE, NUMBER, FLAG, DATE = (
    "text",
    "month",
    "whole number",
    "number",
    "true or false",
    "date",
)
FRICTIONLESS = {
    TEXT: "string",
    MONTH: "string",
    WHOLE: "integer",
    NUMBER: "number",
    FLAG: "boolean",
    DATE: "date",
}
"""What a data package calls each type."""
OF_STUDY = "of_study"
"""Entry of `columns.yaml` that says that a table is one of a study."""
NO_REPLICATION = ("summary", "attribution", "participants_summary")
"""Tables over all replications."""
NO_ARM = ("attribution", "participants_summary")
"""Tables about the difference of both arms."""


@dataclass(frozen=True)
class ColumnDescription:
    """What a column holds.

    Attributes:
        name: Its name; a star stands for any text.
        type: `text`, `month` (text such as 2011-01), `whole number`, `number`, `true or false`
            or `date`.
        about: What it says, in words.
        unit: Its unit; empty for names and dates.
        of: The text column that a date comes from.
    """

    name: str
    type: str
    about: str
    unit: str = ""
    of: str = ""


@dataclass(frozen=True)
class Origin:
    """What made a run's files, as they say of themselves.

    Attributes:
        version: Version of hesim.
        commit: Commit of the checkout; empty outside one.
        code_sha256: Hash of the package and its configuration.
        settings_sha256: Hash of config.yaml.
        scale: `population.scale`.
        seed: Seed of the random numbers.
        calibration: Name of the calibration.
        structure: Name of the structure.
    """

    version: str
    commit: str
    code_sha256: str
    settings_sha256: str
    scale: float
    seed: int
    calibration: str
    structure: str

    def texts(self) -> dict[str, str]:
        """The same as texts by name, with licence and what `SIMULATED` says."""
        return {
            "hesim_version": self.version,
            "commit": self.commit,
            "code_sha256": self.code_sha256,
            "settings_sha256": self.settings_sha256,
            "population_scale": f"{self.scale:g}",
            "seed": str(self.seed),
            "calibration": self.calibration,
            "structure": self.structure,
            "licence": LICENCE,
            "simulated": SIMULATED,
        }


def origin_of(settings: Settings, made_by: Mapping[str, object]) -> Origin:
    """Say what makes a run.

    Args:
        settings: The composed config.
        made_by: Facts about the code, see `manifest.code_facts`.
    """
    from importlib.metadata import version

    return Origin(
        version("hesim"),
        str(made_by.get("commit") or ""),
        str(made_by.get("code_sha256") or ""),
        hashlib.sha256(settings.yaml().encode()).hexdigest(),
        settings.number("population.scale"),
        settings.integer("seed"),
        settings.text("calibration"),
        settings.text("structure"),
    )


def described_tables(of_study: bool = False) -> tuple[str, ...]:
    """Names of the tables of a run, or of a study, that are described."""
    return tuple(
        name
        for name, body in _document().items()
        if name != EVERY and bool(body.get(OF_STUDY)) == of_study
    )


def title_of(table: str) -> str:
    """What a table holds, in words."""
    title: str = _document()[table]["title"]
    return title


@cache
def columns_of(table: str) -> tuple[ColumnDescription, ...]:
    """The columns of a table, in order."""
    body = _document()
    shared = {
        name: column
        for name, column in body[EVERY].items()
        if not body[table].get(OF_STUDY)
        and not (name == "replication" and table in NO_REPLICATION)
        and not (name == "arm" and table in NO_ARM)
    }
    both = {**shared, **body[table]["columns"]}
    return tuple(ColumnDescription(name=name, **column) for name, column in both.items())


def column_of(table: str, name: str) -> ColumnDescription | None:
    """What a column of a table holds; None if it is not described."""
    for column in columns_of(table):
        if column.name == name or ("*" in column.name and fnmatchcase(name, column.name)):
            return column
    return None


@cache
def _document() -> dict[str, Any]:
    import yaml

    text = resources.files("hesim.record").joinpath("columns.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def with_descriptions(name: str, table: pa.Table, origin: Origin | None) -> pa.Table:
    """The same table, with unit and description in each field and its origin in the schema.

    Args:
        name: Name of the table.
        table: Its rows; they do not change.
        origin: What made it; None leaves that out.
    """
    import pyarrow as pa

    if name not in _document():
        return table
    fields = []
    for field in table.schema:
        column = column_of(name, field.name)
        about = {} if column is None else {"description": column.about, "unit": column.unit}
        fields.append(field.with_metadata(about) if about else field)
    words = {"title": title_of(name), "licence": LICENCE, "simulated": SIMULATED}
    words |= {} if origin is None else origin.texts()
    return pa.table(table.columns, schema=pa.schema(fields, metadata=words))


def write_package(folder: Path, origin: Origin) -> None:
    """Write datapackage.json: every table in a folder with its columns, types and units.

    Args:
        folder: The folder, whose tables are whole.
        origin: What made them.
    """
    found = [
        file
        for file in sorted(folder.iterdir())
        if file.suffix in (".parquet", ".csv", ".xlsx") and file.stem in described_tables()
    ]
    body = {
        "profile": "data-package",
        "name": "hesim-run",
        "title": "A run of hesim: labour mobility in Dutch higher education, simulated",
        "description": SIMULATED,
        "licenses": [
            {"name": LICENCE, "path": "https://www.apache.org/licenses/LICENSE-2.0"},
        ],
        "hesim": {**origin.texts(), "settings": SETTINGS},
        "resources": [_resource(file) for file in found],
    }
    put(folder / PACKAGE_FILE, (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode())


def _resource(file: Path) -> dict[str, Any]:
    kind = file.suffix.removeprefix(".")
    media = {
        "parquet": "application/vnd.apache.parquet",
        "csv": "text/csv",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {
        "name": f"{file.stem}-{kind}".replace("_", "-"),
        "title": title_of(file.stem),
        "path": file.name,
        "profile": "tabular-data-resource" if kind == "csv" else "data-resource",
        "format": kind,
        "mediatype": media[kind],
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [_field(file.stem, name) for name in _names_in(file)],
            "missingValues": [""],
        },
    }


def _field(table: str, name: str) -> dict[str, str]:
    column = column_of(table, name)
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

        return list(pq.read_schema(file).names)
    with file.open(encoding="utf-8") as lines:
        return lines.readline().rstrip("\n").split(",")


def markdown() -> str:
    """The table of columns in docs/outputs.md.

    `uv run python -m hesim.record.description` prints it.
    """
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "| File | Column | Type | Unit | What it holds |"
    yield "|---|---|---|---|---|"
    for table in (EVERY, *described_tables(), *described_tables(of_study=True)):
        if table == EVERY:
            columns = tuple(
                ColumnDescription(name=name, **body) for name, body in _document()[EVERY].items()
            )
        else:
            shared = () if _document()[table].get(OF_STUDY) else _document()[EVERY]
            columns = tuple(c for c in columns_of(table) if c.name not in shared)
        name = "every file of a run" if table == EVERY else table
        for column in columns:
            unit, about = column.unit, column.about
            yield f"| {name} | `{column.name}` | {column.type} | {unit} | {about} |"


if __name__ == "__main__":
    print(markdown(), end="")

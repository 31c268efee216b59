"""Describe what tables hold: for Parquet files, datapackage.json and docs/outputs.md.

Descriptions of tables and columns stand in `columns.yaml` (of a run), `study_columns.yaml` (of a
study) and `answer_columns.yaml` (of answers and comparisons), and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from hesim.config import Settings

LICENCE = "Apache-2.0"
SIMULATED = (
    "These data are simulated. No row is a real person, vacancy or institution's figure; names of "
    "institutions only say where simulated people work."
)
"""What every file says of itself."""
FILES = ("columns.yaml", "study_columns.yaml", "answer_columns.yaml")
RUN, STUDY, ANSWERS, RUNS = "", "study", "answers", "runs"
"""Places of tables: a run, a study, answers of a study, and a comparison of runs."""
EVERY = "every"
"""Entry with the columns that every table of a place begins with."""
LIKE = "like"
"""Entry that names the table whose columns a table has too."""
TEXT, MONTH, WHOLE, NUMBER, FLAG, DATE, VALUE = (
    "text",
    "month",
    "whole number",
    "number",
    "true or false",
    "date",
    "value",
)
LOWER, UPPER = "lower end of", "upper end of"
"""How the descriptions of both ends of an interval begin."""
SEVERAL = 3
"""Tables of a place in which a column must mean the same to be described once for all."""
NO_REPLICATION = ("summary", "attribution", "participants_summary")
"""Tables over all replications."""
NO_ARM = ("attribution", "participants_summary")
"""Tables about the difference of both arms."""


@dataclass(frozen=True)
class ColumnDescription:
    """What a column holds.

    Attributes:
        name: Its name; a star stands for any text.
        type: `text`, `month` (text such as 2011-01), `whole number`, `number`, `true or false`,
            `date`, or `value`: of a setting, so a number, a text, or true or false.
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
    """What made the files of a run or study, as they say of themselves.

    Attributes:
        version: Version of hesim.
        commit: Commit of the checkout; empty outside one.
        code_sha256: Hash of the package and its configuration.
        settings_sha256: Hash of config.yaml.
        scale: `population.scale`.
        seed: Seed of the random numbers.
        calibration: Name of the calibration; of a study of several structures one for each.
        structure: Name of the structure; of a study of several all of them.
        study: Hash of all that decides the rows of a study; empty for a run.
    """

    version: str
    commit: str
    code_sha256: str
    settings_sha256: str
    scale: float
    seed: int
    calibration: str
    structure: str
    study: str = ""

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
            **({"study": self.study} if self.study else {}),
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


def described_tables(place: str = RUN) -> tuple[str, ...]:
    """Names of the tables of a place that are described; a star stands for any text.

    Args:
        place: `RUN`, `STUDY`, `ANSWERS` or `RUNS`. Names begin with the place and a slash, but
            those of a run.
    """
    return tuple(name for name in _document() if _place(name) == place and _name(name) != EVERY)


def table_named(name: str, place: str = RUN) -> str | None:
    """The described table of a file's name without its ending; None if there is none.

    Args:
        name: As `flows_job_swap`.
        place: Where the file lies.
    """
    tables = {_name(table): table for table in described_tables(place)}
    fitting = (table for pattern, table in tables.items() if _fits(name, pattern))
    return tables.get(name) or next(fitting, None)


def title_of(table: str) -> str:
    """What a table holds, in words."""
    title: str = _document()[table]["title"]
    return title


@cache
def columns_of(table: str) -> tuple[ColumnDescription, ...]:
    """The columns of a table, in order."""
    shared = {
        name: column
        for name, column in _document().get(_at(_place(table), EVERY), {}).items()
        if not (name == "replication" and table in NO_REPLICATION)
        and not (name == "arm" and table in NO_ARM)
    }
    both = {**shared, **_own_columns(table)}
    return tuple(ColumnDescription(name=name, **column) for name, column in both.items())


def column_of(table: str, name: str) -> ColumnDescription | None:
    """What a column of a table holds; None if it is not described."""
    columns = {column.name: column for column in columns_of(table)}
    fitting = (column for pattern, column in columns.items() if _fits(name, pattern))
    return columns.get(name) or next(fitting, None)


def _own_columns(table: str) -> dict[str, Any]:
    body = _document()[table]
    first = _own_columns(body[LIKE]) if LIKE in body else {}
    return {**first, **body["columns"]}


def _fits(name: str, pattern: str) -> bool:
    return "*" in pattern and fnmatchcase(name, pattern)


def _at(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _place(table: str) -> str:
    return table.rpartition("/")[0]


def _name(table: str) -> str:
    return table.rpartition("/")[2]


@cache
def _document() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = {}
    for file in FILES:
        text = resources.files("hesim.record").joinpath(file).read_text(encoding="utf-8")
        found |= yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
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


def markdown(place: str) -> str:
    """The tables of columns of a place, as in docs/outputs.md.

    Columns that mean the same in several files stand in the first table, and each file names those
    of them that it has. `uv run python -m hesim.record.description` prints all places.
    """
    return "\n".join(_lines(place)) + "\n"


def _lines(place: str) -> Iterator[str]:
    every = _shared(place)
    common = (*every, *_common(place))
    if common:
        yield from _columns("Columns of several files", common)
    for table in described_tables(place):
        body = _document()[table]
        inherited = columns_of(body[LIKE]) if LIKE in body else ()
        own = [each for each in columns_of(table) if each not in (*common, *inherited)]
        named = [f"`{each.name}`" for each in columns_of(table) if each in common[len(every) :]]
        has = f"the columns of `{_name(body[LIKE])}`" if LIKE in body else ", ".join(named)
        told = f" It has {has}{', and:' if own else '.'}" if has else ""
        yield f"\n**`{_name(table)}`**: {body['title']}.{told}"
        if own:
            yield ""
            yield from _columns("Column", own)


def _columns(heading: str, columns: Sequence[ColumnDescription]) -> Iterator[str]:
    """A table of columns; both ends of an interval that follow each other share a row."""
    yield f"| {heading} | Type | Unit | What it holds |"
    yield "|---|---|---|---|"
    for before, each, after in zip((None, *columns), columns, (*columns[1:], None), strict=False):
        if before is not None and _are_ends(before, each):
            continue
        name, about = f"`{each.name}`", each.about
        if after is not None and _are_ends(each, after):
            name, about = f"{name}, `{after.name}`", about.replace(LOWER, "both ends of", 1)
        yield f"| {name} | {each.type} | {each.unit} | {about} |"


def _are_ends(low: ColumnDescription, high: ColumnDescription) -> bool:
    """Whether two columns hold the lower and the upper end of one interval."""
    interval = high.about.removeprefix(UPPER).strip()
    same = interval in (low.about.removeprefix(LOWER).strip(), "that interval")
    told = low.about.startswith(LOWER) and high.about.startswith(UPPER)
    return told and same and (low.type, low.unit) == (high.type, high.unit)


def _shared(place: str) -> tuple[ColumnDescription, ...]:
    """The columns with which every table of a place begins."""
    shared = _document().get(_at(place, EVERY), {})
    return tuple(ColumnDescription(name=name, **body) for name, body in shared.items())


def _common(place: str) -> list[ColumnDescription]:
    """The other columns that mean the same in at least `SEVERAL` tables of a place."""
    count = Counter(each for table in described_tables(place) for each in columns_of(table))
    every = _shared(place)
    return [each for each, n in count.items() if n >= SEVERAL and each not in every]


if __name__ == "__main__":
    print("\n\n".join(map(markdown, (RUN, STUDY, ANSWERS, RUNS))), end="")

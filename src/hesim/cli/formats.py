"""Write settings for other programs: as CSV, as Markdown, and as JSON Schema for editors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Sequence

from hesim.cli.printing import JSON
from hesim.config.listing import Row, value_text
from hesim.input.problems import ConfigErrors, Problem, nearest

SCHEMA, CSV, MARKDOWN = FORMATS = ("--schema", "--csv", "--markdown")
COLUMNS = ("setting", "value", "unit", "range", "label", "source", "about", "set_by")


def format_of(flags: Collection[str], problems: list[Problem]) -> str:
    """The one format that is asked for; empty when none is.

    Args:
        flags: Options of the command.
        problems: Gets one more where several formats are asked for.
    """
    asked = [flag for flag in (*FORMATS, JSON) if flag in flags]
    if len(asked) > 1:
        problems.append(Problem(" ".join(asked), None, "one of these at a time is printed"))
    return asked[0] if asked else ""


def value_lines(listed: Sequence[Row]) -> str:
    """Settings and their values alone, a line each."""
    return "\n".join(f"{row.path}={value_text(row.value)}" for row in listed)


def table_of(listed: Sequence[Row], format: str) -> str:
    """Settings as a table with a row each, without a line break at its end.

    Args:
        listed: The settings.
        format: `CSV` or `MARKDOWN`.
    """
    rows = [_cells(row) for row in listed]
    if format == CSV:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
        return text.getvalue().rstrip("\n")
    lines = [COLUMNS, ["---"] * len(COLUMNS), *([_marked(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def schema_text(kind: str) -> str:
    """The JSON Schema of settings files, as text.

    Args:
        kind: `levers`, or one of `hesim.config.json_schema.kinds()`; empty is the files that set
            from the top.

    Raises:
        ConfigErrors: there is no such kind of files.
    """
    from hesim.config.json_schema import TOP, file_schema, kinds
    from hesim.config.schema import read_schema
    from hesim.levers.file_schema import KIND, lever_schema
    from hesim.scenario import compose
    from hesim.sources import packaged

    schema = read_schema(packaged())
    if kind == KIND:
        return json.dumps(lever_schema(schema), indent=1)
    known = [*kinds(), KIND]
    if kind and kind not in known:
        words = "no such kind of files; there are " + ", ".join(known)
        raise ConfigErrors([Problem(kind, None, words, nearest(kind, known))])
    return json.dumps(file_schema(kind or TOP, schema, compose().resolved()), indent=1)


def _cells(row: Row) -> list[str]:
    value = value_text(row.value)
    return [
        *(row.path, value, row.unit, row.allowed),
        *(row.label, row.source, row.about, row.origin),
    ]


def _marked(cell: str) -> str:
    """A cell of a Markdown table, in which a bar would end it."""
    return " ".join(cell.replace("|", r"\|").split())

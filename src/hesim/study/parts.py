"""Keep results as pairs of Parquet files that are written by rename, merged and checked.

A part is two files: `NUMBER.results.parquet` and `NUMBER.status.parquet`. The status file is
written last and commits the part: it holds the other file's hash, and the parts that it
replaces. So a part is whole or it does not count, whenever the process is killed.

Both say what made them and what their columns hold. The hash of the results covers those words;
of the status file a hash in its note does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.execution.task import Report
from hesim.files import replacing
from hesim.record.description import STUDY, with_descriptions
from hesim.study.inspection import (
    CORRUPT,
    DESCRIPTION,
    NOTE,
    RESULTS_END,
    STATUS_END,
    Findings,
    Part,
    check_of,
    description_of,
    inspect,
    results_file,
)
from hesim.study.rows import Labels, results_table, status_table

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "parts"
MERGE = 8
"""So many parts of one level are merged into one of the next."""


def write_part(folder: Path, number: int, reports: Sequence[Report], labels: Labels) -> Part:
    """Write what became of some runs as one part.

    Raises:
        OSError: the disk is full, or the like; nothing of the part counts then.
    """
    results = results_table(reports, labels)
    status = status_table(reports, labels)
    return _commit(folder, number, 0, results, status, (), labels)


def open_parts(folder: Path, labels: Labels) -> tuple[Findings, list[str]]:
    """Find the parts that count, clear away what a kill left, set damaged parts aside.

    Only files that hesim wrote are touched.

    Args:
        folder: Folder of the parts.
        labels: Of the study.

    Returns:
        What stands in the folder, and words about what was set aside or is none of hesim's.
    """
    found = inspect(folder, labels)
    words: list[str] = []
    for file, why in found.damaged.items():
        for bad in (file, results_file(file)):
            if bad.is_symlink() or bad.is_file():
                bad.rename(_free(bad))
        words.append(
            f"{file}: {why}; the part was set aside as {file.name}{CORRUPT}, "
            "and its runs are made again"
        )
    for file in found.leftovers:
        file.unlink(missing_ok=True)
    if found.strangers:
        names = ", ".join(each.name for each in found.strangers[:5])
        more = f" and {len(found.strangers) - 5} more" if len(found.strangers) > 5 else ""
        words.append(f"{folder}: {names}{more}: not written by hesim, left alone")
    return found, words


def _free(file: Path) -> Path:
    """A name for a file that is set aside, and that nothing has yet."""
    made, again = file.with_name(file.name + CORRUPT), 2
    while made.exists() or made.is_symlink():
        made, again = file.with_name(f"{file.name}.{again}{CORRUPT}"), again + 1
    return made


def committed_parts(folder: Path) -> list[Part]:
    """The parts that have been written, by their names and notes alone: nothing is checked."""
    import pyarrow.parquet as pq

    found: dict[int, Part] = {}
    replaced: set[int] = set()
    for file in sorted(folder.glob("[0-9]*" + STATUS_END)):
        number = int(file.name.split(".")[0])
        try:
            metadata = pq.read_metadata(file)
            note = json.loads(metadata.metadata[NOTE])
        except (OSError, ValueError, KeyError):
            continue
        results = results_file(file)
        found[number] = Part(number, int(note["level"]), results, file, metadata.num_rows)
        replaced |= set(note["replaces"])
    return [part for number, part in found.items() if number not in replaced]


def merge(folder: Path, number: int, parts: Sequence[Part], labels: Labels) -> Part:
    """Put parts together as one, sorted by run; a run's last word counts.

    Rows are sorted outside memory, so that this works for any number of runs.
    """
    last = _last_words(parts)
    results = _rows_in_order(parts, "results", last)
    status = _rows_in_order(parts, "status", last)
    level = max(part.level for part in parts) + 1
    replaces = [part.number for part in parts]
    made = _commit(folder, number, level, results, status, replaces, labels)
    for part in parts:
        part.status.unlink(missing_ok=True)
        part.results.unlink(missing_ok=True)
    return made


def _last_words(parts: Sequence[Part]) -> str:
    """SQL for the runs of each part that no later part speaks about again."""
    union = " union all ".join(
        f"select run, {part.number} as part from {rows_sql(part.status)}" for part in parts
    )
    return f"select run, max(part) as part from ({union}) group by run"


def _rows_in_order(parts: Sequence[Part], what: str, last: str) -> Any:
    """Batches of the rows of all parts in order; read as they are needed."""
    import duckdb

    union = " union all ".join(
        f"select *, {part.number} as part, file_row_number as place from "
        f"{rows_sql(getattr(part, what))}"
        for part in parts
    )
    connection = duckdb.connect()
    connection.execute("set threads=1")
    connection.execute("set memory_limit='512MB'")
    connection.execute("set preserve_insertion_order=true")
    return connection.sql(
        f"select r.* exclude (part, place, file_row_number) from ({union}) r join ({last}) l "
        "using (run, part) order by run, place"
    )


def _commit(
    folder: Path,
    number: int,
    level: int,
    results: Any,
    status: Any,
    replaces: Sequence[int],
    labels: Labels,
) -> Part:
    stem = f"{number:06}"
    place, commit = folder / (stem + RESULTS_END), folder / (stem + STATUS_END)
    _write(place, results, lambda table: _in_form(table, "results", labels))
    note = {
        "sha256": _digest(place),
        "level": level,
        "replaces": list(replaces),
        "study": labels.study,
    }
    try:
        runs = _write(commit, status, lambda table: _in_form(table, "status", labels, note))
    except OSError:
        place.unlink(missing_ok=True)
        raise
    return Part(number, level, place, commit, runs)


ROWS = 100_000
"""Rows of a group in a Parquet file, and of a batch that is held in memory."""


def _write(path: Path, content: Any, form: Callable[[pa.Table], pa.Table]) -> int:
    """Write a table or the result of a query, whole or not at all; return its rows.

    Args:
        path: The file.
        content: The table, or the result.
        form: Gives each batch the form in which it is written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(content, pa.Table):
        batches: Iterable[pa.Table] = [content]
        schema = content.schema
    else:
        reader = content.to_arrow_reader(ROWS)
        batches = (pa.Table.from_batches([batch]) for batch in reader)
        schema = reader.schema
    rows, writer = 0, None
    with replacing(path) as part:
        for batch in batches:
            table = form(batch)
            if writer is None:
                writer = pq.ParquetWriter(
                    part,
                    table.schema,
                    compression="zstd",
                    write_page_checksum=True,
                    use_dictionary=["point", "outcome", "status", "error", "replication", "year"],
                )
            writer.write_table(table, row_group_size=ROWS)
            rows += table.num_rows
        if writer is None:
            # No row at all, as when every run of a study has failed.
            table = form(schema.empty_table())
            writer = pq.ParquetWriter(
                part, table.schema, compression="zstd", write_page_checksum=True
            )
        writer.close()
    return rows


def _in_form(
    table: pa.Table, what: str, labels: Labels, note: Mapping[str, Any] | None = None
) -> pa.Table:
    """Plain text columns, whatever made the table, with what they hold, and a note."""
    import pyarrow as pa

    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
            kind = pa.string()
        fields.append(pa.field(field.name, kind))
    plain = table.cast(pa.schema(fields))
    made = with_descriptions(f"{STUDY}/{what}", plain, labels.origin)
    if note is None:
        return made
    whole = {**note, DESCRIPTION: description_of(made.schema)}
    whole["check"] = check_of(whole)
    return made.replace_schema_metadata({**made.schema.metadata, NOTE: json.dumps(whole).encode()})


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def rows_sql(file: Path) -> str:
    """SQL for the rows of one file, whatever characters stand in its path.

    DuckDB takes `*`, `?` and `[` for patterns, a `~` in front for the home folder, and a folder
    `year=7` for a column of that name.
    """
    text = re.sub(r"([*?\[])", r"[\1]", str(file.absolute())).replace("'", "''")
    return f"read_parquet('{text}', hive_partitioning=false, file_row_number=true)"

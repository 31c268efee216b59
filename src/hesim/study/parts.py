"""Keep results as pairs of Parquet files that are written by rename, merged and checked.

A part is two files: `NUMBER.results.parquet` and `NUMBER.status.parquet`. The status file is
written last and commits the part: it holds the other file's hash, and the parts that it
replaces. So a part is whole or it does not count, whenever the process is killed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.run.files import replacing
from hesim.study.rows import Labels, results_table, status_table
from hesim.study.running import Report

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "parts"
MERGE = 8
"""So many parts of one level are merged into one of the next."""
_RESULTS, _STATUS = ".results.parquet", ".status.parquet"
_NOTE = b"hesim"


@dataclass(frozen=True)
class Part:
    """A committed part.

    Attributes:
        number: Its number; a later part says the last word on a run.
        level: How often its rows were merged.
        results: File of the results.
        status: File of the runs' status.
        runs: Rows of the status file.
    """

    number: int
    level: int
    results: Path
    status: Path
    runs: int


def write_part(folder: Path, number: int, reports: Sequence[Report], labels: Labels) -> Part:
    """Write what became of some runs as one part.

    Raises:
        OSError: the disk is full, or the like; nothing of the part counts then.
    """
    results = results_table(reports, labels)
    return _commit(folder, number, 0, results, status_table(reports, labels), ())


def open_parts(folder: Path) -> tuple[list[Part], list[str]]:
    """Find the committed parts, clear away what a kill left, set corrupt parts aside.

    Args:
        folder: Folder of the parts.

    Returns:
        The parts in order of their numbers, and words about those that were set aside.
    """
    found: dict[int, tuple[Part, set[int]]] = {}
    words: list[str] = []
    for file in sorted(folder.glob("*" + _STATUS)):
        number = int(file.name.split(".")[0])
        results = file.with_name(file.name.replace(_STATUS, _RESULTS))
        try:
            note, runs = _read_note(file)
            if _digest(results) != note["sha256"]:
                raise ValueError("the results are not what was written")
        except (OSError, ValueError) as error:
            words.append(f"part {number} is corrupt and was set aside: {error}")
            for bad in (file, results):
                if bad.exists():
                    bad.rename(bad.with_name(bad.name + ".corrupt"))
            continue
        part = Part(number, int(note["level"]), results, file, runs)
        found[number] = part, set(note["replaces"])
    replaced = {old for _, replaces in found.values() for old in replaces}
    parts = [part for number, (part, _) in sorted(found.items()) if number not in replaced]
    keep = {file for part in parts for file in (part.results, part.status)}
    for file in folder.iterdir():
        if file not in keep and not file.name.endswith(".corrupt"):
            file.unlink()
    return parts, words


def committed(folder: Path) -> list[Part]:
    """The committed parts as a reader sees them: nothing is checked, cleared or set aside."""
    import pyarrow.parquet as pq

    found: dict[int, Part] = {}
    replaced: set[int] = set()
    for file in sorted(folder.glob("*" + _STATUS)):
        number = int(file.name.split(".")[0])
        results = file.with_name(file.name.replace(_STATUS, _RESULTS))
        try:
            metadata = pq.read_metadata(file)
            note = json.loads(metadata.metadata[_NOTE])
        except (OSError, ValueError, KeyError):
            continue
        if results.exists():
            found[number] = Part(number, int(note["level"]), results, file, metadata.num_rows)
            replaced |= set(note["replaces"])
    return [part for number, part in found.items() if number not in replaced]


def merge(folder: Path, number: int, parts: Sequence[Part]) -> Part:
    """Put parts together as one, sorted by run; a run's last word counts.

    Rows are sorted outside memory, so that this works for any number of runs.
    """
    last = _last_words(parts)
    results = _sorted(parts, "results", last)
    status = _sorted(parts, "status", last)
    level = max(part.level for part in parts) + 1
    made = _commit(folder, number, level, results, status, [part.number for part in parts])
    for part in parts:
        part.status.unlink(missing_ok=True)
        part.results.unlink(missing_ok=True)
    return made


def states(parts: Iterable[Part]) -> dict[int, str]:
    """The status of each run by its number; the last word counts."""
    import pyarrow.parquet as pq

    found: dict[int, str] = {}
    for part in parts:
        table = pq.read_table(part.status, columns=["run", "status"])
        found |= dict(
            zip(table.column("run").to_pylist(), table.column("status").to_pylist(), strict=True)
        )
    return found


def _last_words(parts: Sequence[Part]) -> str:
    """SQL for the runs of each part that no later part speaks about again."""
    files = [(part.number, str(part.status)) for part in parts]
    union = " union all ".join(
        f"select run, {number} as part from read_parquet('{_quoted(file)}')"
        for number, file in files
    )
    return f"select run, max(part) as part from ({union}) group by run"


def _sorted(parts: Sequence[Part], what: str, last: str) -> Any:
    """Batches of the rows of all parts in order; read as they are needed."""
    import duckdb

    union = " union all ".join(
        f"select *, {part.number} as part, file_row_number as place from "
        f"read_parquet('{_quoted(str(getattr(part, what)))}', file_row_number=true)"
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
) -> Part:
    stem = f"{number:06}"
    place, commit = folder / (stem + _RESULTS), folder / (stem + _STATUS)
    _write(place, results, {})
    note = {"sha256": _digest(place), "level": level, "replaces": list(replaces)}
    try:
        runs = _write(commit, status, note)
    except OSError:
        place.unlink(missing_ok=True)
        raise
    return Part(number, level, place, commit, runs)


ROWS = 100_000
"""Rows of a group in a Parquet file, and of a batch that is held in memory."""


def _write(path: Path, content: Any, note: dict[str, Any]) -> int:
    """Write a table or the result of a query, whole or not at all; return its rows."""
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
            table = _in_form(batch, note)
            if writer is None:
                writer = pq.ParquetWriter(
                    part, table.schema, compression="zstd", write_page_checksum=True,
                    use_dictionary=["point", "outcome", "status", "error", "replication", "year"],
                )  # fmt: skip
            writer.write_table(table, row_group_size=ROWS)
            rows += table.num_rows
        if writer is None:
            # No row at all, as when every run of a study has failed.
            table = _in_form(schema.empty_table(), note)
            writer = pq.ParquetWriter(part, table.schema, compression="zstd")
        writer.close()
    return rows


def _in_form(table: pa.Table, note: dict[str, Any]) -> pa.Table:
    """Plain text columns, whatever made the table, and the note in its metadata."""
    import pyarrow as pa

    fields = []
    for field in table.schema:
        kind = field.type
        if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind):
            kind = pa.string()
        fields.append(pa.field(field.name, kind))
    schema = pa.schema(fields)
    return table.cast(schema).replace_schema_metadata({_NOTE: json.dumps(note).encode()})


def _read_note(path: Path) -> tuple[dict[str, Any], int]:
    """The note of a status file, once every page of it has been checked."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error
    note: dict[str, Any] = json.loads((table.schema.metadata or {})[_NOTE])
    return note, table.num_rows


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _quoted(text: str) -> str:
    return text.replace("'", "''")

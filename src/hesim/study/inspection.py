"""Inspect the folder of the parts: which of them are sound, what is damaged, what is not hesim's.

Nothing is changed here. A part counts only if every page of its status file is sound, its results
are what was written, and both belong to the study that asks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.files import PART
from hesim.study.rows import RESULTS, STATUS, Labels

if TYPE_CHECKING:
    import pyarrow as pa

RESULTS_END, STATUS_END = ".results.parquet", ".status.parquet"
NOTE = b"hesim"
"""Key of the note in the metadata of a status file."""
ARROW = b"ARROW:schema"
"""Key under which a Parquet file holds its schema as Arrow has it."""
DESCRIPTION = "description"
"""Entry of the note with the hash of what a status file says of itself and of its columns."""
CORRUPT = ".corrupt"
"""Ending of what was set aside."""
_NAME = re.compile(rf"(\d{{6,18}})\.(?:results|status)\.parquet({PART}|\.part)?")
_ASIDE = re.compile(r"(\d{6,18})\.(?:results|status)\.parquet(?:\.\d+)?\.corrupt")
_LOOKS = 5
"""Looks at a folder in which another process merges parts meanwhile."""


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


@dataclass
class Findings:
    """What stands in the folder of the parts.

    Attributes:
        parts: Those that count, in order of their numbers.
        status: Rows of the status file of each of them.
        damaged: What is wrong with each damaged file.
        leftovers: Files of hesim that do not count: half written, or replaced by a merge.
        strangers: What hesim did not write.
        last: Highest number that is taken.
    """

    parts: list[Part] = field(default_factory=list)
    status: list[pa.Table] = field(default_factory=list)
    damaged: dict[Path, str] = field(default_factory=dict)
    leftovers: list[Path] = field(default_factory=list)
    strangers: list[Path] = field(default_factory=list)
    last: int = 0

    def states(self) -> dict[int, str]:
        """The status of each run by its number; the last word counts."""
        found: dict[int, str] = {}
        for table in self.status:
            runs, status = table.column("run").to_pylist(), table.column("status").to_pylist()
            found |= dict(zip(runs, status, strict=True))
        return found


def results_file(status: Path) -> Path:
    """The file of results that belongs to a status file."""
    return status.with_name(status.name.replace(STATUS_END, RESULTS_END))


def inspect(folder: Path, labels: Labels) -> Findings:
    """Look at every file in the folder of the parts.

    Args:
        folder: Folder of the parts; it need not exist.
        labels: Of the study that the parts are to belong to.
    """
    for _ in range(_LOOKS):
        try:
            return _look(folder, labels, gone_is_damage=False)
        except FileNotFoundError:
            # Merged away between the listing and the look.
            continue
    return _look(folder, labels, gone_is_damage=True)


def _look(folder: Path, labels: Labels, gone_is_damage: bool) -> Findings:
    made = Findings()
    committed: dict[int, tuple[Part, pa.Table, set[int]]] = {}
    own: list[Path] = []
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        name, aside = _NAME.fullmatch(file.name), _ASIDE.fullmatch(file.name)
        if name is None and aside is None:
            made.strangers.append(file)
            continue
        made.last = max(made.last, int((name or aside)[1]))  # type: ignore[index]
        if aside is not None:
            continue
        if not file.is_file() and not file.is_symlink():
            made.strangers.append(file)
        elif name is not None and name[2]:
            made.leftovers.append(file)
        else:
            own.append(file)
    for file in own:
        if not file.name.endswith(STATUS_END):
            continue
        results = results_file(file)
        try:
            table, note = _sound(file, results, labels)
        except FileNotFoundError as error:
            lost = results if file.exists() else file
            if not gone_is_damage and not lost.is_symlink():
                raise
            made.damaged[file] = _why(error, lost)
        except (OSError, ValueError) as error:
            made.damaged[file] = _why(error, file)
        else:
            number = int(file.name.split(".")[0])
            part = Part(number, note["level"], results, file, table.num_rows)
            committed[number] = part, table, set(note["replaces"])
    replaced = {old for _, _, replaces in committed.values() for old in replaces}
    for number, (part, table, _) in sorted(committed.items()):
        if number not in replaced:
            made.parts.append(part)
            made.status.append(table)
    # What a later part has replaced is missed by nobody, be it damaged or not.
    gone = [each for each in made.damaged if int(each.name.split(".")[0]) in replaced]
    for each in gone:
        del made.damaged[each]
    counted = {file for part in made.parts for file in (part.results, part.status)}
    counted |= made.damaged.keys() | {results_file(file) for file in made.damaged}
    made.leftovers += [file for file in own if file not in counted]
    return made


def _sound(file: Path, results: Path, labels: Labels) -> tuple[pa.Table, dict[str, Any]]:
    """Rows and note of a status file, once it and its results have been checked.

    Raises:
        OSError: one of them cannot be read.
        ValueError: one of them is not what was written; the message says why.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # A file object: a path could be taken for one of several or for a partition.
        with file.open("rb") as handle:
            stored = pq.ParquetFile(handle, page_checksum_verification=True)
            table, metadata = stored.read(), stored.metadata.metadata
    except pa.ArrowException as error:
        raise ValueError(f"cannot be read: {_first_line(error)}") from error
    note = _note(metadata or {})
    # Of studies from before status files described themselves, the note has none.
    if note.get(DESCRIPTION) not in (None, _stored_description(metadata)):
        raise ValueError("its description is not what was written")
    _check_columns(table.schema, STATUS)
    if note.get("study") not in (None, labels.study):
        raise ValueError("belongs to another study")
    _check_runs(table, labels)
    if not results.is_file():
        raise FileNotFoundError(f"{results.name} is not there")
    with results.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != note["sha256"]:
            raise ValueError(f"{results.name} is not what was written")
    try:
        with results.open("rb") as handle:
            _check_columns(pq.read_schema(handle), RESULTS)
    except pa.ArrowException as error:
        raise ValueError(f"{results.name} cannot be read: {_first_line(error)}") from error
    return table, note


def _note(metadata: Mapping[bytes, bytes]) -> dict[str, Any]:
    try:
        note = json.loads(metadata[NOTE])
    except (KeyError, ValueError, RecursionError):
        raise ValueError("was not written by hesim: it lacks its note") from None
    wanted = {"sha256": str, "level": int, "replaces": list}
    if not isinstance(note, dict) or any(
        not isinstance(note.get(key), kind) for key, kind in wanted.items()
    ):
        raise ValueError("was not written by hesim: its note is no such note")
    # Of studies from before there was a check, the note has none.
    if note.get("check") not in (None, check_of(note)):
        raise ValueError("its note is not what was written")
    return note


def check_of(note: Mapping[str, Any]) -> str:
    """Digest of a note, which no page checksum covers."""
    matter = {key: value for key, value in note.items() if key != "check"}
    return hashlib.sha256(json.dumps(matter, sort_keys=True).encode()).hexdigest()[:16]


def description_of(schema: pa.Schema) -> str:
    """Digest of what a file says of itself and of its columns, but for its note."""
    words = {key: value for key, value in (schema.metadata or {}).items() if key != NOTE}
    columns = [(field.name, _sorted_texts(field.metadata or {})) for field in schema]
    matter = json.dumps([_sorted_texts(words), columns])
    return hashlib.sha256(matter.encode()).hexdigest()[:16]


def _sorted_texts(words: Mapping[bytes, bytes]) -> list[tuple[str, str]]:
    return sorted((key.decode("latin-1"), value.decode("latin-1")) for key, value in words.items())


def _stored_description(metadata: Mapping[bytes, bytes]) -> str:
    """Digest of the description that the metadata of a file hold; empty if they are at odds.

    They hold the words twice: plainly, and in the schema of Arrow with those of the columns.
    """
    import pyarrow as pa

    try:
        whole = base64.b64decode(metadata[ARROW], validate=True)
        schema = pa.ipc.read_schema(pa.py_buffer(whole))
    except (KeyError, ValueError, OSError, pa.ArrowException):
        return ""
    plain = {key: value for key, value in metadata.items() if key != ARROW}
    return description_of(schema) if plain == schema.metadata else ""


def _check_columns(schema: pa.Schema, wanted: Mapping[str, str]) -> None:
    found = {column.name: str(column.type) for column in schema}
    lacking = [name for name in wanted if name not in found]
    if lacking:
        raise ValueError(f"has no column {', '.join(lacking)}")
    other = [name for name, kind in wanted.items() if found[name] != kind]
    if other:
        raise ValueError(f"has another type of value in column {', '.join(other)}")


def _check_runs(table: pa.Table, labels: Labels) -> None:
    runs = table.column("run").to_numpy()
    replications = table.column("replication").to_numpy()
    count = len(labels.points)
    points = np.array(table.column("point").to_pylist(), object)
    right = runs.size == 0 or (
        int(runs.min()) >= 0
        and bool(np.array_equal(runs // count, replications))
        and bool(np.array_equal(np.array(labels.points, object)[runs % count], points))
    )
    if not right:
        raise ValueError("belongs to another study: its points are none of this one")


def _why(error: Exception, file: Path) -> str:
    if isinstance(error, FileNotFoundError):
        link = "is a link that points nowhere" if file.is_symlink() else "is not there"
        return f"{file.name} {link}"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or _first_line(error)}"
    return str(error)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

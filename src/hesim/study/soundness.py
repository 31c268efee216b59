"""Check the files that say what the rows of a study are: its settings, points and design."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hesim.config.trees import leaves
from hesim.record.content import SETTINGS, content_of, nested_settings
from hesim.study.identity import bound_settings
from hesim.study.manifest import Damage, resume_command

POINTS, DESIGN, PARTS = "points.parquet", "design.parquet", "parts"
_COLUMNS = {
    POINTS: {"number", "point", "arm", "levers", "values"},
    DESIGN: {"arm", "scenario", "world", "draw", "point", "baseline", "values"},
}
MENDED = "{command} makes again what the manifest still knows; the rows are left alone."
EDITED = (
    "the rows belong to the former. Put the former back, or delete the file: {command} then "
    "writes it again. For other settings start another study."
)


class Edit(ValueError):
    """The settings are whole, but they are not those that the rows were made with."""


def refuse_damage(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Check everything but the rows.

    Raises:
        Damage: with every file that is not as it was written, and the way back.
    """
    problems = dict(damaged_files(folder, manifest))
    if problems:
        command = resume_command(folder)
        edited = any("the rows belong to the former" in why for why in problems.values())
        raise Damage(problems, "" if edited else MENDED.format(command=command))


def damaged_files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each file that is not as it was written, with what is wrong."""
    try:
        sound_settings(folder, manifest)
    except Edit as error:
        words = EDITED.format(command=resume_command(folder))
        yield folder / SETTINGS, f"{error}; {words}"
    except ValueError as error:
        yield folder / SETTINGS, str(error)
    for name in (POINTS, DESIGN):
        try:
            read_rows(folder / name, manifest)
        except ValueError as error:
            yield folder / name, str(error)
    if (folder / PARTS).is_symlink() and not (folder / PARTS).exists():
        yield folder / PARTS, "is a link that points nowhere; delete the link"
    elif (folder / PARTS).exists() and not (folder / PARTS).is_dir():
        yield folder / PARTS, "is a file and must be a folder; move it away"


def sound_settings(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The study's settings as config.yaml holds them.

    Raises:
        Edit: it holds others than the rows were made with.
        ValueError: it is damaged.
    """
    found = stored_settings(folder)
    then, now = manifest["facts"]["settings"], json.loads(json.dumps(found, default=str))
    before, after = dict(leaves(bound_settings(then))), dict(leaves(bound_settings(now)))
    held = dict(leaves(now))
    lacking = [path for path, _ in leaves(then) if path not in held]
    if lacking:
        raise ValueError(f"is cut short: it lacks {_some(lacking)}")
    changed = [
        f"{path} was {before.get(path)!r}, is {after[path]!r}"
        for path in after
        if path not in before or before[path] != after[path]
    ]
    if changed:
        raise Edit(f"was changed: {_some(changed)}")
    return found


def stored_settings(folder: Path) -> dict[str, Any]:
    """What config.yaml holds, be it the settings of the study or not.

    Raises:
        ValueError: it cannot be read.
    """
    return nested_settings(content_of(folder / SETTINGS))


def read_rows(file: Path, manifest: Mapping[str, Any]) -> Any:
    """The Arrow table of points.parquet or design.parquet.

    Raises:
        ValueError: it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = content_of(file)
    wanted = manifest.get("files", {}).get(file.name)
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"cannot be read: {str(error).splitlines()[0]}") from None
    lacking = sorted(_COLUMNS[file.name] - set(table.column_names))
    if lacking:
        raise ValueError(f"has no column {', '.join(lacking)}")
    if wanted is not None and wanted != hashlib.sha256(content).hexdigest():
        raise ValueError("is not what was written: it was changed, or belongs to another study")
    if file.name == POINTS and table.num_rows != manifest["points"]:
        raise ValueError(f"has {table.num_rows:,} points; the study has {manifest['points']:,}")
    return table


def _some(lines: list[str]) -> str:
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return "; ".join(lines[:3]) + more

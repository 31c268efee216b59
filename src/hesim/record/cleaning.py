"""Find what of hesim's own files nobody needs any more, and remove it when asked.

Only folders that hesim wrote are looked at, and links are not followed. A folder in which somebody
put a file stays. Studies stay too: each of them can be resumed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hesim import shelf
from hesim.process.lease import FILE as LEASE
from hesim.process.lease import clear
from hesim.process.lock import locked
from hesim.record.content import MANIFEST, content_of, manifest_of
from hesim.record.listing import (
    INTERRUPTED,
    KILLED,
    RUN,
    STUDY,
    FolderEntry,
    entry_of,
    list_folders,
    size_of,
)

FAILED = "failed"
UNFINISHED, LEFTOVER, TEMPORARY, COMPILED = "run", "leftover", "temporary", "compiled code"
"""Kinds of what can go."""
PREFIXES = ("hesim-dask-", "hesim-data-", "hesim-verify-")
"""How the names of hesim's temporary folders begin."""
REPORT = "report.html"
"""What `hesim report` adds to the folder of a run."""


@dataclass(frozen=True)
class Removal:
    """A folder that can go.

    Attributes:
        folder: Which.
        kind: `run`, `leftover`, `temporary` or `compiled code`.
        words: Why nobody needs it.
        bytes: Size on disk.
    """

    folder: Path
    kind: str
    words: str
    bytes: int


@dataclass(frozen=True)
class Exemption:
    """A folder that looks as if it could go, and stays; `words` say why."""

    folder: Path
    words: str


def removals(place: Path, elsewhere: bool = True) -> tuple[list[Removal], list[Exemption]]:
    """What can be removed, and what stays although it is not whole.

    Args:
        place: Where runs and studies are looked for.
        elsewhere: Whether temporary folders and compiled code count, which lie in no such place.
    """
    found: list[Removal] = []
    spared: list[Exemption] = []
    for entry in list_folders(place):
        words = _words(entry)
        why = _reason_to_stay(entry)
        if why:
            spared.append(Exemption(entry.folder, why))
        elif words:
            kind = UNFINISHED if entry.kind == RUN else LEFTOVER
            found.append(Removal(entry.folder, kind, words, entry.bytes))
    return [*found, *([*_temporary(), *_compiled()] if elsewhere else [])], spared


def remove_folder(removal: Removal) -> bool:
    """Remove one folder, after another look at it; say whether it is gone.

    Args:
        removal: What `removals` found.
    """
    folder = removal.folder
    if folder.is_symlink() or not folder.is_dir():
        return False
    if removal.kind == COMPILED:
        return shelf.remove_code(folder)
    if removal.kind in (LEFTOVER, TEMPORARY):
        return clear(folder)
    # Looked at anew: another process may have made something of it meanwhile.
    entry = entry_of(folder)
    if entry is None or not _words(entry) or _reason_to_stay(entry):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _words(entry: FolderEntry) -> str:
    """Why a folder can go; empty if it cannot."""
    if entry.status == KILLED:
        return "its process was killed before it was whole"
    if entry.kind != RUN:
        return ""
    if entry.status == FAILED:
        return "a run of which every replication failed"
    if entry.status == INTERRUPTED:
        return f"an interrupted run: {entry.replications or 0} of {entry.asked} replications"
    return ""


def _reason_to_stay(entry: FolderEntry) -> str:
    """Why a folder stays that is not whole; empty if it is whole, or can go."""
    if entry.kind == STUDY and entry.status not in ("complete", "incomplete", "running"):
        return "a study that can be resumed: hesim resume takes it up where it was"
    if not _words(entry) or entry.kind != RUN:
        return ""
    strangers = _strangers(entry.folder)
    if not strangers:
        return ""
    more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
    return f"holds what hesim did not write: {', '.join(strangers[:3])}{more}"


def _strangers(folder: Path) -> list[str]:
    """Files and links in a run's folder that its manifest does not name."""
    try:
        written = manifest_of(content_of(folder / MANIFEST)).get("files")
    except (OSError, ValueError):
        written = None
    known = {*(written if isinstance(written, dict) else ()), MANIFEST, REPORT}
    return [
        file.relative_to(folder).as_posix()
        for file in sorted(folder.rglob("*"))
        if (file.is_symlink() or not file.is_dir())
        and file.relative_to(folder).as_posix() not in known
    ]


def _temporary() -> Iterator[Removal]:
    place = Path(tempfile.gettempdir())
    for prefix in PREFIXES:
        for folder in sorted(place.glob(f"{prefix}*")):
            held = (folder / LEASE).is_file() and not locked(folder / LEASE)
            if held and not folder.is_symlink():
                words = "a temporary folder whose process has ended"
                yield Removal(folder, TEMPORARY, words, size_of(folder))


def _compiled() -> Iterator[Removal]:
    for folder in shelf.other_code():
        words = "compiled code of another state of hesim, which no process uses"
        yield Removal(folder, COMPILED, words, size_of(folder))

"""List the runs and studies in a folder: what each is about, how it ended, and what it takes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hesim.process.lease import FILE as LEASE
from hesim.process.lock import locked
from hesim.record.content import (
    LOCK,
    MANIFEST,
    SETTINGS,
    content_of,
    manifest_of,
    nested_settings,
)
from hesim.record.recipe import CONFIG

OUTPUTS = Path("outputs")
"""Where runs and studies go that were given no folder; under the current folder."""
RUN, STUDY, WORKPLACE = "run", "study", "begun"
"""Kinds of folders; the last is one that has not got its name yet."""
RUNNING, INTERRUPTED, KILLED, DAMAGED = "running", "interrupted", "killed", "damaged"
"""States that a listing knows besides those that manifests name."""
OF_STUDIES = ("points.parquet", "design.parquet")
"""Files that studies have and runs have not."""
PART = re.compile(r"\..+\.[^.]{8}\.part")
"""Name of a run's folder until the run is whole."""


@dataclass(frozen=True)
class FolderEntry:
    """A run or a study in a listing.

    Attributes:
        folder: Where it is.
        kind: `run`, `study`, or `begun` for a folder that has not got its name yet.
        title: The question of a study, or the levers.
        levers: Names of the levers, of all arms together.
        status: `complete`, `incomplete`, `interrupted`, `failed`, `stopped`, `running`, `killed`
            (ended by force before it left anything of use) or `damaged` (its manifest cannot be
            read).
        created: When it began, in words that sort (UTC).
        bytes: Size on disk.
        scale: `population.scale`; None where nothing says it.
        years: Simulated years; None where nothing says it.
        replications: Whole replications of a run, or those of each point of a study.
        asked: Replications that a run was asked for.
        points: Points of a study.
    """

    folder: Path
    kind: str
    title: str
    levers: tuple[str, ...]
    status: str
    created: str
    bytes: int
    scale: float | None = None
    years: int | None = None
    replications: int | None = None
    asked: int | None = None
    points: int | None = None


def list_folders(place: Path) -> list[FolderEntry]:
    """Runs and studies in a folder and below it, newest first; links are not followed.

    Args:
        place: Where to look; it may be a run or a study itself.
    """
    return sorted(_entries(place), key=lambda entry: (entry.created, str(entry.folder)))[::-1]


def _entries(place: Path) -> Iterator[FolderEntry]:
    if place.is_symlink() or not place.is_dir():
        return
    entry = entry_of(place)
    if entry is not None:
        yield entry
        return
    try:
        inside = sorted(place.iterdir())
    except OSError:
        return
    for below in inside:
        if not below.name.startswith(".") or PART.fullmatch(below.name):
            yield from _entries(below)


def folder_kind(folder: Path) -> str:
    """`run`, `study`, or empty for a folder that holds neither.

    Where the manifest is damaged, the files beside it say what it was.
    """
    try:
        found = _kind(manifest_of(content_of(folder / MANIFEST)))
    except (OSError, ValueError):
        found = ""
    if found or not folder.is_dir():
        return found
    if any((folder / name).is_file() for name in OF_STUDIES):
        return STUDY
    return RUN if _has_settings(folder) else ""


def _has_settings(folder: Path) -> bool:
    """Whether settings lie where those of a run do."""
    return (folder / CONFIG / SETTINGS).is_file() and (folder / SETTINGS).is_file()


def _kind(body: Mapping[str, Any]) -> str:
    if not isinstance(body.get("status"), str):
        return ""
    if isinstance(body.get("facts"), dict):
        return STUDY
    return RUN if isinstance(body.get("replications"), dict) else ""


def entry_of(folder: Path) -> FolderEntry | None:
    """What a folder holds; None where it is neither a run nor a study of hesim.

    Args:
        folder: An existing folder.
    """
    file = folder / MANIFEST
    if not file.exists():
        return _workplace(folder) if (folder / LEASE).is_file() else None
    try:
        body = manifest_of(content_of(file))
    except (OSError, ValueError):
        body = {}
    kind = _kind(body)
    if kind:
        return _study(folder, body) if kind == STUDY else _run(folder, body)
    # Another program's manifest is none of ours; settings beside it show that this one was.
    if _has_settings(folder):
        return FolderEntry(folder, RUN, "", (), DAMAGED, _changed(file), size_of(folder))
    return None


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder; links count as links."""
    total = 0
    for where, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(where, name)).st_size
            except OSError:
                # Gone meanwhile, as a file of a study that is under way.
                continue
    return total


def size_words(number: int) -> str:
    """A number of bytes in words."""
    amount = float(number)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def _run(folder: Path, body: Mapping[str, Any]) -> FolderEntry:
    counts: Mapping[str, Any] = body["replications"]
    done, asked = counts.get("done"), counts.get("asked")
    settings = _settings(folder / SETTINGS)
    levers = _levers(settings)
    return FolderEntry(
        folder,
        RUN,
        _title(levers),
        levers,
        str(body["status"]),
        str(body.get("created") or _changed(folder / MANIFEST)),
        size_of(folder),
        *_dimensions(settings),
        replications=len(done) if isinstance(done, list) else None,
        asked=asked if isinstance(asked, int) else None,
    )


def _study(folder: Path, body: Mapping[str, Any]) -> FolderEntry:
    facts: Mapping[str, Any] = body["facts"]
    settings = facts.get("settings")
    arms = body.get("arm_levers")
    names = arms.values() if isinstance(arms, Mapping) else ()
    levers = tuple(dict.fromkeys(str(one) for each in names for one in each))
    status = str(body["status"])
    if locked(folder / LOCK):
        status = RUNNING
    elif status == RUNNING:
        # Nobody works at it: its process was killed, and resume goes on with it.
        status = INTERRUPTED
    replications, points = body.get("replications"), body.get("points")
    return FolderEntry(
        folder,
        STUDY,
        str(body.get("question") or _title(levers)),
        levers,
        status,
        str(body.get("created") or _changed(folder / MANIFEST)),
        size_of(folder),
        *_dimensions(settings if isinstance(settings, Mapping) else {}),
        replications=replications if isinstance(replications, int) else None,
        points=points if isinstance(points, int) else None,
    )


def _workplace(folder: Path) -> FolderEntry:
    """A folder that is held, or was held by a process that was killed."""
    settings = _settings(folder / CONFIG / SETTINGS)
    # The levers stand in files of their own here.
    levers = tuple(sorted(file.stem for file in (folder / CONFIG / "levers").glob("*.yaml")))
    return FolderEntry(
        folder,
        WORKPLACE,
        _title(levers),
        levers,
        RUNNING if locked(folder / LEASE) else KILLED,
        _changed(folder / LEASE),
        size_of(folder),
        *_dimensions(settings),
    )


def _settings(file: Path) -> Mapping[str, Any]:
    try:
        return nested_settings(content_of(file))
    except (OSError, ValueError):
        return {}


def _levers(settings: Mapping[str, Any]) -> tuple[str, ...]:
    levers = settings.get("levers")
    return tuple(levers) if isinstance(levers, Mapping) else ()


def _title(levers: tuple[str, ...]) -> str:
    return ", ".join(levers) or "no levers"


def _dimensions(settings: Mapping[str, Any]) -> tuple[float | None, int | None]:
    """Scale and years."""
    population = settings.get("population")
    scale = population.get("scale") if isinstance(population, Mapping) else None
    years = settings.get("years")
    return (
        float(scale) if isinstance(scale, int | float) else None,
        years if isinstance(years, int) else None,
    )


def _changed(file: Path) -> str:
    """When a file was changed last, as manifests say when something began."""
    try:
        moment = datetime.fromtimestamp(file.lstat().st_mtime, UTC)
    except OSError:
        return ""
    return moment.isoformat(timespec="seconds")

"""Find folders that a command line may name: those of runs and studies first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MANIFEST = "manifest.json"
"""File that each folder of a run or study has."""


def results(typed: str) -> Iterator[str]:
    """Folders of runs and studies, and folders on the way to others.

    Args:
        typed: What is typed of the path.
    """
    for folder in places(typed):
        whole = (Path(folder) / MANIFEST).is_file()
        yield folder.rstrip("/") if whole else folder
    # Where they go that were given no folder.
    for manifest in sorted(Path().glob(f"outputs/*/*/{MANIFEST}")):
        yield manifest.parent.as_posix()


def places(typed: str) -> Iterator[str]:
    """Folders whose path begins with what is typed, each with a slash at its end."""
    head, slash, last = typed.rpartition("/")
    try:
        inside = sorted(os.scandir(os.path.expanduser(head + slash) or "."), key=lambda f: f.name)
    except OSError:
        return
    for entry in inside:
        hidden = entry.name.startswith(".") and not last.startswith(".")
        if entry.name.startswith(last) and not hidden and _is_folder(entry):
            yield f"{head}{slash}{entry.name}/"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False

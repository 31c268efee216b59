"""The command `hesim init`: write a folder with a question and a lever of one's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hesim.cli.commands import _read, _reports_bad_input
from hesim.cli.places import one_folder
from hesim.cli.printing import QUIET
from hesim.input.problems import ConfigErrors, Problem
from hesim.sources import PACKAGE

TEMPLATE = PACKAGE / "project"
"""Files of a new project, as package data."""
EDITOR = "editor"
"""Folder of a project for what editors read."""
KINDS = ("settings", "levers")
"""Kinds of settings files of which a project has a schema, see `hesim config --schema`."""


@_reports_bad_input
def init(arguments: list[str]) -> int:
    """Write a new project."""
    words = _read(arguments, flags=(QUIET,), settings=False)
    folder = one_folder(words, keys=())
    write_project(folder)
    if QUIET in words.flags:
        return 0
    print(f"Written: {folder}. Its README.md says what each file is. To begin:")
    if folder.absolute() != Path.cwd():
        print(f"  cd {folder}")
    print("\n".join(f"  {line}" for line in commands()))
    return 0


def commands() -> list[str]:
    """The commands that the README of a project names, in their order."""
    text = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.startswith("    hesim ")]


def project_files() -> dict[str, bytes]:
    """Every file of a new project by its path in the folder."""
    from hesim.cli.formats import schema_text

    found = {
        file.relative_to(TEMPLATE).as_posix(): file.read_bytes()
        for file in sorted(TEMPLATE.rglob("*"))
        if file.is_file()
    }
    for kind in KINDS:
        found[f"{EDITOR}/{kind}.json"] = f"{schema_text(kind)}\n".encode()
    return found


def write_project(folder: Path) -> None:
    """Write a new project into a folder that does not exist, or that is empty.

    Raises:
        ConfigErrors: the folder is not empty, or cannot be written; nothing is left in it then.
    """
    try:
        there = folder.exists() or folder.is_symlink()
        if there and not folder.is_dir():
            raise _refused(folder, "is no folder; name a new one")
        if there and any(folder.iterdir()):
            raise _refused(folder, "is not empty; name a new folder, or an empty one")
    except (OSError, ValueError) as error:
        if isinstance(error, ConfigErrors):
            raise
        raise _refused(folder, _why(error)) from error
    files = project_files()
    whole = folder.absolute()
    new = [place for place in (whole, *whole.parents) if not place.exists()]
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        for place in new[-1:] or list(folder.iterdir()):
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            elif os.path.lexists(place):
                place.unlink()
        raise _refused(folder, _why(error)) from error


def _refused(folder: Path, words: str) -> ConfigErrors:
    return ConfigErrors([Problem("FOLDER", str(folder), words)])


def _why(error: OSError | ValueError) -> str:
    return f"cannot be written: {getattr(error, 'strerror', None) or error}"

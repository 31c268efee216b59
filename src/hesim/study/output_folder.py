"""Choose the folder of a study, and say whether it can be had."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hesim.config import ConfigErrors, Problem, Settings
from hesim.input import userfile
from hesim.process.lease import FILE, clear
from hesim.record.content import MANIFEST
from hesim.record.folders import refuse_unwritable
from hesim.study.manifest import resume_command

DEFAULT = Path("outputs") / "studies"
"""Where studies go that were given no folder; under the current folder."""


def refuse_taken(overrides: Sequence[str]) -> None:
    """Refuse the folder of another study; what a killed start left in its place is cleared away.

    Raises:
        ConfigErrors: with the command that goes on with that study.
    """
    for name, folder in _named(overrides):
        # Killed before it became a study: there is nothing in it to go on with.
        clear(folder)
        _refuse_study(name, folder)


def chosen_folder(settings: Settings, overrides: Sequence[str]) -> tuple[Path, bool]:
    """Name of the study's folder, and whether the user gave it."""
    if settings["output"] is not None:
        return userfile.place(settings.text("output")).absolute(), True
    named = [re.match(r"\+?experiment=(.+)", line) for line in overrides]
    name = next((found[1] for found in named if found), "study")
    return DEFAULT.absolute() / f"{name}_{datetime.now():%Y-%m-%d_%H-%M-%S}", False


def refuse_folder(settings: Settings, overrides: Sequence[str]) -> None:
    """Refuse a folder that a study could not have; nothing is made or cleared away.

    Raises:
        ConfigErrors: its name is taken, or nothing can be written there.
    """
    for name, place in _named(overrides):
        _refuse_study(name, place)
    folder, exact = chosen_folder(settings, overrides)
    # What a killed start left is cleared away by the study itself.
    if exact and os.path.lexists(folder) and not (folder / FILE).exists():
        problem = Problem("output", str(folder), "exists already; name a new folder")
        raise ConfigErrors([problem])
    refuse_unwritable(folder)


def _named(overrides: Sequence[str]) -> list[tuple[str, Path]]:
    """Each folder that the words name as the output, as it was written and as it is meant."""
    found = []
    for line in overrides:
        key, _, value = line.partition("=")
        if key == "output":
            name = value[1:-1] if value[:1] == value[-1:] == '"' else value
            found.append((name, userfile.place(name)))
    return found


def _refuse_study(name: str, folder: Path) -> None:
    if (folder / MANIFEST).is_file():
        words = f"exists already; go on with {resume_command(Path(name))}, or name a new folder"
        raise ConfigErrors([Problem("output", name, words)])

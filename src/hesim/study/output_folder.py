"""Choose the folder of a study, and refuse one that another study has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from hesim.config import ConfigErrors, Problem, Settings
from hesim.input import userfile
from hesim.process.lease import clear
from hesim.record.content import MANIFEST
from hesim.study.manifest import resume_command

DEFAULT = Path("outputs") / "studies"
"""Where studies go that were given no folder; under the current folder."""


def refuse_taken(overrides: Sequence[str]) -> None:
    """Refuse the folder of another study; what a killed start left in its place is cleared away.

    Raises:
        ConfigErrors: with the command that goes on with that study.
    """
    for _, folder in _named(overrides):
        # Killed before it became a study: there is nothing in it to go on with.
        clear(folder)
    problems = taken(overrides)
    if problems:
        raise ConfigErrors(problems)


def taken(overrides: Sequence[str]) -> list[Problem]:
    """Say of each folder that the words name, and that another study has, how that goes on."""
    return [
        Problem(
            "output",
            name,
            f"exists already; go on with {resume_command(Path(name))}, or name a new folder",
        )
        for name, folder in _named(overrides)
        if (folder / MANIFEST).is_file()
    ]


def chosen_folder(settings: Settings, overrides: Sequence[str]) -> tuple[Path, bool]:
    """Name of the study's folder, and whether the user gave it."""
    if settings["output"] is not None:
        return userfile.place(settings.text("output")).absolute(), True
    named = [re.match(r"\+?experiment=(.+)", line) for line in overrides]
    name = next((found[1] for found in named if found), "study")
    return DEFAULT.absolute() / f"{name}_{datetime.now():%Y-%m-%d_%H-%M-%S}", False


def _named(overrides: Sequence[str]) -> list[tuple[str, Path]]:
    """Each folder that the words name as the output, as it was written and as it is meant."""
    found = []
    for line in overrides:
        key, _, value = line.partition("=")
        if key == "output":
            name = value[1:-1] if value[:1] == value[-1:] == '"' else value
            found.append((name, userfile.place(name)))
    return found

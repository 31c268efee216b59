"""Read the Python files of a user's folder that hold processes of levers; nothing is run here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from hesim.config.own_folder import settings_folder
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem

FOLDER = "processes"
"""Folder inside the one given with `--config`."""
PYTHON = ".py"


class ProcessFile(NamedTuple):
    """A Python file that holds the process of a lever, with its text, so that workers need no file.

    Attributes:
        name: Name by which a lever asks for it: that of the file, without its ending.
        file: Where it was read.
        text: What stands in it.
    """

    name: str
    file: str
    text: str

    @property
    def place(self) -> str:
        """Its place in the folder of configuration files."""
        return f"{FOLDER}/{self.name}{PYTHON}"

    @property
    def sha256(self) -> str:
        """Hash of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def is_process_file(place: Path) -> bool:
    """Whether a path inside a folder of configuration files is where a process's file stands."""
    return len(place.parts) == 2 and place.parts[0] == FOLDER and place.suffix == PYTHON


def process_files(folder: Path) -> tuple[ProcessFile, ...]:
    """The processes' files of a folder of configuration files, by name; none where there are none.

    Raises:
        ConfigErrors: a file cannot be read, or its name is no name of Python.
    """
    folder = settings_folder(folder)
    # `Path.is_dir` fails on a name that is too long; composing says what is wrong with it.
    if not os.path.isdir(folder / FOLDER):
        return ()
    found: list[ProcessFile] = []
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).glob(f"*{PYTHON}")):
        if path.name.startswith("."):
            continue
        if not path.stem.isidentifier():
            words = "the name must be letters, digits and _, and begin with a letter"
            problems.append(Problem(str(path), None, words))
            continue
        try:
            found.append(ProcessFile(path.stem, str(path), userfile.text(path)))
        except userfile.BadFile as error:
            problems.append(Problem(str(path), None, str(error)))
    if problems:
        raise ConfigErrors(problems)
    return tuple(found)

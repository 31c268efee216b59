"""Find the folder that the words of a command name, and refuse one that cannot be meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.input.userfile import is_folder

if TYPE_CHECKING:
    from hesim.cli.commands import Arguments


def one_folder(words: Arguments, keys: Sequence[str] | None = None) -> Path:
    """The folder that the words name; it may have an equals sign in its name.

    Args:
        words: The words after the command.
        keys: What may be set as key=value; None where others look at that.

    Raises:
        ConfigErrors: with everything that is wrong with the words.
    """
    if not words.plain and words.overrides and is_folder(Path(words.overrides[0])):
        words.plain.append(words.overrides.pop(0))
    if len(words.plain) != 1:
        given = " ".join(words.plain) or None
        words.problems.append(Problem("FOLDER", given, "name one folder"))
    elif not words.plain[0].strip():
        words.problems.append(Problem("FOLDER", words.plain[0], "name one folder"))
    if keys is not None:
        words.problems += _unknown(words.overrides, keys)
    if words.problems:
        raise ConfigErrors(words.problems)
    return userfile.place(words.plain[0])


def _unknown(overrides: Sequence[str], keys: Sequence[str]) -> list[Problem]:
    """What is set that the command does not know."""
    known = ", ".join(f"{name}=..." for name in keys)
    allowed = f"not understood; there are {known}" if keys else "not understood; nothing can be set"
    named = [(line, line.partition("=")[0]) for line in overrides]
    return [
        Problem(line, None, allowed, nearest(key, keys)) for line, key in named if key not in keys
    ]


def refuse_neither(folder: Path) -> None:
    """Refuse what holds neither a run nor a study, for commands that take both.

    Raises:
        ConfigErrors: it is no folder, or there is no manifest in it.
    """
    from hesim.record.content import MANIFEST, folder_fault
    from hesim.record.listing import folder_kind

    fault = folder_fault(folder, "run or a study")
    if fault:
        # The path stands before these words already.
        raise ConfigErrors([Problem("FOLDER", str(folder), fault.removeprefix(f"{folder} "))])
    file = folder / MANIFEST
    if not folder_kind(folder) and not file.exists() and not file.is_symlink():
        words = f"holds no run and no study: there is no {MANIFEST} in it"
        raise ConfigErrors([Problem("FOLDER", str(folder), words)])

"""Choose the folder of a run, work beside it, and give it its name once it is whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.config import ConfigErrors, Problem
from hesim.run.files import sync_folder

if TYPE_CHECKING:
    from hesim.config import Settings

DEFAULT = Path("outputs") / "runs"
"""Where runs go that were given no folder; under the current folder."""


def choose(settings: Settings) -> Path:
    """Name the folder that the run will have.

    Raises:
        ConfigErrors: the folder exists, or where it should come cannot be looked at.
    """
    given = settings["output"]
    wanted = DEFAULT / f"{datetime.now():%Y-%m-%d_%H-%M-%S}" if given is None else Path(str(given))
    try:
        wanted = wanted.expanduser().absolute()
        if given is None:
            return next(name for name in _names(wanted) if not name.exists())
        taken = wanted.exists()
    except OSError as error:
        raise _unusable(wanted, error) from None
    if taken:
        raise ConfigErrors([Problem("output", str(given), "exists already; name a new folder")])
    return wanted


def workplace(folder: Path) -> Path:
    """Make a hidden folder beside the chosen one, to be renamed when all files are whole.

    Raises:
        ConfigErrors: it cannot be made there.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        inside = tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent)
    except OSError as error:
        raise _unusable(folder, error) from None
    # mkdtemp lets only the owner in; results are for whoever can read the parent.
    Path(inside).chmod(0o755)
    return Path(inside)


def settle(work: Path, folder: Path, note: Callable[[Path], None]) -> Path:
    """Rename the workplace to the chosen folder, or to folder_2 if somebody made that meanwhile.

    Args:
        work: The workplace.
        folder: The chosen folder.
        note: Called with the name just before it is taken, to write it down inside.

    Returns:
        The name that the folder has now.
    """
    for name in _names(folder):
        if name.exists():
            continue
        note(name)
        try:
            work.rename(name)
        except OSError:
            # Taken between the look and the rename, by a run that ended in the same moment.
            if not name.exists():
                raise
            continue
        sync_folder(name.parent)
        return name
    raise AssertionError("names never end")


def _names(folder: Path) -> Iterator[Path]:
    yield folder
    for again in count(2):
        yield folder.with_name(f"{folder.name}_{again}")


def _unusable(folder: Path, error: OSError) -> ConfigErrors:
    # What exists is in the way, not what is missing below it.
    wall = next((p for p in folder.parents if os.path.lexists(p)), folder.parent)
    words = f"cannot be written: {wall}: {error.strerror}; name another, as output=FOLDER"
    return ConfigErrors([Problem("output", str(folder), words)])

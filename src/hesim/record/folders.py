"""Choose the folder of a run, work beside it, and give it its name once it is whole."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.config import ConfigErrors, Problem
from hesim.files import sync_folder
from hesim.input import userfile
from hesim.process.lease import Lease, clear_leftovers

if TYPE_CHECKING:
    from hesim.config import Settings

DEFAULT = Path("outputs") / "runs"
"""Where runs go that were given no folder; under the current folder."""


def folder_of_run(settings: Settings) -> Path:
    """Name the folder that the run will have.

    Raises:
        ConfigErrors: the folder exists, or where it should come cannot be looked at.
    """
    given = settings["output"]
    wanted = DEFAULT / f"{datetime.now():%Y-%m-%d_%H-%M-%S}" if given is None else Path(str(given))
    try:
        wanted = userfile.place(wanted).absolute()
        if given is None:
            return next(name for name in _names(wanted) if not name.exists())
        taken = wanted.exists()
    except OSError as error:
        raise unusable(wanted, error) from None
    if taken:
        raise ConfigErrors([Problem("output", str(given), "exists already; name a new folder")])
    return wanted


@contextmanager
def workplace(folder: Path) -> Iterator[Lease]:
    """Hold a hidden folder beside the chosen one, to be renamed when all files are whole.

    Those beside it that a kill left are cleared away first; this one goes with the block.

    Raises:
        ConfigErrors: it cannot be made there.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(folder.parent, ".*.????????.part")
        inside = Path(
            tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent)
        )
        try:
            # mkdtemp lets only the owner in; results are for whoever can read the parent.
            inside.chmod(0o755)
            lease = Lease(inside)
        except OSError:
            inside.rmdir()
            raise
    except OSError as error:
        raise unusable(folder, error) from None
    try:
        yield lease
    finally:
        lease.release()
        shutil.rmtree(inside, ignore_errors=True)


@contextmanager
def new_folder(wanted: Path, exact: bool) -> Iterator[Lease]:
    """Make a folder at once and hold it, so that no other process takes its name.

    Folders beside it that were begun so and whose process was killed are cleared away first. The
    block lets go of the folder when it has become whole; if it ends before, the folder goes.

    Args:
        wanted: Its name.
        exact: Refuse a name that is taken, instead of taking NAME_2, NAME_3 and so on.

    Raises:
        ConfigErrors: the name is taken, or the folder cannot be made there.
    """
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(wanted.parent, "*", unheld=False)
        folder = _make_folder(wanted, exact)
        try:
            lease = Lease(folder)
        except OSError:
            folder.rmdir()
            raise
    except OSError as error:
        raise unusable(wanted, error) from None
    whole = False
    try:
        yield lease
        whole = True
    finally:
        lease.release()
        if not whole and not (folder / "manifest.json").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _make_folder(wanted: Path, exact: bool) -> Path:
    """Make the folder of the first name that is free: whoever makes it has it."""
    for name in _names(wanted):
        try:
            name.mkdir()
        except FileExistsError:
            if exact:
                allowed = "exists already; name a new folder"
                raise ConfigErrors([Problem("output", str(wanted), allowed)]) from None
            continue
        return name
    raise AssertionError("names never end")


def settle(lease: Lease, folder: Path, note: Callable[[Path], None]) -> Path:
    """Rename the workplace to the chosen folder, or to folder_2 if somebody made that meanwhile.

    Args:
        lease: The hold on the workplace, which ends.
        folder: The chosen folder.
        note: Called with the name just before it is taken, to write it down inside.

    Returns:
        The name that the folder has now.
    """
    for name in _names(folder):
        if name.exists():
            continue
        note(name)
        lease.release()
        try:
            lease.folder.rename(name)
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


def refuse_unwritable(folder: Path) -> None:
    """Refuse a folder that cannot be made; nothing is made.

    Raises:
        ConfigErrors: what should hold it is no folder, or nothing may be written there.
    """
    try:
        # The nearest that exists: what is missing below it would be made.
        wall = next(place for place in folder.parents if os.path.lexists(place))
        if not wall.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(wall, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise unusable(folder, error) from None


def unusable(folder: Path, error: OSError) -> ConfigErrors:
    """Say that a folder of results cannot be written, and what is in the way."""
    # What exists is in the way, not what is missing below it.
    wall = next((p for p in folder.parents if os.path.lexists(p)), folder.parent)
    words = f"cannot be written: {wall}: {error.strerror}; name another, as output=FOLDER"
    return ConfigErrors([Problem("output", str(folder), words)])

"""Hold a folder while its process lives, so that what a kill left can be told and cleared away.

The holder keeps a lock on a file in the folder. The lock goes with the process, however that ends,
also in another container or on another machine that shares the disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from hesim.process import lock

FILE = ".lease"
OLD = 7 * 24 * 3600.0
"""Seconds without a change after which a folder that nobody ever held is given up."""


class Lease:
    """This process's hold on a folder."""

    def __init__(self, folder: Path) -> None:
        """Hold an existing folder; on a disk without locks it is held by its age only.

        Raises:
            OSError: nothing can be written there.
        """
        self.folder = folder
        self._file: IO[bytes] | None = None
        # Locked before it has its name, so that nobody finds it free in between. Where that cannot
        # be, being open alone keeps it from being cleared away.
        named = lock.OPEN_STAYS
        if named:
            name = str(folder / FILE)
            handle = os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR)
        else:
            handle, name = tempfile.mkstemp(prefix=FILE, dir=folder)
        file = os.fdopen(handle, "wb")
        try:
            lock.lock_alone(handle)
            if not named:
                os.replace(name, folder / FILE)
        except OSError:
            file.close()
            os.unlink(name)
            return
        self._file = file

    def release(self) -> None:
        """Let the folder go, and leave no trace in it."""
        if self._file is None:
            return
        if lock.OPEN_STAYS:
            self._file.close()
        with suppress(FileNotFoundError):
            (self.folder / FILE).unlink()
        self._file.close()
        self._file = None

    def remove(self) -> None:
        """Take the folder away, with all that is in it."""
        self.release()
        _remove(self.folder)


def temporary(prefix: str) -> Lease:
    """Make and hold a folder for temporary files; clear away those of processes that ended."""
    place = Path(tempfile.gettempdir())
    clear_leftovers(place, prefix + "*")
    return Lease(Path(tempfile.mkdtemp(prefix=prefix, dir=place)))


def clear_leftovers(place: Path, pattern: str, unheld: bool = True) -> list[Path]:
    """Clear away folders of processes that have surely ended.

    Args:
        place: Where to look.
        pattern: Of the folders' names.
        unheld: Clear away folders too that nobody ever held and that are old.

    Returns:
        The folders that were cleared away.
    """
    swept = []
    for folder in sorted(place.glob(pattern)):
        if folder.is_symlink() or not folder.is_dir():
            continue
        if (folder / FILE).exists():
            gone = clear(folder)
        else:
            gone = unheld and _age(folder) > OLD and _remove(folder)
        if gone:
            swept.append(folder)
    return swept


def clear(folder: Path) -> bool:
    """Clear a folder away if it was held and its holder has ended; say whether it was."""
    with lock.unheld(folder / FILE) as free:
        if not free:
            return False
        if lock.OPEN_STAYS:
            try:
                (folder / FILE).unlink()
            except OSError:
                # Held since the look.
                return False
        return _remove(folder)


def _remove(folder: Path) -> bool:
    # What belongs to somebody else stays: it is not in anybody's way.
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _age(folder: Path) -> float:
    """Seconds since anything in a folder was changed; 0 where that cannot be seen."""
    try:
        latest = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except OSError:
        return 0.0
    return time.time() - latest

"""Keep compiled code on disk, apart for each code, version and CPU, in the user's cache folder.

Everything here may fail: without a home, on a read-only or a full disk. Then it says so once, and
the model is compiled in memory.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
import time
import uuid
from functools import cache
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from hesim.process.lock import lock_shared, locked, unheld
from hesim.sources import compiled_sources, digest

PACKAGES = ("numba", "llvmlite", "numpy")
NEWEST = 4
"""Folders of other code that are kept in any case."""
UNUSED = 86400.0
"""Seconds after its last start at which a folder of other code may go."""
SAID = "HESIM_CACHE_NOTICE"
"""Set in the environment when the notice was given, so that workers do not repeat it."""
LOCK, WHOLE, TRIAL = "in_use", "whole", "trial"
COMPILER_OPTIONS = (
    "OPT",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "ENABLE_AVX",
    "BOUNDSCHECK",
    "DEBUGINFO_DEFAULT",
    "CPU_NAME",
    "CPU_FEATURES",
)
"""Of Numba, by its names: what changes the code that it writes."""


def root() -> Path:
    """Folder of all compiled code of hesim; NUMBA_CACHE_DIR names another.

    Raises:
        OSError: the user has no home.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return Path(given).absolute() / "hesim"
    place = user_cache_path("hesim", appauthor=False)
    if not place.is_absolute():
        raise FileNotFoundError("there is no home folder")
    return place / "compiled"


@cache
def sources() -> dict[str, bytes]:
    """Sources that can change a compiled function, as when first asked.

    Raises:
        OSError: a source cannot be read.
    """
    return compiled_sources()


@cache
def key() -> str:
    """Hash of all that compiled code depends on: sources, versions, CPU, options of the compiler.

    Raises:
        OSError: a source cannot be read.
    """
    from llvmlite import binding
    from numba import config

    around = [platform.python_version(), sys.implementation.cache_tag, sys.platform]
    around += [f"{name} {version(name)}" for name in PACKAGES]
    around += [binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()]
    around += [f"{name}={getattr(config, name, None)}" for name in COMPILER_OPTIONS]
    return digest({**sources(), "": "\n".join(map(str, around)).encode()})[:32]


class Shelf:
    """The folder of this process's code. Use the one that `shelf` gives."""

    def __init__(self) -> None:
        """Prepare; nothing is touched before something is read or written."""
        self._lock: int | None = None
        self._failed = False

    def place(self) -> Path:
        """The folder, which need not exist.

        Raises:
            OSError: there can be none.
        """
        return root() / key()

    def read(self, name: str) -> bytes | None:
        """Content that was written whole under a name; None if there is none."""
        try:
            if self._lock is None:
                self._take()
            content = (self.place() / name).read_bytes()
        except OSError:
            return None
        return content[32:] if content[:32] == hashlib.sha256(content[32:]).digest() else None

    def write(self, name: str, content: bytes) -> None:
        """Write content under a name, all of it or nothing; where that fails, say so once."""
        if self._failed:
            return
        try:
            place = self.place()
            self._make(place)
            part = place / f"{name}.{uuid.uuid4().hex[:12]}.part"
            try:
                part.write_bytes(hashlib.sha256(content).digest() + content)
                part.replace(place / name)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            self._failed = True
            _tell(error)

    def prepare(self) -> bool:
        """Try whether code can be kept, and say so once if not: before workers would."""
        if not self.whole():
            self.write(TRIAL, b"")
        return not self._failed

    def whole(self) -> bool:
        """Whether the model was compiled whole for this code before."""
        return self.read(WHOLE) is not None

    def close_whole(self) -> None:
        """Note that all of the model has been compiled."""
        if not self.whole():
            self.write(WHOLE, b"")

    def _make(self, place: Path) -> None:
        if self._lock is not None and place.is_dir():
            return
        new = not place.is_dir()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take()
        if new:
            prune(place.parent, place.name)

    def _take(self) -> None:
        """Mark the folder as in use until this process ends, and its last use as now."""
        file = self.place() / LOCK
        if not file.parent.is_dir():
            return
        try:
            lock = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError:
            # A read-only folder is of use too, and where nothing can be locked nothing is removed.
            return
        try:
            os.utime(file)
            same = lock_shared(lock) and os.path.samestat(os.fstat(lock), file.stat())
        except OSError:
            same = False
        if same:
            # Left open: the lock holds until the process ends.
            self._lock = lock
        else:
            # Nothing can be locked here, or somebody pruned it meanwhile.
            os.close(lock)


@cache
def shelf() -> Shelf:
    """The shelf of this process."""
    return Shelf()


def prune(place: Path, own: str) -> None:
    """Remove folders of other code but the newest, those in use, and those of the last day.

    Args:
        place: Folder of the folders.
        own: Name of one that stays.
    """
    for left in place.glob(".gone-*"):
        shutil.rmtree(left, ignore_errors=True)
    used: list[tuple[float, Path]] = []
    for file in place.glob(f"*/{LOCK}"):
        if file.parent.name != own:
            try:
                used.append((file.stat().st_mtime, file.parent))
            except OSError:
                continue
    for last, folder in sorted(used, reverse=True)[NEWEST:]:
        if time.time() - last > UNUSED:
            _remove(folder)


def other_code() -> list[Path]:
    """Folders of other code than this process's that no process uses."""
    try:
        place, own = root(), key()
    except OSError:
        return []
    found = []
    for file in sorted(place.glob(f"*/{LOCK}")):
        if file.parent.name != own and not file.parent.is_symlink() and not locked(file):
            found.append(file.parent)
    return found


def remove_code(folder: Path) -> bool:
    """Remove a folder of compiled code unless a process uses it; say whether it is gone."""
    _remove(folder)
    return not folder.exists()


def _remove(folder: Path) -> None:
    try:
        with unheld(folder / LOCK) as free:
            if not free:
                return
            gone = folder.with_name(f".gone-{uuid.uuid4().hex}")
            folder.rename(gone)
    except OSError:
        # In use, or another process was quicker.
        return
    shutil.rmtree(gone, ignore_errors=True)


def _tell(error: OSError) -> None:
    if os.environ.get(SAID):
        return
    os.environ[SAID] = "given"
    why = error.strerror or str(error)
    where = f" in {error.filename}" if error.filename else ""
    print(
        f"hesim: compiled code cannot be kept{where} ({why}). The model is compiled in memory at "
        "each start, which takes about half a minute. To keep it, set NUMBA_CACHE_DIR to a folder "
        "that can be written.",
        file=sys.stderr,
    )

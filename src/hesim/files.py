"""Write a file whole or not at all, so that it is still there after the power has failed."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from hesim.process import lock

PART = r"\.[0-9a-f]{8}\.part"
"""Ending of a file that is being written: no two processes write under one name."""
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
"""What file systems answer that cannot sync a folder, such as some of a network."""


def disk_words(error: OSError) -> str:
    """Say what a disk refused, and of which file, without the number of the error."""
    where = f"{error.filename}: " if error.filename else ""
    return where + (error.strerror or str(error))


def put(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, sync it, rename it, and sync its folder.

    What fails leaves nothing behind. Once this returns, the file survives a power failure as far
    as the disk keeps its word about syncing.
    """
    with replacing(path) as part:
        part.write_bytes(content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name to write under; the file takes its own name when the block ends well.

    The content is synced before the rename and the folder after it. So a reader sees the old file
    or the whole new one, and what is deleted afterwards is not missed. Processes that write the
    same file at once do not meet: the last one to end has it. What a kill left of an earlier
    attempt is cleared away first.
    """
    _sweep(path)
    part, number = _part(path)
    with ExitStack() as hold:
        hold.callback(os.close, number)
        try:
            yield part
            _sync(part)
            if lock.OPEN_STAYS:
                hold.close()
            os.replace(part, path)
        finally:
            if lock.OPEN_STAYS:
                hold.close()
            part.unlink(missing_ok=True)
    sync_folder(path.parent)


def _part(path: Path) -> tuple[Path, int]:
    """A new file beside another, and the descriptor that holds it while its writer lives."""
    while True:
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        hold = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if _held(hold, part):
            return part, hold
        # Another process took it for a leftover before it was held.
        os.close(hold)


def _held(hold: int, part: Path) -> bool:
    """Lock a part; False if it was swept meanwhile. Where nothing can be locked nothing is swept.

    The lock goes with the process, however that ends.
    """
    try:
        if not lock.lock_alone(hold):
            return False
    except OSError:
        return True
    try:
        return os.path.samestat(os.fstat(hold), os.stat(part))
    except FileNotFoundError:
        return False


def _sweep(path: Path) -> None:
    """Clear away the parts of a file whose writers have ended; others and failures are let be."""
    pattern = re.compile(re.escape(path.name) + PART)
    left: list[Path] = []
    with suppress(OSError):
        left += [each for each in path.parent.iterdir() if pattern.fullmatch(each.name)]
    for part in left:
        with suppress(OSError), lock.unheld(part) as free:
            if free:
                part.unlink()


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file in a folder by its path in it.

    The manifest is left out, and hidden files: those, as a lease, go when the folder is whole.
    """
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "manifest.json" and not file.name.startswith("."):
            with file.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            found[file.relative_to(folder).as_posix()] = digest
    return found


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk: a rename or a new file is lost without it.

    Windows has no way to ask for that.
    """
    if lock.OPEN_STAYS:
        return
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing.
    number = os.open(path, os.O_RDWR if lock.OPEN_STAYS else os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""Write a file whole or not at all, so that it is still there after the power has failed."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"
"""Ending of a file that is being written."""
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM)
"""What file systems answer that cannot sync a folder, such as some of a network."""


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
    or the whole new one, and what is deleted afterwards is not missed.
    """
    part = path.with_name(path.name + PART)
    try:
        yield part
        _sync(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(path.parent)


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file in a folder by its path in it, the manifest left out."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "manifest.json":
            with file.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            found[file.relative_to(folder).as_posix()] = digest
    return found


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk: a rename or a new file is lost without it."""
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""Lock an open file against other processes, on every system; the lock goes with its process.

`portalocker` needs pywin32 for shared locks, and on Windows its locks keep others from reading and
writing the file itself; `filelock` locks paths, and not what is open. So this is a module of our
own: `flock` where there is one, else ranges of bytes far behind the content, as Windows has them.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

OPEN_STAYS = os.name == "nt"
"""Windows neither renames nor deletes a file that is open, nor the folder that it is in."""
FIRST = 0x7FFF0000
"""Where the locked bytes begin: Windows lets nobody read or write them, so nothing may be there."""
SHARERS = 1024
"""So many processes can share a lock on Windows: each has a byte of its own."""
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK, getattr(errno, "EDEADLOCK", errno.EDEADLK))
"""What Windows answers where another process has the bytes."""


def lock_alone(number: int) -> bool:
    """Lock a file so that no other process can; do not wait for it.

    Args:
        number: File descriptor. The lock ends when it is closed, or with the process.

    Returns:
        Whether it is locked now; False if another process has a lock on it.

    Raises:
        OSError: nothing can be locked there.
    """
    if fcntl is None:
        # Only where mypy runs is there always `fcntl`.
        return _lock_bytes(number, FIRST, SHARERS)  # type: ignore[unreachable]
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_shared(number: int) -> bool:
    """Lock a file so that others can only share it; arguments and errors as in `lock_alone`.

    Where another process has it alone, `flock` waits until that is over.
    """
    if fcntl is None:
        places = range(FIRST, FIRST + SHARERS)  # type: ignore[unreachable]
        return any(_lock_bytes(number, place, 1) for place in places)
    fcntl.flock(number, fcntl.LOCK_SH)
    return True


def locked(file: Path) -> bool:
    """Whether a process that lives has locked a file, as that of a lease or a study."""
    try:
        opened = file.open("rb")
    except OSError:
        return False
    with opened:
        try:
            return not lock_alone(opened.fileno())
        except OSError:
            return False


@contextmanager
def unheld(file: Path) -> Iterator[bool]:
    """Whether no process holds a file, so that it, or the folder that it is in, may be removed.

    False too where that cannot be told, or where the file is no longer there. Nobody can begin to
    hold it while the block runs. On Windows somebody can, who then keeps it from being removed.
    """
    try:
        opened = file.open("r+b")
    except OSError:
        yield False
        return
    with opened:
        free = False
        # Released and taken away, or held anew, between the look and the lock.
        with suppress(OSError):
            free = lock_alone(opened.fileno()) and os.path.samestat(
                os.fstat(opened.fileno()), os.stat(file)
            )
        if OPEN_STAYS:
            opened.close()
        yield free


def _lock_bytes(number: int, first: int, count: int) -> bool:
    try:
        import msvcrt
    except ImportError:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from None
    windows: Any = msvcrt
    before = os.lseek(number, 0, os.SEEK_CUR)
    os.lseek(number, first, os.SEEK_SET)
    try:
        windows.locking(number, windows.LK_NBLCK, count)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    finally:
        os.lseek(number, before, os.SEEK_SET)
    return True

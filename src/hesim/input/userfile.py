"""Read a file that a user gives: an ordinary one, not too large, with text in UTF-8."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MOST_BYTES = 1_000_000
"""Settings and tables are far smaller; what is larger is another file than was meant."""
LONGEST_NAME = 255
"""Bytes in one name of a path, on all usual disks."""


class BadFile(ValueError):
    """A file that cannot be read; the message says why, without the file's name."""


def place(path: str | Path) -> Path:
    """A path with the home folder for `~`; a name such as `~x` stays where no user is called x."""
    return Path(os.path.expanduser(path))


def content(file: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of an ordinary file.

    Raises:
        BadFile: it is none (a pipe, a device, a folder, a loop of links), or is too large.
    """
    try:
        # Looked at before it is opened: opening a pipe waits for a writer, maybe for ever.
        if not stat.S_ISREG(os.stat(file).st_mode):
            raise BadFile(f"must be an ordinary file, and is {_kind(file)}")
        with file.open("rb") as opened:
            found = opened.read(most + 1)
    except OSError as error:
        raise BadFile(f"cannot be read: {error.strerror or error}") from error
    if len(found) > most:
        raise BadFile(f"is too large: a file may have {most:,} bytes at most")
    return found


def text(file: Path, most: int = MOST_BYTES) -> str:
    """The text of an ordinary file, without a byte-order mark.

    Raises:
        BadFile: as for `content`, or it is no text in UTF-8.
    """
    return decoded(content(file, most))


def decoded(found: bytes) -> str:
    """Bytes as text, without a byte-order mark.

    Raises:
        BadFile: they are no text in UTF-8.
    """
    if found.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile("must be text in UTF-8, and is in UTF-16; save it again as UTF-8")
    try:
        made = found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise BadFile(
            f"must be text in UTF-8: byte {error.object[error.start]:#04x} in line {line} is none; "
            "if it comes from Windows, save it again as UTF-8"
        ) from None
    if "\0" in made:
        raise BadFile("must be text, and holds a NUL character")
    return made


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; what cannot even be a path is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _kind(file: Path) -> str:
    mode = os.stat(file).st_mode
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"

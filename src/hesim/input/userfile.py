"""Read a file that a user gives: an ordinary one, not too large, with text in UTF-8."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

MOST_BYTES = 1_000_000
"""Settings and tables are far smaller; what is larger is another file than was meant."""
LONGEST_NAME = 255
"""Bytes in one name of a path, on all usual disks."""


_TYPED_PATH = re.compile(r"(\.{0,2}|~|[A-Za-z]:)[/\\]")
"""How a word begins that is a path for certain, on Windows too."""
_ON_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows keeps for devices, with any ending."""
_NEVER_ON_WINDOWS = re.compile(r"[<>:\"|?*/\\\x00-\x1f]")


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


def is_typed_path(word: str) -> bool:
    """Whether a word of a command is a path for certain, whatever else stands in it."""
    return _TYPED_PATH.match(word) is not None


def refused_by_windows(name: str) -> str:
    """Why a file or folder cannot have a name on Windows; empty when it can."""
    if name in (".", ".."):
        return ""
    if found := _NEVER_ON_WINDOWS.search(name):
        return f"Windows allows no {found[0]!r} in a name"
    if name.endswith((".", " ")):
        return "Windows allows no point or space at the end of a name"
    return "Windows keeps this name for a device" if _ON_WINDOWS.fullmatch(name) else ""


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

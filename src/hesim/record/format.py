"""Tell in which format the folder of a run or study was written, and which version reads it.

Format 1 is that of folders that name none, and of the first studies. Since format 2 every manifest
names its format, and outcomes say how many of those who cross go from job to job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORMAT = 2
"""What this version writes; it reads older ones as far as they hold what is asked."""
FIRST = 1
"""Format of folders that name none."""


class Unreadable(ValueError):
    """A folder that cannot be read; the message says why and what to do."""


def format_number(manifest: Mapping[str, Any]) -> int:
    """The format that a manifest names.

    Raises:
        ValueError: it is no whole number from 1 on.
    """
    found = manifest.get("format", FIRST)
    if isinstance(found, bool) or not isinstance(found, int) or found < FIRST:
        raise ValueError(f"format must be a whole number, is {found!r:.40}")
    return found


def too_new(manifest: Mapping[str, Any], what: str) -> str:
    """Why a format that only a newer version knows cannot be read; empty for all others.

    Args:
        manifest: Content of the manifest.
        what: `run` or `study`.

    Raises:
        ValueError: it names no format.
    """
    found = format_number(manifest)
    if found <= FORMAT:
        return ""
    return (
        f"was written by a newer version of hesim (format {found}; this one reads {FORMAT}); "
        f"install that version to read the {what}"
    )


def version_of(manifest: Mapping[str, Any]) -> str:
    """The version of hesim that wrote a folder, in words."""
    versions, commit = manifest.get("versions"), manifest.get("commit")
    number = versions.get("hesim") if isinstance(versions, Mapping) else None
    said = f"hesim {number}" if number else "the version of hesim that wrote it"
    return f"{said} (commit {commit})" if commit else said


@contextmanager
def older_in_words(folder: Path, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Say in words that a folder of an older format lacks what is asked of it.

    What goes wrong with a folder of this version's own format is an error of the program and stays
    one.

    Raises:
        Unreadable: something in the block failed, and the folder is of an older format.
    """
    from hesim.config import ConfigErrors

    try:
        yield
    except (ConfigErrors, Unreadable):
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        found = format_number(manifest)
        if found >= FORMAT:
            raise
        why = " ".join(str(error).split()) or type(error).__name__
        raise Unreadable(
            f"{folder} was written in format {found}, and lacks what this version of hesim "
            f"(format {FORMAT}) shows: {why}. Read it with {version_of(manifest)}, or make it again"
        ) from error

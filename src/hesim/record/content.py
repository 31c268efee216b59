"""Read the files of a run's or study's folder, or say in words what is wrong with one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from hesim.input import userfile
from hesim.input.shells import command_line

MANIFEST, SETTINGS = "manifest.json", "config.yaml"
LOCK = ".lock"
"""File in a study's folder that the process locks which works at it."""
MOST_BYTES = 20_000_000_000
"""Far more than any file of a run or study needs."""
Kinds = Mapping[str, type | tuple[type, ...]]
"""What type each entry of a mapping must have."""
_WORDS = {str: "text", list: "a list", int: "a whole number", dict: "a mapping"}


def folder_fault(folder: Path, what: str) -> str:
    """Why a path is no folder, in words; empty if it is one.

    Args:
        folder: The path.
        what: `run` or `study`.
    """
    if folder.is_dir():
        return ""
    why = "is a file" if folder.is_file() else "does not exist"
    if folder.is_symlink() and not folder.exists():
        why = "is a link that points nowhere"
    return f"{folder} {why}; name the folder of a {what}"


def content_of(file: Path) -> bytes:
    """The content of a file that must be there.

    Raises:
        ValueError: it cannot be read.
    """
    if not os.path.lexists(file):
        raise ValueError("is not there")
    if file.is_symlink() and not file.exists():
        raise ValueError("is a link that points nowhere")
    return userfile.content(file, MOST_BYTES)


def manifest_of(content: bytes) -> dict[str, Any]:
    """What a manifest holds.

    Raises:
        ValueError: it is none.
    """
    try:
        found = json.loads(userfile.decoded(content))
    except userfile.BadFile:
        raise
    except (ValueError, RecursionError) as error:
        raise ValueError(f"cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("is no manifest: it must be a mapping")
    return found


def nested_settings(content: bytes) -> dict[str, Any]:
    """The settings that a file holds, nested.

    Raises:
        ValueError: it holds none.
    """
    import yaml

    try:
        found = read_yaml(userfile.decoded(content))
        # What holds itself has no end.
        json.dumps(found, default=str)
    except userfile.BadFile:
        raise
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise ValueError("holds no settings")
    return found


def read_yaml(text: str) -> Any:
    """Read YAML by the compiled reader where there is one: both read the same."""
    # Commands ask for the settings of a folder several times.
    return deepcopy(_read_yaml(text))


@lru_cache(maxsize=8)
def _read_yaml(text: str) -> Any:
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def faults(body: Mapping[str, Any], wanted: Kinds, prefix: str = "") -> list[str]:
    """What is wrong with the entries of a mapping, in words.

    Args:
        body: The mapping.
        wanted: What it must have.
        prefix: What stands before the name of an entry.
    """
    found = []
    for key, kind in wanted.items():
        if key not in body:
            found.append(f"lacks {prefix}{key}")
        elif not isinstance(body[key], kind) or isinstance(body[key], bool):
            must = _WORDS.get(kind, "a number") if isinstance(kind, type) else "a number"
            found.append(f"{prefix}{key} must be {must}, is {body[key]!r:.40}")
    return found


def typed_path(folder: Path) -> str:
    """A folder as it is typed: a name that begins with a dash would be taken for an option."""
    name = str(folder)
    return f"./{name}" if name.startswith(("-", "~")) else name


def typed_command(*words: str) -> str:
    """A command as it is typed."""
    return f"`{command_line(words)}`"

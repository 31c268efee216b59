"""Check composed settings against what each may be, and name every problem."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from hesim.config.meaning import is_path
from hesim.config.schema import Schema
from hesim.config.trees import leaves
from hesim.input import userfile
from hesim.input.problems import Problem, nearest
from hesim.input.userfile import is_folder, refused_by_windows

WINDOWS = os.name == "nt"
LEVERS = "levers"
"""The group, and the part of the settings, that holds the levers."""
WORDS = ("title", "group", "about", "section", "must_not", "contradicts", "taking_part", "dials")
"""Entries that each lever's file needs to describe it."""
DESCRIBING = (*WORDS, "process")
"""Entries that describe it; all others are settings. `process` names code of one's own."""


def no_lever(name: str, names: Sequence[str]) -> Problem:
    """The problem of a name that is no lever."""
    return Problem(LEVERS, name, "no such lever; `hesim levers` lists them", nearest(name, names))


def unknown(key: str, value: object, paths: set[str], levers: Sequence[str] = ()) -> Problem:
    """The problem of a path that is no setting."""
    allowed = "no such key; `hesim config` lists them"
    first, _, rest = key.partition(".")
    lever, _, rest = rest.partition(".")
    if first == LEVERS and rest and f"{LEVERS}.{lever}" not in paths:
        if lever in levers:
            return Problem(key, value, f"{lever} is not chosen; add it to levers=A,B")
        return no_lever(lever, levers)
    return Problem(key, value, allowed, nearest(key, paths))


def check_values(
    values: dict[str, object], defaults: dict[str, object], schema: Schema
) -> Iterator[Problem]:
    """Yield what is wrong with values by their meanings, and what is missing or unknown."""
    usual = dict(leaves(defaults))
    found = dict(leaves(values))
    inside = {path: whole for path in found if (whole := _whole(path, usual, schema)) is not None}
    for path in dict.fromkeys(inside.values()):
        meaning = schema.find(path)
        allowed = "a value" if meaning is None else meaning.range()
        yield Problem(path, _at(values, path), f"must be {allowed}, not a mapping")
    for path, value in found.items():
        if path in inside:
            continue
        if isinstance(value, str) and re.search(r"\$\{", value):
            yield Problem(path, value, "must be a value: interpolations are not resolved")
            continue
        meaning = schema.find(path)
        if meaning is not None:
            yield from meaning.problems(path, value)
        elif any(known.startswith(f"{path}.") for known in usual):
            yield Problem(path, value, "must be a mapping with the keys it has by default")
        elif path not in usual:
            yield unknown(path, value, set(usual))
    for path in usual:
        parents = {path[: index.start()] for index in re.finditer(r"\.", path)}
        if path not in found and path not in inside.values() and not parents & set(found):
            yield Problem(path, None, "is missing")


def _whole(path: str, usual: Mapping[str, object], schema: Schema) -> str | None:
    """The setting that a path lies in, where that has one value and no parts; else None."""
    for index in re.finditer(r"\.", path):
        above = path[: index.start()]
        if above in usual and (usual[above] != {} or schema.find(above) is not None):
            return above
    return None


def _at(values: Mapping[str, object], path: str) -> object:
    node: object = values
    for part in path.split("."):
        node = node[part] if isinstance(node, Mapping) else None
    return node


def check_chosen(
    levers: Mapping[str, object], places: Collection[str], known: Sequence[str]
) -> Iterator[tuple[str, Problem]]:
    """Yield levers that have settings although nobody chose them, each with its problem.

    Args:
        levers: The mapping `levers` of composed settings.
        places: Files that the settings are composed of, as `levers/single_cao.yaml`.
        known: Names of all levers.
    """
    for key, body in levers.items():
        if f"{LEVERS}/{key}.yaml" in places or not isinstance(body, Mapping):
            continue
        if key not in known:
            yield key, no_lever(key, known)
        else:
            words = (
                f"is not chosen, so its settings do nothing; choose it as levers=[{key}], or name "
                "it in study.levers"
            )
            yield key, Problem(f"{LEVERS}.{key}", None, words)


def check_folders(values: dict[str, object]) -> Iterator[Problem]:
    """Yield what is wrong with the folders that data come from and results go to."""
    data, output = values.get("data"), values.get("output")
    if isinstance(data, str) and data and not is_folder(Path(data)):
        yield Problem("data", data, "must be a folder that exists, with CSV files")
    if not isinstance(output, str) or not output or not is_path(output):
        # That it is none is told with the other settings.
        return
    target = userfile.place(output)
    if target.exists() or target.is_symlink():
        yield Problem("output", output, "exists already; must be a new folder")
        return
    parent = next((place for place in target.absolute().parents if place.exists()), Path("/"))
    names = target.absolute().parts[1:]
    if WINDOWS and (refused := [words for name in names if (words := refused_by_windows(name))]):
        yield Problem("output", output, f"cannot be made: {refused[0]}; name another")
        return
    try:
        # Only trying tells: rights alone say nothing about a read-only disk, or for root.
        with tempfile.TemporaryDirectory(dir=parent, prefix=".hesim-"):
            pass
    except OSError as error:
        why = error.strerror or "not possible"
        yield Problem("output", output, f"cannot be written: {parent}: {why}")

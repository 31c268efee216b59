"""Read entries: a setting's value and its meaning, side by side in one settings file.

An entry is named by the path of the setting below the file's package. A `*` in the name stands for
the keys of a mapping, as in `pay.*`; the value then holds those keys. A fitted setting has no
value of its own, since the calibration sets it. It says what is in force without a calibration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeGuard

from hesim.config.trees import Tree
from hesim.input.problems import nearest

FITTED, UNCALIBRATED, VALUE = "fitted", "uncalibrated", "value"
OF_VALUE = (FITTED, UNCALIBRATED, VALUE)
"""Fields of an entry that are about its value; all others are its meaning."""


def is_entry(given: object) -> TypeGuard[Mapping[str, object]]:
    """Whether what stands in a settings file is an entry, and no plain value."""
    return isinstance(given, Mapping) and "about" in given and "label" in given


def entries_of(body: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    """The entries of a file by name."""
    return {name: given for name, given in body.items() if is_entry(given)}


def value_faults(name: str, entry: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the value of a packaged entry."""
    if not entry.get(FITTED):
        if VALUE not in entry:
            yield f"{name}: has no value"
        if UNCALIBRATED in entry:
            yield f"{name}: only a fitted setting is uncalibrated"
    elif VALUE in entry:
        yield (
            f"{name}: value = {entry[VALUE]!r}: the calibration sets it, so a value here would do "
            "nothing; set it on the command line or in a folder of your own (--config DIR)"
        )
    elif UNCALIBRATED not in entry:
        yield f"{name}: is fitted, and does not say what is in force without a calibration"


def changes_of(
    entries: Mapping[str, Mapping[str, object]], usual: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    """Yield what a user's copies of entries change beside their values, which only hesim can."""
    for name, entry in entries.items():
        if name not in usual:
            hint = nearest(name, usual)
            words = f"{name}: is no entry of the packaged file"
            yield words + (f"; did you mean {hint}?" if hint else "")
            continue
        for field in sorted({*entry, *usual[name]} - {VALUE}):
            if entry.get(field) != usual[name].get(field):
                yield f"{name}: {field} cannot be changed; only a value can, as `{VALUE}: ...`"


def values_of(body: Mapping[str, object], own: bool = False) -> Tree:
    """The values of a file as a nested mapping, each entry's at its place.

    Args:
        body: What the file holds.
        own: It is a user's file, whose fitted entries have a value only where the user wrote one.
    """
    made: Tree = {}
    for name, given in body.items():
        if is_entry(given):
            if VALUE in given:
                _put(made, name.split("."), given[VALUE])
            elif UNCALIBRATED in given and not own:
                _put(made, name.split("."), given[UNCALIBRATED])
        else:
            made[name] = given
    return made


def _put(made: Tree, parts: list[str], value: object) -> None:
    """Put a value at a path; each `*` in it stands for the keys of a mapping in the value."""
    first, *rest = parts
    if first == "*":
        for key, inside in value.items() if isinstance(value, Mapping) else ():
            _put(made, [str(key), *rest], inside)
    elif not rest:
        made[first] = value
    else:
        below = made.setdefault(first, {})
        if isinstance(below, dict):
            _put(below, rest, value)

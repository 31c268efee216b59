"""List everything that can be set, and say of each setting where its value comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hesim.config.layers import Layers
from hesim.config.nodes import at, calibration
from hesim.config.own_folder import settings_folder
from hesim.config.points import points
from hesim.config.schema import Schema, read_schema
from hesim.config.trees import leaves
from hesim.sources import packaged

PACKAGED = "conf"
"""What a reader is told of the folder of packaged files, wherever it lies."""


@dataclass(frozen=True)
class Row:
    """One setting.

    Attributes:
        path: Dotted path.
        value: The value in force.
        allowed: Its range, in words.
        unit: Unit.
        label: What it rests on: data, derived, prior, assumed, or a setting of the run.
        source: Where its value was found.
        about: What it is.
        origin: Who or what set the value in force: a file, a calibration, the command line.
        calibrated: What the calibration says of it; None if it says nothing.
        uncalibrated: What the files say of it without a calibration.
    """

    path: str
    value: object
    allowed: str = ""
    unit: str = ""
    label: str = ""
    source: str = ""
    about: str = ""
    origin: str = ""
    calibrated: object = None
    uncalibrated: object = None


def setting_rows(made: Layers, folder: str | None = None) -> list[Row]:
    """Every setting, in the order of the files.

    Args:
        made: Composed settings, and what they were made from.
        folder: The user's own configuration files, to name them.
    """
    schema = read_schema(packaged())
    plain = made.uncalibrated()
    return [
        _row(path, value, schema, made, plain.get(path), folder)
        for path, value in leaves(made.settings.resolved())
    ]


def rows_below(listed: Sequence[Row], name: str) -> list[Row]:
    """The rows of a setting, or of all that lies below a name."""
    below = f"{name.rstrip('.')}."
    return [row for row in listed if row.path == name or row.path.startswith(below)]


def listing_text(listed: Sequence[Row], whole: bool = False) -> str:
    """The rows as text, a few lines each, as wide as their words.

    Args:
        listed: The rows.
        whole: Say of each where its value comes from; else only where that is not its own file.
    """
    lines: list[str] = []
    for row in listed:
        lines.append(
            f"{row.path} = {value_text(row.value)}" + (f"  [{row.unit}]" if row.unit else "")
        )
        if row.about:
            lines.append(f"    {row.about}")
        facts = "; ".join(part for part in (row.allowed, row.label, row.source) if part)
        if facts:
            lines.append(f"    {facts}")
        if whole or not row.origin.startswith(f"{PACKAGED}/"):
            lines.append(f"    set by {row.origin}{_of_calibration(row)}")
    return "\n".join(lines)


def _of_calibration(row: Row) -> str:
    """What the calibration says of a fitted setting, and what the files say without one."""
    if row.calibrated is None:
        return ""
    fitted = (
        ""
        if row.value == row.calibrated
        else f"; the calibration says {value_text(row.calibrated)}"
    )
    return f"{fitted}; without a calibration it is {value_text(row.uncalibrated)}"


def value_text(value: object) -> str:
    """A value as a settings file has it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(
    path: str,
    value: object,
    schema: Schema,
    made: Layers,
    uncalibrated: object,
    folder: str | None,
) -> Row:
    origin = _origin(path, value, made, folder)
    calibrated = made.point.get(path)
    meaning = schema.find(path)
    if meaning is None:
        return Row(path, value, origin=origin, calibrated=calibrated, uncalibrated=uncalibrated)
    return Row(
        path,
        value,
        meaning.range(),
        meaning.unit,
        meaning.label,
        meaning.source,
        meaning.about,
        origin,
        calibrated,
        uncalibrated,
    )


def _origin(path: str, value: object, made: Layers, folder: str | None) -> str:
    """What set the value in force, in words."""
    parents = [path[:place] for place, letter in enumerate(path) if letter == "."]
    if any(name in made.given for name in (path, *parents)):
        return "the command line"
    absent = object()
    for place in reversed(made.places):
        found = at(made.nodes[place].tree(), path, absent)
        if found != value:
            continue
        name = calibration(place)
        if place in made.own and at(made.own[place].tree(), path, absent) == value:
            return f"your file {settings_folder(Path(folder or '')) / place}"
        if name in points():
            return f"the calibration {name}"
        return f"{PACKAGED}/{place}"
    return "hesim"

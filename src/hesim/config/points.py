"""Read the points that calibrations found: a value for each fitted setting, beside their draws.

A calibration is named as the package ships it, or by the path of its files without their ending
where it was fitted to tables of the user's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "calibration" / "shipped"
"""Where the package keeps its calibrations, as data."""
STRUCTURE = "standing"
"""The structure in force where none is chosen; the names of its calibrations do not say it."""
PRODUCTION = "production"
"""The calibration for answers: it has learnt from all tables."""


def calibration_file(name: str, ending: str = ".json") -> Path:
    """A file of a calibration; `.json` holds its point, among what it says of itself."""
    folder = SHIPPED if name in shipped_names() else Path()
    return folder / f"{name}{ending}"


@cache
def shipped_names() -> frozenset[str]:
    """Names of all files of calibrations in the package, without their ending."""
    return frozenset(file.stem for file in SHIPPED.iterdir())


def names_in(folder: Path) -> tuple[str, ...]:
    """Names of the calibrations in a folder: those with draws and a point."""
    drawn = (file for file in folder.glob("*.npz") if file.with_suffix(".json").is_file())
    return tuple(sorted(file.stem for file in drawn))


@cache
def points() -> tuple[str, ...]:
    """Names of the calibrations that the package ships: those with draws and a point."""
    return names_in(SHIPPED)


def calibration_in(folder: str, structure: str | None = None) -> str | None:
    """Name of the calibration that a user's folder holds: the one for answers, if there are two.

    Args:
        folder: What `hesim calibrate data=...` wrote into, or a file there without its ending.
        structure: The structure that it must have been made for; None takes any.
    """
    place = Path(folder).expanduser()
    if place.parent.is_dir() and place.name in names_in(place.parent):
        fits = structure is None or structure_of(place.name) == structure
        return str(place.resolve()) if fits else None
    names = names_in(place) if place.is_dir() else ()
    names = tuple(name for name in names if structure in (None, structure_of(name)))
    of_answers = [name for name in names if name.rpartition("_")[2] == PRODUCTION]
    chosen = (*of_answers, *names)
    return str((place / chosen[0]).resolve()) if chosen else None


@cache
def point(name: str) -> Mapping[str, float]:
    """The fitted value of each setting by its path.

    Args:
        name: One of `points()`, or of `calibration_in`.
    """
    body = json.loads(calibration_file(name).read_text(encoding="utf-8"))
    return {str(path): float(value) for path, value in body["settings"].items()}


def structure_of(name: str) -> str:
    """The structure that a shipped calibration was made for.

    Args:
        name: One of `points()`: `production`, or `standing_production` for another structure; or
            of `calibration_in`.
    """
    return Path(name).name.rpartition("_")[0] or STRUCTURE


def name_of(structure: str, kind: str) -> str:
    """Name of a structure's calibration of a kind, `blind` or `production`."""
    return kind if structure == STRUCTURE else f"{structure}_{kind}"


def calibration_of(structure: str, wanted: str | None) -> str | None:
    """The calibration of a structure that studies of several structures take; None if none fits.

    Args:
        structure: Its name.
        wanted: `none`; a shipped calibration, of whose kind each has its own; a user's folder with
            calibrations of all structures; or None for the usual one.
    """
    if wanted == "none":
        return wanted
    if wanted is None or wanted in points():
        own = name_of(structure, (wanted or PRODUCTION).rpartition("_")[2])
        return own if own in points() else None
    return calibration_in(wanted, structure)


def usual_calibration(structure: str) -> str:
    """The calibration that a structure is used with: its own for answers, or `none` as yet."""
    return calibration_of(structure, None) or "none"

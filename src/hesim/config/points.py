"""Read the points that calibrations found: a value for each fitted setting, beside their draws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[1] / "calibration" / "shipped"
"""Where the package keeps its calibrations, as data."""
STRUCTURE = "first"
"""The structure in force where none is chosen; the names of its calibrations do not say it."""
PRODUCTION = "production"
"""The calibration for answers: it has learnt from all tables."""


def point_file(name: str) -> Path:
    """The file that holds the point of a calibration, among what it says of itself."""
    return SHIPPED / f"{name}.json"


@cache
def points() -> tuple[str, ...]:
    """Names of the calibrations that the package ships: those with draws and a point."""
    drawn = (file.stem for file in SHIPPED.glob("*.npz"))
    return tuple(sorted(name for name in drawn if point_file(name).is_file()))


@cache
def point(name: str) -> Mapping[str, float]:
    """The fitted value of each setting by its path.

    Args:
        name: One of `points()`.
    """
    body = json.loads(point_file(name).read_text(encoding="utf-8"))
    return {str(path): float(value) for path, value in body["settings"].items()}


def structure_of(name: str) -> str:
    """The structure that a shipped calibration was made for.

    Args:
        name: One of `points()`: `production`, or `standing_production` for another structure.
    """
    return name.rpartition("_")[0] or STRUCTURE


def usual_calibration(structure: str) -> str:
    """The calibration that a structure is used with: its own for answers, or `none` as yet."""
    own = PRODUCTION if structure == STRUCTURE else f"{structure}_{PRODUCTION}"
    return own if own in points() else "none"

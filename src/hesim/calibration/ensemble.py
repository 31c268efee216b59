"""Hand out the shipped calibrations: points, draws of the posterior, and what each draw showed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.config.points import calibration_file, name_of, points, structure_of
from hesim.tables.schema import FLOWS, REPORT

Floats = NDArray[np.float64]
BLIND = "blind"
"""How the names of calibrations end that never saw tables 3.1 and 1.1."""


def available() -> tuple[str, ...]:
    """Names of the calibrations that this package ships."""
    return points()


def is_there(name: str) -> bool:
    """Whether there is a calibration with draws: one that is shipped, or one in a user's folder."""
    return calibration_file(name, ".npz").is_file()


@cache
def manifest(name: str) -> dict[str, Any]:
    """What a shipped calibration says of itself: date, hashes, point, figures.

    Raises:
        KeyError: no calibration of that name is shipped.
    """
    file = calibration_file(name)
    if not file.is_file():
        raise KeyError(f"no calibration {name!r}; there are {', '.join(available()) or 'none'}")
    body: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return body


def is_blind(name: str) -> bool:
    """Whether a calibration never saw tables 3.1 and 1.1, by its name."""
    return Path(name).name.rpartition("_")[2] == BLIND


def sibling(name: str, kind: str) -> str | None:
    """The calibration of the same structure and tables that is of another kind; None without one.

    Args:
        name: A calibration; it is its own sibling of its own kind.
        kind: `blind` or `production`.
    """
    found = str(Path(name).with_name(name_of(structure_of(name), kind)))
    if not is_there(found) or not calibration_file(found).is_file():
        return None
    # In a user's folder there may be one that was fitted to another survey.
    theirs, own = manifest(found)["data"], manifest(name)["data"]
    return found if all(theirs.get(file) == own.get(file) for file in (REPORT, FLOWS)) else None


def finding(name: str, stage: str) -> dict[str, Any] | None:
    """What a further stage (`identification`, `recovery`, ...) found, or None if it never ran."""
    file = calibration_file(name).with_name(f"{Path(name).name}_{stage}.json")
    if not file.is_file():
        return None
    body: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return body


@cache
def arrays(name: str) -> dict[str, NDArray[np.generic]]:
    """All arrays of a shipped calibration.

    `points` (draws, parameters) in standard units; `paths` and `values` (draws, paths) of the
    settings; `names` and `shown` (draws, names), what each draw's own run showed;
    `yearly` (draws, 2, years), crossings wo to hbo and hbo to wo; `point` (parameters,);
    `mean` and `error` (names,), what runs at the point showed and the standard error of that;
    `answers` (4, contrasts, contrasts), covariance of one respondent's answers; `jacobian`
    (residuals, parameters), whitened, at the point, and `roots`, what whitens table 3.5's.
    Calibrations made since chains are stored also hold `chains` (walkers, steps, parameters), in
    standard units, and `chains_log_posterior` (walkers, steps).
    """
    manifest(name)
    with calibration_file(name, ".npz").open("rb") as handle, np.load(handle) as kept:
        return {key: kept[key] for key in kept.files}


def draws(name: str) -> list[dict[str, float]]:
    """Draws of the posterior, equally likely: each maps paths of settings to values.

    Args:
        name: `production`, `blind`, or the path of a calibration of the user's.

    Raises:
        KeyError: no calibration of that name is shipped.
    """
    kept = arrays(name)
    paths = [str(path) for path in kept["paths"]]
    return [dict(zip(paths, map(float, row), strict=True)) for row in kept["values"]]

"""Hand out the shipped calibrations: points, draws of the posterior, and what each draw showed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NAMES = ("blind", "production")


def available() -> tuple[str, ...]:
    """Names of the calibrations that this package ships."""
    return tuple(name for name in NAMES if _file(f"{name}.json").is_file())


def _file(name: str) -> Any:
    return files("hesim.calibration") / "shipped" / name


@cache
def manifest(name: str) -> dict[str, Any]:
    """What a shipped calibration says of itself: date, hashes, point, figures.

    Raises:
        KeyError: no calibration of that name is shipped.
    """
    if name not in available():
        raise KeyError(f"no calibration {name!r}; there are {', '.join(available()) or 'none'}")
    body: dict[str, Any] = json.loads(_file(f"{name}.json").read_text(encoding="utf-8"))
    return body


@cache
def _table(name: str) -> tuple[tuple[str, ...], Floats]:
    import pyarrow.parquet as pq

    with _file(name).open("rb") as handle:
        table = pq.read_table(handle)
    columns = [table.column(k).to_numpy() for k in range(table.num_columns)]
    return tuple(table.column_names), np.array(columns, np.float64).T


def draws(name: str) -> list[dict[str, float]]:
    """Draws of the posterior, equally likely: each maps paths of settings to values.

    Args:
        name: `production` or `blind`.

    Raises:
        KeyError: no calibration of that name is shipped.
    """
    manifest(name)
    paths, values = _table(f"{name}_draws.parquet")
    return [dict(zip(paths, map(float, row), strict=True)) for row in values]


def shown(name: str) -> tuple[tuple[str, ...], Floats]:
    """What each draw showed in its own run at full scale: names, and shape (draws, names)."""
    manifest(name)
    return _table(f"{name}_shown.parquet")


def yearly(name: str) -> Floats:
    """Crossings by year of each draw's run, wo to hbo and hbo to wo: shape (draws, 2, years)."""
    manifest(name)
    columns, values = _table(f"{name}_yearly.parquet")
    return values.reshape(values.shape[0], 2, len(columns) // 2)

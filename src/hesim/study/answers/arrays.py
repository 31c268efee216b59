"""Give the results of a study as labelled arrays, for xarray."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.config.folders import STRUCTURE
from hesim.outcomes.breakdown import outcome_entry
from hesim.sources import extra_command

if TYPE_CHECKING:
    from hesim.study.folder import Study

MISSING = "to_xarray needs the package xarray, which is not installed; install it with "
DIMENSIONS = ("arm", "scenario", "world", "draw", "replication", "year")
"""Dimensions of each variable; with several structures `structure` stands before them."""


class NoXarray(ImportError):
    """The package xarray is not installed; the message says how to get it."""


def to_xarray(study: Study) -> Any:
    """All results of a study: a variable for each outcome, with the dimensions of `DIMENSIONS`.

    Args:
        study: The study.

    Returns:
        An `xarray.Dataset`. Runs that are missing are not a number. Years are whole numbers, and
        each variable has its unit and title as attributes.

    Raises:
        NoXarray: xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise NoXarray(f"{MISSING}{extra_command('analysis')}") from None
    frame = study.query(
        "select d.*, r.replication, r.year, r.outcome, r.value "
        "from design d join results r using (point)"
    )
    axes = [STRUCTURE] * bool(study.structures) + list(DIMENSIONS)
    labels = {axis: list(dict.fromkeys(sorted(frame[axis].tolist()))) for axis in axes}
    labels["arm"] = [arm for arm in study.arms if arm in set(labels["arm"])]
    shape = [len(labels[axis]) for axis in axes]
    made = {}
    for outcome, rows in frame.groupby("outcome", sort=False):
        values = np.full(shape, np.nan)
        places = {axis: {label: k for k, label in enumerate(labels[axis])} for axis in axes}
        index = tuple(rows[axis].map(places[axis]).to_numpy(np.int64) for axis in axes)
        values[index] = rows["value"].to_numpy(np.float64)
        about = {"units": "persons a year"}
        # Flows and participants have no entry: they are persons a year.
        with suppress(KeyError):
            entry = outcome_entry(str(outcome))
            about = {"units": entry.unit, "long_name": entry.english}
        made[str(outcome)] = (axes, values, about)
    attributes = {
        "title": study.name,
        "about": "simulated by hesim; counts at full scale",
        "population_scale": float(study.settings["population"]["scale"]),
    }
    return xarray.Dataset(made, coords=labels, attrs=attributes)

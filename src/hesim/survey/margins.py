"""Count staff by age, contract, hours and jobs, which the stock's own table does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.survey.columns import Array, Coded, Columns, coded

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

MARGINS: dict[str, tuple[str, ...]] = {
    "age": c.AGE_BANDS,
    "contract": c.CONTRACTS[:3],
    "hours": c.HOURS_BANDS,
    "jobs": ("one_job", "second_job"),
}
"""What is counted, with its bands."""
SHAPE = (2, len(c.ROLES), len(c.FIELDS), len(c.REGIONS))
"""Axes before the bands: sector (hbo, wo), role, field, region of the institution."""

Cubes = dict[str, NDArray[np.uint32]]
"""By name of `MARGINS`: persons, shape `SHAPE` and the bands."""


def staff_of(model: HigherEducation) -> NDArray[np.int64]:
    """Rows of the persons who work at an institution of hbo or wo in their main job."""
    p, e = model.persons, model.employers
    return np.flatnonzero(p.present & (p.employer >= 0) & (p.employer < e.institutions))


def age_bands(model: HigherEducation, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Code in `categories.AGE_BANDS` of some persons in the month just simulated."""
    months = model.month - 1 - model.persons.born[rows]
    return np.searchsorted(np.array(c.AGE_EDGES) * 12, months, "right")


def count(model: HigherEducation) -> Cubes:
    """Count the staff of institutions at the end of the month just simulated."""
    p, e = model.persons, model.employers
    staff = staff_of(model)
    employer = p.employer[staff]
    cell = e.sector[employer].astype(np.int64)
    cell = (cell * len(c.ROLES) + p.role[staff]) * len(c.FIELDS) + p.field[staff]
    cell = cell * len(c.REGIONS) + e.region[employer]
    bands = {
        "age": age_bands(model, staff),
        "contract": np.minimum(p.contract[staff], len(c.CONTRACTS) - 2),
        "hours": np.searchsorted(c.HOURS_EDGES, p.hours[staff], "right"),
        "jobs": (p.employer2[staff] >= 0).astype(np.int64),
    }
    counted = {}
    for name, band in bands.items():
        size = len(MARGINS[name])
        flat = np.bincount(cell * size + band, minlength=int(np.prod(SHAPE)) * size)
        counted[name] = flat.reshape(*SHAPE, size).astype(np.uint32)
    return counted


def columns(cubes: Mapping[int, Cubes], month_named: Callable[[Array], Coded]) -> Columns:
    """Columns of margins.parquet: one row for each cell with somebody in it.

    Args:
        cubes: By recorded month, counted from 0.
        month_named: Names a column of months.
    """
    labels = tuple(dict.fromkeys(band for bands in MARGINS.values() for band in bands))
    parts: list[tuple[NDArray[Any], ...]] = []
    for now, cube in cubes.items():
        for what, (name, bands) in enumerate(MARGINS.items()):
            sector, role, field, region, band = np.nonzero(cube[name])
            label = np.array([labels.index(each) for each in bands])[band]
            persons = cube[name][sector, role, field, region, band]
            same = np.full(band.size, now), np.full(band.size, what)
            parts.append((same[0], sector, region, role, field, same[1], label, persons))
    whole = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return {
        "month": month_named(whole[0]),
        "sector": coded(whole[1], c.SECTORS),
        "region": coded(whole[2], c.REGIONS),
        "role": coded(whole[3], c.ROLES),
        "field": coded(whole[4], c.FIELDS),
        "what": coded(whole[5], tuple(MARGINS)),
        "band": coded(whole[6], labels),
        "persons": whole[7].astype(np.int32),
    }

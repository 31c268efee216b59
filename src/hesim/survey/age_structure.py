"""Count the age structure of hbo and wo: what the stock's own table counts by all but age."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.policy import DUAL
from hesim.survey.margins import age_bands, staff_of

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

Whole = NDArray[np.int64]


class StaffCount(NamedTuple):
    """Staff of hbo and wo by category at the end of a month, as simulated.

    Each is int64, shape (2, categories), hbo first; with years in front where there are several.

    Attributes:
        heads: Persons, each where the main job is.
        hours: Weekly hours, each where it is worked: those of a joint appointment's second post
            count with its employer.
        women: Those of the heads who are women.
        doctors: Those of the heads who hold a PhD.
    """

    heads: Whole
    hours: Whole
    women: Whole
    doctors: Whole


def count_ages(model: HigherEducation) -> StaffCount:
    """Count staff by age band at the end of the month just simulated."""
    p, size = model.persons, len(c.AGE_BANDS)
    staff = staff_of(model)
    sector, bands = model.employers.sector.astype(np.int64), age_bands(model, staff)
    cell = sector[p.employer[staff]] * size + bands

    def of(which: NDArray[np.bool_]) -> Whole:
        return _by_cell(cell[which])

    hours = _by_cell(cell, p.hours[staff])
    both = np.flatnonzero(p.present.astype(bool) & (p.marks & DUAL != 0))
    beside = sector[p.employer2[both]] * size + age_bands(model, both)
    return StaffCount(
        _by_cell(cell),
        hours + _by_cell(beside, p.hours2[both]),
        of(p.sex[staff] == c.SEXES.index("female")),
        of(p.education[staff] == c.PHD),
    )


def _by_cell(cell: Whole, weight: NDArray[np.integer] | None = None) -> Whole:
    """Count rows by sector and age band, or add up their weights, shape (2, bands)."""
    size = 2 * len(c.AGE_BANDS)
    counted = np.bincount(cell, weight, minlength=size)[:size]
    return counted.reshape(2, -1).astype(np.int64)

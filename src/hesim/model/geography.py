"""Say where employers and towns are, and which employers are partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.population.employers import Employers


class Geography(NamedTuple):
    """Where things are.

    Attributes:
        town_region: Region of each town, shape (towns,).
        distance: Kilometres, shape (towns, towns).
        towns: Towns, those of one region together.
        town_start: Where in `towns` each region begins, shape (regions + 1,).
        town_of: Town of each institution, -1 for an outside employer.
        sector_of: Sector of each employer.
        region_of: Region of each employer.
        institutions: How many of the employers are institutions; they come first.
        partner: 1 where two employers are partners across sectors, (employers, employers); the
            last employer is outside and has none, so row -1 serves those without a job.
        partnerships: Partnerships across sectors that each employer takes part in.
    """

    town_region: NDArray[np.int8]
    distance: NDArray[np.float32]
    towns: NDArray[np.int16]
    town_start: NDArray[np.int64]
    town_of: NDArray[np.int16]
    sector_of: NDArray[np.int8]
    region_of: NDArray[np.int8]
    institutions: int
    partner: NDArray[np.uint8]
    partnerships: NDArray[np.float64]


def places_of(employers: Employers) -> Geography:
    """Say where these employers are."""
    e = employers
    counts = np.bincount(e.town_region, minlength=len(c.REGIONS))
    return Geography(
        town_region=e.town_region,
        distance=e.distance,
        towns=np.argsort(e.town_region, kind="stable").astype(np.int16),
        town_start=np.concatenate([[0], np.cumsum(counts)]),
        town_of=e.place,
        sector_of=e.sector,
        region_of=e.region,
        institutions=e.institutions,
        partner=e.partner,
        partnerships=e.partnerships,
    )

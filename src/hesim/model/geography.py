"""Say where employers and towns are, and which employers are partners."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Geography(NamedTuple):
    """Where things are.

    Attributes:
        town_region: Region of each town, shape (towns,).
        distance: Kilometres, shape (towns, towns).
        sector_of: Sector of each employer.
        region_of: Region of each employer.
        partner: 1 where two employers are partners across sectors, (employers, employers); the
            last employer is outside and has none, so row -1 serves those without a job.
    """

    town_region: NDArray[np.int8]
    distance: NDArray[np.float32]
    sector_of: NDArray[np.int8]
    region_of: NDArray[np.int8]
    partner: NDArray[np.uint8]

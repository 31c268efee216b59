"""Choose what all pictures show: sector, role, field, region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.record.places import Places

Mask = NDArray[np.bool_]
CHOICES: dict[str, tuple[str, ...]] = {
    "sector": ("hbo", "wo"),
    "role": c.ROLES[:7],
    "field": c.FIELDS,
    "region": c.REGIONS,
}
"""What can be chosen, by name of the selection's attribute."""


class Side(NamedTuple):
    """One side of a move, or a job: employer codes and roles, of equal shape."""

    employer: NDArray[np.generic]
    role: NDArray[np.generic]


@dataclass(frozen=True)
class Selection:
    """What is shown; None means all.

    Attributes:
        sector: `hbo` or `wo`.
        role: A role of hbo or wo.
        field: A field.
        region: A region.
    """

    sector: str | None = None
    role: str | None = None
    field: str | None = None
    region: str | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Selection()

    def jobs(self, places: Places, side: Side, field: NDArray[np.generic]) -> Mask:
        """Which jobs belong to the selection."""
        return self._side(places, side) & self._field(field)

    def moves(self, places: Places, one: Side, other: Side, field: NDArray[np.generic]) -> Mask:
        """Which moves belong to it: those of which at least one side does."""
        return (self._side(places, one) | self._side(places, other)) & self._field(field)

    def _field(self, field: NDArray[np.generic]) -> Mask:
        if self.field is None:
            return np.ones(field.shape, bool)
        return np.asarray(field == c.FIELDS.index(self.field))

    def _side(self, places: Places, side: Side) -> Mask:
        employer = np.asarray(side.employer, np.int64)
        mask = np.ones(employer.shape, bool)
        if self.sector is not None:
            mask &= places.sector[employer] == c.SECTORS.index(self.sector)
        if self.region is not None:
            mask &= places.region[employer] == c.REGIONS.index(self.region)
        if self.role is not None:
            mask &= np.asarray(side.role) == c.ROLES.index(self.role)
        return mask

"""Show an institution as a Mesa agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from hesim import categories as c
from hesim.model.items import HEADINGS

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


class Institution(mesa.Agent):
    """One hogeschool or university.

    Attributes:
        number: Its code in the columns.
        name: Its name.
        sector: `hbo` or `wo`.
        region: Its region.
        conditions: Its lasting quality by heading of table 3.5 (mean 0, standard deviation 1).
    """

    def __init__(self, model: HigherEducation, number: int) -> None:
        """Make the agent of the institution with this code."""
        super().__init__(model)
        self.number = number
        self.name = model.employers.names[number]
        self.sector = c.SECTORS[model.employers.sector[number]]
        self.region = c.REGIONS[model.employers.region[number]]
        self.conditions = dict(zip(HEADINGS, model.rates.quality[number].tolist(), strict=True))
        self._world = model

    @property
    def pay(self) -> dict[str, float]:
        """Gross pay a month of a full-time job by role that it employs, in euros."""
        wanted = self._world.employers.target[self.number].sum(axis=1)
        return {c.ROLES[r]: float(self._world.rates.pay[r]) for r in np.flatnonzero(wanted)}

    @property
    def requirements(self) -> dict[str, float]:
        """Points that its ranking gives for practice experience and research record in full."""
        weights = self._world.rates.hiring.weights
        if self.sector == "hbo":
            return {"practice": weights.practice, "research": 0.0}
        return {"practice": 0.0, "research": weights.research}

    @property
    def target(self) -> int:
        """Persons it wants in all roles and fields."""
        return int(self._world.employers.target[self.number].sum())

    @property
    def staff(self) -> int:
        """Persons whose main job is here now."""
        p = self._world.persons
        return int(np.count_nonzero((p.employer == self.number) & (p.present == 1)))

    @property
    def open_vacancies(self) -> int:
        """Vacancies open now."""
        v = self._world.market.vacancies.employer[: self._world.market.open_count]
        return int(np.count_nonzero(v == self.number))

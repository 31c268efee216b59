"""Show one person of the columns as a Mesa agent, on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


class Person(mesa.Agent):
    """A view: reads the columns when asked, keeps nothing of its own.

    Attributes:
        slot: Row in the columns now.
        identity: Stable identity.
    """

    def __init__(self, model: HigherEducation, slot: int) -> None:
        """Show the person in this row; the view does not stay registered with the model."""
        super().__init__(model)
        self.slot = slot
        self.identity = int(model.persons.id[slot])
        self._world = model
        self.remove()

    @property
    def age(self) -> float:
        """Age in years."""
        return float(self._world.month - self._world.persons.born[self.slot]) / 12.0

    @property
    def role(self) -> str:
        """Role in the main job."""
        return c.ROLES[self._world.persons.role[self.slot]]

    @property
    def employer(self) -> str | None:
        """Name of the main employer, None without a job."""
        code = int(self._world.persons.employer[self.slot])
        return None if code < 0 else self._world.employers.names[code]

    @property
    def education(self) -> str:
        """Highest education."""
        return c.EDUCATION[self._world.persons.education[self.slot]]

    @property
    def contract(self) -> str:
        """Contract type of the main job."""
        return c.CONTRACTS[self._world.persons.contract[self.slot]]

    @property
    def weekly_hours(self) -> int:
        """Contracted hours of the main job."""
        return int(self._world.persons.hours[self.slot])

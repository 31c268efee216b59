"""Show one person of the columns as a Mesa agent, on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from hesim.model.person_set import attribute

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

    def _read(self, name: str) -> Any:
        return attribute(self._world, name, np.array([self.slot]))[0].item()

    @property
    def age(self) -> float:
        """Age in years."""
        return float(self._read("age"))

    @property
    def role(self) -> str:
        """Role in the main job."""
        return str(self._read("role"))

    @property
    def employer(self) -> str | None:
        """Name of the main employer, None without a job."""
        return self._read("employer") or None

    @property
    def education(self) -> str:
        """Highest education."""
        return str(self._read("education"))

    @property
    def contract(self) -> str:
        """Contract type of the main job."""
        return str(self._read("contract"))

    @property
    def weekly_hours(self) -> int:
        """Contracted hours of the main job."""
        return int(self._read("weekly_hours"))

"""Weigh arms by what they bring and what they cost: net value, and a budget that binds.

Without a value in euros an arm is worth its effect. With one it is worth the effect times that
value, less what the arm costs in the same world (`best.Worlds.spent`). Under a budget an arm may
not be chosen in a world in which it costs more. The choice falls back to doing nothing there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim.study.answers.best import Worlds, with_nothing
from hesim.study.answers.curves import Floats

EUROS = "euros a year"
"""Unit of a net value."""


@dataclass(frozen=True)
class Weighing:
    """How arms are weighed against one another.

    Attributes:
        value: Euros that each further unit of the outcome is worth; None where costs do not count.
        budget: Euros a year that an arm may cost at most; None where there is no limit.
    """

    value: float | None = None
    budget: float | None = None

    @property
    def of_costs(self) -> bool:
        """Whether it needs to know what arms cost."""
        return self.value is not None or self.budget is not None

    def unit(self, unit: str) -> str:
        """Unit of what a choice brings.

        Args:
            unit: That of the outcome.
        """
        return unit if self.value is None else EUROS

    def payable(self, worlds: Worlds) -> NDArray[np.bool_]:
        """Where each arm costs no more than the budget, shape (arms, worlds)."""
        if self.budget is None:
            return np.ones(worlds.effects.shape, np.bool_)
        return np.asarray(worlds.spent <= self.budget)

    def payoffs(self, worlds: Worlds) -> Floats:
        """What choosing each arm brings in each world, and doing nothing as the last choice.

        Args:
            worlds: Effects in the direction that is wanted, and costs.

        Returns:
            Shape (worlds, arms + 1), in `unit`; zero where an arm may not be chosen.
        """
        net = worlds.effects if self.value is None else self.value * worlds.effects - worlds.spent
        return with_nothing(np.where(self.payable(worlds), net, 0.0)).T

    def least_value(self, worlds: Worlds) -> float:
        """The value from which on some arm brings more than it costs, on average over worlds.

        Args:
            worlds: As for `payoffs`.

        Returns:
            Euros for each further unit of the outcome; infinite where no arm has an effect.
        """
        payable = self.payable(worlds)
        effects = np.where(payable, worlds.effects, 0.0).sum(axis=1)
        spent = np.where(payable, worlds.spent, 0.0).sum(axis=1)
        return min((spent[effects > 0.0] / effects[effects > 0.0]).tolist(), default=float("inf"))

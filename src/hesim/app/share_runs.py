"""Work out each lever's share of what a scenario changes, from paired quick runs on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from hesim.app.levers import Changes
from hesim.app.quick_answer import LEAST, QuickAnswers
from hesim.levers.arms import BASELINE
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    from hesim.app.worker import Lane, World
    from hesim.study.answers.effects import Tables

MOST_LEVERS = 5
"""Levers of which shares are worked out: each more doubles the combinations."""
MakeWorld = Callable[[Changes, int], "World"]
"""Gives the world of changes of levers, at the small scale, by replication."""


def combinations_of(levers: Sequence[str]) -> list[tuple[str, ...]]:
    """All combinations of some levers, none of them first."""
    return [some for size in range(len(levers) + 1) for some in combinations(levers, size)]


def only(changes: Changes, levers: Sequence[str]) -> Changes:
    """The changes of some of the levers alone."""
    return {
        month: {key: dials for key, dials in chosen.items() if key in levers}
        for month, chosen in changes.items()
    }


class ShareRuns(QuickAnswers):
    """Has all combinations of a scenario's levers simulated.

    Attributes:
        asked: The changes of which shares were asked for; None before.
    """

    asked: Changes | None = None
    _make: MakeWorld | None = None
    _levers: tuple[str, ...] = ()

    def ask_shares(self, changes: Changes, levers: Sequence[str], make: MakeWorld) -> None:
        """Have every combination simulated; what is known already is not simulated again.

        Args:
            changes: Changes of levers of the scenario.
            levers: Its levers, from 2 to `MOST_LEVERS`.
            make: Makes worlds.
        """
        self.stop()
        self.asked, self._levers, self._make = changes, tuple(levers), make
        groups: list[tuple[Lane, tuple[World, ...]]] = []
        for replication in range(LEAST):
            worlds = self._of(replication)
            missing = [x for x in dict.fromkeys(worlds) if self.store.get(x) is None]
            groups += [("quick", (world,)) for world in missing]
        self.wanted = LEAST * len(combinations_of(self._levers))
        self._simulate(groups)

    def _of(self, replication: int) -> list[World]:
        assert self.asked is not None and self._make is not None
        make, changes = self._make, self.asked
        return [make(only(changes, some), replication) for some in combinations_of(self._levers)]

    def simulated(self) -> int:
        """Runs that are there, of those that are wanted."""
        if self.asked is None:
            return 0
        worlds = (world for k in range(LEAST) for world in self._of(k))
        return sum(self.store.get(world) is not None for world in worlds)

    def shares(self, outcome: str, before: int) -> list[Mapping[str, Any]] | None:
        """Rows of `study.answers.lever_shares`, once all combinations are there.

        Args:
            outcome: Name of the outcome.
            before: Years that the means leave out.
        """
        from hesim.study.answers.effects import paired_differences, records
        from hesim.study.answers.lever_shares import lever_shares

        if self.asked is None or self.simulated() < self.wanted:
            return None
        frame = lever_shares(paired_differences(self._levels(outcome, before)))
        return None if frame is None else list(records(frame))

    def _levels(self, outcome: str, before: int) -> Tables:
        """The mean of the outcome over the years, by combination and replication."""
        from hesim.study.answers.effects import ArmValues

        rows = []
        for replication in range(LEAST):
            found = [self.store.get(world) for world in self._of(replication)]
            rows.append([x[outcome][before:].mean() for x in found if x is not None])
        values = np.array(rows)
        names = ["+".join(some) or BASELINE for some in combinations_of(self._levers)]
        return {
            (name, CENTRAL): ArmValues([(0, -1)], values[None, :, k])
            for k, name in enumerate(names)
        }

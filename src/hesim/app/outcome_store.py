"""Simulate worlds for their outcomes by year alone, and remember those of all visitors."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.app.worker import World, composed_world, take_over
from hesim.levers.arms import BASELINE, POLICY

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

OutcomesByYear = dict[str, NDArray[np.float64]]
"""Each outcome by year, at full scale."""
SMALL = 0.1
"""Scale up to which the beginning of a world is remembered in the worker."""


def be_ready() -> None:
    """Import what worlds are simulated with, before somebody waits for one."""
    import hesim.app.session
    import hesim.execution.simulate
    import hesim.outcomes.registry
    import hesim.survey.movers  # noqa: F401


def simulate_worlds(worlds: Sequence[World]) -> list[OutcomesByYear]:
    """Simulate worlds that differ in their levers alone.

    The months before the first change of levers are simulated once.

    Args:
        worlds: At least one.

    Returns:
        Outcomes of each, in the order of the worlds.
    """
    from hesim.execution.simulate import Unwatched, pass_months
    from hesim.outcomes.registry import at_full_scale, headline
    from hesim.survey.movers import sort_movers

    one = worlds[0]
    settings, _ = composed_world(one.overrides, one.config, one.extra)
    scale, years = settings.number("population.scale"), settings.integer("years")
    months = 12 * years
    first = [min([m for m, _ in world.changes], default=months) for world in worlds]
    trunk = _copy(_remembered(replace(one, changes=()))) if scale <= SMALL else _newborn(one)
    found: dict[int, OutcomesByYear] = {}
    for at in sorted(range(len(worlds)), key=lambda k: first[k]):
        pass_months(trunk, Unwatched(), min(first[at], months))
        last = len(found) == len(worlds) - 1
        model, world = trunk if last else _copy(trunk), worlds[at]

        def step(model: HigherEducation, world: World = world) -> None:
            take_over(world, model)
            model.step()

        pass_months(model, Unwatched(), months, step=step)
        model.finish()
        found[at] = at_full_scale(headline(model, sort_movers(model), years), scale)
        model.let_go()
    return [found[at] for at in range(len(worlds))]


def _newborn(world: World) -> HigherEducation:
    from hesim.app.session import newborn

    settings, tables = composed_world(world.overrides, world.config, world.extra)
    return newborn(settings, tables, world.replication)


@lru_cache(maxsize=8)
def _remembered(world: World) -> HigherEducation:
    """A world at the beginning of its first recorded month; only copies of it are stepped."""
    return _newborn(world)


def _copy(model: HigherEducation) -> HigherEducation:
    # Settings and tables never change, so that copies may read the same ones.
    same = {id(each): each for each in (model.settings, model.tables)}
    return copy.deepcopy(model, same)


@dataclass(frozen=True)
class OutcomesOfArm:
    """Outcomes of one replication of an arm, as `outcomes.summary.summarise` takes them.

    Attributes:
        arm: `baseline` for the world that is compared with, `policy` for the other.
        outcomes: Outcomes by year, at full scale.
    """

    arm: str
    outcomes: OutcomesByYear


@dataclass
class OutcomeStore:
    """Outcomes of whole worlds, for all visitors; those that were not asked for longest go first.

    Attributes:
        most: Worlds that are remembered; one takes about 4 kB.
    """

    most: int = 4000
    _known: OrderedDict[World, OutcomesByYear] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, world: World) -> OutcomesByYear | None:
        """Outcomes of a world, None while they are not known."""
        with self._lock:
            found = self._known.get(world)
            if found is not None:
                self._known.move_to_end(world)
            return found

    def put(self, world: World, outcomes: OutcomesByYear) -> None:
        """Remember the outcomes of a world."""
        with self._lock:
            self._known[world] = outcomes
            while len(self._known) > self.most:
                self._known.popitem(last=False)

    def pairs(self, first: Sequence[World], second: Sequence[World]) -> list[OutcomesOfArm]:
        """What is known of worlds in pairs: both worlds of a pair or none.

        Args:
            first: Worlds that are compared with, by replication.
            second: The others, in the same order.
        """
        found = []
        for one, other in zip(first, second, strict=True):
            base, policy = self.get(one), self.get(other)
            if base is not None and policy is not None:
                found += [OutcomesOfArm(BASELINE, base), OutcomesOfArm(POLICY, policy)]
        return found

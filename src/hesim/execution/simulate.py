"""Simulate one world month by month: the loop, and the months that several arms share.

Until the first lever acts, an arm with levers is the same world as its baseline: every draw is
keyed by its meaning, and a policy changes nothing before its start. So the months up to there, the
trunk, are simulated once for each seed, replication and set of other settings. An arm branches off
as a copy, from which it goes on to the same bytes as if it had been simulated from its first month.

The trunk lives in the process that simulates, between one run and the next of the same group. A
process that dies loses it, and the next one makes it again. Nothing else depends on it: which runs
find a trunk changes what they cost, never what they give.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from hesim.levers.dates import months_of
from hesim.levers.policy import Levers, policy_of
from hesim.model.higher_education import HigherEducation

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

OnMonth = Callable[[int, int], None]
"""Called after each month with the months done and the months in all."""


Step = Callable[[HigherEducation], None]
"""Carries out one month of a world."""


class Observer(Protocol):
    """Notes something of a world after each month; it is copied with the world."""

    def after_month(self, model: HigherEducation) -> None:
        """Take a look; nothing may be changed."""


class Unwatched:
    """An observer that notes nothing."""

    def after_month(self, model: HigherEducation) -> None:
        """Note nothing."""


class Share(NamedTuple):
    """What a run has in common with others that the same process simulates.

    Attributes:
        origin: What the settings of all its runs come from; compared by identity, so that no run of
            another study can be mistaken for one of this.
        group: The same for runs of it that differ in their levers alone.
        more: Whether another run of the group follows, so that the trunk has to be preserved.
    """

    origin: object
    group: Hashable
    more: bool


class _Trunk(NamedTuple):
    origin: object
    group: Hashable
    model: HigherEducation
    observer: Observer


class _TrunkShelf:
    """Where this process holds its one trunk."""

    trunk: _Trunk | None = None


_shelf = _TrunkShelf()

AnyObserver = TypeVar("AnyObserver", bound=Observer)


def first_month(policy: Levers | None, settings: Settings) -> int:
    """Month in which an arm leaves the baseline: its first lever's, or the end of the run."""
    end = 12 * settings.integer("years")
    if policy is None:
        return end
    return min(end, *(lever.start for lever in policy.levers))


def simulate(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    observer: AnyObserver,
    on_month: OnMonth | None = None,
    share: Share | None = None,
    follow: bool = False,
    leaves: int | None = None,
) -> tuple[HigherEducation, AnyObserver]:
    """Simulate a world to its end.

    Args:
        settings: The composed config, of one arm.
        tables: The report's tables.
        replication: Number of the replication; part of every random key.
        observer: Looks at the world after each month, from the first of the burn-in on.
        on_month: Told of each month.
        share: What the run has in common with others; None simulates it by itself.
        follow: Note who takes part in each lever.
        leaves: Month in which the run leaves the trunk; None leaves it when its first lever acts.

    Returns:
        The finished model, and the observer that saw all of its months. It is a copy of the one
        that was handed in where the run branched off a trunk.
    """
    model, watching = _begin(settings, tables, replication, observer, on_month, share, leaves)
    if follow and isinstance(model.policy, Levers):
        model.policy.attendance.asked = True
    pass_months(model, watching, 12 * settings.integer("years"), on_month)
    model.finish()
    return model, watching


def forget_trunk() -> None:
    """Give up the trunk that this process holds."""
    trunk, _shelf.trunk = _shelf.trunk, None
    if trunk is not None:
        trunk.model.let_go()


def _begin(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    observer: AnyObserver,
    on_month: OnMonth | None,
    share: Share | None,
    leaves: int | None,
) -> tuple[HigherEducation, AnyObserver]:
    if share is None:
        return HigherEducation(settings, tables, replication), observer
    policy = policy_of(settings)
    branches = first_month(policy, settings) if leaves is None else leaves
    trunk = _shelf.trunk
    mine = trunk is not None and trunk.origin is share.origin and trunk.group == share.group
    if trunk is None or not mine or trunk.model.month > branches:
        forget_trunk()
        plain = settings.with_values({"levers": {}, "without": []})
        model = HigherEducation(plain, tables, replication)
        trunk = _Trunk(share.origin, share.group, model, observer)
    # Until it is whole again nobody may take it: an error could leave it in mid-month.
    _shelf.trunk = None
    pass_months(trunk.model, trunk.observer, branches, on_month)
    model, watching = trunk.model, trunk.observer
    if share.more:
        # Settings and tables never change, so that both worlds may read the same ones.
        same = {id(one): one for one in (trunk.model.settings, trunk.model.tables)}
        model, watching = copy.deepcopy((trunk.model, trunk.observer), same)
        _shelf.trunk = trunk
    model.settings, model.policy = settings, policy
    return model, watching  # type: ignore[return-value]  # a group has observers of one class


def whole_month(model: HigherEducation) -> None:
    """Carry out all events of a month."""
    model.step()


def pass_months(
    model: HigherEducation,
    observer: Observer,
    until: int,
    on_month: OnMonth | None = None,
    step: Step = whole_month,
) -> None:
    """Let months pass in a world: the only loop over them.

    Args:
        model: The world.
        observer: Looks at it after each month.
        until: Month at whose beginning it stops; that of the first recorded one is 0.
        on_month: Told of each month.
        step: Carries out a month.
    """
    total, burn_in = months_of(model.settings), model.settings.integer("burn_in")
    while model.month < until:
        step(model)
        observer.after_month(model)
        if on_month is not None:
            on_month(model.month + burn_in, total)

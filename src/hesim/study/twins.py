"""Hold the baseline world beside which a study lays the participants of its arms.

In a group of runs the baseline comes last (`study.groups`), and the arms may land in another
process. So the first arm of a group simulates the baseline from where it leaves the trunk itself,
and what is asked of it stays here until a run of another group comes. The baseline's own run finds
its outcomes here, if it lands in the same process. A group costs at most one world more for each
process that has a part of it, and only when participants are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.execution.simulate import first_month, forget_trunk, simulate
from hesim.levers.policy import Levers, policy_of
from hesim.record.participants import PREFIX, count_participants
from hesim.record.watch import StudyWatch
from hesim.record.whereabouts import Lives

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from hesim.config import Settings
    from hesim.execution.simulate import Share
    from hesim.model.higher_education import HigherEducation
    from hesim.outcomes.staff import Ages
    from hesim.tables import ReportTables

ByYear = dict[str, NDArray[np.float64]]
ASKED = "study.participants"
"""Setting that asks what became of those who take part."""


class Baseline(NamedTuple):
    """A baseline world that has been simulated.

    Attributes:
        origin: What its settings come from; compared by identity.
        group: The same for runs that differ in their levers alone.
        lives: Where its persons were.
        outcomes: What was read off it.
    """

    origin: object
    group: Hashable
    lives: Lives
    outcomes: ByYear


class _BaselineShelf:
    """Where this process holds its one baseline."""

    baseline: Baseline | None = None


_shelf = _BaselineShelf()


def asks_participants(settings: Settings) -> bool:
    """Whether a study asks what became of those who take part; older ones do not know of it."""
    study = settings.mapping("study")
    return bool(study.get("participants"))


def observe_beside(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    share: Share | None,
    read_off: Callable[[HigherEducation, Ages], ByYear],
) -> ByYear:
    """Simulate a run with its persons followed, and count participants beside the baseline.

    Args:
        settings: The composed config, of one arm.
        tables: The report's tables.
        replication: Its number.
        share: What it has in common with other arms of the same world.
        read_off: Reads the outcomes off a finished world.

    Returns:
        The outcomes; of an arm with levers also those that begin with `PREFIX`.
    """
    policy = policy_of(settings)
    if policy is None:
        return _baseline(settings, tables, replication, share, None, read_off).outcomes
    plain = settings.with_values({"levers": {}, "without": []})
    leaves = first_month(policy, settings)
    twin = _baseline(plain, tables, replication, share, leaves, read_off)
    watch = StudyWatch(follow=True)
    model, seen = simulate(settings, tables, replication, watch, share=share, follow=True)
    made, acted, lives = read_off(model, seen.ages.counts), model.policy, seen.lives(model)
    assert isinstance(acted, Levers) and lives is not None
    years, scale = settings.integer("years"), settings.number("population.scale")
    worlds = (acted.participants(), twin.lives, lives)
    model.let_go()
    for lever, counts in count_participants(*worlds, years, scale).items():
        for key, values in counts.items():
            made[".".join((PREFIX, lever, *key))] = values
    return made


def _baseline(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    share: Share | None,
    leaves: int | None,
    read_off: Callable[[HigherEducation, Ages], ByYear],
) -> Baseline:
    """The baseline of a run: as it lies here, or simulated now.

    Args:
        settings: Settings without levers.
        tables: The report's tables.
        replication: Number of the replication.
        share: What it has in common with others.
        leaves: Month in which it leaves the trunk, for an arm that follows; None takes the trunk
            to its end.
        read_off: Reads the outcomes off a finished world.
    """
    known = _shelf.baseline
    if known is not None and share is not None and _is_of(known, share):
        if leaves is None and not share.more:
            # The baseline is the last of its group: nobody comes for trunk and twins any more.
            forget_trunk()
            forget_baseline()
        return known
    _shelf.baseline = None
    mine = share if share is None or leaves is None else share._replace(more=True)
    watch = StudyWatch(follow=True)
    model, seen = simulate(settings, tables, replication, watch, share=mine, leaves=leaves)
    origin, group = (None, None) if share is None else (share.origin, share.group)
    lives = seen.lives(model)
    assert lives is not None
    made = Baseline(origin, group, lives, read_off(model, seen.ages.counts))
    model.let_go()
    if share is not None and share.more:
        _shelf.baseline = made
    return made


def _is_of(known: Baseline, share: Share) -> bool:
    return known.origin is share.origin and known.group == share.group


def forget_baseline() -> None:
    """Give up the baseline that this process holds."""
    _shelf.baseline = None

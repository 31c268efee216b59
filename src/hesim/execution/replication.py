"""Simulate one replication and hand over everything that it leaves behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.levers.arms import BASELINE, WITHOUT

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.execution.simulate import OnMonth, Share
    from hesim.record.replication import Replication
    from hesim.tables import ReportTables


def simulate_replication(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    on_month: OnMonth | None = None,
    share: Share | None = None,
    follow: bool = False,
) -> Replication:
    """Simulate one replication.

    Args:
        settings: The composed config.
        tables: The report's tables.
        replication: Its number; part of every random key.
        on_month: Called after each month with months done and months in all.
        share: What it has in common with other arms of the replication.
        follow: Keep where each person was, and who took part in levers, so that participants can
            be laid beside their twins in another arm.

    Returns:
        Everything that the run's files need.
    """
    # Imported late, as a run of another model needs nothing of this one.
    from hesim.execution.simulate import simulate
    from hesim.levers.policy import Levers
    from hesim.record.replication import results_of
    from hesim.record.watch import Watch

    watch = Watch(follow)
    model, seen = simulate(settings, tables, replication, watch, on_month, share, follow)
    policy, first = model.policy, int(settings.text("start")[:4])
    reached, costs = ([], [])
    if isinstance(policy, Levers):
        scale = settings.number("population.scale")
        reached = list(policy.accounts.rows(first))
        costs = list(policy.accounts.costs(list(policy.register.values()), scale, first))
    results = results_of(model, seen, reached, costs)
    if follow and isinstance(policy, Levers):
        results = replace(results, participants=policy.participants())
    model.let_go()
    return results


def simulate_one(
    settings: Settings,
    replication: int,
    on_month: OnMonth | None = None,
    share: Share | None = None,
    follow: bool = False,
) -> Replication:
    """Simulate one replication from settings alone (so that any process can)."""
    from hesim.tables import read

    folder = settings["data"]
    tables = read(None if folder is None else Path(str(folder)))
    return simulate_replication(settings, tables, replication, on_month, share, follow)


def simulate_arm(
    settings: Settings,
    replication: int,
    on_month: OnMonth | None = None,
    share: Share | None = None,
) -> Replication:
    """Simulate one replication of an arm whose persons are followed from world to world."""
    return simulate_one(settings, replication, on_month, share, follow=True)


def of_arm(arm: str, made: Replication) -> Replication:
    """Name the arm of a replication, and leave out what nobody reads of it."""
    if arm == BASELINE:
        return made
    if arm.startswith(WITHOUT):
        # Only outcomes are compared; the tables would only travel and lie about.
        made = replace(
            made, arm=arm, stocks={}, flows={}, vacancies={}, movers={}, margins={}, survey=[]
        )
        # A model of the caller's own follows nobody, and has no place for it.
        followed = getattr(made, "lives", None) is not None
        return replace(made, lives=None, participants={}) if followed else made
    return replace(made, arm=arm)

"""Simulate one replication and hand over everything that it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.execution.simulate import OnMonth, Share
    from hesim.record.replication import Replication
    from hesim.tables import ReportTables

Simulate = Callable[..., "Replication"]
"""Takes settings and the replication's number; if it has an argument `on_month`, also a function
to be called after each month with months done and months in all; if it has an argument `share`,
also what it has in common with other arms, see `execution.simulate.Share`."""


def simulate_replication(
    settings: Settings,
    tables: ReportTables,
    replication: int,
    on_month: OnMonth | None = None,
    share: Share | None = None,
) -> Replication:
    """Simulate one replication.

    Args:
        settings: The composed config.
        tables: The report's tables.
        replication: Its number; part of every random key.
        on_month: Called after each month with months done and months in all.
        share: What it has in common with other arms of the replication.

    Returns:
        Everything that the run's files need.
    """
    # Imported late, as a run of another model needs nothing of this one.
    from hesim.execution.simulate import simulate
    from hesim.levers.policy import Levers
    from hesim.record.replication import YearlyStaff, results_of

    model, staff = simulate(settings, tables, replication, YearlyStaff(), on_month, share)
    policy, first = model.policy, int(settings.text("start")[:4])
    accounts = list(policy.accounts.rows(first)) if isinstance(policy, Levers) else []
    results = results_of(model, staff, accounts)
    model.let_go()
    return results


def simulate_one(
    settings: Settings,
    replication: int,
    on_month: OnMonth | None = None,
    share: Share | None = None,
) -> Replication:
    """Simulate one replication from settings alone (so that any process can)."""
    from hesim.tables import read

    folder = settings["data"]
    tables = read(None if folder is None else Path(str(folder)))
    return simulate_replication(settings, tables, replication, on_month, share)

"""Simulate one replication and hand over everything that it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hesim.execution.simulate import OnMonth, Share
from hesim.execution.simulate import simulate as simulate_world
from hesim.levers.policy import Levers
from hesim.record.replication import Replication, YearlyStaff, results_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables


def simulate(
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
    model, staff = simulate_world(settings, tables, replication, YearlyStaff(), on_month, share)
    policy, first = model.policy, int(settings.text("start")[:4])
    accounts = list(policy.accounts.rows(first)) if isinstance(policy, Levers) else []
    results = results_of(model, staff, accounts)
    model.let_go()
    return results

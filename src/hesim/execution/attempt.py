"""Simulate one replication, and catch whatever goes wrong in it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.execution.simulate import Share
    from hesim.record.replication import Replication

Simulate = Callable[..., "Replication"]
"""Takes settings and the replication's number; if it has an argument `on_month`, also a function
to be called after each month with months done and months in all; if it has an argument `share`,
also what it has in common with other arms, see `execution.simulate.Share`."""


class Ended(NamedTuple):
    """A replication that ended: with results, or with words about what went wrong."""

    number: int
    made: Replication | None
    error: str | None


def simulate_one(
    settings: Settings,
    replication: int,
    on_month: Callable[[int, int], None] | None = None,
    share: Share | None = None,
) -> Replication:
    """Simulate one replication from settings alone (so that any process can)."""
    from hesim.execution.replication import simulate
    from hesim.tables import read

    folder = settings["data"]
    tables = read(None if folder is None else Path(str(folder)))
    return simulate(settings, tables, replication, on_month, share)


def attempt(
    work: Simulate, settings: Settings, number: int, on_month: Callable[[int, int], None]
) -> Ended:
    """Simulate a replication; an error becomes words."""
    try:
        if "on_month" in signature(work).parameters:
            return Ended(number, work(settings, number, on_month=on_month), None)
        return Ended(number, work(settings, number), None)
    except Exception:  # noqa: BLE001 - whatever went wrong is told in the manifest
        return Ended(number, None, traceback.format_exc())

"""Say from which year of a run on its levers are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def month_number(month: str, start: str) -> int:
    """Months from the first recorded month of a run to a month such as `2014-01`."""
    return 12 * (int(month[:4]) - int(start[:4])) + int(month[5:]) - int(start[5:])


def years_before(levers: Iterable[Mapping[str, Any]], start: str, years: int) -> int:
    """Count the simulated years that end before the first lever starts.

    Means over the years leave them out: there every policy equals its baseline, so that they
    would only thin the difference.

    Args:
        levers: Settings of the levers, each with its `start`, such as `2014-01`.
        start: First recorded month of the run.
        years: Simulated years.

    Returns:
        0 to `years` - 1; 0 without a lever that starts within the run.
    """
    starts = [month_number(str(body["start"]), start) // 12 for body in levers]
    before = max(min(starts, default=0), 0)
    return before if before < years else 0

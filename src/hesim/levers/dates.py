"""Count the months of a run, and say from when on its levers are in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesim.config import Settings


OUTSIDE = "it acts in no recorded month"
"""Why a lever is idle whose dates lie outside the run."""


def months_of(settings: Settings) -> int:
    """Months of a run, the burn-in included."""
    return settings.integer("burn_in") + 12 * settings.integer("years")


def month_number(month: str, start: str) -> int:
    """Months from the first recorded month of a run to a month such as `2014-01`."""
    return 12 * (int(month[:4]) - int(start[:4])) + int(month[5:]) - int(start[5:])


def month_names(start: str, years: int) -> tuple[str, ...]:
    """Names of the recorded months, as `2011-01`, and behind them an empty one for none.

    Args:
        start: First recorded month of the run.
        years: Simulated years.
    """
    first = 12 * int(start[:4]) + int(start[5:]) - 1
    months = range(first, first + 12 * years)
    return (*(f"{month // 12}-{month % 12 + 1:02d}" for month in months), "")


def outside_the_run(
    levers: Mapping[str, Mapping[str, Any]], start: str, years: int
) -> Iterator[str]:
    """Say of each lever that acts in no recorded month of a run that it does not.

    Args:
        levers: Settings of the levers by name.
        start: First recorded month of the run, such as `2011-01`.
        years: Simulated years.
    """
    last = 12 * int(start[:4]) + int(start[5:]) - 2 + 12 * years
    through = f"{start} to {last // 12}-{last % 12 + 1:02d}"
    for name, body in levers.items():
        begins, end = str(body["start"]), body["end"]
        if month_number(begins, start) >= 12 * years:
            yield (
                f"levers.{name}: it does nothing, as it starts in {begins} and the run records "
                f"{through}; start it sooner or simulate more years"
            )
        elif end is not None and month_number(str(end), start) < 0:
            yield (
                f"levers.{name}: it ended in {end} and the run records {through}; "
                "nothing but what it left behind is seen"
            )


def why_idle(body: Mapping[str, Any], start: str, years: int) -> str:
    """Why a lever does nothing in a run, whatever its dials say; empty if it does something.

    Args:
        body: Settings of the lever.
        start: First recorded month of the run, such as `2011-01`.
        years: Simulated years.
    """
    if body["strength"] == 0:
        return "its strength is 0"
    if body["reach"]["share"] == 0:
        return "nobody takes part in it (reach.share is 0)"
    return OUTSIDE if any(outside_the_run({"": body}, start, years)) else ""


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


def years_in_words(first: int, last: int) -> str:
    """Say which years these are: `2014 to 2020`, or `2014` alone."""
    return f"{first}" if first == last else f"{first} to {last}"

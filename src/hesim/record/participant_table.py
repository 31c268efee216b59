"""Make the table of what taking part did, for each 100 who took part: of a run and of a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.outcomes.summary import interval
from hesim.record.participants import (
    APART,
    HORIZONS,
    MEASURES,
    OTHER_SECTOR,
    OTHERS,
    PARTICIPANTS,
    PERSONS,
    WORLDS,
    Counts,
)
from hesim.survey.crossings import CROSSINGS

TABLE = "participants"
"""Name of the table."""
EVERYBODY = "everybody"
"""Group of participants and others together."""
WHOLE_RUN = "whole run"
UNIT = "per 100 participants"
COLUMNS = (
    "lever",
    "group",
    "after",
    "measure",
    "unit",
    "persons",
    "apart_percent",
    "baseline",
    "policy",
    "difference",
    "difference_low",
    "difference_high",
    "distinguishable",
)
"""Columns of the table; of a study there are arm and scenario before them."""
TITLES = {
    "wo_to_hbo": "crossings from wo to hbo",
    "hbo_to_wo": "crossings from hbo to wo",
    OTHER_SECTOR: "posts held in the other sector",
    "in_hbo": "posts held in hbo",
    "in_wo": "posts held in wo",
    "two_posts": "posts held in both at once",
    "permanent": "permanent contracts",
    "elsewhere": "jobs outside hbo and wo",
    "no_job": "without a job",
    "gone": "not in the population",
}
"""What each measure is called."""
Floats = NDArray[np.float64]
Totals = dict[tuple[str, str, str], Floats]
"""Counts of whole runs, shape (worlds, replications), by what is looked at, world and measure."""
Estimate = Callable[[Floats], tuple[float, float, float]]
"""Mean and ends of the 95% interval of a table of worlds by replications."""


def after_in_words(horizon: str) -> str:
    """Words of a horizon, as the column `after` has them."""
    return f"{horizon} months"


WHOLE, IN_FORCE, LAST = "whole", "in_force", "last"
"""What becomes of counts by year: the sum of all, of those with a lever in force, or the last."""


def sum_of(when: str, measure: str) -> str:
    """Say how counts by year become one number: `WHOLE`, `IN_FORCE` or `LAST`.

    Participants of all years are added up. On the calendar, where people are counts at the end of
    the run, and crossings from the year on in which the first lever starts.

    Args:
        when: A horizon, or a group.
        measure: What is counted.
    """
    if when not in (PARTICIPANTS, OTHERS) or measure in (PERSONS, APART):
        return WHOLE
    return IN_FORCE if measure in CROSSINGS else LAST


def sum_of_years(when: str, measure: str, of_years: Floats, before: int) -> float:
    """Make one number of a count by year, see `sum_of`.

    Args:
        when: A horizon, or a group.
        measure: What is counted.
        of_years: Counts, shape (years,).
        before: Years before the first lever starts.
    """
    parts = {WHOLE: of_years, IN_FORCE: of_years[before:], LAST: of_years[-1:]}
    return float(parts[sum_of(when, measure)].sum())


def totals_of(counts: Sequence[Counts], before: int) -> Totals:
    """Totals of the replications of a run, shape (1, replications), see `sum_of_years`."""
    return {
        key: np.array([[sum_of_years(key[0], key[2], each[key], before) for each in counts]])
        for key in counts[0]
    }


def over_replications(values: Floats) -> tuple[float, float, float]:
    """Mean and 95% interval over the replications that have a figure."""
    known = values[~np.isnan(values)]
    return interval(known) if known.size else (np.nan, np.nan, np.nan)


def participant_rows(lever: str, totals: Totals, estimate: Estimate) -> Iterator[dict[str, Any]]:
    """Rows of one lever; none for a horizon that nobody was followed to.

    Each replication is divided by its own participants before anything is averaged, so that the
    difference is paired and its interval is one of differences for each 100.

    Args:
        lever: Name of the lever.
        totals: Its totals.
        estimate: Makes mean and interval of a table of worlds by replications.

    Yields:
        Rows with the columns of `COLUMNS`.
    """
    for when in (*map(str, HORIZONS), PARTICIPANTS):
        persons, apart = (totals[when, WORLDS[1], name] for name in (PERSONS, APART))
        if not np.nansum(persons):
            continue
        facts = {
            "lever": lever,
            "after": WHOLE_RUN if when == PARTICIPANTS else after_in_words(when),
            "persons": float(np.nanmean(persons)),
            "apart_percent": float(100.0 * np.nansum(apart) / np.nansum(persons + apart)),
        }
        for measure in MEASURES:
            if (when, WORLDS[0], measure) not in totals:
                continue
            mine = [totals[when, world, measure] for world in WORLDS]
            each = {PARTICIPANTS: mine}
            if when == PARTICIPANTS:
                others = [totals[OTHERS, world, measure] for world in WORLDS]
                whole = [one + other for one, other in zip(mine, others, strict=True)]
                each |= {OTHERS: others, EVERYBODY: whole}
            for group, (base, policy) in each.items():
                yield {**facts, "group": group, **_row(measure, base, policy, persons, estimate)}


def _row(
    measure: str, base: Floats, policy: Floats, persons: Floats, estimate: Estimate
) -> dict[str, Any]:
    with np.errstate(divide="ignore", invalid="ignore"):
        per = np.where(persons > 0, 100.0 / persons, np.nan)
    mean, low, high = estimate((policy - base) * per)
    return {
        "measure": measure,
        "unit": UNIT,
        "baseline": estimate(base * per)[0],
        "policy": estimate(policy * per)[0],
        "difference": mean,
        "difference_low": low,
        "difference_high": high,
        "distinguishable": bool(low > 0 or high < 0),
    }


def table_of_run(counts: Mapping[str, Sequence[Counts]], before: int) -> Iterator[dict[str, Any]]:
    """Rows of all levers of a run.

    Args:
        counts: For each lever, the counts of each replication.
        before: Years before the first lever starts.
    """
    for lever, each in counts.items():
        yield from participant_rows(lever, totals_of(each, before), over_replications)

"""Simulate one point and keep only its outcomes by year: no survey, no tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.execution.simulate import Share
    from hesim.model.higher_education import HigherEducation
    from hesim.outcomes.staff import Ages
    from hesim.tables import ReportTables

Outcomes = dict[str, NDArray[np.float64]]

PLACES = ("hbo", "wo", "elsewhere", "no_job", "outside")
"""Between what flows are counted: both sectors, all others, no job, and outside the model."""

FLOWS = tuple(
    f"flow.{origin}.{target}"
    for origin in PLACES
    for target in PLACES
    if {origin, target} & {"hbo", "wo"}
)
"""Outcomes `flow.FROM.TO`, persons a year; those that touch neither sector are left out."""

_tables: dict[str | None, ReportTables] = {}


def replication_outcomes(
    settings: Settings, replication: int, share: Share | None = None
) -> Outcomes:
    """Simulate one replication.

    Args:
        settings: The composed config, of one arm.
        replication: Its number; part of every random key.
        share: What it has in common with other arms of the same world.

    Returns:
        Each outcome by year; counts are divided by `population.scale`, so that they read as
        full scale.
    """
    from hesim.execution.simulate import simulate
    from hesim.record.watch import StudyWatch
    from hesim.study.twins import asks_participants, observe_beside

    read_off, tables = partial(outcomes_by_year, settings), _read(settings)
    if asks_participants(settings):
        return observe_beside(settings, tables, replication, share, read_off)
    model, seen = simulate(settings, tables, replication, StudyWatch(), share=share)
    made = read_off(model, seen.ages.counts)
    model.let_go()
    return made


def outcomes_by_year(settings: Settings, model: HigherEducation, ages: Ages) -> Outcomes:
    """Read the outcomes off a finished world, and parts and flows if they are asked for.

    Args:
        settings: The composed config.
        model: The finished world.
        ages: Staff by age at the end of each year.
    """
    from hesim.outcomes.breakdown import OF_STUDIES, break_down, outcome_entry
    from hesim.outcomes.registry import at_full_scale, headline
    from hesim.survey.movers import sort_movers

    years, scale = settings.integer("years"), settings.number("population.scale")
    movers = sort_movers(model)
    made = at_full_scale(headline(model, movers, years), scale)
    dimensions = dimensions_of(settings.mapping("study"))
    parts = break_down(model, movers, years, ages, dimensions, OF_STUDIES) if dimensions else {}
    for part, values in parts.items():
        made[part.name] = values / outcome_entry(part.outcome).divisor(scale)
    if settings.flag("study.flows"):
        made |= {name: values / scale for name, values in count_flows(model, years).items()}
    return made


def dimensions_of(study: Mapping[str, object]) -> tuple[str, ...]:
    """What a study breaks crossings and staff down by; older ones do not know of it."""
    asked = study.get("by") or ()
    names = asked if isinstance(asked, list | tuple) else (asked,)
    return tuple(str(name) for name in names)


def count_flows(model: HigherEducation, years: int) -> Outcomes:
    """Count who went from where to where, by year, as simulated."""
    from hesim import categories as c
    from hesim.model.ledger import (
        DEPARTURE,
        ENTRY,
        HIRE,
        MOVE,
        NOBODY,
        SEPARATION,
    )

    ledger, used = model.ledger, int(model.ledger.used[0])
    month = ledger.f_month[:used].astype(np.int64)
    kind = ledger.f_kind[:used]
    counted = np.isin(kind, (MOVE, HIRE, SEPARATION, ENTRY, DEPARTURE))
    rows = np.flatnonzero(counted & (month >= 0) & (month < 12 * years))
    # Codes from NOBODY upwards: nobody, outside the model, no job, then the employers.
    place = np.full(model.employers.sector.size - NOBODY, PLACES.index("elsewhere"))
    place[:2], place[2] = PLACES.index("outside"), PLACES.index("no_job")
    for code, name in ((c.HBO, "hbo"), (c.WO, "wo")):
        place[np.flatnonzero(model.employers.sector == code) - NOBODY] = PLACES.index(name)
    origin = place[ledger.f_from[:used][rows].astype(np.int64) - NOBODY]
    target = place[ledger.f_to[:used][rows].astype(np.int64) - NOBODY]
    shape = (years, len(PLACES), len(PLACES))
    flat = np.ravel_multi_index((month[rows] // 12, origin, target), shape)
    table = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)
    made = {}
    for name in FLOWS:
        _, start, end = name.split(".")
        made[name] = table[:, PLACES.index(start), PLACES.index(end)]
    return made


def _read(settings: Settings) -> ReportTables:
    from hesim.tables import read

    folder = None if settings["data"] is None else str(settings["data"])
    if folder not in _tables:
        _tables[folder] = read(None if folder is None else Path(folder))
    return _tables[folder]

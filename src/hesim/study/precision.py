"""Decide how many more replications an answer of the asked precision needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hesim.levers.arms import BASELINE
from hesim.study.answers.components import split
from hesim.study.arms import years_of_means

if TYPE_CHECKING:
    from hesim.study.points import StudyPlan
    from hesim.study.store import Store


def more_replications(store: Store, plan: StudyPlan) -> list[int]:
    """Numbers of further runs until each arm's interval is as narrow as `study.precision` asks.

    Each round's decision rests on the rounds before only, however the study was stopped and
    resumed in between: so the same runs come out. What counts is the width of the paired 95%
    interval for Monte Carlo noise; more replications cannot lessen parameter uncertainty.

    Returns:
        Runs that are missing; none when all arms are precise or the budget
        `study.most_replications` is used up.
    """
    settings = plan.settings
    if settings["study.precision"] is None:
        return []
    wanted = settings.number("study.precision")
    budget = settings.integer("study.most_replications")
    store.flush()
    arms = [arm.name for arm in plan.arms if arm.name != BASELINE] or [BASELINE]
    cells = _cells(store, plan)
    taken = dict.fromkeys(arms, plan.replications)
    while True:
        before = dict(taken)
        for arm in arms:
            width = max(_width(of_one, taken[arm]) for of_one in cells[arm].values())
            if width > wanted and taken[arm] < budget:
                needed = math.ceil(taken[arm] * min((width / wanted) ** 2, 2.0))
                taken[arm] = min(max(needed, taken[arm] + 1), budget)
        if taken == before:
            return []
        missing = sorted(_runs(plan, taken) - set(store.states))
        if missing:
            return missing


def _runs(plan: StudyPlan, taken: dict[str, int]) -> set[int]:
    size = len(plan.points)
    return {
        replication * size + point
        for row in plan.rows
        if row.arm in taken
        for point in (row.point, row.baseline)
        for replication in range(taken[row.arm])
    }


Cells = dict[tuple[int, int], float]
"""Effect by cell of the design and replication."""


def _cells(store: Store, plan: StudyPlan) -> dict[str, dict[str, Cells]]:
    """Effects by arm, then by structure: each must be as precise by itself."""
    from hesim.study.folder import Study

    outcome = plan.settings.text("study.outcome")
    years = years_of_means(
        {arm.name: arm.settings for arm in plan.arms},
        plan.settings.text("start"),
        plan.settings.integer("years"),
    )
    frame = (
        Study(store.folder)
        .connect()
        .execute(
            "select point, replication, avg(value) as value from results where outcome = ? "
            "and year between ? and ? group by all",
            [outcome, *years],
        )
        .df()
    )
    number = {point.id: point.number for point in plan.points}
    value = {
        (number[point], int(replication)): float(one)
        for point, replication, one in zip(
            frame["point"], frame["replication"], frame["value"], strict=True
        )
    }
    replications = int(frame["replication"].max()) + 1 if len(frame) else 0
    made: dict[str, dict[str, Cells]] = {
        arm.name: {name: {} for name in plan.each} for arm in plan.arms
    }
    for cell, row in enumerate(plan.rows):
        for replication in range(replications):
            mine = value.get((row.point, replication))
            base = value.get((row.baseline, replication))
            if mine is None or base is None:
                continue
            paired = row.arm != BASELINE
            made[row.arm][row.structure][cell, replication] = mine - base if paired else mine
    return made


def _width(cells: Cells, replications: int) -> float:
    """Width of the 95% interval of the mean for Monte Carlo noise; endless without two values."""
    used = {key: value for key, value in cells.items() if key[1] < replications}
    rows = sorted({cell for cell, _ in used})
    table = np.full((len(rows), replications), math.nan)
    place = {cell: k for k, cell in enumerate(rows)}
    for (cell, replication), value in used.items():
        table[place[cell], replication] = value
    found = split(table)
    return math.inf if math.isnan(found.noise_low) else found.noise_high - found.noise_low

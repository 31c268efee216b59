"""Say what levers did for those who took part, and how those differ who never did.

The counts are outcomes of the arms (`study.twins`): each run of an arm holds both worlds, so that
each difference is paired. Intervals are those of all other effects (`components.split`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim.levers.arms import BASELINE
from hesim.levers.catalogue import describe
from hesim.levers.registry import has_participants
from hesim.levers.titles import arm_title
from hesim.record.participant_table import (
    COLUMNS,
    TABLE,
    Totals,
    participant_rows,
    sum_of,
)
from hesim.record.participant_words import (
    nobody_lines,
    overview_lines,
    participant_lines,
    participant_sentences,
)
from hesim.record.participants import PREFIX
from hesim.study.answers.components import split
from hesim.study.answers.effects import central_worlds, grade, records
from hesim.study.points import CENTRAL

if TYPE_CHECKING:
    import pandas as pd

    from hesim.study.answers.question import Answer
    from hesim.study.folder import Study

MOST_WHOLE = 4
"""Levers whose tables are printed whole; of more each has one line."""


def participants(study: Study) -> pd.DataFrame | None:
    """What taking part did, for each 100 who took part.

    Returns:
        Columns arm, scenario, those of `participant_table.COLUMNS` and grade: a row for each lever
        of an arm, horizon or group, and measure. None where the study did not ask, or nobody took
        part in any lever.
    """
    import pandas as pd

    rows = [
        {"arm": arm, "scenario": scenario, **row, "grade": grade(study, arm)}
        for (arm, scenario, lever), totals in _totals(study)
        for row in participant_rows(lever, totals, _estimate)
    ]
    if not rows:
        return None
    return pd.DataFrame(rows, columns=["arm", "scenario", *COLUMNS, "grade"])


def _estimate(values: NDArray[np.float64]) -> tuple[float, float, float]:
    found = split(values)
    return found.mean, found.low, found.high


def _totals(study: Study) -> Iterator[tuple[tuple[str, str, str], Totals]]:
    """Totals of each arm, scenario and lever, shape (worlds, replications)."""
    worlds = central_worlds(study)
    only = "" if worlds is None else "and d.world = 0 "
    frame = (
        study.connect()
        .execute(
            "select d.arm, d.scenario, d.world, d.draw, r.replication, r.outcome, "
            "sum(r.value) as whole, coalesce(sum(r.value) filter (r.year between ? and ?), 0) "
            "as in_force, arg_max(r.value, r.year) as last "
            "from results r join design d using (point) "
            f"where starts_with(r.outcome, ?) {only}group by all "
            "order by d.arm, d.scenario, d.world, d.draw, r.replication, r.outcome",
            [*study.years, f"{PREFIX}."],
        )
        .df()
    )
    parts = frame["outcome"].str.split(".", expand=True)
    if frame.empty:
        return
    frame["lever"] = parts[1]
    for (arm, scenario, lever), mine in frame.groupby(["arm", "scenario", "lever"], sort=False):
        cell = mine.groupby(["world", "draw"]).ngroup().to_numpy()
        replication = mine["replication"].to_numpy()
        shape = (int(cell.max()) + 1, int(replication.max()) + 1)
        totals: Totals = {}
        for outcome, at in mine.groupby("outcome").indices.items():
            _, _, when, world, measure = str(outcome).split(".")
            values = np.full(shape, np.nan)
            found = mine[sum_of(when, measure)].to_numpy(np.float64)
            values[cell[at], replication[at]] = found[at]
            totals[when, world, measure] = values
        yield (str(arm), str(scenario), str(lever)), totals


def without_participants(study: Study, table: pd.DataFrame | None) -> list[str]:
    """Say in words of which levers there is nothing to tell, and why.

    Args:
        study: The study.
        table: What `participants` gave.
    """
    told = set() if table is None else {arm_title(str(lever)) for lever in table["lever"]}
    bodies = {
        lever: body
        for arm, levers in study.manifest["facts"]["arms"].items()
        if arm != BASELINE
        for lever, body in levers.items()
    }
    personal = {
        arm_title(lever): has_participants(describe(lever, body).mechanisms)
        for lever, body in bodies.items()
    }
    return list(nobody_lines(personal, told))


def add_participants(made: Answer) -> None:
    """Add the table to the answers of a study, if it asked for it."""
    if not made.study.settings["study"].get(TABLE):
        return
    found = participants(made.study)
    if found is not None:
        made.tables[TABLE] = found
    made.notes += without_participants(made.study, found)


def participant_answers(made: Answer) -> list[str]:
    """Sentences about the levers of the best arm; none where nobody took part in them."""
    table = made.tables.get(TABLE)
    if table is None:
        return []
    mine = table[(table["arm"] == made.best) & (table["scenario"] == CENTRAL)]
    return [
        sentence
        for lever, rows in mine.groupby("lever", sort=False)
        for sentence in participant_sentences(records(rows), arm_title(str(lever)))
    ]


def participant_screen(made: Answer) -> Iterator[str]:
    """Lines that print the table, lever by lever."""
    table = made.tables.get(TABLE)
    if table is None:
        return
    groups: list[tuple[Any, pd.DataFrame]] = list(
        table.groupby(["arm", "scenario", "lever"], sort=False)
    )
    names = [_name(*key) for key, _ in groups]
    if len(groups) > MOST_WHOLE:
        mine = {name: records(rows) for name, (_, rows) in zip(names, groups, strict=True)}
        yield from overview_lines(mine)
        yield f"All horizons and measures are in {TABLE}.csv."
        return
    for name, (_, rows) in zip(names, groups, strict=True):
        yield f"\n{name}: for each 100 who took part, policy less baseline (95% interval)"
        yield from participant_lines(records(rows))


def _name(arm: str, scenario: str, lever: str) -> str:
    where = [arm_title(part) for part in (arm, scenario) if part not in (lever, CENTRAL)]
    title = arm_title(lever)
    return f"{title} ({', '.join(where)})" if where else title

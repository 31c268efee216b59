"""Write everything that a run leaves but its manifest: settings, tables, summary and figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.files import put
from hesim.levers.arms import BASELINE, POLICY, weakest_grade, years_before_levers
from hesim.levers.dates import month_names
from hesim.outcomes.summary import ATTRIBUTION, COLUMNS, mechanism_effects, summarise
from hesim.record import outputs, participants
from hesim.record import participant_table as table
from hesim.record.description import Origin, origin_of
from hesim.record.package import write_package

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.replication import Replication
    from hesim.tables import ReportTables

Rows = list[dict[str, object]]
Draw = Callable[..., Iterator[tuple[str, bytes]]]
"""Draws a run's figures from its tables, see `hesim.charts.draw_all`: name and PNG of each."""


def write_results(
    work: Path,
    settings: Settings,
    tables: ReportTables,
    good: list[Replication],
    draw: Draw | None,
    made_by: Mapping[str, object] | None = None,
) -> Rows:
    """Write the results of the replications that are whole.

    Args:
        work: An existing folder.
        settings: The composed config.
        tables: The report's tables.
        good: The replications, in order of their numbers; without any only the settings
            are written.
        draw: Draws the figures; None leaves out what can be made from the tables later: figures
            and exports.
        made_by: Facts about the code, see `manifest.code_facts`.

    Returns:
        Rows of summary.csv.
    """
    put(work / "config.yaml", settings.yaml().encode())
    if not good:
        return []
    origin = origin_of(settings, made_by or {})
    outputs.write_tables(work, good, origin)
    first = int(settings.text("start")[:4])
    scale = settings.number("population.scale")
    outputs.write_outcomes(work, good, first, scale, origin)
    before = years_before_levers(settings)
    calibrated = "uncalibrated" if settings.text("calibration") == "none" else "calibrated"
    rows = summarise(good, first, scale, weakest_grade(settings), calibrated, before)
    outputs.write_rows(work / "summary.csv", COLUMNS, rows)
    followed: Rows = []
    if settings.mapping("levers"):
        outputs.write_rows(work / "levers.csv", outputs.LEVER_COLUMNS, outputs.lever_rows(good))
        outputs.write_rows(work / "costs.csv", outputs.COSTS_COLUMNS, outputs.cost_rows(good))
        followed = write_participants(work, settings, good, before, origin)
    if settings.flag("attribution") and settings.mapping("levers"):
        causes = mechanism_effects(good, scale, before)
        outputs.write_rows(work / "attribution.csv", ATTRIBUTION, causes)
    if draw is not None:
        _export(work, settings, good, rows)
        if settings.flag("figures"):
            _draw(work, settings, tables, good, rows, draw, followed)
    write_package(work, origin)
    return rows


def write_participants(
    work: Path, settings: Settings, good: list[Replication], before: int, origin: Origin
) -> Rows:
    """Write participants.parquet and the table of what taking part did, if somebody could.

    Args:
        work: An existing folder.
        settings: The composed config.
        good: The replications of all arms.
        before: Years before the first lever starts.
        origin: What made the run.

    Returns:
        Rows of participants_summary.csv.
    """
    # A model of the caller's own follows nobody.
    base = {r.number: getattr(r, "lives", None) for r in good if r.arm == BASELINE}
    years, scale = settings.integer("years"), settings.number("population.scale")
    names = month_names(settings.text("start"), years)
    parts, counts = [], dict[str, list[participants.Counts]]()
    for each in good:
        twins = base.get(each.number)
        if each.arm != POLICY or twins is None or each.lives is None or not each.participants:
            continue
        worlds = (each.participants, twins, each.lives)
        columns = participants.participant_columns(*worlds, names)
        parts.append(outputs.arrow_table(columns, each.number, each.arm))
        found = participants.count_participants(*worlds, years, scale)
        for lever, of_lever in found.items():
            counts.setdefault(lever, []).append(of_lever)
    if not parts:
        return []
    outputs.write_parquet(work / "participants.parquet", parts, origin)
    rows = [
        {key: _rounded(cell) for key, cell in row.items()}
        for row in table.table_of_run(counts, before)
    ]
    outputs.write_rows(work / "participants_summary.csv", table.COLUMNS, rows)
    return rows


def _rounded(cell: object) -> object:
    """A cell as it is written: what is not known is empty."""
    if not isinstance(cell, float):
        return cell
    return None if math.isnan(cell) else round(cell, 4)


def _export(work: Path, settings: Settings, good: list[Replication], rows: Rows) -> None:
    asked = settings["export"] or []
    formats = asked if isinstance(asked, list | tuple) else [asked]
    if not formats:
        return
    outputs.export_tables(work, [str(each) for each in formats])
    if "xlsx" in formats:
        from hesim.record.spreadsheets import write_workbook

        for name, columns, each in (
            ("survey", outputs.SURVEY_COLUMNS, outputs.survey_rows(good)),
            ("summary", COLUMNS, rows),
        ):
            cells = ([row.get(column) for column in columns] for row in each)
            write_workbook(work / f"{name}.xlsx", name, columns, cells)


def _draw(
    work: Path,
    settings: Settings,
    tables: ReportTables,
    good: list[Replication],
    rows: Rows,
    draw: Draw,
    followed: Rows,
) -> None:
    import pyarrow.parquet as pq

    base = [each for each in good if each.arm == BASELINE]
    survey = [row for each in base for row in each.survey]
    margins = [each.margins for each in base]
    flows = pq.read_table(work / "flows.parquet", filters=[("arm", "=", BASELINE)])
    folder = work / "figures"
    folder.mkdir(exist_ok=True)
    grade = weakest_grade(settings)
    more = {"participants": followed} if followed else {}
    for name, image in draw(rows, flows, survey, margins, settings, tables, grade, **more):
        put(folder / f"{name}.png", image)

"""Write everything that a run leaves but its manifest: settings, tables, summary and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.files import put
from hesim.levers.arms import BASELINE, weakest_grade, years_before_levers
from hesim.outcomes.summary import ATTRIBUTION, COLUMNS, attribute, summarise
from hesim.record import outputs

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.replication import Replication
    from hesim.tables import ReportTables

Rows = list[dict[str, object]]
Draw = Callable[..., Iterator[tuple[str, bytes]]]
"""Draws a run's figures from its tables, see `hesim.charts.draw_all`: name and PNG of each."""


def write(
    work: Path,
    settings: Settings,
    tables: ReportTables,
    good: list[Replication],
    draw: Draw | None,
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

    Returns:
        Rows of summary.csv.
    """
    put(work / "config.yaml", settings.yaml().encode())
    if not good:
        return []
    outputs.write_tables(work, good)
    first = int(settings.text("start")[:4])
    scale = settings.number("population.scale")
    before = years_before_levers(settings)
    calibrated = "uncalibrated" if settings.text("calibration") == "none" else "calibrated"
    rows = summarise(good, first, scale, weakest_grade(settings), calibrated, before)
    outputs.write_rows(work / "summary.csv", COLUMNS, rows)
    if settings.mapping("levers"):
        outputs.write_rows(work / "levers.csv", outputs.LEVER_COLUMNS, outputs.lever_rows(good))
        outputs.write_rows(work / "costs.csv", outputs.COSTS_COLUMNS, outputs.cost_rows(good))
    if settings.flag("attribution") and settings.mapping("levers"):
        causes = attribute(good, scale, before)
        outputs.write_rows(work / "attribution.csv", ATTRIBUTION, causes)
    if draw is not None:
        _export(work, settings, good, rows)
        if settings.flag("figures"):
            _draw(work, settings, tables, good, rows, draw)
    return rows


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
) -> None:
    import pyarrow.parquet as pq

    base = [each for each in good if each.arm == BASELINE]
    survey = [row for each in base for row in each.survey]
    margins = [each.margins for each in base]
    flows = pq.read_table(work / "flows.parquet", filters=[("arm", "=", BASELINE)])
    folder = work / "figures"
    folder.mkdir(exist_ok=True)
    grade = weakest_grade(settings)
    for name, image in draw(rows, flows, survey, margins, settings, tables, grade):
        put(folder / f"{name}.png", image)

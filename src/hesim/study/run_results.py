"""Write everything that a run leaves but its manifest: settings, tables, summary and figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hesim.files import put
from hesim.outcomes.summary import ATTRIBUTION, COLUMNS, attribute, summarise
from hesim.record import outputs
from hesim.study.run_arms import BASELINE

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.survey.replicate import Replication
    from hesim.tables import ReportTables

Rows = list[dict[str, object]]


def write(
    work: Path,
    settings: Settings,
    tables: ReportTables,
    good: list[Replication],
    hurry: bool = False,
) -> Rows:
    """Write the results of the replications that are whole.

    Args:
        work: An existing folder.
        settings: The composed config.
        tables: The report's tables.
        good: The replications, in order of their numbers; without any only the settings
            are written.
        hurry: Leave out what can be made from the tables later: figures and exports.

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
    rows = summarise(good, first, scale, weakest(settings), calibrated, before)
    outputs.write_rows(work / "summary.csv", COLUMNS, rows)
    if settings.mapping("levers"):
        outputs.write_rows(work / "levers.csv", outputs.LEVER_COLUMNS, outputs.lever_rows(good))
    if settings.flag("attribution") and settings.mapping("levers"):
        causes = attribute(good, scale, before)
        outputs.write_rows(work / "attribution.csv", ATTRIBUTION, causes)
    if not hurry:
        _export(work, settings, good, rows)
        if settings.flag("figures"):
            _draw(work, settings, tables, good, rows)
    return rows


def years_before_levers(settings: Settings) -> int:
    """Simulated years before the first lever of a run starts; 0 without levers."""
    from hesim.levers.dates import years_before

    bodies = settings.mapping("levers").values()
    return years_before(bodies, settings.text("start"), settings.integer("years"))


def weakest(settings: Settings) -> str:
    """Weakest grade of the dials of a run's levers, in words; empty without levers."""
    from hesim.levers.policy import read_levers
    from hesim.levers.registry import GRADES

    grades = [lever.about.grade for lever in read_levers(settings)]
    return GRADES[max(grades, key=list(GRADES).index)] if grades else ""


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
    work: Path, settings: Settings, tables: ReportTables, good: list[Replication], rows: Rows
) -> None:
    import pyarrow.parquet as pq

    from hesim.charts import draw_all

    base = [each for each in good if each.arm == BASELINE]
    survey = [row for each in base for row in each.survey]
    margins = [each.margins for each in base]
    flows = pq.read_table(work / "flows.parquet", filters=[("arm", "=", BASELINE)])
    folder = work / "figures"
    folder.mkdir(exist_ok=True)
    for name, image in draw_all(rows, flows, survey, margins, settings, tables, weakest(settings)):
        put(folder / f"{name}.png", image)

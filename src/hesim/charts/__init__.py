"""Draw the figures of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hesim.config import Settings
from hesim.tables import ReportTables


def draw_all(
    summary: Sequence[Mapping[str, Any]],
    flows: Any,
    survey: Sequence[Mapping[str, Any]],
    margins: Sequence[Mapping[str, Any]],
    settings: Settings,
    tables: ReportTables,
    grade: str = "",
) -> Iterator[tuple[str, bytes]]:
    """Draw each figure and yield its name and its PNG.

    Args:
        summary: Rows of summary.csv, of all arms.
        flows: The Arrow table of flows.parquet, the baseline's rows.
        survey: Rows of survey.csv, the baseline's.
        margins: Each replication's columns of margins.parquet.
        settings: The composed config.
        tables: The report's tables.
        grade: Weakest grade of the levers, in words.
    """
    from hesim.charts import cells, origin_destination, style
    from hesim.charts import flows as flows_figure
    from hesim.charts import stock as stock_figure

    scale = settings.number("population.scale")
    levers = settings.mapping("levers")
    known_within = settings.integer("survey.job_known_within")
    yield "flows", style.png(flows_figure.draw(summary, known_within, scale))
    moves = origin_destination.counts(flows, settings.integer("years")) / scale
    of_baseline = {
        "origin_destination": origin_destination.draw(moves, known_within, scale),
        "cells": cells.draw(survey, tables, settings.flag("heldout")),
        "stock": stock_figure.draw(margins),
    }
    for name, figure in of_baseline.items():
        if levers:
            style.add_note(figure, "the baseline, without the levers")
        yield name, style.png(figure)
    if levers:
        from hesim.charts import differences

        yield (
            "differences",
            style.png(differences.draw(summary, list(levers), grade, known_within, scale)),
        )

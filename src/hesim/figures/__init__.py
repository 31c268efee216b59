"""Draw the figures of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hesim.config import Settings
from hesim.tables import ReportTables


def draw_all(
    folder: Path,
    summary: Sequence[Mapping[str, Any]],
    flows: Any,
    survey: Sequence[Mapping[str, Any]],
    margins: Sequence[Mapping[str, Any]],
    settings: Settings,
    tables: ReportTables,
) -> None:
    """Draw all figures into a folder.

    Args:
        folder: Where to.
        summary: Rows of summary.csv.
        flows: The Arrow table of flows.parquet.
        survey: Rows of survey.csv.
        margins: Each replication's columns of the stock by sector, what and band.
        settings: The composed config.
        tables: The report's tables.
    """
    from hesim.figures import cells, origin_destination, style
    from hesim.figures import flows as flows_figure
    from hesim.figures import stock as stock_figure

    folder.mkdir(parents=True, exist_ok=True)
    heldout = settings.flag("heldout")
    years = settings.integer("years")
    style.save(folder / "flows.png", flows_figure.draw(summary))
    moves = origin_destination.counts(flows, years) / settings.number("population.scale")
    style.save(folder / "origin_destination.png", origin_destination.draw(moves))
    style.save(folder / "cells.png", cells.draw(survey, tables, heldout))
    style.save(folder / "stock.png", stock_figure.draw(margins))

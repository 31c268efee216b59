"""Draw any chart with matplotlib."""

from __future__ import annotations

from typing import Any

from hesim.charts import (
    barriers,
    calibration_cells,
    cells,
    differences,
    dose,
    dots,
    fan,
    flows,
    forecast,
    identification,
    knowing,
    league,
    morris,
    origin_destination,
    participants,
    posterior,
    recovery,
    regret,
    sankey,
    sentence,
    series,
    staff,
    stock,
    structures,
    tornado,
)
from hesim.charts.chart import Chart

DRAWERS = {
    "barriers": barriers,
    "calibration_cells": calibration_cells,
    "cells": cells,
    "differences": differences,
    "dose": dose,
    "dots": dots,
    "fan": fan,
    "flows": flows,
    "forecast": forecast,
    "identification": identification,
    "knowing": knowing,
    "league": league,
    "morris": morris,
    "origin_destination": origin_destination,
    "participants": participants,
    "posterior": posterior,
    "recovery": recovery,
    "regret": regret,
    "sankey": sankey,
    "sentence": sentence,
    "series": series,
    "staff": staff,
    "stock": stock,
    "structures": structures,
    "tornado": tornado,
}
"""The module that draws each form of a chart."""


def draw(chart: Chart) -> Any:
    """The figure of a chart."""
    return DRAWERS[chart.form].draw(chart)

"""Draw any chart with matplotlib."""

from __future__ import annotations

from typing import Any

from hesim.charts import (
    cells,
    differences,
    dots,
    fan,
    flows,
    league,
    origin_destination,
    regret,
    sankey,
    sentence,
    stock,
    tornado,
)
from hesim.charts.chart import Chart

DRAWERS = {
    "cells": cells,
    "differences": differences,
    "dots": dots,
    "fan": fan,
    "flows": flows,
    "league": league,
    "origin_destination": origin_destination,
    "regret": regret,
    "sankey": sankey,
    "sentence": sentence,
    "stock": stock,
    "tornado": tornado,
}
"""The module that draws each form of a chart."""


def draw(chart: Chart) -> Any:
    """The figure of a chart."""
    return DRAWERS[chart.form].draw(chart)

"""Draw any chart for a browser: a Vega-Lite specification for each panel, and the data apart.

A specification follows from the description of a chart and not from its data, so that new data go
into a view that stands already. It names the tables that `data.view_tables` makes. Titles, units,
keys and small print are not in it: the page writes them as text (`key`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hesim.charts.chart import Chart, Panel
from hesim.charts.vega import draws, grid, lines, look, rows
from hesim.charts.vega.families import family_of

Drawer = Callable[[Chart, Panel], Any]

DRAWERS: dict[str, Drawer] = {
    "lines": lines.line_layers,
    "rows": rows.row_layers,
    "shades": grid.shade_layers,
    "points": grid.point_layers,
    "histogram": grid.histogram_layers,
    "words": grid.sentence_layers,
}
"""What draws each family of panels."""
FORMS: dict[str, Drawer] = {"barriers": draws.draw_layers}
"""What draws a form that is more than its family."""


def specifications(chart: Chart) -> tuple[dict[str, Any], ...]:
    """A Vega-Lite specification without data for each panel, checked against its schema.

    Charts of equal description have the same one, whatever their data.
    """
    bare = replace(chart, table=replace(chart.table, cells=()), small="", text="")
    return _specifications(bare)


@lru_cache(maxsize=512)
def _specifications(chart: Chart) -> tuple[dict[str, Any], ...]:
    made = []
    for panel in chart.panels:
        family = family_of(chart, panel)
        drawn = FORMS.get(chart.form, DRAWERS[family])(chart, panel)
        made.append(look.fit_to_frame(drawn, chart, panel, family))
    return tuple(made)

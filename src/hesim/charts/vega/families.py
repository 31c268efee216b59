"""Say which family of pictures a panel belongs to, by its axes."""

from __future__ import annotations

from hesim.charts.chart import Axis, Chart, Panel

LINES = frozenset({"differences", "dose", "fan", "flows", "series"})
"""Forms whose points follow one another."""
BARS = frozenset({"knowing", "staff", "stock", "tornado"})
"""Forms whose rows are bars, all others have dots."""
UPWARDS = frozenset({"barriers", "dots", "identification", "knowing", "tornado"})
"""Forms whose first category stands at the bottom."""


def family_of(chart: Chart, panel: Panel) -> str:
    """A name of `hesim.charts.vega.DRAWERS`."""
    across, upwards = panel.x.scale == "category", panel.y.scale == "category"
    if not panel.x.column:
        return "words"
    if across and upwards:
        return "shades"
    if across or upwards:
        return "rows"
    if not panel.y.column:
        return "histogram"
    return "lines" if chart.form in LINES else "points"


def category_axis(panel: Panel) -> Axis:
    """The axis of a panel of rows that has the names: bars that stand are laid down."""
    return panel.y if panel.y.scale == "category" else panel.x


def value_axis(panel: Panel) -> Axis:
    """The other axis of a panel of rows, which has the numbers."""
    return panel.x if panel.y.scale == "category" else panel.y

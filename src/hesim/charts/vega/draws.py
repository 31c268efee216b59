"""Draw rows whose marks are means over draws, with the single draws as faint dots behind them."""

from __future__ import annotations

from typing import Any

from hesim.charts.chart import Chart, Panel
from hesim.charts.vega import look
from hesim.charts.vega.data import TABLE
from hesim.charts.vega.rows import row_layers

WHAT, MEAN, DRAW = "what", "mean", "draw"
"""Column that says what a row of the table is, and its two values."""


def draw_layers(chart: Chart, panel: Panel) -> Any:
    """Altair's layers of a panel, the ones at the back first."""
    import altair as alt

    rows = row_layers(chart, panel)
    of_table = [one for one in rows.layer if _is_of_table(one)]
    # The place of a dot is that of the mean of its row: both have the same axes.
    [mark] = [one for one in of_table if _kind(one) == "point"]
    dots = alt.Chart(look.named(TABLE)).mark_point(size=14, filled=True, opacity=0.35)
    dots = dots.encode(
        x=mark.encoding.x,
        y=mark.encoding.y,
        yOffset=mark.encoding.yOffset,
        color=look.mark_colour(chart),
    )
    found = [_only(one, MEAN) if _is_of_table(one) else one for one in rows.layer]
    first = next(k for k, one in enumerate(rows.layer) if _is_of_table(one))
    found.insert(first, _only(dots, DRAW))
    return alt.layer(*found).properties(height=rows.height)


def _is_of_table(layer: Any) -> bool:
    return getattr(layer.data, "name", None) == TABLE


def _kind(layer: Any) -> str:
    return str(layer.mark if isinstance(layer.mark, str) else layer.mark.type)


def _only(layer: Any, what: str) -> Any:
    """A layer with the rows that are means, or draws."""
    import altair as alt

    return layer.transform_filter(alt.FieldEqualPredicate(field=WHAT, equal=what))

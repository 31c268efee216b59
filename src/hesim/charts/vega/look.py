"""Give all charts of the page one look: sizes, letters, and what a view answers to."""

from __future__ import annotations

from typing import Any

from hesim.charts.chart import Axis, Chart, Panel
from hesim.charts.colours import GRID

FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
TEXT, SOFT, LINE = "#1f2328", "#4a5158", "#6b7280"
"""Colours of words, lesser words (both AA on white) and axes."""
LETTERS = 12
"""Pixels of the smallest letters."""
HEIGHT = 170
"""Pixels of a panel of lines or points."""
SCALES = {"linear": "linear", "log": "log", "root": "sqrt", "time": "utc"}

CONFIG: dict[str, Any] = {
    "font": FONT,
    # What a view says for itself is in the words beside it, as one image.
    "aria": False,
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": LETTERS,
        "titleFontSize": LETTERS,
        "titleFontWeight": "normal",
        "labelColor": SOFT,
        "titleColor": SOFT,
        "domainColor": LINE,
        "tickColor": LINE,
        "gridColor": GRID,
        "labelLimit": 210,
        "labelOverlap": True,
        "labelSeparation": 8,
    },
    "text": {"fontSize": LETTERS, "color": TEXT, "font": FONT},
    "header": {"labelFontSize": LETTERS},
}


PLAIN: Any = {"parse": None}
"""Data as they are: Vega is not to take numbers for dates."""


def named(table: str) -> Any:
    """Altair's data of a table that the view is given."""
    import altair as alt

    return alt.NamedData(name=table, format=PLAIN)


def number_scale(axis: Axis, zero: bool = True, padding: int = 0) -> Any:
    """Altair's scale of an axis of numbers or months."""
    import altair as alt

    if axis.scale == "time":
        # Its ends come from data (see `lines`): Vega's interpreter cannot read a domain of dates.
        return alt.Scale(type="utc", nice=False)
    more: dict[str, Any] = {"clamp": True} if axis.scale == "log" else {"zero": zero}
    if axis.low is not None and not (axis.scale == "log" and axis.low <= 0):
        more["domainMin"] = axis.low
    if axis.high is not None:
        more["domainMax"] = axis.high
    if axis.low is None and axis.scale == "linear" and padding:
        more["padding"] = padding
    return alt.Scale(type=SCALES[axis.scale], nice=True, **more)  # type: ignore[arg-type]


def axis_title(text: str) -> list[str] | None:
    """Words at an axis in lines that fit a narrow panel; None without any."""
    import textwrap

    lines = [line for part in text.splitlines() for line in textwrap.wrap(part, 44)]
    return lines or None


def mark_colour(chart: Chart) -> Any:
    """Altair's colour of a mark: that of the entry of its row, or the first of all charts."""
    import altair as alt

    from hesim.charts.colours import BLUE

    if chart.key is None:
        return alt.value(BLUE)
    entries = chart.key.entries
    scale = alt.Scale(domain=[e.name for e in entries], range=[e.colour for e in entries])
    return alt.Color(field=chart.key.column, type="nominal", scale=scale, legend=None)


def fit_to_frame(drawn: Any, chart: Chart, panel: Panel, family: str) -> dict[str, Any]:
    """The specification of a drawn panel: as wide as its frame, with room for its labels."""
    sized = {} if family in ("rows", "shades") else {"height": HEIGHT}
    drawn = drawn.properties(
        width="container",
        padding={"left": 2, "top": 8, "bottom": 2, "right": 6},
        **sized,
    )
    # Words at the ends of lines and rows are part of what has to fit.
    drawn = drawn.properties(autosize={"type": "fit-x", "contains": "padding"})
    made: dict[str, Any] = drawn.to_dict()
    made["config"] = CONFIG
    return made

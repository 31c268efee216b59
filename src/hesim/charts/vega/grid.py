"""Draw what is neither lines nor rows: shaded squares, points, histograms, a sentence."""

from __future__ import annotations

from typing import Any

from hesim.charts.chart import Chart, Panel
from hesim.charts.colours import GREEN, GREY, SMALL_PRINT
from hesim.charts.vega import look
from hesim.charts.vega.data import NAME, SAID, TABLE, category_names
from hesim.charts.vega.rows import LINES_SPLIT

STEP = 28
BINS = 20
MOST = 14
"""Columns of squares that have words below and figures inside."""


def _data() -> Any:
    import altair as alt

    return alt.Chart(look.named(TABLE))


def shade_layers(chart: Chart, panel: Panel) -> Any:
    """Squares as dark as their figure; figures inside where there is room."""
    import altair as alt

    few = len(panel.x.ticks) <= MOST
    places = {}
    for letter, axis, make in (("x", panel.x, alt.X), ("y", panel.y, alt.Y)):
        names = list(category_names(chart, axis).values())
        here = alt.Axis(
            title=look.axis_title(axis.title),
            labels=letter == "y" or few,
            labelExpr=LINES_SPLIT,
            labelAngle=-40 if letter == "x" else 0,
            ticks=False,
            labelOverlap=False,
        )
        places[letter] = make(field=f"{NAME}_{letter}", type="nominal", sort=names, axis=here)
    shade = chart.shade
    column = shade.column if shade else "mean"
    if shade is None:
        scale = alt.Scale(scheme="purpleorange", domainMid=0, reverse=True)
    else:
        kind: Any = "symlog" if shade.scale == "log" else "linear"
        scale = alt.Scale(scheme="blues", type=kind, domainMin=0)
    base = _data().encode(**places)
    cell = base.mark_rect(tooltip=alt.TooltipContent("data")).encode(
        color=alt.Color(field=column, type="quantitative", scale=scale, legend=None)
    )
    found = [cell]
    if few:
        # A white edge, so that figures can be read on dark squares too.
        said = base.mark_text(
            fontSize=look.LETTERS, stroke="white", strokeWidth=3, strokeOpacity=0.75
        )
        text = alt.Text(field=SAID, type="nominal")
        found.append(said.encode(text=text))
        found.append(base.mark_text(fontSize=look.LETTERS).encode(text=text))
    return alt.layer(*found).properties(height=STEP * len(panel.y.ticks))


def point_layers(chart: Chart, panel: Panel) -> Any:
    """A point for each row, with its interval upwards."""
    import altair as alt

    x, y = (
        make(
            field=axis.column,
            type="quantitative",
            scale=look.number_scale(axis, zero=axis.low == 0),
            axis=alt.Axis(title=look.axis_title(axis.title), tickCount=5),
        )
        for make, axis in ((alt.X, panel.x), (alt.Y, panel.y))
    )
    colour = look.mark_colour(chart)
    base = _data().encode(x=x, color=colour)
    mark = base.mark_point(size=50, filled=True, opacity=0.9, tooltip=alt.TooltipContent("data"))
    found = [_reference(one, x, y) for one in panel.references]
    numbers = {column.name for column in chart.table.columns}
    upright = chart.form != "cells" and {one.low for one in chart.intervals} <= numbers
    for one in chart.intervals if upright else ():
        low = alt.Y(field=one.low, type="quantitative", scale=y["scale"], axis=y["axis"])
        found.append(base.mark_rule().encode(y=low, y2=alt.Y2(field=one.high)))
    found.append(mark.encode(y=y))
    return alt.layer(*found)


def _reference(one: Any, x: Any, y: Any) -> Any:
    import altair as alt

    ground = alt.Chart(alt.InlineData(values=[{"at": one.low}]))
    place: dict[str, Any]
    if one.axis == "x":
        place = {"x": alt.X(field="at", type="quantitative", scale=x["scale"], axis=x["axis"])}
    else:
        place = {"y": alt.Y(field="at", type="quantitative", scale=y["scale"], axis=y["axis"])}
    return ground.mark_rule(color=GREEN, strokeDash=[2, 3]).encode(**place)


def histogram_layers(chart: Chart, panel: Panel) -> Any:
    """How many rows lie where."""
    import altair as alt

    x = alt.X(
        field=panel.x.column,
        type="quantitative",
        bin=alt.Bin(maxbins=BINS),
        axis=alt.Axis(title=look.axis_title(panel.x.title)),
    )
    bars = _data().mark_bar(color=GREY, tooltip=False)
    y = alt.Y(aggregate="count", type="quantitative", axis=alt.Axis(title=None, tickCount=4))
    return bars.encode(x=x, y=y)


def sentence_layers(chart: Chart, panel: Panel) -> Any:
    """The sentence in the middle."""
    import altair as alt

    text = _data().mark_text(color=SMALL_PRINT, fontSize=look.LETTERS, limit=320)
    return text.encode(text=alt.Text(field="sentence", type="nominal"))

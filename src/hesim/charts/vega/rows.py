"""Draw a row for each category: bars or dots with their intervals, and the figure beside them."""

from __future__ import annotations

from typing import Any

from hesim.charts.chart import Axis, Chart, Panel
from hesim.charts.colours import GREEN, GREY
from hesim.charts.vega import look
from hesim.charts.vega.data import END, NAME, SAID, TABLE, category_names
from hesim.charts.vega.families import BARS, category_axis, value_axis
from hesim.charts.vega.look import LINE, TEXT

STEP, SMALL_STEP, GAP = 26, 16, 6
"""Pixels of a row, of a mark in a row of several, and between rows."""
ALONE = frozenset({"identification", "knowing", "league", "morris"})
"""Forms with one mark in a row, whose colour says something of it."""
SURE = ("distinguishable", "sure", "told")
"""Columns that say whether a figure can be told from zero: its mark is open where it cannot."""
LINES_SPLIT = "split(datum.label, '\\n')"


def row_layers(chart: Chart, panel: Panel) -> Any:
    """Altair's layers of a panel, the ones at the back first."""
    import altair as alt

    axis, values = category_axis(panel), value_axis(panel)
    names = list(category_names(chart, axis).values())
    several = len(chart.entries) > 1 and chart.key is not None and _beside(chart, axis)
    base = alt.Chart(look.named(TABLE)).encode(y=_y(names))
    if several:
        assert chart.key is not None
        order = [entry.name for entry in chart.key.entries]
        scale = alt.Scale(domain=order, paddingInner=0.15)
        offset = alt.YOffset(field=chart.key.column, type="nominal", sort=order, scale=scale)
        base = base.encode(yOffset=offset)
    x = alt.X(
        field=values.column,
        type="quantitative",
        scale=look.number_scale(values, padding=8),
        axis=alt.Axis(title=None, tickCount=5),
    )
    bars = chart.form in BARS
    found = [_zero(x), *(_reference(one.low, one.high, x) for one in panel.references)]
    marks = _marks(chart, base, x, bars)
    intervals = _intervals(chart, base, x, bars)
    found += [*marks, *intervals] if bars else [*intervals, *marks]
    said = base.mark_text(align="left", dx=9, color=TEXT)
    written = alt.X(field=END, type="quantitative", scale=x["scale"], axis=x["axis"])
    found.append(said.encode(x=written, text=alt.Text(field=SAID, type="nominal")))
    # What the mouse finds: the whole row, however small its mark.
    hit = base.mark_bar(opacity=0, tooltip=alt.TooltipContent("data"))
    found.append(hit.encode(x=alt.value(0), x2=alt.value("width")))
    step = SMALL_STEP if several else STEP
    most = max((name.count("\n") + 1 for name in names), default=1)
    size = len(chart.entries) if several else 1
    step = max(step, (15 * most + 6) // size)
    # A height in pixels, as Vega fits no width to rows whose height is a step.
    return alt.layer(*found).properties(height=max(1, len(names)) * (step * size + GAP))


def _beside(chart: Chart, axis: Axis) -> bool:
    """Whether a category has a mark for each entry of the key, and not one of its own colour."""
    assert chart.key is not None
    return (
        chart.form not in ("identification", "knowing", "league", "morris")
        and chart.key.column != axis.column
    )


def _y(names: list[str]) -> Any:
    import altair as alt

    scale = alt.Scale(domain=names, paddingInner=0.18, paddingOuter=0.1)
    axis = alt.Axis(
        title=None,
        labelExpr=LINES_SPLIT,
        ticks=False,
        domain=False,
        labelPadding=6,
        labelColor=TEXT,
        labelOverlap=False,
    )
    return alt.Y(field=NAME, type="nominal", sort=names, scale=scale, axis=axis)


def _zero(x: Any) -> Any:
    import altair as alt

    ground = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    place = alt.X(field="zero", type="quantitative", scale=x["scale"], axis=x["axis"])
    return ground.mark_rule(color=LINE, strokeWidth=1).encode(x=place)


def _reference(low: float, high: float, x: Any) -> Any:
    import altair as alt

    ground = alt.Chart(alt.InlineData(values=[{"low": low, "high": high}]))
    place = alt.X(field="low", type="quantitative", scale=x["scale"], axis=x["axis"])
    if high > low:
        return ground.mark_rect(color=GREY, opacity=0.2).encode(x=place, x2=alt.X2(field="high"))
    rule = ground.mark_rule(color=GREEN, strokeWidth=1.6, strokeDash=[2, 3])
    return rule.encode(x=place)


def _marks(chart: Chart, base: Any, x: Any, bars: bool) -> list[Any]:
    import altair as alt

    mark = base.mark_bar(strokeWidth=1.5) if bars else base.mark_point(size=70, strokeWidth=2)
    mark = mark.encode(x=x, opacity=alt.value(1))
    sure = [column.name for column in chart.table.columns if column.name in SURE]
    hollow = [entry.name for entry in chart.entries if entry.hollow]
    test: Any = None
    if sure:
        test = alt.FieldEqualPredicate(field=sure[0], equal=False)
    elif hollow and chart.key:
        test = alt.FieldOneOfPredicate(field=chart.key.column, oneOf=hollow)
    open_ones: dict[str, Any] = (
        {} if test is None else {"condition": {"test": test.to_dict(), "value": "white"}}
    )
    colour = look.mark_colour(chart)
    if not isinstance(colour, alt.Color):
        return [mark.encode(stroke=colour, fill=alt.Fill(**open_ones, **colour))]
    shared: dict[str, Any] = {"field": colour["field"], "type": "nominal", "scale": colour["scale"]}
    fill = alt.Fill(**shared, legend=None, **open_ones)
    return [mark.encode(stroke=alt.Stroke(**shared, legend=None), fill=fill)]


def _intervals(chart: Chart, base: Any, x: Any, bars: bool) -> list[Any]:
    """The first interval is thin, the second thick and faint."""
    import altair as alt

    found: list[Any] = []
    for k, one in enumerate(chart.intervals):
        ends = {
            "x": alt.X(field=one.low, type="quantitative", scale=x["scale"], axis=x["axis"]),
            "x2": alt.X2(field=one.high),
        }
        rule = base.mark_rule(strokeWidth=1.6 if k == 0 else 6, opacity=1 if k == 0 else 0.35)
        colour = alt.value(TEXT) if bars else look.mark_colour(chart)
        # Rows without an interval have no line.
        some = rule.encode(color=colour, **ends).transform_filter(
            alt.FieldValidPredicate(field=one.low, valid=True)
        )
        found.insert(0, some)
    return found

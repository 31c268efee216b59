"""Draw what follows one another: lines with bands, dots with bars, and what they stand beside."""

from __future__ import annotations

from typing import Any

from hesim.charts.chart import Chart, Entry, Panel, Reference
from hesim.charts.colours import GREEN, GREY
from hesim.charts.vega import look
from hesim.charts.vega.data import (
    END,
    EXTENT,
    LABELS,
    LONGEST,
    PLACE,
    SAID,
    TABLE,
    milliseconds,
    shares_axis,
)
from hesim.charts.vega.look import LINE
from hesim.charts.vega.rules import rule_words

PERIOD, BRUSH = "period", "brush"
"""Names of what a view tells of: the part of the axis that is seen, and the part that is drawn
over with the mouse."""
DASHES = {"solid": [1, 0], "dashed": [6, 3], "dotted": [2, 3], "": [1, 0]}
SHAPES = {"": "circle", "circle": "circle", "square": "square", "triangle": "triangle-up"}
OVER = "[pointerdown[!event.shiftKey], window:pointerup] > window:pointermove!"
MOVE = "[pointerdown[event.shiftKey], window:pointerup] > window:pointermove!"
EDGE = 6
"""Pixels between the ends of an axis of time and its first and last moment."""
WHOLE = "datum.value % 1 ? '' : datum.label"
ZOOM = "wheel![event.ctrlKey]"
"""What draws over, moves and zooms; the wheel alone scrolls the page."""


def line_layers(chart: Chart, panel: Panel) -> Any:
    """Altair's layers of a panel, the ones at the back first."""
    import altair as alt

    data = look.named(TABLE)
    base = alt.Chart(data).encode(x=_x(panel))
    y = alt.Y(
        field=panel.y.column,
        type="quantitative",
        scale=look.number_scale(panel.y),
        axis=alt.Axis(title=None, tickCount=4),
    )
    lined, dotted = _parts(chart)
    colour = look.mark_colour(chart)
    found = [_reference(one, panel, y) for one in panel.references]
    if not any(one.axis == "y" for one in panel.references):
        found.append(_reference(Reference("y", 0.0, 0.0), panel, y))
    dark = (0.18, 0.32)
    for k, one in enumerate(chart.intervals):
        both = {"y": _end(one.low, y), "y2": alt.Y2(field=one.high), "color": colour}
        if lined:
            band = base.mark_area(opacity=dark[min(k, 1)], clip=True)
            found.append(_only(chart, lined, band.encode(**both)))
        if dotted:
            found.append(
                _only(chart, dotted, base.mark_rule(strokeWidth=1.4, clip=True).encode(**both))
            )
    for trace in chart.traces:
        thin = base.mark_line(strokeWidth=0.7, clip=True)
        found.append(thin.encode(y=_end(trace.column, y), color=colour))
    if lined:
        line = base.mark_line(strokeWidth=2, clip=True)
        if chart.key:
            line = line.encode(strokeDash=_dashes(chart), detail=chart.key.column + ":N")
        found.append(_only(chart, lined, line.encode(y=y, color=colour)))
    if dotted:
        dot = base.mark_point(filled=True, opacity=1, size=40, clip=True)
        found.append(_only(chart, dotted, dot.encode(y=y, color=colour)))
    if shares_axis(chart):
        same = alt.Chart(look.named(EXTENT))
        found.append(same.mark_point(opacity=0).encode(y=y))
    found += rule_words(panel, _x(panel))
    ends = _ends(chart, panel, y, colour)
    found += ends
    window = alt.selection_interval(
        name=PERIOD, bind="scales", encodings=["x"], zoom=ZOOM, translate=MOVE
    )
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], on=OVER, zoom=False)
    frame = _frame(panel) if panel.x.scale == "time" else ends[0]
    rest = found if panel.x.scale == "time" else [one for one in found if one is not frame]
    return alt.layer(frame.add_params(window, brush), *rest)


def _frame(panel: Panel) -> Any:
    """Nothing to be seen: it says where an axis of time begins and ends."""
    import altair as alt

    values = [{PLACE: milliseconds(year)} for year in (panel.x.low, panel.x.high) if year]
    ground = alt.InlineData(values=values, format=look.PLAIN)
    return alt.Chart(ground).mark_point(opacity=0).encode(x=_x(panel))


def has_words(chart: Chart) -> bool:
    """Whether lines have words at their ends."""
    longest = max((len(entry.label) for entry in chart.entries), default=0)
    return len(chart.entries) > 1 and longest <= LONGEST


def _parts(chart: Chart) -> tuple[list[Entry | None], list[Entry | None]]:
    """Entries with a line, and those with dots; one that says neither has a line."""
    entries: list[Entry | None] = list(chart.entries) or [None]
    lined = [one for one in entries if one is None or one.line or not one.mark]
    few = chart.form != "series"
    dotted = [one for one in entries if few or (one is not None and one.mark)]
    return lined, dotted


def _only(chart: Chart, entries: list[Entry | None], drawn: Any) -> Any:
    """A layer with the rows of some entries."""
    import altair as alt

    if chart.key is None or len(entries) == len(chart.entries):
        return drawn
    names = [one.name for one in entries if one]
    return drawn.transform_filter(alt.FieldOneOfPredicate(field=chart.key.column, oneOf=names))


def _x(panel: Panel) -> Any:
    import altair as alt

    scale = look.number_scale(panel.x, zero=False)
    title = look.axis_title(panel.x.title)
    if panel.x.scale == "time":
        axis = alt.Axis(title=title, grid=False, tickCount=5)
        # The dot of the last month or year stands whole beside the edge.
        scale = alt.Scale(type="utc", nice=False, padding=EDGE)
        return alt.X(field=PLACE, type="temporal", scale=scale, axis=axis)
    years = panel.x.column == "year"
    # Vega may put a tick between two years, and would write it as one of them.
    more: dict[str, Any] = {"format": "d", "labelExpr": WHOLE} if years else {}
    axis = alt.Axis(title=title, grid=False, tickCount=5, **more)
    if years:
        scale = alt.Scale(zero=False, nice=False, padding=10)
    return alt.X(field=panel.x.column, type="quantitative", scale=scale, axis=axis)


def _end(column: str, y: Any) -> Any:
    import altair as alt

    return alt.Y(field=column, type="quantitative", scale=y["scale"], axis=y["axis"])


def _dashes(chart: Chart) -> Any:
    import altair as alt

    assert chart.key is not None
    entries = chart.key.entries
    scale = alt.Scale(
        domain=[one.name for one in entries], range=[DASHES[one.line] for one in entries]
    )
    return alt.StrokeDash(field=chart.key.column, type="nominal", scale=scale, legend=None)


def _reference(one: Reference, panel: Panel, y: Any) -> Any:
    """A line or a band behind the data."""
    import altair as alt

    if one.axis == "x":
        at = milliseconds(one.low) if panel.x.scale == "time" else one.low
        ground = alt.Chart(alt.InlineData(values=[{"at": at}], format=look.PLAIN))
        place = _x(panel)
        place = alt.X(field="at", type=place["type"], scale=place["scale"], axis=place["axis"])
        mark = ground.mark_rule(color=GREY, strokeWidth=1.2, strokeDash=[3, 3], clip=True)
        return mark.encode(x=place)
    ground = alt.Chart(alt.InlineData(values=[{"low": one.low, "high": one.high}]))
    if one.high > one.low:
        rect = ground.mark_rect(color=GREEN, opacity=0.18, clip=True)
        return rect.encode(y=_end("low", y), y2=alt.Y2(field="high"))
    if one.low == 0 and not one.meaning:
        return ground.mark_rule(color=LINE, strokeWidth=1).encode(y=_end("low", y))
    rule = ground.mark_rule(color=GREEN, strokeWidth=1.6, strokeDash=[2, 3], clip=True)
    return rule.encode(y=_end("low", y))


def _ends(chart: Chart, panel: Panel, y: Any, colour: Any) -> list[Any]:
    """A dot at the last figure of each line, and its words where there are several."""
    import altair as alt

    data = look.named(LABELS)
    base = alt.Chart(data).encode(color=colour)
    dot = base.mark_point(filled=True, opacity=1, size=26, clip=True)
    found = [dot.encode(x=_x(panel), y=y)]
    if has_words(chart):
        words = base.mark_text(align="left", dx=6, fontWeight=600, clip=False)
        found.append(
            words.encode(
                x=alt.value("width"), y=_end(END, y), text=alt.Text(field=SAID, type="nominal")
            )
        )
    return found

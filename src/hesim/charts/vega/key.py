"""Say what lines, bands, dots and dashes of a chart stand for: entries of a key, to be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from hesim.charts.chart import Chart, Entry, Reference
from hesim.charts.colours import BLUE, GREEN, GREY
from hesim.charts.phrases import Phrases
from hesim.charts.vega.families import BARS, family_of
from hesim.charts.vega.look import LINE
from hesim.charts.vega.rows import SURE


class Swatch(NamedTuple):
    """A sign and its words.

    Attributes:
        sign: `line`, `dashed`, `dotted`, `thin`, `band`, `dot`, `bar`, `hollow_dot`, `hollow_bar`,
            `across` (a line through a dot), `thick` or `upright`.
        colour: Colour.
        label: Words.
    """

    sign: str
    colour: str
    label: str


def swatches(chart: Chart, phrases: Phrases) -> list[Swatch]:
    """The key of a chart; each sign and words once."""
    return list(dict.fromkeys(_all(chart, phrases)))


def _all(chart: Chart, phrases: Phrases) -> Iterator[Swatch]:
    family = family_of(chart, chart.panels[0])
    if family in ("words", "shades", "histogram"):
        return
    colour = chart.entries[0].colour if len(chart.entries) == 1 else GREY
    colour = colour if chart.entries else BLUE
    for entry in chart.entries:
        sign = _sign(chart, entry, family)
        mean = f", {phrases.mean}" if chart.intervals and family == "lines" else ""
        if entry.label:
            yield Swatch(sign, entry.colour, f"{entry.label.replace(chr(10), ' ')}{mean}")
    if not chart.entries:
        yield Swatch("line" if family == "lines" else "dot", colour, phrases.mean)
    for k, one in enumerate(chart.intervals):
        lines = family == "lines" and not any(entry.mark for entry in chart.entries)
        sign = "band" if lines else ("across" if k == 0 else "thick")
        yield Swatch(sign, colour, one.meaning)
    for trace in chart.traces:
        yield Swatch("thin", colour, trace.meaning)
    if family == "rows" and any(column.name in SURE for column in chart.table.columns):
        sign = "hollow_bar" if chart.form in BARS else "hollow_dot"
        yield Swatch(sign, LINE, phrases.not_distinguishable)
    for panel in chart.panels:
        for reference in panel.references:
            if reference.meaning:
                yield _of_reference(reference)


def _of_reference(one: Reference) -> Swatch:
    if one.axis == "x" and one.high == one.low:
        return Swatch("upright", GREY, one.meaning)
    return Swatch("band" if one.high > one.low else "dotted", GREEN, one.meaning)


def _sign(chart: Chart, entry: Entry, family: str) -> Any:
    if family == "lines" and (entry.line or not entry.mark):
        return {"dashed": "dashed", "dotted": "dotted"}.get(entry.line, "line")
    shape = "bar" if chart.form in BARS else "dot"
    return f"hollow_{shape}" if entry.hollow else shape

"""Say all that the browser needs to draw a chart: plain values, in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hesim.app import scripts
from hesim.app.facts import download_name
from hesim.app.outcome_terms import outcome_meaning
from hesim.app.words import Words
from hesim.charts.chart import Chart, Column, Panel
from hesim.charts.table_file import Facts
from hesim.charts.vega import specifications
from hesim.charts.vega.data import view_tables
from hesim.charts.vega.families import family_of, value_axis
from hesim.charts.vega.key import swatches

BUTTONS = (
    "download",
    "chart_nearer",
    "chart_further",
    "chart_whole",
    "chart_full",
    "chart_table",
    "chart_month",
    "chart_panel",
    "chart_yes",
    "chart_no",
    "chart_zooming",
)
"""Words of buttons and of the table."""


def chart_props(chart: Chart, words: Words, facts: Facts) -> dict[str, Any]:
    """What `ChartView` takes, but for its events.

    Args:
        chart: The chart.
        words: Language.
        facts: Of which run it is.
    """
    phrases = words.phrases
    specs = specifications(chart)
    panels = [
        {
            "title": panel.title.replace("\n", " "),
            "meaning": outcome_meaning(panel.name, words),
            "unit": _unit(panel, family_of(chart, panel)),
            "spec": spec,
            "family": family_of(chart, panel),
            "x": panel.x.column,
            "time": panel.x.scale == "time",
        }
        for panel, spec in zip(chart.panels, specs, strict=True)
    ]
    return {
        "title": chart.title.replace("\n", " "),
        "meaning": outcome_meaning(chart.name, words),
        "grade": chart.grade,
        "text": _text(chart),
        "small": [line for line in chart.small.splitlines() if line],
        "swatches": [one._asdict() for one in swatches(chart, phrases)],
        "panels": panels,
        "tables": [view_tables(chart, panel, phrases) for panel in chart.panels],
        "columns": [_column(chart, one, words) for one in chart.table.columns],
        "words": {name.removeprefix("chart_"): words(name) for name in BUTTONS},
        "language": words.language,
        "months": phrases.months.split(),
        "scripts": scripts.addresses(),
        "file": download_name(chart.name or chart.form, facts),
        "origin": "; ".join(
            f"{words(f'fact_{name}')}: {words.plain(value)}" for name, value in facts.items()
        ),
    }


def _text(chart: Chart) -> str:
    """What can be seen, for those who cannot see it; some charts begin it with their title."""
    if chart.text.startswith(chart.title):
        return chart.text
    return f"{chart.title}. {chart.text}" if chart.text else chart.title


def _unit(panel: Panel, family: str) -> str:
    """What stands over a panel: the unit of what its lines or rows count."""
    axis = {"lines": panel.y, "rows": value_axis(panel)}.get(family)
    return axis.title.replace("\n", " ") if axis else ""


def _column(chart: Chart, column: Column, words: Words) -> dict[str, Any]:
    """A column as the table and the hint write it, with words for its cells."""
    title = column.title or words.known(f"column_{column.name}", column.name.replace("_", " "))
    timed = chart.x.scale == "time" and column.name == chart.x.column
    return {
        "name": column.name,
        "title": title,
        "unit": column.unit,
        "kind": "month" if timed else column.kind,
        "cells": dict(_cells(chart, column, words)),
    }


def _cells(chart: Chart, column: Column, words: Words) -> Mapping[str, str]:
    """Words for the cells of a column: those of the key, of an axis, or of the page."""
    known: dict[str, str] = {}
    if column.kind != "word":
        return known
    at = [one.name for one in chart.table.columns].index(column.name)
    said = {str(row[at]): words.plain(str(row[at])) for row in chart.table.cells}
    known = {text: other for text, other in said.items() if text != other}
    if chart.key and chart.key.column == column.name:
        known |= {entry.name: entry.label for entry in chart.entries if entry.label}
    for panel in chart.panels:
        for axis in (panel.x, panel.y):
            if axis.column == column.name and axis.labels:
                known |= dict(zip(map(str, axis.ticks), axis.labels, strict=True))
        if column.name == "panel" and panel.title:
            known[panel.name] = panel.title
    if column.name in ("arm", "sector") and chart.form == "staff":
        known = {name: words(name) for name in ("baseline", "policy", "hbo", "wo")}
    return {name: label.replace("\n", " ") for name, label in known.items()}

"""Charts in a browser: specifications that Vega-Lite takes, data, keys and files, without one."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import altair
import numpy as np
import pytest
import vl_convert
from test_charts import MADE

from hesim.charts import colours, drawing, style
from hesim.charts.chart import Chart
from hesim.charts.level import level
from hesim.charts.phrases import Phrases
from hesim.charts.series import MonthAxis, Subject, paired_series_chart, series_chart
from hesim.charts.staff import staff_chart
from hesim.charts.table_file import chart_csv
from hesim.charts.vega import specifications
from hesim.charts.vega.data import END, EXTENT, LABELS, NAME, PLACE, SAID, TABLE, view_tables
from hesim.charts.vega.key import swatches

SERIES = ".".join(altair.VEGALITE_VERSION.split(".")[:2])
ENGLISH, DUTCH = Phrases(), replace(Phrases(), language="nl")
AXIS = MonthAxis(24, "2011-01", (3,))
OF = Subject("wo_to_hbo", "From wo to hbo", "persons a year", "Nobody.", {"policy": "beleid"})
RUNS = [np.full(14, value) for value in (100.0, 300.0, 50.0)]
HIGHER = [run + 10.0 for run in RUNS]
ARMS = {"baseline": RUNS, "policy": HIGHER}


def series(**more: Any) -> Chart:
    return series_chart(OF, ARMS, AXIS, ENGLISH, (90.0, 95.0, "report"), **more)


def staff() -> Chart:
    counts = [np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([[3.0, 1.0], [4.0, 0.0]])]
    return staff_chart(OF, ["young", "old"], {"baseline": counts, "policy": counts}, ENGLISH)


PAIRED = paired_series_chart(OF, [HIGHER[0] - RUNS[0]] * 2, AXIS, ENGLISH, "assumed effect")
ALL = {**MADE, "series": series(), "paired": PAIRED, "staff_bars": staff()}


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_chart_has_a_specification_that_vega_draws(name: str) -> None:
    chart = ALL[name]
    specs = specifications(chart)
    assert len(specs) == len(chart.panels)
    for spec, panel in list(zip(specs, chart.panels, strict=True))[:2]:
        # Altair checked it against the schema; letters are never smaller than 12 pixels.
        assert spec["width"] == "container" and "$schema" in spec
        tables = view_tables(chart, panel, ENGLISH)
        rows = {}
        for key, columns in tables.items():
            cells = zip(*columns.values(), strict=True)
            rows[key] = [dict(zip(columns, each, strict=True)) for each in cells]
        drawn = {**spec, "width": 400, "datasets": {**spec.get("datasets", {}), **rows}}
        svg = vl_convert.vegalite_to_svg(drawn, vl_version=SERIES)
        sizes = {part.partition("px")[0] for part in svg.split('font-size="')[1:]}
        assert all(float(size) >= 12 for size in sizes), sizes


@pytest.mark.parametrize("chart", [series(), PAIRED, staff()], ids=["series", "paired", "staff"])
def test_the_report_draws_the_charts_of_the_page_too(chart: Chart) -> None:
    assert style.png(drawing.draw(chart))


def test_the_figures_below_a_chart_say_of_when_they_are() -> None:
    assert series().small.startswith("Feb 2012: baseline 150 [")
    assert PAIRED.small.startswith("Feb 2012: ")
    yearly = {"baseline": level([run[:10] for run in RUNS])}
    chart = series_chart(OF, {}, MonthAxis(120, "2011-01"), ENGLISH, points=yearly)
    assert chart.small.startswith("2020: baseline 150 [")


def test_a_specification_knows_no_data_and_is_made_once() -> None:
    later = series_chart(
        OF, {arm: [2 * run for run in runs] for arm, runs in ARMS.items()}, AXIS, ENGLISH,
        (90.0, 95.0, "report"),
    )  # fmt: skip
    assert specifications(series())[0] is specifications(later)[0]
    assert "Nobody" not in json.dumps(specifications(series()))


def test_lines_end_in_their_words_far_enough_apart() -> None:
    tables = view_tables(series(), series().panels[0], ENGLISH)
    table, labels = tables[TABLE], tables[LABELS]
    assert table["mean"][0] == 150.0 and table["watched"][0] == 100.0
    # January and February of 2011, as a browser counts time.
    assert table[PLACE][:2] == [1293840000000, 1296518400000]
    assert labels[SAID] == ["baseline", "beleid"] and labels["mean"] == [150.0, 160.0]
    low, high = labels[END]
    assert high - low > 10.0 and low + high == pytest.approx(310.0)


def test_panels_that_are_compared_have_one_axis() -> None:
    chart = MADE["dose"]
    ends = {tuple(view_tables(chart, panel, ENGLISH)[EXTENT]["mean"]) for panel in chart.panels}
    assert ends == {(1.0, 5.0)}
    assert EXTENT not in view_tables(series(), series().panels[0], ENGLISH)


def test_rows_stand_as_in_the_figure_with_their_figures() -> None:
    chart = MADE["league"]
    table = view_tables(chart, chart.panels[0], DUTCH)[TABLE]
    assert table[SAID] == ["+5", "0", "+3"] and table[END] == [8.0, 0.0, 3.0]
    [spec] = specifications(chart)
    [order] = {tuple(e["encoding"]["y"]["sort"]) for e in spec["layer"] if "y" in e["encoding"]}
    assert order == tuple(table[NAME]) and order[0] == "Swaps of jobs"
    # The widest uncertainty is the last of the chart's rows, and stands on top.
    [tornado] = specifications(MADE["tornado"])
    [order] = {tuple(e["encoding"]["y"]["sort"]) for e in tornado["layer"] if "y" in e["encoding"]}
    assert order[0].startswith("cost of a step between hbo")
    chart = staff()
    found = view_tables(chart, chart.panels[0], DUTCH)[TABLE]
    # Young people of hbo are 25% and 75%; the interval of two runs is wide.
    assert found["percent"][0] == 50.0 and found[SAID][0] == "50"


def test_a_sector_has_the_colour_that_it_has_in_figures() -> None:
    [spec] = specifications(staff())
    bars = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "bar")
    scale = bars["encoding"]["fill"]["scale"]
    known = dict(zip(scale["domain"], scale["range"], strict=True))
    assert known["hbo"] == colours.colour_of("hbo") and known["wo policy"] == colours.BLUE
    assert bars["encoding"]["fill"]["condition"]["test"]["oneOf"] == ["hbo policy", "wo policy"]


def test_the_key_says_each_sign_once() -> None:
    said = [(one.sign, one.label) for one in swatches(series(), ENGLISH)]
    assert said == [
        ("line", "baseline, mean"),
        ("dashed", "beleid, mean"),
        ("band", "95% interval of the mean"),
        ("thin", "the run that is watched"),
        ("band", "report"),
        ("upright", "levers changed"),
    ]
    alone = series_chart(OF, {"baseline": RUNS[:1]}, AXIS, ENGLISH)
    assert [one.label for one in swatches(alone, ENGLISH)] == ["baseline", "levers changed"]
    assert alone.small.endswith("One run, no interval.")
    signs = {one.label: one.sign for one in swatches(MADE["league"], ENGLISH)}
    assert signs["Monte Carlo noise alone"] == "thick"
    assert signs["not distinguishable from zero"] == "hollow_dot"


def test_each_row_of_a_file_says_of_which_run_it_is() -> None:
    facts = {"run": "live", "seed": "7", "arm": "not this one", "scenario": "=1+1"}
    rows = list(csv.DictReader(io.StringIO(chart_csv(series(), facts))))
    assert rows[0]["arm"] == "baseline" and rows[0]["mean"] == "150.0"
    assert {row["seed"] for row in rows} == {"7"} and len(rows) == 28
    # A spreadsheet takes no word for a formula.
    hostile = series_chart(OF, {"baseline": RUNS}, AXIS, ENGLISH)
    table = replace(hostile.table, cells=(("=cmd()", *hostile.table.cells[0][1:]),))
    assert "'=cmd()" in chart_csv(replace(hostile, table=table), {})

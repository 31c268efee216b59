"""Charts: what each says in data and words, before anything is drawn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.charts import colours, drawing, style
from hesim.charts.barriers import barriers_chart
from hesim.charts.cells import cells_chart, wilson
from hesim.charts.chart import Chart, Column, Table
from hesim.charts.differences import differences_chart
from hesim.charts.dose import dose_chart
from hesim.charts.dots import indices_chart, swings_chart
from hesim.charts.fan import fan_chart
from hesim.charts.flows import flows_chart
from hesim.charts.identification import identification_chart
from hesim.charts.league import league_chart
from hesim.charts.morris import MOST, TITLES, morris_chart
from hesim.charts.origin_destination import ORIGINS, origin_destination_chart
from hesim.charts.regret import regret_chart
from hesim.charts.sankey import sankey_chart
from hesim.charts.sentence import sentence_chart
from hesim.charts.stock import stock_chart
from hesim.charts.tornado import tornado_chart
from hesim.survey.crossings import DIRECT
from hesim.tables import read

NAN = math.nan


def row_of_summary(arm: str, outcome: str, year: object, mean: float, half: float | None) -> Any:
    ends = (None, None) if half is None else (mean - half, mean + half)
    return {
        "arm": arm,
        "outcome": outcome,
        "year": year,
        "mean": mean,
        "low": ends[0],
        "high": ends[1],
        "unit": "persons a year",
        "replications": 3,
    }


def summary(*arms: str) -> list[dict[str, Any]]:
    rows = []
    for k, arm in enumerate(arms):
        for outcome in ("wo_to_hbo", "hbo_to_wo", *DIRECT.values()):
            rows += [row_of_summary(arm, outcome, year, 10.0 + k, 12.0) for year in (2011, 2012)]
            rows.append(row_of_summary(arm, outcome, "all", 99.0, 1.0))
    return rows


def arm_of_league(name: str, mean: float, low: float, high: float, grade: str) -> dict[str, Any]:
    noise = {"difference_noise_low": NAN, "difference_noise_high": NAN}
    return {
        "arm": name,
        "grade": grade,
        "difference_mean": mean,
        "difference_low": low,
        "difference_high": high,
        **noise,
    }


LEAGUE = [
    arm_of_league("job_swap", 5.0, 2.0, 8.0, "assumed"),
    arm_of_league("zero", 0.0, 0.0, 0.0, "report"),
    arm_of_league("once", 3.0, NAN, NAN, "elsewhere"),
]
SWINGS = [
    {
        "uncertainty": f"model.choice.{name}",
        "value": value,
        "usual": 1.0,
        "mean": mean,
        "low": low,
        "high": mean + 1,
        "from": 1,
        "to": 3,
    }
    for name, value, mean, low in (
        ("sector_cost", 1, -2.0, -3.0),
        ("sector_cost", 3, 4.0, NAN),
        ("outside_cost", 2, 1.0, 0.0),
    )
]
DOSES = [
    {
        "structure": "",
        "share": share,
        "usual": share == 0.1,
        "dial": "",
        "effect": effect,
        "effect_low": low,
        "effect_high": effect + 1.0,
        "distinguishable": not math.isnan(low) and low > 0,
        "euros": 1e6 * share,
        "days": 0.0,
    }
    for share, effect, low in ((0.1, 1.0, NAN), (0.5, 4.0, 3.0))
]
CHANGES = [
    {"origin": "wo", "destination": "hbo", "mean": 6.0, "low": 2.0, "high": 9.0},
    {"origin": "hbo", "destination": "wo", "mean": -3.0, "low": -4.0, "high": -2.0},
    {"origin": "wo_then_no_job", "destination": "hbo", "mean": 1.0, "low": -1.0, "high": 3.0},
    {"origin": "elsewhere", "destination": "hbo", "mean": 0.5, "low": NAN, "high": NAN},
]


IDENTIFIED = {
    "parameters": [
        {"parameter": "push_base", "label": "data", "shrinkage": 0.6},
        {"parameter": "practice", "label": "assumed", "shrinkage": -0.1},
    ],
    "threshold": 0.5,
    "directions_beyond_prior": 1,
    "eigenvalues_emulator": [4.0, 0.001],
    "eigenvalues_common_random_numbers": [3.0, 0.2],
}
EFFECTS = [
    {
        "setting": f"model.choice.x{k}",
        "mean_absolute_effect": 9.0 - k,
        "half_width_95": 5.0,
        "mean_effect": (-1.0) ** k,
    }
    for k in range(MOST + 2)
]
SCREENED = {
    "outcomes": {name: {"settings": EFFECTS, "noise": 2.0, "mean": 10.0} for name in TITLES},
    "trajectories": 4,
    "settings": 10,
    "spread": 0.2,
}


def moves() -> np.ndarray[Any, Any]:
    made = np.zeros((len(ORIGINS), len(c.SECTORS)))
    made[ORIGINS.index("wo"), c.HBO] = 7.0
    made[ORIGINS.index("wo_then_no_job"), c.HBO] = 2.0
    return made


def margins() -> list[dict[str, Any]]:
    return [
        {
            "month": [0, 1, 1],
            "sector": ["hbo"] * 3,
            "what": ["age"] * 3,
            "band": ["under_25", "under_25", "35_54"],
            "persons": [9, young, 10 - young],
        }
        for young in (2, 4)
    ]


def charts() -> dict[str, Chart]:
    runs = {"job_swap": {2011: np.array([1.0, 3.0]), 2012: np.array([2.0, 6.0])}}
    index = [{"uncertainty": "a.b", "first": 0.2, "f": 0.1, "total": 0.5, "t": 0.2}]
    of_cell = next(x for x in read().cells if x.table == "3.5" and x.percent is not None)
    survey = [
        {
            "table": of_cell.table,
            "block": of_cell.block,
            "item": of_cell.item,
            "group": of_cell.group,
            "percent_movers": percent,
        }
        for percent in (of_cell.percent + 1.0, of_cell.percent - 1.0, NAN)
    ]
    return {
        "flows": flows_chart(summary("baseline", "policy"), 12, 0.5),
        "differences": differences_chart(summary("difference"), ["job_swap"], "assumed", 12),
        "origin_destination": origin_destination_chart(moves(), 12),
        "cells": cells_chart(survey, read(), False),
        "stock": stock_chart(margins()),
        "league": league_chart(LEAGUE, "Change", "persons a year", "small"),
        "fan": fan_chart(runs, "By year", "persons a year", "small"),
        "tornado": tornado_chart(SWINGS, "What moves it", "persons a year", "small"),
        "swings": swings_chart(SWINGS[1:], "What moves it", "persons a year", "small"),
        "indices": indices_chart(
            index, [("first", "f", "first order"), ("total", "t", "total")], "Shares", "index", ""
        ),
        "regret": regret_chart(
            np.array([[0.0, 5.0], [2.0, 1.0]]), ["a", "b"], ["x", "y"], "Regret", "persons", "small"
        ),
        "sankey": sankey_chart(CHANGES, "Change of flows", 12, "small"),
        "dose": dose_chart(DOSES, "By dose", "persons a year", "small"),
        "identification": identification_chart("blind", IDENTIFIED),
        "morris": morris_chart("blind", SCREENED),
        "sentence": sentence_chart("Nothing", "All worlds are alike.", "small"),
    }


MADE = charts()


@pytest.mark.parametrize("name", MADE)
def test_every_chart_describes_columns_that_it_has_and_draws(name: str) -> None:
    chart = MADE[name]
    columns = {column.name for column in chart.table.columns}
    named = {axis.column for panel in chart.panels for axis in (panel.x, panel.y) if axis.column}
    named |= {end for one in chart.intervals for end in (one.low, one.high)}
    named |= {chart.key.column} if chart.key else set()
    named |= {chart.shade.column} if chart.shade else set()
    assert named <= columns
    assert chart.title and chart.table.cells
    if "panel" in columns:
        assert {row["panel"] for row in chart.table.rows} <= {panel.name for panel in chart.panels}
    if chart.key:
        entries = {entry.name for entry in chart.entries}
        assert {row[chart.key.column] for row in chart.table.rows} <= entries
    assert style.svg(drawing.draw(chart)) == style.svg(drawing.draw(chart))


def test_a_cell_must_be_of_its_columns_kind() -> None:
    columns = (Column("persons"), Column("sure", "flag"), Column("arm", "word"))
    assert Table(columns, ((None, True, "a"),)).rows == [
        {"persons": None, "sure": True, "arm": "a"}
    ]
    for row in ((True, True, "a"), ("1", True, "a"), (1.0, 1, "a"), (1.0, True, None), (1.0, True)):
        with pytest.raises(ValueError):
            Table(columns, (row,))


def test_numbers_that_are_not_known_are_none() -> None:
    rows = [{"x": NAN}, {"x": None}, {}, {"x": np.float64(2.5)}, {"x": 3}]
    assert [row["x"] for row in Table.of([Column("x")], rows).rows] == [None, None, None, 2.5, 3]


def test_a_line_of_flows_is_an_arm_and_only_what_is_told_has_an_interval() -> None:
    chart = MADE["flows"]
    policy, base = (chart.table.where(line=name) for name in ("wo_to_hbo", "wo_to_hbo baseline"))
    assert [row["mean"] for row in policy] == [11.0, 11.0]
    assert [row["mean"] for row in base] == [10.0, 10.0]
    # Persons are never fewer than none.
    assert [(row["low"], row["high"]) for row in policy] == [(0.0, 23.0)] * 2
    assert {row["low"] for row in base + chart.table.where(line=DIRECT["wo_to_hbo"])} == {None}
    assert {entry.colour for entry in chart.entries} == {
        colours.SECTOR_COLOURS["hbo"],
        colours.SECTOR_COLOURS["wo"],
    }
    assert "scale 0.5" in chart.small and "mean of 3 replications" in chart.small
    plain = flows_chart(summary("baseline"), 12)
    assert next(entry.label for entry in plain.entries) == "from wo to hbo"
    assert "scale" not in plain.small


def test_a_league_tells_what_is_told_from_zero() -> None:
    chart = MADE["league"]
    assert [row["distinguishable"] for row in chart.table.rows] == [True, False, False]
    assert chart.text == "Change. Swaps of jobs +5 (2 to 8); zero +0 (0 to 0); once +3"
    assert [entry.colour for entry in chart.entries] == [
        colours.VERMILION,
        colours.BLUE,
        colours.GREEN,
    ]
    assert league_chart(LEAGUE, "Change", "", names=["x", "y", "z"]).y.labels == ("x", "y", "z")
    assert chart.y.labels[0] == "Swaps of jobs"


def test_changed_flows_are_more_fewer_or_unsure_and_crossings_are_added_up() -> None:
    chart = MADE["sankey"]
    found = {(row["origin"], row["destination"]): row["change"] for row in chart.table.rows}
    assert found == {
        ("wo", "hbo"): "more",
        ("hbo", "wo"): "fewer",
        ("wo_then_no_job", "hbo"): "unsure",
        ("elsewhere", "hbo"): "unsure",
    }
    assert "wo to hbo +7.0 a year, of whom +6.0 from job to job" in chart.small
    assert "hbo to wo -3.0 a year, of whom -3.0 from job to job" in chart.text


def test_moves_add_up_to_the_crossings_in_the_small_print() -> None:
    chart = MADE["origin_destination"]
    assert chart.table.where(origin="wo", destination="hbo")[0]["persons"] == 7.0
    assert "wo to hbo 9 a year, of whom 7 from job to job" in chart.small
    assert len(chart.table.cells) == len(ORIGINS) * len(c.SECTORS)
    assert (style.matrix(chart) == moves()).all()


def test_regret_puts_the_least_worst_arm_on_top() -> None:
    chart = MADE["regret"]
    assert chart.y.ticks == ("b", "a")
    assert chart.text == "Regret. Least worst regret: b, 2 persons, in 2 worlds."
    many = regret_chart(np.ones((1, 13)), ["a"], ["w"] * 13, "Regret", "persons", "")
    assert not many.x.labels and "13 worlds" in many.x.title


def test_a_fan_holds_percentiles_and_a_stock_the_last_month() -> None:
    first = MADE["fan"].table.rows[0]
    assert first["mean"] == 2.0 and first["p25"] == 1.5 and first["p95"] == pytest.approx(2.9)
    assert MADE["fan"].text == "By year. In 2012: Swaps of jobs 4"
    [young] = MADE["stock"].table.where(sector="hbo", panel="age", band="under_25")
    assert (young["mean"], young["low"], young["high"]) == (pytest.approx(30), 20.0, 40.0)


def test_a_dose_has_a_panel_for_each_effort_that_there_is() -> None:
    chart = MADE["dose"]
    assert [panel.name for panel in chart.panels] == ["share", "euros"]
    assert {panel.x.scale for panel in chart.panels} == {"linear"}
    rows = chart.rows(chart.panels[1])
    assert [(row["effort"], row["mean"], row["low"]) for row in rows] == [
        (1e5, 1.0, None),
        (5e5, 4.0, 3.0),
    ]
    assert [row["usual"] for row in rows] == [True, False]
    assert chart.text == "By dose. By share that takes part: 0.1: +1; 0.5: +4"
    wide = [DOSES[0], {**DOSES[1], "share": 1.0, "euros": 1e9}]
    scales = [panel.x.scale for panel in dose_chart(wide, "", "").panels]
    assert scales == ["linear", "log"]


def test_the_widest_uncertainty_is_the_last() -> None:
    chart = MADE["tornado"]
    assert chart.y.labels == ("choice outside cost\n2", "cost of a step between hbo and wo\n1 to 3")
    assert [row["end"] for row in chart.table.rows] == ["high", "low", "high"]
    [share] = MADE["indices"].table.where(series="total")
    assert (share["low"], share["high"]) == (pytest.approx(0.3), pytest.approx(0.7))


def test_cells_are_means_beside_the_reports_percentage() -> None:
    [row] = MADE["cells"].table.rows
    assert row["simulated"] == pytest.approx(row["reported"]) and row["inside"]
    assert {panel.name for panel in MADE["cells"].panels} == {
        "2.1",
        "2.2",
        "3.2",
        "3.3",
        "3.4",
        "3.5",
    }
    [panel] = [panel for panel in MADE["cells"].panels if panel.name == "3.5"]
    assert panel.title.endswith("1 of 1 inside")


def test_a_parameter_is_known_by_its_label_and_an_eigenvalue_keeps_its_size() -> None:
    chart = MADE["identification"]
    shrunk = chart.table.where(panel="shrinkage")
    assert [(row["parameter"], row["series"]) for row in shrunk] == [
        ("practice", "prior"),
        ("push_base", "data"),
    ]
    assert [row["value"] for row in chart.table.where(series="emulator")] == [4.0, 0.001]
    assert chart.panels[0].references[0].low == 50.0
    assert chart.panels[1].title.startswith("1 of 2 directions")


def test_the_settings_that_matter_most_are_shown_with_their_way() -> None:
    rows = MADE["morris"].table.where(panel="wo_to_hbo")
    assert [row["setting"] for row in rows] == [f"model.choice.x{k}" for k in range(MOST)]
    assert [row["way"] for row in rows][:2] == ["raises", "lowers"]
    assert (rows[0]["low"], rows[-1]["low"]) == (4.0, 0.0)
    assert MADE["morris"].panels[0].y.labels[0] == "choice: x0"


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(50.0, 100) == (pytest.approx(40.38, abs=0.01), pytest.approx(59.62, abs=0.01))


def test_a_remark_is_added_to_the_small_print() -> None:
    assert MADE["cells"].small == ""
    assert MADE["cells"].with_small("the baseline").small == "The baseline"
    assert MADE["league"].with_small("more").small.endswith("small; more")


def test_small_print_stays_inside_of_the_figure() -> None:
    figure, _ = style.canvas(1, 1, 5.0, 3.0)
    style.note(figure, "short\n" + "many words that say what the figure rests on; " * 12)
    (said,) = [text for text in figure.texts if "short" in text.get_text()] or [figure._supxlabel]
    figure.draw_without_rendering()
    box = said.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
    assert said.get_text().splitlines()[0] == "short"


def test_each_sector_has_one_colour() -> None:
    found = [colours.colour_of(sector) for sector in c.SECTORS]
    assert len(set(found)) == len(c.SECTORS)
    assert colours.colour_of("health_welfare") == colours.SECTOR_COLOURS["health_welfare"]
    assert colours.colour_of("hbo_in") == colours.colour_of("hbo_then_no_job") == found[c.HBO]
    assert colours.colour_of("elsewhere") == colours.GREY


def row_of_barriers(structure: str, barrier: str, share: float) -> dict[str, Any]:
    return {
        "direction": "wo_to_hbo",
        "title_direction": "From wo to hbo",
        "structure": structure,
        "barrier": barrier,
        "title": barrier.capitalize(),
        "contribution": 10.0 * share,
        "share_percent": share,
        "share_percent_low": share - 10.0,
        "share_percent_high": share + 10.0,
        "share_percent_noise_low": NAN,
        "share_percent_noise_high": NAN,
        "distinguishable": share > 10.0,
    }


def test_barriers_stand_in_order_with_the_draws_behind_their_mean() -> None:
    rows = [
        row_of_barriers(structure, barrier, share)
        for structure in ("standing", "growing")
        for barrier, share in (("terms", 5.0), ("familiarity", 72.0), ("distance", 23.0))
    ]
    draws = [{**rows[0], "draw": draw, "share_percent": 4.0 + draw} for draw in range(3)]
    chart = barriers_chart(rows, draws, "What stands between", "scale 0.1", 70.0)
    [panel] = chart.panels
    assert panel.y.ticks == ("terms", "distance", "familiarity")
    assert panel.references[0].low == 70.0 and "%" in panel.x.title
    assert [entry.name for entry in chart.entries] == ["standing", "growing"]
    assert len(chart.table.where(what="draw")) == 3
    sure = {row["barrier"]: row["sure"] for row in chart.table.where(what="mean")}
    assert sure == {"terms": False, "distance": True, "familiarity": True}
    assert "familiarity 72%, distance 23%, terms 5%" in chart.text
    figure = drawing.draw(chart)
    assert len(figure.axes) == 1 and figure.legends
    assert style.png(figure)

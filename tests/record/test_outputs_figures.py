"""Figures: what they show, in which colours, and what they must not show unasked."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from run_fakes import simulate

from hesim.charts import cells, flows, stock
from hesim.charts.cells import cells_chart
from hesim.charts.colours import SECTOR_COLOURS
from hesim.charts.flows import flows_chart
from hesim.charts.stock import stock_chart
from hesim.outcomes.summary import summarise
from hesim.scenario import compose
from hesim.tables import read


@pytest.fixture(scope="module")
def made():
    settings = compose(["years=3"])
    return [simulate(settings, number) for number in range(3)]


def titles(figure):
    return [ax.get_title() for ax in figure.axes if ax.get_title()]


@pytest.mark.parametrize("heldout", [False, True])
def test_table_3_1_is_drawn_only_when_asked(made, heldout):
    survey = [row for each in made for row in each.survey]
    figure = cells.draw(cells_chart(survey, read(), heldout))
    shown = " ".join(titles(figure))
    assert ("3.1" in shown) == heldout
    assert len(titles(figure)) == 6 + heldout
    if not heldout:
        reported = {cell.percent for cell in read().cells if cell.table != "3.1"}
        drawn = [
            line.get_xdata()[0]
            for ax in figure.axes
            for line in ax.lines
            if len(line.get_xdata()) == 1
        ]
        assert drawn and set(drawn) <= reported


def test_tables_that_went_into_the_model_stand_on_a_ground_of_their_own(made):
    figure = cells.draw(cells_chart(made[0].survey, read(), False))
    grounds = {ax.get_title()[6:9]: to_hex(ax.get_facecolor()) for ax in figure.axes}
    assert (
        grounds["2.1"]
        == grounds["2.2"]
        == grounds["3.2"]
        == grounds["3.3"]
        == grounds["3.4"]
        == cells.DARK
    )
    assert grounds["3.5"] == cells.LIGHT != cells.DARK


def test_a_sector_has_one_colour_in_all_figures(made):
    rows = summarise(made, 2011, 0.5)
    figure = flows.draw(flows_chart(rows, 12, 0.5))
    lines = {line.get_label(): line.get_color() for line in figure.axes[0].lines}
    assert lines["from wo to hbo"] == SECTOR_COLOURS["wo"]
    assert lines["from hbo to wo"] == SECTOR_COLOURS["hbo"]
    figure = stock.draw(stock_chart([each.margins for each in made]))
    bars = {bar.get_label(): bar.patches[0] for bar in figure.axes[0].containers}
    for sector, patch in bars.items():
        assert to_hex(patch.get_facecolor()).upper() == SECTOR_COLOURS[sector]


@pytest.mark.parametrize("replications", [1, 3])
def test_flows_say_what_the_interval_is_of_and_that_counts_are_scaled(made, replications):
    chart = flows_chart(summarise(made[:replications], 2011, 0.5), 12, 0.5)
    words = flows.draw(chart).get_supxlabel()
    assert ("95% interval" in words) == (replications > 1)
    assert "scale 0.5" in words
    assert "scale" not in flows_chart(summarise(made, 2011, 1.0), 12).small


def test_shares_of_the_stock_add_to_100(made):
    percent = stock.staff_percentages([each.margins for each in made])
    for sector in ("hbo", "wo"):
        for what in ("age", "contract", "hours"):
            for k in range(len(made)):
                mine = [v[k] for key, v in percent.items() if key[:2] == (sector, what)]
                assert sum(mine) == pytest.approx(100)

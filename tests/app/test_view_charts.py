"""Charts in a real browser: they appear, say what the mouse points at, zoom together, are saved."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import altair
import pytest
from browser import Opening, Server
from playwright.sync_api import Page, expect

from hesim.app import scripts
from hesim.charts.phrases import Phrases

pytestmark = pytest.mark.slow
QUERY = "?tab=outcomes&month=20&replications=2&levers=3:meet_and_greet"
MOST_BYTES = 1_500_000
ENGLISH = Phrases()


def test_scripts_are_of_the_versions_that_altair_asks_for() -> None:
    known = scripts.script_versions()
    assert known["vega"].split(".")[0] == altair.VEGA_VERSION
    assert altair.VEGALITE_VERSION.startswith(f"{known['vega-lite']}.")
    assert known["vega-embed"].split(".")[0] == altair.VEGAEMBED_VERSION


def _chart(page: Page, title: str) -> Any:
    # The words of a chart begin with its title, without what the title means.
    named = page.locator(f'.hesim-panels[aria-label^="{title}. "]')
    return page.locator(".hesim-chart").filter(has=named)


def _labels(page: Page, title: str) -> list[str]:
    return _chart(page, title).locator(".hesim-view svg text").all_inner_texts()


def test_a_chart_answers_to_the_mouse_and_is_saved_with_its_numbers(
    server: Server, open_page: Opening
) -> None:
    watched = open_page()
    page = watched.page
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text) if said.type == "warning" else None)
    wire: list[float] = []
    network = watched.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda told: wire.append(told["encodedDataLength"]))
    page.goto(server.address + QUERY)
    chart = _chart(page, "Turnover of hbo")
    chart.locator(".hesim-view svg .mark-line path").first.wait_for()
    assert 300_000 < sum(wire) < MOST_BYTES, sum(wire)
    expect(chart.locator(".hesim-swatches")).to_contain_text("95% interval of the mean")
    expect(chart.locator(".hesim-panels[role=img]")).to_have_attribute(
        "aria-label", re.compile(r"Turnover of hbo\. \w+ \d{4}: baseline .* Mean of 2 runs")
    )
    # The mouse is told all values of both arms in a month.
    view = chart.locator(".hesim-view")
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box is not None
    middle = box["y"] + 60
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    hint = chart.locator(".hesim-hint")
    expect(hint).to_be_visible()
    told = hint.inner_text()
    month = re.match(r"(\w{3}) (\d{4}): percent of staff a year", told)
    assert month and all(word in told for word in ("baseline", "policy", "95% from", "runs"))
    # Its table and its file have the same figures, and the file says of which run they are.
    chart.get_by_role("button", name="Table: ").click()
    row = chart.locator(".hesim-sheet tr", has_text=" ".join(month.groups())).first
    cells = row.locator("td").all_inner_texts()
    assert cells[0] == "baseline" and cells[3] in told
    chart.get_by_role("button", name="Table: ").click()
    files = {kind: _saved(page, chart, kind) for kind in ("SVG", "PNG", "CSV")}
    name, content = files["CSV"]
    assert re.fullmatch(
        r"hesim_turnover_hbo_live_seed-1_2011-01-to-2012-08_meet-and-greet_scale-0.03_\w+_A\.csv",
        name,
    )
    rows = list(csv.DictReader(content.decode().splitlines()))
    at = f"{month[2]}-{ENGLISH.months.split().index(month[1]) + 1:02d}"
    [same] = [row for row in rows if row["arm"] == "baseline" and row["month"] == at]
    assert f"{float(same['mean']):.1f}" == cells[3] and same["seed"] == "1"
    assert len(rows) == 40 and same["scale"] == "0.03"
    drawing = files["SVG"][1].decode()
    assert "95% interval of the mean" in drawing and "seed: 1" in drawing
    assert files["PNG"][1].startswith(b"\x89PNG")
    # A period that is drawn over is what all charts show; all of it comes back.
    other = "PhDs among hbo's staff"
    before = _labels(page, other)
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], middle, steps=4)
    page.mouse.up()
    # Months stand at the axis, and the first year no longer does.
    drawn = _chart(page, other).locator(".hesim-view svg")
    expect(drawn).not_to_contain_text("2011")
    assert page.evaluate("getSelection().toString()") == ""
    chart.get_by_role("button", name="Whole period").click()
    expect(drawn).to_contain_text("2011")
    assert _labels(page, other) == before
    chart.get_by_role("button", name="Zoom in").click()
    expect(drawn).not_to_contain_text("2011")
    chart.get_by_role("button", name="Whole period").click()
    # Another month changes the data of the view that stands.
    page.evaluate("document.querySelectorAll('.hesim-view svg').forEach(e => e.mine = true)")
    page.click(".hesim-step")
    expect(page.locator(".hesim-month")).to_contain_text("month 21 of 24")
    expect(chart.locator(".hesim-panels[role=img]")).to_have_attribute(
        "aria-label", re.compile("baseline")
    )
    assert page.evaluate("[...document.querySelectorAll('.hesim-view svg')].every(e => e.mine)")
    assert not warned


def _saved(page: Page, chart: Any, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as coming:
        chart.get_by_role("button", name=f"Download {kind}: ").click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_names_are_words_and_never_code(open_page: Opening) -> None:
    watched = open_page("?tab=staff&month=2")
    page = watched.page
    page.locator(".hesim-view svg").first.wait_for()
    page.evaluate(
        """() => {
          const hint = new window.hesimCharts.Hint(document.querySelector(".hesim-chart"));
          hint.show(5, 5, "<img src=x onerror='window.bad=1'>", [["<b>bold</b>", "<i>1</i>"]]);
        }"""
    )
    assert page.locator(".hesim-hint img, .hesim-hint b, .hesim-hint i").count() == 0
    expect(page.locator(".hesim-hint", has_text="<b>bold</b>")).to_be_visible()
    assert page.evaluate("window.bad === undefined")


def test_charts_need_no_code_made_of_text(server: Server, open_page: Opening) -> None:
    """A page that forbids `unsafe-eval` draws them: Vega's expressions are interpreted."""
    watched = open_page("?tab=staff&month=2")
    page = watched.page
    page.locator(".hesim-view svg").first.wait_for()
    chart = page.evaluate(
        """() => {
          const found = document.querySelector(".hesim-chart").__vue__;
          const names = ["panels", "tables", "columns", "words", "language", "months", "scripts"];
          return JSON.parse(JSON.stringify(Object.fromEntries(names.map((n) => [n, found[n]]))));
        }"""
    )
    found = scripts.addresses()
    body = f"<script src='{found['own']}'></script>"
    policy = {"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"}
    page.route(
        "**/strict",
        lambda asked: asked.fulfill(
            headers=policy, content_type="text/html", body=f"<div id='here'></div>{body}"
        ),
    )
    page.goto(server.address + "strict")
    page.evaluate(
        """(chart) => {
          const here = document.getElementById("here");
          const hint = new window.hesimCharts.Hint(here);
          return window.hesimCharts
            .open(here, chart.panels[0], chart.tables[0], chart, hint)
            .then((view) => view.ready);
        }""",
        chart,
    )
    assert page.locator("#here svg text", has_text="35 to 54").count() == 1

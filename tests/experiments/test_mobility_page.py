"""Tables that the page on mobility has by hand: each follows from the report or from a record."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from scipy.special import betaincinv

import hesim
from hesim.experiments.page_answers import table_chart
from hesim.experiments.page_file import read_page
from hesim.experiments.table_rows import PageTable
from hesim.sources import packaged
from hesim.tables import read

ROOT = Path(__file__).parents[2]
DATA = ROOT / "experiments" / "mobility" / "data"
TOLD = {
    ("entrants", "wo_to_hbo"): ("hbo_in", "wo", "hbo", "2.1", "prior_situation"),
    ("entrants", "hbo_to_wo"): ("wo_in", "hbo", "wo", "2.1", "prior_situation"),
    ("leavers", "wo_to_hbo"): ("wo_out", "hbo", "wo", "2.2", "exit_reason"),
    ("leavers", "hbo_to_wo"): ("hbo_out", "wo", "hbo", "2.2", "exit_reason"),
}
"""Who tells of a crossing in table 3.1, which sector they name, where they are counted, and the
table with all respondents of that group."""
TEACHING = {"wo_to_hbo": "wo_to_hbo_teaching", "hbo_to_wo": "hbo_to_wo_teaching"}
SAME_STAFF = [
    ("leavers", "entrants"),
    *((one, f"table_{year}") for one in ("entrants", "leavers") for year in (2009, 2010)),
    ("all_2009", "text_2009"),
]
Row = Mapping[str, str]


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def estimates() -> Iterator[tuple[str, str, float, float, float]]:
    """Source, outcome, persons a year, and both ends of the interval."""
    report = read()
    found = hesim.settings("population").set_index("path")["value"]
    staff = {name: float(found[f"population.{name}_staff"]) for name in ("hbo", "wo")}
    for (source, outcome), (group, item, sector, table, block) in TOLD.items():
        share, n = report.percent("3.1", item, group) / 100, report.n("3.1", group)
        persons = staff[sector] * report.macro_value("turnover", sector) / 100
        told = persons * n / report.n(table, group, block)
        # Exact binomial, of a weighted number of respondents.
        low = betaincinv(share * n, n - share * n + 1, 0.025)
        high = betaincinv(share * n + 1, n - share * n, 0.975)
        yield source, outcome, told * share, told * low, told * high
    for flow in report.flows_1_1:
        for outcome, teaching in TEACHING.items():
            if flow.year in (2009, 2010):
                for source, column in (("table", teaching), ("all", outcome)):
                    count = float(getattr(flow, column))
                    yield f"{source}_{flow.year}", outcome, count, count, count
    for outcome, name, count in (
        ("wo_to_hbo", "share_of_inflow_from_wo", 170),
        ("hbo_to_wo", "share_of_outflow_to_wo", 290),
    ):
        percent = report.macro_value(name, "hbo")
        [fact] = [each for each in report.macro if each.quantity == name]
        assert f"about {count} persons" in fact.unit
        # A whole percentage may be half a point more or less.
        ends = ((percent + half) / percent * count for half in (-0.5, 0.5))
        yield "text_2009", outcome, float(count), *ends


def test_each_source_of_the_report_follows_from_its_tables() -> None:
    found = {(row["source"], row["outcome"]): row for row in rows_of("sources")}
    wanted = {(source, outcome): ends for source, outcome, *ends in estimates()}
    assert found.keys() == wanted.keys()
    for key, (value, low, high) in wanted.items():
        assert float(found[key]["value"]) == pytest.approx(value, abs=0.0051), key
        if low == high:
            assert found[key]["low"] == found[key]["high"] == "", key
            continue
        assert float(found[key]["low"]) == pytest.approx(low, abs=0.0051), key
        assert float(found[key]["high"]) == pytest.approx(high, abs=0.0051), key


def test_respondents_of_each_source_are_those_of_the_report() -> None:
    report = read()
    crossers = {
        each.quantity + "." + each.sector: each.value
        for each in report.macro
        if each.quantity == "crossers_in_sample"
    }
    names = {"wo_in": "wo_in_from_hbo", "hbo_in": "hbo_in_from_wo"}
    names |= {"wo_out": "wo_out_to_hbo", "hbo_out": "hbo_out_to_wo"}
    for row in rows_of("sources"):
        key = row["source"], row["outcome"]
        if key not in TOLD:
            assert row["respondents"] == row["known"] == row["asked"] == ""
            continue
        group, _, _, table, block = TOLD[key]
        assert int(row["known"]) == report.n("3.1", group)
        assert int(row["asked"]) == report.n(table, group, block)
        assert int(row["respondents"]) == crossers[f"crossers_in_sample.{names[group]}"]


def test_sources_contradict_each_other_by_as_much_as_the_page_says() -> None:
    known = {(source, outcome): ends for source, outcome, *ends in estimates()}
    found = {(row["source"], row["other"], row["outcome"]): row for row in rows_of("pairs")}
    assert found.keys() == {(a, b, way) for a, b in SAME_STAFF for way in TEACHING}
    for (source, other, outcome), row in found.items():
        one, two = known[source, outcome], known[other, outcome]
        gap = one[0] - two[0]
        # Each end takes the distances that point its way (Zou and Donner 2008).
        low = gap - math.hypot(one[0] - one[1], two[2] - two[0])
        high = gap + math.hypot(one[2] - one[0], two[0] - two[1])
        written = [float(row[f"difference{end}"]) for end in ("", "_low", "_high")]
        assert written == pytest.approx([gap, low, high], abs=0.0051), (source, other, outcome)
        assert float(row["times"]) == pytest.approx(
            max(one[0], two[0]) / min(one[0], two[0]), abs=0.051
        )
        assert row["contradict"] == ("yes" if low > 0 or high < 0 else "no")
        assert row["staff"] == ("all" if source.startswith("all") else "academic")


def test_forecasts_are_those_that_were_recorded_when_they_were_looked_at() -> None:
    uses = json.loads((packaged().parent / "src/hesim/app/recorded_uses.json").read_text("utf-8"))
    trace = (ROOT / "docs" / "trace.md").read_text("utf-8")
    said = " ".join(trace.split())
    words = re.search(
        r"From wo to hbo it is (\d+) to (\d+) and (\d+) to (\d+), and the table's (\d+) lies (\w+)",
        said,
    )
    assert words
    found = {(row["structure"], row["outcome"]): row for row in rows_of("forecasts")}
    for structure, name, start in (
        ("standing:blind", "blind", 1),
        ("growing:blind", "growing_blind", 3),
    ):
        row = found.pop((structure, "wo_to_hbo"))
        assert [row["low"], row["high"]] == [words[start], words[start + 1]]
        assert (row["reported"], row["verdict"]) == (words[5], words[6])
        row = found.pop((structure, "hbo_to_wo"))
        record = uses[name]
        level = next(use for use in record["uses"] if use["use"] == "level of a flow")
        assert level["reason"]["key"] == "level_outside"
        [doubt] = level["reason"]["doubts"]
        assert doubt["names"] == ["hbo_to_wo"]
        for column in ("low", "high", "reported"):
            assert float(row[column]) == doubt["numbers"][column][0]
        assert (row["verdict"], row["date"]) == ("outside", record["date"])
        assert row["quotable"] == level["quote"]
    assert not found


def test_a_break_lasts_at_most_as_long_as_the_setting_says() -> None:
    months = hesim.settings("survey.job_known_within")["value"][0]
    assert [row["months_between"] for row in rows_of("definition")] == [str(months)]


def test_the_figure_has_the_report_and_the_fitted_model_but_no_forecast() -> None:
    page = read_page(DATA.parent)
    levels = [
        {
            "structure": structure,
            "arm": "baseline",
            "outcome": outcome,
            "level": "100.0",
            "level_low": "90.0",
            "level_high": "115.0",
        }
        for structure in ("standing", "growing", "standing:blind", "growing:blind")
        for outcome in (*TEACHING, "hbo_phd_share")
    ]
    tables = {
        "sources": PageTable("mobility", "sources", "data", "", "", rows_of("sources")),
        "levels": PageTable("mobility", "levels", "mobility", "", "mobility", levels),
    }
    drawn = table_chart(page, page.figures["sources"], tables)
    [panel] = drawn.panels
    assert panel.y.ticks == (
        *("growing", "standing"),
        *("table_2010", "table_2009", "leavers", "entrants"),
    )
    model = list(drawn.table.where(uncertainty="standing", series="hbo_to_wo"))
    assert [(row["mean"], row["low"], row["high"]) for row in model] == [(100.0, 90.0, 115.0)]
    [counted] = drawn.table.where(uncertainty="table_2010", series="wo_to_hbo")
    assert (counted["mean"], counted["low"]) == (101.0, None)

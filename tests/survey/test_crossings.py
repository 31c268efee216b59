"""A crossing is one number: every place that tells it tells the same one."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from html import unescape
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from hesim import categories as c
from hesim.app import measures
from hesim.app.pictures import sankey
from hesim.app.recording import read_arms
from hesim.app.selection import Selection
from hesim.app.words import speak
from hesim.charts import differences, flows, origin_destination
from hesim.charts.differences import differences_chart
from hesim.charts.flows import flows_chart
from hesim.cli import main
from hesim.record.places import read_places
from hesim.record.run_folder import Run
from hesim.report.figures import add_charts
from hesim.report.run_page import run_page
from hesim.report.study_page import study_page
from hesim.scenario import compose
from hesim.study.answers.comparison import answer_study
from hesim.study.folder import Study
from hesim.study.run_screen import Screen
from hesim.survey.crossings import CROSSINGS, DIRECT, LATER
from hesim.tables import read

pytestmark = pytest.mark.once

SCALE, YEARS, REPLICATIONS = 0.04, 2, 2
LEVER = "meet_and_greet"
KNOWN_WITHIN = 9
"""Not the usual 12 months, so that a number typed in anywhere shows."""
WORLD = [
    f"population.scale={SCALE}",
    f"years={YEARS}",
    "burn_in=14",
    "start=2013-01",
    f"survey.job_known_within={KNOWN_WITHIN}",
    "model.search.sources.anyone=0.4",
    f"levers.{LEVER}.start=2013-01",
    f"levers.{LEVER}.reach.share=0.5",
]
"""The other sector comes to mind often enough to cross in numbers that can be told."""
ENDS = {"wo_to_hbo": ("hbo_in", "wo to hbo"), "hbo_to_wo": ("wo_in", "hbo to wo")}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("crossings") / "run"
    words = [f"levers=[{LEVER}]", *WORLD, f"replications={REPLICATIONS}", "workers=1"]
    assert main(["run", *words, f"output={folder}", "figures=true"]) == 0
    return Run(folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("crossings") / "study"
    words = [f"study.levers=[{LEVER}]", *WORLD, f"study.replications={REPLICATIONS}"]
    words += ["study.outcome=wo_to_hbo", "engine=serial"]
    assert main(["study", *words, f"output={folder}"]) == 0
    return Study(folder)


def told(run: Run, arm: str, outcome: str, year: str = "all") -> float:
    """What summary.csv says: everything else is compared with it."""
    rows = run.summary
    rows = rows[(rows["arm"] == arm) & (rows["outcome"] == outcome) & (rows["year"] == year)]
    return float(rows["mean"].iloc[0])


def by_year(run: Run, arm: str, outcome: str) -> list[float]:
    return [told(run, arm, outcome, str(2013 + k)) for k in range(YEARS)]


def test_people_cross_on_both_ways_and_in_both_arms(run: Run) -> None:
    """Else the tests below would compare zeros."""
    assert told(run, "baseline", "wo_to_hbo") > told(run, "baseline", "wo_to_hbo_direct") > 0
    assert told(run, "difference", "wo_to_hbo") != told(run, "difference", "wo_to_hbo_direct")


@pytest.mark.parametrize("name", CROSSINGS)
@pytest.mark.parametrize("arm", ["baseline", "policy"])
def test_flows_and_movers_hold_the_crossings_of_the_summary(run: Run, arm: str, name: str) -> None:
    of_arm = run.of_arm(arm)
    whole = SCALE * YEARS * REPLICATIONS
    rows = of_arm.flows[of_arm.flows["crossing"] == name]
    assert set(rows["kind"]) <= {"move", "hire"}
    assert rows["persons"].sum() / whole == pytest.approx(told(run, arm, name), abs=1e-3)
    direct = rows[rows["kind"] == "move"]
    straight = told(run, arm, DIRECT[name])
    assert direct["persons"].sum() / whole == pytest.approx(straight, abs=1e-3)
    hired = rows[rows["kind"] == "hire"]
    assert set(hired["origin_sector"]) <= {"none"} and set(direct["months_between"]) <= {0}
    assert hired["months_between"].between(0, KNOWN_WITHIN).all()
    group, _ = ENDS[name]
    rows = of_arm.movers[(of_arm.movers["crossing"] == name) & (of_arm.movers["group"] == group)]
    assert len(rows) / whole == pytest.approx(told(run, arm, name), abs=1e-3)
    direct = rows[rows["way"] == "job_to_job"]
    assert len(direct) / whole == pytest.approx(straight, abs=1e-3)
    assert rows["months_between"].between(0, KNOWN_WITHIN).all()


def test_flows_remember_the_sector_left_longer_than_a_crossing_takes(run: Run) -> None:
    """So that a reader can draw the line elsewhere, up to eighteen months."""
    rows = run.flows[(run.flows["kind"] == "hire") & (run.flows["previous_sector"] != "none")]
    assert rows["months_between"].between(0, 18).all()
    assert (rows["months_between"] > KNOWN_WITHIN).any()
    late = rows[rows["months_between"] > KNOWN_WITHIN]
    assert set(late["crossing"]) == {""}
    others = run.flows[~run.flows["kind"].isin(["move", "hire"])]
    assert set(others["crossing"]) == {""}
    # Who has no job may leave the model for one: that is a next job, too.
    others = others[others["kind"] != "departure"]
    assert set(others["months_between"]) == {-1}


def test_the_screen_says_what_the_summary_says(run: Run) -> None:
    settings = compose([*WORLD[:-2], f"replications={REPLICATIONS}"])
    rows = run.summary[run.summary["arm"] == "baseline"]
    screen = Screen(settings, show=True)
    said = io.StringIO()
    with redirect_stdout(said):
        screen.finish(run, rows.to_dict("records"), {})
        screen.compare(run, run.summary.to_dict("records"))
    text = said.getvalue()
    found = re.search(
        r"years ([\d,]+) persons a year went from wo to hbo, of whom ([\d,]+) from job to job,\s"
        r"and ([\d,]+) from hbo to wo, of whom ([\d,]+) from job to job",
        text,
    )
    assert found is not None, text
    names = [each for name in CROSSINGS for each in (name, DIRECT[name])]
    assert list(found.groups()) == [f"{told(run, 'baseline', name):,.0f}" for name in names]
    assert text.count(f"at most {KNOWN_WITHIN} months") == 2
    for name in names:
        line = f"{name:24}" + "".join(
            f"{told(run, arm, name, 'in_force'):{form}}"
            for arm, form in (
                ("baseline", "10,.2f"),
                ("policy", "10,.2f"),
                ("difference", "+12,.2f"),
            )
        )
        assert line in text


def lines(figure: Any) -> dict[str, list[float]]:
    return {
        str(line.get_label()): [float(value) for value in line.get_ydata()]
        for ax in figure.axes
        for line in ax.lines
    }


def test_figures_show_what_the_summary_says(run: Run) -> None:
    rows = run.summary.astype(object).where(run.summary.notna(), None).to_dict("records")
    shown = lines(flows.draw(flows_chart(rows, KNOWN_WITHIN, SCALE)))
    for name, (_, words) in ENDS.items():
        assert shown[f"from {words}, policy"] == by_year(run, "policy", name)
        assert shown[f"from {words}, baseline"] == by_year(run, "baseline", name)
        direct = shown[f"from {words}, policy, of whom from job to job"]
        assert direct == by_year(run, "policy", DIRECT[name])
    figure = differences.draw(differences_chart(rows, [LEVER], "assumed", KNOWN_WITHIN, SCALE))
    for ax, name in zip(figure.axes, CROSSINGS, strict=False):
        assert list(ax.lines[1].get_ydata()) == by_year(run, "difference", name)
    table = pq.read_table(run.folder / "flows.parquet", filters=[("arm", "=", "baseline")])
    moves = origin_destination.flow_counts(table, YEARS) / SCALE
    chart = origin_destination.origin_destination_chart(moves, KNOWN_WITHIN, SCALE)
    drawn = origin_destination.draw(chart)
    for name, (total, direct) in origin_destination.crossings(moves).items():
        assert total == pytest.approx(told(run, "baseline", name), abs=1e-3)
        assert direct == pytest.approx(told(run, "baseline", DIRECT[name]), abs=1e-3)
        said = f"{name.replace('_', ' ')} {total:,.0f} a year, of whom {direct:,.0f} from job"
        assert said in drawn.get_supxlabel()
    # Nobody is counted twice and nobody is lost: the cells are all moves, hires and separations.
    counted = np.isin(table["kind"].to_numpy(zero_copy_only=False), origin_destination.KINDS)
    persons = table["persons"].to_numpy()[counted].sum()
    assert moves.sum() == pytest.approx(persons / (SCALE * YEARS * REPLICATIONS))


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_report_of_a_run_says_what_the_summary_says(run: Run) -> None:
    text = text_of(run_page(run.folder))
    for name, (_, words) in ENDS.items():
        total, direct = (
            f"{told(run, 'baseline', each, 'in_force'):,.0f}" for each in (name, DIRECT[name])
        )
        pattern = rf"\b{total}( persons a year)?( \([^)]*\))?( go)? from {words}, of whom {direct} "
        assert re.search(pattern, text), (pattern, text[:1500])
        change = f"{told(run, 'difference', DIRECT[name], 'in_force'):+,.0f}"
        assert re.search(rf"from {words} \(from job to job: {re.escape(change)}\)", text)
    assert f"at most {KNOWN_WITHIN} months" in text


@pytest.mark.parametrize("name", CROSSINGS)
def test_a_study_answers_what_a_run_says(run: Run, study: Study, name: str) -> None:
    """The same world, lever and replications: rows, table, sentence and ribbons are the run's."""
    made = add_charts(answer_study(study, [f"study.outcome={name}"]))
    rows = made.tables["comparison"].set_index(["arm", "outcome"])
    for each in (name, DIRECT[name]):
        assert rows.loc[("baseline", each), "level"] == pytest.approx(
            told(run, "baseline", each, "in_force"), abs=1e-3
        )
        assert rows.loc[(LEVER, each), "difference_mean"] == pytest.approx(
            told(run, "difference", each, "in_force"), abs=1e-3
        )
    total, direct = (told(run, "difference", each, "in_force") for each in (name, DIRECT[name]))
    ribbons = made.tables[f"flows_{LEVER}"].set_index(["origin", "destination"])["mean"]
    left, joined = (c.SECTORS[code] for code in CROSSINGS[name])
    assert ribbons[left, joined] == pytest.approx(direct, abs=1e-3)
    assert ribbons[left, joined] + ribbons[LATER[name]] == pytest.approx(total, abs=1e-3)
    # The ribbons out of no job lose who is shown apart: together they are all hires.
    hires = study.query(
        "select avg(difference) as mean from differences "
        f"where outcome = 'flow.no_job.{joined}' and arm = '{LEVER}'"
    )["mean"].iloc[0]
    assert ribbons["no_job", joined] + ribbons[LATER[name]] == pytest.approx(hires)
    chart = made.figures[f"flows_{LEVER}"]
    for said in (chart.text, chart.small):
        shown = numbers(rf"{name.replace('_', ' ')} {NUMBER} a year, of whom {NUMBER} from", said)
        assert shown == pytest.approx([total, direct], abs=0.051)


NUMBER = r"([-+]?[\d,]+\.\d)"


def numbers(pattern: str, text: str) -> list[float]:
    """The numbers that a sentence tells, to one decimal."""
    found = re.search(pattern, text)
    assert found is not None, (pattern, text[:1500])
    return [float(group.replace(",", "")) for group in found.groups()]


def test_the_report_of_a_study_says_what_the_run_says(run: Run, study: Study) -> None:
    html = study_page(study.folder)
    text = text_of(html)
    names = ("wo_to_hbo", DIRECT["wo_to_hbo"])
    level = [told(run, "baseline", each, "in_force") for each in names]
    change = [told(run, "difference", each, "in_force") for each in names]
    ends = r"(?: \([^)]*\))?"
    said = numbers(rf"wo to hbo is {NUMBER} persons a year{ends}, of whom {NUMBER} from job", text)
    assert said == pytest.approx(level, abs=0.051)
    raised = numbers(
        rf"(?:raises|lowers) it by {NUMBER}[^;]*; the change from job to job is {NUMBER}", text
    )
    assert raised == pytest.approx([abs(change[0]), change[1]], abs=0.051)
    drawn = numbers(rf"wo to hbo {NUMBER} a year, of whom {NUMBER} from job", unescape(html))
    assert drawn == pytest.approx(change, abs=0.051)


@pytest.mark.parametrize("arm", ["baseline", "policy"])
def test_the_page_shows_what_the_summary_says(run: Run, arm: str) -> None:
    settings, tables = compose(WORLD[:-2]), read()
    arms, places = read_arms(run.folder, settings, tables)[arm], read_places(tables)
    series = [one.follower.series(Selection(), SCALE) for one in arms]
    for name in (*CROSSINGS, *DIRECT.values()):
        decembers = np.mean([each[name][11::12] for each in series], axis=0)
        assert decembers == pytest.approx(by_year(run, arm, name), abs=1e-3), name
    moves = [
        measures.origin_destination(one.record, places, Selection(), 0, 12 * YEARS) for one in arms
    ]
    picture = sankey.draw(moves, SCALE, speak("en"), "all years")
    mean = {(row[0], row[1]): float(str(row[2])) for row in picture.rows}
    for name, (left, joined) in CROSSINGS.items():
        straight = mean[c.SECTORS[left], c.SECTORS[joined]]
        assert straight / YEARS == pytest.approx(told(run, arm, DIRECT[name]), abs=1e-2)
        whole = straight + mean.get(LATER[name], 0.0)
        assert whole / YEARS == pytest.approx(told(run, arm, name), abs=1e-2)
        all_, some = (speak("en").number(x) for x in (whole, straight))
        plain = re.sub(r" \[[^]]*\]", "", picture.svg)
        assert f"{speak('en')(name)}: {all_}, of whom {some} from job to job." in plain
    # Nobody is counted twice: the ribbons are all moves, hires and separations.
    flows = run.of_arm(arm).flows
    counted = flows[flows["kind"].isin(origin_destination.KINDS)]["persons"].sum()
    assert sum(float(each.sum()) for each in moves) == counted

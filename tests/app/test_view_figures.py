"""The page's figures: rates of those who are chosen, staff that adds up, means with intervals."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pytest

from hesim import categories as c
from hesim.app import flow_plans, gallery, institution, levers, measures
from hesim.app.address import View
from hesim.app.outcomes import OutcomeFollower
from hesim.app.pictures import netherlands, sankey
from hesim.app.pictures.svg import Picture
from hesim.app.scene import Scene
from hesim.app.selection import CHOICES, Selection
from hesim.app.session import Session
from hesim.app.snapshot import ArmRecord, Snapshot
from hesim.app.words import speak
from hesim.charts.chart import Chart
from hesim.charts.level import level
from hesim.charts.series import MonthAxis, paired_series_chart, series_chart
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.summary import interval
from hesim.record.places import Places
from hesim.record.reader import Record
from hesim.scenario import compose
from hesim.tables import ReportTables

pytestmark = pytest.mark.once

OVERRIDES = ("population.scale=0.2", "years=3", "burn_in=6")
ON: dict[str, dict[str, float]] = {
    "secondment": {"volunteers": 0.02},
    "job_swap": {"volunteers": 0.02},
    "joint_appointment": {"offers": 0.02},
    "regional_employer": {},
}
"""More of everything than their defaults, so that each happens in a small population."""
RATES = (
    "hbo_inflow_from_wo",
    "wo_outflow_to_hbo",
    "turnover_wo",
    "turnover_hbo",
    "hbo_phd_share",
    "vacancies_unfilled",
)


@pytest.fixture(scope="module")
def session(tables: ReportTables) -> Session:
    """Three years with levers on since the second month."""
    made = Session(compose(OVERRIDES), tables)
    made.step()
    words = levers.overrides({1: ON}, 1, "2011-01")
    made.set_levers(levers.settings_with_levers(OVERRIDES, None, {}, words)[1])
    while not made.over:
        made.step()
    made.publish()
    return made


@pytest.fixture(scope="module")
def now(session: Session) -> Snapshot:
    return session.snapshot


def _series(now: Snapshot, chosen: Selection) -> dict[str, np.ndarray]:
    return now.arms[BASELINE].follower.series(chosen, now.scale)


def _scene(now: Snapshot, language: str = "en", **looked: object) -> Scene:
    def report(name: str) -> tuple[float, float, str]:
        return 8.0, 9.0, "the report"

    view = View(language=language, **looked)  # type: ignore[arg-type]
    return Scene(now, view, speak(language), "2011-01", "assumed effect", report)


def _staff(record: Record, places: Places, month: int, sector: int, region: int) -> int:
    s = record.stock(month)
    return sum(
        int(persons)
        for employer, persons in zip(s.employer.tolist(), s.persons.tolist(), strict=True)
        if 0 <= employer < places.institutions
        and places.sector[employer] == sector
        and places.region[employer] == region
    )


def test_a_sector_has_the_rates_of_everybody_and_the_other_sector_none(now: Snapshot) -> None:
    everybody = _series(now, Selection())
    for sector, own, other in (
        (
            "hbo",
            ("turnover_hbo", "hbo_phd_share", "hbo_inflow_from_wo"),
            ("turnover_wo", "wo_outflow_to_hbo"),
        ),
        (
            "wo",
            ("turnover_wo", "wo_outflow_to_hbo"),
            ("turnover_hbo", "hbo_phd_share", "hbo_inflow_from_wo"),
        ),
    ):
        found = _series(now, Selection(sector=sector))
        for name in own:
            assert found[name] == pytest.approx(everybody[name], nan_ok=True), name
        for name in other:
            assert np.isnan(found[name]).all(), name


def test_the_turnover_of_a_region_is_that_of_its_own_staff(now: Snapshot) -> None:
    record, places = now.arms[BASELINE].record, now.places
    west = c.REGIONS.index("west")
    moved = record.movers()
    passed = 0
    for group, month, origin, target in zip(
        moved.group.tolist(),
        moved.month.tolist(),
        moved.origin.tolist(),
        moved.target.tolist(),
        strict=True,
    ):
        name = c.MOVER_GROUPS[group]
        own = target if name == "wo_in" else origin
        if name in ("wo_in", "wo_out") and 12 <= month < 24 and places.region[own] == west:
            passed += 1
    staff = [_staff(record, places, month, c.WO, west) for month in range(12, 24)]
    wanted = 100.0 * passed / 2 / np.mean(staff)
    found = _series(now, Selection(region="west"))["turnover_wo"][23]
    assert found == pytest.approx(wanted) and 0 < found < 60


def test_no_rate_is_above_100_whatever_is_chosen(now: Snapshot) -> None:
    for name, values in CHOICES.items():
        for value in values:
            found = _series(now, Selection(**{name: value}))
            for rate in RATES:
                known = found[rate][11:][np.isfinite(found[rate][11:])]
                # A turnover is of joiners and leavers, and few people may change jobs often.
                assert (known <= (200.0 if rate.startswith("turnover") else 100.0)).all(), rate


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_rate_without_anybody_says_why_and_the_report_stands_beside_everybody_only(
    language: str, now: Snapshot
) -> None:
    words = speak(language)
    plans = {p.name: p for p in gallery.outcomes(_scene(now, language, chosen=Selection("hbo")))}
    none, some = plans["turnover_wo"].make(), plans["turnover_hbo"].make()
    assert isinstance(none, Chart) and isinstance(some, Chart)
    assert words("no_figure_turnover_wo") in none.text and words("one_run") not in none.text
    assert none.table.rows
    assert all(row["watched"] is None and row["mean"] is None for row in none.table.rows)
    assert words("no_figure_turnover_wo") not in some.text and words("one_run") in some.text
    assert not any(one.axis == "y" for each in (none, some) for one in each.panels[0].references)
    plans = {p.name: p for p in gallery.outcomes(_scene(now, language))}
    with_report = plans["turnover_hbo"].make()
    assert isinstance(with_report, Chart)
    assert "the report" in [one.meaning for one in with_report.panels[0].references]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_staff_of_whom_there_are_none_get_no_percentages(language: str, now: Snapshot) -> None:
    words = speak(language)
    nobody = {"baseline": [np.zeros((2, 2))]}
    empty = gallery.of_staff(words, "staff_role", ["a", "b"], nobody)
    assert empty.table.rows == [] and words("no_figure_staff") in empty.small
    some = {"baseline": [np.array([[0.5, 0.0], [0, 0]])], "policy": [np.zeros((2, 2))]}
    half = gallery.of_staff(words, "staff_role", ["a", "b"], some)
    assert {(row["arm"], row["band"]): row["percent"] for row in half.table.rows} == {
        ("baseline", "a"): 100.0,
        ("baseline", "b"): 0.0,
        ("policy", "a"): None,
        ("policy", "b"): None,
    }


def _persons(f: object, mine: np.ndarray, months: int) -> np.ndarray:
    return measures.person_counts(f.month[mine], f.persons[mine], months)  # type: ignore[attr-defined]


@pytest.mark.parametrize("arm", [BASELINE, POLICY])
def test_staff_is_staff_before_plus_who_joined_less_who_left(now: Snapshot, arm: str) -> None:
    record, months = now.arms[arm].record, now.horizon
    f = record.flows(0, months)
    seen = {name: int((f.kind == code).sum()) for code, name in enumerate(c.FLOW_KINDS)}
    apart = ["second_job_start", "second_job_end"]
    if arm == POLICY:
        apart += ["dual_start", "secondment_start", "secondment_end", "swap", "swap_back"]
    # What is not to be counted is there.
    assert all(seen[name] > 0 for name in apart), seen
    stocks = [record.stock(month) for month in range(months)]
    for code in range(now.places.institutions):
        staff = np.array([s.persons[s.employer == code].sum() for s in stocks])
        joined = _persons(f, institution.came(f, code), months)
        left = _persons(f, institution.went(f, code), months)
        # Who swaps goes one way while somebody else goes the other.
        there, away = (
            _persons(f, institution.swap_rows(f, code, side), months)
            for side in ("target", "origin")
        )
        assert np.array_equal(there, away)
        assert np.array_equal(np.diff(staff), (joined - left)[1:]), now.places.names[code]
        for year in range(1, months // 12):
            span = slice(12 * year, 12 * year + 12)
            change = joined[span].sum() - left[span].sum()
            assert staff[12 * year + 11] - staff[12 * year - 1] == change
        # What the pictures show is the same.
        assert np.array_equal(institution.staff_by_month(record, code, months), staff)
        last = institution.BY_MONTH["institution_out"](record, code, months)[-1]
        assert last == pytest.approx(left[-12:].sum())


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_of_an_institution_says_what_changes_no_staff(
    language: str, now: Snapshot
) -> None:
    words = speak(language)
    record = now.arms[POLICY].record
    f = record.flows(0, now.horizon)
    begun = f.target[f.kind == c.FLOW_KINDS.index("second_job_start")]
    code = int(np.bincount(begun[begun < now.places.institutions]).argmax())
    html = institution.passages_html(_scene(now, language, period="all"), code)
    assert words("staff_apart") in html and words("second_job_here") in html
    assert words("one_run") in html
    for table, mine in (("went_to", institution.went), ("came_from", institution.came)):
        counted = f.persons[mine(f, code)].sum() / now.scale
        title = f"{words(table)} ({words(POLICY)})"
        body = html.partition(title)[2].partition("</table>")[0]
        shown = re.findall(r'hesim-num">([\d.,]+)<', body)
        numbers = [float(re.sub("[.,]", "", each)) for each in shown]
        assert sum(numbers) == pytest.approx(counted, abs=12) or len(numbers) == institution.ROWS


RUNS = (np.array([100.0, 40.0]), np.array([300.0, np.nan]), np.array([50.0, 60.0]))


def test_a_level_is_the_mean_of_the_runs_that_have_a_figure() -> None:
    found = level(RUNS)
    mean, low, high = interval(np.array([100.0, 300.0, 50.0]))
    assert (found.mean[0], found.high[0]) == pytest.approx((mean, high))
    assert low < 0 and found.low[0] == 0 and level(RUNS, below_zero=True).low[0] == low
    mean, low, high = interval(np.array([40.0, 60.0]))
    assert (found.mean[1], found.high[1]) == pytest.approx((mean, high))
    assert found.runs.tolist() == [3, 2]
    one = level(RUNS[:1])
    assert one.mean.tolist() == [100.0, 40.0] and np.isnan(one.low).all()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_figure_its_interval_and_the_difference_are_of_the_same_runs(language: str) -> None:
    words = speak(language)
    axis = MonthAxis(24, "2011-01")
    of = gallery.subject(words, "wo_to_hbo")
    base = [np.full(24, value) for value in (100.0, 300.0, 50.0)]
    policy = [each + 10.0 for each in base]
    chart = series_chart(of, {BASELINE: base, POLICY: policy}, axis, words.phrases)
    pairs = [p - b for p, b in zip(policy, base, strict=True)]
    change = paired_series_chart(of, pairs, axis, words.phrases, "x")
    last = {row["arm"]: (row["watched"], row["mean"]) for row in chart.table.rows}
    assert last == {BASELINE: (100.0, 150.0), POLICY: (110.0, 160.0)}
    assert change.table.rows[-1]["mean"] == 10.0 and change.grade == "x"
    assert f"{words(BASELINE)} 150 [" in chart.text and f"{words(POLICY)} 160 [" in chart.text
    assert words("mean_of_runs", count=3) in chart.text and "10 [" in change.text
    # The run that is watched is a thin line beside the mean's.
    assert [trace.column for trace in chart.traces] == ["watched"] and chart.intervals
    alone = series_chart(of, {BASELINE: base[:1]}, axis, words.phrases)
    assert words("one_run") in alone.small and "[" not in alone.text
    assert not alone.traces and not alone.intervals


def test_every_picture_is_of_all_replications_and_says_how_many(now: Snapshot) -> None:
    # The other arm's run stands in for a second replication.
    base, other = now.arms[BASELINE], now.arms[POLICY]
    records = (base.record, other.record)
    second = ArmRecord(other.record, OutcomeFollower(other.record, now.places))
    many = Snapshot(
        now.places, now.scale, now.horizon, now.horizon, {BASELINE: base}, {BASELINE: (second,)}, ()
    )
    told = speak("en")("mean_of_runs", count=2)
    scene = _scene(many, institution=3)
    chosen, (start, stop) = Selection(), scene.period()
    for page in (
        partial(flow_plans.flows, known_within=6),
        gallery.outcomes,
        gallery.staff,
        gallery.market_plans,
        lambda scene: institution.chart(scene, 3),
    ):
        for plan in page(scene):
            picture = plan.make()
            if isinstance(picture, Picture):
                assert _joined(picture.svg, told), plan.name
                assert picture.header[-1] == "replications" and picture.rows[-1][-1] in (0, 2)
            else:
                assert told in picture.small, plan.name
                assert picture.table.rows[-1]["replications"] in (0, 2)
    assert told in institution.passages_html(scene, 3)
    staff = [measures.staff_by_institution(each, now.places, chosen, stop - 1) for each in records]
    moves = measures.flow_lines(records, now.places, chosen, start, stop)
    mapped = netherlands.draw(
        now.places, scene.circles(), staff, moves, now.scale, scene.words, "x"
    )
    shown = {row[1]: row[3] for row in mapped.rows if row[0] == "staff"}
    for code in range(now.places.institutions):
        mean = (staff[0][code] + staff[1][code]) / 2 / now.scale
        assert shown[now.places.names[code]] == pytest.approx(mean, abs=1e-3)
    matrices = [
        measures.origin_destination(each, now.places, chosen, start, stop) for each in records
    ]
    rows = {(row[0], row[1]): row for row in sankey.draw(matrices, 1.0, scene.words, "x").rows}
    pair = [matrix[c.WO, c.WO] for matrix in matrices]
    assert rows["wo", "wo"][2] == pytest.approx(np.mean(pair))
    assert rows["wo", "wo"][5] == pytest.approx(pair[0])


def _joined(svg: str, told: str) -> bool:
    """Whether words stand in a picture, in several lines perhaps."""
    return told in " ".join(re.findall(r">([^<>]+)</text>", svg))

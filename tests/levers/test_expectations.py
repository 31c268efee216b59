"""What is expected of levers: read and told, and met by a small study of those with a range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hesim.cli import main
from hesim.levers.catalogue import catalogue, describe
from hesim.levers.document import document_lines
from hesim.levers.expectation import FIGURES, HORIZON, Expectation, Span, read_expectation
from hesim.outcomes.summary import interval
from hesim.record.participants import APART, PARTICIPANTS, PERSONS
from hesim.study import load
from hesim.survey.crossings import CROSSINGS

ENTRY: dict[str, Any] = {
    "words": "A trial moved one of 100 (Nowhere, 2014).\n",
    "crossings": {"low": -0.5, "high": 3},
    "persons": {"low": 300, "high": 1700},
    "source": "a trial",
}


def test_an_expectation_is_read() -> None:
    made, faults = read_expectation(ENTRY)
    assert not faults
    assert made == Expectation(ENTRY["words"].strip(), "a trial", Span(-0.5, 3), Span(300, 1700))
    assert made.ranges == {FIGURES["crossings"]: (-0.5, 3), FIGURES["persons"]: (300, 1700)}
    assert [str(span) for span in made.ranges.values()] == ["-0.5 to 3", "300 to 1,700"]
    plain, faults = read_expectation({"words": "Nothing was found.", "source": "none"})
    assert plain is not None and not faults and not plain.ranges


def test_nothing_need_be_expected_of_a_lever() -> None:
    assert read_expectation(None) == (None, [])


def test_ranges_hold_their_ends_and_whole_intervals_alone() -> None:
    span = Span(1, 3)
    assert [span.holds(value) for value in (0.9, 1, 2, 3, 3.1)] == [False, True, True, True, False]
    others = [(0, 2), (1, 3), (2, 2.5), (2, 3.1), (0, 4), (3.1, 4)]
    exact = [False, True, True, False, False, False]
    assert [span.holds_within(*other, 0.0) for other in others] == exact
    wider = [False, True, True, True, False, False]
    assert [span.holds_within(*other, 0.25) for other in others] == wider


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"words": " "}, ".words: ' ' must be a text"),
        ({"source": 3}, ".source: 3 must be a text"),
        ({"people": {}}, ".people: no such entry of an expectation; there are words, source, "),
        ({"persons": 300}, ".persons: 300 must be a mapping with low and high"),
        ({"persons": {"low": 3}}, ".persons: {'low': 3} must be a mapping with low and high"),
        ({"persons": {"low": -1, "high": 2}}, ".persons.low: -1 must be a number from 0 up"),
        ({"persons": {"low": 1, "high": True}}, ".persons.high: True must be a number from 0 up"),
        ({"crossings": {"low": "few", "high": 2}}, ".crossings.low: 'few' must be a finite number"),
        ({"crossings": {"low": 0, "high": float("inf")}}, ".crossings.high: inf must be a finite"),
        ({"crossings": {"low": 2, "high": 1}}, ".crossings: its low, 2, is above its high, 1"),
    ],
)
def test_a_bad_expectation_is_refused_in_words(changed: dict[str, Any], words: str) -> None:
    made, faults = read_expectation({**ENTRY, **changed})
    assert made is None and len(faults) == 1 and words in faults[0], faults


def test_all_faults_are_told_at_once() -> None:
    _, faults = read_expectation({"words": "", "persons": {"low": -1, "high": "x"}, "odd": 1})
    assert len(faults) == 5, faults
    assert read_expectation("much")[1] == [": 'much' must be a mapping with words, source"]
    body = {"title": "", "expect": {"words": "", "source": ""}}
    with pytest.raises(ValueError, match=r"levers\.mine\.expect\.words: '' must be a text"):
        describe("mine", body)


def test_an_expectation_is_no_setting_and_a_bad_one_stops_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all("expect" not in lever.settings for lever in catalogue())
    packaged = Path(__file__).parents[2] / "conf" / "levers" / "meet_and_greet.yaml"
    text = packaged.read_text(encoding="utf-8")
    bad = text.replace("persons: {low: 300", "persons: {low: 3000")
    assert bad != text
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "meet_and_greet.yaml").write_text(bad, encoding="utf-8")
    assert main(["check", "--config", str(tmp_path), "levers=[meet_and_greet]"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "expect.persons: its low, 3000, is above its high, 1700" in said


def test_every_lever_says_what_to_expect_on_screen_and_in_the_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    document = "\n".join(document_lines())
    for lever in catalogue():
        expected = lever.expectation
        assert expected is not None, lever.key
        assert 1 <= len(re.findall(r"\.(?= |$)", expected.words)) <= 4, lever.key
        assert main(["levers", lever.key]) == 0
        shown = " ".join(capsys.readouterr().out.split())
        part = document.partition(f"### {lever.key}: ")[2].partition("\n##")[0]
        for words in (expected.words, expected.source):
            assert words in shown and words in part, (lever.key, words)
        for what, span in expected.ranges.items():
            assert f"Expected {what}: {span}." in shown, lever.key
            assert f"| Expected {what} | {span} |" in part, lever.key


WITH_RANGES = {
    lever.key: lever.expectation
    for lever in catalogue()
    if lever.expectation is not None and lever.expectation.ranges
}
WITH_CROSSINGS = [key for key, each in WITH_RANGES.items() if each.crossings]
WORLD = (
    "population.scale=0.25",
    "start=2013-01",
    "years=6",
    "study.structures=[]",
    "study.participants=true",
    "study.flows=false",
    "figures=false",
)
"""A year without levers and five with them, of which two are followed for 36 months and more."""
WITH_LEVERS = 5
OF_PERSONS, OF_CROSSINGS = 4, 12
"""Replications: who take part are many, and crossings are few."""
TOLERANCE = 0.15
"""Crossings for each 100 by which an interval may reach out of what evidence has: half of the
standard error of `joint_research`, the noisiest of the levers with hundreds of participants."""
RECORDED = {
    "career_event": (0.35, 0.20),
    "joint_research": (1.35, 0.68),
    "meet_and_greet": (1.17, 0.33),
    "secondment": (1.79, 1.70),
}
"""Further crossings for each 100 who take part that the default dials gave with the production
calibration, and half of their 95% interval. What lies outside has other dials, or another model."""


def counts_of(folder: Path, levers: Iterable[str], replications: int, *more: str) -> pd.DataFrame:
    """Counts of participants: columns lever, after, world, measure, year, replication, value."""
    asked = [f"study.levers=[{','.join(levers)}]", f"study.replications={replications}"]
    assert main(["study", *asked, *WORLD, *more, f"output={folder}"]) == 0
    frame = load(folder).query(
        "select outcome, year, replication, value from results where "
        "starts_with(outcome, 'participants.')"
    )
    names = ["prefix", "lever", "after", "world", "measure"]
    parts = frame["outcome"].str.split(".", expand=True).set_axis(names, axis=1)
    return parts.join(frame.drop(columns="outcome"))


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Counts of all levers with a range."""
    return counts_of(tmp_path_factory.mktemp("expectations") / "all", WITH_RANGES, OF_PERSONS)


@pytest.fixture(scope="module")
def crossings(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Counts of those of which evidence has crossings, with less noise."""
    folder = tmp_path_factory.mktemp("expectations") / "crossings"
    return counts_of(folder, WITH_CROSSINGS, OF_CROSSINGS)


def persons_a_year(counts: pd.DataFrame, lever: str) -> float:
    """Who take part in a year, at full scale.

    Who takes part again counts once, so that the first year has all. What takes time to arrange
    begins later, so that the mean over all years has those.
    """
    mine = counts[
        (counts["lever"] == lever)
        & (counts["after"] == PARTICIPANTS)
        & counts["measure"].isin((PERSONS, APART))
    ]
    replications = counts["replication"].nunique()
    by_year = mine.groupby("year")["value"].sum() / replications
    return max(float(by_year.get(2014, 0.0)), float(by_year.sum()) / WITH_LEVERS)


def further_crossings(counts: pd.DataFrame, lever: str) -> tuple[float, float, float]:
    """Further crossings for each 100 who take part, and the ends of their 95% interval."""
    mine = counts[(counts["lever"] == lever) & (counts["after"] == str(HORIZON))]
    sums = mine.groupby(["replication", "world", "measure"])["value"].sum()
    wide = sums.unstack(["world", "measure"])
    crossed = {
        world: sum(wide[world, way] for way in CROSSINGS) for world in ("baseline", "policy")
    }
    each = 100 * (crossed["policy"] - crossed["baseline"]) / wide["policy", PERSONS]
    middle, low, high = interval(each.to_numpy())
    return middle, low, high


def is_as_recorded(lever: str, middle: float) -> bool:
    """Whether a lever does what its default dials did, within the noise of that."""
    recorded, half = RECORDED[lever]
    return abs(middle - recorded) <= half


@pytest.mark.long
@pytest.mark.parametrize("lever", [key for key, each in WITH_RANGES.items() if each.persons])
def test_as_many_take_part_as_evidence_has(counts: pd.DataFrame, lever: str) -> None:
    expected, found = WITH_RANGES[lever].persons, persons_a_year(counts, lever)
    assert expected is not None and expected.holds(found), f"{found:,.1f}, expected {expected}"


@pytest.mark.long
@pytest.mark.parametrize("lever", WITH_CROSSINGS)
def test_as_many_cross_as_evidence_has(crossings: pd.DataFrame, lever: str) -> None:
    """The whole interval lies in the range, so that noise speaks against a dose and not for it."""
    expected, found = WITH_RANGES[lever].crossings, further_crossings(crossings, lever)
    assert expected is not None
    assert expected.holds_within(*found[1:], TOLERANCE), f"{found}, expected {expected}"
    assert is_as_recorded(lever, found[0]), f"{found}, recorded {RECORDED[lever]}"


@pytest.mark.long
@pytest.mark.parametrize(
    ("lever", "dial"), [("career_event", "awareness=0.3"), ("meet_and_greet", "contacts=10")]
)
def test_a_dial_that_is_too_large_is_seen(tmp_path: Path, lever: str, dial: str) -> None:
    """Awareness of 0.3 for 0.08 does four times as much, and 10 acquaintances for 2 nearly twice.

    The awareness of a meet & greet is no case. 0.3 makes 1.3 further crossings out of 1.2, which
    evidence of 0.1 to 3 allows and 12 replications cannot tell apart: whom people meet there
    matters more than what they learn.
    """
    made = counts_of(tmp_path / "mutant", [lever], OF_CROSSINGS, f"levers.{lever}.{dial}")
    found = further_crossings(made, lever)
    assert not is_as_recorded(lever, found[0]), found


def test_what_is_recorded_lies_in_what_evidence_has() -> None:
    assert set(RECORDED) == set(WITH_CROSSINGS)
    for lever, (middle, half) in RECORDED.items():
        expected = WITH_RANGES[lever].crossings
        assert expected is not None and expected.holds(middle), lever
        assert expected.holds_within(middle - half, middle + half, TOLERANCE), lever
    # What awareness of 0.3 gave.
    assert not is_as_recorded("career_event", 1.36) and is_as_recorded("career_event", 0.35)


def test_persons_and_crossings_are_counted_by_hand() -> None:
    """Two replications of 10 in the first year and 2 in the last, of whom 1 and 3 more cross."""
    rows = []
    for replication, further in enumerate((1.0, 3.0)):
        for year, persons in ((2014, 10.0), (2018, 2.0)):
            rows += [("l", PARTICIPANTS, "policy", PERSONS, year, replication, persons - 1.0)]
            rows += [("l", PARTICIPANTS, "policy", APART, year, replication, 1.0)]
        rows += [("l", "36", "policy", PERSONS, 2014, replication, 50.0)]
        for way, more in zip(CROSSINGS, (further, 0.0), strict=True):
            rows += [("l", "36", "baseline", way, 2014, replication, 2.0)]
            rows += [("l", "36", "policy", way, 2014, replication, 2.0 + more)]
    columns = ["lever", "after", "world", "measure", "year", "replication", "value"]
    made = pd.DataFrame(rows, columns=columns)
    assert persons_a_year(made, "l") == 10.0
    late = made.assign(year=made["year"] + 1)
    assert persons_a_year(late, "l") == pytest.approx(12 / 5)
    found = further_crossings(made, "l")
    # 2 and 6 for each 100: mean 4, standard error 2, and 12.7062 of it for two replications.
    assert found == pytest.approx((4, 4 - 12.7062 * 2, 4 + 12.7062 * 2), rel=1e-4)
    assert persons_a_year(made, "nobody") == 0.0

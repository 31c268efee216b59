"""The accessor of templates: what it hands out, how that reads, and that all of it is recorded."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from page_folders import numbers_of, write_page_folder

from hesim.config import ConfigErrors
from hesim.experiments.numbers import (
    PageNumbers,
    number_lines,
    quotation,
    read_numbers,
    written,
)
from hesim.experiments.table_rows import Estimate, freedom_of, monte_carlo
from hesim.outcomes.summary import t_quantile

SWAPS = {"arm": "job_swap", "structure": "standing"}
NAN = math.nan


@pytest.fixture
def numbers(tmp_path: Path) -> PageNumbers:
    return numbers_of(write_page_folder(tmp_path))


def test_what_is_handed_out_is_recorded_once_with_all_that_the_table_says(numbers) -> None:
    assert numbers.quote("effects", **SWAPS) == "7 (4 to 10)"
    assert numbers.value("effects", outcome="wo_to_hbo", **SWAPS) == 7
    [record] = numbers.records
    assert record.table == "effects" and record.column == "difference_mean"
    assert record.row == "structure=standing; arm=job_swap; scenario=central; outcome=wo_to_hbo"
    assert (record.value, record.low, record.high, record.error) == (7.0, 4.0, 10.0, 1.0)
    # Half of the noise interval is three standard errors, as with 3.2 degrees of freedom.
    assert t_quantile(record.freedom) == pytest.approx(3.0)
    assert record.unit == "persons a year"
    assert (record.study, record.made_from) == ("tiny", "abc")


def test_rows_record_numbers_and_not_words(numbers) -> None:
    rows = numbers.rows("effects", structure="standing", outcome="wo_to_hbo")
    assert [row.arm for row in rows] == ["baseline", "job_swap", "single_cao"]
    assert rows[1].title == "Swaps of jobs" and rows[1].label("scenario") == "as things are"
    assert not numbers.records
    assert rows[1].level == 107 and rows[2].quote("level") == "101 (97 to 105)"
    assert [record.column for record in numbers.records] == ["level", "level"]


def test_signs_and_words_follow_the_interval(numbers) -> None:
    words = {"more": "up", "less": "down", "none": "nothing"}
    assert numbers.sign("effects", **SWAPS) == 1
    assert numbers.choice("effects", **words, **SWAPS) == "up"
    assert numbers.choice("effects", **words, arm="single_cao") == "nothing"
    assert quotation(Estimate(-3.0, -5.0, -1.0)) == "-3 (-5 to -1)"
    assert Estimate(-3.0, -5.0, -1.0).direction == -1
    assert Estimate(3.0).direction == 0
    assert numbers.count("effects", sign=1, scenario="central") == 1
    assert numbers.count("effects", sign=0, scenario="central", structure="growing") == 1
    counts = [record for record in numbers.records if record.column == "rows"]
    assert [record.value for record in counts] == [1.0, 1.0]


def test_a_span_is_that_of_the_lowest_and_the_highest_row(numbers) -> None:
    assert numbers.span("effects", "level", structure="standing") == "100 to 107"
    assert [record.value for record in numbers.records] == [100.0, 107.0]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Estimate(7.25, 4.1, 10.4), "7 (4 to 10)"),
        (Estimate(-0.04, -0.4, 0.32), "0.0 (-0.4 to 0.3)"),
        (Estimate(0.123, 0.05, 0.2), "0.12 (0.05 to 0.20)"),
        (Estimate(1100.0, 1096.0, 1104.0), "1,100 (1,096 to 1,104)"),
        (Estimate(62.5), "62"),
        (Estimate(3.0), "3"),
        (Estimate(NAN), "not known"),
        (Estimate(0.0, 0.0, 0.0), "0 (0 to 0)"),
    ],
)
def test_numbers_have_as_many_digits_as_their_interval_tells(found: Estimate, text: str) -> None:
    assert quotation(found) == text


def test_digits_may_be_asked_and_minus_zero_is_none() -> None:
    assert quotation(Estimate(7.25, 4.1, 10.4), 1) == "7.2 (4.1 to 10.4)"
    assert written(-0.001, 1) == "0.0" and written(-1234.5, 0) == "-1,234"


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda n: n.quote("efects"), "did you mean effects?"),
        (lambda n: n.quote("effects", "diference", **SWAPS), "is no column of this table"),
        (lambda n: n.quote("effects", arm="job_swap"), "2 rows hold it; name structure too"),
        (lambda n: n.quote("effects", arm="job_swop"), "did you mean job_swap?"),
        (lambda n: n.quote("effects", arms="job_swap"), "did you mean arm?"),
        (lambda n: n.quote("shares", "title", arm="job_swap"), "is no number"),
        (lambda n: n.title("job_swop"), "did you mean job_swap?"),
        (lambda n: n.study("tinny"), "did you mean tiny?"),
    ],
)
def test_questions_that_cannot_be_answered_say_what_is_there(numbers, ask, words: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        ask(numbers)
    assert words in str(caught.value)


def test_numbers_come_back_from_their_file_as_they_were(numbers) -> None:
    numbers.quote("effects", **SWAPS)
    numbers.value("shares", "best_percent", arm="job_swap")
    numbers.study("tiny").value("scale")
    text = number_lines(numbers.records).decode()
    for record, again in zip(numbers.records, read_numbers(text, "numbers.csv"), strict=True):
        assert repr(again) == repr(record)
    with pytest.raises(ConfigErrors, match="lacks the columns"):
        read_numbers("number,table\na,b\n", "numbers.csv")


FACTS = {"replications": "5", "worlds": "1", "sampled": "False"}


@pytest.mark.parametrize(
    ("row", "prefix", "ends", "facts", "error", "freedom"),
    [
        # One world: half of the interval over the quantile of four degrees of freedom, 2.776.
        ({}, "difference_", (-2.776445, 2.776445), FACTS, 1.0, 4.0),
        # Several worlds without a noise interval: not told.
        ({}, "difference_", (-2.0, 2.0), {**FACTS, "worlds": "8"}, NAN, NAN),
        # The range of a cost is no chance.
        ({}, "cost_", (1.0, 9.0), FACTS, NAN, NAN),
        # A table that no study made.
        ({"x_sd_noise": "1"}, "x_", (0.0, 1.0), {}, NAN, NAN),
        # An error without its noise interval: replications less one.
        ({"level_sd_noise": "1.5"}, "level_", (NAN, NAN), {**FACTS, "worlds": "8"}, 1.5, 4.0),
        # A noise interval without an error.
        ({"c_noise_low": "1.040036", "c_noise_high": "4.959964"}, "c_", (0, 9), FACTS, 1, math.inf),
        # What `worth_knowing` calls its error.
        ({"error": "0.5"}, "", (0.0, 2.0), {**FACTS, "worlds": "40"}, 0.5, math.inf),
    ],
)
def test_monte_carlo_errors_are_those_that_a_table_tells(
    row, prefix, ends, facts, error, freedom
) -> None:
    found = monte_carlo(row, prefix, ends, facts)
    assert found == pytest.approx((error, freedom), rel=1e-5, nan_ok=True)


def test_where_random_numbers_draw_the_worlds_their_spread_counts_too() -> None:
    facts = {**FACTS, "worlds": "16", "sampled": "True"}
    row = {"d_sd_noise": "3", "d_sd_parameters": "16", "d_worlds": "16", "arm": "job_swap"}
    # The root of 3 squared and (16 / 4) squared.
    assert monte_carlo(row, "d_", (NAN, NAN), facts) == (5.0, 4.0)
    assert math.isnan(monte_carlo({"l_sd_noise": "3", "arm": "a"}, "l_", (0, 1), facts)[0])
    assert monte_carlo({"l_sd_noise": "3", "arm": "baseline"}, "l_", (0, 1), facts)[0] == 3.0


@pytest.mark.parametrize("freedom", [1.0, 2.0, 7.0, 40.0])
def test_degrees_of_freedom_follow_from_a_quantile(freedom: float) -> None:
    assert freedom_of(t_quantile(freedom)) == pytest.approx(freedom, rel=1e-6)
    assert freedom_of(1.9) == math.inf

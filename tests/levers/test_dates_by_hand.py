"""Months of a run, and the levers that do nothing in it, worked out by hand."""

from __future__ import annotations

import pytest

from hesim.levers.dates import (
    OUTSIDE,
    month_names,
    month_number,
    outside_the_run,
    why_idle,
    years_before,
    years_in_words,
)

LEVER = {"start": "2014-01", "end": None, "strength": 1.0, "reach": {"share": 0.2}}


def test_months_are_counted_from_the_first_recorded_one() -> None:
    assert month_number("2011-01", "2011-01") == 0
    assert month_number("2014-03", "2011-01") == 38
    assert month_number("2010-11", "2011-02") == -3


def test_recorded_months_have_names_and_an_empty_one_behind_them() -> None:
    names = month_names("2011-11", 1)
    assert names[:3] == ("2011-11", "2011-12", "2012-01")
    assert names[-2:] == ("2012-10", "") and len(names) == 13


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"strength": 0}, "its strength is 0"),
        ({"reach": {"share": 0}}, "nobody takes part in it (reach.share is 0)"),
        ({"start": "2020-12"}, ""),
        ({"start": "2021-01"}, OUTSIDE),
        ({"start": "2009-01", "end": "2010-12"}, OUTSIDE),
        ({"start": "2009-01", "end": "2011-01"}, ""),
    ],
)
def test_why_a_lever_is_idle(change: dict[str, object], words: str) -> None:
    assert why_idle({**LEVER, **change}, "2011-01", 10) == words


def test_a_lever_outside_the_run_is_told_with_the_months_of_the_run() -> None:
    late = {**LEVER, "start": "2021-01"}
    [line] = outside_the_run({"swap": late, "other": LEVER}, "2011-01", 10)
    assert "levers.swap" in line and "2011-01 to 2020-12" in line
    [line] = outside_the_run({"swap": {**LEVER, "start": "2013-03"}}, "2012-03", 1)
    assert "2012-03 to 2013-02" in line
    gone = {**LEVER, "start": "2009-01", "end": "2010-12"}
    [line] = outside_the_run({"swap": gone}, "2011-01", 10)
    assert "it ended in 2010-12" in line


def test_years_before_the_first_lever() -> None:
    assert years_before([LEVER, {"start": "2016-01"}], "2011-01", 10) == 3
    assert years_before([{"start": "2013-12"}], "2011-01", 10) == 2
    assert years_before([{"start": "2005-01"}], "2011-01", 10) == 0
    assert years_before([{"start": "2021-01"}], "2011-01", 10) == 0
    assert years_before([], "2011-01", 10) == 0


def test_years_in_words() -> None:
    assert years_in_words(2014, 2020) == "2014 to 2020"
    assert years_in_words(2014, 2014) == "2014"

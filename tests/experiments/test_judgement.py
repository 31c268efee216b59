"""Numbers that came out again: the same, within Monte Carlo error, outside of it, or not judged."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from page_folders import EFFECTS, SHARES, STUDIES, TABLES, numbers_of, write_page_folder

from hesim.experiments.judgement import (
    NEW,
    OPEN,
    OUTSIDE,
    SAME,
    WITHIN,
    error_of_end,
    is_same,
    judge,
    judgement_lines,
    largest_difference,
)
from hesim.experiments.numbers import PageNumber, PageNumbers
from hesim.experiments.table_rows import Estimate

SWAPS = {"arm": "job_swap", "structure": "standing"}


def test_the_largest_difference_by_hand() -> None:
    """3 and 4 make 5; a normal 97.5% quantile is 1.96 and one of ten numbers 99.75%, 2.807."""
    assert largest_difference(3, 4, math.inf, math.inf, 1) == pytest.approx(5 * 1.959964)
    assert largest_difference(3, 4, math.inf, math.inf, 10) == pytest.approx(5 * 2.807034)
    # Equal errors with 4 degrees of freedom each have 8 together; Student's t is 2.306 there.
    assert largest_difference(1, 1, 4, 4, 1) == pytest.approx(math.sqrt(2) * 2.306004)
    # One that has no error leaves the other's four: 2.776.
    assert largest_difference(0, 2, 4, 4, 1) == pytest.approx(2 * 2.776445)
    assert largest_difference(0, 0, 4, 4, 1) == 0.0


def test_an_end_of_an_interval_is_less_sure_than_its_middle() -> None:
    # Half of it is 4, and a width from 8 degrees of freedom has an error of a quarter: 1.
    assert error_of_end(Estimate(0.0, -4.0, 4.0, 1.0, 8.0)) == pytest.approx(math.sqrt(2))
    assert error_of_end(Estimate(0.0, -4.0, 4.0, 1.0, math.inf)) == 1.0


def test_equal_numbers() -> None:
    assert is_same(1.0, 1.0 + 1e-12) and is_same(math.nan, math.nan)
    assert not is_same(1.0, 1.0 + 1e-6) and not is_same(1.0, math.nan)


def asked(numbers: PageNumbers) -> list[PageNumber]:
    numbers.quote("effects", **SWAPS)
    numbers.value("shares", "best_percent", arm="job_swap")
    return numbers.records


def again(
    folder: Path, effects: str = EFFECTS, shares: str = SHARES, made: str = "xyz"
) -> PageNumbers:
    tables = {**TABLES, "effects": effects, "shares": shares}
    tables["studies"] = STUDIES.replace("abc", made)
    return numbers_of(write_page_folder(folder, tables=tables))


@pytest.fixture
def former(tmp_path: Path) -> list[PageNumber]:
    return asked(numbers_of(write_page_folder(tmp_path / "former")))


def verdicts(former: list[PageNumber], numbers: PageNumbers, exact: bool = False) -> list[str]:
    asked(numbers)
    return [each.verdict for each in judge(former, numbers, exact)]


def test_the_same_numbers_are_the_same_whatever_made_them(tmp_path, former) -> None:
    assert verdicts(former, again(tmp_path)) == [SAME, SAME]
    assert verdicts(former, again(tmp_path), exact=True) == [SAME, SAME]


# Errors of 1 and 1 with 3.18 degrees of freedom each, and three numbers looked at: the value and
# both ends. Student's t at 1 - 0.05/6 with 6.4 degrees is 3.2, so that 4.5 may be between them.
@pytest.mark.parametrize(("shift", "verdict"), [(4.0, WITHIN), (5.5, OUTSIDE)])
def test_a_number_is_judged_by_the_errors_of_both(tmp_path, former, shift, verdict) -> None:
    row = f"107.0,103.0,111.0,1.25,assumed,{7 + shift},{4 + shift},{10 + shift},"
    row += f"{4 + shift},{10 + shift},1.0"
    moved = EFFECTS.replace("107.0,103.0,111.0,1.25,assumed,7.0,4.0,10.0,4.0,10.0,1.0", row)
    numbers = again(tmp_path, moved)
    found = judge(former, numbers)
    assert found[0].verdict == verdict
    assert found[0].limit == pytest.approx(4.5, abs=0.2)
    assert [found[0].former, found[0].current] == [7.0, 7.0 + shift]
    assert verdicts(former, again(tmp_path, moved), exact=True)[0] == OUTSIDE


def test_an_end_alone_may_be_outside(tmp_path) -> None:
    # Half of the noise interval is 1.96 errors: the width is known, and an end as sure as its mean.
    sure = EFFECTS.replace("7.0,4.0,10.0,4.0,10.0,1.0", "7.0,4.0,10.0,5.04005,8.95995,1.0")
    former = asked(again(tmp_path / "former", sure, made="abc"))
    wide = sure.replace("7.0,4.0,10.0,", "7.0,-4.0,18.0,")
    [first, _] = judge(former, again(tmp_path, wide))
    assert first.verdict == OUTSIDE and first.words == "its lower end: 4, now -4"
    assert judge(former, again(tmp_path, sure.replace("7.0,4.0,", "7.0,3.0,")))[0].verdict == WITHIN


def test_without_an_error_a_number_is_exact_or_not_judged(tmp_path, former) -> None:
    other = SHARES.replace("62.5", "75.0")
    # Other rows made it, so that chance may have.
    assert verdicts(former, again(tmp_path, shares=other)) == [SAME, OPEN]
    # The same rows made it, so that the answer itself is another one.
    assert verdicts(former, again(tmp_path, shares=other, made="abc")) == [SAME, OUTSIDE]
    assert verdicts(former, again(tmp_path, shares=other), exact=True) == [SAME, OUTSIDE]


def test_numbers_that_are_gone_or_new(tmp_path, former) -> None:
    lines = [line for line in EFFECTS.splitlines() if "standing,job_swap" not in line]
    found = judge(former, again(tmp_path, "\n".join(lines) + "\n"))
    assert found[0].verdict == OUTSIDE and math.isnan(found[0].current)
    numbers = again(tmp_path)
    asked(numbers)
    numbers.quote("effects", "level", **SWAPS)
    assert [each.verdict for each in judge(former, numbers)] == [SAME, SAME, NEW]


def test_a_number_that_the_text_no_longer_says_is_looked_up_in_its_table(tmp_path, former) -> None:
    numbers = again(tmp_path)
    assert not numbers.records
    assert [each.verdict for each in judge(former, numbers)] == [SAME, SAME]


def test_more_numbers_that_are_looked_at_widen_what_may_be(tmp_path, former) -> None:
    first = former[0]
    row = "1.25,assumed,7.0,4.0,10.0,4.0,10.0,1.0"
    moved = EFFECTS.replace(row, "1.25,assumed,12.2,9.2,15.2,9.2,15.2,1.0", 1)
    many = [first, *(replace(first, number=f"number {n}") for n in range(99))]
    assert judge([first], again(tmp_path, moved))[0].verdict == OUTSIDE
    assert judge(many, again(tmp_path, moved))[0].verdict == WITHIN


def test_the_short_table_names_what_is_outside(tmp_path, former) -> None:
    found = judge(former, again(tmp_path, shares=SHARES.replace("62.5", "75.0"), made="abc"))
    lines = list(judgement_lines(found))
    assert lines[0].split() == ["1", *SAME.split()]
    assert lines[1].split() == ["1", *OUTSIDE.split()]
    assert "shares.best_percent" in lines[2] and "was 62.5, is 75" in lines[2]

"""Means of a policy leave out the years before its first lever starts."""

from __future__ import annotations

import pytest

import hesim
from hesim.levers.dates import years_before, years_in_words

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("starts", "start", "years", "expected"),
    [
        (["2014-01"], "2011-01", 10, 3),
        (["2016-05", "2013-12"], "2011-01", 10, 2),
        (["2014-06"], "2013-07", 4, 0),
        (["2014-07"], "2013-07", 4, 1),
        (["2009-01"], "2011-01", 10, 0),
        (["2021-01"], "2011-01", 10, 0),
        ([], "2011-01", 10, 0),
    ],
)
def test_years_before_the_first_lever(
    starts: list[str], start: str, years: int, expected: int
) -> None:
    assert years_before([{"start": each} for each in starts], start, years) == expected


def test_one_year_is_said_once() -> None:
    assert years_in_words(2014, 2020) == "2014 to 2020"
    assert years_in_words(2014, 2014) == "2014"


def test_a_policy_is_averaged_over_the_years_in_force(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    from hesim.cli import main

    folder = tmp_path_factory.mktemp("dates") / "run"
    code = main(
        [
            "run",
            "levers=[meet_and_greet]",
            "levers.meet_and_greet.start=2012-01",
            "years=3",
            "population.scale=0.02",
            "burn_in=2",
            "replications=2",
            "figures=false",
            "calibration=none",
            f"output={folder}",
        ]
    )
    assert code == 0
    assert "mean of 2012 to 2013" in capsys.readouterr().out
    rows = hesim.load(folder).summary
    chosen = rows[(rows["arm"] == "difference") & (rows["outcome"] == "turnover_wo")]
    mean = chosen.set_index("year")["mean"]
    assert mean["2011"] == 0
    assert mean["in_force"] == pytest.approx((mean["2012"] + mean["2013"]) / 2, abs=2e-4)
    assert mean["all"] == pytest.approx(2 / 3 * mean["in_force"], abs=2e-4)
    whole = rows[rows["arm"] == "baseline"].groupby("outcome", sort=False)["year"].agg(list)
    for years in whole:
        assert years == ["2011", "2012", "2013", "all", "in_force"]

"""A run with levers: both arms in every table, paired differences, attribution, null arms equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lever_worlds import without_strength

import hesim
from hesim.record.run_folder import Run

TABLES = ("stocks", "flows", "vacancies", "movers", "survey")
GIVEN = {
    "scale": 0.02,
    "years": 2,
    "burn_in": 2,
    "start": "2013-07",
    "replications": 3,
    "workers": 1,
    "figures": False,
}


def go(folder: Path, **more: object) -> Run:
    return hesim.run(**{**GIVEN, "output": str(folder), **more})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("levers") / "run"
    return go(folder, levers=["meet_and_greet", "full_time_offers"], attribution=True)


def test_every_table_holds_both_arms(made: Run) -> None:
    for name in TABLES:
        frame: pd.DataFrame = getattr(made, name)
        assert set(frame["arm"]) == {"baseline", "policy"}, name
        assert set(frame["replication"]) == {0, 1, 2}
    assert set(made.summary["arm"]) == {"baseline", "policy", "difference"}
    assert set(made.levers["lever"]) == {"meet_and_greet", "full_time_offers"}
    assert made.manifest["arms"][:2] == ["baseline", "policy"]
    assert made.manifest["replications"]["done"] == [0, 1, 2]
    assert set(made.of_arm("policy").flows["arm"]) == {"policy"}


def test_differences_are_paired(made: Run) -> None:
    wide = made.summary.pivot_table(index=["outcome", "year"], columns="arm", values="mean")
    assert np.allclose(wide["difference"], wide["policy"] - wide["baseline"], atol=2e-4)
    grades = made.summary.groupby("arm")["grade"].unique()
    assert list(grades["difference"]) == ["assumed"]
    # The policy begins in January 2014: before, both arms are the same.
    early = made.summary.query("arm == 'difference' and year == '2013'")
    flows = made.flows
    before = flows[flows["month"].astype(str) < "2014-01"]
    one, other = (
        before[before["arm"] == arm].drop(columns="arm").reset_index(drop=True)
        for arm in ("baseline", "policy")
    )
    pd.testing.assert_frame_equal(one, other)
    assert len(early) == made.summary["outcome"].nunique()


def test_attribution_has_each_mechanism_that_does_something(made: Run) -> None:
    table = made.attribution
    assert set(table["mechanism"]) == {"contacts", "awareness", "offers"}
    assert set(table["outcome"]) == set(made.summary["outcome"])
    assert not {"without contacts"} & set(made.flows["arm"])


def test_strength_zero_gives_equal_rows_on_disk(tmp_path: Path) -> None:
    levers = ["single_cao", "secondment"]
    null = {each.partition("=")[0]: 0 for each in without_strength(*levers)}
    run = go(tmp_path / "null", levers=levers, replications=2, **null)
    for name in TABLES:
        frame: pd.DataFrame = getattr(run, name)
        one, other = (
            frame[frame["arm"] == arm].drop(columns="arm").reset_index(drop=True)
            for arm in ("baseline", "policy")
        )
        pd.testing.assert_frame_equal(one, other)
    difference = run.summary[run.summary["arm"] == "difference"]
    assert np.all(difference[["mean", "low", "high"]].to_numpy() == 0)
    assert len(run.levers) == 0


def test_a_mechanism_switched_off_is_not_attributed(tmp_path: Path) -> None:
    run = go(tmp_path / "off", levers=["full_time_offers"], without=["offers"], replications=2)
    difference = run.summary[run.summary["arm"] == "difference"]
    assert np.all(difference["mean"].to_numpy() == 0)


def test_workers_do_not_change_a_policy(tmp_path: Path, made: Run) -> None:
    again = go(
        tmp_path / "two",
        levers=["meet_and_greet", "full_time_offers"],
        attribution=True,
        workers=2,
    )
    for name in ("flows.parquet", "summary.csv", "levers.csv", "attribution.csv"):
        assert (again.folder / name).read_bytes() == (made.folder / name).read_bytes(), name


def test_the_screen_says_what_is_assumed_and_what_cannot_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    from hesim.scenario import compose

    given = {"population.scale" if k == "scale" else k: v for k, v in GIVEN.items()}
    settings = compose(
        extra={**given, "levers": ["introduction_programme"], "output": str(tmp_path / "shown")}
    )
    hesim.run(settings=settings, show=True)
    shown = capsys.readouterr().out
    for words in (
        "baseline",
        "policy",
        "difference",
        "95% interval",
        "not distinguishable",
        "common random numbers",
        "not findings",
    ):
        assert words in shown

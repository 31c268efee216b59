"""Permanent staff by role and year, beside what is declared, from the files of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import hesim
from hesim import categories as c
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.study.permanence import permanent_shares, worst_gaps
from hesim.tables import ReportTables

WORLD = [
    "population.scale=0.02",
    "burn_in=0",
    "years=2",
    "replications=1",
    "workers=1",
    "figures=false",
    "model.careers.permanence=standing",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("runs") / "run"
    return hesim.run(settings=compose([*WORLD, f"output={folder}"]))


def test_shares_are_those_of_the_counted_staff(run: Run) -> None:
    shares, counted = permanent_shares(run), run.margins
    assert list(shares.columns) == [2011, 2012]
    assert (shares.loc[["phd_candidate", "postdoc"]].to_numpy() == 0.0).all()
    mine = counted[(counted["role"] == "lecturer") & (counted["what"] == "contract")]
    mine = mine[mine["month"] == "2012-12"]
    part = mine[mine["band"] == "permanent"]["persons"].sum() / mine["persons"].sum()
    assert shares.loc["lecturer", 2012] == pytest.approx(100.0 * part)


def test_gaps_are_to_what_is_declared_and_only_with_slots(run: Run, tables: ReportTables) -> None:
    gaps = worst_gaps(run, compose(WORLD), tables)
    assert set(gaps) == set(c.ROLES[: c.PROFESSIONAL])
    lecturers = permanent_shares(run).loc["lecturer", 2012]
    assert gaps["lecturer"] == pytest.approx(lecturers - 85.5)
    assert np.abs(list(gaps.values())).max() < 20.0
    growing = worst_gaps(run, compose([*WORLD, "model.careers.permanence=growing"]), tables)
    assert growing["other_academic"] < gaps["other_academic"] - 5.0
    assert growing["lecturer"] == gaps["lecturer"]
    assert worst_gaps(run, compose(WORLD[:-1]), tables) == {}

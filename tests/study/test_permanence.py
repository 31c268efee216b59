"""Permanent staff by role and year, beside what is declared, from the files of a run."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.config import Settings
from hesim.record.run_folder import Run
from hesim.study.permanence import permanent_shares, worst_gaps
from hesim.tables import ReportTables


def test_shares_are_those_of_the_counted_staff(standing_run: Run) -> None:
    shares, counted = permanent_shares(standing_run), standing_run.margins
    assert list(shares.columns) == [2011, 2012]
    assert (shares.loc[["phd_candidate", "postdoc"]].to_numpy() == 0.0).all()
    mine = counted[(counted["role"] == "lecturer") & (counted["what"] == "contract")]
    mine = mine[mine["month"] == "2012-12"]
    part = mine[mine["band"] == "permanent"]["persons"].sum() / mine["persons"].sum()
    assert shares.loc["lecturer", 2012] == pytest.approx(100.0 * part)


def test_gaps_are_to_what_is_declared(
    standing_run: Run, two_years: Settings, tables: ReportTables
) -> None:
    permanence = "model.careers.permanence"
    gaps = worst_gaps(standing_run, two_years, tables)
    assert set(gaps) == set(c.ROLES[: c.PROFESSIONAL])
    lecturers = permanent_shares(standing_run).loc["lecturer", 2012]
    assert gaps["lecturer"] == pytest.approx(lecturers - 85.5)
    assert np.abs(list(gaps.values())).max() < 20.0
    growing = worst_gaps(standing_run, two_years.with_values({permanence: "growing"}), tables)
    assert growing["other_academic"] < gaps["other_academic"] - 5.0
    assert growing["lecturer"] == gaps["lecturer"]

"""Where leavers and PhD candidates go, from the files of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hesim.config import Settings
from hesim.model.higher_education import HigherEducation
from hesim.outcomes.bars import ABROAD, ACADEMIC_POST, DOCTORS, JOB_AT_DEFENCE, NEW_JOB
from hesim.record.run_folder import Run
from hesim.scenario import compose
from hesim.study.destinations import destinations, new_job_known
from hesim.tables import ReportTables


def leavers(rows: list[tuple[str, int, str, str]]) -> pd.DataFrame:
    """Leavers of wo by month, months between, reason and sector of the new job."""
    frame = pd.DataFrame(rows, columns=["month", "months_between", "reason", "destination_sector"])
    return frame.assign(group="wo_out", surveyed=True)


def test_a_new_job_is_known_of_who_has_it_by_the_interview(two_years: Settings) -> None:
    settings = two_years.with_values(
        {"survey.interview": 4, "model.outside.not_told.wo": 0.0, "years": 2}
    )
    movers = leavers(
        [
            ("2011-01", 2, "resigned", "hbo"),
            ("2011-12", 5, "resigned", "industry"),  # By May of 2012, when they are asked.
            ("2011-12", 6, "resigned", "industry"),
            ("2011-06", -1, "resigned", "none"),
            ("2011-06", 1, "retirement", "hbo"),
            ("2012-06", -1, "resigned", "none"),
        ]
    )
    assert new_job_known(movers, settings, "wo") == pytest.approx(50.0)
    told = settings.with_values({"model.outside.not_told.wo": 0.2})
    assert new_job_known(movers, told, "wo") == pytest.approx(40.0)
    later = settings.with_values({"survey.interview": 5})
    assert new_job_known(movers, later, "wo") == pytest.approx(75.0)
    assert new_job_known(movers, settings, "hbo") is None


def test_lines_are_those_of_the_files(standing_run: Run, two_years: Settings) -> None:
    found = dict(destinations(standing_run, two_years))
    of_doctors = {ACADEMIC_POST, JOB_AT_DEFENCE, ABROAD, DOCTORS}
    assert set(found) == {*NEW_JOB.values(), *of_doctors}
    counted = standing_run.manifest["doctors"]
    assert 0 < counted["in_work"] < counted["defended"]
    at_work = 100.0 * counted["in_work"] / counted["defended"]
    assert found[JOB_AT_DEFENCE] == pytest.approx(at_work)
    flows = standing_run.flows
    candidates = flows[flows["origin_role"] == "phd_candidate"]
    ends = candidates[candidates["kind"].isin(["move", "step", "separation", "departure"])]
    on = ends[(ends["destination_sector"] == "wo") & (ends["destination_role"] != "phd_candidate")]
    share = 100.0 * on["persons"].sum() / ends["persons"].sum()
    assert found[ACADEMIC_POST] == pytest.approx(share) and 5.0 < share < 95.0
    abroad = flows[(flows["kind"] == "departure") & (flows["destination_role"] == "professional")]
    jobless = (abroad["origin_sector"] == "none") & (abroad["previous_sector"] == "wo")
    early = abroad["origin_role"].isin(["phd_candidate", "postdoc"])
    gone = 100.0 * abroad["persons"][early | jobless].sum() / ends["persons"].sum()
    assert found[ABROAD] == pytest.approx(gone) and 0.0 < gone < 100.0
    assert all(np.isfinite(value) for value in found.values())


def test_lecturers_with_a_phd_are_those_of_the_stock_that_is_drawn(
    standing_run: Run, two_years: Settings, tables: ReportTables
) -> None:
    counted = standing_run.manifest["doctors"]
    share = 100.0 * counted["lecturer_doctors"] / counted["lecturers"]
    assert dict(destinations(standing_run, two_years))[DOCTORS] == pytest.approx(share)
    settings = compose(["structure=standing", "calibration=none", "population.scale=0.3"])
    lecturers, doctors = HigherEducation(settings, tables, 0).recorder.drawn_lecturers
    assert lecturers > 2500
    assert DOCTORS.low <= 100.0 * doctors / lecturers <= DOCTORS.high

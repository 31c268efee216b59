"""Where leavers and PhD candidates go, from the files of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hesim.config import Settings
from hesim.outcomes.bars import ABROAD, ACADEMIC_POST, JOB_AT_DEFENCE, NEW_JOB
from hesim.record.run_folder import Run
from hesim.study.destinations import destinations, new_job_known


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
    whenever = settings.with_values({"survey.interview": None})
    assert new_job_known(movers, whenever, "wo") == pytest.approx(75.0)
    assert new_job_known(movers, settings, "hbo") is None


def test_lines_are_those_of_the_files(standing_run: Run, two_years: Settings) -> None:
    found = dict(destinations(standing_run, two_years))
    assert set(found) == {*NEW_JOB.values(), ACADEMIC_POST, JOB_AT_DEFENCE, ABROAD}
    defences = standing_run.manifest["defences"]
    assert 0 < defences["in_work"] < defences["persons"]
    at_work = 100.0 * defences["in_work"] / defences["persons"]
    assert found[JOB_AT_DEFENCE] == pytest.approx(at_work)
    flows = standing_run.flows
    candidates = flows[flows["origin_role"] == "phd_candidate"]
    ends = candidates[candidates["kind"].isin(["move", "step", "separation", "departure"])]
    on = ends[(ends["destination_sector"] == "wo") & (ends["destination_role"] != "phd_candidate")]
    share = 100.0 * on["persons"].sum() / ends["persons"].sum()
    assert found[ACADEMIC_POST] == pytest.approx(share) and 5.0 < share < 95.0
    assert 0.0 < found[ABROAD] < 100.0
    assert all(np.isfinite(value) for value in found.values())

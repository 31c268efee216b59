"""The report's own words: who is followed, and for how long."""

from __future__ import annotations

import pytest

from hesim import categories as c
from hesim.calibration.claims import Cohorts, network_in_force
from hesim.calibration.ensemble import finding
from hesim.config import Settings
from hesim.execution.simulate import simulate
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables

pytestmark = pytest.mark.once


def _settings(*more: str) -> Settings:
    return compose(["population.scale=0.05", "burn_in=12", "years=3", *more])


def _followed(tables: ReportTables, later: int, *more: str) -> tuple[int, int]:
    _, cohorts = simulate(_settings(*more), tables, 0, Cohorts(later))
    return cohorts.stayed, cohorts.count


def test_candidates_who_all_stay_have_a_career_and_nobody_else(tables: ReportTables) -> None:
    """A year later most are gone; where employers keep all of them, most are there."""
    usual = _followed(tables, 12)
    stayed = _followed(
        tables,
        12,
        "model.careers.phd_stay=1",
        "model.careers.internal_step.postdoc=1",
        "model.careers.phd_dropout=0",
    )
    assert 0.1 < usual[0] / usual[1] < 0.6
    assert stayed[0] / stayed[1] > usual[0] / usual[1] + 0.1


def test_those_who_cannot_be_followed_so_long_are_not_counted(tables: ReportTables) -> None:
    model = HigherEducation(_settings(), tables, 0)
    first = (model.persons.role == c.PHD_CANDIDATE).sum()
    stayed, count = _followed(tables, 30)
    assert 0 < stayed < count < first
    assert _followed(tables, 36) == (0, 0)


def test_the_shipped_claims_are_of_the_lever_as_it_is() -> None:
    found = finding("production", "claims")
    assert found is not None
    network = next(row for row in found["claims"] if "lever" in row)
    assert network["claim"] == "mobility networks place almost no academic staff"
    assert network["lever"] == network_in_force()

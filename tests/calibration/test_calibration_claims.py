"""The report's own words: who is followed, and for how long."""

from __future__ import annotations

from hesim import categories as c
from hesim.calibration.claims import career_in_wo
from hesim.config import compose
from hesim.model.higher_education import HigherEducation
from hesim.tables import ReportTables


def _model(tables: ReportTables, *more: str) -> HigherEducation:
    settings = compose(["population.scale=0.05", "burn_in=12", "years=3", *more])
    return HigherEducation(settings, tables, 0)


def test_candidates_who_all_stay_have_a_career_and_nobody_else(tables: ReportTables) -> None:
    """A year later most are gone; where employers keep all of them, most are there."""
    usual = career_in_wo(_model(tables), 12)
    kept = career_in_wo(
        _model(tables, "model.careers.phd_stay=1", "model.careers.renewal.wo_without_prospect=1",
               "model.careers.phd_dropout=0"), 12,
    )  # fmt: skip
    assert 0.1 < usual[0] / usual[1] < 0.6
    assert kept[0] / kept[1] > usual[0] / usual[1] + 0.1


def test_those_who_cannot_be_followed_so_long_are_not_counted(tables: ReportTables) -> None:
    model = _model(tables)
    first = (model.persons.role == c.PHD_CANDIDATE).sum()
    stayed, count = career_in_wo(model, 30)
    assert 0 < stayed < count < first
    assert career_in_wo(_model(tables), 36) == (0, 0)

"""The world outside: which field works where, and who is how educated."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.population.employers import field_margin, outside_mix
from hesim.scenario import compose
from hesim.tables import ReportTables


@pytest.fixture(scope="module")
def model(tables: ReportTables) -> HigherEducation:
    """A world that has run for half a year."""
    made = HigherEducation(compose(["population.scale=0.05", "burn_in=6"]), tables, 0)
    for _ in range(6):
        made.step()
    return made


def test_the_mix_keeps_sectors_and_fields(tables: ReportTables) -> None:
    mix = outside_mix(compose([]), tables)
    fields = field_margin(tables, "hbo") + field_margin(tables, "wo")
    np.testing.assert_allclose(mix.sum(axis=0), fields / fields.sum(), atol=1e-6)
    assert mix.sum() == pytest.approx(1.0)
    named = dict(zip(c.OUTSIDE_SECTORS, mix.sum(axis=1), strict=True))
    assert named["research"] == pytest.approx(0.125, abs=1e-6)
    assert named["business_services"] > named["industry"]


def test_fields_work_where_their_work_is(tables: ReportTables) -> None:
    mix = outside_mix(compose([]), tables)
    share = mix / mix.sum(axis=0)
    at = c.OUTSIDE_SECTORS.index
    medical, engineering = c.FIELDS.index("medical"), c.FIELDS.index("engineering")
    assert share[at("health_welfare"), medical] > 2 * share[at("health_welfare"), engineering]
    assert share[at("industry"), engineering] > 2 * share[at("industry"), medical]


def test_doctors_work_where_doctors_are(model: HigherEducation) -> None:
    people, employers = model.persons, model.employers
    outside = (people.present == 1) & (people.role == c.PROFESSIONAL) & (people.employer >= 0)
    sector = employers.sector[people.employer[outside]]
    doctor = people.education[outside] == c.PHD
    share = {
        name: doctor[sector == c.SECTORS.index(name)].mean() for name in ("research", "po_vo_mbo")
    }
    assert share["research"] > 2 * share["po_vo_mbo"]

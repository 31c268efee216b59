"""Partnerships make contacts, and only where the employer has any."""

from __future__ import annotations

import numpy as np

from hesim import categories as c
from hesim.config import compose
from hesim.model.higher_education import HigherEducation
from hesim.tables import ReportTables


def test_partners_are_of_the_other_sector_and_mutual(finished: HigherEducation) -> None:
    e = finished.employers
    assert e.partner.sum() > 40
    np.testing.assert_array_equal(e.partner, e.partner.T)
    one, other = np.nonzero(e.partner)
    assert np.all(e.sector[one] != e.sector[other])
    assert np.all(e.partnerships[e.institutions :] == 0)


def test_contacts_come_from_partnerships_alone(tables: ReportTables) -> None:
    without = compose(
        ["population.scale=0.02", "burn_in=0", "model.search.contacts_per_partnership=0"]
    )
    model = HigherEducation(without, tables, 0)
    for _ in range(6):
        model.step()
    assert not np.any(model.persons.contacts)
    model = HigherEducation(compose(["population.scale=0.02", "burn_in=0"]), tables, 0)
    model.step()
    p = model.persons
    staff = (p.present == 1) & (p.employer >= 0) & (p.since < 0)
    partnered = model.employers.partnerships[p.employer] > 0
    assert np.all(p.contacts[staff & ~partnered] == 0)
    academic = model.employers.sector[p.employer] <= c.WO
    assert np.mean(p.contacts[staff & partnered & academic] > 0) > 0.9

"""Partnerships make contacts, and only where the employer has any."""

from __future__ import annotations

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables


def test_partners_are_of_the_other_sector_and_mutual(finished: HigherEducation) -> None:
    e = finished.employers
    assert e.partner.sum() > 40
    np.testing.assert_array_equal(e.partner, e.partner.T)
    one, other = np.nonzero(e.partner)
    assert np.all(e.sector[one] != e.sector[other])
    assert np.all(e.partnerships[e.institutions :] == 0)


def test_contacts_come_from_partnerships_and_moves_alone(tables: ReportTables) -> None:
    none = "model.search.contacts_per_partnership=0", "model.search.contacts_kept=0"
    without = compose(["population.scale=0.02", "burn_in=0", *none])
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


def test_who_crosses_knows_people_in_the_sector_left(tables: ReportTables) -> None:
    # Everybody thinks of both sectors, so that enough people cross.
    none = "model.search.contacts_per_partnership=0", "model.search.sources.anyone=1"
    model = HigherEducation(compose(["population.scale=0.1", "burn_in=0", *none]), tables, 0)
    for _ in range(13):
        model.step()
    ledger, used, p = model.ledger, int(model.ledger.used[1]), model.persons
    sector = np.append(model.employers.sector, c.NO_JOB)
    left, joined = sector[ledger.m_from[:used]], sector[ledger.m_to[:used]]
    crossed = (left <= c.WO) & (joined <= c.WO) & (left != joined)
    assert np.count_nonzero(crossed) > 10
    people = set(ledger.m_person[:used][crossed].tolist())
    acquainted = p.id[(p.contacts > 0) & (p.present == 1)].tolist()
    assert acquainted and set(acquainted) <= people


def test_who_lost_a_job_thinks_of_its_sector(tables: ReportTables) -> None:
    nobody = ["unemployed", "employed", "school_leaver", "other", "disabled"]
    closed = [f"model.search.outside_reach.{who}={{hbo: 0, wo: 0}}" for who in nobody]
    settings = compose(["population.scale=0.2", "burn_in=0", *closed])
    model = HigherEducation(settings, tables, 0)
    for _ in range(18):
        model.step()
    ledger, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB)
    academic = sector[ledger.m_to[:used]] <= c.WO
    back = academic & (ledger.m_joined[:used] > ledger.m_left[:used])
    # Nobody outside thinks of hbo or wo but those who lost a job there.
    assert np.count_nonzero(back) > 10
    assert np.all(sector[ledger.m_from[:used]][back] <= c.WO)

"""Hours of hbo's staff: as published, with small jobs that are left sooner."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.careers import LEAVES, RENEWED, at_contract_end
from hesim.model.higher_education import HigherEducation
from hesim.random import stream_key
from hesim.scenario import compose
from hesim.tables import ReportTables

SMALL, FULL = 16, 38


def world(tables: ReportTables, *words: str) -> HigherEducation:
    return HigherEducation(compose(["population.scale=0.05", "burn_in=0", *words]), tables, 0)


BY_WILL = ("dismissed", "contract_expired", "declined_renewal", "reorganisation", "resigned")
"""Reasons for which hours matter."""


def test_small_jobs_are_left_sooner_and_staff_keeps_its_hours(tables: ReportTables) -> None:
    model = world(tables)
    p, book = model.persons, model.ledger
    before = p.hours[p.role == c.LECTURER].mean()
    for _ in range(24):
        model.step()
    assert p.hours[p.role == c.LECTURER].mean() == pytest.approx(before, rel=0.04)
    used = int(book.used[1])
    mine = np.isin(book.m_from_role[:used], c.HBO_ROLES)
    mine &= np.isin(book.m_reason[:used], [c.EXIT_REASONS.index(name) for name in BY_WILL])
    small = book.m_from_hours[:used][mine] < c.HOURS_EDGES[0]
    assert small.size > 100
    # Of leavers whose hours matter 64% leave a small job (table 3.3); 32% of staff have one.
    error = np.sqrt(0.64 * 0.36 / small.size)
    assert abs(small.mean() - 0.64) < 3 * error + 0.05


def test_small_contracts_go_on_less_often(tables: ReportTables) -> None:
    model = world(tables)
    p, rates, key = model.persons, model.rates.careers, stream_key(1, 0, "renewal")
    row = int(np.flatnonzero(p.role == c.LECTURER)[0])
    p.contract[row] = c.WITHOUT_PROSPECT
    for hours in (SMALL, FULL):
        p.hours[row] = hours
        ends = []
        for month in range(2000):
            p.ends[row] = month
            ends.append(at_contract_end(p.columns, row, month, c.HBO, rates, key))
        assert set(ends) <= {LEAVES, RENEWED}
        expected = (1.0 - rates.renewal[c.HBO]) * rates.of_hours[c.HBO, hours]
        assert np.mean(np.equal(ends, LEAVES)) == pytest.approx(expected, abs=0.04)

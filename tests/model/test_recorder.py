"""What a recorder keeps small reads back as it was."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.model.ledger import NOBODY
from hesim.model.market import empty_vacancies
from hesim.model.recorder import BASE, FILLED, WITHDRAWN, Recorder, count_staff
from hesim.model.stocks import HEAD, HEAD_BITS, Stocks, apply_changes, changes_between


def test_months_of_cells_read_back_as_they_were() -> None:
    rng = np.random.default_rng(1)
    months = [np.zeros(1000, np.int64)]
    for most in (1, 130, 5_000_000, 3, 20_000):
        heads = rng.integers(0, most, 1000) * (rng.random(1000) < 0.3)
        heads[0], heads[-1] = 0, most
        months.append(heads * HEAD + heads * rng.integers(0, 41, 1000))
    # A month in which nothing changes, and one in which everybody goes.
    months += [months[-1].copy(), np.zeros(1000, np.int64)]
    changes = [changes_between(old, new) for old, new in pairwise(months)]
    cells = np.zeros(1000, np.int64)
    for expected, change in zip(months[1:], changes, strict=True):
        apply_changes(cells, change)
        np.testing.assert_array_equal(cells, expected)
    assert changes[-2].size == 0

    stocks = Stocks(list(range(7)), changes, 1000)
    for at, (month, cell, heads, hours) in enumerate(stocks):
        assert month == at
        expected = np.flatnonzero(months[at + 1])
        np.testing.assert_array_equal(cell, expected)
        np.testing.assert_array_equal(heads, months[at + 1][expected] >> HEAD_BITS)
        np.testing.assert_array_equal(hours, months[at + 1][expected] & (HEAD - 1))
        for one, other in zip(stocks[at][1:], (cell, heads, hours), strict=True):
            np.testing.assert_array_equal(one, other)
    assert stocks[-1].month == 6
    assert [stock.month for stock in stocks[2:4]] == [2, 3]


def test_the_last_stock_is_the_staff_counted_now(finished: HigherEducation) -> None:
    recorder = finished.recorder
    cells = np.zeros(recorder.shape, np.int64)
    count_staff(finished.persons.columns, cells)
    stock = recorder.stocks[-1]
    np.testing.assert_array_equal(stock.cell, np.flatnonzero(cells.ravel()))
    np.testing.assert_array_equal(stock.heads, cells.ravel()[stock.cell] >> HEAD_BITS)
    np.testing.assert_array_equal(stock.hours, cells.ravel()[stock.cell] & (HEAD - 1))


def test_closed_vacancies_read_back_as_they_were() -> None:
    assert max(len(c.FIELDS), len(c.CONTRACTS)) <= BASE
    rng = np.random.default_rng(2)
    v = empty_vacancies(200)
    v.employer[:] = rng.integers(0, 700, 200)
    for column, most in (
        (v.role, len(c.ROLES)),
        (v.field, len(c.FIELDS)),
        (v.level, len(c.EDUCATION)),
        (v.contract, len(c.CONTRACTS)),
        (v.hours, 41),
    ):
        column[:] = rng.integers(0, most, 200)
    v.opened[:] = rng.integers(-24, 5, 200)
    recorder = Recorder(700)
    assert all(column.size == 0 for column in recorder.closed().values())
    rows, nobody = np.arange(0, 200, 3), np.full(67, NOBODY, np.int16)
    recorder.close_vacancies(v, rows, 5, WITHDRAWN, nobody)
    source = rng.integers(NOBODY, 700, 133).astype(np.int16)
    others = np.setdiff1d(np.arange(200), rows)
    recorder.close_vacancies(v, others, 700, FILLED, source)
    closed, order = recorder.closed(), np.concatenate([rows, others])
    for name in ("employer", "role", "field", "level", "contract", "hours", "opened"):
        column = getattr(v, name)
        np.testing.assert_array_equal(closed[name], column[order])
        assert closed[name].dtype == column.dtype
    assert closed["closed"].tolist() == [5] * 67 + [700] * 133
    assert closed["outcome"].tolist() == [WITHDRAWN] * 67 + [FILLED] * 133
    np.testing.assert_array_equal(closed["source"], np.concatenate([nobody, source]))

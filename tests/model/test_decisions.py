"""Posts that are filled without a vacancy, and employers who take their time."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.reference.model import ReferenceModel

from hesim import categories as c
from hesim.model.decisions import decides, decides_at_once, look_on, put_off
from hesim.model.higher_education import HigherEducation
from hesim.model.hiring import REFUSED
from hesim.model.market import empty_vacancies
from hesim.scenario import compose
from hesim.tables import ReportTables

DIRECT = "model.vacancies.direct={hbo: 0.6, wo: 0.2}"
KEY = np.uint64(7)
COUNT = 4000


def world(tables: ReportTables, *words: str) -> HigherEducation:
    return HigherEducation(compose(["population.scale=0.01", "burn_in=0", *words]), tables, 0)


def test_nothing_is_put_off_where_every_post_is_filled_directly(tables: ReportTables) -> None:
    every = "model.vacancies.direct={hbo: 1, wo: 1}"
    assert decides_at_once(world(tables, every).rates.vacancies)
    assert not decides_at_once(world(tables, DIRECT).rates.vacancies)


def test_a_post_is_filled_directly_or_advertised_for_a_month_at_least(
    tables: ReportTables,
) -> None:
    rates = world(tables, DIRECT, "model.vacancies.decision=0.4").rates.vacancies
    sector_of = np.array([c.HBO, c.WO], np.int8)
    v = empty_vacancies(COUNT)
    v.id[:], v.opened[:] = np.arange(COUNT), 5
    v.employer[:] = np.arange(COUNT) % 2
    now = np.array([decides(v, k, 5, sector_of[v.employer[k]], rates, KEY) for k in range(COUNT)])
    assert [now[v.employer == at].mean() for at in range(2)] == pytest.approx([0.6, 0.2], abs=0.04)
    look_on(v, COUNT, sector_of, 6, rates, KEY)
    # Who looked without a vacancy, and found nobody, opens only now; the others are advertised.
    assert np.array_equal(v.opened == 6, now)
    old = v.opened == 5
    later = [decides(v, k, 6, sector_of[v.employer[k]], rates, KEY) for k in np.flatnonzero(old)]
    assert np.mean(later) == pytest.approx(0.4, abs=0.04)
    again = v.opened.copy()
    look_on(v, COUNT, sector_of, 7, rates, KEY)
    assert np.array_equal(v.opened[again == 5], again[again == 5])


def test_only_who_applied_for_what_is_put_off_is_turned_down(tables: ReportTables) -> None:
    rates = world(tables, "model.vacancies.direct={hbo: 0, wo: 0}").rates.vacancies
    v = empty_vacancies(3)
    v.id[:], v.opened[:] = [1, 2, 3], [4, 5, 5]
    score, vacancy = np.arange(4.0), np.array([0, 1, 2, 3])
    put_off(vacancy, v, 3, np.array([c.WO], np.int8), 5, rates, KEY, score)
    # The second is one month old; behind the open vacancies stands a personal offer.
    assert score.tolist() == [0.0, REFUSED, REFUSED, 3.0]


def test_vacancies_of_a_run_stand_open_for_a_month(tables: ReportTables) -> None:
    model = world(tables, "model.vacancies.direct={hbo: 0.5, wo: 0.5}", "years=1")
    for _ in range(12):
        model.step()
    closed = model.recorder.closed()
    waited = closed["closed"] - closed["opened"]
    inside = model.employers.sector[closed["employer"]] <= c.WO
    filled = waited[inside & (closed["outcome"] == 0)]
    assert np.count_nonzero(filled == 0) > 20 < np.count_nonzero(filled > 0)


def test_the_reference_decides_as_often(tables: ReportTables) -> None:
    words = ["population.scale=0.01", "burn_in=0", "model.careers.doctorate_in_service=0", DIRECT]
    settings = compose(words)
    ours = ReferenceModel(settings, tables, 1)
    ours.step()
    vacancy = next(v for v in ours.vacancies if v.employer.kind == c.HBO)
    vacancy.opened = ours.month
    found = [ours.decides(vacancy) for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.6, abs=0.05)
    ours.month += 1
    ours.withdraw()
    assert vacancy.opened == ours.month

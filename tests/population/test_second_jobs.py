"""Second jobs: as common as published, in the stock and after it, and what they make known."""

from __future__ import annotations

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.population.biography import WORKED
from hesim.population.second_jobs import chance_to_begin, share_with_second_job
from hesim.scenario import compose
from hesim.tables import ReportTables
from hesim.tables.schema import Contradiction

SHARE, AWAY = 0.124, 0.8
SECOND = (
    f"model.careers.second_job_share={SHARE}",
    f"model.careers.second_job_outside.hbo={AWAY}",
)
NONE = "model.careers.second_job_share=0"


def world(tables: ReportTables, *words: str) -> HigherEducation:
    return HigherEducation(compose(["population.scale=0.1", "burn_in=0", *words]), tables, 0)


def of_hbo(model: HigherEducation) -> np.ndarray:
    """Rows of hbo's staff."""
    return np.flatnonzero(np.isin(model.persons.role, c.HBO_ROLES) & (model.persons.present == 1))


def test_the_stock_has_second_jobs_as_common_as_published(tables: ReportTables) -> None:
    model = world(tables, *SECOND)
    p, e, rows = model.persons, model.employers, of_hbo(model)
    have = p.employer2 >= 0
    assert have[rows].mean() == pytest.approx(SHARE, abs=0.02)
    assert have.sum() == have[rows].sum()
    second, own = p.employer2[have], p.employer[have]
    assert p.hours[have].max() <= 30 and (p.hours + p.hours2)[have].max() <= 38
    assert (second != own).all() and (e.region[second] == e.region[own]).all()
    assert 1 <= p.ends2[have].min() < p.ends2[have].max() <= 24
    away = second >= e.institutions
    assert away.mean() == pytest.approx(AWAY, abs=0.08)
    # Outside they are where people of the same field work: lawyers are not in industry.
    industry = e.sector[second] == c.SECTORS.index("industry")
    field = p.field[have]
    engineers, lawyers = (field == c.FIELDS.index(name) for name in ("engineering", "law"))
    assert industry[away & engineers].mean() > 2 * industry[away & lawyers].mean()
    for kind in (c.HBO, c.WO):
        there = np.flatnonzero(have)[e.sector[second] == kind]
        assert there.size > 0 and (p.past[there] & (WORKED << kind) > 0).all()
    assert p.past.max() < 16
    none = world(tables, NONE)
    assert not (none.persons.employer2 >= 0).any()


def test_as_many_begin_as_end(tables: ReportTables) -> None:
    # The terms of the stock end in the burn-in, which begins before month 0.
    model = world(tables, *SECOND, "burn_in=12")
    p, e = model.persons, model.employers
    shares, away = [], []
    for _ in range(48):
        model.step()
        rows = of_hbo(model)
        second = p.employer2[rows]
        shares.append(np.mean(second >= 0))
        away.append(np.mean(second[second >= 0] >= e.institutions))
    assert shares == pytest.approx([SHARE] * 48, abs=0.022)
    assert np.mean(away[24:]) == pytest.approx(AWAY, abs=0.08)
    assert p.past.max() < 16


def test_the_chance_to_begin_one_follows_from_the_share(tables: ReportTables) -> None:
    assert chance_to_begin(compose([NONE]), tables) == 0.0
    settings = compose(list(SECOND))
    # 57% have few hours. Of those who leave 70% have, so 1.0% a month of them leave; terms last two
    # years, or 21.3 months with those who leave before.
    assert share_with_second_job(settings, tables) == pytest.approx(0.124 / 0.569, rel=0.01)
    chance = 0.124 / (0.569 - 0.124) / 21.3
    assert chance_to_begin(settings, tables) == pytest.approx(chance, rel=0.01)
    second = world(tables, *SECOND).rates.jobs.second
    a_year = [settings.number(f"model.careers.second_job.{kind}") for kind in ("wo", "outside")]
    assert second == pytest.approx([chance, *(x / 12 for x in a_year)], rel=0.01)


def test_more_second_jobs_than_small_jobs_are_refused(tables: ReportTables) -> None:
    settings = compose([*SECOND, "model.careers.second_job_limit=20"])
    assert share_with_second_job(settings, tables) < 1.0
    settings = compose([*SECOND, "model.careers.second_job_limit=10"])
    with pytest.raises(Contradiction, match=r"second_job_share: 12\.4% .* 0% have so few"):
        share_with_second_job(settings, tables)


def test_a_second_job_in_wo_makes_it_known(tables: ReportTables) -> None:
    model = world(tables, *SECOND, "model.careers.second_job_outside.hbo=0")
    p, rates = model.persons, model.rates.search.familiarity
    second = p.employer2[of_hbo(model)]
    in_wo = of_hbo(model)[(second >= 0) & (model.employers.sector[second] == c.WO)]
    assert in_wo.size > 20
    without = p.past[in_wo] & ~np.uint8(WORKED << c.WO)
    thinks, thought = (rates.insider[past, c.WO].mean() for past in (p.past[in_wo], without))
    assert thinks > thought + 0.2

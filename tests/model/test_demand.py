"""Posts wanted: fields grow and shrink as the inputs say, and for no longer than they say."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.reference.model import ReferenceModel

from hesim import categories as c
from hesim.config import Settings
from hesim.model.demand import STEADY, Demand
from hesim.model.higher_education import HigherEducation
from hesim.population.employers import Employers, build_employers
from hesim.scenario import compose
from hesim.tables import ReportTables

SCALE = 0.3
GROWTH = {
    "hbo": dict(zip(c.FIELDS, (0.5, -0.4, -0.9, 0.1, 0.3, 0.4), strict=True)),
    "wo": dict(zip(c.FIELDS, (1.0, -0.5, -1.5, 0.4, 0.6, 0.0), strict=True)),
}
"""Per cent of the sector's staff a year; sums to 0 in each."""
FULL = [
    *(f"model.inputs.posts.{s}=0" for s in GROWTH),
    *(f"model.vacancies.growth.{s}=0" for s in GROWTH),
    "model.vacancies.lector_growth=0",
    "model.vacancies.growth_until=0",
]
"""No post stands open on average, and no sector grows."""
NONE = [*FULL, *(f"model.inputs.growth.{s}.{f}=0" for s in GROWTH for f in c.FIELDS)]
SOME = [*FULL, *(f"model.inputs.growth.{s}.{f}={x}" for s in GROWTH for f, x in GROWTH[s].items())]
MOVING = np.delete(np.arange(len(c.ROLES)), STEADY)


def _settings(*more: str) -> Settings:
    return compose(["calibration=none", f"population.scale={SCALE}", *more])


@pytest.fixture(scope="module")
def employers(tables: ReportTables) -> Employers:
    return build_employers(_settings(), tables)


def _rounded(first: np.ndarray) -> float:
    """How far the sum of cells that are rounded apart may be off: about three standard errors."""
    return float(3.0 * 0.4 * np.sqrt(np.count_nonzero(first)))


def _posts(demand: Demand, month: int) -> np.ndarray:
    posts = demand.posts(month, None)
    assert posts is not None
    return posts


def test_without_growth_or_policy_nothing_is_wanted_anew(employers: Employers) -> None:
    demand = Demand(_settings(*NONE), employers)
    assert all(demand.posts(month, None) is None for month in (-24, 0, 1, 12, 48, 120))
    assert not any(demand.moves(month) for month in (-24, 0, 1, 12, 48, 120))


def test_fields_stay_as_they_are_in_the_burn_in(employers: Employers) -> None:
    demand = Demand(_settings(*SOME), employers)
    assert demand.posts(-12, None) is None and demand.posts(0, None) is None
    assert not demand.moves(0) and demand.moves(1)


@pytest.mark.parametrize("code", [c.HBO, c.WO])
def test_a_field_grows_by_its_share_of_the_sectors_staff(code: int, employers: Employers) -> None:
    """Each year as many posts, up to what rounding a few hundred cells does."""
    demand = Demand(_settings(*SOME), employers)
    mine = employers.sector == code
    first = demand.first[mine][:, MOVING]
    cells = np.count_nonzero(first, axis=(0, 1))
    for years in (1, 2, 4):
        posts = _posts(demand, 12 * years)[mine][:, MOVING]
        grown = posts.sum(axis=(0, 1)) - first.sum(axis=(0, 1))
        points = np.array(list(GROWTH[c.SECTORS[code]].values()))
        due = years * points / 100.0 * first.sum()
        # The cells' remainders are spread evenly: their sum errs by much less than their number.
        # What the first month's posts are off by rounding grows along.
        assert np.all(np.abs(grown - due) <= 1.5 * np.sqrt(years * cells))
        assert np.abs(due).max() > 5.0 * np.abs(grown - due).max()


def test_a_sector_keeps_its_size(employers: Employers) -> None:
    demand = Demand(_settings(*SOME), employers)
    for code in (c.HBO, c.WO):
        mine = employers.sector == code
        for month in (1, 7, 24, 48):
            change = int(_posts(demand, month)[mine].sum()) - int(demand.first[mine].sum())
            assert abs(change) <= _rounded(demand.first[mine])
    outside = employers.sector > c.WO
    np.testing.assert_array_equal(_posts(demand, 48)[outside], demand.first[outside])


def test_professors_posts_stay(employers: Employers) -> None:
    demand = Demand(_settings(*SOME), employers)
    posts = _posts(demand, 48)
    np.testing.assert_array_equal(posts[:, c.PROFESSOR], demand.first[:, c.PROFESSOR])
    assert demand.first[:, c.PROFESSOR].sum() > 0
    assert np.any(posts[:, c.PHD_CANDIDATE] != demand.first[:, c.PHD_CANDIDATE])


def test_fields_grow_for_no_longer_than_said(employers: Employers) -> None:
    demand = Demand(_settings(*SOME, "model.vacancies.field_years=2"), employers)
    assert demand.moves(24) and not demand.moves(25)
    np.testing.assert_array_equal(_posts(demand, 24), _posts(demand, 96))
    assert np.any(_posts(demand, 23) != _posts(demand, 24))
    never = Demand(_settings(*SOME, "model.vacancies.field_years=0"), employers)
    np.testing.assert_array_equal(_posts(never, 48), never.first)


def test_policy_multiplies_what_is_wanted(employers: Employers) -> None:
    policy = np.ones(employers.target.shape)
    policy[employers.sector == c.WO] = 1.2
    still, growing = Demand(_settings(*NONE), employers), Demand(_settings(*SOME), employers)
    wo, hbo = employers.sector == c.WO, employers.sector == c.HBO
    off = _rounded(still.first[wo])
    for demand in (still, growing):
        usual, more = demand.posts(48, None), demand.posts(48, policy)
        usual = demand.first if usual is None else usual
        assert more is not None
        assert more[wo].sum() == pytest.approx(1.2 * usual[wo].sum(), abs=2.0 * off)
        np.testing.assert_array_equal(more[hbo], usual[hbo])
    # Where policy ends without growth, the posts of the first month come back once.
    back = still.posts(49, None)
    assert back is not None
    np.testing.assert_array_equal(back, still.first)
    assert still.posts(50, None) is None


def test_sectors_grow_year_by_year(employers: Employers) -> None:
    demand = Demand(_settings(*NONE, "model.vacancies.growth.wo=0.05"), employers)
    wo = employers.sector == c.WO
    np.testing.assert_array_equal(_posts(demand, 11), demand.first)
    grown = _posts(demand, 24)
    assert grown[wo].sum() == pytest.approx(
        1.05**2 * demand.first[wo].sum(), abs=_rounded(demand.first[wo])
    )
    np.testing.assert_array_equal(grown[~wo], demand.first[~wo])


def test_as_many_more_posts_are_wanted_as_stand_open(employers: Employers) -> None:
    """In every month, of all roles alike; cells of one post have their share of them."""
    more = ["model.inputs.posts.hbo=2", "model.inputs.posts.wo=1"]
    demand = Demand(_settings(*NONE, *more), employers)
    hbo, wo = (employers.sector == code for code in (c.HBO, c.WO))
    for month in (-24, -1, 0, 30, 120):
        posts = _posts(demand, month)
        for mine, factor in ((hbo, 1.02), (wo, 1.01), (employers.sector > c.WO, 1.0)):
            first = demand.first[mine]
            assert abs(posts[mine].sum() - factor * first.sum()) <= _rounded(first) * (factor > 1)
            np.testing.assert_array_equal(posts[mine] > 0, first > 0)
    few = hbo[:, None, None] & (demand.first > 0) & (demand.first <= 5)
    gained = (_posts(demand, 0) - demand.first)[few].sum()
    assert 0 < gained < 4.0 * 0.02 * demand.first[few].sum()


def test_open_posts_and_growth_go_together(employers: Employers) -> None:
    demand = Demand(_settings(*SOME, "model.inputs.posts.wo=1"), employers)
    alone = Demand(_settings(*SOME), employers)
    wo = employers.sector == c.WO
    more, usual = _posts(demand, 36)[wo].sum(), _posts(alone, 36)[wo].sum()
    assert more == pytest.approx(1.01 * usual, abs=_rounded(demand.first[wo]))
    assert more > usual


PATH = [
    "model.vacancies.growth.hbo=0.04",
    "model.vacancies.lector_growth=0.1",
    "model.vacancies.growth_until=2012",
    "model.vacancies.field_years=0",
]


def test_posts_grow_up_to_a_year_and_lectoren_faster(tables: ReportTables) -> None:
    settings = compose(["population.scale=1.0", "burn_in=0", *PATH])
    employers = build_employers(settings, tables)
    demand, hbo = Demand(settings, employers), employers.sector == c.HBO
    by_month = [demand.posts(month, None) for month in (0, 12, 24, 96)]
    posts = [wanted for wanted in by_month if wanted is not None]
    lecturers, lectoren = (
        [int(wanted[hbo, role].sum()) for wanted in posts] for role in (c.LECTURER, c.LECTOR)
    )
    assert lecturers[1] == pytest.approx(1.04 * lecturers[0], rel=0.002)
    assert lectoren[1] == pytest.approx(1.14 * lectoren[0], rel=0.02)
    assert lecturers[1:] == [lecturers[1]] * 3 and lectoren[1:] == [lectoren[1]] * 3
    assert np.array_equal(posts[0][~hbo], posts[3][~hbo])


@pytest.mark.parametrize("month", [0, 12, 30])
def test_the_reference_grows_along_the_same_path(tables: ReportTables, month: int) -> None:
    none = "model.careers.doctorate_in_service=0"
    settings = compose(["population.scale=0.02", "burn_in=0", none, *PATH])
    theirs, ours = HigherEducation(settings, tables, 0), ReferenceModel(settings, tables, 1)
    wanted = theirs.state.demand.posts(month, None)
    assert wanted is not None
    ours.demand.set_targets(month)
    for employer in ours.employers:
        for (role, field), posts in employer.target.items():
            assert posts == wanted[employer.number, role, field]

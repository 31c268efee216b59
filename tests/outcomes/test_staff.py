"""Staff by category: a hand-made world, and the stock that the parts add up to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.model.policy import DUAL
from hesim.model.stocks import HEAD, Stocks, changes_between
from hesim.outcomes.breakdown import DIMENSIONS, SIZES, break_down, outcome_entry, parts_of
from hesim.outcomes.registry import OUTCOMES, headline
from hesim.outcomes.staff import HEADS, STAFF, count_staff_by, quantity_of
from hesim.survey import margins
from hesim.survey.age_structure import StaffCount, count_ages
from hesim.survey.movers import sort_movers

SHAPE = (4, len(c.ROLES), len(c.FIELDS), 2, len(c.EDUCATION))
"""Two institutions, an outside employer, and no job."""
OTHER, LAW = c.FIELDS.index("other"), c.FIELDS.index("law")


def cell(employer: int, role: int, field: int, sex: int, education: int) -> int:
    return int(np.ravel_multi_index((employer, role, field, sex, education), SHAPE))


def by_hand() -> SimpleNamespace:
    """Employer 0 is wo in the east, 1 is hbo in the south, 2 is outside.

    Of four months, the last of both years and a November and a January, which must not count.
    """
    rows = [
        (cell(0, c.POSTDOC, OTHER, 1, c.PHD), 3, 100),
        (cell(0, c.PROFESSOR, LAW, 0, c.PHD), 2, 76),
        (cell(0, c.PHD_CANDIDATE, LAW, 1, c.MASTER), 5, 190),
        (cell(1, c.LECTURER, LAW, 1, c.MASTER), 4, 152),
        (cell(1, c.LECTURER, LAW, 0, c.PHD), 1, 19),
        (cell(2, c.PROFESSIONAL, LAW, 1, c.PHD), 70, 2660),
        (cell(3, c.JOB_SEEKER, LAW, 1, c.PHD), 9, 0),
    ]
    flat, heads, hours = (np.array(column) for column in zip(*rows, strict=True))
    cells = int(np.prod(SHAPE))
    months, changes, before = [10, 11, 12, 23], [], np.zeros(cells, np.int64)
    for more, factor, longer in ((7, 1, 1), (0, 1, 1), (9, 1, 1), (0, 2, 3)):
        now = np.zeros(cells, np.int64)
        now[flat] = (factor * heads + more) * HEAD + longer * hours
        changes.append(changes_between(before, now))
        before = now
    stocks = Stocks(months, changes, cells)
    employers = SimpleNamespace(
        sector=np.array([c.WO, c.HBO, c.OUTSIDE_FROM]), region=np.array([1, 2, 0])
    )
    recorder = SimpleNamespace(shape=SHAPE, stocks=stocks)
    return SimpleNamespace(employers=employers, recorder=recorder)


def told(name: str, dimension: str, years: int = 2) -> dict[str, list[float]]:
    """What a hand-made world tells by category, without categories that nobody is in."""
    found = count_staff_by(by_hand(), years, {}, {dimension: SIZES[dimension]})
    table = quantity_of(found[dimension], STAFF[name])
    names = c.ROLES if dimension == "role" else DIMENSIONS[dimension]
    return {names[k]: row.tolist() for k, row in enumerate(table) if row.any()}


def test_heads_by_hand():
    assert told("staff_wo", "region") == {"east": [10, 20]}
    assert told("staff_hbo", "region") == {"south": [5, 10]}
    assert told("staff_wo", "sex") == {"male": [2, 4], "female": [8, 16]}
    assert told("staff_hbo", "sex") == {"male": [1, 2], "female": [4, 8]}
    assert told("staff_wo", "field") == {"law": [7, 14], "other": [3, 6]}
    roles = {"phd_candidate": [5, 10], "postdoc": [3, 6], "professor": [2, 4]}
    assert told("staff_wo", "role") == roles
    assert told("staff_hbo", "role") == {"lecturer": [5, 10]}
    assert told("staff_hbo", "role", years=1) == {"lecturer": [5]}


def test_fte_and_shares_by_hand():
    assert told("fte_wo", "field") == {"law": [7, 21], "other": [100 / 38, 300 / 38]}
    assert told("fte_hbo", "sex") == {"male": [0.5, 1.5], "female": [4, 12]}
    assert told("wo_women_share", "field") == {
        "law": [pytest.approx(500 / 7)] * 2,
        "other": [100, 100],
    }
    assert told("hbo_women_share", "role") == {"lecturer": [80, 80]}
    assert told("wo_phd_share", "sex") == {"male": [100, 100], "female": [37.5, 37.5]}
    assert told("hbo_phd_share", "region") == {"south": [20, 20]}


def test_age_is_counted_where_people_work_by_hand():
    """Month 11 of five persons: two in wo, two in hbo, one outside who counts nowhere.

    The first, of wo, has a second post in hbo of 8 hours; the third is 25 this month.
    """
    persons = SimpleNamespace(
        present=np.array([1, 1, 1, 1, 1, 0]),
        employer=np.array([0, 0, 1, 1, 2, 1]),
        employer2=np.array([1, 0, -1, -1, -1, -1]),
        marks=np.array([DUAL, 0, 0, 0, 0, 0]),
        born=11 - 12 * np.array([40, 60, 25, 24, 30, 30]),
        sex=np.array([1, 0, 1, 1, 1, 1]),
        education=np.array([c.PHD, c.PHD, c.MASTER, c.MASTER, c.PHD, c.PHD]),
        hours=np.array([30, 38, 20, 10, 38, 38]),
        hours2=np.array([8, 5, 0, 0, 0, 0]),
    )
    employers = SimpleNamespace(
        sector=np.array([c.WO, c.HBO, c.OUTSIDE_FROM], np.int8), institutions=2
    )
    found = count_ages(SimpleNamespace(persons=persons, employers=employers, month=12))
    hbo, wo = c.HBO, c.WO
    assert found.heads[hbo].tolist() == [1, 1, 0, 0]
    assert found.heads[wo].tolist() == [0, 0, 1, 1]
    assert found.hours[hbo].tolist() == [10, 20, 8, 0]
    assert found.hours[wo].tolist() == [0, 0, 30, 38]
    assert found.women[hbo].tolist() == [1, 1, 0, 0]
    assert found.women[wo].tolist() == [0, 0, 1, 0]
    assert found.doctors[hbo].tolist() == [0, 0, 0, 0]
    assert found.doctors[wo].tolist() == [0, 0, 1, 1]


def test_staff_by_age_is_taken_from_the_last_month_of_each_year():
    def count(k: int) -> StaffCount:
        return StaffCount(*(np.full((2, 4), k + j) for j in range(4)))

    ages = {11: count(10), 23: count(20), 5: count(900)}
    found = count_staff_by(by_hand(), 2, ages, {"age": 4})["age"]
    assert quantity_of(found, STAFF["staff_wo"]).tolist() == [[10, 20]] * 4


@pytest.fixture(scope="module")
def parts(finished: HigherEducation):
    """All parts of a world; ages of its last month stand for both years."""
    years, now = finished.settings.integer("years"), count_ages(finished)
    return break_down(finished, sort_movers(finished), years, {11: now, 23: now})


def in_all(parts, outcome: str, dimension: str) -> list[float]:
    mine = [v for p, v in parts.items() if (p.dimension, p.outcome) == (dimension, outcome)]
    return np.sum(mine, axis=0).tolist()


def test_the_parts_of_staff_add_up_to_the_stock(finished: HigherEducation, parts):
    sector = np.append(finished.employers.sector, c.NO_JOB)
    size = int(np.prod(finished.recorder.shape[1:]))
    for name, code in (("hbo", c.HBO), ("wo", c.WO)):
        heads, fte = [], []
        for month, flat, persons, hours in finished.recorder.stocks:
            mine = sector[flat // size] == code
            if month in (11, 23):
                heads.append(int(persons[mine].sum()))
                fte.append(hours[mine].sum() / 38)
        assert min(heads) > 0
        for dimension in DIMENSIONS:
            # Of ages this world has the last month alone.
            years = slice(1, 2) if dimension == "age" else slice(0, 2)
            assert in_all(parts, f"staff_{name}", dimension)[years] == heads[years], dimension
            found = in_all(parts, f"fte_{name}", dimension)[years]
            assert found == pytest.approx(fte[years]), dimension


def test_staff_is_that_of_the_margins(finished: HigherEducation, parts):
    cube = margins.count(finished)["age"]
    axes = {"role": (1, c.ROLES), "field": (2, c.FIELDS), "region": (3, c.REGIONS)}
    axes["age"] = (4, c.AGE_BANDS)
    for name, code in (("hbo", c.HBO), ("wo", c.WO)):
        for dimension, (axis, names) in axes.items():
            others = tuple(k - 1 for k in range(1, 5) if k != axis)
            counted = dict(zip(names, cube[code].sum(axis=others).tolist(), strict=True))
            for part, values in parts.items():
                if (part.dimension, part.outcome) == (dimension, f"staff_{name}"):
                    assert values[-1] == counted.pop(part.category), part
            # Nobody is in a category that is not told.
            assert not any(counted.values()), dimension


def test_shares_by_category_weigh_up_to_the_share_of_all(finished: HigherEducation, parts):
    whole = headline(finished, sort_movers(finished), 2)["hbo_phd_share"]
    for dimension in DIMENSIONS:
        named = {p.category: p for p in parts if p[0] == dimension and p.outcome == "hbo_phd_share"}
        heads = [parts[p._replace(outcome="staff_hbo")] for p in named.values()]
        mean = np.average([parts[p] for p in named.values()], axis=0, weights=heads)
        assert mean[-1] == pytest.approx(whole[-1]), dimension
    women = {
        p.category: v for p, v in parts.items() if p[0] == "field" and p[2] == "wo_women_share"
    }
    assert all(0 < value[-1] < 100 for value in women.values())


def test_entrants_by_category_are_those_of_turnover(finished: HigherEducation, parts):
    movers = sort_movers(finished)
    for name in ("hbo", "wo"):
        mine = movers.group == c.MOVER_GROUPS.index(f"{name}_in")
        counted = [int(np.sum(mine & (movers.month // 12 == year))) for year in (0, 1)]
        assert min(counted) > 0
        for dimension in DIMENSIONS:
            assert in_all(parts, f"entrants_{name}", dimension) == counted, dimension


def test_every_part_says_its_unit_and_only_counts_depend_on_the_scale():
    assert outcome_entry("hbo_phd_share") is OUTCOMES["hbo_phd_share"]
    assert STAFF["hbo_phd_share"].unit == OUTCOMES["hbo_phd_share"].unit
    assert {name: outcome_entry(name).divisor(0.1) for name in STAFF} == {
        name: 1.0 if name.endswith("_share") else 0.1 for name in STAFF
    }
    assert HEADS == ("staff_hbo", "staff_wo")
    women = [part for part in parts_of(("sex",)) if "women" in part.outcome]
    assert not women
    roles = {part.category for part in parts_of(("role",), ("staff_hbo",))}
    assert roles == {"lecturer", "lector"}

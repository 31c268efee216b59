"""How an employer ranks and how applicants are matched, worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.model import hiring
from hesim.model.geography import Geography
from hesim.model.hiring import REFUSED, HiringRates, Points, Weights
from hesim.model.market import empty_vacancies
from hesim.model.policy import RankShift
from hesim.model.requirements import PRACTICE, RESEARCH, Thresholds
from hesim.model.search import Applications
from hesim.population.persons import COLUMNS, Columns
from hesim.random import BATCH, join, normal

HOGESCHOOL, UNIVERSITY, FIRM = range(3)
SECTORS = (c.HBO, c.WO, c.SECTORS.index("industry"))
WEIGHTS = Weights(
    level=1.0,
    overqualified=0.5,
    field=2.0,
    seniority=0.25,
    practice=4.0,
    research=8.0,
    practice_full=120.0,
    research_full=60.0,
)
RATES = HiringRates(
    weights=WEIGHTS,
    noise=0.0,
    standard=np.array([-9.0, -9.0]),
    bands=np.array([36, 120]),
    thresholds=Thresholds(36, 48, 24, 1.0, 0.0, 1.0, 60),
)


ALONE = Applications(np.array([0]), np.array([0]), np.zeros(1), np.ones(1, np.uint8))


def shift(**points: float) -> RankShift:
    none = dict.fromkeys(RankShift._fields, 0.0) | {"asked": 1.0} | points
    return RankShift(**{name: np.full(3, value) for name, value in none.items()})


def places(partner: tuple[int, int] | None = None) -> Geography:
    partners = np.zeros((3, 3), np.uint8)
    if partner is not None:
        partners[partner] = 1
    return Geography(
        town_region=np.zeros(1, np.int8),
        distance=np.zeros((1, 1), np.float32),
        towns=np.zeros(1, np.int16),
        town_start=np.array([0, 1, 1]),
        town_of=np.zeros(3, np.int16),
        sector_of=np.array(SECTORS, np.int8),
        region_of=np.array([0, 0, 0], np.int8),
        institutions=2,
        partner=partners,
        partnerships=partners.sum(axis=1).astype(np.float64),
    )


def points(
    hirer: int = HOGESCHOOL,
    by: RankShift | None = None,
    where: Geography | None = None,
    **person: Any,
) -> Points:
    ordinary = {
        "education": c.MASTER,
        "practice": 0,
        "academic": 0,
        "employer": -1,
        "field": 3,
    }
    columns = Columns(*(np.zeros(1, kind) for _, kind, _ in COLUMNS))
    for name, value in {**ordinary, **person}.items():
        getattr(columns, name)[0] = value
    vacancies = empty_vacancies(1)
    vacancy = {"level": c.MASTER, "employer": hirer, "field": 4, "seniority": 0}
    for name, value in vacancy.items():
        getattr(vacancies, name)[0] = value
    parts, score = np.empty((1, len(Points._fields))), np.empty(1)
    hiring.rank_applicants(
        columns,
        vacancies,
        ALONE,
        where or places(),
        RATES,
        by or shift(),
        0,
        np.uint64(1),
        np.uint64(1),
        score,
        parts,
    )
    assert score[0] == pytest.approx(parts.sum())
    return Points(*parts[0].tolist())


def spread(**given: float) -> Points:
    return Points(**{**dict.fromkeys(Points._fields, 0.0), **given})


def test_an_ordinary_applicant_has_the_points_of_the_level_alone() -> None:
    assert points() == spread(level=1.0)


def test_a_level_above_the_one_asked_costs_and_one_below_gives_nothing() -> None:
    assert points(education=c.PHD) == spread(overqualified=-0.5)
    assert points(education=c.MASTER - 1) == spread()


def test_working_in_the_field_counts() -> None:
    assert points(field=4) == spread(level=1.0, field=2.0)


@pytest.mark.parametrize(
    ("practice", "academic", "bands"),
    [(35, 0, 0), (36, 0, 1), (20, 16, 1), (119, 0, 1), (60, 60, 2), (120, 0, 2), (400, 0, 2)],
)
def test_each_band_of_experience_off_costs(practice: int, academic: int, bands: int) -> None:
    assert points(practice=practice, academic=academic).seniority == -0.25 * bands


@pytest.mark.parametrize(
    ("employer", "practice", "research"),
    [
        (HOGESCHOOL, 2.0, 0.0),
        (UNIVERSITY, 0.0, 4.0),
    ],
)
def test_practice_counts_in_hbo_and_a_research_record_in_wo(
    employer: int, practice: float, research: float
) -> None:
    made = points(employer, practice=60, academic=30)
    assert (made.practice, made.research_record) == (practice, research)
    twice = points(employer, by=shift(asked=2.0), practice=60, academic=30)
    assert (twice.practice, twice.research_record) == (2 * practice, 2 * research)
    most = points(employer, practice=900, academic=900)
    assert (most.practice, most.research_record) == (2 * practice, 2 * research)


POLICY = {"partner": 0.1, "crosser": 0.2, "near": 0.4, "doctor": 0.8, "master": 1.6}


@pytest.mark.parametrize(
    ("own", "hirer", "partner", "crosser", "near"),
    [
        (UNIVERSITY, HOGESCHOOL, True, True, True),
        (UNIVERSITY, HOGESCHOOL, False, True, True),
        (HOGESCHOOL, UNIVERSITY, True, True, True),
        (HOGESCHOOL, HOGESCHOOL, False, False, True),
        (FIRM, HOGESCHOOL, True, False, False),
        (-1, HOGESCHOOL, False, False, False),
    ],
)
def test_policy_gives_points_by_where_an_applicant_comes_from(
    own: int, hirer: int, partner: bool, crosser: bool, near: bool
) -> None:
    where = places((own, hirer) if partner else None)
    made = points(hirer, by=shift(**POLICY), where=where, employer=own)
    inside = own >= 0 and SECTORS[own] <= c.WO
    assert made.partner == (0.1 if partner and inside else 0.0)
    assert made.crosser == (0.2 if crosser else 0.0)
    assert made.near == (0.4 if near else 0.0)


def test_policy_gives_points_for_degrees() -> None:
    by = shift(**POLICY)
    assert (points(by=by).doctor, points(by=by).master_degree) == (0.0, 1.6)
    doctor = points(by=by, education=c.PHD)
    assert (doctor.doctor, doctor.master_degree) == (0.8, 0.0)


def test_a_score_is_the_sum_of_all_points_and_of_what_nobody_else_sees() -> None:
    rule: Any = hiring.score_of.py_func
    every = Points(*(2.0**k for k in range(len(Points._fields))))
    assert rule(every, 0.5) == 2 ** len(Points._fields) - 0.5


def test_the_best_of_several_posts_counts() -> None:
    key, pair = np.uint64(11), np.uint64(5)
    rule: Any = hiring.best_noise
    seen = [rule(-9.0, pair, posts, 3, key) for posts in (1, 2, 3, 30)]
    assert seen[0] == -9.0
    assert seen == sorted(seen) and seen[1] > -9.0 and seen[3] > 0.5
    assert rule(9.0, pair, 30, 3, key) == 9.0
    assert rule(-9.0, pair, 2, 4, key) != seen[1]


def rank(
    rates: HiringRates,
    employers: list[int],
    applications: Applications,
    month: int = 0,
    room: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and points of applicants without a job, each a master of 10 months' practice."""
    columns = Columns(*(np.zeros(4, kind) for _, kind, _ in COLUMNS))
    columns.id[:] = (21, 22, 23, 24)
    columns.education[:], columns.employer[:], columns.practice[:] = c.MASTER, -1, 10
    vacancies = empty_vacancies(len(employers))
    vacancies.id[:], vacancies.employer[:] = 31 + np.arange(len(employers)), employers
    vacancies.level[:], vacancies.field[:] = c.MASTER, 4
    score, parts = np.empty(applications.seeker.size), np.full((room, len(Points._fields)), 9.0)
    hiring.rank_applicants(
        columns, vacancies, applications, places(), rates, shift(), month, KEY, KEY, score, parts
    )
    return score, parts


KEY = np.uint64(11)


def test_an_employer_sees_what_the_model_does_not_once_for_person_and_vacancy() -> None:
    count = BATCH + 4
    seeker, vacancy = np.arange(count) % 4, np.arange(count) // 4 % 2
    posts = np.where(np.arange(count) % 3 == 1, 3, 1).astype(np.uint8)
    rates = RATES._replace(noise=0.5, weights=WEIGHTS._replace(practice=0.0))
    every = Applications(seeker, vacancy, np.zeros(count), posts)
    score, _ = rank(rates, [HOGESCHOOL, UNIVERSITY], every, 6)
    for at in (*range(16), *range(count - 8, count)):
        pair = join(np.uint64(21 + seeker[at]), np.uint64(31 + vacancy[at]))
        seen = [normal(KEY, np.uint64(pair), 0, 0)]
        # Each further post that an application stands for is seen anew each month.
        seen += [normal(KEY, np.uint64(pair), 6, post) for post in range(1, posts[at])]
        assert score[at] == pytest.approx(1.0 + 0.5 * max(seen)), at


def test_who_is_below_the_standard_of_the_kind_of_employer_is_refused() -> None:
    every = Applications(np.zeros(2, int), np.arange(2), np.zeros(2), np.ones(2, np.uint8))
    # An applicant has 1 point for the level, and 1/3 more in hbo for practice.
    for standard, taken in (
        ([1.3, 1.0], [True, True]),
        ([1.4, 1.0], [False, True]),
        ([1.3, 1.1], [True, False]),
    ):
        rates = RATES._replace(standard=np.array(standard))
        score, _ = rank(rates, [HOGESCHOOL, UNIVERSITY], every)
        assert (score != REFUSED).tolist() == taken


def test_a_personal_offer_from_outside_stands() -> None:
    every = Applications(np.zeros(2, int), np.arange(2), np.zeros(2), np.ones(2, np.uint8))
    strict = RATES._replace(noise=0.5, standard=np.array([9.0, 9.0]))
    score, _ = rank(strict, [UNIVERSITY, FIRM], every)
    assert score.tolist() == [REFUSED, 0.0]


def test_points_are_told_as_far_as_there_is_room() -> None:
    two = Applications(np.array([0, 1]), np.array([0, 1]), np.zeros(2), np.ones(2, np.uint8))
    for room in range(3):
        score, parts = rank(RATES, [HOGESCHOOL, UNIVERSITY], two, room=room)
        assert score.tolist() == pytest.approx([4 / 3, 1.0])
        assert parts.sum(axis=1) == pytest.approx(score[:room])


def match(seeker: list[int], vacancy: list[int], score: list[float], posts: int) -> list[int]:
    rule: Any = hiring.deferred_acceptance.py_func
    columns = np.array(seeker), np.array(vacancy), np.array(score)
    found: list[int] = rule(*columns, posts).tolist()
    return found


def test_who_is_displaced_goes_on_to_the_next_choice() -> None:
    # 0 wants A, then B; 1 wants A; A prefers 1.
    assert match([0, 0, 1], [0, 1, 0], [1.0, 1.0, 2.0], 2) == [2, 1]


def test_a_better_applicant_who_comes_first_is_not_displaced() -> None:
    assert match([0, 1, 1], [0, 0, 1], [3.0, 2.0, 1.0], 2) == [0, 2]


def test_who_is_refused_everywhere_is_matched_to_nothing() -> None:
    assert match([0, 0], [0, 1], [REFUSED, REFUSED], 2) == [-1, -1]
    assert match([], [], [], 1) == [-1]


def test_an_applicant_of_few_points_is_better_than_nobody() -> None:
    assert match([0, 1], [0, 0], [-50.0, -60.0], 1) == [0]


def test_nobody_falls_through_to_another_persons_applications() -> None:
    # 0 loses A and has no other application; the next row is somebody else's.
    assert match([0, 1], [0, 0], [1.0, 2.0], 1) == [1]


def asking(asks: int, **person: Any) -> tuple[float, Points]:
    """Score and points of an applicant at a hogeschool and a university that ask something."""
    columns = Columns(*(np.zeros(1, kind) for _, kind, _ in COLUMNS))
    for name, value in {"education": c.MASTER, "employer": -1, **person}.items():
        getattr(columns, name)[0] = value
    vacancies = empty_vacancies(1)
    vacancies.level[0], vacancies.asks[0] = c.MASTER, asks
    vacancies.employer[0] = UNIVERSITY if asks & RESEARCH else HOGESCHOOL
    parts, score = np.empty((1, len(Points._fields))), np.empty(1)
    hiring.rank_applicants(
        columns, vacancies, ALONE, places(), RATES, shift(), 0, KEY, KEY, score, parts
    )
    return float(score[0]), Points(*parts[0].tolist())


def test_who_lacks_what_a_post_asks_is_refused_whatever_the_points() -> None:
    assert asking(0, practice=35)[0] > REFUSED
    assert asking(PRACTICE, practice=35, field=0)[0] == REFUSED
    assert asking(PRACTICE, practice=36)[0] > REFUSED
    assert asking(RESEARCH, academic=47)[0] == REFUSED
    assert asking(RESEARCH, academic=48)[0] > REFUSED


def test_only_what_is_beyond_a_condition_gives_points() -> None:
    assert asking(0, practice=60)[1].practice == pytest.approx(4.0 * 60 / 120)
    assert asking(PRACTICE, practice=60)[1].practice == pytest.approx(4.0 * 24 / 120)
    assert asking(RESEARCH, academic=54)[1].research_record == pytest.approx(8.0 * 6 / 60)
    doctor = asking(RESEARCH, academic=12, education=c.PHD)
    assert doctor[1].research_record == 0.0 and doctor[0] > REFUSED

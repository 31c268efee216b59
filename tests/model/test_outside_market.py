"""The market outside: offers to persons, no posts, no score, and numbers that stand still."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.choice import utility
from hesim.model.higher_education import HigherEducation
from hesim.model.ledger import DEPARTURE, ENTRY, HIRE, MOVE, NO_REASON, SEPARATION
from hesim.model.market import lengthened
from hesim.model.order import ORDER
from hesim.model.outside_offers import (
    HOW_MANY,
    IDENTITY,
    LANES,
    LUCK,
    PersonalOffers,
    expected_offers,
    not_writing_up,
    offers_of_month,
    reach_people,
)
from hesim.model.push import ENDING, ON_THE_JOB
from hesim.model.rates.outside import regions_of_offers, sectors_of_offers
from hesim.model.visibility import band_of
from hesim.model.weighing import Job, kind_of, parts_of_job, worth_of_present
from hesim.population.employers import outside_mix
from hesim.population.persons import NEVER
from hesim.random import moment, output_at, uniform
from hesim.scenario import compose
from hesim.tables import ReportTables

MONTHS = 12


class Lived(NamedTuple):
    """A world and what was counted in each of its months."""

    model: HigherEducation
    heads: list[int]
    outside: list[np.ndarray]


def world(tables: ReportTables, *words: str) -> HigherEducation:
    usual = ("calibration=none", "population.scale=0.03", "burn_in=0")
    return HigherEducation(compose([*usual, *words]), tables, 0)


def live(model: HigherEducation) -> Lived:
    heads, outside = [int(model.persons.present.sum())], []
    for _ in range(MONTHS):
        for event in ORDER:
            model.carry_out(event.name)
            if event.name == "outside":
                p = model.persons
                here = (p.present == 1) & (p.employer >= model.employers.institutions)
                outside.append(np.bincount(p.field[here], minlength=len(c.FIELDS)))
        model.state.month += 1
        heads.append(int(model.persons.present.sum()))
    return Lived(model, heads, outside)


@pytest.fixture(scope="module")
def lived(tables: ReportTables) -> Lived:
    return live(world(tables))


def flows(model: HigherEducation, kind: int) -> np.ndarray:
    """Rows of one kind of flow: month, employer left, employer joined, role joined."""
    book, used = model.ledger, int(model.ledger.used[0])
    rows = np.flatnonzero(book.f_kind[:used] == kind)
    return np.stack([book.f_month[rows], book.f_from[rows], book.f_to[rows], book.f_to_role[rows]])


def test_heads_are_conserved(lived: Lived) -> None:
    entered, left = flows(lived.model, ENTRY)[0], flows(lived.model, DEPARTURE)[0]
    for month in range(MONTHS):
        change = np.sum(entered == month) - np.sum(left == month)
        assert lived.heads[month + 1] - lived.heads[month] == change
    p = lived.model.persons
    assert np.unique(p.id[p.present == 1]).size == lived.heads[-1]


def test_people_in_reach_stand_still_whoever_goes(lived: Lived) -> None:
    wanted = lived.model.employers.target[lived.model.employers.institutions :].sum(axis=(0, 1))
    assert wanted.sum() == round(0.03 * 13000 / 0.34)
    for count in lived.outside:
        assert np.all(count >= wanted)
        assert count.sum() <= 1.05 * wanted.sum()
    entries = flows(lived.model, ENTRY)
    with_job = entries[3] == c.PROFESSIONAL
    assert with_job.sum() > 50 and np.all(entries[2][with_job] >= 0)


def test_no_post_outside_is_advertised_and_offers_do_not_last(lived: Lived) -> None:
    model = lived.model
    count, inside = model.market.open_count, model.employers.institutions
    assert np.all(model.market.vacancies.employer[:count] < inside)
    joined = np.concatenate([flows(model, MOVE)[2], flows(model, HIRE)[2]])
    assert np.sum(joined >= inside) > 100
    # Who has a job outside is offered none there: those moves do not matter here.
    moves = flows(model, MOVE)
    assert not np.any((moves[1] >= inside) & (moves[2] >= inside))
    closed = model.recorder.closed()
    assert np.all(closed["employer"] < inside)


def test_all_destinations_come_true(lived: Lived) -> None:
    model = lived.model
    inside = model.employers.institutions
    sectors = model.employers.sector[flows(model, MOVE)[2]]
    assert set(c.SECTORS[s] for s in sectors) >= {"hbo", "wo", "business_services", "research"}
    gone = flows(model, DEPARTURE)
    abroad = gone[3] == c.PROFESSIONAL
    assert abroad.sum() > 10
    assert np.sum((gone[1] >= inside) & ~abroad) > 50, "out of reach"
    assert np.sum((gone[1] < 0) & ~abroad) > 0, "no work"


FEW = (
    "model.outside.competitors.job_losers=6500",
    "model.outside.competitors.graduates=3600",
    "model.outside.competitors.arrivals=3000",
)
"""Fewer of those who take a job outside at once, and would be counted among who looks from one."""


def test_the_flow_of_competitors_is_what_was_asked(tables: ReportTables) -> None:
    starts, losers, people = [], [], []
    for rate in ("0.17", "0.68"):
        model = world(tables, f"model.outside.applicant_rate={rate}", *FEW)
        inside, begun = model.employers.institutions, 0
        people.append(int(np.sum(model.persons.employer >= inside)))
        for _ in range(18):
            model.step()
            p = model.persons
            outside = (p.present == 1) & (p.employer >= inside) & (p.search == ON_THE_JOB)
            # The first months fill up who looks.
            begun += int(np.sum(outside & (p.search_since == model.month - 1))) * (model.month > 6)
        starts.append(begun / 12 * 12 / 0.03)
        lost = flows(model, SEPARATION)
        losers.append(np.sum(lost[1] >= inside) / 18 * 12 / 0.03)
    assert people[0] == pytest.approx(4 * people[1], rel=0.01)
    assert starts == pytest.approx([13000, 13000], rel=0.15)
    assert losers == pytest.approx([6500, 6500], rel=0.25)


def test_graduates_and_arrivals_come_as_asked(tables: ReportTables) -> None:
    come = ("graduates=40000", "arrivals=3000")
    model = world(tables, *(f"model.outside.competitors.{kind}" for kind in come))
    due = sum(model.rates.entrants.numbers(month) for month in range(12))
    assert due.sum(axis=(0, 1)) == pytest.approx([0.03 * 40000, 0.03 * 3000], rel=0.05)


def test_an_offer_is_weighed_by_the_one_rule(tables: ReportTables) -> None:
    model = world(tables, "model.outside.offers.employed=1", "model.outside.offers.jobless=3")
    for event in ORDER[: [event.name for event in ORDER].index("search") + 1]:
        model.carry_out(event.name)
    market, p = model.market, model.persons
    start, seekers = market.open_count, market.seekers
    market.vacancies = lengthened(market.vacancies, start + seekers.size)
    room = PersonalOffers(
        np.empty(seekers.size, np.int64), np.empty(seekers.size), np.empty(seekers.size, np.uint8)
    )
    count = reach_people(
        p.columns,
        seekers,
        model.state.places,
        model.month,
        model.rates.outside,
        model.state.choice,
        model.effects.frictions,
        model.streams,
        market.vacancies,
        start,
        room,
    )
    assert count > 30
    v, key, month = market.vacancies, model.streams.outside, model.month
    for n in range(count):
        row, at = int(room.seeker[n]), start + n
        assert v.contract[at] == c.PERMANENT and v.level[at] == p.education[row]
        assert v.employer[at] >= model.employers.institutions
        assert room.utility[n] > worth_of_present(model, row)
        lane = next(
            LANES * (k + 1)
            for k in range(32)
            if identity(key, month, LANES * (k + 1) + IDENTITY, p.id[row]) == v.id[at]
        )
        job = Job(
            int(v.employer[at]), c.PROFESSIONAL, c.PERMANENT, int(v.hours[at]), int(v.place[at])
        )
        luck = -math.log(-math.log(uniform(key, p.id[row], month, lane + LUCK)))
        assert room.utility[n] == pytest.approx(utility(parts_of_job(model, row, job)) + luck)
        kind = kind_of(int(p.employer[row]), model.employers.sector)
        worked = int(p.practice[row]) + int(p.academic[row])
        band = band_of(worked, model.rates.outside.work_edges)
        expected = expected_offers(kind, p.education[row], p.field[row], band, model.rates.outside)
        assert offers_of_month(expected, uniform(key, p.id[row], month, HOW_MANY)) * LANES >= lane


def identity(key: np.uint64, month: int, lane: int, person: np.uint64) -> np.uint64:
    """Identity of an offer: of the person, the month and the place among the month's offers."""
    return np.uint64(output_at(np.uint64(moment(key, month, lane)), person))


def leavers_to_outside(model: HigherEducation, education: int) -> int:
    """Spells of those of an education who left hbo or wo for a job outside."""
    book, used = model.ledger, int(model.ledger.used[1])
    inside = model.employers.institutions
    left = (book.m_from[:used] >= 0) & (book.m_from[:used] < inside)
    return int(
        np.sum(left & (book.m_to[:used] >= inside) & (book.m_education_left[:used] == education))
    )


def test_no_employer_outside_scores_doctors_down(tables: ReportTables) -> None:
    counts = []
    for points in ("0", "10"):
        model = world(tables, f"model.hiring.overqualified={points}", "population.scale=0.06")
        for _ in range(8):
            model.step()
        counts.append(leavers_to_outside(model, c.PHD))
    assert counts[1] > 0.85 * counts[0] > 20


def test_nobody_outside_limits_how_many_come(tables: ReportTables) -> None:
    def moved(*words: str) -> int:
        model = world(tables, *words)
        for _ in range(6):
            model.step()
        move = flows(model, MOVE)
        inside = model.employers.institutions
        return int(np.sum((move[1] < inside) & (move[2] >= inside)))

    few, many = moved("model.outside.offers.employed=0.3"), moved("model.outside.offers.employed=5")
    assert many > 2 * few > 0
    assert moved("model.outside.offers.employed=0") == 0
    assert moved("model.choice.outside_cost=8") < few


@pytest.mark.parametrize(("share", "known"), [(0.0, True), (1.0, False)])
def test_a_job_abroad_is_a_departure_whose_sector_nobody_knows(
    tables: ReportTables, share: float, known: bool
) -> None:
    words = [f"model.outside.abroad.{who}={share}" for who in ("hbo", "wo", "doctor", "outside")]
    model = world(tables, *words)
    for _ in range(6):
        model.step()
    gone = flows(model, DEPARTURE)
    assert np.any(gone[3] == c.PROFESSIONAL) == (not known)
    book, used = model.ledger, int(model.ledger.used[1])
    assert np.any(book.m_to[:used] >= model.employers.institutions) == known
    # Who leaves a job for one abroad has said why.
    rows = np.flatnonzero(book.f_to_role[: book.used[0]] == c.PROFESSIONAL)
    rows = rows[(book.f_kind[rows] == DEPARTURE) & (book.f_from[rows] >= 0)]
    assert np.all(book.f_reason[rows] < len(c.EXIT_REASONS))
    assert np.all(book.m_left[book.f_spell[rows]] == book.f_month[rows])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_those_who_take_a_job_goes_out_of_reach(
    tables: ReportTables, share: float
) -> None:
    words = f"model.outside.out_of_reach={share}", "model.careers.outside_departure=0"
    model = world(tables, *words)
    for _ in range(6):
        model.step()
    inside, gone = model.employers.institutions, flows(model, DEPARTURE)
    joined = np.concatenate([flows(model, MOVE)[2], flows(model, HIRE)[2]])
    book, used = model.ledger, int(model.ledger.used[0])
    why = book.f_reason[:used][book.f_kind[:used] == DEPARTURE]
    away = (gone[1] >= inside) & (why == NO_REASON) & (gone[3] != c.PROFESSIONAL)
    assert away.sum() == (np.sum(joined >= inside) if share else 0)


def test_who_writes_up_looks_for_no_work_before_the_defence(tables: ReportTables) -> None:
    model = world(tables)
    p, rates = model.persons, model.rates.outside._replace(writing_until=2)
    rows = np.flatnonzero(p.role == c.PHD_CANDIDATE)[:6]
    # Still employed; contract ends; lost wo's job; soon defends; never defends; lost hbo's job.
    p.defence[rows] = [20, 20, 20, 2, NEVER, 20]
    p.search[rows] = [ON_THE_JOB, ENDING, 3, 3, 3, 3]
    gone = rows[2:]
    p.employer[gone], p.role[gone] = -1, c.JOB_SEEKER
    p.last[gone] = [c.WO, c.WO, c.WO, c.HBO]
    assert not_writing_up(p.columns, rows, 0, rates).tolist() == rows[[0, 3, 4, 5]].tolist()
    none, some = (world(tables, f"model.outside.thesis.share={share}") for share in (0, 0.4))
    chances = some.rates.careers.phd_extension, none.rates.careers.phd_extension
    assert chances[0] == pytest.approx(chances[1] * 0.6)


def test_offers_hang_on_education_field_and_experience(tables: ReportTables) -> None:
    model = world(
        tables,
        "model.outside.offers.employed=2",
        "model.outside.offers.jobless=3",
        "model.outside.offer_factor.education=[0.1,0.2,0.5,1]",
        "model.outside.offer_factor.experience=[1,0.5,0.25]",
        "model.outside.offer_factor.field.law=2",
    )
    rates, middle, last = model.rates.outside, 1, 2
    first = int(band_of(119, rates.work_edges))
    assert [first, int(band_of(120, rates.work_edges))] == [0, middle]
    law = c.FIELDS.index("law")
    assert expected_offers(c.HBO, c.PHD, law, first, rates) == pytest.approx(2 * 1 * 2 * 1)
    assert expected_offers(c.NO_KIND, c.PHD, law, last, rates) == pytest.approx(3 * 1 * 2 * 0.25)
    assert expected_offers(c.WO, c.MASTER, law, middle, rates) == pytest.approx(2 * 0.5 * 2 * 0.5)
    assert expected_offers(c.OUTSIDE_KIND, c.PHD, law, first, rates) == 0.0


def test_the_number_of_offers_is_a_poisson_number() -> None:
    draws = (np.arange(4000) + 0.5) / 4000
    for expected in (0.2, 1.0, 4.0):
        numbers = np.array([offers_of_month(expected, draw) for draw in draws])
        assert numbers.mean() == pytest.approx(expected, rel=0.02)
        assert numbers.var() == pytest.approx(expected, rel=0.05)
        assert np.mean(numbers == 0) == pytest.approx(math.exp(-expected), abs=0.001)


def test_sectors_of_offers_follow_posts_and_doctors(tables: ReportTables) -> None:
    settings = compose([])
    shares = sectors_of_offers(settings, tables)
    np.testing.assert_allclose(shares.sum(axis=2), 1.0)
    mix = outside_mix(settings, tables)
    doctors = mix.sum(axis=0) @ shares[:, c.PHD]
    wanted = settings.mapping("model.outside.doctors")
    for name, share in zip(c.OUTSIDE_SECTORS, doctors, strict=True):
        assert share == pytest.approx(wanted[name], abs=0.05), name
    medical, care = c.FIELDS.index("medical"), c.OUTSIDE_SECTORS.index("health_welfare")
    engineering, industry = c.FIELDS.index("engineering"), c.OUTSIDE_SECTORS.index("industry")
    for education in range(len(c.EDUCATION)):
        assert shares[medical, education, care] > shares[engineering, education, care]
        assert shares[engineering, education, industry] > shares[medical, education, industry]
    regions = regions_of_offers(settings)
    assert np.all(np.diag(regions) > settings.number("population.region_share.north"))
    np.testing.assert_allclose(regions.sum(axis=1), 1.0)


def test_levers_act_on_the_market_outside_too(tables: ReportTables) -> None:
    keys = compose(["levers=[everything]"]).mapping("levers")
    starts = [f"levers.{key}.start='2011-01'" for key in keys]
    nothing = [f"levers.{key}.strength=0" for key in keys]
    plain, null = world(tables), world(tables, "levers=[everything]", *starts, *nothing)
    full = world(tables, "levers=[everything]", *starts)
    for one in (plain, null, full):
        for _ in range(4):
            one.step()
    here = [np.sort(one.persons.id[one.persons.present == 1]) for one in (plain, null, full)]
    assert np.array_equal(here[0], here[1])
    assert np.array_equal(plain.persons.employer, null.persons.employer)
    assert not np.array_equal(here[0], here[2])
    assert np.unique(here[2]).size == here[2].size

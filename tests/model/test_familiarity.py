"""Who thinks of hbo or wo by what their life had to do with it, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.model import visibility
from hesim.model.higher_education import HigherEducation
from hesim.model.rates.market import familiarity_rates
from hesim.model.ties import TieRates, change_ties, note_work
from hesim.model.visibility import FamiliarityRates, Viewer
from hesim.population import biography
from hesim.population.biography import NEAR, STUDIED, WORKED
from hesim.population.persons import Persons
from hesim.scenario import compose
from hesim.tables import ReportTables

SOURCES = (
    "calibration=none",
    "population.scale=0.03",
    "model.search.familiarity_level=1",
    "model.search.sources.anyone=0.1",
    "model.search.sources.home=0.2",
    "model.search.sources.studied=0.3",
    "model.search.sources.worked=0.5",
    "model.search.sources.contact=0.25",
)
HBO, WO, OUTSIDE, NONE = 0, 1, 2, 3
KEY = np.uint64(3)
PEOPLE = 3000
# Towns: 0 has a hogeschool, 1 both, 2 neither, 3 a university; the last employer is outside.
EMPLOYERS: Any = SimpleNamespace(
    sector=np.array([HBO, HBO, WO, WO, 5]),
    place=np.array([0, 1, 1, 3, -1]),
    town_region=np.zeros(4, np.int8),
)


def rates(*more: str) -> FamiliarityRates:
    return familiarity_rates(compose([*SOURCES, *more]), EMPLOYERS)


def someone(**facts: Any) -> Viewer:
    whole = {
        "identity": np.uint64(1),
        "since": 5,
        "kind": HBO,
        "origin": HBO,
        "insider": True,
        "worked": True,
        "region": 2,
        "awareness": 0.0,
        "past": 0,
        "contacts": 0.0,
        "known": 0.0,
        "elsewhere": 0.5,
        **facts,
    }
    codes = {name: np.int64(whole[name]) for name in ("kind", "origin", "region", "since", "past")}
    return Viewer(**whole | codes)


def chance(sector: int, outsider: float = 0.5, more: tuple[str, ...] = (), **facts: Any) -> float:
    rule: Any = visibility.chance_by_biography.py_func
    return float(rule(someone(**facts), sector, outsider, rates(*more)))


@pytest.mark.parametrize(("kind", "other"), [(HBO, WO), (WO, HBO)])
def test_each_source_works_on_its_own_and_alike_in_both_directions(kind: int, other: int) -> None:
    def of(**facts: Any) -> float:
        return chance(kind, **facts)

    assert of() == pytest.approx(0.1)
    assert of(past=NEAR << kind) == pytest.approx(1 - 0.9 * 0.8)
    assert of(past=STUDIED << kind) == pytest.approx(1 - 0.9 * 0.7)
    assert of(past=WORKED << kind) == pytest.approx(1 - 0.9 * 0.5)
    every = (NEAR | STUDIED | WORKED) << kind
    assert of(past=every) == pytest.approx(1 - 0.9 * 0.8 * 0.7 * 0.5)
    # What somebody knows of one sector says nothing of the other.
    assert of(past=(NEAR | STUDIED | WORKED) << other) == pytest.approx(0.1)


def test_contacts_and_what_levers_tell_add_to_what_lasts() -> None:
    assert chance(WO, contacts=1.0) == pytest.approx(1 - 0.9 * 0.75)
    assert chance(WO, contacts=2.0) == pytest.approx(1 - 0.9 * 0.5)
    assert chance(WO, contacts=9.0) == 1.0
    assert chance(WO, awareness=0.4) == pytest.approx(1 - 0.9 * 0.6)
    past = STUDIED << WO
    assert chance(WO, past=past, contacts=1.0, awareness=0.4) == pytest.approx(
        1 - 0.9 * 0.7 * 0.75 * 0.6
    )


def test_one_level_moves_every_source() -> None:
    more = ("model.search.familiarity_level=2",)
    assert chance(WO, past=STUDIED << WO, more=more) == pytest.approx(1 - (0.9 * 0.7) ** 2)
    assert chance(WO, contacts=1.0, more=more) == pytest.approx(1 - 0.9**2 * 0.75**2)
    off = ("model.search.familiarity_level=0",)
    assert chance(WO, past=63, contacts=1.0, more=off) == 0.0


def test_a_biography_moves_the_odds_of_an_outsider() -> None:
    studied, worked, nothing = 1 - 0.9 * 0.7, 1 - 0.9 * 0.5, 0.1
    outside = {"insider": False, "kind": OUTSIDE, "origin": OUTSIDE}

    def odds(share: float) -> float:
        return share / (1 - share)

    # The reach is that of who studied there.
    assert chance(WO, 0.6, past=STUDIED << WO, **outside) == pytest.approx(0.6)
    for past, known in ((WORKED << WO, worked), (0, nothing), (STUDIED << HBO, nothing)):
        expected = odds(0.6) * odds(known) / odds(studied)
        found = chance(WO, 0.6, past=past, **outside)
        assert odds(found) == pytest.approx(expected)
    for sure in (0.0, 1.0):
        assert chance(HBO, sure, past=0, **outside) == sure
    # Contacts and what levers tell is about the other one of hbo and wo, for its staff.
    assert chance(WO, 0.6, past=STUDIED << WO, contacts=3.0, awareness=1.0, **outside) == (
        pytest.approx(0.6)
    )


def test_who_thinks_of_a_sector_is_drawn_with_that_chance() -> None:
    rule: Any = visibility.thinks_of.py_func

    given = rates()

    def share(kind: int, **facts: Any) -> float:
        return float(
            np.mean(
                [
                    rule(someone(identity=np.uint64(i), **facts), kind, 0.3, given, KEY)
                    for i in range(PEOPLE)
                ]
            )
        )

    assert share(WO, past=STUDIED << WO) == pytest.approx(0.37, abs=0.03)
    assert share(WO, past=STUDIED << WO, known=0.5) == pytest.approx(0.685, abs=0.03)
    assert share(HBO) == 1.0


def test_towns_are_near_what_stands_there() -> None:
    near = biography.towns_with(EMPLOYERS).tolist()
    assert near == [NEAR, 3 * NEAR, 0, 2 * NEAR]


def test_degrees_tell_where_somebody_studied() -> None:
    education = np.array([0, 1, 2, 2, 3, 3])
    draw = np.array([0.0, 0.0, 0.84, 0.86, 0.84, 0.86])
    found = biography.studied(education, 0.85, draw)
    hbo, wo = STUDIED << HBO, STUDIED << WO
    assert found.tolist() == [0, hbo, wo, hbo, wo, hbo | wo]
    assert biography.by_doctorate(education).tolist() == [0, 0, 0, 0, WORKED << WO, WORKED << WO]


def test_the_past_of_the_stock_follows_its_table() -> None:
    shares = ["population.worked_in_wo.hbo.master=[0,0.2,0.4,0]"]
    settings = compose([*SOURCES, *shares])
    age, education = np.array([1, 1, 2, 2]), np.full(4, c.MASTER)
    draws = (np.zeros(4), np.array([0.19, 0.21, 0.39, 0.41]))
    found = biography.worked_before(settings, HBO, age, education, draws)
    both, hbo = (WORKED << HBO) | (WORKED << WO), WORKED << HBO
    assert found.tolist() == [both, hbo, both, hbo]


def test_contacts_of_the_stock_are_those_that_a_stay_brings() -> None:
    settings = compose([*SOURCES])
    gain = settings.number("model.search.contacts_per_partnership")
    decay = settings.number("model.search.contacts_decay")
    tenure, contacts = 30, 0.0
    for _ in range(tenure):
        contacts = (contacts + 3 * gain) * (1 - decay)
    # Who worked for no longer, whose employer has no partners, and who was in the sector before.
    tenures, worked = np.array([30, 30, 20, 0]), np.array([30, 30, 30, 500])
    found = biography.lasting_contacts(settings, np.array([3.0, 0.0, 3.0, 3.0]), tenures, worked)
    before = 12 * settings.number("population.years_in_sector_before")
    longest = 3 * gain * (1 - decay) * (1 - (1 - decay) ** before) / decay
    assert found == pytest.approx([contacts, 0.0, contacts, longest])


def test_a_new_job_is_noted_and_what_somebody_did_before_stays() -> None:
    p = Persons(2)
    note_work(p.columns, 0, WO)
    note_work(p.columns, 1, HBO)
    note_work(p.columns, 1, WO)
    assert p.past.tolist() == [WORKED << WO, WORKED << HBO | WORKED << WO]
    assert not p.awareness.any()


def test_what_levers_tell_fades_and_contacts_teach_nothing_more() -> None:
    p = Persons(2)
    p.awareness[:], p.contacts[:] = [0.5, 0.0], [0.0, 3.0]
    rule: Any = change_ties.py_func
    for row in range(2):
        rule(p.columns, row, 2.0, TieRates(0.5, 0.25, 0.2))
    assert p.awareness == pytest.approx([0.4, 0.0])
    assert p.contacts == pytest.approx([0.75, 3.0])


@pytest.fixture(scope="module")
def lived(tables: ReportTables) -> HigherEducation:
    """A model after three years."""
    # A doctorate in service leaves no trace in the past.
    words = ("burn_in=0", "model.careers.doctorate_in_service=0")
    model = HigherEducation(compose([*SOURCES, *words]), tables, 0)
    for _ in range(36):
        model.step()
    return model


def test_lives_leave_their_trace(lived: HigherEducation) -> None:
    p, sector = lived.persons, lived.employers.sector
    here = p.present == 1
    for kind in (HBO, WO):
        for employer in (p.employer, p.employer2):
            there = here & (employer >= 0) & (sector[employer] == kind)
            assert np.all(p.past[there] & (WORKED << kind))
    assert np.any(p.employer2[here] >= 0)
    doctors = here & (p.education == c.PHD)
    assert np.all(p.past[doctors] & (STUDIED << WO))
    assert np.all(p.past[doctors] & (WORKED << WO))
    crossed = here & (p.crossed >= 0)
    assert crossed.any()
    both = (WORKED << HBO) | (WORKED << WO)
    assert np.all(p.past[crossed] & both == both)
    # Awareness is what levers tell; without any there is none.
    assert not p.awareness.any()


def test_asymmetry_comes_from_where_staff_studied(tables: ReportTables) -> None:
    model = HigherEducation(compose([*SOURCES, "population.scale=0.1"]), tables, 0)
    p, sector = model.persons, model.employers.sector
    staff = (p.present == 1) & (p.employer >= 0)
    of_hbo, of_wo = (staff & (sector[p.employer] == kind) for kind in (HBO, WO))
    in_wo = np.mean(p.past[of_hbo] & (STUDIED << WO) > 0)
    in_hbo = np.mean(p.past[of_wo] & (STUDIED << HBO) > 0)
    assert in_wo == pytest.approx(0.59, abs=0.03)
    assert in_hbo == pytest.approx(0.17, abs=0.03)

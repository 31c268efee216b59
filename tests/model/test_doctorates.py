"""Theses of those who left the model, doctorates in service, and the clocks of candidates."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.reference.model import ReferenceModel

from hesim import categories as c
from hesim.model.doctorates import defences, defend_in_service, let_go
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER
from hesim.model.recorder import Defences
from hesim.population.persons import NEVER
from hesim.scenario import compose
from hesim.tables import ReportTables

CAREERS = "model.careers"


def world(tables: ReportTables, *words: str) -> HigherEducation:
    return HigherEducation(compose(["population.scale=0.02", "burn_in=0", *words]), tables, 0)


def test_who_left_the_model_defends_in_the_month_that_was_drawn(tables: ReportTables) -> None:
    model = world(tables)
    p, recorder = model.persons, model.state.recorder
    p.defence[:] = NEVER
    rows = np.flatnonzero(p.role == c.PHD_CANDIDATE)[:4]
    p.defence[rows] = [3, 3, 3, NEVER]
    let_go(model.state, rows[[0, 1, 3]])
    assert not p.present[rows[[0, 1, 3]]].any() and p.present[rows[2]]
    recorder.count_defences(2, Defences(5, 0))
    recorder.count_defences(3, Defences(1, 1))
    recorder.count_defences(4, Defences(6, 2), in_service=1)
    assert recorder.defences == {2: 5, 3: 1 + 2, 4: 7}


def test_who_has_a_job_at_the_defence_is_counted_wherever_they_are(tables: ReportTables) -> None:
    model = world(tables, f"{CAREERS}.doctorate_in_service=0")
    p, recorder = model.persons, model.state.recorder
    p.defence[:] = NEVER
    rows = np.flatnonzero(p.role == c.PHD_CANDIDATE)[:6]
    p.defence[rows] = 0
    # Two have lost the job, of whom one goes abroad to another; one leaves with the job.
    p.employer[rows[:2]] = -1
    let_go(model.state, rows[:1], to_job=True)
    let_go(model.state, rows[2:3])
    assert defences(model.state) == (4, 3)
    model.carry_out("age")
    assert recorder.candidates == {0: Defences(persons=6, in_work=5)}
    assert recorder.defences == {0: 6} and not recorder.expected_in_work
    assert (p.education[rows[3:]] == c.PHD).all()


def test_completions_of_those_who_left_come_on_top(tables: ReportTables) -> None:
    words = [f"{CAREERS}.phd_extension=0.3", f"{CAREERS}.doctorate_in_service=0"]
    model = world(tables, *words)
    here = 0
    for _ in range(30):
        for event in ORDER:
            if event.name == "age":
                here += defences(model.state).persons
            model.carry_out(event.name)
        model.state.month += 1
    assert sum(model.state.recorder.defences.values()) > here > 0


def test_lecturers_with_a_master_become_doctors_in_place(tables: ReportTables) -> None:
    model = world(tables, f"{CAREERS}.doctorate_in_service=0.1")
    p = model.persons
    before = {name: getattr(p, name).copy() for name in ("education", "employer", "role", "ends")}
    fits = (p.role == c.LECTURER) & (p.education == c.MASTER)
    number = defend_in_service(model.state, model.rates, model.streams)
    became = p.education != before["education"]
    assert np.count_nonzero(became) == number
    assert (p.education[became] == c.PHD).all() and fits[became].all()
    assert all(np.array_equal(getattr(p, name), before[name]) for name in ("employer", "role"))
    # One in 114 a month is a tenth a year.
    for month in range(1, 12):
        model.state.month = month
        number += defend_in_service(model.state, model.rates, model.streams)
    assert number == pytest.approx(0.1 * fits.sum(), rel=0.35)
    none = world(tables, f"{CAREERS}.doctorate_in_service=0").rates
    assert defend_in_service(model.state, none, model.streams) == 0


def test_clocks_are_those_of_the_settings(tables: ReportTables) -> None:
    words = [f"{CAREERS}.phd_success=0.7", f"{CAREERS}.phd_months=70"]
    later = [world(tables, *some).persons for some in ([], words[1:])]
    rows = [p.defence[(p.defence < NEVER) & (p.defence > 24)].mean() for p in later]
    assert rows[1] > rows[0] + 1.0
    # The reference knows no doctorates in service.
    small = ["population.scale=0.005", f"{CAREERS}.doctorate_in_service=0"]
    ours = ReferenceModel(compose([*small, *words]), tables, 1)
    assert (ours.careers.success, ours.careers.defence_mean) == (0.7, 70.0)


def test_candidates_stop_as_published(tables: ReportTables) -> None:
    clocks = world(tables).rates.phd
    early = clocks.dropout * -np.expm1(-18.0 / clocks.dropout_months)
    assert early == pytest.approx(0.07, abs=0.001)
    assert clocks.dropout - early == pytest.approx(0.03, abs=0.001)
    assert 1.0 - clocks.dropout - clocks.success == pytest.approx(0.10)
    assert clocks.defence_mean == 63.5


def test_a_role_begins_its_search_at_the_end_of_a_contract_more_slowly(
    tables: ReportTables,
) -> None:
    # The reference knows no doctorates in service.
    words = [f"{CAREERS}.doctorate_in_service=0"]
    push = world(tables, *words).rates.push
    assert push.ending[c.POSTDOC] == 0.35
    # Over the months of the window three in four begin.
    never = (1.0 - push.ending[c.PHD_CANDIDATE]) ** push.window
    assert never == pytest.approx(0.25, abs=0.01)
    ours = ReferenceModel(compose(["population.scale=0.005", *words]), tables, 1)
    assert ours.searching.end_search == pytest.approx(push.ending)

"""The month keeps its books: heads are conserved, rules hold, draws are keyed by meaning."""

from __future__ import annotations

import copy
import gc
import weakref
from typing import Any

import numpy as np
import pytest

from hesim import categories as c
from hesim.config import Settings
from hesim.model import higher_education
from hesim.model import ledger as book
from hesim.model.higher_education import HigherEducation
from hesim.model.order import ORDER, Event
from hesim.model.trace import trace
from hesim.outcomes.registry import OUTCOMES, headline
from hesim.scenario import compose
from hesim.survey.movers import sort_movers
from hesim.tables import ReportTables


def stock_by_employer_and_role(model: HigherEducation) -> np.ndarray:
    p = model.persons
    here = p.present == 1
    table = np.zeros((len(model.employers.names) + 1, len(c.ROLES)), np.int64)
    np.add.at(table, (p.employer[here].astype(int), p.role[here].astype(int)), 1)
    return table


def test_stocks_follow_from_flows_every_month(small: Settings, tables: ReportTables) -> None:
    model = HigherEducation(small, tables, 3)
    before = stock_by_employer_and_role(model)
    for _ in range(18):
        model.step()
        ledger, used = model.ledger, int(model.ledger.used[0])
        for row in np.flatnonzero(ledger.f_month[:used] == model.month - 1):
            if ledger.f_kind[row] in (book.SECOND_START, book.SECOND_END):
                continue
            if ledger.f_from[row] != book.OUTSIDE_MODEL:
                before[ledger.f_from[row], ledger.f_from_role[row]] -= 1
            if ledger.f_to[row] != book.OUTSIDE_MODEL:
                before[ledger.f_to[row], ledger.f_to_role[row]] += 1
        np.testing.assert_array_equal(before, stock_by_employer_and_role(model))


def test_the_burn_in_is_forgotten_but_for_what_is_still_asked(
    small: Settings, tables: ReportTables
) -> None:
    model = HigherEducation(small, tables, 3)
    while model.month < 0:
        model.step()
    ledger, p = model.ledger, model.persons

    def waiting() -> list[tuple[int, ...]]:
        here = np.flatnonzero((p.present == 1) & (p.pending >= 0))
        rows = p.pending[here]
        named = zip(p.id[here], ledger.m_person[rows], ledger.m_left[rows], strict=True)
        return [tuple(int(x) for x in row) for row in named]

    before, used = waiting(), int(ledger.used[1])
    doctors = ledger.m_person[:used][ledger.m_education_left[:used] == c.PHD]
    book.forget_burn_in(ledger, p.columns)
    kept = int(ledger.used[1])
    assert waiting() == before and all(who == owner for who, owner, _ in before)
    assert len(before) > 0 and kept < used and ledger.used[0] == 0
    assert set(doctors.tolist()) <= set(ledger.m_person[:kept].tolist())
    assert not np.any(ledger.m_person[kept:used]) and not np.any(ledger.m_experience_joined[kept:])


def test_no_identity_stands_twice(finished: HigherEducation) -> None:
    p = finished.persons
    present = p.id[p.present == 1]
    assert np.unique(present).size == present.size


def test_what_cannot_be_is_not(finished: HigherEducation) -> None:
    p = finished.persons
    here = p.present == 1
    age = (finished.month - p.born) / 12
    doctor = p.education == c.PHD
    assert not np.any(here & doctor & (age < 24))
    assert np.all(doctor[here & np.isin(p.role, (c.POSTDOC, c.PROFESSOR))])
    candidates = here & (p.role == c.PHD_CANDIDATE)
    assert np.all(p.contract[candidates] == c.WITHOUT_PROSPECT)
    assert np.all((p.hours + p.hours2)[here] <= 38)
    assert np.all(p.role[here & (p.employer < 0)] == c.JOB_SEEKER)
    assert np.all(age[here] <= 68)


def test_same_seed_same_world_other_seed_other(small: Settings, tables: ReportTables) -> None:
    def trace(settings: Settings, replication: int) -> bytes:
        model = HigherEducation(settings, tables, replication)
        for _ in range(14):
            model.step()
        return b"".join(getattr(model.persons, n).tobytes() for n in ("id", "employer", "role"))

    assert trace(small, 0) == trace(small, 0)
    assert trace(small, 0) != trace(small, 1)
    other = compose(["population.scale=0.05", "years=2", "burn_in=12", "seed=2"])
    assert trace(small, 0) != trace(other, 0)


def applications(model: HigherEducation) -> dict[int, list[int]]:
    """Vacancies (identities) that each person applied for this month, in order of preference."""
    found: dict[int, list[int]] = {}
    for a in range(model.market.applied):
        person = int(model.persons.id[model.market.applications.seeker[a]])
        vacancy = int(model.market.vacancies.id[model.market.applications.vacancy[a]])
        found.setdefault(person, []).append(vacancy)
    return found


def altered_offers(first: HigherEducation, second: HigherEducation) -> dict[int, int]:
    """Employer of each vacancy that is open in both worlds and offers another contract there."""
    contracts = [
        dict(
            zip(
                world.market.vacancies.id[: world.market.open_count].tolist(),
                zip(
                    world.market.vacancies.contract[: world.market.open_count].tolist(),
                    world.market.vacancies.employer[: world.market.open_count].tolist(),
                    strict=True,
                ),
                strict=True,
            )
        )
        for world in (first, second)
    ]
    return {
        vacancy: offer[1]
        for vacancy, offer in contracts[0].items()
        if contracts[1].get(vacancy, offer) != offer
    }


def simulate_up_to(model: HigherEducation, event: str) -> None:
    """Carry out a month's events, up to and with this one."""
    for each in ORDER:
        model.carry_out(each.name)
        if each.name == event:
            return


def test_an_extra_vacancy_in_month_60_touches_only_whom_it_can_reach(
    tables: ReportTables,
) -> None:
    # At full scale: in a thinned population it lets others of the field apply more often.
    settings = compose(["burn_in=0"])
    worlds = [HigherEducation(settings, tables, 0) for _ in range(2)]
    first, second = worlds
    for _ in range(60):
        for world in worlds:
            world.step()
    assert first.month == 60
    for name in first.persons.columns._fields:
        np.testing.assert_array_equal(getattr(first.persons, name), getattr(second.persons, name))
    groningen = first.employers.names.index("Rijksuniversiteit Groningen")
    cell = (groningen, c.OTHER_ACADEMIC, c.FIELDS.index("engineering"))
    # More than one, so that one opens this month for sure. Targets are set anew in January.
    second.state.demand.first[cell] += 3
    for world in worlds:
        simulate_up_to(world, "search")
    count = first.market.open_count
    known = set(first.market.vacancies.id[:count].tolist())
    extra = [
        k
        for k in range(second.market.open_count)
        if int(second.market.vacancies.id[k]) not in known
    ]
    assert extra
    assert all(second.market.vacancies.employer[k] == groningen for k in extra)
    new = {int(second.market.vacancies.id[k]) for k in extra}
    before, after = applications(first), applications(second)
    p = second.persons
    row = {int(identity): i for i, identity in enumerate(p.id)}
    changed = [who for who in before.keys() | after.keys() if before.get(who) != after.get(who)]
    assert changed
    # A new vacancy may take the permanent post that another one of the same employer would have.
    altered = altered_offers(first, second)
    assert set(altered.values()) <= {groningen}
    for who in changed:
        # Whoever acts otherwise does so for the new vacancy, and may apply for it, or for one that
        # offers something else now.
        gained = set(after.get(who, [])) - set(before.get(who, []))
        if altered.keys() & {*before.get(who, []), *after.get(who, [])}:
            continue
        assert gained <= new and gained
        i = row[who]
        fits = p.education[i] >= min(int(second.market.vacancies.level[k]) for k in extra)
        assert p.search[i] != 0 and fits
    quiet = [who for who in before if who not in changed]
    assert len(quiet) > 20 * len(changed)
    for world in worlds:
        world.carry_out("hiring")
        world.carry_out("moves")
        world.carry_out("record")
        world.state.month += 1
    for _ in range(4):
        for world in worlds:
            world.step()
    lines = trace(first, second)
    months = [int(line.split("month ")[1].split(":")[0]) for line in lines]
    assert lines and months == sorted(months) and min(months) >= 60
    # The first change may be elsewhere: an application for the new post takes another's place.
    assert any("Rijksuniversiteit Groningen" in line for line in lines)
    assert trace(first, first) == []


def test_every_event_is_carried_out_in_the_printed_order(
    small: Settings, tables: ReportTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def spied(event: Event) -> Event:
        def act(*bundles: Any) -> None:
            seen.append(event.name)
            if event.act is not None:
                event.act(*bundles)

        return event._replace(act=act)

    monkeypatch.setattr(higher_education, "ORDER", tuple(spied(event) for event in ORDER))
    HigherEducation(small, tables, 0).step()
    assert seen == [event.name for event in ORDER]


def test_outcomes_are_complete_and_shares_stay_shares(finished: HigherEducation) -> None:
    outcomes = headline(finished, sort_movers(finished), 2)
    assert list(outcomes) == list(OUTCOMES)
    for name, values in outcomes.items():
        assert values.shape == (2,) and np.all(np.isfinite(values)) and np.all(values >= 0)
        if OUTCOMES[name].kind == "share":
            assert np.all(values <= 100)


def test_the_model_follows_a_swapped_table(
    small: Settings, tables: ReportTables, tmp_path: pytest.TempPathFactory
) -> None:
    from pathlib import Path

    import hesim.tables as package
    from hesim.tables import read

    source = Path(package.__file__).parent / "data" / "report_tables.csv"
    text = source.read_text(encoding="utf-8")
    old = "3.2,contract,permanent,Vast,hbo_in,share,9.9,207"
    new = "3.2,contract,permanent,Vast,hbo_in,share,60.5,207"
    old2 = "3.2,contract,temporary_with_prospect,Tijdelijk met uitzicht op vast,hbo_in,share,60.5"
    new2 = old2.replace("60.5", "9.9")
    assert old in text and old2 in text
    target = Path(str(tmp_path)) / "report_tables.csv"
    target.write_text(text.replace(old, new).replace(old2, new2), encoding="utf-8")

    def permanent_share(given: ReportTables) -> float:
        model = HigherEducation(small, given, 0)
        for _ in range(36):
            model.step()
        used = int(model.ledger.used[1])
        to_hbo = model.employers.sector[model.ledger.m_to[:used]] == c.HBO
        to_hbo &= model.ledger.m_joined[:used] >= 0
        contracts = model.ledger.m_to_contract[:used][to_hbo]
        return float(np.mean(contracts == c.PERMANENT))

    assert permanent_share(read(target.parent)) > 0.45
    assert permanent_share(tables) < 0.25


def test_a_model_that_is_let_go_is_freed(tables: ReportTables) -> None:
    """Mesa's agents would keep each model of a long-lived worker alive."""
    model = HigherEducation(
        compose(["population.scale=0.003", "burn_in=0", "force=true"]), tables, 0
    )
    model.step()
    model.let_go()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_a_model_that_is_let_go_gives_its_columns_back_at_once(tables: ReportTables) -> None:
    """The collector of circles counts objects, not bytes: a worker would hold several worlds."""
    model = HigherEducation(
        compose(["population.scale=0.003", "burn_in=0", "force=true"]), tables, 0
    )
    model.step()
    branch = copy.deepcopy(model)
    for world in (model, branch):
        columns = weakref.ref(world.state.persons)
        gc.disable()
        try:
            world.let_go()
            assert columns() is None
        finally:
            gc.enable()

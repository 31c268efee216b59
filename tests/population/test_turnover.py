"""Contracts of staff: solved from turnover and caps, drawn exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hesim import categories as c
from hesim.model.higher_education import HigherEducation
from hesim.population.contracts import declared_permanent
from hesim.population.employers import role_shares
from hesim.population.turnover import contracts_of_staff, solve_turnover
from hesim.scenario import compose
from hesim.tables import ReportTables
from hesim.tables.schema import Contradiction


def swapped(tables: ReportTables) -> ReportTables:
    """Tables 3.2 and 3.3 with hbo and wo in each other's place."""
    other = {"hbo_in": "wo_in", "wo_in": "hbo_in", "hbo_out": "wo_out", "wo_out": "hbo_out"}
    parts = {(x.block, x.item, x.group): x.percent for x in tables.cells if x.table in "3.2 3.3"}
    cells = tuple(
        replace(x, percent=parts[x.block, x.item, other[x.group]]) if x.table in "3.2 3.3" else x
        for x in tables.cells
    )
    return replace(tables, cells=cells)


def edited(tables: ReportTables, quantity: str, sector: str, value: float) -> ReportTables:
    macro = tuple(
        replace(x, value=value) if (x.quantity, x.sector) == (quantity, sector) else x
        for x in tables.macro
    )
    return replace(tables, macro=macro)


@pytest.mark.parametrize("permanence", ["standing", "growing"])
@pytest.mark.parametrize("sector", ["hbo", "wo"])
def test_as_many_of_each_contract_leave_as_enter(
    tables: ReportTables, sector: str, permanence: str
) -> None:
    settings = compose([f"model.careers.permanence={permanence}"])
    solved = solve_turnover(settings, tables, sector)
    assert 0.0 < solved.renewal < 1.0
    assert 0.0 < solved.at_once <= 1.0
    # More is promised than will be free.
    assert solved.promise > 1.0
    turnover = tables.macro_value("turnover", sector) / 100.0
    # Where posts become permanent fewer have to leave.
    within = 0.15 if permanence == "growing" else 0.1
    assert solved.entrants.sum() == pytest.approx(turnover, rel=within)


def test_renewal_rises_as_turnover_falls(tables: ReportTables) -> None:
    settings = compose([])
    renewals = [
        solve_turnover(settings, edited(tables, "turnover", "wo", value), "wo").renewal
        for value in (14.0, 16.0, 18.0)
    ]
    assert renewals[0] > renewals[1] > renewals[2]


def test_turnover_below_that_of_candidates_is_a_contradiction_in_words(
    tables: ReportTables,
) -> None:
    with pytest.raises(Contradiction, match=r"wo: turnover of 5% .* PhD candidates .* 6\.82%"):
        solve_turnover(compose([]), edited(tables, "turnover", "wo", 5.0), "wo")


@pytest.mark.parametrize("sector", ["hbo", "wo"])
def test_prospects_are_as_many_as_are_promised(tables: ReportTables, sector: str) -> None:
    settings = compose([])
    shares = contracts_of_staff(settings, tables, sector)
    roles = role_shares(settings, tables, sector) > 0
    assert np.allclose(shares[roles].sum(axis=1), 1.0)
    assert not shares[~roles].any()
    assert np.array_equal(shares[:, c.PERMANENT], declared_permanent(settings, sector))
    assert np.array_equal(
        shares[:, c.WITH_PROSPECT], solve_turnover(settings, tables, sector).prospects
    )
    # Where nobody can become permanent nothing is promised.
    assert (shares[[c.PHD_CANDIDATE, c.POSTDOC], c.WITH_PROSPECT] == 0.0).all()


def test_contracts_of_the_stock_are_exact_in_each_pool(tables: ReportTables) -> None:
    settings = compose(["population.scale=0.05", "burn_in=0"])
    model = HigherEducation(settings, tables, 0)
    p, pools = model.persons, model.state.slots.columns.pool
    staff = np.flatnonzero((p.present == 1) & (p.employer >= 0))
    pool = pools[p.employer[staff], p.role[staff]]
    for sector, name in ((c.HBO, "hbo"), (c.WO, "wo")):
        shares = contracts_of_staff(settings, tables, name)
        for number in np.unique(pool[pool >= 0]):
            mine = staff[pool == number]
            if model.employers.sector[p.employer[mine[0]]] != sector:
                continue
            due = shares[p.role[mine[0]]] * mine.size
            drawn = np.bincount(p.contract[mine], minlength=3)
            assert np.abs(drawn - due).max() <= 1.0


def test_older_staff_is_permanent_more_often_still(tables: ReportTables) -> None:
    model = HigherEducation(compose(["population.scale=0.1", "burn_in=0"]), tables, 0)
    p = model.persons
    mine = (p.present == 1) & (p.role == c.LECTURER)
    old = p.born < np.median(p.born[mine])
    shares = [np.mean(p.contract[mine & part] == c.PERMANENT) for part in (old, ~old)]
    assert shares[0] > shares[1] + 0.01


def test_swapped_tables_run(tables: ReportTables) -> None:
    settings = compose(["population.scale=0.02", "burn_in=0"])
    model = HigherEducation(settings, swapped(tables), 0)
    for _ in range(12):
        model.step()
    assert model.ledger.used[0] > 0


def test_each_world_is_solved_for_itself_and_once(tables: ReportTables) -> None:
    settings = compose([])
    first = solve_turnover(settings, tables, "wo")
    assert solve_turnover(settings, tables, "wo") is first
    assert solve_turnover(settings, tables, "hbo").renewal != first.renewal
    moved = edited(tables, "turnover", "wo", 18.0)
    assert solve_turnover(settings, moved, "wo").renewal < first.renewal
    changed = settings.with_values({"model.careers.permanence": "growing"})
    assert solve_turnover(changed, tables, "wo").renewal != first.renewal
    assert solve_turnover(settings, tables, "wo").renewal == first.renewal

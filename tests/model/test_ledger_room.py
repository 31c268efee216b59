"""The ledger has room for whatever a month brings, however many come from outside."""

from __future__ import annotations

from hesim.model.higher_education import HigherEducation
from hesim.scenario import compose
from hesim.tables import ReportTables

KINDS = ("job_losers", "employed", "graduates", "arrivals")


def test_a_flood_of_competitors_finds_room_in_the_ledger(tables: ReportTables) -> None:
    flood = [f"model.outside.competitors.{kind}=200000" for kind in KINDS]
    world = compose([*flood, "population.scale=0.1", "years=1", "burn_in=0"])
    model = HigherEducation(world, tables, 0)
    for _ in range(3):
        model.step()
    assert int(model.ledger.used[0]) > 10_000

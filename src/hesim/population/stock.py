"""Draw the stock of January 2011: staff of both sectors and people in reach outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population import biography
from hesim.population import filling as f
from hesim.population.employers import Employers, role_shares
from hesim.population.filling import person_ids
from hesim.population.joint import stock_joint
from hesim.population.persons import Persons
from hesim.population.pool import draw_pool, jobless_by_field
from hesim.population.second_jobs import fill_second_jobs
from hesim.population.stationarity import stationary_ages
from hesim.population.turnover import contracts_of_staff
from hesim.population.workplaces import place_jobs

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

__all__ = ["Population", "build_population", "person_ids"]


@dataclass(frozen=True)
class Population:
    """The persons, their employers and how well the raking met its margins.

    Attributes:
        persons: The columns.
        employers: The employers.
        raking_error: Largest remaining margin error by sector, as a share of the stock.
    """

    persons: Persons
    employers: Employers
    raking_error: dict[str, float]


def _draw_staff(
    persons: Persons, at: int, drawer: f.Drawer, employers: Employers, sector: int
) -> tuple[int, float]:
    """Draw a sector's staff from slot `at` on; return the next slot and the raking error."""
    name = c.SECTORS[sector]
    shares = role_shares(drawer.settings, drawer.tables, name)
    contracts = contracts_of_staff(drawer.settings, drawer.tables, name)
    joint, error = stock_joint(drawer.settings, drawer.tables, name, shares)
    early_from = drawer.settings.integer("population.early_retirement_from")
    ages = stationary_ages(drawer.tables, name, early_from)
    sojourn = drawer.settings.number(f"population.sojourn_{name}")
    first = at
    for employer in np.flatnonzero(employers.sector == sector):
        for role in np.flatnonzero(shares):
            for field in range(len(c.FIELDS)):
                count = int(employers.target[employer, role, field])
                slots = np.arange(at, at + count)
                ids = person_ids(f.STOCK, int(employer), int(role), field, 0, count)
                persons.id[slots], persons.employer[slots] = ids, employer
                persons.role[slots], persons.field[slots] = role, field
                at += count
    slots = np.arange(first, at)
    for role in np.flatnonzero(shares):
        mine = slots[persons.role[slots] == role]
        f.fill_characteristics(persons, mine, drawer, joint[role], ages)
        if role == c.PHD_CANDIDATE:
            f.fill_phd_start(persons, mine, drawer)
    f.settle_contracts(persons, slots, drawer, contracts, employers)
    f.fill_experience(persons, slots, drawer, sojourn)
    f.fill_contract_end(persons, slots, drawer)
    f.fill_home(persons, slots, drawer, employers)
    return at, error


@f.in_parts
def _fill_past(
    persons: Persons, slots: NDArray[np.int64], drawer: f.Drawer, employers: Employers
) -> None:
    """Draw where persons studied and worked; who came to know the other sector has contacts."""
    ids, settings = persons.id[slots], drawer.settings
    education, employer = persons.education[slots], persons.employer[slots]
    in_wo = settings.number("population.masters_in_wo")
    persons.past[slots] = biography.studied(education, in_wo, drawer.draw(ids, f.STUDIED))
    age = np.searchsorted(12 * np.array(c.AGE_EDGES), -persons.born[slots], side="right")
    kind = np.where(employer < 0, c.OUTSIDE_KIND, employers.sector[employer])
    kind = np.minimum(kind, c.OUTSIDE_KIND)
    draws = drawer.draw(ids, f.IN_HBO), drawer.draw(ids, f.IN_WO)
    for here in range(c.NO_KIND):
        rows = kind == here
        persons.past[slots[rows]] |= biography.worked_before(
            settings, here, age[rows], education[rows], (draws[0][rows], draws[1][rows])
        )
    partnerships = np.where(employer < 0, 0.0, employers.partnerships[employer])
    tenure = -persons.since[slots].astype(np.int64)
    worked = persons.practice[slots].astype(np.int64) + persons.academic[slots]
    contacts = biography.lasting_contacts(settings, partnerships, tenure, worked)
    persons.contacts[slots] = contacts


def build_population(
    settings: Settings, tables: ReportTables, employers: Employers, seed: int, replication: int
) -> Population:
    """Draw the whole stock at month 0.

    Args:
        settings: `population.*` and the contract terms of `model.careers`.
        tables: The report's tables.
        employers: Employers with their targets.
        seed: Run seed.
        replication: Number of the replication; another number, another draw.

    Returns:
        The population; the head count by employer, role and field equals the targets.

    Raises:
        RakingError: When the margins contradict each other or what can exist.
    """
    drawer = f.Drawer(settings, tables, seed, replication)
    persons = Persons(int(employers.target.sum() + jobless_by_field(settings, tables).sum()))
    first, error_wo = _draw_staff(persons, 0, drawer, employers, c.WO)
    at, error_hbo = _draw_staff(persons, first, drawer, employers, c.HBO)
    of_hbo = np.arange(first, at)
    draw_pool(persons, at, drawer, employers)
    everyone = np.flatnonzero(persons.present)
    near = settings.number("population.lives_near_work")
    place_jobs(persons, everyone, employers, near, drawer.key)
    _fill_past(persons, everyone, drawer, employers)
    fill_second_jobs(persons, of_hbo, drawer, employers)
    return Population(persons, employers, {"wo": error_wo, "hbo": error_hbo})

"""Draw the stock of January 2011: staff of both sectors and the outside pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.employers import Employers, field_margin, role_shares, whole_numbers
from hesim.population.joint import SHAPE, stock_joint
from hesim.population.persons import NEVER, Persons
from hesim.population.stationarity import YOUNGEST, stationary_ages
from hesim.random import stream_key, uniforms

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

HOURS_OF_BAND = np.array([16, 26, 32, 38], np.uint8)
"""Weekly hours that stand for each band of tables 3.2 and 3.3 (assumed mid-points)."""

BAND_STARTS = np.array([YOUNGEST, *c.AGE_EDGES])
SCHOOL_END = np.array([21, 23, 24, 24], np.int16)
"""Age at which work experience starts, by education; PhD years count as work (assumed)."""


YOUNGEST_OF_EDUCATION = np.array([18, 21, 22, 26])
"""Youngest age at which each education is reached (assumed)."""
PHD_STARTS_FROM = 22 * 12


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


def person_ids(
    kind: int, origin: int, role: int, field: int, month: int, count: int
) -> NDArray[np.uint64]:
    """Make identities by meaning: what the person is, where from, when and the how-manieth."""
    head = (kind << 60) | ((origin & 0xFFF) << 48) | (role << 44) | (field << 40)
    head |= (month & 0xFFF) << 24
    return np.uint64(head) + np.arange(count, dtype=np.uint64)


def years_of_age(
    band: NDArray[np.int64], draw: NDArray[np.float64], ages: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw a year of age inside each band, following the stationary distribution."""
    year = np.zeros(band.size)
    limits = [*BAND_STARTS, YOUNGEST + ages.size]
    for k in range(len(c.AGE_BANDS)):
        inside = ages[limits[k] - YOUNGEST : limits[k + 1] - YOUNGEST] + 1e-9
        steps = np.concatenate([[0.0], np.cumsum(inside) / inside.sum()])
        mine = band == k
        year[mine] = np.interp(draw[mine], steps, np.arange(limits[k], limits[k + 1] + 1))
    return year


class _Drawer:
    """Fill slots group by group with keyed draws."""

    def __init__(self, settings: Settings, tables: ReportTables, seed: int, replication: int):
        self.settings, self.tables = settings, tables
        self.key = stream_key(seed, replication, "population")

    def draw(self, ids: NDArray[np.uint64], lane: int) -> NDArray[np.float64]:
        return uniforms(self.key, ids, 0, lane)


def _fill_characteristics(
    persons: Persons,
    slots: NDArray[np.int64],
    drawer: _Drawer,
    cells: NDArray[np.float64],
    ages: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Draw age, education, contract, hours and sex from `cells`; return the contracts."""
    ids = persons.id[slots]
    steps = np.cumsum(cells.ravel())
    chosen = np.searchsorted(steps, drawer.draw(ids, 0) * steps[-1], side="right")
    chosen = np.minimum(chosen, steps.size - 1)
    band, education, contract, hours, sex = np.unravel_index(chosen, SHAPE[1:])
    age = years_of_age(band, drawer.draw(ids, 1), ages)
    persons.present[slots] = 1
    age = np.maximum(age, YOUNGEST_OF_EDUCATION[education])
    persons.born[slots] = -np.floor(age * 12).astype(np.int16)
    persons.education[slots] = education
    persons.sex[slots] = sex
    persons.hours[slots] = HOURS_OF_BAND[hours]
    return np.asarray(contract)


def _fill_experience(
    persons: Persons, slots: NDArray[np.int64], drawer: _Drawer, sojourn: float, academic: bool
) -> None:
    """Draw tenure (exponential with the sector's sojourn) and split experience by sector."""
    ids = persons.id[slots]
    months = -persons.born[slots].astype(np.int64) - 12 * SCHOOL_END[persons.education[slots]]
    worked = np.maximum(months * (0.6 + 0.4 * drawer.draw(ids, 2)), 0.0)
    tenure = np.minimum(-sojourn * 12 * np.log(drawer.draw(ids, 3)), worked)
    persons.since[slots] = -tenure.astype(np.int16)
    inside = tenure if academic else np.zeros(slots.size)
    persons.academic[slots] = inside.astype(np.int16)
    persons.practice[slots] = (worked - tenure).astype(np.int16)


def _fill_contract(
    persons: Persons, slots: NDArray[np.int64], drawer: _Drawer, contract: NDArray[np.int64]
) -> None:
    """Place each temporary contract's end and each PhD candidate's clocks."""
    ids = persons.id[slots]
    term = drawer.settings.mapping("model.careers.contract_months")
    length = np.where(contract == c.WITH_PROSPECT, term["with_prospect"], term["without_prospect"])
    left = 1 + np.floor(drawer.draw(ids, 4) * length).astype(np.int64)
    candidate = persons.role[slots] == c.PHD_CANDIDATE
    served = np.floor(drawer.draw(ids, 4) * term["phd"]).astype(np.int64)
    left = np.where(candidate, term["phd"] - served, left)
    persons.contract[slots] = contract
    latest = np.where(candidate, -served - PHD_STARTS_FROM, persons.born[slots])
    persons.born[slots] = np.minimum(persons.born[slots], latest)
    persons.ends[slots] = np.where(contract == c.PERMANENT, NEVER, left)
    persons.since[slots] = np.where(candidate, -served, np.minimum(persons.since[slots], 0)).astype(
        np.int16
    )


def _fill_home(
    persons: Persons, slots: NDArray[np.int64], drawer: _Drawer, employers: Employers
) -> None:
    """Place the home: the employer's town for most, else a town at random of the region."""
    ids = persons.id[slots]
    at = persons.employer[slots].astype(np.int64)
    region = employers.region[at]
    draw = drawer.draw(ids, 5)
    near = drawer.draw(ids, 6) < drawer.settings.number("population.lives_near_work")
    for code in range(len(c.REGIONS)):
        towns = np.flatnonzero(employers.town_region == code)
        mine = slots[region == code]
        persons.home[mine] = towns[(draw[region == code] * towns.size).astype(np.int64)]
    own = employers.place[at]
    stay = near & (own >= 0)
    persons.home[slots[stay]] = own[stay]


def _draw_staff(
    persons: Persons, at: int, drawer: _Drawer, employers: Employers, sector: int
) -> tuple[int, float]:
    name = c.SECTORS[sector]
    shares = role_shares(drawer.settings, drawer.tables, name)
    joint, error = stock_joint(drawer.settings, drawer.tables, name, shares)
    ages = stationary_ages(drawer.tables, name)
    sojourn = drawer.settings.number(f"population.sojourn_{name}")
    first = at
    for employer in np.flatnonzero(employers.sector == sector):
        for role in np.flatnonzero(shares):
            for field in range(len(c.FIELDS)):
                count = int(employers.target[employer, role, field])
                if count == 0:
                    continue
                slots = np.arange(at, at + count)
                persons.id[slots] = person_ids(1, int(employer), int(role), field, 0, count)
                persons.employer[slots] = employer
                persons.role[slots], persons.field[slots] = role, field
                at += count
    slots = np.arange(first, at)
    for role in np.flatnonzero(shares):
        mine = slots[persons.role[slots] == role]
        if mine.size == 0:
            continue
        contract = _fill_characteristics(persons, mine, drawer, joint[role], ages)
        _fill_experience(persons, mine, drawer, sojourn, academic=True)
        _fill_contract(persons, mine, drawer, contract)
    _fill_home(persons, slots, drawer, employers)
    return at, error


def _pool_cells(drawer: _Drawer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Joint of the outside pool: between those who leave and those who enter; label derived."""
    tables = drawer.tables
    groups = (("3.2", "hbo_in"), ("3.3", "wo_in"), ("3.3", "hbo_out"), ("3.2", "wo_out"))

    def mean(block: str, names: tuple[str, ...]) -> NDArray[np.float64]:
        parts = [tables.shares(table, block, group) for table, group in groups]
        shares = np.array([sum(p.get(n, 0.0) for p in parts) for n in names])
        return np.asarray(shares / shares.sum())

    education = mean("education_level", c.EDUCATION)
    education[c.OTHER_EDUCATION] = 0.04
    age = mean("age", c.AGE_BANDS)
    cells = np.zeros(SHAPE[1:])
    block = age[:, None, None, None] * education[None, :, None, None]
    block = block * mean("weekly_hours", c.HOURS_BANDS)[None, None, :, None]
    cells[:, :, c.PERMANENT] = block * mean("sex", c.SEXES)[None, None, None, :]
    cells[0, c.PHD] = 0.0
    ages = (stationary_ages(tables, "hbo") + stationary_ages(tables, "wo")) / 2
    return cells, ages


def _draw_pool(persons: Persons, at: int, drawer: _Drawer, employers: Employers) -> int:
    settings = drawer.settings
    cells, ages = _pool_cells(drawer)
    first = at
    for employer in range(employers.institutions, len(employers.names)):
        for field in range(len(c.FIELDS)):
            count = int(employers.target[employer, c.PROFESSIONAL, field])
            slots = np.arange(at, at + count)
            persons.id[slots] = person_ids(1, employer, c.PROFESSIONAL, field, 0, count)
            persons.employer[slots], persons.field[slots] = employer, field
            persons.role[slots] = c.PROFESSIONAL
            at += count
    jobless = settings.number("population.outside_pool") * settings.number("population.scale")
    jobless *= settings.number("population.jobless_share")
    fields = field_margin(drawer.tables, "hbo") + field_margin(drawer.tables, "wo")
    by_field = whole_numbers(jobless * fields / fields.sum())
    start_jobless = at
    for field in range(len(c.FIELDS)):
        count = int(by_field[field])
        slots = np.arange(at, at + count)
        persons.id[slots] = person_ids(1, 0xFFF, c.JOB_SEEKER, field, 0, count)
        persons.field[slots] = field
        at += count
    slots = np.arange(first, at)
    _fill_characteristics(persons, slots, drawer, cells, ages)
    _fill_experience(persons, slots, drawer, settings.number("population.sojourn_outside"), False)
    persons.contract[slots] = c.PERMANENT
    persons.employer[slots[slots >= start_jobless]] = 0
    _fill_home(persons, slots, drawer, employers)
    idle = slots[slots >= start_jobless]
    towns = len(employers.towns)
    persons.home[idle] = (drawer.draw(persons.id[idle], 7) * towns).astype(np.int16)
    persons.employer[idle], persons.role[idle] = -1, c.JOB_SEEKER
    persons.contract[idle], persons.hours[idle] = c.NO_CONTRACT, 0
    persons.since[idle] = -(drawer.draw(persons.id[idle], 8) * 12).astype(np.int16)
    return at


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
    """
    drawer = _Drawer(settings, tables, seed, replication)
    jobless = settings.number("population.outside_pool") * settings.number("population.scale")
    jobless *= settings.number("population.jobless_share")
    persons = Persons(int(employers.target.sum()) + round(jobless))
    at, error_wo = _draw_staff(persons, 0, drawer, employers, c.WO)
    at, error_hbo = _draw_staff(persons, at, drawer, employers, c.HBO)
    _draw_pool(persons, at, drawer, employers)
    everyone = np.flatnonzero(persons.present)
    spread = settings.mapping("model.search.knowledge")
    draw = drawer.draw(persons.id[everyone], 9)
    persons.knowledge[everyone] = np.power(draw, (1.0 - spread["mean"]) / spread["mean"])
    return Population(persons, employers, {"wo": error_wo, "hbo": error_hbo})

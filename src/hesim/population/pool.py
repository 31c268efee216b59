"""Draw the pool in reach: those who work outside higher education and those without a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population import filling as f
from hesim.population.conflict import TableAxis
from hesim.population.employers import Employers, field_margin, outside_mix, whole_numbers
from hesim.population.joint import SHAPE
from hesim.population.persons import Persons
from hesim.population.raking import rake
from hesim.population.reach import without_job
from hesim.population.stationarity import stationary_ages

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

# Entrants and leavers of both sectors: the pool lies between all four.
GROUPS = (("3.2", "hbo_in"), ("3.3", "wo_in"), ("3.3", "hbo_out"), ("3.2", "wo_out"))


def jobless_by_field(settings: Settings, tables: ReportTables) -> NDArray[np.int32]:
    """Persons of the pool without a job at the start, shape (fields,)."""
    fields = field_margin(tables, "hbo") + field_margin(tables, "wo")
    return whole_numbers(without_job(settings) * fields / fields.sum())


def pool_cells(settings: Settings, tables: ReportTables) -> NDArray[np.float64]:
    """Weights of the pool's combinations, shape `SHAPE` without the role; label derived.

    Source: mean of entrants and leavers of both sectors, tables 3.2 and 3.3; age, education, hours
    and sex are independent but for what cannot be; contracts are permanent (assumed).
    """

    def mean(block: str, names: tuple[str, ...]) -> NDArray[np.float64]:
        parts = [tables.shares(table, block, group) for table, group in GROUPS]
        shares = np.array([sum(p.get(n, 0.0) for p in parts) for n in names])
        return np.asarray(shares / shares.sum())

    education = mean("education_level", c.EDUCATION)
    education[c.OTHER_EDUCATION] = settings.number("population.other_education.pool")
    cells = np.zeros(SHAPE[1:])
    block = mean("age", c.AGE_BANDS)[:, None, None, None] * education[None, :, None, None]
    block = block * mean("weekly_hours", c.HOURS_BANDS)[None, None, :, None]
    cells[:, :, c.PERMANENT] = block * mean("sex", c.SEXES)[None, None, None, :]
    cells[c.AGE_BANDS.index("under_25"), c.PHD] = 0.0
    return cells


def education_by_sector(
    settings: Settings, tables: ReportTables, education: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Education of those who work outside, by sector: shape (outside sectors, education levels).

    A sector's own (`population.outside_education`, assumed) raked to the pool's education
    (derived) and to the sectors' sizes.
    """
    own = settings.mapping("population.outside_education")
    seed = np.array([own[name] for name in c.OUTSIDE_SECTORS], np.float64)
    size = outside_mix(settings, tables).sum(axis=1)
    margins = [((0,), size / size.sum()), ((1,), education / education.sum())]
    axes = (
        TableAxis("sectors outside (outside_sector_mix_prior)", c.OUTSIDE_SECTORS),
        TableAxis("education outside (tables 3.2 and 3.3)", c.EDUCATION),
    )
    table = rake(seed, margins, axes=axes).table
    return np.asarray(table / np.maximum(table.sum(axis=1, keepdims=True), 1e-12))


def draw_pool(persons: Persons, at: int, drawer: f.Drawer, employers: Employers) -> int:
    """Draw the pool into the slots from `at` on; return the slot after the last."""
    first = at
    for employer in range(employers.institutions, len(employers.names)):
        for field in range(len(c.FIELDS)):
            count = int(employers.target[employer, c.PROFESSIONAL, field])
            slots = np.arange(at, at + count)
            persons.id[slots] = f.person_ids(f.STOCK, employer, c.PROFESSIONAL, field, 0, count)
            persons.employer[slots], persons.field[slots] = employer, field
            persons.role[slots] = c.PROFESSIONAL
            at += count
    working = np.arange(first, at)
    for field, count in enumerate(jobless_by_field(drawer.settings, drawer.tables).tolist()):
        slots = np.arange(at, at + count)
        persons.id[slots] = f.person_ids(f.STOCK, f.NOWHERE, c.JOB_SEEKER, field, 0, count)
        persons.field[slots], persons.role[slots] = field, c.JOB_SEEKER
        at += count
    everyone, idle = np.arange(first, at), np.arange(first + working.size, at)
    early_from = drawer.settings.integer("population.early_retirement_from")
    ages = [stationary_ages(drawer.tables, sector, early_from) for sector in ("hbo", "wo")]
    cells = pool_cells(drawer.settings, drawer.tables)
    both = (ages[0] + ages[1]) / 2
    f.fill_characteristics(persons, idle, drawer, cells, both)
    education = cells.sum(axis=(0, 2, 3, 4))
    sector = employers.sector[persons.employer[working]]
    for row, shares in enumerate(education_by_sector(drawer.settings, drawer.tables, education)):
        there = working[sector == c.SECTORS.index(c.OUTSIDE_SECTORS[row])]
        factor = shares / np.where(education > 0, education / education.sum(), 1.0)
        own = cells * factor[None, :, None, None, None]
        f.fill_characteristics(persons, there, drawer, own, both)
    sojourn = drawer.settings.number("population.sojourn_outside")
    f.fill_experience(persons, everyone, drawer, sojourn)
    f.fill_home(persons, working, drawer, employers)
    _take_jobs_away(persons, idle, drawer, len(employers.towns))
    return at


@f.in_parts
def _take_jobs_away(
    persons: Persons, slots: NDArray[np.int64], drawer: f.Drawer, towns: int
) -> None:
    """Leave persons without job or contract, for some months, in any town."""
    ids = persons.id[slots]
    longest = drawer.settings.number("population.jobless_months")
    persons.home[slots] = (drawer.draw(ids, f.ANY_TOWN) * towns).astype(np.int16)
    persons.contract[slots], persons.hours[slots] = c.NO_CONTRACT, 0
    persons.since[slots] = -(drawer.draw(ids, f.JOBLESS_SINCE) * longest).astype(np.int16)

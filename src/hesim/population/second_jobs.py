"""Say how common second jobs are and where they are, and give them to the stock.

Theory: who cannot work as many hours as wanted in the main job takes another one (Shishko and
Rostker 1976), so only staff with few hours has one. Of hbo's staff a share is published: there the
chance to begin follows from balance, as many begin as end, by their term or with the main job.
Label: derived; where they are is assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population import filling as f
from hesim.population.biography import WORKED
from hesim.population.employers import Employers, outside_mix
from hesim.population.hours import hours_of_band, hours_of_group, stock_hours
from hesim.population.persons import Persons
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables


def share_with_second_job(settings: Settings, tables: ReportTables) -> float:
    """Share with a second job among hbo's staff with few hours.

    Raises:
        Contradiction: When more are to have one than have few hours.
    """
    share = settings.number("model.careers.second_job_share")
    few = float(stock_hours(settings, tables, "hbo")[_few(settings)].sum())
    if share >= few > 0.0 or few <= 0.0 < share:
        raise Contradiction(
            f"model.careers.second_job_share: {100 * share:.3g}% of staff cannot have a "
            f"second job: {100 * few:.3g}% have so few hours (model.careers.second_job_limit)"
        )
    return share / few if share > 0.0 else 0.0


def chance_to_begin(settings: Settings, tables: ReportTables) -> float:
    """Monthly chance to begin a second job for who in hbo has few hours and no such job.

    In balance the share among those with few hours is chance x months / (1 + chance x months).
    A second job lasts for its term, or less where the main job is left before.
    """
    share = share_with_second_job(settings, tables)
    if share == 0.0:
        return 0.0
    few, stock = _few(settings), stock_hours(settings, tables, "hbo")
    leavers = hours_of_group(tables, "hbo", "out")
    leaves = tables.macro_value("turnover", "hbo") / 1200.0
    leaves *= float(leavers[few].sum() / leavers.sum() / stock[few].sum())
    term = float(settings.mapping("model.careers.contract_months")["second_job"])
    # Of who hardly ever leaves nothing is left of one less the exponential.
    lasts = leaves * term > 1e-9
    months = (1.0 - float(np.exp(-leaves * term))) / leaves if lasts else term
    return min(share / (1.0 - share) / months, 1.0)


def _few(settings: Settings) -> NDArray[np.bool_]:
    """Bands of hours with which one takes a second job, shape (bands,)."""
    return hours_of_band(settings) <= settings.integer("model.careers.second_job_limit")


def sectors_of_second_jobs(settings: Settings, tables: ReportTables) -> NDArray[np.float64]:
    """Cumulative share of second jobs outside by sector, shape (fields, outside sectors).

    As the jobs outside of people of the same field.
    """
    mix = outside_mix(settings, tables)
    whole = np.maximum(mix.sum(axis=0), 1e-12)
    return np.cumsum(mix / whole, axis=0).T.copy()


def outside_employers(employers: Employers) -> NDArray[np.int64]:
    """The employer of each region and outside sector, shape (regions, outside sectors)."""
    found = np.zeros((len(c.REGIONS), len(c.OUTSIDE_SECTORS)), np.int64)
    outside = np.arange(employers.institutions, employers.sector.size)
    found[employers.region[outside], employers.sector[outside] - c.OUTSIDE_FROM] = outside
    return found


def fill_second_jobs(
    persons: Persons, slots: NDArray[np.int64], drawer: f.Drawer, employers: Employers
) -> None:
    """Draw who of hbo's staff has a second job, where, and how long it still lasts.

    Args:
        persons: Columns; employer, hours and field of the slots are set.
        slots: Rows of hbo's staff.
        drawer: Keyed draws.
        employers: Institutions of each region, and employers outside.
    """
    settings, tables = drawer.settings, drawer.tables
    share = share_with_second_job(settings, tables)
    limit = settings.integer("model.careers.second_job_limit")
    takes = persons.hours[slots] <= limit
    rows = slots[takes & (drawer.draw(persons.id[slots], f.SECOND_JOB) < share)]
    ids, own = persons.id[rows], persons.employer[rows].astype(np.int64)
    which, region = drawer.draw(ids, f.SECOND_WHERE), employers.region[own]
    steps = sectors_of_second_jobs(settings, tables)[persons.field[rows]]
    row = np.minimum((which[:, None] >= steps).sum(axis=1), steps.shape[1] - 1)
    second = outside_employers(employers)[region, row]
    away = settings.number("model.careers.second_job_outside.hbo")
    inside = drawer.draw(ids, f.SECOND_OUTSIDE) >= away
    for employer in np.unique(own[inside]):
        mine = inside & (own == employer)
        near = employers.region[: employers.institutions] == employers.region[employer]
        others = np.flatnonzero(near)
        others = others[others != employer]
        second[mine] = others[(which[mine] * others.size).astype(np.int64)]
    persons.employer2[rows] = second
    persons.hours2[rows] = settings.integer("model.careers.second_job_hours")
    term = int(settings.mapping("model.careers.contract_months")["second_job"])
    persons.ends2[rows] = 1 + np.floor(drawer.draw(ids, f.SECOND_ENDS) * term).astype(np.int64)
    bit = WORKED << employers.sector[second[inside]].astype(np.int64)
    persons.past[rows[inside]] |= bit.astype(np.uint8)

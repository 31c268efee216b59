"""Numbers of the market outside: personal offers, and how many come to compete.

Closed form (derived): with N people in reach who have a job (`population.reach`), hazards are the
yearly flows over N. Entries are what is missing to N, see `model.entrants`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.market import VacancyRates
from hesim.model.outside_offers import OutsideRates
from hesim.model.push import PushRates
from hesim.population.employers import outside_mix
from hesim.population.pool import education_by_sector, pool_cells
from hesim.population.reach import with_job
from hesim.population.stationarity import YOUNGEST, stationary_ages

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

BUSIEST = 0.9
"""Share of those in reach that looks for work at most: more cannot begin to look."""


def outside_rates(
    settings: Settings, tables: ReportTables, vacancies: VacancyRates
) -> OutsideRates:
    """Numbers of personal offers."""
    given = settings.mapping("model.outside")
    factor = given["offer_factor"]
    return OutsideRates(
        monthly=np.array([given["offers"][name] for name in ("employed", "jobless")], np.float64),
        education=np.array(factor["education"], np.float64),
        field=np.array([factor["field"][name] for name in c.FIELDS], np.float64),
        experience=np.array(factor["experience"], np.float64),
        work_edges=12 * np.array(c.EXPERIENCE_EDGES, np.int64),
        sector=np.cumsum(sectors_of_offers(settings, tables), axis=2),
        region=np.cumsum(regions_of_offers(settings), axis=1),
        hours=vacancies.profiles.hours[c.PROFESSIONAL],
        hours_of_band=vacancies.profiles.hours_of_band,
        abroad=np.array([given["abroad"][k] for k in ("hbo", "wo", "doctor", "outside")]),
        out_of_reach=float(given["out_of_reach"]),
        writing_until=int(given["thesis"]["months_before"])
        + settings.integer("model.careers.phd_approval_months"),
    )


def sectors_of_offers(settings: Settings, tables: ReportTables) -> NDArray[np.float64]:
    """Share of offers by sector, shape (fields, education levels, sectors).

    The mix of posts by sector and field (`outside_mix`) times how educated each sector's people
    are; for PhDs the sectors' shares are those of `model.outside.doctors`, by field as the mix.
    """
    mix = outside_mix(settings, tables)
    by_field = mix / mix.sum(axis=0)
    education = pool_cells(settings, tables).sum(axis=(0, 2, 3, 4))
    of_sector = education_by_sector(settings, tables, education)
    shares = by_field.T[:, None, :] * of_sector.T[None, :, :]
    doctors = settings.mapping("model.outside.doctors")
    wanted = np.array([float(doctors[name]) for name in c.OUTSIDE_SECTORS])
    relative = by_field / np.maximum(mix.sum(axis=1), 1e-12)[:, None]
    shares[:, c.PHD] = (wanted[:, None] * relative).T
    return np.asarray(shares / shares.sum(axis=2, keepdims=True))


def regions_of_offers(settings: Settings) -> NDArray[np.float64]:
    """Share of offers by region, for who lives in each region: other regions are considered less.

    Returns:
        Shape (regions lived in, regions of the job).
    """
    share = settings.mapping("population.region_share")
    size = np.array([float(share[name]) for name in c.REGIONS])
    weight = np.full((size.size, size.size), settings.number("model.search.other_region"))
    np.fill_diagonal(weight, 1.0)
    weight *= size
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def loses_job(settings: Settings) -> float:
    """Chance a month to lose a job outside, which gives the job losers who come to compete."""
    losers = settings.number("model.outside.competitors.job_losers")
    in_jobs = with_job(settings) / settings.number("population.scale")
    return min(losers / max(in_jobs, 1e-9) / 12.0, 1.0)


def with_competitors(push: PushRates, settings: Settings, tables: ReportTables) -> PushRates:
    """Let so many of those with a job outside begin to look as come to compete.

    A share looks already: as many begin as stop or lose the job, after whom others come who do not
    look. So the share that looks is `applicant_rate` over the rate of both ends, and the start that
    gives this flow is the rate over the share that does not look. The gradient by age of
    `model.push` stays, over its mean among those outside.
    """
    rate = settings.number("model.outside.applicant_rate") / 12.0
    looking = min(rate / max(push.stop + loses_job(settings), 1e-9), BUSIEST)
    early = settings.integer("population.early_retirement_from")
    ages = np.mean([stationary_ages(tables, sector, early) for sector in ("hbo", "wo")], axis=0)
    of_age = push.of_age[YOUNGEST : YOUNGEST + ages.size]
    start = push.start.copy()
    start[c.PROFESSIONAL] = rate / (1.0 - looking) / float(np.sum(ages * of_age))
    return push._replace(start=start)

"""Rake the joint distribution of a sector's stock from its margins and a declared seed joint."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.raking import rake
from hesim.population.stationarity import OLDEST, YOUNGEST, stationary_ages

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

# Axes of a joint: role, age band, education, contract, hours, sex.
SHAPE = (len(c.ROLES), len(c.AGE_BANDS), len(c.EDUCATION), 3, len(c.HOURS_BANDS), 2)


def possible() -> NDArray[np.float64]:
    """Mark the combinations that can exist: 1, else 0; shape `SHAPE`."""
    allowed = np.ones(SHAPE)
    under_25 = c.AGE_BANDS.index("under_25")
    allowed[:, under_25, c.PHD] = 0.0
    for role in (c.POSTDOC, c.PROFESSOR):
        allowed[role, :, : c.PHD] = 0.0
    allowed[c.PHD_CANDIDATE, :, : c.MASTER] = 0.0
    allowed[c.PHD_CANDIDATE, :, c.PHD] = 0.0
    for role in (c.UNIVERSITY_LECTURER, c.LECTOR):
        allowed[role, :, : c.MASTER] = 0.0
        allowed[role, under_25] = 0.0
    for role in (c.PROFESSOR, c.LECTOR):
        allowed[role, :2] = 0.0
    for role in (c.PHD_CANDIDATE, c.POSTDOC):
        allowed[role, :, :, c.PERMANENT] = 0.0
    return allowed


def seed_joint(settings: Settings) -> NDArray[np.float64]:
    """Build the declared seed joint of shape `SHAPE`.

    `independent` ties nothing beyond what cannot be; `theory` ties careers to age, hours and
    contract by `population.ties`; `extreme` squares those ties.
    """
    table = possible()
    power = {"independent": 0.0, "theory": 1.0, "extreme": 2.0}[
        settings.text("population.seed_joint")
    ]
    ties = settings.mapping("population.ties")
    for name, weights in ties["age_of_role"].items():
        table[c.ROLES.index(name)] *= np.reshape(np.array(weights) ** power, (-1, 1, 1, 1, 1))
    for name, weights in ties["hours_of_role"].items():
        table[c.ROLES.index(name)] *= np.reshape(np.array(weights) ** power, (1, 1, 1, -1, 1))
    for name, weights in ties["education_of_role"].items():
        table[c.ROLES.index(name)] *= np.reshape(np.array(weights) ** power, (1, -1, 1, 1, 1))
    permanent_by_age = np.array(ties["permanent_by_age"]) ** power
    table[:, :, :, c.PERMANENT] *= permanent_by_age.reshape(1, -1, 1, 1, 1)
    return table


def _mean_shares(
    tables: ReportTables, sector: str, block: str, names: tuple[str, ...]
) -> NDArray[np.float64]:
    incoming, outgoing = ("3.2", "3.3") if sector == "hbo" else ("3.3", "3.2")
    first = tables.shares(incoming, block, f"{sector}_in")
    second = tables.shares(outgoing, block, f"{sector}_out")
    return np.array([(first.get(n, 0.0) + second.get(n, 0.0)) / 2 for n in names])


def _age_margin(tables: ReportTables, sector: str) -> NDArray[np.float64]:
    ages = stationary_ages(tables, sector)
    limits = [0, *(edge - YOUNGEST for edge in c.AGE_EDGES), OLDEST - YOUNGEST]
    return np.array([ages[a:b].sum() for a, b in pairwise(limits)])


def stock_joint(
    settings: Settings, tables: ReportTables, sector: str, roles: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Rake a sector's stock.

    Args:
        settings: `population.*`.
        tables: The report's tables.
        sector: `hbo` or `wo`.
        roles: Share of each role, shape (roles,).

    Returns:
        The joint of shape `SHAPE`, summing to 1, and the largest remaining margin error.

    Raises:
        RakingError: When the margins contradict each other or what can exist.
    """
    seed = seed_joint(settings)
    seed[roles == 0] = 0.0
    hours = _mean_shares(tables, sector, "weekly_hours", c.HOURS_BANDS)
    sex = _mean_shares(tables, sector, "sex", c.SEXES)
    ages = _age_margin(tables, sector)
    contract_of_role = np.zeros((len(c.ROLES), 3))
    if sector == "wo":
        senior = np.array(settings.mapping("population.ties")["age_of_role"]["professor"])
        senior = senior / senior.sum()
        ages = (1.0 - roles[c.PROFESSOR]) * ages + roles[c.PROFESSOR] * senior
        prospect = tables.shares("3.3", "contract", "wo_in")
        with_share = prospect["temporary_with_prospect"] / (
            prospect["temporary_with_prospect"] + prospect["temporary_without_prospect"]
        )
        for role in c.WO_ROLES:
            fixed = settings.number(f"population.wo_permanent_by_role.{c.ROLES[role]}")
            tied = 0.0 if role == c.PHD_CANDIDATE else with_share * (1.0 - fixed)
            contract_of_role[role] = (fixed, tied, 1.0 - fixed - tied)
    else:
        tied = settings.number("population.hbo_with_prospect_share")
        loose = settings.number("population.hbo_without_prospect_share")
        contract_of_role[list(c.HBO_ROLES)] = (1.0 - tied - loose, tied, loose)
    margins = [
        ((0, 3), contract_of_role * roles[:, None]),
        ((1,), ages / ages.sum()),
        ((4,), hours / hours.sum()),
        ((5,), sex / sex.sum()),
    ]
    if sector == "hbo":
        education = _mean_shares(tables, sector, "education_level", c.EDUCATION)
        education[c.OTHER_EDUCATION] = max(1.0 - education.sum(), 0.01)
        education[c.PHD] = 0.0
        education *= (1.0 - settings.number("population.phd_share_hbo")) / education.sum()
        education[c.PHD] = settings.number("population.phd_share_hbo")
        margins.append(((2,), education))
    raked = rake(seed, margins)
    return raked.table / raked.table.sum(), raked.error

"""Rake the joint distribution of a sector's stock from its margins and a declared seed joint."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.conflict import Margin, TableAxis
from hesim.population.employers import staff_shares
from hesim.population.hours import lector_hours, stock_hours
from hesim.population.raking import rake
from hesim.population.stationarity import OLDEST, YOUNGEST, ages_of_movers, stationary_ages
from hesim.population.turnover import contracts_of_staff

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

# Axes of a joint: role, age band, education, contract, hours, sex.
SHAPE = (
    len(c.ROLES),
    len(c.AGE_BANDS),
    len(c.EDUCATION),
    c.NO_CONTRACT,
    len(c.HOURS_BANDS),
    len(c.SEXES),
)

POWER_OF_TIES = {"independent": 0.0, "theory": 1.0, "extreme": 2.0}
"""How strongly each declared scenario ties careers together."""


def possible() -> NDArray[np.float64]:
    """Mark the combinations that can exist: 1, else 0; shape `SHAPE`."""
    allowed = np.ones(SHAPE)
    under_25, from_35 = c.AGE_BANDS.index("under_25"), c.AGE_BANDS.index("35_54")
    allowed[:, under_25, c.PHD] = 0.0
    for role in (c.POSTDOC, c.PROFESSOR):
        allowed[role, :, : c.PHD] = 0.0
    allowed[c.PHD_CANDIDATE, :, : c.MASTER] = 0.0
    allowed[c.PHD_CANDIDATE, :, c.PHD] = 0.0
    for role in (c.UNIVERSITY_LECTURER, c.LECTOR):
        allowed[role, :, : c.MASTER] = 0.0
        allowed[role, under_25] = 0.0
    for role in (c.PROFESSOR, c.LECTOR):
        allowed[role, :from_35] = 0.0
    for role in (c.PHD_CANDIDATE, c.POSTDOC):
        allowed[role, :, :, c.PERMANENT] = 0.0
    return allowed


def seed_joint(settings: Settings) -> NDArray[np.float64]:
    """Build the declared seed joint of shape `SHAPE`.

    `independent` ties nothing beyond what cannot be; `theory` ties careers to age, hours and
    contract by `population.ties`; `extreme` squares those ties.
    """
    table = possible()
    power = POWER_OF_TIES[settings.text("population.seed_joint")]
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
    shares = np.array([(first.get(n, 0.0) + second.get(n, 0.0)) / 2 for n in names])
    return np.asarray(shares / shares.sum())


def _age_margin(
    settings: Settings, tables: ReportTables, sector: str, roles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of each age band: by stationarity, but for professors (left out of the survey)."""
    early_from = settings.integer("population.early_retirement_from")
    ages = stationary_ages(tables, sector, early_from)
    limits = [0, *(edge - YOUNGEST for edge in c.AGE_EDGES), OLDEST - YOUNGEST]
    shares = np.array([ages[a:b].sum() for a, b in pairwise(limits)])
    if sector == "wo":
        senior = np.array(settings.mapping("population.ties")["age_of_role"]["professor"])
        professors = roles[c.PROFESSOR]
        shares = (1.0 - professors) * shares + professors * senior / senior.sum()
    return shares / shares.sum()


def _hbo_margins(
    settings: Settings, tables: ReportTables, roles: NDArray[np.float64], hours: NDArray[np.float64]
) -> list[Margin]:
    """Education with the declared share of PhDs, and hours of lecturers and lectoren apart."""
    education = _mean_shares(tables, "hbo", "education_level", c.EDUCATION)
    education[c.OTHER_EDUCATION] = settings.number("population.other_education.hbo")
    education[c.PHD] = 0.0
    education *= (1.0 - settings.number("population.phd_share_hbo")) / education.sum()
    education[c.PHD] = settings.number("population.phd_share_hbo")
    hours_of_role = np.zeros((len(c.ROLES), hours.size))
    hours_of_role[c.LECTOR] = roles[c.LECTOR] * lector_hours(settings, tables, hours)
    lecturers = hours - hours_of_role[c.LECTOR]
    if (lecturers < 0.0).any():
        # The few lectoren alone are more than the survey found: then there are as many.
        lecturers = np.maximum(lecturers, 0.0)
        lecturers *= (1.0 - roles[c.LECTOR]) / lecturers.sum()
    hours_of_role[c.LECTURER] = lecturers
    return [((2,), education), ((0, 4), hours_of_role)]


def _axes(tables: ReportTables, sector: str) -> list[TableAxis]:
    """What the axes of a sector's joint are about, for words."""
    of, both = f"of {sector} staff", "entrants and leavers of tables 3.2 and 3.3"
    return [
        TableAxis(f"role {of} (context facts)", c.ROLES),
        TableAxis(f"age {of} ({ages_of_movers(tables, sector)})", c.AGE_BANDS),
        TableAxis(f"education {of} (settings, {both})", c.EDUCATION),
        TableAxis(f"contract {of} (settings, {both})", c.CONTRACTS[: c.NO_CONTRACT]),
        TableAxis(f"weekly hours {of} ({both})", c.HOURS_BANDS),
        TableAxis(f"sex {of} (leavers of tables 3.2 and 3.3)", c.SEXES),
    ]


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
    hours = stock_hours(settings, tables, sector)
    margins: list[Margin] = [
        ((0, 3), contracts_of_staff(settings, tables, sector) * roles[:, None]),
        ((1,), _age_margin(settings, tables, sector, roles)),
        ((5,), staff_shares(settings, tables, sector, "sex", c.SEXES)),
    ]
    if sector == "hbo":
        margins += _hbo_margins(settings, tables, roles, hours)
    else:
        margins.append(((4,), hours))
    raked = rake(seed, margins, axes=_axes(tables, sector))
    return raked.table / raked.table.sum(), raked.error

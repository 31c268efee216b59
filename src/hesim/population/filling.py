"""Fill slots of the stock with identities and keyed characteristics, a group at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.contracts import (
    candidate_ends,
    candidate_survival,
    contract_terms,
    slot_pools,
)
from hesim.population.employers import Employers
from hesim.population.hours import hours_of_band
from hesim.population.joint import SHAPE
from hesim.population.persons import NEVER, Persons
from hesim.population.stationarity import YOUNGEST
from hesim.random import stream_key, uniforms

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

STOCK = 1
"""Kind of a person who was there at the start, in the identity; other kinds enter later."""

ENTRANT = 3
"""Kind of a person who enters later."""

NOWHERE = 0xFFF
"""Origin of a person without an employer, in the identity."""

# Lanes of the stream `population`: one for each characteristic; 9 is free.
(
    CELL,
    AGE,
    WORKED,
    TENURE,
    ELAPSED,
    TOWN,
    NEAR,
    ANY_TOWN,
    JOBLESS_SINCE,
    SETTLED,
    STUDIED,
    IN_HBO,
    IN_WO,
    SECOND_JOB,
    SECOND_WHERE,
    SECOND_OUTSIDE,
    SECOND_ENDS,
) = (*range(9), *range(10, 18))

PART = 4096
"""Slots that are filled at once: speed and memory only."""

Rest = ParamSpec("Rest")


def in_parts(
    fill: Callable[Concatenate[Persons, NDArray[np.int64], Rest], None],
) -> Callable[Concatenate[Persons, NDArray[np.int64], Rest], None]:
    """Let a function that fills slots do so in parts of at most `PART`.

    Each slot must be filled from its own identity and columns alone. Temporary arrays of all slots
    would leave holes in memory, in which little of what a run adds finds room.
    """

    @wraps(fill)
    def fill_parts(
        persons: Persons, slots: NDArray[np.int64], /, *args: Rest.args, **others: Rest.kwargs
    ) -> None:
        for at in range(0, slots.size, PART):
            fill(persons, slots[at : at + PART], *args, **others)

    return fill_parts


def person_ids(
    kind: int, origin: int, role: int, field: int, month: int, count: int
) -> NDArray[np.uint64]:
    """Make identities by meaning: what the person is, where from, when and the how-manieth."""
    head = (kind << 60) | ((origin & 0xFFF) << 48) | (role << 44) | (field << 40)
    head |= (month & 0xFFF) << 24
    return np.uint64(head) + np.arange(count, dtype=np.uint64)


def entrant_ids(
    origin: NDArray[np.int64], field: NDArray[np.int64], month: int, ordinal: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Make identities of those who enter in a month, each with an ordinal within its cell."""
    head = (origin.astype(np.uint64) << np.uint64(48)) | (field.astype(np.uint64) << np.uint64(40))
    head |= np.uint64((ENTRANT << 60) | ((month & 0xFFF) << 24))
    return np.asarray(head | ordinal.astype(np.uint64), np.uint64)


class Drawer:
    """Keyed draws of the stream `population`, with the settings and tables they need.

    Attributes:
        settings: Settings of the run.
        tables: The report's tables.
    """

    def __init__(self, settings: Settings, tables: ReportTables, seed: int, replication: int):
        """Make the stream's key from the run seed and the replication's number."""
        self.settings, self.tables = settings, tables
        self.key = stream_key(seed, replication, "population")

    def draw(self, ids: NDArray[np.uint64], lane: int) -> NDArray[np.float64]:
        """One uniform for each identity, shape of `ids`."""
        return uniforms(self.key, ids, 0, lane)

    def of_education(self, path: str) -> NDArray[np.int64]:
        """A setting in years by education, as months, shape (education,)."""
        given = self.settings.mapping(path)
        return np.array([12 * given[name] for name in c.EDUCATION], np.int64)


def years_of_age(
    band: NDArray[np.int64],
    youngest: NDArray[np.float64],
    draw: NDArray[np.float64],
    ages: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Draw an age in years inside each band, following the stationary distribution.

    Args:
        band: Code of the age band, shape (persons,).
        youngest: Age in years that each person has at least; wins over the band.
        draw: Uniforms.
        ages: Share of the stock at each year of age from `YOUNGEST`.

    Returns:
        Ages in years, with fractions, shape (persons,).
    """
    limits = np.array([YOUNGEST, *c.AGE_EDGES, YOUNGEST + ages.size], np.float64)
    low = np.maximum(limits[band], youngest)
    high = np.maximum(limits[band + 1], low)
    # Strictly rising, so that a year in which nobody is left can still be inverted.
    reached = np.concatenate([[0.0], np.cumsum(ages + 1e-9)])
    grid = np.arange(YOUNGEST, YOUNGEST + ages.size + 1, dtype=np.float64)
    from_, to = np.interp(low, grid, reached), np.interp(high, grid, reached)
    return np.asarray(np.clip(np.interp(from_ + draw * (to - from_), reached, grid), low, high))


@in_parts
def fill_characteristics(
    persons: Persons,
    slots: NDArray[np.int64],
    drawer: Drawer,
    cells: NDArray[np.float64],
    ages: NDArray[np.float64],
) -> None:
    """Draw age, education, contract, hours and sex.

    Args:
        persons: Columns to fill; `id` of the slots is set.
        slots: Rows to fill.
        drawer: Keyed draws.
        cells: Weights of the combinations, shape `SHAPE` without the role.
        ages: Share of the stock at each year of age from `YOUNGEST`.
    """
    ids = persons.id[slots]
    steps = np.cumsum(cells.ravel())
    chosen = np.searchsorted(steps, drawer.draw(ids, CELL) * steps[-1], side="right")
    chosen = np.minimum(chosen, np.flatnonzero(cells.ravel())[-1])
    band, education, contract, hours, sex = np.unravel_index(chosen, SHAPE[1:])
    youngest = drawer.of_education("population.youngest_age")[education] / 12.0
    age = years_of_age(band, youngest, drawer.draw(ids, AGE), ages)
    persons.present[slots] = 1
    persons.born[slots] = -np.floor(age * 12).astype(np.int16)
    persons.education[slots], persons.contract[slots] = education, contract
    persons.sex[slots] = sex
    persons.hours[slots] = hours_of_band(drawer.settings)[hours]


@in_parts
def fill_phd_start(persons: Persons, slots: NDArray[np.int64], drawer: Drawer) -> None:
    """Place PhD candidates over the months that candidates stay; the too young are made older."""
    steps = np.cumsum(candidate_survival(drawer.settings))
    draw = drawer.draw(persons.id[slots], ELAPSED)
    served = np.searchsorted(steps, draw * steps[-1], side="right").astype(np.int64)
    ends = candidate_ends(drawer.settings)
    youngest = 12 * drawer.settings.integer("population.phd_from_age")
    persons.born[slots] = np.minimum(persons.born[slots], -served - youngest)
    next_end = ends[np.searchsorted(ends, served, side="right")]
    persons.since[slots], persons.ends[slots] = -served, next_end - served


def settle_contracts(
    persons: Persons,
    slots: NDArray[np.int64],
    drawer: Drawer,
    contracts: NDArray[np.float64],
    employers: Employers,
) -> None:
    """Make contracts come out exactly in each pool of permanent posts.

    The drawn contracts stay where they can: of a contract that was drawn too often some get the
    next one, and which follows from a draw of their own.

    Args:
        persons: Columns; contract and employer of the slots are set.
        slots: Rows of a sector's staff.
        drawer: Keyed draws.
        contracts: Share of each contract within a role, shape (roles, contracts).
        employers: Where the pools are.
    """
    shares = np.tile(contracts[:, c.PERMANENT], (2, 1))
    pools = slot_pools(employers.target, shares, employers.sector, employers.institutions)
    pool = pools[persons.employer[slots], persons.role[slots]]
    order = np.lexsort((drawer.draw(persons.id[slots], SETTLED), persons.contract[slots], pool))
    starts = np.flatnonzero(np.diff(pool[order], prepend=-1))
    for rows in np.split(slots[order], starts[1:]):
        due = np.cumsum(contracts[persons.role[rows[0]]]) * rows.size
        limits = np.floor(due + 0.5 - 1e-9)
        persons.contract[rows] = np.searchsorted(limits, np.arange(rows.size), side="right")


@in_parts
def fill_experience(
    persons: Persons, slots: NDArray[np.int64], drawer: Drawer, sojourn: float
) -> None:
    """Draw tenure and split the months worked over practice and higher education.

    Work starts at the age of `population.work_from_age`; a share of the months since was worked.
    Tenure is exponential and never longer than the months worked, but for PhD candidates, whose
    tenure is set and who have worked that long at least.

    Args:
        persons: Columns to fill.
        slots: Rows to fill, all inside or all outside higher education.
        drawer: Keyed draws.
        sojourn: Mean tenure in years.
    """
    ids = persons.id[slots]
    started = drawer.of_education("population.work_from_age")[persons.education[slots]]
    least = drawer.settings.number("population.worked_share_least")
    share = least + (1.0 - least) * drawer.draw(ids, WORKED)
    worked = np.floor(np.maximum(-persons.born[slots] - started, 0) * share)
    tenure = np.minimum(np.floor(-sojourn * 12 * np.log(drawer.draw(ids, TENURE))), worked)
    role = persons.role[slots]
    tenure = np.where(role == c.PHD_CANDIDATE, -persons.since[slots], tenure)
    worked = np.maximum(worked, tenure)
    inside = np.where(np.isin(role, (*c.HBO_ROLES, *c.WO_ROLES)), tenure, 0.0)
    persons.since[slots] = -tenure.astype(np.int16)
    persons.academic[slots] = inside.astype(np.int16)
    persons.practice[slots] = (worked - inside).astype(np.int16)


@in_parts
def fill_contract_end(persons: Persons, slots: NDArray[np.int64], drawer: Drawer) -> None:
    """Place the end of temporary contracts: at a uniform point of the term.

    The term never began before the person joined. Needs contract and tenure; leaves PhD candidates
    as they are.
    """
    slots = slots[persons.role[slots] != c.PHD_CANDIDATE]
    contract = persons.contract[slots]
    terms = contract_terms(drawer.settings)
    length = terms[persons.role[slots], np.minimum(contract, c.WITHOUT_PROSPECT)]
    longest = np.minimum(length, 1 - persons.since[slots].astype(np.int64))
    elapsed = np.floor(drawer.draw(persons.id[slots], ELAPSED) * longest).astype(np.int64)
    persons.ends[slots] = np.where(contract == c.PERMANENT, NEVER, length - elapsed)


@in_parts
def fill_home(
    persons: Persons, slots: NDArray[np.int64], drawer: Drawer, employers: Employers
) -> None:
    """Place the home: the employer's town for a share, else a town at random of the region."""
    ids = persons.id[slots]
    at = persons.employer[slots].astype(np.int64)
    region = employers.region[at]
    draw = drawer.draw(ids, TOWN)
    near = drawer.draw(ids, NEAR) < drawer.settings.number("population.lives_near_work")
    for code in range(len(c.REGIONS)):
        towns = np.flatnonzero(employers.town_region == code)
        mine = slots[region == code]
        persons.home[mine] = towns[(draw[region == code] * towns.size).astype(np.int64)]
    own = employers.place[at]
    stay = near & (own >= 0)
    persons.home[slots[stay]] = own[stay]

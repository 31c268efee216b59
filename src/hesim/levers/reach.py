"""Find whom a lever reaches: employers, their posts, and the people who take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.levers.lever import Lever, Reach
from hesim.model.push import ENDING, ON_THE_JOB
from hesim.population.persons import Columns
from hesim.random import moment, output_at, uniform_of, uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


class Area(NamedTuple):
    """Where a lever acts.

    Attributes:
        employers: Employers in reach, bool, shape (employers,).
        cells: Employers, roles and fields in reach, bool, shape (employers, roles, fields).
        key: Key of the lever's own draws.
    """

    employers: NDArray[np.bool_]
    cells: NDArray[np.bool_]
    key: np.uint64


def _among(names: tuple[str, ...], all_names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which of all names are named; none named means all."""
    if not names:
        return np.ones(len(all_names), np.bool_)
    return np.isin(np.array(all_names), names)


def employers_in_reach(model: HigherEducation, reach: Reach) -> NDArray[np.bool_]:
    """Employers in reach by region, institution and partnership, shape (employers,).

    Naming institutions or partnerships leaves outside employers out.
    """
    e = model.employers
    inside = _among(reach.regions, c.REGIONS)[e.region]
    chosen = np.ones(len(e.names), np.bool_)
    if reach.institutions:
        chosen &= _among(reach.institutions, e.names)
    if reach.partnerships:
        members = [
            name
            for each in model.tables.partnerships
            if each.initiative in reach.partnerships
            for name in (each.lead, *each.partners)
        ]
        chosen &= np.isin(np.array(e.names), members)
    return np.asarray(inside & chosen)


def find_area(model: HigherEducation, lever: Lever, share: float) -> Area:
    """Find where a lever acts; if institutions take part, `share` of them do.

    A larger share takes the same institutions and more.
    """
    employers = employers_in_reach(model, lever.reach)
    key = np.uint64(output_at(model.streams.levers, np.uint64(lever.number)))
    if lever.about.taking_part == "institutions" and share < 1.0:
        identities = np.arange(employers.size, dtype=np.uint64)
        employers &= uniforms(key, identities, -1, 0) < share
    cells = (
        employers[:, None, None]
        & _among(lever.reach.roles, c.ROLES)[None, :, None]
        & _among(lever.reach.fields, c.FIELDS)[None, None, :]
    )
    return Area(employers, cells, key)


class Invitation(NamedTuple):
    """Who comes.

    Attributes:
        chance: Chance this month, or for good where `lasting`.
        lasting: The same people as long as the lever acts.
        seekers: How many times more often those come who search, less one.
        near_end: Only people within so many months of their contract's end; 0: all.
    """

    chance: float
    lasting: bool
    seekers: float
    near_end: float


@compiled
def _take_part(
    p: Columns,
    cells: NDArray[np.bool_],
    month: int,
    seed: np.uint64,
    chance: float,
    seekers: float,
    near_end: float,
    rows: NDArray[np.int64],
) -> int:
    count = 0
    for i in range(p.id.size):
        if p.present[i] == 0 or p.employer[i] < 0:
            continue
        if not cells[p.employer[i], p.role[i], p.field[i]]:
            continue
        if near_end > 0.0 and p.ends[i] - month > near_end:
            continue
        own = chance
        if p.search[i] == ON_THE_JOB or p.search[i] == ENDING:
            own *= 1.0 + seekers
        if uniform_of(seed, p.id[i]) < own:
            rows[count] = i
            count += 1
    return count


def who_comes(model: HigherEducation, area: Area, invitation: Invitation) -> NDArray[np.int64]:
    """Rows of the people with a job in reach who take part this month."""
    p = model.persons
    rows = np.empty(p.size, np.int64)
    seed = moment(area.key, -1 if invitation.lasting else model.month, 1)
    count = _take_part(
        p.columns,
        area.cells,
        model.month,
        np.uint64(seed),
        invitation.chance,
        invitation.seekers,
        invitation.near_end,
        rows,
    )
    return rows[:count]

"""Limit permanent posts: an offer is permanent, or a contract converted, only into a free slot.

Theory: internal labour markets ration permanent posts (Doeringer and Piore 1971); promises are
made before it is known who can keep them. Each institution and role has as many slots as its share
of permanent posts, of the staff that is present. Slots in use are counted anew from persons and
vacancies, so whatever a lever keeps, adds or moves takes slots too. A slot that comes free is set
aside for offers by the share `at_once`; what is left waits for contracts with prospect. Shares are
kept in fractions, so that small pools come to the same on average. Label: derived.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled
from hesim.model.careers import DECIDED, KEPT, PERMANENT, WITH_PROSPECT, WITHOUT_PROSPECT
from hesim.population.contracts import slot_pools
from hesim.population.ladder import PERMANENT_STEPS
from hesim.population.persons import Columns
from hesim.random import uniform

if TYPE_CHECKING:
    from hesim.model.market import Vacancies
    from hesim.population.employers import Employers

ENOUGH = 0.5
"""Part of a slot that counts as one: half up, so that fractions come out on average."""
CATCH_UP = 1.0 / 12.0
"""Part of what promises fall short of that is carried over each month: all of it in a year."""


class SlotRates(NamedTuple):
    """How many permanent posts there are; arrays of two are by sector (hbo, wo).

    Attributes:
        share: Slots of each role at the start, as a share of its staff, shape (2, roles): the
            permanent posts, and those that wait for who is to be kept.
        pooled: Permanent share of each role's staff at the start, which also makes the pools,
            shape (2, roles).
        spare: Share of each role's staff that can become permanent at most, shape (2, roles).
        growth: Growth of permanent posts a year, as a share of those at the start, shape (2,).
        gain: Permanent posts at the start over those that can become permanent, shape (2,).
        at_once: Share of the slots that come free which is offered with a vacancy, shape (2,).
        prospects: Share of each role's staff to which permanence is promised, shape (2, roles).
    """

    share: NDArray[np.float64]
    pooled: NDArray[np.float64]
    spare: NDArray[np.float64]
    growth: NDArray[np.float64]
    gain: NDArray[np.float64]
    at_once: NDArray[np.float64]
    prospects: NDArray[np.float64]

    def share_in(self, month: int) -> NDArray[np.float64]:
        """Slots by sector and role in a month, as a share of staff."""
        return np.minimum(self.share + self._gained(month), 1.0)

    def permanent_in(self, month: int) -> NDArray[np.float64]:
        """Permanent share by sector and role that is declared for a month."""
        return self.pooled + self._gained(month)

    def _gained(self, month: int) -> NDArray[np.float64]:
        """Shares that growth adds: in each role the same part of the posts that it can take."""
        years = max(month, 0) / 12.0
        part = np.minimum(self.gain * ((1.0 + self.growth) ** years - 1.0), 1.0)
        return self.spare * part[:, None]


class Slots(NamedTuple):
    """The slots of each pool, as kernels take them.

    Attributes:
        pool: Pool of each employer and role, or -1, shape (employers, roles).
        free: Slots that are free now, with fractions; below 0 where there are too many in use.
        seen: The same when they were counted last, less what was given since.
        aside: Free slots set aside for offers, with fractions.
        terms: Cumulative chances that a vacancy is permanent or with prospect, shape (pools, 2).
    """

    pool: NDArray[np.int64]
    free: NDArray[np.float64]
    seen: NDArray[np.float64]
    aside: NDArray[np.float64]
    terms: NDArray[np.float64]


@compiled
def count_contracts(
    p: Columns,
    v: Vacancies,
    open_count: int,
    pool: NDArray[np.int64],
    counts: NDArray[np.float64],
) -> None:
    """Count staff, slots in use, prospects and those undecided into `counts`, shape (4, pools).

    A slot is in use by who is permanent, waits for who is to be kept, or is offered by a vacancy.
    """
    for i in range(p.id.size):
        if p.present[i] == 0 or p.employer[i] < 0:
            continue
        at = pool[p.employer[i], p.role[i]]
        if at < 0:
            continue
        counts[0, at] += 1.0
        if p.contract[i] == PERMANENT or p.marks[i] & KEPT != 0:
            counts[1, at] += 1.0
        if p.contract[i] == WITH_PROSPECT:
            counts[2, at] += 1.0
            counts[3, at] += p.marks[i] & DECIDED == 0
    for k in range(open_count):
        at = pool[v.employer[k], v.role[k]]
        if at >= 0:
            counts[1, at] += v.contract[k] == PERMANENT
            counts[2, at] += v.contract[k] == WITH_PROSPECT


@compiled
def decide_prospects(
    p: Columns,
    month: int,
    window: int,
    ahead: NDArray[np.int64],
    sector_of: NDArray[np.int8],
    slots: Slots,
    of_hours: NDArray[np.float64],
    key: np.uint64,
) -> int:
    """Decide whom employers keep of those whose window before the contract's end begins.

    Each who is kept has a slot from now on. Where slots are too few, a draw of person and contract
    says who comes first. Nobody is decided on twice.

    Args:
        p: Persons.
        month: Month number.
        window: Months before the end in which people look around.
        ahead: Months that policy adds to it, by employer.
        sector_of: Sector of each employer.
        slots: Free slots; those that are reserved are taken off.
        of_hours: Factor on leaving by sector and hours: who has few hours comes later.
        key: Key of the stream of renewals.

    Returns:
        How many are kept.
    """
    due = np.empty(p.id.size, np.int64)
    rank, count, chosen = np.empty(p.id.size), 0, 0
    for i in range(p.id.size):
        if p.present[i] == 0 or p.contract[i] != WITH_PROSPECT or p.marks[i] & DECIDED != 0:
            continue
        employer = p.employer[i]
        if employer < 0 or slots.pool[employer, p.role[i]] < 0:
            continue
        if p.ends[i] - month <= window + ahead[employer]:
            leaves = of_hours[sector_of[employer], p.hours[i]]
            due[count] = i
            rank[count] = uniform(key, p.id[i], p.ends[i], 0) ** (1.0 / leaves)
            count += 1
    for at in np.argsort(rank[:count]):
        i = due[at]
        p.marks[i] |= np.uint8(DECIDED)
        pool = slots.pool[p.employer[i], p.role[i]]
        if slots.free[pool] - max(slots.aside[pool], 0.0) >= ENOUGH:
            p.marks[i] |= np.uint8(KEPT)
            slots.free[pool] -= 1.0
            slots.seen[pool] -= 1.0
            chosen += 1
    return chosen


@compiled
def contract_on_offer(slots: Slots, pool: int, draw: float) -> int:
    """Contract of a new vacancy; a permanent one takes its slot."""
    if draw < slots.terms[pool, 0] and slots.free[pool] >= ENOUGH:
        slots.free[pool] -= 1.0
        slots.seen[pool] -= 1.0
        slots.aside[pool] -= 1.0
        return PERMANENT
    return WITH_PROSPECT if draw < slots.terms[pool, 1] else WITHOUT_PROSPECT


@compiled
def needs_slot(contract: int, marks: int, role: int) -> bool:
    """Whether somebody takes a slot of the role by a step: who is permanent then does.

    Scalars only: a loop over all persons that hands on whole tuples of columns counts references to
    each of their arrays at each call, which made steps ten times as slow.
    """
    return contract == PERMANENT or marks & KEPT != 0 or role in PERMANENT_STEPS


@compiled
def may_step(contract: int, marks: int, role: int, free: float) -> bool:
    """Whether a step to a role finds the slot that it needs, where so many slots are free."""
    return free >= ENOUGH or not needs_slot(contract, marks, role)


@dataclass
class PermanentPosts:
    """The slots of all institutions, and how they come free.

    Attributes:
        rates: How many there are.
        columns: The slots of each pool.
        sector: Sector of each pool.
        role: Role of each pool.
        promised: Contracts with prospect of each pool when they were counted last.
        room: Contracts with prospect that each pool may have.
        staff: Staff of each pool when the month began.
        short: What promises fell short of before, within as many as there may be.
        started: Whether slots have been counted before.
    """

    rates: SlotRates
    columns: Slots
    sector: NDArray[np.int64]
    role: NDArray[np.int64]
    promised: NDArray[np.float64]
    room: NDArray[np.float64]
    staff: NDArray[np.float64]
    short: NDArray[np.float64]
    started: bool = False

    def count(
        self, p: Columns, v: Vacancies, open_count: int, month: int, begins: bool = False
    ) -> None:
        """Count what is free; of what came free since, set a share aside for offers.

        Args:
            p: Persons.
            v: Vacancies.
            open_count: How many of them are open.
            month: Month number.
            begins: Whether the month begins: staff that is present then has the slots of the month.
        """
        slots = self.columns
        counts = np.zeros((4, self.role.size))
        count_contracts(p, v, open_count, slots.pool, counts)
        if begins:
            self.staff = counts[0]
        share = self.rates.share_in(month)[self.sector, self.role]
        slots.free[:] = share * self.staff - counts[1]
        if self.started:
            slots.aside[:] += self.rates.at_once[self.sector] * (slots.free - slots.seen)
        self.started = True
        # A slot for which nobody waits is offered too.
        slots.aside[:] = np.maximum(slots.aside, slots.free - counts[3])
        slots.seen[:] = slots.free
        # Fewer temporary posts hold so much fewer promises.
        temporary = 1.0 - self.rates.permanent_in(month)[self.sector, self.role]
        first = np.maximum(1.0 - self.rates.pooled[self.sector, self.role], 1e-9)
        part = self.rates.prospects[self.sector, self.role] * temporary / first
        self.room = part * self.staff
        self.promised = counts[2]

    def set_terms(self, gap: NDArray[np.int32], opening: float) -> None:
        """Spread what is set aside, and what may be promised, over the month's new vacancies."""
        slots = self.columns
        here = slots.pool >= 0
        missing = np.bincount(
            slots.pool[here], gap.sum(axis=2)[here].astype(np.float64), self.role.size
        )
        often = np.maximum(missing * opening, 1e-9)
        permanent = np.clip(slots.aside / often, 0.0, 1.0)
        short = self.room - self.promised
        # A month without a vacancy promises nothing: what was short is made up for later.
        self.short = np.clip(self.short + CATCH_UP * short, -self.room, self.room)
        prospect = np.clip((short + self.short) / often, 0.0, 1.0 - permanent)
        slots.terms[:, 0], slots.terms[:, 1] = permanent, permanent + prospect


def permanent_posts(rates: SlotRates, employers: Employers) -> PermanentPosts:
    """Make the slots of the first month, as yet uncounted."""
    pool = slot_pools(employers.target, rates.pooled, employers.sector, employers.institutions)
    count = int(pool.max()) + 1
    sector, role = np.zeros(count, np.int64), np.zeros(count, np.int64)
    at, of_role = np.nonzero(pool >= 0)
    sector[pool[at, of_role]], role[pool[at, of_role]] = employers.sector[at], of_role
    none = [np.zeros(count) for _ in range(7)]
    columns = Slots(pool, none[0], none[1], none[2], np.zeros((count, 2)))
    return PermanentPosts(rates, columns, sector, role, none[3], none[4], none[5], none[6])

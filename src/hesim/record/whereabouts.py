"""Keep where each person of a world is, month by month, to lay two worlds side by side.

A person is known by identity: it is the same in all worlds with the same random numbers, and rows
are given to others. Only changes are kept, each with its month. That takes some eight megabytes for
ten years at full scale, where a state for each row and month would take three times as much; it is
looked up by identity and month, and no list of who came into which row is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.policy import DUAL
from hesim.survey.crossings import NO_CROSSING, crossing

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

PLACES = ("hbo", "wo", "elsewhere", "no_job", "gone")
"""Where somebody is by the main job; `gone`: not in the population, not yet or no more."""
IN_HBO, IN_WO, ELSEWHERE, JOBLESS, GONE = range(len(PLACES))
PLACE = 0b111
"""Bits of a state that say where somebody is."""
PERMANENT, SECOND_IN_HBO, SECOND_IN_WO, SEARCHING = 8, 16, 32, 64
"""Bits of a state: a permanent contract in the main job; the second post of a joint appointment
(other second jobs fill no post and do not show); whether somebody looks for another job."""
UNKNOWN = 255
"""State in a month that was not recorded."""
BEFORE = 1
"""Months of the burn-in that are kept, so that the first participants have a month before."""
States = NDArray[np.uint8]


class Lives(NamedTuple):
    """Where each person of a finished world was in each month, and who crossed when.

    Attributes:
        person: Identity of everybody who was ever there, ascending, uint64, shape (persons,).
        first: Where each one's changes begin, int64, shape (persons + 1,).
        month: Month of each change, ascending for each person, int16, shape (changes,).
        state: State from that month on, uint8, shape (changes,).
        begins: First month that was recorded.
        ends: Last month that was recorded.
        crosser: Identity of who crossed, uint64, shape (crossings,).
        crossed: Month in which the new job began, int16, shape (crossings,).
        way: Code in `crossings.CODES`, int8, shape (crossings,).
    """

    person: NDArray[np.uint64]
    first: NDArray[np.int64]
    month: NDArray[np.int16]
    state: States
    begins: int
    ends: int
    crosser: NDArray[np.uint64]
    crossed: NDArray[np.int16]
    way: NDArray[np.int8]

    def at(self, person: NDArray[np.uint64], month: NDArray[np.integer]) -> States:
        """The state of persons at the end of a month.

        Args:
            person: Identities, shape (n,).
            month: Month for each, shape (n,).

        Returns:
            States, shape (n,): `GONE` for who is not there, `UNKNOWN` in months not recorded.
        """
        months = np.asarray(month, np.int64)
        found = np.full(person.size, GONE, np.uint8)
        if self.person.size:
            rank = np.minimum(np.searchsorted(self.person, person), self.person.size - 1)
            there = self.person[rank] == person
            # A person and a month as one number, so that one search finds both.
            span = self.ends - self.begins + 2
            owner = np.repeat(np.arange(self.person.size), np.diff(self.first))
            keys = owner * span + (self.month.astype(np.int64) - self.begins)
            inside = np.clip(months - self.begins, -1, span - 1)
            last = np.searchsorted(keys, rank * span + inside, side="right") - 1
            known = there & (last >= self.first[rank])
            found[known] = self.state[last[known]]
        found[(months < self.begins) | (months > self.ends)] = UNKNOWN
        return found


class Whereabouts:
    """Follows all persons of a world: an observer of it, see `execution.simulate`."""

    def __init__(self) -> None:
        """Begin before the first month that is kept."""
        self._months: list[int] = []
        self._persons: list[NDArray[np.uint64]] = []
        self._states: list[States] = []
        self._last_id = np.zeros(0, np.uint64)
        self._last = np.zeros(0, np.uint8)

    def after_month(self, model: HigherEducation) -> None:
        """Note who is somewhere else than a month ago, and who has come or gone."""
        month = model.month - 1
        if month < -BEFORE:
            return
        p = model.persons
        now_id, now = p.id.copy(), states_of(model)
        room = np.zeros(now.size - self._last.size, np.uint8)
        last = np.concatenate([self._last, room + np.uint8(GONE)])
        last_id = np.concatenate([self._last_id, room.astype(np.uint64)])
        other = now_id != last_id
        changed = (now != GONE) & (other | (now != last))
        # A row keeps its person until that person leaves, so who is no longer in it is gone.
        gone = (last != GONE) & (other | (now == GONE))
        self._months.append(month)
        self._persons.append(np.concatenate([last_id[gone], now_id[changed]]))
        self._states.append(np.concatenate([np.full(gone.sum(), GONE, np.uint8), now[changed]]))
        self._last_id, self._last = now_id, now

    def lives(self, model: HigherEducation) -> Lives:
        """What it saw of a finished world, with the world's crossings."""
        none = np.zeros(0, np.uint64)
        person = np.concatenate([none, *self._persons])
        sizes = [part.size for part in self._persons]
        month = np.repeat(np.array(self._months, np.int16), sizes)
        state = np.concatenate([np.zeros(0, np.uint8), *self._states])
        # Stable, so that each one's changes stay in the order of their months.
        order = np.argsort(person, kind="stable")
        known, first = np.unique(person[order], return_index=True)
        return Lives(
            known,
            np.append(first, person.size).astype(np.int64),
            month[order],
            state[order],
            self._months[0] if self._months else 0,
            self._months[-1] if self._months else -1,
            *crossings_by_person(model),
        )


def states_of(model: HigherEducation) -> States:
    """The state of each row at this moment; `GONE` where nobody is."""
    # Imported late: who reads what runs left needs none of the compiled model.
    from hesim.model.push import IDLE

    p = model.persons
    sector = np.append(model.employers.sector, c.NO_JOB)
    place = np.full(c.NO_JOB + 1, ELSEWHERE, np.uint8)
    place[c.HBO], place[c.WO], place[c.NO_JOB] = IN_HBO, IN_WO, JOBLESS
    state = place[sector][p.employer]
    state[(p.employer >= 0) & (p.contract == c.PERMANENT)] |= PERMANENT
    dual = np.flatnonzero(p.marks & DUAL)
    beside = sector[p.employer2[dual]]
    state[dual[beside == c.HBO]] |= SECOND_IN_HBO
    state[dual[beside == c.WO]] |= SECOND_IN_WO
    state[(p.employer >= 0) & (p.search != IDLE)] |= SEARCHING
    state[p.present == 0] = GONE
    return state


def crossings_by_person(
    model: HigherEducation,
) -> tuple[NDArray[np.uint64], NDArray[np.int16], NDArray[np.int8]]:
    """Who crosses between hbo and wo, when the new job begins, and which way, by `crossings`."""
    ledger, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB)
    way = crossing(sector[ledger.m_from[:used]], sector[ledger.m_to[:used]])
    rows = np.flatnonzero((way != NO_CROSSING) & (ledger.m_joined[:used] >= 0))
    return ledger.m_person[rows], ledger.m_joined[rows], way[rows]

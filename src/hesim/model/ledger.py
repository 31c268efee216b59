"""Write down every change of job: as flows that balance, and as spells that a survey can ask about.

A spell of leaving and joining is one row: it opens when somebody leaves or joins an employer and is
completed when the person who left finds the next job.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.population.persons import Columns

MOVE, HIRE, SEPARATION, STEP, ENTRY, DEPARTURE, SECOND_START, SECOND_END = range(8)
DUAL_START, DUAL_END, SECONDED, RETURNED, SWAPPED, SWAPPED_BACK = range(8, 14)
NO_REASON = len(c.EXIT_REASONS)
NO_ROLE, NO_CONTRACT = c.JOB_SEEKER, c.NO_CONTRACT
OUTSIDE_MODEL = -2
"""Employer code of where entries come from and departures go."""
NOBODY = -3
"""Employer code that says that no person is meant, e.g. in a vacancy that nobody filled."""


GROWTH = 1.1
"""How much larger than needed a ledger is made when it is full."""


FLOWS, SPELLS = 0.03, 0.014
"""Rows of either kind a person and month, generously: only how often a ledger is lengthened."""


class Ledger(NamedTuple):
    """Rows of changes.

    Attributes:
        used: Rows in use: flows at 0, spells at 1, int64, shape (2,).
        f_month: Month of each flow; `f_*` are the flows' columns, `m_*` the spells'.
        f_spell: Row of the spell in which the job stands that a flow ends or, for a hire, that was
            lost before it; -1 where there is none.
    """

    used: NDArray[np.int64]
    f_month: NDArray[np.int16]
    f_kind: NDArray[np.uint8]
    f_from: NDArray[np.int16]
    f_from_role: NDArray[np.uint8]
    f_to: NDArray[np.int16]
    f_to_role: NDArray[np.uint8]
    f_field: NDArray[np.uint8]
    f_reason: NDArray[np.uint8]
    f_spell: NDArray[np.int32]
    m_person: NDArray[np.uint64]
    m_left: NDArray[np.int16]
    m_joined: NDArray[np.int16]
    m_from: NDArray[np.int16]
    m_from_role: NDArray[np.uint8]
    m_from_contract: NDArray[np.uint8]
    m_from_hours: NDArray[np.uint8]
    m_to: NDArray[np.int16]
    m_to_role: NDArray[np.uint8]
    m_to_contract: NDArray[np.uint8]
    m_to_hours: NDArray[np.uint8]
    m_reason: NDArray[np.uint8]
    m_prior: NDArray[np.uint8]
    m_born: NDArray[np.int16]
    m_sex: NDArray[np.uint8]
    m_field: NDArray[np.uint8]
    m_education_left: NDArray[np.uint8]
    m_education_joined: NDArray[np.uint8]
    m_experience_left: NDArray[np.int16]
    m_experience_joined: NDArray[np.int16]
    m_exposure: NDArray[np.uint64]
    m_channels: NDArray[np.uint16]


WIDE: dict[str, type] = {
    **dict.fromkeys(("m_person", "m_exposure"), np.uint64),
    **dict.fromkeys(
        ("f_month", "f_from", "f_to", "m_left", "m_joined", "m_from", "m_to"), np.int16
    ),
    "m_channels": np.uint16,
    "f_spell": np.int32,
    **dict.fromkeys(("m_born", "m_experience_left", "m_experience_joined"), np.int16),
}
"""Columns that are wider than a byte."""


def empty_ledger(flows: int, spells: int) -> Ledger:
    """Make a ledger with room for so many flows and spells."""
    columns: list[NDArray[np.generic]] = [np.zeros(2, np.int64)]
    for name in Ledger._fields[1:]:
        size = flows if name[0] == "f" else spells
        columns.append(np.zeros(size, WIDE.get(name, np.uint8)))
    return Ledger(*columns)  # type: ignore[arg-type]


def roomy_ledger(persons: int, months: int) -> Ledger:
    """Make a ledger that most likely holds a whole run: rows not written yet take no memory."""
    return empty_ledger(int(FLOWS * persons * months) + 1000, int(SPELLS * persons * months) + 1000)


def make_room(ledger: Ledger, flows: int, spells: int) -> None:
    """Lengthen the columns in place, where so many more rows would not fit.

    In place, so that the old and the new columns never stand side by side in memory.
    """
    for prefix, used, needed in (("f", ledger.used[0], flows), ("m", ledger.used[1], spells)):
        for name in Ledger._fields:
            column = getattr(ledger, name)
            if name.startswith(f"{prefix}_") and used + needed > column.size:
                column.resize(int(GROWTH * (used + needed)), refcheck=False)


def forget_burn_in(ledger: Ledger, persons: Columns) -> None:
    """Let go of the rows of the burn-in that nobody asks about: call before the first month.

    Kept, in their order, are spells that somebody may still complete, and those of PhDs, whose way
    to hbo is followed for years.
    """
    used = int(ledger.used[1])
    keep = ledger.m_education_left[:used] == c.PHD
    open_ = persons.pending[(persons.present == 1) & (persons.pending >= 0)]
    keep[open_] = True
    now = np.cumsum(keep) - 1
    # Who is gone has a row that may be gone too.
    held = persons.pending >= 0
    persons.pending[held] = np.where(keep, now, -1)[persons.pending[held]]
    kept = int(np.count_nonzero(keep))
    for name in Ledger._fields[1:]:
        column = getattr(ledger, name)
        if name[0] == "m":
            column[:kept] = column[:used][keep]
            # Rows are handed out as new: whoever opens one does not write all columns.
            column[kept:used] = 0
    ledger.used[0], ledger.used[1] = 0, kept


@compiled(inline="always")
def note_flow(
    ledger: Ledger,
    month: int,
    kind: int,
    origin: int,
    origin_role: int,
    target: int,
    target_role: int,
    field: int,
    reason: int,
) -> int:
    """Append one flow and return its row.

    Raises:
        IndexError: `make_room` was not called for enough.
    """
    # Callers hand over integers of many widths: as one width it is compiled once, not seven times.
    return _note_flow(
        ledger,
        np.int64(month),
        np.int64(kind),
        np.int64(origin),
        np.int64(origin_role),
        np.int64(target),
        np.int64(target_role),
        np.int64(field),
        np.int64(reason),
    )


@compiled(inline="always")
def _note_flow(
    ledger: Ledger,
    month: np.int64,
    kind: np.int64,
    origin: np.int64,
    origin_role: np.int64,
    target: np.int64,
    target_role: np.int64,
    field: np.int64,
    reason: np.int64,
) -> int:
    at = ledger.used[0]
    if at >= ledger.f_month.size:
        raise IndexError("the ledger has no room for another flow")
    ledger.used[0] = at + 1
    ledger.f_month[at], ledger.f_kind[at] = month, kind
    ledger.f_from[at], ledger.f_from_role[at] = origin, origin_role
    ledger.f_to[at], ledger.f_to_role[at] = target, target_role
    ledger.f_field[at], ledger.f_reason[at], ledger.f_spell[at] = field, reason, -1
    return int(at)


@compiled
def note_entries(
    ledger: Ledger,
    month: int,
    employers: NDArray[np.int64],
    roles: NDArray[np.int64],
    fields: NDArray[np.uint8],
) -> None:
    """Append an entry into the population for each person given.

    Args:
        ledger: Filled.
        month: Month number.
        employers: Employer with whom each comes, -1 for none.
        roles: Role there.
        fields: Field of each.

    Raises:
        IndexError: `make_room` was not called for enough.
    """
    # Columns are read into names of their own first: see `search.search_and_choose`.
    months, kinds, origins, origin_roles = (
        ledger.f_month,
        ledger.f_kind,
        ledger.f_from,
        ledger.f_from_role,
    )
    targets, target_roles, of_fields = ledger.f_to, ledger.f_to_role, ledger.f_field
    reasons, spells, first = ledger.f_reason, ledger.f_spell, ledger.used[0]
    if first + fields.size > months.size:
        raise IndexError("the ledger has no room for the entries")
    for k in range(fields.size):
        at = first + k
        months[at], kinds[at] = month, ENTRY
        origins[at], origin_roles[at] = OUTSIDE_MODEL, NO_ROLE
        targets[at], target_roles[at], of_fields[at] = employers[k], roles[k], fields[k]
        reasons[at], spells[at] = NO_REASON, -1
    ledger.used[0] = first + fields.size


@compiled(inline="always")
def open_spell(ledger: Ledger, p: Columns, i: int, month: int, reason: int) -> int:
    """Open a row for a person who leaves (or joins without having left); return the row."""
    at = ledger.used[1]
    if at >= ledger.m_left.size:
        raise IndexError("the ledger has no room for another spell")
    ledger.used[1] = at + 1
    ledger.m_channels[at] = 0
    ledger.m_person[at], ledger.m_left[at], ledger.m_joined[at] = p.id[i], month, -1
    ledger.m_from[at], ledger.m_from_role[at] = p.employer[i], p.role[i]
    ledger.m_from_contract[at], ledger.m_from_hours[at] = p.contract[i], p.hours[i]
    ledger.m_to[at], ledger.m_to_role[at] = -1, NO_ROLE
    ledger.m_to_contract[at], ledger.m_to_hours[at] = NO_CONTRACT, 0
    ledger.m_reason[at], ledger.m_prior[at] = reason, p.prior[i]
    ledger.m_born[at], ledger.m_sex[at], ledger.m_field[at] = p.born[i], p.sex[i], p.field[i]
    ledger.m_education_left[at] = p.education[i]
    ledger.m_experience_left[at] = p.practice[i] + p.academic[i]
    ledger.m_exposure[at] = p.exposure[i]
    return int(at)


@compiled(inline="always")
def complete_spell(ledger: Ledger, at: int, p: Columns, i: int, month: int, channels: int) -> None:
    """Complete a row with the job just taken and the channels that led to it."""
    ledger.m_joined[at], ledger.m_channels[at] = month, channels
    ledger.m_to[at], ledger.m_to_role[at] = p.employer[i], p.role[i]
    ledger.m_to_contract[at], ledger.m_to_hours[at] = p.contract[i], p.hours[i]
    ledger.m_prior[at] = p.prior[i]
    ledger.m_education_joined[at] = p.education[i]
    ledger.m_experience_joined[at] = p.practice[i] + p.academic[i]

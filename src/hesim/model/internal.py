"""Fill posts from the employer's own staff: steps to another role with the same employer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.careers import NEVER_MONTH, PROMISED
from hesim.model.ledger import NO_REASON, STEP, Ledger, note_flow
from hesim.model.push import ENDING, IDLE
from hesim.model.slots import ENOUGH, Slots, may_step, needs_slot
from hesim.population.ladder import NEXT_ROLE, PERMANENT_STEPS
from hesim.population.persons import Columns
from hesim.random import uniform

PERMANENT = c.PERMANENT


@compiled
def next_role(role: int, education: int) -> int:
    """Role that somebody of this role can step into with the same employer, or -1 (`LADDER`)."""
    return int(NEXT_ROLE[role, education])


@compiled
def step_up(
    p: Columns,
    gap: NDArray[np.int32],
    month: int,
    chance: NDArray[np.float64],
    alone: NDArray[np.float64],
    key: np.uint64,
    ledger: Ledger,
    slots: Slots,
) -> int:
    """Let the most experienced candidate fill a missing post, one a month per post's cell.

    Args:
        p: Persons.
        gap: Missing posts by employer, role and field; lowered where somebody steps in.
        month: Month number.
        chance: Chance by role that a missing post is filled from inside.
        alone: Factor on it by cell, see `shortage`.
        key: Stream key.
        ledger: Notes each step.
        slots: Permanent posts: who is permanent after the step needs a free one.

    Returns:
        Steps taken.
    """
    best = np.full(gap.shape, -1, np.int64)
    for i in range(p.id.size):
        if p.present[i] == 0 or p.employer[i] < 0:
            continue
        role = next_role(p.role[i], p.education[i])
        if role < 0 or gap[p.employer[i], role, p.field[i]] <= 0:
            continue
        free = slots.free[slots.pool[p.employer[i], role]]
        if not may_step(p.contract[i], p.marks[i], role, free):
            continue
        cell = (p.employer[i], role, p.field[i])
        rival = best[cell]
        if (
            rival < 0
            or p.academic[i] > p.academic[rival]
            or (p.academic[i] == p.academic[rival] and p.id[i] < p.id[rival])
        ):
            best[cell] = i
    steps = 0
    employers, roles, fields = gap.shape
    for employer in range(employers):
        for role in range(roles):
            for field in range(fields):
                i = best[employer, role, field]
                if i < 0:
                    continue
                if uniform(key, p.id[i], month, 0) >= chance[role] * alone[employer, role, field]:
                    continue
                # Somebody else may have taken the last slot of the pool this month.
                if needs_slot(p.contract[i], p.marks[i], role):
                    pool = slots.pool[employer, role]
                    if slots.free[pool] < ENOUGH:
                        continue
                    slots.free[pool] -= 1.0
                note_flow(
                    ledger, month, STEP, employer, p.role[i], employer, role, field, NO_REASON
                )
                p.role[i] = role
                if role in PERMANENT_STEPS:
                    p.contract[i], p.ends[i] = PERMANENT, NEVER_MONTH
                    p.marks[i] &= ~np.uint8(PROMISED)
                    if p.search[i] == ENDING:
                        p.search[i] = IDLE
                gap[employer, role, field] -= 1
                steps += 1
    return steps

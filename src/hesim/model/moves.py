"""Carry out separations, departures, steps and accepted offers, and note each in the ledger."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.model import ledger as book
from hesim.model.careers import (
    DEPARTS,
    EXPIRED,
    LEAVES,
    NEVER_MONTH,
    NEXT_ROLE,
    RESIGNED,
    CareerRates,
    renewal_offered,
)
from hesim.model.jobs import end_second_job
from hesim.model.ledger import Ledger, complete_spell, note_flow, open_spell
from hesim.model.market import Vacancies
from hesim.model.search import Applications
from hesim.population.persons import Columns
from hesim.random import join, normal, uniform, uniform2

DECLINED = 7
NO_REASON, OUTSIDE_MODEL = book.NO_REASON, book.OUTSIDE_MODEL
MOVE, HIRE, SEPARATION, STEP = book.MOVE, book.HIRE, book.SEPARATION, book.STEP
DEPARTURE = book.DEPARTURE


class PhdClocks(NamedTuple):
    """The clocks set when a PhD starts: chances and months (see `conf/model/careers.yaml`)."""

    dropout: float
    dropout_months: float
    success: float
    defence_mean: float
    defence_sd: float


@njit(cache=True)
def start_phd(p: Columns, i: int, month: int, clocks: PhdClocks, key: np.uint64) -> None:
    """Set the dropout and defence clocks of a new PhD candidate."""
    fate, when = uniform2(key, p.id[i], np.uint32(0), np.uint32(0))
    p.dropout[i], p.defence[i] = NEVER_MONTH, NEVER_MONTH
    if fate < clocks.dropout:
        p.dropout[i] = month + 1 + min(-clocks.dropout_months * np.log(when), 42.0)
    elif fate < clocks.dropout + clocks.success:
        draw = normal(key, p.id[i], np.uint32(0), np.uint32(1))
        p.defence[i] = month + max(36.0, clocks.defence_mean + clocks.defence_sd * draw)


@njit(cache=True)
def become_jobless(p: Columns, i: int, month: int) -> None:
    """Take the main job away; a second job ends with it."""
    p.employer[i], p.role[i], p.contract[i], p.hours[i] = -1, 8, 3, 0
    p.ends[i], p.since[i], p.exposure[i] = NEVER_MONTH, month, np.uint64(0)
    p.prior[i] = 2


@njit(cache=True)
def carry_out_exits(
    p: Columns,
    sector_of: NDArray[np.int8],
    month: int,
    outcome: NDArray[np.uint8],
    reason: NDArray[np.uint8],
    ledger: Ledger,
    gone: NDArray[np.int64],
) -> int:
    """Carry out separations and departures; list the slots to clear and return their number."""
    count = 0
    for i in range(p.id.size):
        if p.present[i] == 0 or (outcome[i] != LEAVES and outcome[i] != DEPARTS):
            continue
        academic = p.employer[i] >= 0 and sector_of[p.employer[i]] <= 1
        leaves = outcome[i] == LEAVES
        note_flow(
            ledger, month, SEPARATION if leaves else DEPARTURE, p.employer[i], p.role[i],
            -1 if leaves else OUTSIDE_MODEL, 8, p.field[i], reason[i],
        )  # fmt: skip
        row = -1
        if academic:
            row = open_spell(ledger, p, i, month, reason[i])
        if p.employer2[i] >= 0:
            end_second_job(p, i, month, ledger)
        if leaves:
            become_jobless(p, i, month)
            p.pending[i] = row
        else:
            gone[count] = i
            count += 1
    return count


@njit(cache=True)
def note_next_roles(p: Columns, month: int, outcome: NDArray[np.uint8], ledger: Ledger) -> None:
    """Note the steps of candidates who stay as postdocs (before `carry_on` changes the role)."""
    for i in range(p.id.size):
        if p.present[i] and outcome[i] == NEXT_ROLE:
            note_flow(
                ledger, month, STEP, p.employer[i], p.role[i], p.employer[i], 1, p.field[i],
                NO_REASON,
            )  # fmt: skip


@njit(cache=True)
def carry_out_offers(
    p: Columns,
    v: Vacancies,
    held: NDArray[np.int64],
    applications: Applications,
    sector_of: NDArray[np.int8],
    distance: NDArray[np.float32],
    month: int,
    rates: CareerRates,
    clocks: PhdClocks,
    relocation: float,
    phd_key: np.uint64,
    renewal_key: np.uint64,
    relocation_key: np.uint64,
    ledger: Ledger,
    filled_from: NDArray[np.int16],
) -> None:
    """Give each matched person the job, note flow and spell, and say who filled each vacancy."""
    for k in range(held.size):
        filled_from[k] = -3
        if held[k] < 0:
            continue
        i = applications.seeker[held[k]]
        old, old_role = p.employer[i], p.role[i]
        filled_from[k] = old
        new = v.employer[k]
        reason = NO_REASON
        step = old == new
        if old >= 0 and not step:
            reason = RESIGNED
            old_sector = sector_of[old]
            if old_sector <= 1 and p.search[i] == 2:
                offered = renewal_offered(p, i, old_sector, rates, renewal_key)
                reason = DECLINED if offered and old_role != 0 else EXPIRED
            p.prior[i] = 1
        elif old < 0 and p.prior[i] == 2 and month - p.since[i] <= 2:
            p.prior[i] = 1
        kind = STEP if step else (MOVE if old >= 0 else HIRE)
        note_flow(ledger, month, kind, old, old_role, new, v.role[k], p.field[i], reason)
        row = p.pending[i]
        academic = sector_of[new] <= 1 or (old >= 0 and sector_of[old] <= 1)
        if old < 0 and row >= 0 and month - ledger.m_left[row] > 12:
            row = -1
        if row < 0 and academic and not step:
            row = open_spell(ledger, p, i, month, reason)
        p.pending[i] = -1
        p.employer[i], p.role[i], p.contract[i] = new, v.role[k], v.contract[k]
        p.hours[i], p.field[i] = v.hours[k], v.field[k]
        if p.employer2[i] >= 0 and (p.hours[i] + p.hours2[i] > 38 or p.employer2[i] == new):
            end_second_job(p, i, month, ledger)
        if not step:
            p.since[i] = month
        p.search[i], p.exposure[i] = 0, np.uint64(0)
        if v.contract[k] == 0:
            p.ends[i] = NEVER_MONTH
        elif v.role[k] == 0:
            p.ends[i] = month + rates.terms[0]
        elif v.contract[k] == 1:
            p.ends[i] = month + rates.terms[1]
        else:
            p.ends[i] = month + rates.terms[2]
        if v.role[k] == 0:
            p.since[i] = month
            start_phd(p, i, month, clocks, phd_key)
        if row >= 0 and not step:
            complete_spell(ledger, row, p, i, month)
        pair = join(p.id[i], v.id[k])
        if distance[p.home[i], v.place[k]] > 60.0 and (
            uniform(relocation_key, pair, np.uint32(month), np.uint32(0)) < relocation
        ):
            p.home[i] = v.place[k]

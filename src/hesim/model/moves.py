"""Carry out separations, departures, steps and accepted offers, and note each in the ledger."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model import ledger as book
from hesim.model.careers import (
    ACADEMIC_SECTORS,
    CANDIDATE,
    DECLINED,
    DEPARTS,
    EXPIRED,
    LEAVES,
    NEVER_MONTH,
    NEXT_ROLE,
    PERMANENT,
    POSTDOC,
    PROMISED,
    RESIGNED,
    CareerRates,
    Fates,
    at_contract_end,
)
from hesim.model.channels import (
    SCHOOL_LEAVER,
    ChannelRates,
    draw_channels,
    strength_of_ties,
)
from hesim.model.choice import HBO, NO_JOB, OUTSIDE, WO
from hesim.model.geography import Geography
from hesim.model.jobs import end_second_job
from hesim.model.ledger import Ledger, complete_spell, note_flow, open_spell
from hesim.model.market import Vacancies
from hesim.model.policy import DUAL, Frictions
from hesim.model.push import ENDING, IDLE
from hesim.model.ties import note_work
from hesim.population.persons import Columns
from hesim.random import Streams, join, normal, uniform

EMPLOYED, UNEMPLOYED = (c.PRIOR_SITUATIONS.index(name) for name in ("employed", "unemployed"))
NO_ROLE, NO_CONTRACT = c.JOB_SEEKER, c.NO_CONTRACT
NO_REASON, OUTSIDE_MODEL = book.NO_REASON, book.OUTSIDE_MODEL
MOVE, HIRE, SEPARATION, STEP = book.MOVE, book.HIRE, book.SEPARATION, book.STEP
DEPARTURE = book.DEPARTURE


class PhdClocks(NamedTuple):
    """The clocks set when a PhD starts: chances and months (see `conf/model/careers.yaml`).

    A thesis is `approved` so many months before its defence. `in_service` is the monthly chance of
    an hbo lecturer with a master to take a doctorate; see `doctorates`.
    """

    dropout: float
    dropout_months: float
    dropout_latest: float
    defence_earliest: float
    success: float
    defence_mean: float
    defence_sd: float
    approved: int
    in_service: float


@compiled
def start_phd(p: Columns, i: int, month: int, clocks: PhdClocks, key: np.uint64) -> None:
    """Set the dropout and defence clocks of a new PhD candidate: drawn anew for a second PhD."""
    fate = uniform(key, p.id[i], month, 0)
    p.dropout[i], p.defence[i] = NEVER_MONTH, NEVER_MONTH
    if fate < clocks.dropout:
        after = -clocks.dropout_months * np.log(uniform(key, p.id[i], month, 1))
        p.dropout[i] = month + 1 + min(after, clocks.dropout_latest)
    elif fate < clocks.dropout + clocks.success:
        after = clocks.defence_mean + clocks.defence_sd * normal(key, p.id[i], month, 1)
        p.defence[i] = month + max(after, clocks.defence_earliest)


class MoveRates(NamedTuple):
    """What a move brings about; see `conf/model/search.yaml` and `conf/model/choice.yaml`.

    Attributes:
        relocation: Chance to move house for a job beyond `relocation_km`.
        relocation_km: Kilometres.
        job_known: Months after leaving up to which a survey knows the job left.
        contacts_kept: Contacts that somebody has in the sector just left for the other.
    """

    relocation: float
    relocation_km: float
    job_known: int
    contacts_kept: float


class JobChangeRates(NamedTuple):
    """All numbers that a change of job asks.

    Attributes:
        careers: What happens at the end of a contract, and how long contracts last.
        phd: Clocks of a PhD.
        channels: Through what people see vacancies.
        moves: What a move brings about.
        full_week: Weekly hours that all jobs together do not exceed.
    """

    careers: CareerRates
    phd: PhdClocks
    channels: ChannelRates
    moves: MoveRates
    full_week: int


@compiled
def become_jobless(p: Columns, i: int, month: int, kind: int) -> None:
    """Take the main job, with an employer of this kind, away."""
    p.employer[i], p.role[i], p.contract[i], p.hours[i] = -1, NO_ROLE, NO_CONTRACT, 0
    p.ends[i], p.since[i], p.exposure[i] = NEVER_MONTH, month, np.uint64(0)
    p.prior[i], p.place[i], p.last[i] = UNEMPLOYED, -1, kind
    p.marks[i] &= ~np.uint8(PROMISED)


@compiled
def carry_out_exits(
    p: Columns,
    places: Geography,
    month: int,
    fates: Fates,
    touched: NDArray[np.int64],
    ledger: Ledger,
    gone: NDArray[np.int64],
) -> int:
    """Carry out separations and departures; list the slots to clear and return their number."""
    count, sector_of, outcome, reason = 0, places.sector_of, fates.outcome, fates.reason
    for i in touched:
        if outcome[i] != LEAVES and outcome[i] != DEPARTS:
            continue
        academic = p.employer[i] >= 0 and sector_of[p.employer[i]] <= ACADEMIC_SECTORS
        leaves = outcome[i] == LEAVES
        flow = note_flow(
            ledger,
            month,
            SEPARATION if leaves else DEPARTURE,
            p.employer[i],
            p.role[i],
            -1 if leaves else OUTSIDE_MODEL,
            NO_ROLE,
            p.field[i],
            reason[i],
        )
        row = -1
        if academic or leaves:
            row = open_spell(ledger, p, i, month, reason[i])
            ledger.f_spell[flow] = row
        if p.employer2[i] >= 0:
            end_second_job(p, i, month, ledger)
        if leaves:
            become_jobless(p, i, month, min(sector_of[p.employer[i]], OUTSIDE))
            p.pending[i] = row
        else:
            gone[count] = i
            count += 1
    return count


@compiled
def note_next_roles(
    p: Columns, month: int, fates: Fates, touched: NDArray[np.int64], ledger: Ledger
) -> None:
    """Note the steps of candidates who stay as postdocs (before `carry_on` changes the role)."""
    for i in touched:
        if fates.outcome[i] == NEXT_ROLE:
            note_flow(
                ledger,
                month,
                STEP,
                p.employer[i],
                p.role[i],
                p.employer[i],
                POSTDOC,
                p.field[i],
                NO_REASON,
            )


@compiled
def end_of_contract(v: Vacancies, k: int, month: int, rates: CareerRates) -> int:
    """Month in which the contract that a vacancy offers ends."""
    if v.contract[k] == PERMANENT:
        return NEVER_MONTH
    return int(month + rates.terms[v.role[k], v.contract[k]])


@compiled
def reason_to_leave(
    p: Columns, i: int, month: int, sector: int, rates: CareerRates, renewal_key: np.uint64
) -> int:
    """Reason of table 2.2 of somebody who leaves one job for another."""
    if sector > ACADEMIC_SECTORS or p.search[i] != ENDING:
        return RESIGNED
    goes_on = at_contract_end(p, i, month, sector, rates, renewal_key)
    return EXPIRED if goes_on == LEAVES else DECLINED


@compiled(inline="always")
def take_job(
    p: Columns,
    i: int,
    v: Vacancies,
    k: int,
    month: int,
    rates: JobChangeRates,
    kept: bool,
    key: np.uint64,
) -> None:
    """Give a person the job of a vacancy; a PhD candidate's clocks start.

    Who stays with a common employer (`kept`) keeps the contract if it is the better one.
    """
    contract, ends = v.contract[k], end_of_contract(v, k, month, rates.careers)
    if kept and p.contract[i] < contract:
        contract, ends = p.contract[i], p.ends[i]
    else:
        p.marks[i] &= ~np.uint8(PROMISED)
    if p.employer[i] != v.employer[k] or v.role[k] == CANDIDATE:
        p.since[i] = month
    p.employer[i], p.role[i], p.contract[i] = v.employer[k], v.role[k], contract
    p.hours[i], p.field[i], p.place[i] = v.hours[k], v.field[k], v.place[k]
    p.search[i], p.exposure[i], p.pending[i], p.last[i] = IDLE, np.uint64(0), -1, NO_JOB
    p.ends[i] = ends
    if v.role[k] == CANDIDATE:
        start_phd(p, i, month, rates.phd, key)


@compiled
def carry_out_offers(
    p: Columns,
    v: Vacancies,
    hired: NDArray[np.int64],
    places: Geography,
    month: int,
    rates: JobChangeRates,
    frictions: Frictions,
    streams: Streams,
    ledger: Ledger,
) -> NDArray[np.int16]:
    """Give each person the job that was won, and note flow and spell.

    Args:
        p: Persons.
        v: Vacancies.
        hired: Row of the person who gets each open vacancy, or -1.
        places: Towns, employers and partnerships.
        month: Month number.
        rates: Numbers of a change of job.
        frictions: What policy leaves between employers, and what it shows.
        streams: Keys of the streams.
        ledger: Notes each change.

    Returns:
        Employer left by who fills each vacancy, -1 for none, `NOBODY` where nobody does.
    """
    filled_from = np.full(hired.size, book.NOBODY, np.int16)
    careers, channels, moves = rates.careers, rates.channels, rates.moves
    for k in range(hired.size):
        i = hired[k]
        if i < 0:
            continue
        old, new = p.employer[i], v.employer[k]
        filled_from[k] = old
        new_kind = min(places.sector_of[new], OUTSIDE)
        old_kind = min(places.sector_of[old], OUTSIDE) if old >= 0 else NO_JOB
        step = old == new
        worked = p.prior[i] != SCHOOL_LEAVER
        # Who comes from a job in the other sector, without one in between or not, knows it.
        direct = old_kind + new_kind == HBO + WO
        crosses = direct or (old < 0 and p.last[i] + new_kind == HBO + WO)
        reason = NO_REASON
        if old >= 0 and not step:
            reason = reason_to_leave(p, i, month, places.sector_of[old], careers, streams.renewal)
            p.prior[i] = EMPLOYED
        elif p.prior[i] == UNEMPLOYED and p.since[i] == month:
            # Who found work in the month of the loss was never without it.
            p.prior[i] = EMPLOYED
        kind = STEP if step else (MOVE if old >= 0 else HIRE)
        flow = note_flow(ledger, month, kind, old, p.role[i], new, v.role[k], p.field[i], reason)
        row = p.pending[i] if not step else -1
        # The job lost is remembered here however long ago; who tells it decides how far back.
        ledger.f_spell[flow] = row
        if old < 0 and row >= 0 and month - ledger.m_left[row] > moves.job_known:
            row = -1
        if row < 0 and not step and min(old_kind, new_kind) < OUTSIDE:
            row = open_spell(ledger, p, i, month, reason)
            if old >= 0:
                ledger.f_spell[flow] = row
        pair = join(p.id[i], v.id[k])
        if row >= 0:
            ties = 1.0
            if direct:
                ties = strength_of_ties(
                    p.contacts[i], places.partner[old, new] == 1, channels.gains
                )
            came_from = old_kind if old >= 0 else int(p.last[i])
            more = frictions.promoted_by[frictions.classes[new, v.role[k], v.field[k]], old_kind]
            shown = draw_channels(
                came_from, new_kind, ties, worked, channels, more, streams.channel, pair
            )
        if p.marks[i] & DUAL != 0:
            # A joint appointment ends with any change of the main job.
            end_second_job(p, i, month, ledger)
        if new_kind < OUTSIDE:
            note_work(p, i, new_kind)
        if crosses:
            p.contacts[i] += moves.contacts_kept
            p.crossed[i] = month
            p.outlook[i] = 0.0
        kept = old >= 0 and frictions.pool[old] >= 0 and frictions.pool[old] == frictions.pool[new]
        take_job(p, i, v, k, month, rates, kept, streams.phd)
        if p.employer2[i] >= 0 and (
            p.hours[i] + p.hours2[i] > rates.full_week or p.employer2[i] == new
        ):
            end_second_job(p, i, month, ledger)
        if row >= 0:
            complete_spell(ledger, row, p, i, month, shown)
        if places.distance[p.home[i], v.place[k]] > moves.relocation_km and (
            uniform(streams.relocation, pair, month, 0) < moves.relocation
        ):
            p.home[i] = v.place[k]
    return filled_from

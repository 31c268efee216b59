"""Decide what happens to people in their jobs, whoever searches.

Theory: competing risks in discrete time; the three clocks of a PhD (contract, defence, dropout).
Data: reasons of table 2.2 and contracts of tables 3.2-3.3 (via `rates`); else assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.geography import Geography
from hesim.model.ledger import NO_REASON
from hesim.model.ties import TieRates, change_ties
from hesim.population.biography import STUDIED
from hesim.population.persons import NEVER, Columns
from hesim.random import BATCH, Streams, draw_batch, in_batch, moment, uniform

STAYS, LEAVES, DEPARTS, CONVERTED, RENEWED, NEXT_ROLE, EXTENDED = range(7)
EARLY, RETIREMENT, DISABLED, DISABLED_PART = (
    c.EXIT_REASONS.index(name)
    for name in ("early_retirement", "retirement", "disabled_full", "disabled_part_lost_job")
)
DISMISSED, EXPIRED, DECLINED, REORGANISED, RESIGNED = (
    c.EXIT_REASONS.index(name)
    for name in ("dismissed", "contract_expired", "declined_renewal", "reorganisation", "resigned")
)
NEVER_MONTH = int(NEVER)
CANDIDATE, POSTDOC, PROFESSOR, DOCTOR = c.PHD_CANDIDATE, c.POSTDOC, c.PROFESSOR, c.PHD
PERMANENT, WITH_PROSPECT, WITHOUT_PROSPECT = c.PERMANENT, c.WITH_PROSPECT, c.WITHOUT_PROSPECT
DECIDED, KEPT = 1 << 5, 1 << 6
"""Bits of `marks`: the employer has decided on a contract with prospect; a slot waits for it."""
PROMISED = DECIDED | KEPT
ACADEMIC_SECTORS = c.WO
"""Sector codes up to this one are hbo and wo."""


class CareerRates(NamedTuple):
    """Monthly probabilities and terms, by sector where an array of two (hbo, wo).

    Attributes:
        early: Early retirement from `early_from` months of age.
        disabled: Full disability.
        disabled_part: Partial disability with loss of the job.
        dismissed: Dismissal.
        reorganised: Reorganisation.
        professor_share: Share of those hazards that professors bear.
        early_from: Months of age.
        pension_age: Months of age at which everybody retires this month.
        renewal: Chance that a contract without prospect is renewed.
        of_hours: Factor on leaving by whole weekly hours, but for pension and disability; 1 on
            average of staff, shape (2, 256).
        terms: Months of a contract by role and type, shape (roles, 3).
        phd_stay: Chance of a PhD candidate with the degree to stay as postdoc.
        phd_extension: Chance of one without it to be extended.
        phd_extension_months: Months of an extension.
        phd_extensions: Extensions at most.
        outside_separation: Monthly loss of a job outside.
        outside_departure: Monthly exit from reach with a job outside.
        jobless_departure: Monthly exit from reach without a job.
    """

    early: NDArray[np.float64]
    disabled: NDArray[np.float64]
    disabled_part: NDArray[np.float64]
    dismissed: NDArray[np.float64]
    reorganised: NDArray[np.float64]
    professor_share: float
    early_from: int
    pension_age: int
    renewal: NDArray[np.float64]
    of_hours: NDArray[np.float64]
    terms: NDArray[np.int64]
    phd_stay: float
    phd_extension: float
    phd_extension_months: int
    phd_extensions: int
    outside_separation: float
    outside_departure: float
    jobless_departure: float


@compiled
def chance_to_go_on(renewal: float, factor: float) -> float:
    """Chance that a contract goes on, where a job of these hours ends so much more often."""
    return renewal + (1.0 - renewal) * (1.0 - factor)


@compiled
def at_contract_end(
    p: Columns, i: int, month: int, sector: int, rates: CareerRates, key: np.uint64
) -> int:
    """What the employer means to do when the present contract ends: an outcome code.

    A contract with prospect becomes permanent if a slot waits for it (see `slots`), or ends; one
    without is renewed or ends. A PhD candidate with the degree becomes postdoc or leaves; one
    without it is extended, up to a number of times, or leaves. Small contracts end more often.
    Keyed by person and contract end, so that it is one decision from the start of the contract and
    nobody's search changes it.

    Args:
        p: Persons.
        i: Row of the person, who holds a temporary contract in hbo or wo.
        month: The month in which the question is asked.
        sector: Sector of the employer.
        rates: Chances.
        key: Key of the stream of renewals.
    """
    chance = uniform(key, p.id[i], p.ends[i], 0)
    if p.role[i] == CANDIDATE:
        if p.education[i] == DOCTOR:
            return NEXT_ROLE if chance < rates.phd_stay else LEAVES
        latest = (
            rates.terms[CANDIDATE, WITHOUT_PROSPECT]
            + rates.phd_extensions * rates.phd_extension_months
        )
        if p.ends[i] - p.since[i] < latest and chance < rates.phd_extension:
            return EXTENDED
        return LEAVES
    if p.contract[i] == WITH_PROSPECT:
        return CONVERTED if p.marks[i] & KEPT != 0 else LEAVES
    goes_on = chance_to_go_on(rates.renewal[sector], rates.of_hours[sector, p.hours[i]])
    return RENEWED if chance < goes_on else LEAVES


class Fates(NamedTuple):
    """What the month brings each person in the job, whoever searches.

    Attributes:
        outcome: Code of the outcome, `STAYS` for most.
        reason: Reason of table 2.2 of those who leave.
    """

    outcome: NDArray[np.uint8]
    reason: NDArray[np.uint8]


@compiled
def career_events(
    p: Columns,
    places: Geography,
    month: int,
    rates: CareerRates,
    streams: Streams,
    fates: Fates,
) -> None:
    """Decide each person's career event of the month.

    Args:
        p: Persons.
        places: Sector of each employer.
        month: Month number.
        rates: Chances and terms.
        streams: Keys of the streams.
        fates: Filled.
    """
    outcome, reason, sector_of = fates.outcome, fates.reason, places.sector_of
    now, ids, chances = moment(streams.careers, month, 0), p.id, np.empty(BATCH)
    for i in range(ids.size):
        if in_batch(i) == 0:
            draw_batch(now, ids[i : i + BATCH], chances)
        outcome[i] = STAYS
        if p.present[i] == 0:
            continue
        age = month - p.born[i]
        if age >= rates.pension_age:
            outcome[i], reason[i] = DEPARTS, RETIREMENT
            continue
        chance = chances[in_batch(i)]
        employer = p.employer[i]
        if employer < 0:
            if chance < rates.jobless_departure:
                outcome[i], reason[i] = DEPARTS, NO_REASON
            continue
        sector = sector_of[employer]
        if sector > ACADEMIC_SECTORS:
            if chance < rates.outside_departure:
                outcome[i], reason[i] = DEPARTS, NO_REASON
            elif chance < rates.outside_departure + rates.outside_separation:
                outcome[i], reason[i] = LEAVES, DISMISSED
            continue
        share = rates.professor_share if p.role[i] == PROFESSOR else 1.0
        bar = rates.disabled[sector] * share
        if chance < bar:
            outcome[i], reason[i] = DEPARTS, DISABLED
            continue
        bar += rates.disabled_part[sector] * share
        if chance < bar:
            outcome[i], reason[i] = DEPARTS, DISABLED_PART
            continue
        if age >= rates.early_from:
            bar += rates.early[sector]
            if chance < bar:
                outcome[i], reason[i] = DEPARTS, EARLY
                continue
        if p.contract[i] == PERMANENT:
            factor = share * rates.of_hours[sector, p.hours[i]]
            bar += rates.dismissed[sector] * factor
            if chance < bar:
                outcome[i], reason[i] = LEAVES, DISMISSED
                continue
            bar += rates.reorganised[sector] * factor
            if chance < bar:
                outcome[i], reason[i] = LEAVES, REORGANISED
                continue
        if p.role[i] == CANDIDATE and month >= p.dropout[i]:
            outcome[i], reason[i] = LEAVES, RESIGNED
            continue
        if month < p.ends[i]:
            continue
        outcome[i] = at_contract_end(p, i, month, sector, rates, streams.renewal)
        reason[i] = EXPIRED


@compiled
def carry_on(
    p: Columns, month: int, rates: CareerRates, fates: Fates, touched: NDArray[np.int64]
) -> None:
    """Apply the outcomes that keep the employer: conversion, renewal, extension, next role."""
    outcome = fates.outcome
    for i in touched:
        if CONVERTED <= outcome[i] <= EXTENDED:
            p.marks[i] &= ~np.uint8(PROMISED)
        if outcome[i] == CONVERTED:
            p.contract[i], p.ends[i] = PERMANENT, NEVER_MONTH
        elif outcome[i] == RENEWED:
            p.ends[i] = month + rates.terms[p.role[i], WITHOUT_PROSPECT]
        elif outcome[i] == EXTENDED:
            p.ends[i] = month + rates.phd_extension_months
        elif outcome[i] == NEXT_ROLE:
            p.role[i], p.ends[i] = POSTDOC, month + rates.terms[POSTDOC, WITHOUT_PROSPECT]


@compiled
def grow_older(
    p: Columns,
    places: Geography,
    month: int,
    approved: int,
    ties: TieRates,
) -> int:
    """Add a month of experience to those in work; ties grow and fade; PhDs defend.

    Who has an approved thesis counts as a doctor wherever doctors are asked for, and no longer as
    one who writes it: the defence is a ceremony.

    Args:
        p: Persons.
        places: Sector and partnerships of each employer.
        month: Month number.
        approved: Months before the defence in which a thesis is approved.
        ties: How contacts and awareness change.

    Returns:
        How many defended.
    """
    defences, sector_of, partnerships = 0, places.sector_of, places.partnerships
    for i in range(p.id.size):
        if p.present[i] == 0:
            continue
        if p.employer[i] >= 0:
            if sector_of[p.employer[i]] <= ACADEMIC_SECTORS:
                p.academic[i] += 1
            else:
                p.practice[i] += 1
        if p.defence[i] <= month + approved:
            p.education[i] = DOCTOR
            p.past[i] |= np.uint8(STUDIED << c.WO)
        if p.defence[i] == month:
            p.defence[i] = NEVER_MONTH
            defences += 1
        change_ties(p, i, partnerships[p.employer[i]] if p.employer[i] >= 0 else 0.0, ties)
    return defences

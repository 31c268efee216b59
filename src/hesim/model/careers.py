"""Decide what happens to people in their jobs, whoever searches.

Theory: competing risks in discrete time; the three clocks of a PhD (contract, defence, dropout).
Data: reasons of table 2.2 and contracts of tables 3.2-3.3 (via `rates`); else assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hesim.population.persons import NEVER, Columns
from hesim.random import uniform2

STAYS, LEAVES, DEPARTS, CONVERTED, RENEWED, NEXT_ROLE, EXTENDED = range(7)
EARLY, RETIREMENT, DISABLED, DISABLED_PART = 0, 1, 2, 3
DISMISSED, EXPIRED, REORGANISED, RESIGNED = 5, 6, 8, 9
NEVER_MONTH = int(NEVER)


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
        renew_with: Chance that a contract with prospect becomes permanent.
        renew_without: Chance that one without prospect is renewed.
        terms: Months of a contract: PhD, with prospect, without prospect.
        phd: Chance to stay as postdoc, chance and months of an extension.
        outside_separation: Monthly loss of an outside job.
        outside_departure: Monthly exit of the pool with a job.
        jobless_departure: Monthly exit of the pool without one.
    """

    early: NDArray[np.float64]
    disabled: NDArray[np.float64]
    disabled_part: NDArray[np.float64]
    dismissed: NDArray[np.float64]
    reorganised: NDArray[np.float64]
    professor_share: float
    early_from: int
    pension_age: int
    renew_with: NDArray[np.float64]
    renew_without: NDArray[np.float64]
    terms: NDArray[np.int64]
    phd: NDArray[np.float64]
    outside_separation: float
    outside_departure: float
    jobless_departure: float


@njit(cache=True)
def renewal_offered(p: Columns, i: int, sector: int, rates: CareerRates, key: np.uint64) -> bool:
    """Tell whether the employer means to go on after the present contract.

    Keyed by person and contract end, so that it is one decision from the start of the contract
    and nobody's search changes it.
    """
    draw = uniform2(key, p.id[i], np.uint32(p.ends[i] + 1000), np.uint32(0))[0]
    if p.contract[i] == 1:
        return draw < rates.renew_with[sector]
    return draw < rates.renew_without[sector]


@njit(cache=True)
def career_events(
    p: Columns,
    sector_of: NDArray[np.int8],
    month: int,
    rates: CareerRates,
    key: np.uint64,
    renewal_key: np.uint64,
    outcome: NDArray[np.uint8],
    reason: NDArray[np.uint8],
) -> None:
    """Write each person's career event of the month into `outcome` and `reason`."""
    for i in range(p.id.size):
        outcome[i] = STAYS
        if p.present[i] == 0:
            continue
        age = month - p.born[i]
        first, second = uniform2(key, p.id[i], np.uint32(month + 1000), np.uint32(0))
        if age >= rates.pension_age:
            outcome[i], reason[i] = DEPARTS, RETIREMENT
            continue
        employer = p.employer[i]
        if employer < 0:
            if first < rates.jobless_departure:
                outcome[i], reason[i] = DEPARTS, RESIGNED
            continue
        sector = sector_of[employer]
        if sector > 1:
            if first < rates.outside_departure:
                outcome[i], reason[i] = DEPARTS, RESIGNED
            elif first < rates.outside_departure + rates.outside_separation:
                outcome[i], reason[i] = LEAVES, DISMISSED
            continue
        share = rates.professor_share if p.role[i] == 4 else 1.0
        bar = rates.disabled[sector] * share
        if first < bar:
            outcome[i], reason[i] = DEPARTS, DISABLED
            continue
        bar += rates.disabled_part[sector] * share
        if first < bar:
            outcome[i], reason[i] = DEPARTS, DISABLED_PART
            continue
        if age >= rates.early_from:
            bar += rates.early[sector]
            if first < bar:
                outcome[i], reason[i] = DEPARTS, EARLY
                continue
        if p.contract[i] == 0:
            bar += rates.dismissed[sector] * share
            if first < bar:
                outcome[i], reason[i] = LEAVES, DISMISSED
                continue
            bar += rates.reorganised[sector] * share
            if first < bar:
                outcome[i], reason[i] = LEAVES, REORGANISED
                continue
        if p.role[i] == 0 and month >= p.dropout[i]:
            outcome[i], reason[i] = LEAVES, RESIGNED
            continue
        if month < p.ends[i]:
            continue
        if p.role[i] == 0:
            if p.education[i] == 3 and second < rates.phd[0]:
                outcome[i] = NEXT_ROLE
            elif (
                p.education[i] != 3
                and month - p.since[i] < rates.terms[0] + 2 * rates.phd[2]
                and second < rates.phd[1]
            ):
                outcome[i] = EXTENDED
            elif second < rates.phd[0]:
                outcome[i] = NEXT_ROLE if p.education[i] == 3 else EXTENDED
            else:
                outcome[i], reason[i] = LEAVES, EXPIRED
        elif renewal_offered(p, i, sector, rates, renewal_key):
            outcome[i] = CONVERTED if p.contract[i] == 1 else RENEWED
        else:
            outcome[i], reason[i] = LEAVES, EXPIRED


@njit(cache=True)
def carry_on(p: Columns, month: int, rates: CareerRates, outcome: NDArray[np.uint8]) -> None:
    """Apply the outcomes that keep the employer: conversion, renewal, extension, next role."""
    for i in range(p.id.size):
        if outcome[i] == CONVERTED:
            p.contract[i], p.ends[i] = 0, NEVER_MONTH
        elif outcome[i] == RENEWED:
            p.ends[i] = month + rates.terms[2]
        elif outcome[i] == EXTENDED:
            p.ends[i] = month + int(rates.phd[2])
        elif outcome[i] == NEXT_ROLE:
            p.role[i], p.ends[i] = 1, month + rates.terms[2]


@njit(cache=True)
def grow_older(
    p: Columns,
    sector_of: NDArray[np.int8],
    partnerships: NDArray[np.float64],
    month: int,
    gain: float,
    decay: float,
) -> int:
    """Add a month of experience and contacts to those in work; let PhDs defend.

    Args:
        p: Persons.
        sector_of: Sector of each employer.
        partnerships: Partnerships across sectors of each employer.
        month: Month number.
        gain: Contacts that a partnership brings a member of staff in a month.
        decay: Share of contacts that is lost in a month.

    Returns:
        How many defended.
    """
    defences = 0
    for i in range(p.id.size):
        if p.present[i] == 0:
            continue
        if p.employer[i] >= 0:
            if sector_of[p.employer[i]] <= 1:
                p.academic[i] += 1
                p.contacts[i] += gain * partnerships[p.employer[i]]
            else:
                p.practice[i] += 1
        if p.defence[i] == month:
            p.education[i], p.defence[i] = 3, NEVER_MONTH
            defences += 1
        p.contacts[i] *= 1.0 - decay
    return defences

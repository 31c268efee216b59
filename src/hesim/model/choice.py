"""Weigh a job: random utility over the pull items of table 3.5, less the costs of switching.

Theory: random-utility discrete choice. The value of a job by heading is precomputed from the
items' importance (pooled agreement of table 3.5: data) and the jobs' attributes (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.random import moment, uniform_of

PERMANENT, WITH_PROSPECT = c.PERMANENT, c.WITH_PROSPECT


ROOT_12 = float(np.sqrt(12.0))
"""Turns a uniform of width one into one of standard deviation one."""
KM_UNIT = 50.0
"""The cost of distance is per so many kilometres."""
HBO, WO, OUTSIDE, NO_JOB = c.HBO, c.WO, c.OUTSIDE_KIND, c.NO_KIND


class Costs(NamedTuple):
    """Costs of a change of job, in utility; see `conf/model/choice.yaml`.

    Attributes:
        distance: Cost of 50 km between home and work.
        sector: Cost of a step between hbo and wo.
        outside: Cost of a step between higher education and outside.
        contract: Cost of giving a permanent post up for a temporary one.
        prospect_risk: Share of that cost when the new one has prospect of permanence.
        hours: Cost of a change of hours by a full week.
        stay: Cost of any new job, with the same employer too.
        full_week: Weekly hours of a full week.
    """

    distance: float
    sector: float
    outside: float
    contract: float
    prospect_risk: float
    hours: float
    stay: float
    full_week: float


class ChoiceRates(NamedTuple):
    """Numbers of the choice; see `conf/model/choice.yaml`.

    Attributes:
        value: Value by employer, role and heading, shape (employers, roles, 5).
        security: Value of each contract type, shape (4,).
        scale: Importance-to-utility scale of hbo, wo and outside, shape (3,).
        costs: Costs of a change of job.
        push: Cost of staying for each push item that bites.
        ending: How much less an ending job is worth.
        jobless: How much less having no job is worth.
        taste_sd: Spread of personal tastes by heading.
    """

    value: NDArray[np.float64]
    security: NDArray[np.float64]
    scale: NDArray[np.float64]
    costs: Costs
    push: float
    ending: float
    jobless: float
    taste_sd: float


@compiled
def taste_moments(headings: int, key: np.uint64) -> NDArray[np.uint64]:
    """Seeds of the tastes by heading."""
    seeds = np.empty(headings, np.uint64)
    for heading in range(headings):
        seeds[heading] = moment(key, 0, heading)
    return seeds


@compiled(inline="always")
def taste(seed: np.uint64, identity: np.uint64, spread: float) -> float:
    """A person's lasting taste for one heading: uniform, mean 1 (assumed)."""
    return 1.0 + spread * ROOT_12 * (uniform_of(seed, identity) - 0.5)


@compiled(inline="always")
def note_tastes(
    identity: np.uint64, seeds: NDArray[np.uint64], spread: float, tastes: NDArray[np.float64]
) -> None:
    """Write a person's tastes by heading into `tastes`."""
    for heading in range(seeds.size):
        tastes[heading] = taste(seeds[heading], identity, spread)


@compiled(inline="always")
def value_of_headings(
    tastes: NDArray[np.float64], value: NDArray[np.float64], employer: int, role: int
) -> float:
    """Value to a person of what a job offers, before its scale."""
    total = 0.0
    for heading in range(tastes.size):
        total += tastes[heading] * value[employer, role, heading]
    return total


class Present(NamedTuple):
    """What the weighing asks about what a person has.

    Attributes:
        kind: Kind of the employer now: hbo, wo, outside or none.
        contract: Contract now.
        ending: Whether the job is about to end.
        bites: Push items that bite.
        side: What a second post adds.
        km: Way to work.
        offers: Value of the job's headings, each times the person's taste, in all.
    """

    kind: int
    contract: int
    ending: bool
    bites: int
    side: float
    km: float
    offers: float


class PresentParts(NamedTuple):
    """What a person has now, factor by factor; `worth` adds it up.

    Attributes:
        offers: Value of the job's headings, each times the person's taste, in all.
        security: Value of its contract.
        scale: Importance to utility, of the kind of employer; both above are multiplied by it.
        distance: What the way to work takes off.
        push: What the push items that bite take off.
        ending: What a job that ends takes off.
        side: What a second post beside the job adds.
        jobless: What having no job takes off; then all others are zero.
    """

    offers: float
    security: float
    scale: float
    distance: float
    push: float
    ending: float
    side: float
    jobless: float


class Mover(NamedTuple):
    """What the weighing of an offer asks about a person.

    Attributes:
        kind: Kind of the employer now: hbo, wo, outside or none.
        origin: The same, but of the last employer where there is none now.
        contract: Contract now.
        hours: Weekly hours now; signed, for they are subtracted.
        outlook: What policy adds to a step between hbo and wo in this person's eyes.
        pool: Number of the common employer that the employer now belongs to, or -1.
        sector_left: Share of the cost of a step between hbo and wo that the employer leaves.
        outside_left: The same of a step between higher education and outside.
    """

    kind: int
    origin: int
    contract: int
    hours: int
    outlook: float
    pool: int
    sector_left: float
    outside_left: float


class Offer(NamedTuple):
    """What the weighing asks about an offer; numbers alone, so that it costs compiled code nothing.

    Attributes:
        kind: Kind of the employer that offers.
        contract: Contract offered.
        hours: Weekly hours offered; signed.
        km: Way to work.
        offers: Value of the job's headings, each times the person's taste, in all.
        pool: Number of the common employer that the offering one belongs to, or -1.
        sector_left: Share of the cost of a step between hbo and wo that it leaves.
        outside_left: The same of a step between higher education and outside.
    """

    kind: int
    contract: int
    hours: int
    km: float
    offers: float
    pool: int
    sector_left: float
    outside_left: float


class OfferParts(NamedTuple):
    """What an offer is worth to a person, factor by factor; `utility` adds it up, but for luck.

    Attributes:
        offers: Value of the job's headings, each times the person's taste, in all.
        security: Value of its contract.
        scale: Importance to utility, of the kind of employer; both above are multiplied by it.
        distance: What the way to work takes off.
        change: Cost of any new job.
        sector: Cost of a step between hbo and wo.
        outside: Cost of a step between higher education and outside.
        contract: Cost of giving a permanent post up.
        hours: Cost of other hours.
        outlook: What policy adds to a step between hbo and wo.
    """

    offers: float
    security: float
    scale: float
    distance: float
    change: float
    sector: float
    outside: float
    contract: float
    hours: float
    outlook: float


@compiled(inline="always")
def present_parts(now: Present, rates: ChoiceRates) -> PresentParts:
    """Weigh what a person has: the present job less what pushes, or no job."""
    if now.kind == NO_JOB:
        return PresentParts(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, rates.jobless)
    return PresentParts(
        now.offers,
        rates.security[now.contract],
        rates.scale[now.kind],
        rates.costs.distance * now.km / KM_UNIT,
        rates.push * now.bites,
        rates.ending if now.ending else 0.0,
        now.side,
        0.0,
    )


@compiled(inline="always")
def worth(parts: PresentParts) -> float:
    """Add up what a person has."""
    job = parts.scale * (parts.security + parts.offers) - parts.distance
    return job - parts.push - parts.ending + parts.side - parts.jobless


@compiled(inline="always")
def offer_parts(
    who: Mover, new: Offer, security: NDArray[np.float64], scale: NDArray[np.float64], costs: Costs
) -> OfferParts:
    """Weigh one offer: the job's value less the costs of the change.

    What it costs to leave a job is paid by those who have one. What another sector asks, its
    content, its status and what has to be learnt, is owed by the sector that somebody knows: the
    last one, in work or not. Inside a common employer the better contract is kept. Of the shares of
    a cost that both employers leave the larger counts; who has no employer has only what the new
    one leaves.

    Args:
        who: The person.
        new: The offer.
        security: Value of each contract.
        scale: Importance to utility, by kind.
        costs: Costs of a change.
    """
    together = new.pool >= 0 and new.pool == who.pool
    signed = min(who.contract, new.contract) if together else new.contract
    change, sector, outside, risk, other_hours = 0.0, 0.0, 0.0, 0.0, 0.0
    jobless = who.kind == NO_JOB
    crosses = who.origin + new.kind == HBO + WO
    if who.origin != NO_JOB and who.origin != new.kind:
        if crosses:
            left = new.sector_left if jobless else max(who.sector_left, new.sector_left)
            sector = costs.sector * left
        else:
            left = new.outside_left if jobless else max(who.outside_left, new.outside_left)
            outside = costs.outside * left
    if not jobless:
        change = costs.stay
        if who.contract == PERMANENT and signed != PERMANENT:
            risk = costs.contract * (costs.prospect_risk if signed == WITH_PROSPECT else 1.0)
        other_hours = costs.hours * abs(np.int64(who.hours) - np.int64(new.hours)) / costs.full_week
    return OfferParts(
        new.offers,
        security[signed],
        scale[new.kind],
        costs.distance * new.km / KM_UNIT,
        change,
        sector,
        outside,
        risk,
        other_hours,
        who.outlook if crosses else 0.0,
    )


@compiled(inline="always")
def value_of_job(parts: OfferParts) -> float:
    """What a job is worth to a person once held, whatever the change to it costs."""
    return parts.scale * (parts.security + parts.offers) - parts.distance


@compiled(inline="always")
def utility(parts: OfferParts) -> float:
    """Add up what an offer is worth, but for luck."""
    job = value_of_job(parts)
    cost = parts.change + parts.sector + parts.outside + parts.contract + parts.hours
    return job - cost + parts.outlook

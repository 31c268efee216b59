"""Numbers of what pushes and pulls: exposure to the items of table 3.5, and the value of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.choice import ChoiceRates, Costs
from hesim.model.items import HEADINGS, Items
from hesim.model.push import LONGEST, OLDEST, PushRates
from hesim.model.rates.market import SURELY_NOT
from hesim.population.employers import Employers
from hesim.population.hours import hours_of_band
from hesim.random import normal, stream_key

if TYPE_CHECKING:
    from hesim.config import Settings

KINDS = c.KINDS[: c.NO_KIND]
PRECONDITIONS = HEADINGS.index("preconditions")


def quality(employers: Employers, seed: int, replication: int) -> NDArray[np.float64]:
    """Lasting quality of each employer by heading: standard normals, (employers, headings)."""
    key = stream_key(seed, replication, "employer")
    return np.array(
        [
            [normal(key, np.uint64(employer), 0, heading) for heading in range(len(HEADINGS))]
            for employer in range(len(employers.names))
        ]
    )


def offers_of_roles(settings: Settings) -> NDArray[np.float64]:
    """What jobs of a role offer by heading, shape (roles, headings): `model.choice.attributes`."""
    given = settings.mapping("model.choice.attributes")
    return np.array([[given[role][heading] for heading in HEADINGS] for role in c.ROLES])


def pay_of_roles(settings: Settings) -> NDArray[np.float64]:
    """Monthly gross pay in euros of a full-time job, shape (roles,): `model.choice.pay`."""
    pay = settings.mapping("model.choice.pay")
    return np.array([float(pay[role]) for role in c.ROLES])


def push_rates(
    settings: Settings, items: Items, employers: Employers, qualities: NDArray[np.float64]
) -> PushRates:
    """Numbers of `push`.

    Log-odds of an item: those of the pooled table 3.5, plus the sector's tilt, less what the role
    offers beyond its sector's mean role and what the employer offers beyond others.
    """
    get = settings.number
    tilts = settings.mapping("model.push.tilt")
    tilt = np.array([[tilts[k][h] if k in tilts else 0.0 for h in HEADINGS] for k in KINDS])
    offers = offers_of_roles(settings)
    of_kind = (c.HBO_ROLES, c.WO_ROLES, (c.PROFESSIONAL,))
    means = np.array([offers[list(roles)].mean(axis=0) for roles in of_kind])
    kind = np.minimum(employers.sector, len(KINDS) - 1)
    shift = tilt[kind][:, None, :] - get("model.push.role_weight") * (
        offers[None, :, :] - means[kind][:, None, :]
    )
    shift = shift - get("model.push.employer_weight") * qualities[:, None, :]
    pooled = np.clip(items.pooled, SURELY_NOT, 1.0 - SURELY_NOT)
    odds = np.log(pooled / (1.0 - pooled))
    strength = get("model.push.prevalence")
    everything = odds + shift[..., items.heading]
    later = settings.mapping("model.push.end_search_of_role")
    return PushRates(
        prevalence=strength / (1.0 + np.exp(-everything)),
        typical=strength * items.pooled,
        start=_start(settings, items.pooled.size),
        of_age=np.exp(get("model.push.per_age_decade") * (np.arange(OLDEST + 1) - 40.0) / 10.0),
        stop=get("model.push.stop"),
        window=settings.integer("model.push.contract_window"),
        ending=get("model.push.contract_end_search") * np.array([later[role] for role in c.ROLES]),
        offered=np.array([settings.number(f"model.push.offered_search.{k}") for k in KINDS[:2]]),
        jobless=get("model.push.jobless_search"),
    )


def _start(settings: Settings, items: int) -> NDArray[np.float64]:
    """Monthly chance to start a search, shape (roles, 2, LONGEST + 1, items + 1)."""
    get = settings.number
    base = get("model.push.base") / 12.0
    of_role = settings.mapping("model.push.of_role")
    odds = np.log(base / (1.0 - base)) + np.array([of_role[role] for role in c.ROLES])
    whole = (
        odds[:, None, None, None]
        + get("model.push.temporary") * np.arange(2)[:, None, None]
        + get("model.push.per_tenure_decade") * np.arange(LONGEST + 1)[:, None] / 10.0
        + get("model.push.importance") * np.arange(items + 1)
    )
    return np.asarray(1.0 / (1.0 + np.exp(-whole)))


def choice_rates(
    settings: Settings, items: Items, employers: Employers, qualities: NDArray[np.float64]
) -> ChoiceRates:
    """Numbers of `choice`: the value of each employer's jobs by role and heading.

    A heading weighs as much as its items were agreed with (pooled table 3.5). Pay adds to the
    preconditions: agreement with `salary` x `pay_weight` x log of pay over the mean role's.
    """
    get = settings.number
    weight = np.array([items.pooled[items.heading == h].sum() for h in range(len(HEADINGS))])
    of_role = weight * offers_of_roles(settings)
    names = [name for _, name in items.names]
    pay = pay_of_roles(settings)
    relative = np.log(pay / pay[: c.JOB_SEEKER].mean())
    of_role[:, PRECONDITIONS] += (
        items.pooled[names.index("salary")] * get("model.choice.pay_weight") * relative
    )
    spread = get("model.choice.employer_sd") * weight * qualities
    secure = items.pooled[names.index("job_security")]
    permanent = items.pooled[names.index("permanent_post")]
    scale = settings.mapping("model.choice.scale")
    return ChoiceRates(
        value=of_role[None, :, :] + spread[:, None, :],
        security=np.array(
            [secure + permanent, get("model.choice.prospect_security") * secure, 0.0, 0.0]
        ),
        scale=np.array([scale[kind] for kind in KINDS]),
        costs=Costs(
            distance=get("model.choice.distance_cost"),
            sector=get("model.choice.sector_cost"),
            outside=get("model.choice.outside_cost"),
            contract=get("model.choice.contract_cost"),
            prospect_risk=get("model.choice.prospect_risk"),
            hours=get("model.choice.hours_cost"),
            stay=get("model.choice.stay"),
            full_week=float(hours_of_band(settings)[-1]),
        ),
        push=get("model.choice.push_cost"),
        ending=get("model.choice.ending_gain"),
        jobless=get("model.choice.jobless_gain"),
        taste_sd=get("model.choice.taste_sd"),
    )

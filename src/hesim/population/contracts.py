"""Say which contracts staff has, how long they last, and which permanent posts are pooled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.config import Settings


def contract_terms(settings: Settings) -> NDArray[np.int64]:
    """Months of a new contract by role and type (permanent: 0), shape (roles, 3).

    A role named in `model.careers.contract_months` has a term of its own without prospect.
    """
    given = settings.mapping("model.careers.contract_months")
    terms = np.zeros((len(c.ROLES), c.WITHOUT_PROSPECT + 1), np.int64)
    terms[:, c.WITH_PROSPECT] = given["with_prospect"]
    for code, role in enumerate(c.ROLES):
        terms[code, c.WITHOUT_PROSPECT] = given.get(role, given["without_prospect"])
    return terms


def candidate_ends(settings: Settings) -> NDArray[np.int64]:
    """Months in post at which a PhD candidate's contract and its extensions end, ascending."""
    first = int(contract_terms(settings)[c.PHD_CANDIDATE, c.WITHOUT_PROSPECT])
    more = settings.integer("model.careers.phd_extension_months")
    return first + more * np.arange(settings.integer("model.careers.phd_extensions") + 1)


def candidate_survival(settings: Settings) -> NDArray[np.float64]:
    """Share of PhD candidates still in post after each month, up to the last extension; derived.

    From the clocks alone: some drop out; at each contract end those without an approved thesis are
    extended with chance `phd_extension`, the others leave or change role.
    """
    get = settings.number
    ends = candidate_ends(settings)
    months = np.arange(ends[-1])
    stopped = get("model.careers.phd_dropout") * (
        1.0 - np.exp(-months / get("model.careers.phd_dropout_months"))
    )
    left = 1.0 - stopped
    success, mean = get("model.careers.phd_success"), get("model.careers.phd_months")
    before = settings.integer("model.careers.phd_approval_months")
    for end in ends[:-1]:
        spread = get("model.careers.phd_defence_sd") * math.sqrt(2.0)
        approved = success * 0.5 * (1.0 + math.erf((end + before - mean) / spread))
        left[end:] *= get("model.careers.phd_extension") * (1.0 - approved)
    return left


def declared_permanent(settings: Settings, sector: str) -> NDArray[np.float64]:
    """Permanent share of each role's staff, shape (roles,), as settings declare it."""
    shares = np.zeros(len(c.ROLES))
    if sector == "hbo":
        shares[list(c.HBO_ROLES)] = settings.number("population.hbo_permanent_share")
        return shares
    for role in c.WO_ROLES:
        shares[role] = settings.number(f"population.wo_permanent_by_role.{c.ROLES[role]}")
    return shares


GROWING = "growing"
"""Value of `model.careers.permanence` with which permanent posts grow."""
POOLED_BELOW = 50.0
"""Slots of an institution and role below which they are shared with the other small ones."""


def growth_of_slots(settings: Settings) -> dict[str, float]:
    """Growth of permanent posts a year by sector, as a share of those of the first month."""
    grows = settings.text("model.careers.permanence") == GROWING
    declared = settings.mapping("model.careers.permanence_growth")
    return {sector: float(rate) if grows else 0.0 for sector, rate in declared.items()}


def spare_posts(fixed: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    """Share of each role's posts that may become permanent: the temporary ones above the floor."""
    return np.where(fixed > 0.0, np.maximum(1.0 - floor - fixed, 0.0), 0.0)


def slot_pools(
    posts: NDArray[np.int32],
    shares: NDArray[np.float64],
    sector: NDArray[np.int8],
    institutions: int,
) -> NDArray[np.int64]:
    """Number the pools of slots, shape (employers, roles); -1 where there are none.

    A pool is an institution's role. Where it has few slots, as in a thinned population, it shares
    those of the other small ones of its sector and role: fractions of posts then add up.

    Args:
        posts: Posts by employer, role and field.
        shares: Permanent share by sector (hbo, wo) and role, shape (2, roles).
        sector: Sector of each employer.
        institutions: Employers that have slots; they come first.
    """
    pools = np.full(posts.shape[:2], -1, np.int64)
    staff, count = posts.sum(axis=2), 0
    for code in (c.HBO, c.WO):
        mine = np.flatnonzero(sector[:institutions] == code)
        for role in c.HBO_ROLES if code == c.HBO else c.WO_ROLES:
            slots = staff[mine, role] * shares[code, role]
            large = mine[slots >= POOLED_BELOW]
            pools[mine, role] = count
            pools[large, role] = count + 1 + np.arange(large.size)
            count += 1 + large.size
    return pools

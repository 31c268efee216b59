"""Say what of a life makes hbo or wo familiar: where somebody studied and where they worked.

A person's `past` is a byte. It holds what lasts: two bits for each of hbo and wo, whether the
person studied there and whether they worked there, as a main or as a second job. A second job is no
source of its own, since who has one works there. What follows from something else that is known is
not stored: town of the home and contacts. Four bits for both sectors alike leave nothing to say of
one direction only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.population.employers import Employers

STUDIED, WORKED, NEAR = 1, 4, 16
"""Bits of hbo, those of wo are twice as high. `NEAR`: the home's town has an institution; that bit
is no part of the column, the search adds it."""
PASTS = 64
"""Numbers that `past` can have, with the bits of the home."""


def studied(
    education: NDArray[np.integer], masters_in_wo: float, draw: NDArray[np.float64]
) -> NDArray[np.uint8]:
    """Where people studied, as bits; doctors first took a master's degree somewhere.

    Args:
        education: Codes of the level.
        masters_in_wo: Share of masters who took that degree at a university.
        draw: Uniforms.
    """
    master_in_wo = (education >= c.MASTER) & (draw < masters_in_wo)
    in_hbo = (education >= c.HBO_BACHELOR) & ~master_in_wo
    in_wo = master_in_wo | (education == c.PHD)
    return ((in_hbo * (STUDIED << c.HBO)) | (in_wo * (STUDIED << c.WO))).astype(np.uint8)


def by_doctorate(education: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Where people worked by their degree alone, as bits: doctors were candidates."""
    return ((education == c.PHD) * (WORKED << c.WO)).astype(np.uint8)


def worked_before(
    settings: Settings,
    here: int,
    age: NDArray[np.int64],
    education: NDArray[np.integer],
    draws: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.uint8]:
    """Where people of the stock worked before, as bits; they have worked where they are.

    Args:
        settings: `population.worked_in_hbo` and `worked_in_wo`.
        here: Kind of the employer: hbo, wo or outside, also of those without a job.
        age: Band of age.
        education: Codes of the level.
        draws: Uniforms for hbo and wo.
    """
    bits = by_doctorate(education)
    for kind, draw in zip((c.HBO, c.WO), draws, strict=True):
        if kind == here:
            bits |= np.uint8(WORKED << kind)
            continue
        shares = settings.mapping(f"population.worked_in_{c.KINDS[kind]}")[c.KINDS[here]]
        table = np.array([shares[name] for name in c.EDUCATION], np.float64)
        bits |= ((draw < table[education, age]) * (WORKED << kind)).astype(np.uint8)
    return bits


def towns_with(employers: Employers) -> NDArray[np.uint8]:
    """Kinds of institution in each town, as bits of `NEAR`, shape (towns,)."""
    near = np.zeros(employers.town_region.size, np.uint8)
    for kind in (c.HBO, c.WO):
        near[employers.place[employers.sector == kind]] |= np.uint8(NEAR << kind)
    return near


def lasting_contacts(
    settings: Settings,
    partnerships: NDArray[np.float64],
    tenure: NDArray[np.int64],
    worked: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Contacts that the stock's staff has, as they grow and fade from the first month on.

    Args:
        settings: `model.search`, and `population.years_in_sector_before`.
        partnerships: Partnerships of each person's employer, alike for those before.
        tenure: Months with the employer.
        worked: Months worked in all, the tenure included.
    """
    before = np.minimum(12 * settings.number("population.years_in_sector_before"), worked - tenure)
    months = tenure + np.maximum(before, 0)
    stay = 1.0 - settings.number("model.search.contacts_decay")
    gain = settings.number("model.search.contacts_per_partnership") * partnerships
    kept = months if stay == 1.0 else stay * (1.0 - stay**months) / (1.0 - stay)
    return np.asarray(gain * kept)

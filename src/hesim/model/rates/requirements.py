"""Numbers of the conditions of posts: how many ask them, and what meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.requirements import CONDITIONS, Thresholds

if TYPE_CHECKING:
    from hesim.config import Settings


def thresholds(settings: Settings) -> Thresholds:
    """What meets the conditions of posts."""
    given = settings.mapping("model.requirements")
    return Thresholds(
        practice=round(12 * given["practice"]),
        research=round(12 * given["research"]),
        teaching=round(12 * given["teaching"]),
        certified=float(given["certified"]),
        certified_before=float(given["certified_before"]),
        no_dutch=float(given["foreign"]) * float(given["without_dutch"]),
        settled=round(12 * given["settled"]),
    )


def requirement_shares(settings: Settings) -> NDArray[np.float64]:
    """Share of posts of each role that asks each condition, shape (roles, conditions)."""
    shares = np.zeros((len(c.ROLES), len(CONDITIONS)))
    for k, name in enumerate(CONDITIONS):
        for role, share in settings.mapping(f"model.requirements.asked.{name}").items():
            shares[c.ROLES.index(role), k] = float(share)
    return shares

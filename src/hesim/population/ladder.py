"""Hold the ranks of each sector: which role somebody steps into next with the same employer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

LOWEST = 0
"""Code of the lowest education."""

LADDER = (
    (c.UNIVERSITY_LECTURER, c.PROFESSOR, c.PHD),
    (c.POSTDOC, c.UNIVERSITY_LECTURER, LOWEST),
    (c.LECTURER, c.LECTOR, c.MASTER),
    (c.OTHER_ACADEMIC, c.POSTDOC, c.PHD),
)
"""Role, role of the next step with the same employer, and the education that it asks at least.

Assumed: the usual ranks of each sector, one at a time. A postdoc's step asks for no degree, since
the postdoc's post has asked for a PhD already.
"""

PERMANENT_STEPS = (c.PROFESSOR, c.LECTOR)
"""Roles that a step into makes permanent."""


def _next_roles() -> NDArray[np.int64]:
    """The ladder as a table, which compiled code looks up faster than it walks through steps."""
    table = np.full((len(c.ROLES) + 1, len(c.EDUCATION)), -1)
    for origin, target, least in LADDER:
        table[origin, least:] = target
    return table


NEXT_ROLE = _next_roles()
"""Role of the next step with the same employer, or -1, by role and education; the last row is for
those who hold no role in hbo or wo, whose code is -1."""

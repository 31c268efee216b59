"""What a thinned population needs so that its rates are those of the whole: none at full scale."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.reference.demand import head_start

if TYPE_CHECKING:
    from benchmarks.reference.market import Cell, Employer

    Gaps = dict[tuple[Employer, Cell], int]


class Shortage:
    """How often own staff may fill a missing post: where many go missing at once, not all."""

    def __init__(self, scale: float) -> None:
        """Know nothing yet; `scale` is the share of the real population that is simulated."""
        self.scale = scale
        self.missing: dict[int, float] = defaultdict(float)
        self.wanted: dict[int, float] = defaultdict(float)

    def note(self, gaps: Gaps, employers: list[Employer]) -> None:
        """Count the month's missing posts, and those wanted, by role."""
        for (_, (role, _)), gap in gaps.items():
            self.missing[role] += gap
        for employer in employers:
            for (role, _), posts in employer.target.items():
                self.wanted[role] += posts

    def withhold(self, gaps: Gaps, employers: list[Employer]) -> Gaps:
        """Let some cells do without a post for what others of the role have too many."""
        surplus: dict[int, int] = defaultdict(int)
        for employer in employers:
            for cell in employer.staff.keys() | employer.open.keys() | employer.target.keys():
                held = len(employer.staff[cell]) + employer.open[cell]
                surplus[cell[0]] += max(held - employer.target.get(cell, 0), 0)
        withheld = {role: round((1.0 - self.scale) * many) for role, many in surplus.items()}
        left = dict(gaps)
        for employer, cell in sorted(gaps, key=lambda one: head_start(*one)):
            taken = min(withheld.get(cell[0], 0), left[employer, cell])
            withheld[cell[0]] = withheld.get(cell[0], 0) - taken
            left[employer, cell] -= taken
        return {key: gap for key, gap in left.items() if gap > 0}

    def alone(self, employer: Employer, cell: Cell) -> float:
        """Chance that a missing post is the first of its cell in the month."""
        often = self.missing[cell[0]] / max(self.wanted[cell[0]], 1.0)
        others = (1.0 - self.scale) * often * employer.posts[cell]
        return (1.0 - math.exp(-others)) / others if others > 0.0 else 1.0

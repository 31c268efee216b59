"""Say how many posts employers want: staff of January 2011, what stands open, and growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.employers import Employers, whole_numbers

if TYPE_CHECKING:
    from hesim.config import Settings

STEADY = (c.PROFESSOR,)
"""Roles whose posts do not follow the fields: the survey left professors out."""


class Demand:
    """The posts wanted, by month.

    Attributes:
        first: Staff of the first month, shape (employers, roles, fields).
        beyond: What posts are of that staff: as many more as stand open, by kind.
    """

    def __init__(self, settings: Settings, employers: Employers) -> None:
        """Read how many posts stand open, and how sectors and fields grow."""
        self.first, self.employers = employers.target.copy(), employers
        open_ = settings.mapping("model.inputs.posts")
        self.beyond = 1.0 + np.array([open_.get(kind, 0.0) for kind in c.KINDS[: c.NO_KIND]]) / 100
        growth = settings.mapping("model.vacancies.growth")
        self.by_sector = np.array([growth[kind] for kind in c.KINDS[: c.NO_KIND]])
        self.kind = np.minimum(employers.sector, self.by_sector.size - 1)
        self.field_months = 12.0 * settings.number("model.vacancies.field_years")
        self.by_field = self._field_growth(settings)
        # Steps of the golden ratio: of many cells, just the share due has risen by one.
        self.turn = np.modf(np.arange(1, self.first.size + 1) * 0.6180339887498949)[0]
        self.turn = self.turn.reshape(self.first.shape)
        self.changed = False

    def _field_growth(self, settings: Settings) -> NDArray[np.float64]:
        """Yearly growth of the first month's posts, shape (employers, 1, fields)."""
        growth = np.zeros((self.first.shape[0], 1, len(c.FIELDS)))
        for code in (c.HBO, c.WO):
            mine = self.employers.sector == code
            given = settings.mapping(f"model.inputs.growth.{c.SECTORS[code]}")
            points = np.array([float(given[name]) for name in c.FIELDS]) / 100.0
            posts = np.delete(self.first[mine], STEADY, axis=1).sum(axis=(0, 1))
            growth[mine, 0] = points * posts.sum() / np.maximum(posts, 1)
        return growth

    def moves(self, month: int) -> bool:
        """Whether fields grow in this month."""
        return bool(0 < month <= self.field_months and np.any(self.by_field))

    def posts(
        self, month: int, policy: NDArray[np.float64] | None
    ) -> NDArray[np.int32] | None:  # fmt: skip
        """Posts wanted in a month, or None where they are those of the first month's staff still.

        Args:
            month: Month number.
            policy: What policy multiplies them by, shape (employers, roles, fields).
        """
        more = bool(np.any(self.beyond != 1.0))
        grows = np.any(self.by_sector) or (month > 0 and np.any(self.by_field))
        if not more and not grows and policy is None and not self.changed:
            return None
        self.changed = policy is not None
        years = max(month, 0) // 12
        of_kind = self.beyond * (1.0 + self.by_sector) ** years
        wanted = self.first * of_kind[self.kind][:, None, None]
        if policy is not None:
            wanted = wanted * policy
        now = min(max(month, 0), self.field_months) / 12.0
        if not more and (now == 0 or not np.any(self.by_field)):
            posts = np.zeros(self.first.shape, np.int32)
            for code in range(self.by_sector.size):
                posts[self.kind == code] = whole_numbers(wanted[self.kind == code])
            return posts
        factor = np.maximum(1.0 + self.by_field * now, 0.0) + np.zeros(wanted.shape)
        factor[:, STEADY] = 1.0
        return np.floor(wanted * factor + self.turn).astype(np.int32)

"""Say how many posts employers want: staff of January 2011, what stands open, and growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.employers import Employers

if TYPE_CHECKING:
    from hesim.config import Settings

GOLDEN = 0.6180339887498949
"""The golden ratio, less one. Multiples of it, less their whole part, fill the way from 0 to 1 more
evenly than those of any other number. So of many cells just the share due is rounded up, whichever
cells one looks at."""
STEADY = (c.PROFESSOR,)
"""Roles whose posts do not follow the fields: the survey left professors out."""


def years_of_growth(settings: Settings) -> int | None:
    """In how many Januaries after the first posts grow; None: in all."""
    until = settings.integer("model.vacancies.growth_until")
    return max(until - int(settings.text("start")[:4]), 0) if until else None


def times_grown(month: int, years: int | None) -> int:
    """How often posts have grown by a month, where they do in so many years."""
    passed = max(month, 0) // 12
    return passed if years is None else min(passed, years)


class Demand:
    """The posts wanted, by month.

    Attributes:
        first: Staff of the first month, shape (employers, roles, fields).
        beyond: What posts are of that staff: as many more as stand open, by kind.
    """

    def __init__(self, settings: Settings, employers: Employers) -> None:
        """Read how many posts stand open, and how sectors and fields grow."""
        self.first, self.employers = employers.target.copy(), employers
        scale = settings.number("population.scale")
        # A thinned population has cells of one post or none: their sums follow those of all posts.
        self.thinned = employers.posts * scale if scale < 1.0 else None
        open_ = settings.mapping("model.inputs.posts")
        self.beyond = 1.0 + np.array([open_.get(kind, 0.0) for kind in c.KINDS[: c.NO_KIND]]) / 100
        growth = settings.mapping("model.vacancies.growth")
        self.by_sector = np.array([growth.get(kind, 0.0) for kind in c.KINDS[: c.NO_KIND]])
        self.growth_years = years_of_growth(settings)
        more = settings.number("model.vacancies.lector_growth")
        self.lectoren = (1.0 + growth["hbo"] + more) / (1.0 + growth["hbo"])
        self.kind = np.minimum(employers.sector, self.by_sector.size - 1)
        self.field_months = 12.0 * settings.number("model.vacancies.field_years")
        self.by_field = self._field_growth(settings)
        # Cells that ask for whole posts stay as they are.
        self.turn = np.modf(np.arange(1, self.first.size + 1) * GOLDEN)[0]
        self.turn = self.turn.reshape(self.first.shape)
        self.changed = False

    def _field_growth(self, settings: Settings) -> NDArray[np.float64]:
        """Yearly growth of the first month's posts, shape (employers, 1, fields)."""
        growth = np.zeros((self.first.shape[0], 1, len(c.FIELDS)))
        for code in (c.HBO, c.WO):
            mine = self.employers.sector == code
            given = settings.mapping(f"model.inputs.growth.{c.SECTORS[code]}")
            points = np.array([float(given[name]) for name in c.FIELDS]) / 100.0
            whole = self.first if self.thinned is None else self.thinned
            posts = np.delete(whole[mine], STEADY, axis=1).sum(axis=(0, 1))
            growth[mine, 0] = points * posts.sum() / np.maximum(posts, 1)
        return growth

    def moves(self, month: int) -> bool:
        """Whether fields grow in this month."""
        return bool(0 < month <= self.field_months and np.any(self.by_field))

    def posts(self, month: int, policy: NDArray[np.float64] | None) -> NDArray[np.int32] | None:
        """Posts wanted in a month, or None where they are those of the first month's staff still.

        Args:
            month: Month number.
            policy: What policy multiplies them by, shape (employers, roles, fields).
        """
        grows = np.any(self.by_sector) or self.lectoren != 1.0
        grows = grows or (month > 0 and np.any(self.by_field))
        steady = not grows and not np.any(self.beyond != 1.0)
        if steady and policy is None and not self.changed:
            return None
        self.changed = policy is not None
        since = max(month, 0)
        years = times_grown(month, self.growth_years)
        of_kind = self.beyond * (1.0 + self.by_sector) ** years
        of_field = np.maximum(1.0 + self.by_field * min(since, self.field_months) / 12.0, 0.0)
        factor = of_kind[self.kind][:, None, None] * of_field + np.zeros(self.first.shape)
        factor[:, STEADY] = of_kind[self.kind][:, None, None]
        if self.lectoren != 1.0:
            factor[:, c.LECTOR] *= self.lectoren**years
        wanted = self.first * factor if policy is None else self.first * factor * policy
        posts = np.floor(wanted + self.turn).astype(np.int32)
        if self.thinned is not None:
            due = self.thinned * factor if policy is None else self.thinned * factor * policy
            ratio = due.sum(axis=(0, 2)) / np.maximum(self.thinned.sum(axis=(0, 2)), 1e-9)
            keep_sums(posts, wanted + self.turn, self.first.sum(axis=(0, 2)) * ratio)
        return posts


def keep_sums(
    posts: NDArray[np.int32], exact: NDArray[np.float64], due: NDArray[np.float64]
) -> None:
    """Add and take single posts, in place, until each role has the posts that are due.

    Where a post is missing, the cells come first that were rounded down by most, and those that
    were rounded down by least lose one. Cells without a post get none.

    Args:
        posts: Posts, shape (employers, roles, fields).
        exact: What they were rounded down from, same shape.
        due: Posts by role, with fractions.
    """
    for role, number in enumerate(due):
        mine = posts[:, role]
        cells = np.flatnonzero(mine.ravel() > 0)
        short = int(np.floor(number + 0.5)) - int(mine.sum())
        fraction = (exact[:, role] - mine).ravel()[cells]
        order = np.argsort(-fraction if short > 0 else fraction, kind="stable")
        chosen = cells[order[: abs(short)]]
        employer, field = np.unravel_index(chosen, mine.shape)
        mine[employer, field] += np.int32(np.sign(short))

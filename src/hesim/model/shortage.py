"""Count missing posts, and correct them for what happens in a thinned population alone.

There a cell of employer, role and field holds one person or none. Somebody too many, as a PhD
candidate who stays as postdoc, is soon made up for in a large cell, which hires one fewer. A small
cell cannot hire fewer than none. So another cell of the role does without a post instead.

An employer fills at most one missing post a month of a role and field from inside. At full scale
several go missing in one month in a large cell, and all but one are advertised. In a thinned
population they go missing one at a time, so the chance is lowered to what it is at full scale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Shortage:
    """Missing posts by role, as a share of the posts wanted, over the months so far."""

    def __init__(self, posts: NDArray[np.float64], turn: NDArray[np.float64], scale: float) -> None:
        """Know nothing yet.

        Args:
            posts: Posts of January 2011 at full scale, shape (employers, roles, fields).
            turn: Which cells go first where not all can have a post, see `demand.Demand`.
            scale: `population.scale`.
        """
        self.beyond = max(1.0 - scale, 0.0)
        self.unsimulated = self.beyond * posts
        self.order = np.argsort(turn.swapaxes(0, 1).reshape(posts.shape[1], -1), axis=1)
        self.missing, self.wanted = np.zeros(posts.shape[1]), np.zeros(posts.shape[1])

    def missing_posts(
        self,
        target: NDArray[np.int32],
        staff: NDArray[np.int32],
        waiting: NDArray[np.int32],
    ) -> NDArray[np.int32]:
        """Posts neither filled nor open, less those that make up for staff beyond the target.

        Args:
            target: Posts wanted, shape (employers, roles, fields).
            staff: Persons in post, same shape.
            waiting: Open vacancies, same shape.

        Returns:
            Same shape; at full scale every cell is by itself.
        """
        gap = np.maximum(target - staff - waiting, 0).astype(np.int32)
        if self.beyond > 0.0:
            surplus = np.maximum(staff + waiting - target, 0).sum(axis=(0, 2))
            withheld = np.round(self.beyond * surplus).astype(np.int64)[:, None]
            by_role = gap.swapaxes(0, 1).reshape(gap.shape[1], -1)
            inverse = np.argsort(self.order, axis=1)
            in_turn = np.take_along_axis(by_role, self.order, axis=1).astype(np.int64)
            before = np.cumsum(in_turn, axis=1) - in_turn
            left = in_turn - np.clip(withheld - before, 0, in_turn)
            left = np.take_along_axis(left, inverse, axis=1)
            shape = gap.shape[1], gap.shape[0], gap.shape[2]
            gap = np.ascontiguousarray(left.reshape(shape).swapaxes(0, 1), np.int32)
        return gap

    def alone(self, gap: NDArray[np.int32], target: NDArray[np.int32]) -> NDArray[np.float64]:
        """Note a month's missing posts; give the chance that a post would be the first of its cell.

        The posts of the cell that are not simulated go missing as often as the others of the role,
        by a Poisson law. Of n posts missing together each is the first with chance 1 / n.

        Args:
            gap: Missing posts, shape (employers, roles, fields).
            target: Posts wanted, same shape.

        Returns:
            Same shape; 1 throughout at full scale.
        """
        self.missing += gap.sum(axis=(0, 2))
        self.wanted += target.sum(axis=(0, 2))
        often = self.missing / np.maximum(self.wanted, 1.0)
        others = self.unsimulated * often[:, None]
        chance = np.ones(others.shape)
        return np.divide(-np.expm1(-others), others, out=chance, where=others > 0.0)

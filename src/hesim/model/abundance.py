"""Say how many vacancies there are for whom, against what is usual, and how many applications fit.

At full scale thousands of vacancies stand open, and their number for a class of persons in a field
hardly moves. A thinned population has a few: one month none, the next month three. Who may send
five applications a month would then send none and five, where at full scale it were five and five
among many. So a thinned population's share that is simulated counts as it is and all the rest as
usual: the applications that somebody may send rise and fall with the vacancies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim.compilation import compiled
from hesim.model.board import CLASSES, GRID, Board

WIDEST = 8
"""Times the usual applications that somebody may send at most."""


@compiled(inline="always")
def whole_number(amount: float, draw: float) -> int:
    """Round down, or up with the chance of the fraction."""
    return int(amount) + int(draw < amount - int(amount))


class Abundance:
    """Vacancies by class of persons and field, and their mean over the months so far.

    Attributes:
        most: Applications that each class may send in each field this month, with fractions, shape
            (CLASSES, fields); the usual number throughout at full scale.
    """

    def __init__(self, fields: int, scale: float) -> None:
        """Know nothing yet.

        Args:
            fields: Number of fields.
            scale: `population.scale`.
        """
        self.months, self.mean = 0, np.zeros((CLASSES, fields))
        self.unsimulated = max(1.0 - scale, 0.0)
        self.most: NDArray[np.float64] = np.zeros((CLASSES, fields))

    def note(self, board: Board, usual: int) -> None:
        """Note a month's board and say how many applications may be sent.

        Args:
            board: The month's board.
            usual: Applications that a person sends at full scale, at most.
        """
        circles = board.first[::GRID]
        now = np.diff(board.before[:, circles].astype(np.float64), axis=1)
        self.months += 1
        self.mean += (now - self.mean) / self.months
        ratio = np.divide(now, self.mean, out=np.ones_like(now), where=self.mean > 0.0)
        most = usual * (1.0 + self.unsimulated * (ratio - 1.0))
        self.most = np.ascontiguousarray(np.minimum(most, WIDEST * usual))

"""State what a lever's own process must implement, and what processes share about people.

A subclass gives `begin_month`, which starts and ends things at the beginning of a month, and may
give `propose`, which adds applications after people have searched. Both run each month once the
lever has acted, also after its end, so that what has begun ends well. `Turn.given` is then empty.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.levers.attendance import Attendance, homes_of
from hesim.levers.lever import Lever, Parameters, monthly
from hesim.levers.reach import Area, Invitation, who_comes

if TYPE_CHECKING:
    from hesim.levers.accounts import Accounts
    from hesim.model.higher_education import HigherEducation
    from hesim.model.policy import Effects

Rows = NDArray[np.int64]
Ids = NDArray[np.uint64]


@dataclass(frozen=True)
class Turn:
    """What a process is told at the beginning of a month.

    Attributes:
        area: Where the lever acts.
        given: Its parameters this month; empty when it does not act.
        rules: How much simpler rules have become (`ease`, `delay`).
        share: Share of those who would take part that does; above 1 where executives back a lever
            of which all do already.
        effects: What changes on the market this month.
        accounts: Where to note whom it reached.
        attendance: Where to note who takes part, by `Process.take_in`.
    """

    area: Area
    given: Parameters
    rules: Parameters
    effects: Effects
    accounts: Accounts
    share: float = 1.0
    attendance: Attendance = field(default_factory=Attendance)


class Process(ABC):
    """A process of one lever.

    Attributes:
        lever: The lever.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        self.lever = lever

    @abstractmethod
    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """Start and end what this lever starts and ends.

        Args:
            model: The model; its persons change.
            turn: What the lever does this month.
        """

    def take_in(self, model: HigherEducation, attendance: Attendance, rows: Rows) -> None:
        """Note persons who take part from this month on, before anything of them changes.

        Args:
            model: The model.
            attendance: Where it is noted.
            rows: Rows of the persons.
        """
        if attendance.asked:
            ids = model.persons.id[rows]
            attendance.note(self.lever, model.month, ids, homes_of(model, rows))

    def propose(self, model: HigherEducation) -> None:  # noqa: B027 - most have none
        """Add applications to the month's; most processes have none."""


def volunteers(model: HigherEducation, area: Area, yearly: float, without: Ids) -> Rows:
    """Rows of the staff in reach who volunteer this month, but for those who take part already."""
    invitation = Invitation(monthly(yearly), False, 0.0, 0.0)
    rows = who_comes(model, area, invitation)
    return rows[~np.isin(model.persons.id[rows], without)]

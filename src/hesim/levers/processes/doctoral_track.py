"""Let lecturers of hbo take a PhD beside their work.

Masters in reach below an age start with a yearly chance. Who completes holds a PhD after some
years, wherever the person works then. The others have spent the time. The job and its hours stay:
the time is bought, and counted as person-days.

The evidence is of another scheme. Success and duration are assumed (report 1.2 and appendix D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.levers.lever import Lever
from hesim.levers.processes.process import Process, Turn, volunteers
from hesim.model.interface import rows_of
from hesim.population.persons import NEVER
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

FATE, SPREAD = 37, 38
"""Lanes: who completes, and when."""
HALF = 0.25
"""Half the width of the time to a doctorate, as a share of its mean (assumed)."""


class DoctoralTrack(Process):
    """Doctorates under way.

    Attributes:
        until: Month up to which each person is at it, whether it will be completed or not.
        due: Month in which each who completes it does so.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        super().__init__(lever)
        self.until: dict[int, int] = {}
        self.due: dict[int, int] = {}

    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """Note who completed it, and let those start whose turn it is."""
        self._complete(model, turn)
        self.until = {who: end for who, end in self.until.items() if end > model.month}
        if not turn.given.get("grants", 0.0):
            return
        p = model.persons
        yearly = turn.given["grants"] * turn.share
        rows = volunteers(model, turn.area, yearly, np.array(sorted(self.until), np.uint64))
        young = model.month - p.born[rows] < 12.0 * turn.given.get("age_most", 0.0)
        fits = (p.education[rows] == c.MASTER) & (p.defence[rows] == NEVER)
        rows = rows[young & fits & (p.role[rows] != c.PHD_CANDIDATE)]
        self.take_in(model, turn.attendance, rows)
        fate = uniforms(turn.area.key, p.id[rows], model.month, FATE)
        spread = uniforms(turn.area.key, p.id[rows], model.month, SPREAD)
        mean = turn.given.get("months", 0.0)
        ends = model.month + np.maximum(mean * (1.0 + HALF * (2.0 * spread - 1.0)), 1.0)
        done = fate < turn.given.get("success", 0.0)
        p.defence[rows[done]] = np.minimum(ends[done], NEVER - 1).astype(np.int16)
        for row, end, completes in zip(rows.tolist(), ends.tolist(), done.tolist(), strict=True):
            who = int(p.id[row])
            self.until[who] = int(end)
            if completes:
                self.due[who] = int(end)
        turn.accounts.note(self.lever, model.month, "started", rows.size)

    def _complete(self, model: HigherEducation, turn: Turn) -> None:
        """Note doctorates of last month; who has left the model's reach by then is none."""
        over = [who for who, end in self.due.items() if end < model.month]
        rows = rows_of(model, np.array(sorted(over), np.uint64))
        turn.accounts.note(self.lever, model.month - 1, "doctorates", int((rows >= 0).sum()))
        for who in over:
            del self.due[who]

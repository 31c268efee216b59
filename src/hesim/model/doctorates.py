"""Let theses be defended by those whom the model no longer follows, and by lecturers in service.

A candidate's fate is drawn when the PhD starts. Who leaves the model before the defence still
defends, so completions do not hang on who stays in reach. Lecturers of hbo with a master take a
doctorate beside their work, and keep the job (two thirds of the grants for teachers are theirs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.recorder import Defences
from hesim.population.biography import STUDIED
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.rates.rates import Rates
    from hesim.model.state import State
    from hesim.random import Streams

IN_SERVICE = 8
"""Lane of the stream `phd`: who takes a doctorate in service this month."""


def let_go(state: State, rows: NDArray[np.int64], to_job: bool = False) -> None:
    """Free the rows of persons who leave the model; theses that they go on with are kept in mind.

    Args:
        state: The state.
        rows: Rows of those who leave.
        to_job: All of them leave for a job; else those do who still have one.
    """
    persons = state.persons
    in_work = (persons.employer[rows] >= 0) | to_job
    state.recorder.expect_defences(persons.defence[rows], in_work)
    persons.clear(rows)


def defences(state: State) -> Defences:
    """Who of those whom the model follows defends this month; call before the month is over."""
    p = state.persons
    rows = np.flatnonzero((p.defence == state.month) & (p.present == 1))
    return Defences(int(rows.size), int(np.count_nonzero(p.employer[rows] >= 0)))


def defend_in_service(state: State, rates: Rates, streams: Streams) -> int:
    """Let hbo lecturers with a master become doctors in place; return how many do."""
    if rates.phd.in_service <= 0.0:
        return 0
    p = state.persons
    fits = (p.present == 1) & (p.role == c.LECTURER) & (p.education == c.MASTER)
    rows = np.flatnonzero(fits)
    draws = uniforms(streams.phd, p.id[rows], state.month, IN_SERVICE)
    rows = rows[draws < rates.phd.in_service]
    p.education[rows] = c.PHD
    p.past[rows] |= np.uint8(STUDIED << c.WO)
    return int(rows.size)

"""Carry out what ends outside the model: jobs abroad, and jobs from which nobody comes back.

The ledger tells destinations apart. A `move` or `hire` to an employer outside is one of the seven
sectors. A `departure` with the role `professional` is a job abroad; one from an employer outside
goes out of reach; any other from no job gives up to look for work.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.compilation import compiled
from hesim.model.careers import ACADEMIC_SECTORS, CareerRates
from hesim.model.geography import Geography
from hesim.model.jobs import end_second_job
from hesim.model.ledger import DEPARTURE, NO_REASON, OUTSIDE_MODEL, Ledger, note_flow, open_spell
from hesim.model.moves import reason_to_leave
from hesim.model.outside_offers import GOES_FAR
from hesim.population.persons import Columns
from hesim.random import Streams, uniform

NO_ROLE = c.JOB_SEEKER


@compiled
def go_abroad(
    p: Columns,
    rows: NDArray[np.int64],
    places: Geography,
    month: int,
    rates: CareerRates,
    streams: Streams,
    ledger: Ledger,
) -> None:
    """Note those who take a job abroad: the sector of it stays unknown, as in a survey.

    Args:
        p: Persons; who calls frees the slots.
        rows: Rows of those who go.
        places: Sector of each employer.
        month: Month number.
        rates: What happens at the end of a contract: the reason to leave hangs on it.
        streams: Keys of the streams.
        ledger: Notes each departure.
    """
    for i in rows:
        employer, reason, row = int(p.employer[i]), NO_REASON, int(p.pending[i])
        if employer >= 0:
            sector = places.sector_of[employer]
            reason = reason_to_leave(p, i, month, sector, rates, streams.renewal)
            if sector <= ACADEMIC_SECTORS:
                row = open_spell(ledger, p, i, month, reason)
        flow = note_flow(
            ledger,
            month,
            DEPARTURE,
            employer,
            p.role[i],
            OUTSIDE_MODEL,
            c.PROFESSIONAL,
            p.field[i],
            reason,
        )
        ledger.f_spell[flow] = row
        if p.employer2[i] >= 0:
            end_second_job(p, i, month, ledger)


@compiled
def go_out_of_reach(
    p: Columns,
    rows: NDArray[np.int64],
    month: int,
    share: float,
    key: np.uint64,
    ledger: Ledger,
) -> NDArray[np.int64]:
    """Note who of those who took a job outside never comes back; return their rows.

    Args:
        p: Persons; who calls frees the slots.
        rows: Rows of those who took a job outside this month.
        month: Month number.
        share: Share that goes.
        key: Key of the stream `outside`.
        ledger: Notes each departure.
    """
    gone, count = np.empty(rows.size, np.int64), 0
    for i in rows:
        if uniform(key, p.id[i], month, GOES_FAR) >= share:
            continue
        note_flow(
            ledger,
            month,
            DEPARTURE,
            p.employer[i],
            p.role[i],
            OUTSIDE_MODEL,
            NO_ROLE,
            p.field[i],
            NO_REASON,
        )
        if p.employer2[i] >= 0:
            end_second_job(p, i, month, ledger)
        gone[count] = i
        count += 1
    return gone[:count]

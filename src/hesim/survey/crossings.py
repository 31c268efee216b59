"""Define what a crossing between hbo and wo is: once, for every table, figure, report and page.

Somebody crosses who leaves a job in one of the two sectors and whose next job is in the other.
There are two ways:

- From job to job: the ledger notes one `move`.
- After a time without a job: the ledger notes a `separation` and a later `hire`, at most
  `survey.job_known_within` months apart. A job lost and another found in the same month is of this
  kind, with 0 months between.

Either counts in the month in which the new job begins. A step of longer ago is no crossing, but the
tables keep the months up to `MEMORY`, so that a reader can draw the line elsewhere. Second jobs,
joint appointments, secondments and swaps are no crossings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.model.ledger import Ledger
    from hesim.population.employers import Employers

MEMORY = 18
"""Months without a job up to which tables say which sector the job before was in."""
CROSSINGS = {"wo_to_hbo": (c.WO, c.HBO), "hbo_to_wo": (c.HBO, c.WO)}
"""The outcomes that count crossings, with the sectors left and joined."""
DIRECT = {name: f"{name}_direct" for name in CROSSINGS}
"""The outcomes that count those of them who go from job to job."""
NO_CROSSING = len(CROSSINGS)
CODES = (*CROSSINGS, "")
"""What a row of flows or movers is: code in `CROSSINGS`, or none."""
FROM_JOB, FROM_NO_JOB, NEITHER = range(3)
WAYS = ("job_to_job", "after_no_job", "")
"""How somebody came to the new job; neither where the job before or the next is not known."""
LATER = {
    name: (f"{c.SECTORS[left]}_then_no_job", c.SECTORS[joined])
    for name, (left, joined) in CROSSINGS.items()
}
"""Names of origin and destination, in pictures of who goes where, of those who cross after a time
without a job; those who go from job to job stand under the two sectors."""
MOVE, HIRE, DEPARTURE = (c.FLOW_KINDS.index(kind) for kind in ("move", "hire", "departure"))


class JobBefore(NamedTuple):
    """The job that each flow's person had before, where it is known.

    Attributes:
        employer: Code of the employer; -1 where no job before is known.
        months: Months between the two jobs, 0 for a move; -1 where no job before is known.
        crossing: Code in `CODES`.
    """

    employer: NDArray[np.int16]
    months: NDArray[np.int16]
    crossing: NDArray[np.int8]


def job_before(ledger: Ledger, employers: Employers, rows: slice) -> JobBefore:
    """Look up the job before of those who move, are hired, or go abroad without a job.

    Args:
        ledger: The ledger.
        employers: Employers, for their sectors.
        rows: Rows of the ledger's flows.
    """
    kind, spell = ledger.f_kind[rows], ledger.f_spell[rows]
    moved, hired = kind == MOVE, (kind == HIRE) & (spell >= 0)
    # The ledger completes a spell only when the next job begins in time.
    completed = (moved | hired) & (spell >= 0) & (ledger.m_to[spell] >= 0)
    gap = ledger.f_month[rows] - ledger.m_left[spell]
    # Where the trace of a person ends, the last job is remembered however long ago it was.
    away = (kind == DEPARTURE) & (ledger.f_from[rows] < 0) & (spell >= 0)
    hired = hired & (completed | (gap <= MEMORY)) | away
    none = np.int16(-1)
    employer = np.where(moved, ledger.f_from[rows], np.where(hired, ledger.m_from[spell], none))
    months = np.where(moved, np.int16(0), np.where(hired, gap, none))
    # Who has no job, and what is outside the model, stand behind the employers.
    sector = np.append(employers.sector, [c.NO_JOB] * 3)
    origin = np.where(completed, sector[employer], c.NO_JOB)
    return JobBefore(employer, months, crossing(origin, sector[ledger.f_to[rows]]))


def crossing(origin: NDArray[np.integer], target: NDArray[np.integer]) -> NDArray[np.int8]:
    """Say which changes of job are crossings: codes of `CODES`.

    Args:
        origin: Sector of the job before, where the next began in time; else `NO_JOB`.
        target: Sector of the new job.
    """
    found = np.full(origin.shape, NO_CROSSING, np.int8)
    for code, (left, joined) in enumerate(CROSSINGS.values()):
        found[(origin == left) & (target == joined)] = code
    return found


def ways(ledger: Ledger) -> NDArray[np.int8]:
    """Say of each spell in which way its two jobs follow one another: codes of `WAYS`."""
    flows, spells = int(ledger.used[0]), int(ledger.used[1])
    both = (ledger.m_from[:spells] >= 0) & (ledger.m_to[:spells] >= 0)
    found = np.where(both, FROM_NO_JOB, NEITHER).astype(np.int8)
    spell = ledger.f_spell[:flows][ledger.f_kind[:flows] == MOVE]
    found[spell[spell >= 0]] = FROM_JOB
    return found


def of_whom(direct: float, form: str = ",.0f") -> str:
    """Say how many of those who cross go from job to job, to follow the number of all."""
    return f"of whom {direct:{form}} from job to job"


def definition(known_within: int) -> str:
    """Say what counts as a crossing, for small print."""
    if known_within == 0:
        return "a crossing goes from job to job, or the next job is found in the month of the loss"
    months = "month" if known_within == 1 else "months"
    return (
        f"a crossing goes from job to job, or the next job begins at most {known_within} {months} "
        "after the last ended"
    )

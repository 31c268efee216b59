"""Count what becomes of PhD candidates, and doctors among the lecturers that hbo begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hesim import categories as c
from hesim.model.ledger import DEPARTURE, MOVE, SEPARATION, STEP
from hesim.survey.crossings import job_before

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

ENDS = (MOVE, STEP, SEPARATION, DEPARTURE)
"""Flows by which the time as a candidate ends."""
EARLY = (c.PHD_CANDIDATE, c.POSTDOC)
"""Roles from which people go abroad within ten years of their PhD (assumed)."""
ABROAD = c.ROLES.index("professional")
"""Role that the ledger gives to a departure abroad; one out of reach has none."""


class CandidateFates(NamedTuple):
    """PhD candidates by what becomes of them in the recorded months: persons, as simulated.

    Attributes:
        ended: Those whose time as a candidate ends.
        academic: Of these, those who go on at once in another role of wo.
        abroad: Departures abroad of candidates, of postdocs, and of the jobless who left wo.
        defended: Those who defend a thesis, candidates and former ones.
        in_work: Of these, those who have a job at that moment.
        lecturers: Hbo's lecturers in the stock that the run begins from, before the burn-in.
        lecturer_doctors: Of these, those who hold a PhD.
    """

    ended: int = 0
    academic: int = 0
    abroad: int = 0
    defended: int = 0
    in_work: int = 0
    lecturers: int = 0
    lecturer_doctors: int = 0


NO_FATES = CandidateFates()


def fates(model: HigherEducation) -> CandidateFates:
    """Count the fates of candidates in a finished model."""
    ledger, rows = model.ledger, slice(0, int(model.ledger.used[0]))
    sector = np.append(model.employers.sector, [c.NO_JOB] * 3)
    recorded, kind = ledger.f_month[rows] >= 0, ledger.f_kind[rows]
    role, target = ledger.f_from_role[rows], ledger.f_to_role[rows]
    ended = recorded & (role == c.PHD_CANDIDATE) & np.isin(kind, ENDS)
    here = (ledger.f_to[rows] >= 0) & (sector[ledger.f_to[rows]] == c.WO)
    academic = ended & here & (target != c.PHD_CANDIDATE)
    gone = recorded & (kind == DEPARTURE) & (target == ABROAD)
    jobless = ledger.f_from[rows] == -1
    left = sector[job_before(ledger, model.employers, rows).employer] == c.WO
    abroad = gone & (np.where(jobless, left, np.isin(role, EARLY)))
    defended = [each for month, each in model.recorder.candidates.items() if month >= 0]
    return CandidateFates(
        int(np.count_nonzero(ended)),
        int(np.count_nonzero(academic)),
        int(np.count_nonzero(abroad)),
        sum(each.persons for each in defended),
        sum(each.in_work for each in defended),
        *model.recorder.drawn_lecturers,
    )


def fate_shares(counted: CandidateFates) -> dict[str, float]:
    """Percentages of what `fates` counted; a share of nobody is left out.

    Returns:
        `job_at_defence`, `candidates_academic`, `candidates_abroad` and `hbo_lecturers_phd`.
    """
    found = {}
    if counted.defended:
        found["job_at_defence"] = 100.0 * counted.in_work / counted.defended
    if counted.ended:
        found["candidates_academic"] = 100.0 * counted.academic / counted.ended
        found["candidates_abroad"] = 100.0 * counted.abroad / counted.ended
    if counted.lecturers:
        found["hbo_lecturers_phd"] = 100.0 * counted.lecturer_doctors / counted.lecturers
    return found

"""Watch one institution through a run: its vacancies, who applied, who came and who left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.model.ledger import NO_REASON
from hesim.story.ranking import Applicant, applicants

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation


@dataclass(frozen=True)
class Contest:
    """One vacancy in one month in which somebody applied.

    Attributes:
        month: Month, 0 the first recorded one.
        vacancy: Identity of the vacancy.
        role: Code of the role.
        field: Code of the field.
        opened: Month in which it opened.
        contract: Code of the contract offered.
        applicants: Applicants, best first.
    """

    month: int
    vacancy: int
    role: int
    field: int
    opened: int
    contract: int
    applicants: list[Applicant]


@dataclass(frozen=True)
class Passage:
    """Somebody who came to the institution or left it.

    Attributes:
        month: Month.
        came: True who came, False who left.
        person: Identity.
        role: Code of the role at the institution.
        other: Code of the employer on the other side, -1 for none.
        reason: Reason of table 2.2, empty where there is none.
    """

    month: int
    came: bool
    person: int
    role: int
    other: int
    reason: str


class Watcher:
    """Watches one institution.

    Attributes:
        institution: Its code.
        contests: Vacancies with applicants, by month.
        passages: Who came and who left, by month.
        opened: Vacancies that opened, by month: (month, role, field).
    """

    def __init__(self, institution: int) -> None:
        """Watch the institution with this code."""
        self.institution = institution
        self.contests: list[Contest] = []
        self.passages: list[Passage] = []
        self.opened: list[tuple[int, int, int]] = []

    def begin_month(self, model: HigherEducation) -> None:
        """Nothing to note before the month's events."""

    def after(self, model: HigherEducation, event: str) -> None:
        """Note vacancies that opened, and contests."""
        v, count = model.market.vacancies, model.market.open_count
        mine = np.flatnonzero(v.employer[:count] == self.institution)
        if event == "vacancies":
            new = mine[v.opened[mine] == model.month]
            self.opened += [(model.month, int(v.role[k]), int(v.field[k])) for k in new]
        if event == "hiring":
            for k in mine.tolist():
                found = applicants(model, k)
                if found:
                    self.contests.append(
                        Contest(
                            model.month,
                            int(v.id[k]),
                            int(v.role[k]),
                            int(v.field[k]),
                            int(v.opened[k]),
                            int(v.contract[k]),
                            found,
                        )
                    )

    def end_month(self, model: HigherEducation, month: int) -> None:
        """Note who came and who left, from the ledger."""
        ledger, used = model.ledger, int(model.ledger.used[1])
        me = self.institution
        left = np.flatnonzero((ledger.m_left[:used] == month) & (ledger.m_from[:used] == me))
        for row in left.tolist():
            straight = ledger.m_joined[row] == month
            code = int(ledger.m_reason[row])
            self.passages.append(
                Passage(
                    month,
                    False,
                    int(ledger.m_person[row]),
                    int(ledger.m_from_role[row]),
                    int(ledger.m_to[row]) if straight else -1,
                    "" if code == NO_REASON else c.EXIT_REASONS[code],
                )
            )
        joined = np.flatnonzero((ledger.m_joined[:used] == month) & (ledger.m_to[:used] == me))
        for row in joined.tolist():
            straight = ledger.m_left[row] == month
            self.passages.append(
                Passage(
                    month,
                    True,
                    int(ledger.m_person[row]),
                    int(ledger.m_to_role[row]),
                    int(ledger.m_from[row]) if straight else -1,
                    "",
                )
            )

"""Write the ledger, stocks and vacancies of a small run by hand, to know what must come out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from hesim import categories as c
from hesim.levers.policy import Levers
from hesim.model.ledger import empty_ledger
from hesim.outcomes.evidence import Evidence
from hesim.outcomes.registry import OUTCOMES
from hesim.survey.movers import sort_movers

FIRST_YEAR = 2011
EMPLOYERS = {
    "hbo": 0,
    "hbo 2": 1,
    "wo": 2,
    "wo 2": 3,
    "umc": 4,
    "industry": 5,
    "no job": -1,
}
"""Employer codes; the first four are the institutions."""
SECTORS = ("hbo", "hbo", "wo", "wo", "umc", "industry")
INSTITUTIONS = 4
NEVER = "never"


def month(text: str) -> int:
    """A month such as `2011-03`, counted from the first one; `never` is -1."""
    return -1 if text == NEVER else 12 * (int(text[:4]) - FIRST_YEAR) + int(text[5:]) - 1


class HandLedger:
    """What a run of some years from 2011 left behind, row by row."""

    def __init__(self, years: int = 2) -> None:
        self.years = years
        self.ledger = empty_ledger(200, 200)
        self.stock: dict[int, list[tuple[int, int]]] = {}
        self.defences: dict[int, int] = {}
        self.vacancies: list[tuple[int, int, int, int]] = []
        self.policy: Levers | None = None
        self.scale = 1.0
        self.shape = (len(SECTORS) + 1, len(c.ROLES), len(c.FIELDS), 2, len(c.EDUCATION))

    def spell(
        self,
        origin: str,
        left: str,
        target: str,
        joined: str,
        reason: str = "resigned",
        person: int | None = None,
        education: str = "master",
        education_joined: str = "phd",
        lost: bool = False,
    ) -> None:
        """Somebody leaves one job and joins another, perhaps later, perhaps never.

        `lost` says that the job is lost and another found, not changed for it; it is the rule where
        the months differ.
        """
        at = int(self.ledger.used[1])
        self.ledger.used[1] += 1
        row = {
            "person": 1000 + at if person is None else person,
            "from": EMPLOYERS[origin],
            "left": month(left),
            "to": EMPLOYERS[target],
            "joined": month(joined),
            "reason": c.EXIT_REASONS.index(reason),
            "education_left": c.EDUCATION.index(education),
            "education_joined": c.EDUCATION.index(education_joined),
            "from_role": c.ROLES.index("lecturer"),
            "to_role": c.ROLES.index("lecturer"),
        }
        for name, value in row.items():
            getattr(self.ledger, f"m_{name}")[at] = value
        if left == joined and not lost:
            if origin == "no job":
                self.flow("hire", joined, origin, target)
            else:
                self.flow("move", joined, origin, target, at)
            return
        self.flow("separation", left, origin, "no job", at)
        if joined != NEVER:
            self.flow("hire", joined, "no job", target, at)

    def flow(
        self, kind: str, when: str, origin: str = "no job", target: str = "no job", spell: int = -1
    ) -> None:
        """Something happens to somebody's jobs."""
        at = int(self.ledger.used[0])
        self.ledger.used[0] += 1
        self.ledger.f_kind[at] = c.FLOW_KINDS.index(kind)
        self.ledger.f_month[at], self.ledger.f_spell[at] = month(when), spell
        self.ledger.f_from[at], self.ledger.f_to[at] = EMPLOYERS[origin], EMPLOYERS[target]

    def staff(self, employer: str, when: str, persons: int, education: str = "master") -> None:
        """So many persons work for an employer at the end of a month."""
        # Who has no job stands in the last row of employers.
        row = EMPLOYERS[employer] % self.shape[0]
        place = (row, c.ROLES.index("lecturer"), 0, 0, c.EDUCATION.index(education))
        cell = int(np.ravel_multi_index(place, self.shape))
        self.stock.setdefault(month(when), []).append((cell, persons))

    def vacancy(self, employer: str, opened: str, closed: str, outcome: str) -> None:
        """A vacancy is filled, withdrawn, or open at the end."""
        code = c.VACANCY_OUTCOMES.index(outcome)
        self.vacancies.append((EMPLOYERS[employer], month(opened), month(closed), code))

    def defend(self, when: str, persons: int) -> None:
        """So many persons defend their thesis in a month."""
        self.defences[month(when)] = persons

    def stocks(self) -> list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """Month, cells, persons and hours, as the recorder hands them over."""
        rows = {when: np.array(cells).T for when, cells in self.stock.items()}
        return [(when, cell, persons, persons) for when, (cell, persons) in rows.items()]

    def closed(self) -> dict[str, np.ndarray]:
        columns = np.array(self.vacancies, np.int16).reshape(-1, 4).T
        return dict(zip(("employer", "opened", "closed", "outcome"), columns, strict=True))

    def model(self) -> Any:
        """What outcomes read of a model."""
        sector = np.array([c.SECTORS.index(name) for name in SECTORS], np.int8)
        recorder = SimpleNamespace(
            shape=self.shape, stocks=self.stocks(), defences=self.defences, closed=self.closed
        )
        employers = SimpleNamespace(sector=sector, institutions=INSTITUTIONS)
        return SimpleNamespace(
            ledger=self.ledger,
            employers=employers,
            recorder=recorder,
            policy=self.policy,
            settings=SimpleNamespace(number={"population.scale": self.scale}.__getitem__),
        )

    def outcome(self, name: str) -> list[float]:
        """An outcome by year."""
        model = self.model()
        evidence = Evidence(model, sort_movers(model), self.years)
        return [float(value) for value in OUTCOMES[name].compute(evidence)]

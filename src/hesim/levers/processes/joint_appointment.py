"""Appoint one person at both sides: two part-time posts, a full week together at most.

Staff in reach is offered a second post at an institution of the other sector in the region that
misses one in the own field. Professor and lector belong together, else lecturer and university
lecturer. The person compares the two jobs for the part of the week: their headings and their ways
to work, less that part's cost of a step between the sectors and of any new job, with luck as in
search.

Who accepts works fewer hours in the first job and is known on both sides. The person fills the
post of the second employer, and its hours. What the second post adds to the present job counts in
every later choice. It ends after its term, or with any change of the main job. The hours of the
first job then come back.

Its start is no move. Numbers of offers are assumed (report 3.3.2 and appendix D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.levers.lever import Lever, Parameters
from hesim.levers.processes.process import Process, Turn, volunteers
from hesim.model.choice import value_of_job
from hesim.model.interface import missing_posts, rows_of
from hesim.model.jobs import end_second_job, role_beside
from hesim.model.ledger import DUAL_START, NO_REASON, note_flow
from hesim.model.market import vacancy_identity
from hesim.model.policy import DUAL
from hesim.model.ties import note_work
from hesim.model.weighing import Job, luck, parts_of_job
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.model.policy import Frictions

WHERE = 32
"""Lane: which institution offers the post."""
OFFER = 1 << 30
"""Ordinal of an offered second post, apart from those of vacancies."""
LEVEL = {c.PROFESSOR: c.PHD}
"""Education that a second post asks, a master where not said."""


class JointAppointment(Process):
    """Joint appointments under way.

    Attributes:
        held: Hours of the first job before, and its employer, by person.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        super().__init__(lever)
        self.held: dict[int, tuple[int, int]] = {}

    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """Give hours back where an appointment ended; offer new ones."""
        self._restore(model)
        if turn.given.get("offers", 0.0):
            self._offer(model, turn)

    def _restore(self, model: HigherEducation) -> None:
        p = model.persons
        ids = np.array(sorted(self.held), np.uint64)
        for who, row in zip(ids.tolist(), rows_of(model, ids).tolist(), strict=True):
            if row >= 0 and p.marks[row] & DUAL:
                continue
            hours, employer = self.held.pop(who)
            if row >= 0 and p.employer[row] == employer:
                free = model.rates.jobs.full_week - int(p.hours2[row])
                p.hours[row] = max(int(p.hours[row]), min(hours, free))

    def _offer(self, model: HigherEducation, turn: Turn) -> None:
        p, e = model.persons, model.employers
        yearly = turn.given["offers"] * turn.share * (1.0 + turn.rules["ease"])
        rows = volunteers(model, turn.area, yearly, np.array(sorted(self.held), np.uint64))
        rows = rows[e.sector[p.employer[rows]] <= c.WO]
        chance = uniforms(turn.area.key, p.id[rows], model.month, WHERE)
        gap = missing_posts(model) if rows.size else np.zeros(e.target.shape, np.int32)
        for row, which in zip(rows.tolist(), chance.tolist(), strict=True):
            own, role, field = int(p.employer[row]), int(p.role[row]), int(p.field[row])
            beside = role_beside(role)
            if beside < 0 or p.education[row] < LEVEL.get(beside, c.MASTER):
                continue
            other = c.WO if e.sector[own] == c.HBO else c.HBO
            near = (e.sector == other) & (e.region == e.region[own]) & turn.area.employers
            hosts = np.flatnonzero(near & (gap[:, beside, field] > 0))
            if hosts.size == 0:
                continue
            host = int(hosts[int(which * hosts.size)])
            if self._accepts(model, row, host, beside, turn.given["fte"], turn.effects.frictions):
                gap[host, beside, field] -= 1
                self.take_in(model, turn.attendance, np.array([row]))
                self._begin(model, row, host, beside, turn.given)
                turn.accounts.note(self.lever, model.month, "started", 1)

    def _accepts(
        self,
        model: HigherEducation,
        row: int,
        host: int,
        beside: int,
        part: float,
        frictions: Frictions,
    ) -> bool:
        """Weigh an offer, and note what it adds to the present job if it is accepted."""
        p, e = model.persons, model.employers
        own, contract, hours = int(p.employer[row]), int(p.contract[row]), int(p.hours[row])
        first = Job(own, int(p.role[row]), contract, hours, int(p.place[row]))
        second = Job(host, beside, contract, hours, int(e.place[host]))
        here, there = (parts_of_job(model, row, job, frictions) for job in (first, second))
        cost = there.change + there.sector - there.outlook
        gain = part * (value_of_job(there) - value_of_job(here))
        offer = vacancy_identity(host, beside, int(p.field[row]), OFFER)
        if gain - part * cost + luck(model, row, int(offer)) <= 0.0:
            return False
        p.side[row] = gain
        return True

    def _begin(
        self, model: HigherEducation, row: int, host: int, beside: int, given: Parameters
    ) -> None:
        p, week = model.persons, model.rates.jobs.full_week
        if p.employer2[row] >= 0:
            side = p.side[row]
            end_second_job(p.columns, row, model.month, model.ledger)
            p.side[row] = side
        hours2 = round(week * min(given["fte"], 0.5))
        self.held[int(p.id[row])] = (int(p.hours[row]), int(p.employer[row]))
        p.hours[row] = min(int(p.hours[row]), week - hours2)
        p.employer2[row], p.hours2[row] = host, hours2
        p.ends2[row] = model.month + round(given.get("months", 0.0))
        p.marks[row] |= np.uint8(DUAL)
        note_work(p.columns, row, int(model.employers.sector[host]))
        p.contacts[row] += model.rates.moves.contacts_kept
        note_flow(
            model.ledger,
            model.month,
            DUAL_START,
            -1,
            c.JOB_SEEKER,
            host,
            beside,
            int(p.field[row]),
            NO_REASON,
        )

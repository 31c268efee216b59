"""Second people to the other sector: the contract stays, the knowledge comes back.

A volunteer goes to an institution of the other sector for some months: a partner of the own one in
the region if there is any, else another of the region. Who is away counts at the own employer. The
person knows the other sector from then on and has made acquaintances.

At the end one part asks for a vacancy of the host and competes for it like anybody. One part
starts to search. The others return to their work. Whoever changes employer meanwhile is no longer
seconded. Nobody vanishes: those who started are away, have returned, or have left the own
employer.

A secondment does not count as a move. Numbers of people are assumed (report 3.3.1 and 3.3.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.levers.lever import Lever, Parameters
from hesim.levers.processes.process import Process, Turn, volunteers
from hesim.levers.reach import Area
from hesim.model.interface import apply_for, open_to, rows_of
from hesim.model.ledger import NO_REASON, RETURNED, SECONDED, note_flow
from hesim.model.policy import DUAL
from hesim.model.push import IDLE, ON_THE_JOB
from hesim.model.ties import note_work
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.levers.accounts import Accounts
    from hesim.model.higher_education import HigherEducation

HOST, WISH = 30, 31
"""Lanes: which host, and what somebody wants at the end."""


def pick_host(model: HigherEducation, employer: int, chance: float) -> int:
    """An institution of the other sector: a partner in the region, else any there, or -1."""
    e = model.employers
    other = c.WO if e.sector[employer] == c.HBO else c.HBO
    near = (e.sector == other) & (e.region == e.region[employer])
    hosts = np.flatnonzero(near & (e.partner[employer] == 1))
    if hosts.size == 0:
        hosts = np.flatnonzero(near)
    return int(hosts[int(chance * hosts.size)]) if hosts.size else -1


class Secondment(Process):
    """Secondments under way.

    Attributes:
        away: Person, own employer, host and month of the end of each.
        waiting: Person, own employer, host and month of the start of each that is agreed.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        super().__init__(lever)
        self.away: list[tuple[int, int, int, int]] = []
        self.waiting: list[tuple[int, int, int, int]] = []
        self.asking: list[tuple[int, int]] = []
        self.asked: list[tuple[int, int]] = []
        self.last: Parameters = {}

    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """End those that are over, start those that are due, agree on new ones."""
        self.last = turn.given or self.last
        self._count_stayed(model, turn.accounts)
        self._end(model, turn.area)
        self._start(model, turn)
        if turn.given:
            self._agree(model, turn)

    def _count_stayed(self, model: HigherEducation, accounts: Accounts) -> None:
        rows = rows_of(model, np.array([who for who, _ in self.asked], np.uint64))
        for (_, host), row in zip(self.asked, rows.tolist(), strict=True):
            if row >= 0 and model.persons.employer[row] == host:
                accounts.note(self.lever, model.month - 1, "stayed", 1)
        self.asked = []

    def _end(self, model: HigherEducation, area: Area) -> None:
        p = model.persons
        ids = np.array([who for who, *_ in self.away], np.uint64)
        wish = uniforms(area.key, ids, 0, WISH)
        stay = self.last.get("stay", 0.0)
        move_on = stay + self.last.get("move_on", 0.0)
        self.asking, kept = [], []
        for entry, row, wants in zip(self.away, rows_of(model, ids).tolist(), wish, strict=True):
            who, own, host, until = entry
            there = row >= 0 and p.employer[row] == own
            if there and model.month < until:
                kept.append(entry)
                continue
            role = int(p.role[row]) if row >= 0 else c.JOB_SEEKER
            field = int(p.field[row]) if row >= 0 else 0
            note_flow(model.ledger, model.month, RETURNED, host, role, own, role, field, NO_REASON)
            if there and wants < stay:
                self.asking.append((who, host))
            elif there and wants < move_on and p.search[row] == IDLE:
                p.search[row], p.search_since[row] = ON_THE_JOB, model.month
        self.away = kept

    def _start(self, model: HigherEducation, turn: Turn) -> None:
        p = model.persons
        due = [entry for entry in self.waiting if entry[3] <= model.month]
        self.waiting = [entry for entry in self.waiting if entry[3] > model.month]
        rows = rows_of(model, np.array([who for who, *_ in due], np.uint64))
        months = round(self.last.get("months", 0.0))
        for (who, own, host, _), row in zip(due, rows.tolist(), strict=True):
            if row < 0 or p.employer[row] != own or p.ends[row] - model.month < months:
                continue
            self.take_in(model, turn.attendance, np.array([row]))
            self.away.append((who, own, host, model.month + months))
            note_work(p.columns, row, int(model.employers.sector[host]))
            p.contacts[row] += self.last.get("contacts", 0.0)
            role, field = int(p.role[row]), int(p.field[row])
            note_flow(model.ledger, model.month, SECONDED, own, role, host, role, field, NO_REASON)
            turn.accounts.note(self.lever, model.month, "started", 1)

    def _agree(self, model: HigherEducation, turn: Turn) -> None:
        p, e = model.persons, model.employers
        busy = np.array([who for who, *_ in (*self.away, *self.waiting)], np.uint64)
        yearly = turn.given.get("volunteers", 0.0) * turn.share
        yearly *= 1.0 + turn.rules["ease"]
        rows = volunteers(model, turn.area, yearly, busy)
        rows = rows[(e.sector[p.employer[rows]] <= c.WO) & (p.marks[rows] & DUAL == 0)]
        delay = round(turn.given.get("delay", 0.0) * (1.0 - min(turn.rules["delay"], 1.0)))
        chance = uniforms(turn.area.key, p.id[rows], model.month, HOST)
        for row, which in zip(rows.tolist(), chance.tolist(), strict=True):
            own = int(p.employer[row])
            host = pick_host(model, own, which)
            if host >= 0:
                self.waiting.append((int(p.id[row]), own, host, model.month + delay))

    def propose(self, model: HigherEducation) -> None:
        """Let those who want to stay apply for a vacancy of their host."""
        v = model.market.vacancies
        rows = rows_of(model, np.array([who for who, _ in self.asking], np.uint64))
        pairs = []
        for (_, host), row in zip(self.asking, rows.tolist(), strict=True):
            if row < 0:
                continue
            fits = open_to(model, row)
            fits = fits[v.employer[fits] == host]
            # The own field first, then the identity, which nothing else changes.
            order = np.lexsort((v.id[fits], v.field[fits] != model.persons.field[row]))
            pairs += [(row, int(fits[k])) for k in order[:1]]
        apply_for(model, pairs)
        self.asked, self.asking = self.asking, []

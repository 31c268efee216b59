"""Pass profiles of displaced academic staff on to all employers of a region.

Somebody is displaced who lost a job in hbo or wo by dismissal, reorganisation or the end of a
contract, and has none. Now and then the person is brought to one open vacancy in reach near home,
of the own field, for which the education suffices. The person says whether that is better than
nothing. The employer says whether the person is the best: it is one application more, ranked like
others.

A lever can mean only those who were dismissed or lost in a reorganisation (`redundant`), and only
vacancies of hbo and wo (`inside`). Offers to staff made redundant are of this kind. Where
institutions take part, `reach.share` says which of them do, and not how many of the people.

It must place a handful at most. The chance of a contact is assumed (report 3.3.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.levers.lever import Lever, Parameters
from hesim.levers.processes.process import Process, Turn
from hesim.levers.reach import Area
from hesim.model.interface import apply_for, open_to, rows_of
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

CONTACT, WHICH = 35, 36
"""Lanes: whether somebody is brought to a vacancy, and to which."""
DISPLACED = tuple(
    c.EXIT_REASONS.index(name) for name in ("dismissed", "contract_expired", "reorganisation")
)
"""Reasons of table 2.2 for which somebody has lost a job against the own will, and is displaced.
Who resigned, declined a renewal, fell ill or retired is not."""
REDUNDANT = tuple(reason for reason in DISPLACED if c.EXIT_REASONS[reason] != "contract_expired")
"""Reasons for which the post itself went, or its holder was sent away."""


class MobilityNetwork(Process):
    """One network, or all of the regions in reach.

    Attributes:
        brought: Person and employer of last month's applications that it made.
        homes: Kind of the last employer of each of these persons, by identity.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        super().__init__(lever)
        self.brought: list[tuple[int, int]] = []
        self.homes: dict[int, int] = {}
        self.given: Parameters = {}
        self.area: Area | None = None

    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """Count who was placed last month."""
        p = model.persons
        rows = rows_of(model, np.array([who for who, _ in self.brought], np.uint64))
        placed: list[int] = []
        for (who, employer), row in zip(self.brought, rows.tolist(), strict=True):
            if row >= 0 and p.employer[row] == employer and p.since[row] == model.month - 1:
                turn.accounts.note(self.lever, model.month - 1, "placed", 1)
                placed.append(who)
        # Who is placed takes part from the month in which the new job began.
        homes = np.array([self.homes.get(who, c.NO_KIND) for who in placed], np.uint8)
        turn.attendance.note(self.lever, model.month - 1, np.array(placed, np.uint64), homes)
        self.brought, self.given, self.area = [], turn.given, turn.area

    def propose(self, model: HigherEducation) -> None:
        """Bring displaced people to vacancies."""
        if self.area is None or not self.given.get("contact", 0.0):
            return
        p, v, e = model.persons, model.market.vacancies, model.employers
        rows = np.flatnonzero((p.present == 1) & (p.employer < 0) & (p.last <= c.WO))
        rows = rows[p.pending[rows] >= 0]
        reasons = REDUNDANT if self.given.get("redundant", 0.0) else DISPLACED
        rows = rows[np.isin(model.ledger.m_reason[p.pending[rows]], reasons)]
        rows = rows[model.month - p.since[rows] <= self.given.get("months", 0.0)]
        regions = np.unique(e.region[self.area.employers])
        rows = rows[np.isin(e.town_region[p.home[rows]], regions)]
        drawn = uniforms(self.area.key, p.id[rows], model.month, CONTACT)
        whole = self.lever.about.taking_part == "institutions"
        share = 1.0 if whole else self.lever.reach.share
        rows = rows[drawn < self.given["contact"] * share]
        which = uniforms(self.area.key, p.id[rows], model.month, WHICH)
        pairs = []
        for row, chance in zip(rows.tolist(), which.tolist(), strict=True):
            fits = open_to(model, row)
            here = self.area.employers[v.employer[fits]] & (v.field[fits] == p.field[row])
            if self.given.get("inside", 0.0):
                here &= e.sector[v.employer[fits]] <= c.WO
            near = e.town_region[v.place[fits]] == e.town_region[p.home[row]]
            fits = fits[here & near]
            if fits.size:
                fits = fits[np.argsort(v.id[fits], kind="stable")]
                pairs.append((row, int(fits[int(chance * fits.size)])))
        made = apply_for(model, pairs)
        self.brought = [(int(p.id[row]), int(v.employer[k])) for row, k in made]
        self.homes = {int(p.id[row]): int(p.last[row]) for row, _ in made}

"""Swap jobs: two persons of the two sectors exchange jobs for a term; no vacancy is involved.

Volunteers of one region and one field are paired: a lecturer of hbo with a university lecturer or
another academic of wo, both with a master at least. People of 55 and over volunteer more often
(the 55+ pool). Each takes the other's employer, role and place of work, and keeps the own
contract, hours and tenure.

After the term both go back if both are still where the swap has put them. If one has left
meanwhile, the other stays. So nobody is added or lost.

A swap is no move. Numbers of volunteers are assumed (report, appendix D).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.levers.lever import Lever
from hesim.levers.processes.process import Process, Turn, volunteers
from hesim.model.interface import rows_of
from hesim.model.jobs import end_second_job
from hesim.model.ledger import NO_REASON, SWAPPED, SWAPPED_BACK, note_flow
from hesim.model.policy import DUAL
from hesim.model.ties import note_work
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

AGE, ORDER = 33, 34
"""Lanes: who of the younger volunteers, and the order of pairing."""
OLDER = 12 * 55
SWAPPING = (c.LECTURER, c.UNIVERSITY_LECTURER, c.OTHER_ACADEMIC)
"""Roles that can be exchanged."""


class JobSwap(Process):
    """Swaps under way.

    Attributes:
        pairs: Two persons, the employers they came from, and the month in which they go back.
    """

    def __init__(self, lever: Lever) -> None:
        """Begin without anybody."""
        super().__init__(lever)
        self.pairs: list[tuple[int, int, int, int, int]] = []

    def begin_month(self, model: HigherEducation, turn: Turn) -> None:
        """Swap back where the term is over; swap anew."""
        self._back(model)
        if not turn.given.get("volunteers", 0.0):
            return
        until = model.month + round(turn.given.get("months", 0.0))
        p = model.persons
        for one, other in self._matches(model, turn):
            self.take_in(model, turn.attendance, np.array([one, other]))
            self.pairs.append(
                (
                    int(p.id[one]),
                    int(p.id[other]),
                    int(p.employer[one]),
                    int(p.employer[other]),
                    until,
                )
            )
            exchange(model, one, other, SWAPPED)
            for row in (one, other):
                note_work(p.columns, row, int(model.employers.sector[p.employer[row]]))
                p.contacts[row] += model.rates.moves.contacts_kept
            turn.accounts.note(self.lever, model.month, "started", 2)

    def _back(self, model: HigherEducation) -> None:
        p = model.persons
        rows = rows_of(model, np.array([who for pair in self.pairs for who in pair[:2]], np.uint64))
        kept = []
        for k, pair in enumerate(self.pairs):
            one, other = int(rows[2 * k]), int(rows[2 * k + 1])
            _, _, first, second, until = pair
            both = one >= 0 and other >= 0
            if not both or p.employer[one] != second or p.employer[other] != first:
                continue
            if p.role[one] not in SWAPPING or p.role[other] not in SWAPPING:
                continue
            if model.month < until:
                kept.append(pair)
            else:
                exchange(model, one, other, SWAPPED_BACK)
        self.pairs = kept

    def _matches(self, model: HigherEducation, turn: Turn) -> list[tuple[int, int]]:
        p, e, area, given = model.persons, model.employers, turn.area, turn.given
        busy = np.array([who for pair in self.pairs for who in pair[:2]], np.uint64)
        older = 1.0 + given.get("older", 0.0)
        yearly = given["volunteers"] * turn.share * older
        rows = volunteers(model, area, yearly, busy)
        young = model.month - p.born[rows] < OLDER
        dropped = uniforms(area.key, p.id[rows], model.month, AGE) >= 1.0 / older
        rows = rows[~(young & dropped)]
        fits = np.isin(p.role[rows], SWAPPING) & (p.education[rows] >= c.MASTER)
        rows = rows[fits & (p.marks[rows] & DUAL == 0)]
        rows = rows[np.argsort(uniforms(area.key, p.id[rows], model.month, ORDER), kind="stable")]
        sector, region = e.sector[p.employer[rows]], e.region[p.employer[rows]]
        pairs: list[tuple[int, int]] = []
        for place in range(len(c.REGIONS)):
            for field in range(len(c.FIELDS)):
                here = (region == place) & (p.field[rows] == field)
                of_hbo: NDArray[np.int64] = rows[here & (sector == c.HBO)]
                of_wo: NDArray[np.int64] = rows[here & (sector == c.WO)]
                pairs += list(zip(of_hbo.tolist(), of_wo.tolist(), strict=False))
        return pairs


def exchange(model: HigherEducation, one: int, other: int, kind: int) -> None:
    """Let two persons take each other's employer, role and place of work."""
    p = model.persons
    for row, partner in ((one, other), (other, one)):
        note_flow(
            model.ledger,
            model.month,
            kind,
            int(p.employer[row]),
            int(p.role[row]),
            int(p.employer[partner]),
            int(p.role[partner]),
            int(p.field[row]),
            NO_REASON,
        )
    for name in ("employer", "role", "place"):
        column = getattr(p, name)
        column[one], column[other] = column[other], column[one]
    for row in (one, other):
        # What pushes is drawn anew where somebody works now.
        p.exposure[row] = 0
        if p.employer2[row] == p.employer[row]:
            end_second_job(p.columns, row, model.month, model.ledger)

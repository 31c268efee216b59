"""Read a model that runs as a record, and keep what the model itself does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.app.records import Closed, Flows, Movers, Stock, rows_of
from hesim.model.recorder import FILLED
from hesim.survey import margins
from hesim.survey.crossings import job_before
from hesim.survey.movers import sort_movers

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

SIDES = ("employer", "role", "field", "opened", "closed", "outcome")


class LiveRecord:
    """A view of one model; call `after_month` after each of its steps."""

    def __init__(self, model: HigherEducation) -> None:
        """Begin with what the model has recorded so far."""
        self.model = model
        self.margins: dict[int, dict[str, NDArray[np.uint16]]] = {}
        self._movers: tuple[int, Movers] | None = None
        self._yearly: dict[str, NDArray[np.float64]] = {}

    @property
    def months(self) -> int:
        """Months recorded so far."""
        return max(self.model.month, 0)

    def after_month(self) -> None:
        """Note the margins of the month just simulated, which no table of the model holds."""
        if self.model.month <= 0:
            return
        self.margins[self.model.month - 1] = margins.count(self.model)
        if self.model.month % 12 == 0:
            from hesim.outcomes.registry import headline

            years = self.model.month // 12
            self._yearly = headline(self.model, sort_movers(self.model), years)

    def follow(self, other: LiveRecord) -> None:
        """Take over the months that another arm has recorded before this one left it."""
        self.margins = dict(other.margins)
        self._yearly = dict(other._yearly)

    def margin(self, name: str, month: int) -> NDArray[np.int64] | None:
        """Staff by sector, role, field, region and band of `MARGINS`."""
        kept = self.margins.get(month)
        return None if kept is None else kept[name].astype(np.int64)

    def counted(self, month: int) -> int | None:
        """The month itself, once it is simulated."""
        return month if month in self.margins else None

    def flows(self, start: int, stop: int) -> Flows:
        """Changes of job in the months from `start` up to and without `stop`."""
        ledger = self.model.ledger
        used = int(ledger.used[0])
        rows = rows_of(ledger.f_month[:used], start, stop)
        return Flows(
            ledger.f_month[rows], ledger.f_kind[rows], ledger.f_from[rows],
            ledger.f_from_role[rows], ledger.f_to[rows], ledger.f_to_role[rows],
            ledger.f_field[rows], ledger.f_reason[rows],
            job_before(ledger, self.model.employers, rows).crossing,
            np.ones(rows.stop - rows.start, np.int64),
        )  # fmt: skip

    def stock(self, month: int) -> Stock:
        """Persons at the end of a month."""
        _, flat, heads, _ = self.model.recorder.stocks[month]
        employer, role, field, sex, education = np.unravel_index(flat, self.model.recorder.shape)
        nowhere = self.model.recorder.shape[0] - 1
        return Stock(
            np.where(employer == nowhere, -1, employer), role, field, sex, education,
            heads.astype(np.int64),
        )  # fmt: skip

    def movers(self) -> Movers:
        """All movers so far, sorted as the survey sorts them."""
        if self._movers is None or self._movers[0] != self.model.month:
            found, ledger = sort_movers(self.model), self.model.ledger
            kept = found.month >= 0
            rows = found.spell[kept]
            moved = Movers(
                found.month[kept], found.group[kept], ledger.m_from[rows],
                ledger.m_from_role[rows], ledger.m_to[rows], ledger.m_to_role[rows],
                ledger.m_reason[rows], ledger.m_field[rows], ledger.m_person[rows],
            )  # fmt: skip
            self._movers = (self.model.month, moved)
        return self._movers[1]

    def vacancies(self) -> Closed:
        """All vacancies so far, those open now last."""
        model = self.model
        v, count = model.vacancies, model.open_count
        closed = model.recorder.closed()
        now = [getattr(v, name)[:count] for name in SIDES[:4]]
        now += [np.full(count, -1, np.int16), np.full(count, FILLED + 1, np.uint8)]
        whole = [np.concatenate([closed[name], new]) for name, new in zip(SIDES, now, strict=True)]
        return Closed(*whole[:5], whole[5] == FILLED)  # type: ignore[call-arg]

    def yearly(self) -> dict[str, NDArray[np.float64]]:
        """Outcomes of the calendar years that are whole, as `hesim run` computes them."""
        return self._yearly

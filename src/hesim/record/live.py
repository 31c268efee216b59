"""Read a model that runs as records that never change, and keep what the model itself does not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim.model.ledger import Ledger
from hesim.model.recorder import FILLED, Recorder
from hesim.record.reader import ClosedVacancies, Flows, MoverRows, StockRows, month_rows
from hesim.survey import margins
from hesim.survey.crossings import job_before
from hesim.survey.margins import Cubes
from hesim.survey.movers import sort_movers

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation
    from hesim.population.employers import Employers

SIDES = ("employer", "role", "field", "opened", "closed", "outcome")


class Logbook:
    """Follows one model: an observer of it, see `execution.simulate`.

    Only who steps the model may use it. Everybody else gets a record, which goes on to say what it
    said when the model is months ahead.

    Attributes:
        model: The model that is followed.
    """

    def __init__(self, model: HigherEducation) -> None:
        """Begin with what the model has recorded so far."""
        self.model = model
        self._margins: dict[int, Cubes] = {}
        self._yearly: dict[str, NDArray[np.float64]] = {}

    @property
    def months(self) -> int:
        """Months recorded so far."""
        return max(self.model.month, 0)

    def after_month(self, model: HigherEducation) -> None:
        """Note the margins of the month just simulated, which no table of the model holds."""
        if model.month <= 0:
            return
        self._margins[model.month - 1] = margins.count(model)
        if model.month % 12 == 0:
            from hesim.outcomes.registry import headline

            self._yearly = headline(model, sort_movers(model), model.month // 12)

    def follow(self, other: Logbook) -> None:
        """Take over the months that another arm has recorded before this one left it."""
        self._margins = dict(other._margins)
        self._yearly = dict(other._yearly)

    def record(self) -> LiveRecord:
        """What there is to know of the months up to now."""
        model, p = self.model, self.model.persons
        here = p.present == 1
        flows, spells = (int(used) for used in model.ledger.used)
        # A flow without a spell points at the last one, so there must be one.
        used = {"f": flows, "m": max(spells, 1)}
        columns = [
            np.array(getattr(model.ledger, name)[: used[name[0]]]) for name in Ledger._fields[1:]
        ]
        return LiveRecord(
            months=self.months,
            ledger=Ledger(model.ledger.used.copy(), *columns),
            employers=model.employers,
            recorder=model.recorder.copy(),
            standing={
                name: getattr(model.market.vacancies, name)[: model.market.open_count].copy()
                for name in SIDES[:4]
            },
            people=(p.id[here], p.role[here]),
            margins=dict(self._margins),
            of_year=dict(self._yearly),
        )


@dataclass(frozen=True, eq=False)
class LiveRecord:
    """What a model had recorded by the end of a month; nothing in it changes any more.

    Attributes:
        months: Months recorded.
        ledger: All changes of job.
        employers: The model's employers, for their sectors.
        recorder: Stocks by month, and vacancies closed.
        standing: Columns of the vacancies that stood open.
        people: Identity and role of everybody who was there.
        margins: Staff by age, contract and hours, by month.
        of_year: Outcomes of the calendar years that were whole.
    """

    months: int
    ledger: Ledger
    employers: Employers
    recorder: Recorder
    standing: dict[str, NDArray[np.integer]]
    people: tuple[NDArray[np.uint64], NDArray[np.integer]]
    margins: dict[int, Cubes]
    of_year: dict[str, NDArray[np.float64]]

    def margin(self, name: str, month: int) -> NDArray[np.int64] | None:
        """Staff by sector, role, field, region and band of `MARGINS`."""
        kept = self.margins.get(month)
        return None if kept is None else kept[name].astype(np.int64)

    def counted_month(self, month: int) -> int | None:
        """The month itself, once it is simulated."""
        return month if month in self.margins else None

    def flows(self, start: int, stop: int) -> Flows:
        """Changes of job in the months from `start` up to and without `stop`."""
        ledger = self.ledger
        rows = month_rows(ledger.f_month, start, stop)
        return Flows(
            ledger.f_month[rows],
            ledger.f_kind[rows],
            ledger.f_from[rows],
            ledger.f_from_role[rows],
            ledger.f_to[rows],
            ledger.f_to_role[rows],
            ledger.f_field[rows],
            ledger.f_reason[rows],
            job_before(ledger, self.employers, rows).crossing,
            np.ones(rows.stop - rows.start, np.int64),
        )

    def stock(self, month: int) -> StockRows:
        """Persons at the end of a month."""
        _, flat, heads, _ = self.recorder.stocks[month]
        employer, role, field, sex, education = np.unravel_index(flat, self.recorder.shape)
        nowhere = self.recorder.shape[0] - 1
        return StockRows(
            np.where(employer == nowhere, -1, employer),
            role,
            field,
            sex,
            education,
            heads.astype(np.int64),
        )

    def movers(self) -> MoverRows:
        """All movers so far, sorted as the survey sorts them."""
        return self._movers

    @cached_property
    def _movers(self) -> MoverRows:
        found, ledger = sort_movers(self), self.ledger
        kept = found.month >= 0
        rows = found.spell[kept]
        return MoverRows(
            found.month[kept],
            found.group[kept],
            ledger.m_from[rows],
            ledger.m_from_role[rows],
            ledger.m_to[rows],
            ledger.m_to_role[rows],
            ledger.m_reason[rows],
            ledger.m_field[rows],
            ledger.m_person[rows],
        )

    def vacancies(self) -> ClosedVacancies:
        """All vacancies so far, those that stood open last."""
        return self._vacancies

    @cached_property
    def _vacancies(self) -> ClosedVacancies:
        closed = self.recorder.closed()
        count = self.standing["employer"].size
        now = [self.standing[name] for name in SIDES[:4]]
        now += [np.full(count, -1, np.int16), np.full(count, FILLED + 1, np.uint8)]
        whole = [np.concatenate([closed[name], new]) for name, new in zip(SIDES, now, strict=True)]
        return ClosedVacancies(*whole[:5], whole[5] == FILLED)  # type: ignore[call-arg]

    def yearly(self) -> dict[str, NDArray[np.float64]]:
        """Outcomes of the calendar years that were whole, as `hesim run` computes them."""
        return self.of_year

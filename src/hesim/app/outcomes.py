"""Follow the headline outcomes month by month, for any selection.

Each value looks back over twelve months, so at the end of a calendar year it equals the outcome of
that year in summary.csv when everything is selected (tested).

A count of moves has those of which one side is selected. A rate has the people who are selected
above and below the line: who joins or leaves a job of the selection, in percent of its staff.
Where there is nobody to divide by, there is no figure.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.measures import YEAR, direct_by_month, movers_by_month, passages_by_month, rolled
from hesim.app.selection import Selection, Side
from hesim.record.places import Places
from hesim.record.reader import Record

FOLLOWED = (
    "wo_to_hbo",
    "wo_to_hbo_direct",
    "hbo_to_wo",
    "hbo_to_wo_direct",
    "hbo_inflow_from_wo",
    "wo_outflow_to_hbo",
    "turnover_wo",
    "turnover_hbo",
    "hbo_phd_share",
    "second_jobs",
    "vacancy_months",
    "vacancies_unfilled",
)
"""Outcomes that can be followed by month."""
SECOND_START = c.FLOW_KINDS.index("second_job_start")


class Memory:
    """What was computed of the months of one arm, kept from one snapshot to the next.

    Months that are over do not change, so a snapshot of a later month goes on from here.

    Attributes:
        stocks: By selection, staff of wo, of hbo, and hbo's PhDs, by month.
        second: By selection, second jobs started, by month.
        series: By selection and months recorded, the outcomes: those of the last selection.
        lock: Held while something is computed; several visitors may look at one recorded run.
    """

    def __init__(self) -> None:
        """Begin with nothing computed."""
        self.stocks: dict[Selection, list[tuple[float, float, float]]] = {}
        self.second: dict[Selection, list[float]] = {}
        self.series: dict[tuple[Selection, int], dict[str, NDArray[np.float64]]] = {}
        self.lock = threading.RLock()


class OutcomeFollower:
    """Computes the outcomes of one record; what cannot change any more is computed once."""

    def __init__(self, record: Record, places: Places, memory: Memory | None = None) -> None:
        """Say what to compute from.

        Args:
            record: The record.
            places: Employers.
            memory: What was computed of earlier months of the same arm; by default nothing.
        """
        self.record, self.places = record, places
        self._memory = memory or Memory()

    def series(self, chosen: Selection, scale: float) -> dict[str, NDArray[np.float64]]:
        """Each outcome of `FOLLOWED` by month, shape (months,).

        Args:
            chosen: What is shown.
            scale: `population.scale`; numbers of persons are divided by it.
        """
        key = chosen, self.record.months
        with self._memory.lock:
            known = self._memory.series.get(key)
            if known is None:
                known = self._compute(chosen, scale)
                self._memory.series = {key: known}
        return known

    def _compute(self, chosen: Selection, scale: float) -> dict[str, NDArray[np.float64]]:
        months = self.record.months
        if months == 0:
            return {name: np.zeros(0) for name in FOLLOWED}
        counted = movers_by_month(self.record.movers(), self.places, chosen, months)
        heads = np.array(self._heads(chosen))
        over = np.minimum(np.arange(1, months + 1), YEAR)
        a_year = YEAR / over
        year = {name: rolled(values) for name, values in counted.items()}
        passed = passages_by_month(self.record.movers(), self.places, chosen, months)
        rate = {name: rolled(values) for name, values in passed.items()}
        moved = direct_by_month(self.record, self.places, chosen)
        direct = {name: rolled(values) for name, values in moved.items()}
        wo, hbo = rolled(heads[:, 0]) / over, rolled(heads[:, 1]) / over
        filled, withdrawn, waits = self._vacancies(chosen)
        return {
            "wo_to_hbo": year["wo_to_hbo"] * a_year / scale,
            "wo_to_hbo_direct": direct["wo_to_hbo_direct"] * a_year / scale,
            "hbo_to_wo": year["hbo_to_wo"] * a_year / scale,
            "hbo_to_wo_direct": direct["hbo_to_wo_direct"] * a_year / scale,
            "hbo_inflow_from_wo": _percent(rate["hbo_in_from_wo"], rate["hbo_in"]),
            "wo_outflow_to_hbo": _percent(rate["wo_out_to_hbo"], rate["wo_out"]),
            "turnover_wo": _percent((rate["wo_in"] + rate["wo_out"]) / 2 * a_year, wo),
            "turnover_hbo": _percent((rate["hbo_in"] + rate["hbo_out"]) / 2 * a_year, hbo),
            "hbo_phd_share": _percent(heads[:, 2], heads[:, 1]),
            "second_jobs": rolled(np.array(self._second_jobs(chosen))) * a_year / scale,
            "vacancy_months": _ratio(rolled(waits), rolled(filled)),
            "vacancies_unfilled": _percent(rolled(withdrawn), rolled(filled + withdrawn)),
        }

    def _heads(self, chosen: Selection) -> list[tuple[float, float, float]]:
        """Staff of wo, of hbo, and hbo's PhDs, by month."""
        known = self._memory.stocks.setdefault(chosen, [])
        places, months = self.places, self.record.months
        for month in range(len(known), months):
            s = self.record.stock(month)
            mine = (s.employer >= 0) & (s.employer < places.institutions)
            mine &= chosen.jobs(places, Side(s.employer, s.role), s.field)
            sector, persons = places.sector[s.employer[mine]], s.persons[mine]
            hbo = sector == c.HBO
            doctors = hbo & (s.education[mine] == c.PHD)
            known.append(
                (
                    float(persons[~hbo].sum()),
                    float(persons[hbo].sum()),
                    float(persons[doctors].sum()),
                )
            )
        if len(self._memory.stocks) > 8:
            self._memory.stocks = {chosen: known}
        return known[:months]

    def _second_jobs(self, chosen: Selection) -> list[float]:
        known, months = self._memory.second.setdefault(chosen, []), self.record.months
        if len(known) < months:
            start = len(known)
            f = self.record.flows(start, months)
            mine = f.kind == SECOND_START
            mine &= chosen.jobs(self.places, Side(f.target, f.target_role), f.field)
            size = months - start
            weights = f.persons[mine]
            known.extend(np.bincount(f.month[mine] - start, weights, minlength=size).tolist())
        if len(self._memory.second) > 8:
            self._memory.second = {chosen: known}
        return known[:months]

    def _vacancies(
        self, chosen: Selection
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Vacancies filled, withdrawn, and months that the filled ones waited, by month."""
        v, months = self.record.vacancies(), self.record.months
        mine = (v.employer < self.places.institutions) & (v.closed >= 0) & (v.closed < months)
        mine &= chosen.jobs(self.places, Side(v.employer, v.role), v.field)
        closed, filled = v.closed[mine].astype(np.int64), v.filled[mine]
        waited = closed - v.opened[mine]
        count = np.bincount
        return (
            count(closed[filled], minlength=months).astype(np.float64),
            count(closed[~filled], minlength=months).astype(np.float64),
            count(closed[filled], waited[filled], minlength=months).astype(np.float64),
        )


def _percent(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return 100.0 * _ratio(part, whole)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """A part of a whole; not a number where the whole is nobody."""
    none = np.full(whole.shape, np.nan)
    return np.divide(part, whole, out=none, where=whole > 0)

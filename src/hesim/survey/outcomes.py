"""Compute the headline outcomes of a run by calendar year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.ledger import DUAL_START, SECOND_START, SECONDED, SWAPPED
from hesim.model.recorder import FILLED, WITHDRAWN
from hesim.survey.movers import RETIRED_OR_DISABLED, Movers

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

LONG = 1 << 17
"""More months than any run has, before and after the first one together."""
HALF_A_YEAR, FIVE_YEARS = 6, 60

OUTCOMES: dict[str, str] = {
    "wo_to_hbo": "persons a year",
    "hbo_to_wo": "persons a year",
    "hbo_inflow_from_wo": "percent of hbo entrants",
    "wo_outflow_to_hbo": "percent of wo leavers",
    "turnover_wo": "percent of staff a year",
    "turnover_hbo": "percent of staff a year",
    "hbo_phd_share": "percent of staff",
    "phd_completions": "persons a year",
    "phds_in_hbo_within_5y": "persons a year",
    "second_jobs": "starts a year",
    "joint_appointments": "starts a year",
    "secondments": "starts a year",
    "swaps": "persons a year",
    "wo_jobless_6m": "percent of wo leavers",
    "vacancy_months": "months",
    "vacancies_unfilled": "percent of closed vacancies",
}
"""Outcomes with their units."""
OF_LEVERS = {"joint_appointments": DUAL_START, "secondments": SECONDED, "swaps": SWAPPED}
"""Outcomes that levers alone bring about, with the kind of flow: none of them is a move."""


def _staff(model: HigherEducation, years: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean heads by year and sector (hbo, wo), and the hbo PhDs' share at each year's end."""
    heads, phds = np.zeros((years, 2)), np.zeros(years)
    sector = np.append(model.employers.sector, c.NO_JOB)
    shape = model.recorder.shape
    # By cell, as stocks are kept.
    sector_of = np.repeat(sector, int(np.prod(shape[1:])))
    doctor = np.tile(np.arange(shape[-1]) == c.PHD, int(np.prod(shape[:-1])))
    for month, flat, persons, _ in model.recorder.stocks:
        of_cell = sector_of[flat]
        for code in (c.HBO, c.WO):
            heads[month // 12, code] += persons[of_cell == code].sum() / 12.0
        if month % 12 == 11:
            mine = of_cell == c.HBO
            doctors = mine & doctor[flat]
            phds[month // 12] = 100.0 * persons[doctors].sum() / max(persons[mine].sum(), 1)
    return heads, phds


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(100.0 * part / np.maximum(whole, 1.0))


def headline(model: HigherEducation, movers: Movers, years: int) -> dict[str, NDArray[np.float64]]:
    """Compute each outcome of `OUTCOMES` by year, shape (years,); counts as simulated."""

    def count(which: NDArray[np.bool_], month: NDArray[np.int16]) -> NDArray[np.float64]:
        inside = which & (month >= 0) & (month < 12 * years)
        return np.bincount(month[inside] // 12, minlength=years).astype(np.float64)

    group = {name: movers.group == code for code, name in enumerate(c.MOVER_GROUPS)}
    heads, phd_share = _staff(model, years)
    to_hbo = count(group["hbo_in"] & (movers.origin == c.WO), movers.month)
    to_wo = count(group["wo_in"] & (movers.origin == c.HBO), movers.month)
    totals = {name: count(which, movers.month) for name, which in group.items()}
    ledger, flows = model.ledger, int(model.ledger.used[0])
    kind, when = ledger.f_kind[:flows], ledger.f_month[:flows]
    left, joined = ledger.m_left[movers.spell], ledger.m_joined[movers.spell]
    leaver = group["wo_out"] & (movers.band["exit_reason"] >= RETIRED_OR_DISABLED)
    # Who left in the last months has had no half a year to find work.
    leaver &= movers.month < 12 * years - HALF_A_YEAR
    jobless = leaver & ((joined < 0) | (joined - left > HALF_A_YEAR))
    leaver_to_hbo = group["wo_out"] & (movers.destination == c.HBO)
    closed = model.recorder.closed()
    academic = closed["employer"] < model.employers.institutions
    outcome, year = closed["outcome"][academic], closed["closed"][academic] // 12
    months = (closed["closed"] - closed["opened"])[academic]
    filled, withdrawn = outcome == FILLED, outcome == WITHDRAWN

    def per_year(
        which: NDArray[np.bool_], weight: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        weights = None if weight is None else weight[which].astype(np.float64)
        return np.bincount(year[which], weights, minlength=years)[:years].astype(np.float64)

    completions = np.zeros(years)
    for month, number in model.recorder.defences.items():
        if 0 <= month < 12 * years:
            completions[month // 12] += number
    return {
        "wo_to_hbo": to_hbo,
        "hbo_to_wo": to_wo,
        "hbo_inflow_from_wo": _share(to_hbo, totals["hbo_in"]),
        "wo_outflow_to_hbo": _share(count(leaver_to_hbo, movers.month), totals["wo_out"]),
        "turnover_wo": _share((totals["wo_in"] + totals["wo_out"]) / 2, heads[:, c.WO]),
        "turnover_hbo": _share((totals["hbo_in"] + totals["hbo_out"]) / 2, heads[:, c.HBO]),
        "hbo_phd_share": phd_share,
        "phd_completions": completions,
        "phds_in_hbo_within_5y": count_reached(model, years),
        "second_jobs": count(kind == SECOND_START, when),
        **{name: count(kind == code, when) for name, code in OF_LEVERS.items()},
        "wo_jobless_6m": _share(count(jobless, movers.month), count(leaver, movers.month)),
        "vacancy_months": per_year(filled, months) / np.maximum(per_year(filled), 1.0),
        "vacancies_unfilled": _share(per_year(withdrawn), per_year(filled | withdrawn)),
    }


def count_reached(model: HigherEducation, years: int) -> NDArray[np.float64]:
    """Count, by year, PhDs who reach hbo within five years of leaving wo, on whatever way.

    Each person counts once, at the first time that hbo is joined so; the last leaving of wo before
    that counts.
    """
    ledger, used = model.ledger, int(model.ledger.used[1])
    sector = np.append(model.employers.sector, c.NO_JOB).astype(np.int64)
    left = ledger.m_left[:used].astype(np.int64)
    joined = ledger.m_joined[:used].astype(np.int64)
    doctor = (ledger.m_education_left[:used] == c.PHD) & (sector[ledger.m_from[:used]] == c.WO)
    arrived = (sector[ledger.m_to[:used]] == c.HBO) & (joined >= 0) & (joined < 12 * years)
    # Of the others nothing is asked, and telling persons apart takes the most time here.
    either = np.flatnonzero(doctor | arrived)
    left, joined = left[either], joined[either]
    doctor, arrived = doctor[either], arrived[either]
    _, person = np.unique(ledger.m_person[either], return_inverse=True)

    def moments(month: NDArray[np.int64]) -> NDArray[np.int64]:
        """Whole numbers in the order of persons, then months."""
        return np.asarray(person * LONG + month + LONG // 2)

    leavings = np.sort(moments(left)[doctor])
    arrivals = np.sort(moments(joined)[arrived])
    before = np.searchsorted(leavings, arrivals, side="right") - 1
    waited = np.where(before >= 0, arrivals - leavings[before], LONG) if leavings.size else None
    if waited is None:
        return np.zeros(years)
    soon = arrivals[waited <= FIVE_YEARS]
    _, first = np.unique(soon // LONG, return_index=True)
    month = soon[first] % LONG - LONG // 2
    return np.bincount(month // 12, minlength=years)[:years].astype(np.float64)

"""Numbers of what happens in jobs: exits, contracts, PhD clocks, hours, second jobs.

Involuntary exits by Bayes' rule: leavers a year with a reason (turnover x stock x table 2.2) over
the stock that can leave for that reason (derived by stationarity), capped and spread over months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.careers import CareerRates
from hesim.model.jobs import JobRates
from hesim.model.moves import MoveRates, PhdClocks
from hesim.model.rates.outside import loses_job
from hesim.model.slots import SlotRates
from hesim.model.ties import TieRates
from hesim.population.contracts import (
    contract_terms,
    declared_permanent,
    growth_of_slots,
    spare_posts,
)
from hesim.population.employers import role_shares
from hesim.population.hours import (
    factor_of_hours,
    hours_of_band,
    hours_of_group,
    stock_hours,
)
from hesim.population.second_jobs import (
    chance_to_begin,
    outside_employers,
    sectors_of_second_jobs,
)
from hesim.population.stationarity import early_retirement_hazard
from hesim.population.turnover import solve_turnover

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.population.employers import Employers
    from hesim.tables import ReportTables

SECTOR_NAMES = c.KINDS[: c.OUTSIDE_KIND]
NOBODY = 1e-9
"""Share of staff in a band of hours that has none: who comes into it soon leaves it."""


def monthly_rate(yearly: float) -> float:
    """Monthly chance that gives this yearly chance."""
    return float(1.0 - (1.0 - min(yearly, 0.999)) ** (1.0 / 12.0))


def exit_hazards(settings: Settings, tables: ReportTables, reason: str) -> NDArray[np.float64]:
    """Monthly hazard of an involuntary exit in hbo and wo, shape (2,); label derived."""
    cap = settings.number("model.careers.hazard_cap")
    out = np.zeros(2)
    for code, sector in enumerate(SECTOR_NAMES):
        turnover = tables.macro_value("turnover", sector) / 100.0
        leavers = turnover * tables.shares("2.2", "exit_reason", f"{sector}_out").get(reason, 0.0)
        eligible = 1.0
        if reason == "early_retirement":
            early_from = settings.integer("population.early_retirement_from")
            hazard = early_retirement_hazard(tables, sector, early_from)
            out[code] = 1.0 - float(np.exp(-hazard / 12.0))
            continue
        if reason in ("dismissed", "reorganisation"):
            eligible = float(
                np.mean(list(settings.mapping("population.wo_permanent_by_role").values()))
                if sector == "wo"
                else settings.number("population.hbo_permanent_share")
            )
        out[code] = monthly_rate(min(leavers / max(eligible, 1e-6), cap))
    return out


def career_rates(settings: Settings, tables: ReportTables) -> CareerRates:
    """Numbers of `careers`; the event itself sets the pension age, by `Pension.age_in`."""
    get = settings.number
    return CareerRates(
        early=exit_hazards(settings, tables, "early_retirement"),
        disabled=exit_hazards(settings, tables, "disabled_full"),
        disabled_part=exit_hazards(settings, tables, "disabled_part_lost_job"),
        dismissed=exit_hazards(settings, tables, "dismissed"),
        reorganised=exit_hazards(settings, tables, "reorganisation"),
        professor_share=get("model.careers.professor_turnover_share"),
        early_from=settings.integer("population.early_retirement_from") * 12,
        pension_age=int(tables.context_value("state_pension_age")) * 12,
        renewal=np.array([solve_turnover(settings, tables, s).renewal for s in SECTOR_NAMES]),
        of_hours=np.array([leaving_by_hours(settings, tables, s) for s in SECTOR_NAMES]),
        terms=contract_terms(settings),
        phd_stay=get("model.careers.phd_stay"),
        # Who writes up without a job is not extended.
        phd_extension=get("model.careers.phd_extension")
        * (1.0 - get("model.outside.thesis.share")),
        phd_extension_months=settings.integer("model.careers.phd_extension_months"),
        phd_extensions=settings.integer("model.careers.phd_extensions"),
        outside_separation=loses_job(settings),
        outside_departure=monthly_rate(get("model.careers.outside_departure")),
        jobless_departure=monthly_rate(get("model.outside.no_work")),
    )


def leaving_by_hours(settings: Settings, tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """Factor on leaving by whole weekly hours, shape (256,); see `population.hours`."""
    factor = factor_of_hours(settings, tables, sector)
    of_band = hours_of_band(settings)
    band = np.searchsorted(of_band, np.arange(256), side="right") - 1
    return factor[np.maximum(band, 0)]


def slot_rates(settings: Settings, tables: ReportTables) -> SlotRates:
    """Numbers of permanent posts; see `population.turnover`."""
    share, pooled, prospects, spare = (np.zeros((2, len(c.ROLES))) for _ in range(4))
    gain, at_once = np.zeros(2), np.zeros(2)
    growth, floor = growth_of_slots(settings), settings.number("model.careers.permanence_floor")
    for code, sector in enumerate(SECTOR_NAMES):
        roles = role_shares(settings, tables, sector)
        solved = solve_turnover(settings, tables, sector)
        pooled[code] = declared_permanent(settings, sector)
        share[code] = np.minimum(pooled[code] + solved.waiting, 1.0)
        prospects[code], at_once[code] = solved.prospects, solved.at_once
        spare[code] = spare_posts(pooled[code], floor)
        whole = float(roles @ spare[code])
        gain[code] = float(roles @ pooled[code]) / whole if whole > 0.0 else 0.0
    return SlotRates(
        share=share,
        pooled=pooled,
        spare=spare,
        growth=np.array([growth[sector] for sector in SECTOR_NAMES]),
        gain=gain,
        at_once=at_once,
        prospects=prospects,
    )


class Pension(NamedTuple):
    """The age at which people retire: it rises from one year on, up to a limit.

    Attributes:
        age: Months of age before it rises.
        rises_from: Calendar year from which it rises.
        months_a_year: Months by which it rises in each of these years.
        months_most: Months by which it rises in all, at most.
        start: Calendar month of the first recorded one, as 12 x year + month (January is 0).
    """

    age: int
    rises_from: int
    months_a_year: int
    months_most: int
    start: int

    def age_in(self, month: int) -> int:
        """Months of age at which people retire in a month of the run."""
        year = (self.start + month) // 12
        later = (year - self.rises_from + 1) * self.months_a_year
        return self.age + min(max(later, 0), self.months_most)


def pension_rule(settings: Settings, tables: ReportTables) -> Pension:
    """Numbers of the pension age: `model.careers.pension` and the context facts."""
    rule, start = settings.mapping("model.careers.pension"), settings.text("start")
    return Pension(
        age=int(tables.context_value("state_pension_age")) * 12,
        rises_from=rule["rises_from"],
        months_a_year=rule["months_a_year"],
        months_most=rule["months_most"],
        start=12 * int(start[:4]) + int(start[5:]) - 1,
    )


def phd_clocks(settings: Settings) -> PhdClocks:
    """Numbers of the PhD's clocks."""
    get = settings.number
    return PhdClocks(
        dropout=get("model.careers.phd_dropout"),
        dropout_months=get("model.careers.phd_dropout_months"),
        dropout_latest=get("model.careers.phd_dropout_latest"),
        defence_earliest=get("model.careers.phd_defence_earliest"),
        success=get("model.careers.phd_success"),
        defence_mean=get("model.careers.phd_months"),
        defence_sd=get("model.careers.phd_defence_sd"),
        approved=settings.integer("model.careers.phd_approval_months"),
        in_service=monthly_rate(get("model.careers.doctorate_in_service")),
    )


def hours_balance(
    settings: Settings, tables: ReportTables, sector: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Monthly chances that hours fall or rise by a band, so that inflow and outflow balance.

    Entrants' and leavers' hours differ (tables 3.2 and 3.3). In a stationary stock the difference
    across a limit between two bands is what crosses that limit within jobs: turnover x (leavers
    below it - entrants below it) a year, over the stock of the band it comes from
    (`stock_hours`). Label: derived.

    Returns:
        Chances to fall and to rise, each of shape (bands,).
    """
    entered, left = (hours_of_group(tables, sector, way) for way in ("in", "out"))
    entered, left = entered / entered.sum(), left / left.sum()
    stock = np.maximum(stock_hours(settings, tables, sector), NOBODY)
    crossing = np.cumsum(left - entered) * tables.macro_value("turnover", sector) / 100.0
    cut, rise = np.zeros(stock.size), np.zeros(stock.size)
    for limit in range(stock.size - 1):
        if crossing[limit] > 0:
            cut[limit + 1] = monthly_rate(crossing[limit] / stock[limit + 1])
        else:
            rise[limit] = monthly_rate(-crossing[limit] / stock[limit])
    return cut, rise


def job_rates(settings: Settings, tables: ReportTables, employers: Employers) -> JobRates:
    """Numbers of hours and second jobs."""
    given = settings.mapping("model.careers.second_job")
    balance = [hours_balance(settings, tables, sector) for sector in SECTOR_NAMES]
    still = np.zeros(len(c.HOURS_BANDS))
    cut = np.array([*(fall for fall, _ in balance), still])
    rise = np.array([*(gain for _, gain in balance), still])
    second = [
        chance_to_begin(settings, tables),
        *(monthly_rate(given[k]) for k in ("wo", "outside")),
    ]
    outside = settings.mapping("model.careers.second_job_outside")
    return JobRates(
        cut=cut,
        rise=rise,
        hours_of_band=hours_of_band(settings),
        second=np.array(second),
        second_months=int(settings.mapping("model.careers.contract_months")["second_job"]),
        outside=np.array([*(float(outside[sector]) for sector in SECTOR_NAMES), 0.0]),
        sectors=sectors_of_second_jobs(settings, tables),
        employers=outside_employers(employers),
        second_hours=settings.integer("model.careers.second_job_hours"),
        second_limit=settings.integer("model.careers.second_job_limit"),
        full_week=int(hours_of_band(settings)[-1]),
        most=float(max(cut.max(), rise.max(), *second)),
    )


def move_rates(settings: Settings) -> MoveRates:
    """Numbers of what a move brings about."""
    return MoveRates(
        relocation=settings.number("model.choice.relocation"),
        relocation_km=settings.number("model.choice.relocation_km"),
        job_known=settings.integer("survey.job_known_within"),
        contacts_kept=settings.number("model.search.contacts_kept"),
    )


def tie_rates(settings: Settings) -> TieRates:
    """Numbers of how ties to the other sector grow and fade."""
    get = settings.number
    return TieRates(
        contacts_gain=get("model.search.contacts_per_partnership"),
        contacts_decay=get("model.search.contacts_decay"),
        awareness_decay=get("model.search.awareness_decay"),
    )

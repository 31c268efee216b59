"""Turn settings and tables into the monthly chances of careers, hours and PhD clocks."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hesim import categories as c
from hesim.population import contracts, hours, second_jobs
from hesim.population.employers import outside_mix
from hesim.population.turnover import solve_turnover

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

KINDS = ("hbo", "wo", "outside", "none")
HBO, WO, OUTSIDE, NO_KIND = range(4)
GROUPS_IN = {"hbo": "3.2", "wo": "3.3"}
GROUPS_OUT = {"hbo": "3.3", "wo": "3.2"}


def kind_of(sector: int) -> int:
    """Hbo, wo, outside or none, from a sector code."""
    return sector if sector in (c.HBO, c.WO) else NO_KIND if sector == c.NO_JOB else OUTSIDE


def monthly(yearly: float) -> float:
    """Turn a yearly chance into a monthly one."""
    return float(1.0 - (1.0 - yearly) ** (1.0 / 12.0))


def logit(share: float) -> float:
    """Log-odds of a share."""
    return math.log(share / (1.0 - share))


def logistic(odds: float) -> float:
    """Share of given log-odds."""
    return 1.0 / (1.0 + math.exp(-odds))


@dataclass(frozen=True)
class Hazards:
    """Monthly chances of leaving without wanting to, in one sector.

    Attributes:
        disabled_full: Full disability.
        disabled_part: Partial disability with loss of the job.
        early: Early retirement, from its age on.
        dismissed: Dismissal of permanent staff.
        reorganised: Reorganisation, of permanent staff.
    """

    disabled_full: float
    disabled_part: float
    early: float
    dismissed: float
    reorganised: float


def hazards(settings: Settings, tables: ReportTables, sector: str, part: float) -> Hazards:
    """Derive a sector's hazards by Bayes' rule.

    Args:
        settings: `hazard_cap` and shares of permanent staff.
        tables: Table 2.2 and turnover.
        sector: `hbo` or `wo`.
        part: Share of the hazards that the role bears (professors bear less).
    """
    reasons = tables.shares("2.2", "exit_reason", f"{sector}_out")
    turnover = tables.macro_value("turnover", sector) / 100.0
    if sector == "hbo":
        permanent = settings.number("population.hbo_permanent_share")
    else:
        permanent = float(
            np.mean(list(settings.mapping("population.wo_permanent_by_role").values()))
        )
    cap = settings.number("model.careers.hazard_cap")

    def hazard(reason: str, can: float) -> float:
        return part * monthly(min(turnover * reasons.get(reason, 0.0) / can, cap))

    early, normal = reasons["early_retirement"], reasons["retirement"]
    years = 65 - settings.integer("population.early_retirement_from")
    return Hazards(
        disabled_full=hazard("disabled_full", 1.0),
        disabled_part=hazard("disabled_part_lost_job", 1.0),
        early=1.0 - (normal / (early + normal)) ** (1.0 / (12.0 * years)),
        dismissed=hazard("dismissed", permanent),
        reorganised=hazard("reorganisation", permanent),
    )


def hours_steps(
    settings: Settings, tables: ReportTables, sector: str
) -> tuple[list[float], list[float]]:
    """Monthly chances by hours band of falling and of rising by one band.

    From the balance of tables 3.2 and 3.3: what leaves below a limit and did not enter below it
    must have passed the limit downwards.
    """
    turnover = tables.macro_value("turnover", sector) / 100.0
    entrants = tables.shares(GROUPS_IN[sector], "weekly_hours", f"{sector}_in")
    leavers = tables.shares(GROUPS_OUT[sector], "weekly_hours", f"{sector}_out")
    down, up = [0.0] * 4, [0.0] * 4
    below_in = below_out = 0.0
    for band in range(3):
        below_in += entrants[c.HOURS_BANDS[band]]
        below_out += leavers[c.HOURS_BANDS[band]]
        passing = turnover * (below_out - below_in)
        source = band + 1 if passing > 0 else band
        if sector == "hbo":
            stock = float(hours.stock_hours(settings, tables, sector)[source])
        else:
            name = c.HOURS_BANDS[source]
            stock = (entrants[name] + leavers[name]) / 2.0
        chance = monthly(abs(passing) / stock)
        (down if passing > 0 else up)[source] = chance
    return down, up


class CareerRates:
    """What happens to a person in a job, whoever searches."""

    def __init__(self, settings: Settings, tables: ReportTables) -> None:
        """Read `model.careers`, `model.push` and table 2.2."""
        careers = settings.mapping("model.careers")
        part = careers["professor_turnover_share"]
        self.hazards = {
            (kind, professor): hazards(settings, tables, KINDS[kind], part if professor else 1.0)
            for kind in (HBO, WO)
            for professor in (False, True)
        }
        self.early_age = settings.integer("population.early_retirement_from")
        outside = settings.mapping("model.outside")
        self.jobless_departure = monthly(outside["no_work"])
        self.outside_departure = monthly(careers["outside_departure"])
        in_jobs = outside["competitors"]["employed"] / outside["applicant_rate"]
        self.outside_separation: float = outside["competitors"]["job_losers"] / in_jobs / 12.0
        self.renewal = {
            kind: solve_turnover(settings, tables, KINDS[kind]).renewal for kind in (HBO, WO)
        }
        self.terms: list[list[int]] = contracts.contract_terms(settings).tolist()
        self.hours: list[int] = hours.hours_of_band(settings).tolist()
        self.week = self.hours[-1]
        self.band_of_hours = {amount: band for band, amount in enumerate(self.hours)}
        self.hours_steps = {kind: hours_steps(settings, tables, KINDS[kind]) for kind in (HBO, WO)}
        self.leaves_by_hours = {
            kind: dict(
                zip(
                    self.hours,
                    hours.factor_of_hours(settings, tables, KINDS[kind]).tolist(),
                    strict=True,
                )
            )
            for kind in (HBO, WO)
        }
        self.second_start = [
            second_jobs.chance_to_begin(settings, tables),
            *(monthly(careers["second_job"][KINDS[kind]]) for kind in (WO, OUTSIDE)),
        ]
        away = careers["second_job_outside"]
        self.second_outside: list[float] = [away["hbo"], away["wo"], 0.0]
        mix = outside_mix(settings, tables)
        self.second_sectors: list[list[float]] = mix.T.tolist()
        self.second_hours: int = careers["second_job_hours"]
        self.second_limit: int = careers["second_job_limit"]
        self.second_term: int = careers["contract_months"]["second_job"]
        self.internal_step: dict[str, float] = careers["internal_step"]
        self.dropout: float = careers["phd_dropout"]
        self.dropout_left: float = settings.number("population.phd_dropout_left")
        self.dropout_months: float = careers["phd_dropout_months"]
        self.dropout_latest: float = careers["phd_dropout_latest"]
        self.success: float = careers["phd_success"]
        self.defence_mean: float = careers["phd_months"]
        self.defence_sd: float = careers["phd_defence_sd"]
        self.approval: int = careers["phd_approval_months"]
        self.defence_earliest: float = careers["phd_defence_earliest"]
        self.stay: float = careers["phd_stay"]
        self.extension: float = careers["phd_extension"] * (1.0 - outside["thesis"]["share"])
        self.extension_months: int = int(careers["phd_extension_months"])
        first = self.terms[c.PHD_CANDIDATE][c.WITHOUT_PROSPECT]
        self.last_end = first + careers["phd_extensions"] * self.extension_months
        self.pension: dict[str, int] = careers["pension"]
        self.pension_age = round(12 * tables.context_value("state_pension_age"))

    def pension_months(self, year: int) -> int:
        """Age in months at which everybody retires in a calendar year."""
        rise = self.pension["months_a_year"] * (year - self.pension["rises_from"] + 1)
        return self.pension_age + min(max(rise, 0), self.pension["months_most"])


OUTSIDER = {
    "prior_situation": c.PRIOR_SITUATIONS,
    "age": c.AGE_BANDS,
    "education_level": c.EDUCATION,
    "experience": c.EXPERIENCE_BANDS,
    "sex": c.SEXES,
}
"""What decides, beside the sector, whether somebody outside thinks of it."""


def chances_from_outside(settings: Settings) -> dict[tuple[int, ...], float]:
    """Chance that somebody outside thinks of hbo or wo, by kind and the codes of `OUTSIDER`.

    The odds of the share by previous situation, times a factor for each characteristic; a share of
    0 or 1 stays what it is.
    """
    shares = settings.mapping("model.search.outside_reach")
    chances = {}
    for kind in (HBO, WO):
        shifts = settings.mapping(f"model.inputs.entrants.{KINDS[kind]}")
        for codes in itertools.product(*(range(len(names)) for names in OUTSIDER.values())):
            share = shares[c.PRIOR_SITUATIONS[codes[0]]][KINDS[kind]]
            if 0.0 < share < 1.0:
                log_odds = logit(share) + sum(
                    shifts[block][names[code]]
                    for (block, names), code in zip(OUTSIDER.items(), codes, strict=True)
                )
                share = logistic(log_odds)
            chances[kind, *codes] = share
    return chances


class SearchRates:
    """How ties grow, and who starts to search."""

    def __init__(self, settings: Settings) -> None:
        """Read `model.search` and `model.push`."""
        search, push = settings.mapping("model.search"), settings.mapping("model.push")
        self.contacts_decay: float = search["contacts_decay"]
        self.contacts_each: float = search["contacts_per_partnership"]
        self.contacts_kept: float = search["contacts_kept"]
        self.openness: float = search["usual_openness"]
        self.other_region: float = search["other_region"]
        self.other_field: float = search["other_field"]
        self.scale = settings.number("population.scale")
        # Below a scale of 0.14 seekers look at all fields ever more often, and
        # send ever more applications.
        thinness = max(1.0 - self.scale / 0.14, 0.0) ** 2
        self.mixing, self.applications_factor = 0.12 * thinness, 1.0 + 1.4 * thinness
        self.from_outside = chances_from_outside(settings)
        self.start_odds = [logit(push["base"] / 12.0) + push["of_role"][role] for role in c.ROLES]
        self.temporary: float = push["temporary"]
        self.tenure_decade: float = push["per_tenure_decade"]
        self.age_decade: float = push["per_age_decade"]
        self.importance: float = push["importance"]
        self.stop: float = push["stop"]
        self.window: int = push["contract_window"]
        self.end_search = [
            push["contract_end_search"] * push["end_search_of_role"].get(role, 1.0)
            for role in c.ROLES
        ]
        self.offered_search = [push["offered_search"]["hbo"], push["offered_search"]["wo"]]
        self.jobless_search: float = push["jobless_search"]

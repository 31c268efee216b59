"""Turn config and tables into the numbers that the processes take.

Involuntary exits by Bayes' rule: leavers a year with a reason (turnover x stock x table 2.2) over
the stock that can leave for that reason (derived by stationarity), capped and spread over months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.careers import CareerRates
from hesim.model.choice import ChoiceRates
from hesim.model.hiring import HiringRates
from hesim.model.items import HEADINGS, Items
from hesim.model.jobs import JobRates
from hesim.model.market import Profiles
from hesim.model.moves import PhdClocks
from hesim.model.push import PushRates
from hesim.model.search import SearchRates
from hesim.population.employers import Employers
from hesim.population.stationarity import EARLY_FROM, early_retirement_hazard
from hesim.population.stock import HOURS_OF_BAND
from hesim.random import normal, stream_key

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

SECTOR_NAMES = ("hbo", "wo")


def monthly(yearly: float) -> float:
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
            out[code] = monthly(early_retirement_hazard(tables, sector))
            continue
        if reason in ("dismissed", "reorganisation"):
            eligible = float(
                np.mean(list(settings.mapping("population.wo_permanent_by_role").values()))
                if sector == "wo"
                else 1.0
                - settings.number("population.hbo_with_prospect_share")
                - settings.number("population.hbo_without_prospect_share")
            )
        out[code] = monthly(min(leavers / max(eligible, 1e-6), cap))
    return out


def career_rates(settings: Settings, tables: ReportTables) -> CareerRates:
    """Numbers of `careers`; the pension age is set month by month (`pension_age`)."""
    get = settings.number
    renewal = settings.mapping("model.careers.renewal")
    terms = settings.mapping("model.careers.contract_months")
    return CareerRates(
        early=exit_hazards(settings, tables, "early_retirement"),
        disabled=exit_hazards(settings, tables, "disabled_full"),
        disabled_part=exit_hazards(settings, tables, "disabled_part_lost_job"),
        dismissed=exit_hazards(settings, tables, "dismissed"),
        reorganised=exit_hazards(settings, tables, "reorganisation"),
        professor_share=get("model.careers.professor_turnover_share"),
        early_from=EARLY_FROM * 12,
        pension_age=int(tables.context_value("state_pension_age")) * 12,
        renew_with=np.array([renewal[f"{s}_with_prospect"] for s in SECTOR_NAMES]),
        renew_without=np.array([renewal[f"{s}_without_prospect"] for s in SECTOR_NAMES]),
        terms=np.array([terms["phd"], terms["with_prospect"], terms["without_prospect"]]),
        phd=np.array(
            [
                get("model.careers.phd_stay"),
                get("model.careers.phd_extension"),
                get("model.careers.phd_extension_months"),
            ]
        ),
        outside_separation=monthly(get("model.careers.outside_separation")),
        outside_departure=monthly(get("model.careers.outside_departure")),
        jobless_departure=monthly(get("model.careers.jobless_departure")),
    )


def phd_clocks(settings: Settings, tables: ReportTables) -> PhdClocks:
    """Numbers of the PhD's clocks; completion from the context facts."""
    get = settings.number
    return PhdClocks(
        dropout=get("model.careers.phd_dropout"),
        dropout_months=get("model.careers.phd_dropout_months"),
        success=tables.context_value("phd_success_employed") / 100.0,
        defence_mean=tables.context_value("phd_duration_mean") * 12.0,
        defence_sd=get("model.careers.phd_defence_sd"),
    )


def job_rates(settings: Settings) -> JobRates:
    """Numbers of hours and second jobs."""
    cut = settings.mapping("model.careers.hours_cut")
    rise = settings.mapping("model.careers.hours_rise")
    second = settings.mapping("model.careers.second_job")
    return JobRates(
        cut=np.array([monthly(cut["hbo"]), monthly(cut["wo"]), 0.0]),
        rise=np.array([monthly(rise["hbo"]), monthly(rise["wo"]), 0.0]),
        step=settings.integer("model.careers.hours_step"),
        second=np.array([monthly(second[k]) for k in ("hbo", "wo", "outside")]),
        second_months=int(settings.mapping("model.careers.contract_months")["second_job"]),
    )


def push_rates(settings: Settings, items: Items) -> PushRates:
    """Numbers of `push`: prevalence and weight of each item from the pooled table 3.5."""
    tilt = settings.mapping("model.push.tilt")
    strength = settings.number("model.push.prevalence")
    odds = np.log(items.pooled / (1.0 - items.pooled))
    prevalence = np.zeros((3, items.pooled.size))
    for kind, name in enumerate((*SECTOR_NAMES, "outside")):
        shift = np.array([tilt[name][h] if name in tilt else 0.0 for h in HEADINGS])
        prevalence[kind] = strength / (1.0 + np.exp(-(odds + shift[items.heading])))
    of_role = settings.mapping("model.push.of_role")
    base = settings.number("model.push.base") / 12.0
    get = settings.number
    return PushRates(
        prevalence=prevalence,
        weight=np.full(items.pooled.size, get("model.push.importance")),
        base=np.log(base / (1.0 - base)) + np.array([of_role[r] for r in c.ROLES]),
        temporary=get("model.push.temporary"),
        per_tenure_decade=get("model.push.per_tenure_decade"),
        stop=get("model.push.stop"),
        window=settings.integer("model.push.contract_window"),
        ending=get("model.push.contract_end_search"),
        offered=get("model.push.offered_search"),
        jobless=get("model.push.jobless_search"),
    )


def choice_rates(
    settings: Settings, items: Items, employers: Employers, seed: int, replication: int
) -> ChoiceRates:
    """Numbers of `choice`: the value of each employer's jobs by heading."""
    get = settings.number
    attributes = settings.mapping("model.choice.attributes")
    weight = np.array([items.pooled[items.heading == h].sum() for h in range(len(HEADINGS))])
    by_role = np.array([[attributes[r][h] for h in HEADINGS] for r in c.ROLES])
    value = np.broadcast_to(weight * by_role, (len(employers.names), *by_role.shape)).copy()
    key = stream_key(seed, replication, "employer")
    for employer in range(len(employers.names)):
        for heading in range(len(HEADINGS)):
            draw = normal(key, np.uint64(employer), np.uint32(0), np.uint32(heading))
            value[employer, :, heading] += get("model.choice.employer_sd") * weight[heading] * draw
    names = [name for _, name in items.names]
    secure = items.pooled[names.index("job_security")]
    permanent = items.pooled[names.index("permanent_post")]
    scale = settings.mapping("model.choice.scale")
    return ChoiceRates(
        value=value,
        security=np.array([secure + permanent, 0.5 * secure, 0.0, 0.0]),
        scale=np.array([scale["hbo"], scale["wo"], scale["outside"]]),
        distance=get("model.choice.distance_cost"),
        sector=get("model.choice.sector_cost"),
        outside=get("model.choice.outside_cost"),
        contract=get("model.choice.contract_cost"),
        hours=get("model.choice.hours_cost"),
        stay=get("model.choice.stay"),
        push=get("model.choice.push_cost"),
        ending=get("model.choice.ending_gain"),
        jobless=get("model.choice.jobless_gain"),
        taste_sd=get("model.choice.taste_sd"),
    )


def hiring_rates(settings: Settings) -> HiringRates:
    """Numbers of the ranking."""
    return HiringRates(*(settings.number(f"model.hiring.{n}") for n in HiringRates._fields))


def channel_odds(tables: ReportTables) -> NDArray[np.float64]:
    """Chance of each channel for a step from kind to kind, shape (4, 3, channels); derived.

    Kinds hbo, wo, outside, none. Independent channels, given that at least one shows the vacancy,
    give the published shares m when each has chance m x N with N = 1 - prod(1 - m N).
    Leavers who retired or fell ill named no channel (assumed), so leavers' shares are of the rest.
    """

    def log_odds(group: str, stayed: float) -> NDArray[np.float64]:
        percent = [tables.percent("3.4", name, group) for name in c.CHANNELS]
        shares = np.array([0.05 if x is None else x / 100.0 for x in percent]) / stayed
        shares = np.clip(shares, 0.002, 0.95)
        return np.asarray(np.log(shares / (1.0 - shares)))

    sides: dict[str, NDArray[np.float64]] = {}
    for sector in SECTOR_NAMES:
        exits = tables.shares("2.2", "exit_reason", f"{sector}_out")
        silent = ("early_retirement", "retirement", "disabled_full", "disabled_part_lost_job")
        stayed = 1.0 - sum(exits.get(name, 0.0) for name in silent)
        sides[f"{sector}_in"] = log_odds(f"{sector}_in", 1.0)
        sides[f"{sector}_out"] = log_odds(f"{sector}_out", stayed)
    rest = np.mean(list(sides.values()), axis=0)
    chance = np.zeros((4, 3, len(c.CHANNELS)))
    for origin in range(4):
        for target in range(3):
            parts = [sides[f"{SECTOR_NAMES[target]}_in"]] if target <= 1 else []
            parts += [sides[f"{SECTOR_NAMES[origin]}_out"]] if origin <= 1 else []
            shares = 1.0 / (1.0 + np.exp(-(np.mean(parts, axis=0) if parts else rest)))
            norm = 0.9
            for _ in range(200):
                norm = 1.0 - float(np.prod(1.0 - shares * norm))
            chance[origin, target] = shares * norm
    return chance


def search_rates(
    settings: Settings, tables: ReportTables, employers: Employers
) -> tuple[SearchRates, NDArray[np.float64]]:
    """Numbers of `search`, and the channels' chances."""
    channels = channel_odds(tables)
    expected = employers.target.sum(axis=(0, 1)) * 0.012 + 1e-9
    reach = settings.mapping("model.search.outside_reach")
    get = settings.number
    rates = SearchRates(
        arc=np.minimum(get("model.search.attention") / expected, 1.0),
        other_region=get("model.search.other_region"),
        other_field=get("model.search.other_field"),
        seen=1.0 - np.prod(1.0 - channels, axis=2),
        reach=np.array([reach["hbo"], reach["wo"]]),
        contacts_gain=get("model.search.contacts_gain"),
        partner_gain=get("model.search.partner_gain"),
        applications=settings.integer("model.choice.applications"),
    )
    return rates, channels


def vacancy_profiles(settings: Settings, tables: ReportTables) -> Profiles:
    """What vacancies offer and ask by role: hbo from table 3.2 (data), wo by role (assumed)."""

    def steps(block: str, key: str, names: tuple[str, ...]) -> NDArray[np.float64]:
        table = np.full((len(c.ROLES), len(names)), 1.0 / len(names))
        given = settings.mapping(f"model.vacancies.{key}_of_role")
        for role, shares in given.items():
            table[c.ROLES.index(role)] = shares
        hbo = tables.shares("3.2", block, "hbo_in")
        for role_code in c.HBO_ROLES:
            table[role_code] = [hbo.get(name, 0.0) for name in names]
        return np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)

    level = steps("education_level", "level", c.EDUCATION)
    contract = steps("contract", "contract", c.CONTRACTS[:3])
    seniority = steps("experience", "seniority", c.EXPERIENCE_BANDS)
    contract[c.PROFESSIONAL] = 1.0
    return Profiles(level, contract, steps("weekly_hours", "hours", c.HOURS_BANDS), seniority,
                    HOURS_OF_BAND)  # fmt: skip

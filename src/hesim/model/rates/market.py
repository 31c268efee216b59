"""Numbers of the market: what vacancies offer, who sees them, how employers rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.channels import ChannelRates, TieGains, unseen_by_others
from hesim.model.hiring import HiringRates
from hesim.model.market import Profiles
from hesim.model.search import SearchRates
from hesim.population.employers import Employers
from hesim.population.hours import hours_of_band, lector_hours
from hesim.population.raking import rake

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

SECTOR_NAMES = c.KINDS[: c.OUTSIDE_KIND]
SILENT = ("early_retirement", "retirement", "disabled_full", "disabled_part_lost_job")
"""Leavers for these reasons named no channel (assumed)."""


def hiring_rates(settings: Settings) -> HiringRates:
    """Numbers of the ranking."""
    given = settings.mapping("model.hiring")
    standard = given["standard"]
    return HiringRates(
        **{name: float(given[name]) for name in HiringRates._fields if name in given
           and name not in ("standard", "practice_full", "research_full")},
        practice_full=12.0 * given["practice_full"],
        research_full=12.0 * given["research_full"],
        standard=np.array([standard[kind] for kind in c.KINDS[: c.NO_KIND]]),
        bands=np.array(c.EXPERIENCE_EDGES, np.int64) * 12,
    )  # fmt: skip


def channel_shift(settings: Settings) -> dict[str, NDArray[np.float64]]:
    """What `model.search.channel_shift` adds to the log-odds of each channel, by group of movers.

    Derived: solved at a calibration's point, without calibration at the middle of the prior, so
    that movers name the channels as table 3.4 has it (`hesim.calibration.channels`).
    """
    given = settings.mapping("model.search.channel_shift")
    return {
        group: np.array([float(given[group][name]) for name in c.CHANNELS])
        for group in c.MOVER_GROUPS
    }


def channel_chances(
    tables: ReportTables, shift: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Chance of each channel for a step from kind to kind, shape (4, 3, channels); derived.

    Kinds hbo, wo, outside, none. The published shares are pooled on the log-odds scale over the
    sector joined and the sector left; where neither is hbo or wo, over all four groups. Counts get
    half a respondent more on both sides, so that no share is 0; cells without a figure are left
    out. Independent channels, given that at least one shows the vacancy, give the shares m when
    each has chance m x N with N = 1 - prod(1 - m N). Source: table 3.4.

    Args:
        tables: The report's tables.
        shift: Log-odds by group of movers, added to the published ones (`channel_shift`).
    """

    def log_odds(group: str, stayed: float) -> NDArray[np.float64]:
        n = tables.n("3.4", group)
        percent = [tables.percent("3.4", name, group) for name in c.CHANNELS]
        named = np.array([np.nan if x is None else x / 100.0 * n for x in percent])
        return np.asarray(np.log((named + 0.5) / (n * stayed - named + 0.5)))

    sides: dict[str, NDArray[np.float64]] = {}
    for sector in SECTOR_NAMES:
        exits = tables.shares("2.2", "exit_reason", f"{sector}_out")
        stayed = 1.0 - sum(exits.get(name, 0.0) for name in SILENT)
        sides[f"{sector}_in"] = log_odds(f"{sector}_in", 1.0)
        sides[f"{sector}_out"] = log_odds(f"{sector}_out", stayed)
    # An unknown cell takes the mean of all groups that have one.
    typical = np.nanmean(list(sides.values()), axis=0)
    sides = {
        group: np.where(np.isnan(odds), typical, odds) + shift[group]
        for group, odds in sides.items()
    }
    chance = np.zeros((4, 3, len(c.CHANNELS)))
    for origin in range(4):
        for target in range(3):
            parts = [sides[f"{SECTOR_NAMES[target]}_in"]] if target <= c.WO else []
            parts += [sides[f"{SECTOR_NAMES[origin]}_out"]] if origin <= c.WO else []
            known = np.array(parts or list(sides.values()))
            shares = 1.0 / (1.0 + np.exp(-known.mean(axis=0)))
            norm = 0.9
            for _ in range(200):
                norm = 1.0 - float(np.prod(1.0 - shares * norm))
            chance[origin, target] = shares * norm
    return chance


def channel_rates(settings: Settings, tables: ReportTables) -> ChannelRates:
    """Numbers of the channels."""
    get = settings.number
    chance = channel_chances(tables, channel_shift(settings))
    return ChannelRates(
        chance=chance,
        unseen=unseen_by_others(chance),
        gains=TieGains(
            contacts=get("model.search.contacts_gain"),
            contacts_most=get("model.search.contacts_most"),
            partner=get("model.search.partner_gain"),
            most=get("model.search.channel_most"),
        ),
    )


def search_rates(settings: Settings, employers: Employers) -> SearchRates:
    """Numbers of the search; the arc shrinks as the market of a field grows."""
    get = settings.number
    posts = employers.target.sum(axis=(0, 1))
    usual = np.maximum(posts * get("model.search.usual_openness"), 1e-9)
    reach = settings.mapping("model.search.outside_reach")
    again = settings.mapping("model.search.own_sector")
    return SearchRates(
        arc=np.minimum(get("model.search.attention") / usual, 1.0),
        other_region=get("model.search.other_region"),
        other_field=get("model.search.other_field"),
        reach=np.array(
            [
                [row[k] for k in SECTOR_NAMES]
                for row in (*(reach[s] for s in c.PRIOR_SITUATIONS), again)
            ]
        ),
        applications=settings.integer("model.choice.applications"),
        candidate_age=12 * settings.integer("model.hiring.candidate_age"),
    )


def raked_offers(
    settings: Settings, tables: ReportTables, what: str, block: str, names: tuple[str, ...]
) -> dict[str, NDArray[np.float64]]:
    """Offers of the surveyed wo roles that together give table 3.3 (entrants of wo); derived.

    The seed is `model.vacancies.offer`, its margins are `model.vacancies.hires_of_role` (prior) and
    the block of table 3.3 (data); raking keeps zeros.
    """
    offers = settings.mapping("model.vacancies.offer")
    hires = settings.mapping("model.vacancies.hires_of_role")
    seed = np.array([offers[role][what] for role in hires], np.float64)
    weight = np.array([float(share) for share in hires.values()])
    margin = tables.shares("3.3", block, "wo_in")
    bands = np.array([margin.get(name, 0.0) for name in names])
    whole = rake(seed, [((0,), weight / weight.sum()), ((1,), bands / bands.sum())]).table
    return dict(zip(hires, whole / whole.sum(axis=1, keepdims=True), strict=True))


def vacancy_profiles(settings: Settings, tables: ReportTables) -> Profiles:
    """What vacancies offer and ask by role, as cumulative shares.

    Hbo from table 3.2 (data); wo by role so that entrants together give table 3.3 (`raked_offers`);
    the level asked in wo is a prior, outside it is assumed by sector; lectoren's hours follow from
    their full-time equivalents.
    """
    offers = settings.mapping("model.vacancies.offer")

    def shares(block: str, what: str, names: tuple[str, ...]) -> NDArray[np.float64]:
        table = np.full((len(c.ROLES), len(names)), 1.0 / len(names))
        for role, given in offers.items():
            table[c.ROLES.index(role)] = given[what]
        if what != "level":
            for role, given in raked_offers(settings, tables, what, block, names).items():
                table[c.ROLES.index(role)] = given
        hbo = tables.shares("3.2", block, "hbo_in")
        table[list(c.HBO_ROLES)] = [hbo.get(name, 0.0) for name in names]
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    level = shares("education_level", "level", c.EDUCATION)
    asked = settings.mapping("model.vacancies.outside_level")
    outside = np.array([asked[name] for name in c.OUTSIDE_SECTORS], np.float64)
    level = np.concatenate([level, outside / outside.sum(axis=1, keepdims=True)])
    contract = shares("contract", "contract", c.CONTRACTS[:3])
    contract[c.PROFESSIONAL] = np.eye(contract.shape[1])[c.PERMANENT]
    hours = shares("weekly_hours", "hours", c.HOURS_BANDS)
    hours[c.LECTOR] = lector_hours(settings, tables, hours[c.LECTOR])
    return Profiles(
        level=np.cumsum(level, axis=1),
        contract=np.cumsum(contract, axis=1),
        hours=np.cumsum(hours, axis=1),
        seniority=np.cumsum(shares("experience", "seniority", c.EXPERIENCE_BANDS), axis=1),
        hours_of_band=hours_of_band(settings),
    )

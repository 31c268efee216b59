"""Numbers of the market: what vacancies offer, who sees them, how employers rank."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.channels import ChannelRates, TieGains, unseen_by_others
from hesim.model.hiring import HiringRates, Weights
from hesim.model.market import Profiles, VacancyRates
from hesim.model.rates.requirements import requirement_shares, thresholds
from hesim.model.search import SearchRates
from hesim.model.visibility import FamiliarityRates, Rounds
from hesim.population import biography
from hesim.population.conflict import TableAxis
from hesim.population.employers import Employers
from hesim.population.hours import hours_of_band, lector_hours
from hesim.population.raking import rake
from hesim.population.turnover import solve_turnover
from hesim.tables.schema import Contradiction

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

SECTOR_NAMES = c.KINDS[: c.OUTSIDE_KIND]
THIN = 0.14
"""Scale below which a vacancy would meet too few different persons."""
MIXING, MORE_APPLICATIONS = 0.12, 1.4
"""What makes up for it as the scale goes to 0: the chance to look at any field's vacancies, and
applications beyond the usual number, as a share of it. Chosen by the outcomes at 0.02 and 0.1."""
RARE = 0.002
"""Least share in a seed of offers: no zero is sure enough to contradict a table (assumed)."""
SURVEYED = tuple(role for role in c.WO_ROLES if role != c.PROFESSOR)
"""Roles of wo whose entrants table 3.3 is about: the survey left professors out."""
SURELY_NOT = 1e-6
"""Least chance, and least doubt, that odds are made of."""
SCHOOL = c.CHANNELS.index("internship_school")
SILENT = ("early_retirement", "retirement", "disabled_full", "disabled_part_lost_job")
"""Leavers for these reasons named no channel (assumed)."""


def hiring_rates(settings: Settings) -> HiringRates:
    """Numbers of the ranking."""
    given = settings.mapping("model.hiring")
    standard = given["standard"]
    weights = {name: float(given[name]) for name in Weights._fields}
    for years in ("practice_full", "research_full"):
        weights[years] *= 12.0
    return HiringRates(
        weights=Weights(**weights),
        noise=float(given["noise"]),
        standard=np.array([standard[kind] for kind in SECTOR_NAMES]),
        bands=np.array(c.EXPERIENCE_EDGES, np.int64) * 12,
        thresholds=thresholds(settings),
    )


def channel_shift(settings: Settings) -> dict[str, NDArray[np.float64]]:
    """What `model.inputs.channels` adds to the log-odds of each channel, by group of movers.

    Derived: solved at a calibration's point, without calibration at the middle of the prior, so
    that movers name the channels as table 3.4 has it (`hesim.calibration.inputs`).
    """
    given = settings.mapping("model.inputs.channels")
    return {
        group: np.array([float(given[group][name]) for name in c.CHANNELS])
        for group in c.MOVER_GROUPS
    }


def channel_chances(
    tables: ReportTables, shift: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Chance of each channel for a step from kind to kind, shape (4, 3, channels); derived.

    Kinds hbo, wo, outside, none. The published shares are pooled on the log-odds scale over the
    sector joined and the sector left (`internship_school`: the sector left alone, where there is
    one); where neither is hbo or wo, over all four groups. Counts get
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
        for name, count in zip(c.CHANNELS, named, strict=True):
            if count >= n * stayed + 0.5:
                raise Contradiction(
                    f"{group}: {100.0 * count / n:.3g}% name {name} (table 3.4), but "
                    f"{100.0 * (1.0 - stayed):.3g}% retired or became disabled (table 2.2), who "
                    "name no channel"
                )
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
            odds = known.mean(axis=0)
            if origin <= c.WO:
                # An internship or the school finds a job for who comes from there: a fifth of wo's
                # entrants, but hardly anybody who has worked in hbo or wo already.
                odds[SCHOOL] = sides[f"{SECTOR_NAMES[origin]}_out"][SCHOOL]
            shares = 1.0 / (1.0 + np.exp(-odds))
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


def chance_from_outside(settings: Settings) -> NDArray[np.float64]:
    """Chance that hbo or wo is considered from outside, by who one is.

    `model.search.outside_reach` by previous situation (assumed), moved on the log-odds scale by
    `model.inputs.entrants` (derived: solved so that entrants are as tables 2.1, 3.2 and 3.3 say).

    Returns:
        Shape (previous situations, ages, education levels, experience, sexes, 2).
    """
    reach = settings.mapping("model.search.outside_reach")
    parts = []
    for sector in SECTOR_NAMES:
        shift = settings.mapping(f"model.inputs.entrants.{sector}")
        base = np.clip([float(reach[s][sector]) for s in c.PRIOR_SITUATIONS], 0.0, 1.0)
        added = [
            np.array([float(shift[block][name]) for name in names])
            for block, names in c.ENTRANT_BLOCKS.items()
        ]
        weight = base.reshape(-1, 1, 1, 1, 1) * np.exp(reduce(np.add.outer, added))
        # Odds times a factor; who surely looks, or never does, goes on so.
        parts.append(weight / (1.0 - base.reshape(-1, 1, 1, 1, 1) + weight))
    return np.asarray(np.stack(parts, axis=-1))


def familiarity_rates(settings: Settings, employers: Employers) -> FamiliarityRates:
    """How familiar hbo and wo are, tabulated by past and sector.

    A sector comes to mind with chance 1 - (the product over the sources that apply of 1 - chance)
    to the power of the level. `model.search.outside_reach` is about those who studied in a sector,
    so that the odds of outsiders are multiples of theirs.
    """
    source = settings.mapping("model.search.sources")
    level = settings.number("model.search.familiarity_level")
    past = np.arange(biography.PASTS)
    bits = {"studied": biography.STUDIED, "worked": biography.WORKED, "home": biography.NEAR}
    chance = np.zeros((past.size, len(SECTOR_NAMES)))
    for kind in range(len(SECTOR_NAMES)):
        missed = np.full(past.size, 1.0 - source["anyone"])
        for name, bit in bits.items():
            missed[past & bit << kind > 0] *= 1.0 - source[name]
        chance[:, kind] = 1.0 - missed**level
    odds = np.clip(chance, SURELY_NOT, 1.0 - SURELY_NOT)
    odds /= 1.0 - odds
    return FamiliarityRates(
        insider=chance,
        outsider=odds / odds[biography.STUDIED << c.HBO, c.HBO],
        contact=1.0 - (1.0 - float(source["contact"])) ** level,
        near=biography.towns_with(employers),
    )


def search_rates(settings: Settings, employers: Employers) -> SearchRates:
    """Numbers of the search; the arc shrinks as the market of a field grows.

    A population thinned to a share of the real one has so much longer arcs: as many vacancies are
    met, and each by as many. Below `THIN` these are too few different ones.
    """
    get, scale = settings.number, settings.number("population.scale")
    thinness = max(1.0 - scale / THIN, 0.0) ** 2
    # Nobody looks for posts outside: offers from there come by themselves.
    posts = employers.target[: employers.institutions].sum(axis=(0, 1))
    usual = np.maximum(posts / scale * get("model.search.usual_openness"), 1e-9)
    return SearchRates(
        rounds=Rounds(
            arc=np.minimum(get("model.outside.attention") / usual, 1.0) / scale,
            other_field=get("model.search.other_field"),
            mixing=MIXING * thinness,
            posts=np.cumsum(posts) / posts.sum(),
        ),
        other_region=get("model.search.other_region"),
        reach=chance_from_outside(settings),
        familiarity=familiarity_rates(settings, employers),
        age_edges=12 * np.array(c.AGE_EDGES, np.int64),
        work_edges=12 * np.array(c.EXPERIENCE_EDGES, np.int64),
        applications=get("model.choice.applications") * (1.0 + MORE_APPLICATIONS * thinness),
        candidate_age=12 * settings.integer("model.hiring.candidate_age"),
    )


def offered(
    settings: Settings, tables: ReportTables, sector: str, block: str, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Shares that vacancies of a sector offer: its entrants', and what makes up for unfilled posts.

    Entrants of table 3.2 or 3.3 times `model.inputs.offers` (derived, solved); not normalised.
    """
    margin = tables.shares("3.2" if sector == "hbo" else "3.3", block, f"{sector}_in")
    shift = settings.mapping(f"model.inputs.offers.{sector}").get(block, {})
    return np.array([margin.get(n, 0.0) * np.exp(float(shift.get(n, 0.0))) for n in names])


def raked_offers(
    settings: Settings, tables: ReportTables, what: str, block: str, names: tuple[str, ...]
) -> dict[int, NDArray[np.float64]]:
    """Offers of the surveyed wo roles that together give table 3.3 (entrants of wo); derived.

    The seed is `model.vacancies.offer`, its margins are who enters by role (derived, see
    `population.turnover`) and the block of table 3.3 (data).
    """
    offers = settings.mapping("model.vacancies.offer")
    weight = solve_turnover(settings, tables, "wo").entrants[list(SURVEYED)]
    roles = tuple(c.ROLES[role] for role in SURVEYED)
    seed = np.maximum([offers[role][what] for role in roles], RARE)
    bands = offered(settings, tables, "wo", block, names)
    bands = bands / bands.sum()
    axes = (
        TableAxis("role of wo entrants (settings)", roles),
        TableAxis(f"{block} of wo entrants (table 3.3)", names),
    )
    whole = rake(seed, [((0,), weight / weight.sum()), ((1,), bands)], axes=axes).table
    sums = whole.sum(axis=1, keepdims=True)
    # A role that hires nobody offers what the others do together.
    shares = np.divide(whole, sums, out=np.tile(bands, (weight.size, 1)), where=sums > 0)
    return dict(zip(SURVEYED, shares, strict=True))


def vacancy_rates(settings: Settings, tables: ReportTables) -> VacancyRates:
    """Numbers of how vacancies open, and what they offer."""
    direct = settings.mapping("model.vacancies.direct")
    return VacancyRates(
        opening=settings.number("model.vacancies.opening_rate"),
        withdrawn_after=settings.integer("model.vacancies.withdrawn_after"),
        direct=np.array([direct[c.SECTORS[code]] for code in (c.HBO, c.WO)]),
        decision=settings.number("model.vacancies.decision"),
        profiles=vacancy_profiles(settings, tables),
    )


def vacancy_profiles(settings: Settings, tables: ReportTables) -> Profiles:
    """What vacancies offer and ask by role, as cumulative shares.

    Hbo from table 3.2 (data); wo by role so that entrants together give table 3.3 (`raked_offers`);
    the level asked in wo is a prior by role, which `model.inputs.offers` moves; lectoren's hours
    follow from their full-time equivalents. A job outside has hours of any band alike.
    """
    offers = settings.mapping("model.vacancies.offer")
    asked_more = settings.mapping("model.inputs.offers.wo.education_level")
    levels = np.exp([float(asked_more.get(name, 0.0)) for name in c.EDUCATION])

    def shares(block: str, what: str, names: tuple[str, ...]) -> NDArray[np.float64]:
        table = np.full((len(c.ROLES), len(names)), 1.0 / len(names))
        for role, given in offers.items():
            table[c.ROLES.index(role)] = given[what]
        if what == "level":
            table[list(c.WO_ROLES)] *= levels
        else:
            for code, raked in raked_offers(settings, tables, what, block, names).items():
                table[code] = raked
        table[list(c.HBO_ROLES)] = offered(settings, tables, "hbo", block, names)
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    level = shares("education_level", "level", c.EDUCATION)
    hours = shares("weekly_hours", "hours", c.HOURS_BANDS)
    hours[c.LECTOR] = lector_hours(settings, tables, hours[c.LECTOR])
    return Profiles(
        level=np.cumsum(level, axis=1),
        hours=np.cumsum(hours, axis=1),
        seniority=np.cumsum(shares("experience", "seniority", c.EXPERIENCE_BANDS), axis=1),
        hours_of_band=hours_of_band(settings),
        conditions=requirement_shares(settings),
    )

"""Lay out the employers: 52 institutions and one outside employer per sector and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.conflict import TableAxis
from hesim.population.raking import rake
from hesim.population.reach import with_job

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Employers:
    """All employers, institutions first, as parallel columns.

    Attributes:
        names: One name an employer.
        sector: Sector code, int8, shape (employers,).
        region: Region code, int8, shape (employers,).
        place: Town code of an institution, -1 for an outside employer, int16.
        towns: Names of the towns.
        town_region: Region code of each town, int8.
        distance: Kilometres between towns, float32, shape (towns, towns).
        posts: The same at full scale, with fractions, float64.
        target: Persons wanted by role and field, int32, shape (employers, roles, fields).
        institutions: How many of the employers are institutions (they come first).
        partner: 1 where two institutions share a partnership across sectors, (employers,
            employers).
        partnerships: Partnerships across sectors that each employer takes part in.
    """

    names: tuple[str, ...]
    sector: NDArray[np.int8]
    region: NDArray[np.int8]
    place: NDArray[np.int16]
    towns: tuple[str, ...]
    town_region: NDArray[np.int8]
    distance: NDArray[np.float32]
    posts: NDArray[np.float64]
    target: NDArray[np.int32]
    institutions: int
    partner: NDArray[np.uint8]
    partnerships: NDArray[np.float64]


def field_margin(tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """Derive the fields of those who move between a sector and outside: entrants and leavers.

    Source: tables 3.2 and 3.3, the mean of both; label derived.
    """
    groups = (("3.2", "hbo_in"), ("3.3", "hbo_out"))
    if sector == "wo":
        groups = (("3.3", "wo_in"), ("3.2", "wo_out"))
    parts = [tables.shares(table, "field", group) for table, group in groups]
    margin = np.array([sum(part.get(name, 0.0) for part in parts) for name in c.FIELDS])
    return margin / margin.sum()


def entrant_fields(tables: ReportTables) -> NDArray[np.float64]:
    """Derive the fields of graduates and arrivals: those of the entrants of both sectors.

    Source: tables 3.2 and 3.3; label derived (who comes into reach supplies what staff grows by).
    """
    parts = [tables.shares(t, "field", g) for t, g in (("3.2", "hbo_in"), ("3.3", "wo_in"))]
    margin = np.array([sum(part.get(name, 0.0) for part in parts) for name in c.FIELDS])
    return np.asarray(margin / margin.sum())


def staff_shares(
    settings: Settings, tables: ReportTables, sector: str, block: str, names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Derive the staff of January 2011 by a characteristic that the report has of leavers alone.

    The leavers' shares (tables 3.2 and 3.3) times what `model.inputs.staff` says, which is solved
    for: so those who leave in the survey's years have these shares, and those who enter others.

    Returns:
        Shares in the order of `names`, summing to 1.
    """
    table = "3.3" if sector == "hbo" else "3.2"
    leavers = tables.shares(table, block, f"{sector}_out")
    shift = settings.mapping(f"model.inputs.staff.{sector}.{block}")
    shares = np.array([leavers.get(name, 0.0) * np.exp(float(shift[name])) for name in names])
    return np.asarray(shares / shares.sum())


def role_shares(settings: Settings, tables: ReportTables, sector: str) -> NDArray[np.float64]:
    """Share of each role in a sector's academic and teaching staff, shape (roles,).

    Source: public university staff statistics and the count of lectoren (context facts).
    """
    shares = np.zeros(len(c.ROLES))
    if sector == "hbo":
        lectoren = tables.context_value("lectoren") / settings.number("population.hbo_staff")
        shares[c.LECTOR], shares[c.LECTURER] = lectoren, 1.0 - lectoren
        return shares
    others = tables.context_value("wo_other_academic")
    postdocs = settings.number("population.wo_postdoc_share_of_other")
    shares[c.PHD_CANDIDATE] = tables.context_value("wo_phd_candidates")
    shares[c.POSTDOC] = others * postdocs
    shares[c.OTHER_ACADEMIC] = others * (1.0 - postdocs)
    shares[c.UNIVERSITY_LECTURER] = tables.context_value("wo_assistant_professors")
    shares[c.PROFESSOR] = tables.context_value("wo_full_professors") + tables.context_value(
        "wo_associate_professors"
    )
    return shares / shares.sum()


def whole_numbers(amounts: NDArray[np.float64]) -> NDArray[np.int32]:
    """Round so that the sum is kept (largest remainders first, ties by position)."""
    flat = amounts.ravel()
    floor = np.floor(flat)
    short = round(float(flat.sum())) - int(floor.sum())
    order = np.argsort(-(flat - floor), kind="stable")[: max(short, 0)]
    floor[order] += 1.0
    return floor.astype(np.int32).reshape(amounts.shape)


def whole_posts(amounts: NDArray[np.float64]) -> NDArray[np.int32]:
    """Round posts by employer, role and field so that every role keeps its number.

    Largest remainders over all cells would starve rare roles when the population is thinned: all
    cells of lectoren are then far below one half. So roles are rounded first; within a role each
    cell gets what the running sum gains, which keeps every employer within one post.

    Args:
        amounts: Posts with fractions, shape (employers, roles, fields).

    Returns:
        Posts, same shape; the sum is that of `amounts`, rounded.
    """
    posts = np.zeros(amounts.shape, np.int32)
    of_role = amounts.sum(axis=(0, 2))
    for role, count in enumerate(whole_numbers(of_role).tolist()):
        if count:
            running = np.cumsum(amounts[:, role].ravel()) * (count / of_role[role])
            # Half up; what is short of a half by rounding error alone counts as a half.
            reached = np.floor(running + 0.5 + 1e-9)
            posts[:, role] = np.diff(reached, prepend=0.0).reshape(posts[:, role].shape)
    return posts


def town_distances(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.float32]:
    """Great-circle kilometres between all pairs of places (haversine)."""
    phi, lam = np.radians(lat), np.radians(lon)
    half = np.sin((phi[:, None] - phi) / 2) ** 2
    half += np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    return (2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))).astype(np.float32)


def _institution_targets(
    settings: Settings, tables: ReportTables, sector: str
) -> NDArray[np.float64]:
    members = [i for i in tables.institutions if i.sector == sector]
    profiles = settings.mapping("population.profiles")
    size = np.array([float(i.students) for i in members])
    fields = staff_shares(settings, tables, sector, "field", c.FIELDS)
    taste = np.array([[profiles[i.profile][name] for name in c.FIELDS] for i in members])
    seed = size[:, None] * taste * fields
    staff = settings.number(f"population.{sector}_staff") * settings.number("population.scale")
    axes = (
        TableAxis(f"students of {sector} (institutions.csv)", [i.name for i in members]),
        TableAxis(f"field of {sector} staff (leavers of tables 3.2 and 3.3)", c.FIELDS),
    )
    margins = [((0,), size / size.sum()), ((1,), fields)]
    raked = rake(seed, margins, axes=axes).table * staff
    return np.asarray(raked[:, None, :] * role_shares(settings, tables, sector)[None, :, None])


def outside_mix(settings: Settings, tables: ReportTables) -> NDArray[np.float64]:
    """Share of the pool's jobs outside by sector and field, shape (outside sectors, fields).

    The sectors' mix (prior, see the row's source) and the fields' mean shares in hbo and wo
    (derived) are kept; which field works where starts from `population.outside_fields` (assumed).
    """
    text = tables.context_text("outside_sector_mix_prior")
    mix = {name: float(share) for name, share in (part.split() for part in text.split(";"))}
    sectors = np.array([mix[name] for name in c.OUTSIDE_SECTORS])
    fields = field_margin(tables, "hbo") + field_margin(tables, "wo")
    weights = settings.mapping("population.outside_fields")
    seed = np.array([[weights[name][of] for of in c.FIELDS] for name in c.OUTSIDE_SECTORS])
    margins = [((0,), sectors / sectors.sum()), ((1,), fields / fields.sum())]
    axes = (
        TableAxis("sectors outside (outside_sector_mix_prior)", c.OUTSIDE_SECTORS),
        TableAxis("field outside (tables 3.2 and 3.3)", c.FIELDS),
    )
    return rake(seed, margins, axes=axes).table


def _partners(
    tables: ReportTables, names: tuple[str, ...], sector: NDArray[np.int8]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Read who partners with whom across sectors; source: the inventory (appendix B)."""
    partner = np.zeros((len(names), len(names)), np.uint8)
    count = np.zeros(len(names))
    for entry in tables.partnerships:
        members = [names.index(n) for n in (entry.lead, *entry.partners) if n in names]
        for one in members:
            others = [other for other in members if sector[other] != sector[one]]
            partner[one, others] = 1
            count[one] += bool(others)
    return partner, count


def build_employers(settings: Settings, tables: ReportTables) -> Employers:
    """Derive the employers and their staff targets.

    Args:
        settings: `population.*` gives totals and profiles, `model.outside` the people outside.
        tables: Institutions, field shares and the outside sectors' prior mix.

    Returns:
        The employers; targets sum to the sectors' totals at `population.scale`.
    """
    by_town = {i.town: i for i in reversed(tables.institutions)}
    towns = tuple(sorted(by_town))
    ordered = [i for s in ("wo", "hbo") for i in tables.institutions if i.sector == s]
    amounts = np.concatenate(
        [_institution_targets(settings, tables, s) for s in ("wo", "hbo")], axis=0
    )
    target = np.concatenate(
        [
            whole_posts(amounts[[k for k, i in enumerate(ordered) if i.sector == s]])
            for s in ("wo", "hbo")
        ]
    )
    regions = settings.mapping("population.region_share")
    mix = outside_mix(settings, tables)
    jobs = with_job(settings)
    outside = np.zeros((len(c.OUTSIDE_SECTORS) * len(c.REGIONS), len(c.ROLES), len(c.FIELDS)))
    names: list[str] = []
    sector: list[int] = []
    region: list[int] = []
    for row, name in enumerate(c.OUTSIDE_SECTORS):
        for place in c.REGIONS:
            outside[len(names), c.PROFESSIONAL] = jobs * mix[row] * regions[place]
            sector.append(c.SECTORS.index(name))
            region.append(c.REGIONS.index(place))
            names.append(f"{name} {place}")
    all_names = tuple(i.name for i in ordered) + tuple(names)
    all_sectors = np.array([c.SECTORS.index(i.sector) for i in ordered] + sector, np.int8)
    partner, partnerships = _partners(tables, all_names, all_sectors)
    return Employers(
        partner=partner,
        partnerships=partnerships,
        names=all_names,
        sector=all_sectors,
        region=np.array([c.REGIONS.index(i.region) for i in ordered] + region, np.int8),
        place=np.array([towns.index(i.town) for i in ordered] + [-1] * len(names), np.int16),
        towns=towns,
        town_region=np.array([c.REGIONS.index(by_town[t].region) for t in towns], np.int8),
        distance=town_distances(
            np.array([by_town[t].lat for t in towns]), np.array([by_town[t].lon for t in towns])
        ),
        posts=np.concatenate([amounts, outside]) / settings.number("population.scale"),
        target=np.concatenate([target, whole_numbers(outside)]),
        institutions=len(ordered),
    )

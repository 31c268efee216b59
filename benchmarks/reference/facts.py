"""Bring what either model did into one shape, and compute the statistics that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.population.biography import STUDIED, WORKED

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.tables import ReportTables

Array = NDArray[Any]
KINDS = ("hbo", "wo", "outside", "none")
NONE = -1
RETIREMENT = c.EXIT_REASONS.index("retirement")
ITEMS = np.uint64((1 << 63) - 1)
"""The bits of an exposure that stand for items."""
SPELL = (
    "left",
    "joined",
    "old_sector",
    "new_sector",
    "old_role",
    "new_role",
    "old_contract",
    "new_contract",
    "old_hours",
    "new_hours",
    "old_education",
    "new_education",
    "old_experience",
    "new_experience",
    "reason",
    "prior",
    "born",
    "sex",
    "field",
    "channels",
    "bites",
)
FLOW = ("kind", "old_sector", "old_role", "new_sector", "new_role", "reason")
VACANCY = ("sector", "role", "opened", "closed", "withdrawn")
PERSON = (
    "sector",
    "role",
    "education",
    "contract",
    "hours",
    "born",
    "since",
    "search",
    "contacts",
    "practice",
    "academic",
    "second",
    "km",
    "prior",
    "field",
    "sex",
    "past",
)
PASTS = ("studied in hbo", "studied in wo", "worked in hbo", "worked in wo")


@dataclass
class Facts:
    """What one run of either model did; columns of codes, -1 where there is nothing.

    Attributes:
        months: Months simulated.
        flows: Columns of `FLOW`.
        spells: Columns of `SPELL`.
        vacancies: Columns of `VACANCY`, closed ones.
        persons: Columns of `PERSON` at the end.
        seekers: Seekers by month.
        applications: Applications by month.
    """

    months: int
    flows: dict[str, Array]
    spells: dict[str, Array]
    vacancies: dict[str, Array]
    persons: dict[str, Array]
    seekers: list[int] = field(default_factory=list)
    applications: list[int] = field(default_factory=list)


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, Array]:
    table = np.array(rows, np.float64).reshape(len(rows), len(names))
    return {name: table[:, k] for k, name in enumerate(names)}


def run_reference(settings: Settings, tables: ReportTables, seed: int, months: int) -> Facts:
    """Run the reference model and give its facts."""
    from benchmarks.reference.model import ReferenceModel

    model = ReferenceModel(settings, tables, seed)
    for _ in range(months):
        model.step()
    record = model.record
    reasons_of: dict[str | None, int] = {name: k for k, name in enumerate(c.EXIT_REASONS)}
    reasons_of[None] = NONE
    flows = [
        (
            c.FLOW_KINDS.index(f.kind),
            f.origin,
            f.origin_role,
            f.destination,
            f.destination_role,
            reasons_of[f.reason],
        )
        for f in record.flows
    ]

    def side(job: Any) -> tuple[int, ...]:
        if job is None:
            return (c.NO_JOB, c.JOB_SEEKER, c.NO_CONTRACT, 0, NONE, NONE)
        sector = job.employer.sector
        return (sector, job.role, job.contract, job.hours, job.education, job.experience)

    spells = []
    for s in record.spells:
        both = [value for pair in zip(side(s.old), side(s.new), strict=True) for value in pair]
        left, joined = (NONE if month is None else month for month in (s.left, s.joined))
        mask = sum(1 << k for k in s.channels)
        spells.append(
            (
                left,
                joined,
                *both,
                reasons_of[s.reason],
                s.prior,
                s.born,
                s.sex,
                s.field,
                mask,
                s.bites,
            )
        )
    closed = [
        (v.sector, v.role, v.opened, v.closed, v.outcome == "withdrawn") for v in record.vacancies
    ]
    persons = [
        (
            c.NO_JOB if p.employer is None else p.employer.sector,
            p.role,
            p.education,
            p.contract,
            p.hours,
            p.born,
            p.since,
            p.search,
            p.contacts,
            p.practice,
            p.academic,
            p.employer2 is not None,
            0.0 if p.town < 0 else model.distance[p.home][p.town],
            p.prior,
            p.field,
            p.sex,
            sum(STUDIED << kind for kind in p.studied) + sum(WORKED << kind for kind in p.worked),
        )
        for p in model.agents
    ]
    # Mesa keeps every model that ever made an agent, for its counters; let this one go.
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
    return Facts(
        months,
        _columns(FLOW, flows),
        _columns(SPELL, spells),
        _columns(VACANCY, closed),
        _columns(PERSON, persons),
        record.seekers,
        record.applications,
    )


def run_hesim(settings: Settings, tables: ReportTables, replication: int, months: int) -> Facts:
    """Run hesim and give its facts; `burn_in` must be 0, as vacancies are recorded after it."""
    from hesim.model.higher_education import HigherEducation

    model = HigherEducation(settings, tables, replication)
    seekers, applications = [], []
    for _ in range(months):
        model.step()
        seekers.append(len(model.market.seekers))
        applications.append(int(model.market.applied))
    book, e = model.ledger, model.employers
    flow_rows, spell_rows = (int(used) for used in book.used)
    sector_of = np.append(e.sector, c.NO_JOB).astype(np.int64)

    def sector(column: Array) -> Array:
        return sector_of[np.maximum(column.astype(np.int64), -1)]

    def reason(column: Array) -> Array:
        return np.where(column < len(c.EXIT_REASONS), column.astype(np.int64), NONE)

    f = {
        name: getattr(book, f"f_{name}")[:flow_rows]
        for name in ("kind", "from", "from_role", "to", "to_role", "reason")
    }
    flows = dict(
        zip(
            FLOW,
            (
                f["kind"],
                sector(f["from"]),
                f["from_role"],
                sector(f["to"]),
                f["to_role"],
                reason(f["reason"]),
            ),
            strict=True,
        )
    )
    # Who leaves the pool has no reason of table 2.2; hesim fills in a code all the same.
    pool = (flows["kind"] == c.FLOW_KINDS.index("departure")) & (flows["old_sector"] > c.WO)
    flows["reason"] = np.where(pool & (flows["reason"] != RETIREMENT), NONE, flows["reason"])
    m = {name[2:]: getattr(book, name)[:spell_rows] for name in book._fields if name[:2] == "m_"}
    spells = dict(
        zip(
            SPELL,
            (
                m["left"],
                m["joined"],
                sector(m["from"]),
                sector(m["to"]),
                m["from_role"],
                m["to_role"],
                m["from_contract"],
                m["to_contract"],
                m["from_hours"],
                m["to_hours"],
                m["education_left"],
                m["education_joined"],
                m["experience_left"],
                m["experience_joined"],
                reason(m["reason"]),
                m["prior"],
                m["born"],
                m["sex"],
                m["field"],
                m["channels"],
                np.bitwise_count(m["exposure"] & ITEMS),
            ),
            strict=True,
        )
    )
    one = model.recorder.closed()
    closed = [
        (
            e.sector[one["employer"][k]],
            one["role"][k],
            one["opened"][k],
            one["closed"][k],
            one["outcome"][k] == 1,
        )
        for k in range(one["role"].size)
        if one["outcome"][k] < 2
    ]
    p, here = model.persons, model.persons.present == 1
    km = np.where(p.place >= 0, e.distance[p.home, p.place], 0.0)
    columns = (
        sector(p.employer),
        p.role,
        p.education,
        p.contract,
        p.hours,
        p.born,
        p.since,
        p.search,
        p.contacts,
        p.practice,
        p.academic,
        p.employer2 >= 0,
        km,
        p.prior,
        p.field,
        p.sex,
        p.past,
    )
    persons = {name: np.asarray(x)[here] for name, x in zip(PERSON, columns, strict=True)}
    return Facts(months, flows, spells, _columns(VACANCY, closed), persons, seekers, applications)


def _kind(sector: Array) -> Array:
    """Kind code of sector codes."""
    code = sector.astype(np.int64)
    return np.where(code <= c.WO, code, np.where(code == c.NO_JOB, 3, 2))


def _share(values: Array, names: tuple[str, ...], label: str) -> Iterator[tuple[str, float]]:
    for code, name in enumerate(names):
        yield f"{label}: {name}", float(np.mean(values == code)) if values.size else 0.0


def _bands(values: Array, edges: tuple[int, ...]) -> Array:
    return np.searchsorted(np.array(edges), values, side="right")


def _flows(flows: Mapping[str, Array]) -> Iterator[tuple[str, float]]:
    old, new = _kind(flows["old_sector"]), _kind(flows["new_sector"])
    for code, kind in enumerate(c.FLOW_KINDS):
        mine = flows["kind"] == code
        for a, origin in enumerate(KINDS):
            for b, target in enumerate(KINDS):
                yield f"{kind} {origin} to {target}", float(np.sum(mine & (old == a) & (new == b)))
                for k, reason in enumerate(c.EXIT_REASONS):
                    hits = mine & (old == a) & (new == b) & (flows["reason"] == k)
                    yield f"{kind} {origin} to {target}, {reason}", float(hits.sum())
    for a, origin in enumerate(c.ROLES):
        for b, target in enumerate(c.ROLES):
            hits = (flows["old_role"] == a) & (flows["new_role"] == b)
            step = flows["kind"] == c.FLOW_KINDS.index("step")
            yield f"step {origin} to {target}", float(np.sum(hits & step))
        left = (flows["old_role"] == a) & (flows["kind"] != c.FLOW_KINDS.index("step"))
        yield f"left as {origin}", float(np.sum(left & (flows["kind"] <= 2)))
        joined = (flows["new_role"] == a) & (flows["kind"] <= 1)
        yield f"joined as {origin}", float(np.sum(joined))


def _movers(spells: Mapping[str, Array]) -> Iterator[tuple[str, float]]:
    old, new = _kind(spells["old_sector"]), _kind(spells["new_sector"])
    for kind in (c.HBO, c.WO):
        for side, month in (("old", "left"), ("new", "joined")):
            group = f"{KINDS[kind]}_{'out' if side == 'old' else 'in'}"
            rows = ((old if side == "old" else new) == kind) & (spells[month] >= 0)
            s = {name: column[rows] for name, column in spells.items()}
            age = (s[month].astype(np.float64) - s["born"]) / 12.0
            yield f"{group}: persons", float(rows.sum())
            yield f"{group}: mean age", float(age.mean())
            yield from _share(_bands(age, c.AGE_EDGES), c.AGE_BANDS, f"{group} age")
            yield from _share(s[f"{side}_education"], c.EDUCATION, f"{group} education")
            yield from _share(s[f"{side}_contract"], c.CONTRACTS, f"{group} contract")
            yield from _share(
                _bands(s[f"{side}_hours"], c.HOURS_EDGES), c.HOURS_BANDS, f"{group} hours"
            )
            yield f"{group} women", float(s["sex"].mean())
            yield from _share(s["field"], c.FIELDS, f"{group} field")
            years = s[f"{side}_experience"] / 12.0
            yield f"{group}: mean experience", float(years.mean())
            yield from _share(
                _bands(years, c.EXPERIENCE_EDGES), c.EXPERIENCE_BANDS, f"{group} experience"
            )
            if side == "new":
                yield from _share(s["prior"], c.PRIOR_SITUATIONS, f"{group} prior")
                other = _kind(s["old_sector"])
            else:
                yield from _share(s["reason"], c.EXIT_REASONS, f"{group} reason")
                other = _kind(s["new_sector"])
                resigned = s["reason"] == c.EXIT_REASONS.index("resigned")
                yield f"{group}: items of who resigned", float(s["bites"][resigned].mean())
            yield from _share(other, KINDS, f"{group} other side")
            found = s["joined"] >= 0
            mask = s["channels"][found].astype(np.int64)
            for k, name in enumerate(c.CHANNELS):
                yield f"{group} channel: {name}", float(np.mean(mask >> k & 1))


def _vacancies(vacancies: Mapping[str, Array], months: int) -> Iterator[tuple[str, float]]:
    months_open = vacancies["closed"] - vacancies["opened"]
    for role, name in enumerate(c.ROLES[:-1]):
        mine = vacancies["role"] == role
        filled = mine & (vacancies["withdrawn"] == 0)
        yield f"{name} posts filled", float(filled.sum())
        if filled.any():
            yield f"{name} posts filled: months", float(months_open[filled].mean())
        if mine.any():
            yield f"{name} posts withdrawn", float(vacancies["withdrawn"][mine].mean())


def _persons(persons: Mapping[str, Array], months: int) -> Iterator[tuple[str, float]]:
    kinds = _kind(persons["sector"])
    age = (months - persons["born"].astype(np.float64)) / 12.0
    yield "persons", float(kinds.size)
    for role, name in enumerate(c.ROLES):
        mine = persons["role"] == role
        yield f"stock {name}", float(np.sum(mine))
        yield from _share(persons["contract"][mine], c.CONTRACTS[:3], f"stock {name} contract")
    for code, kind in enumerate(KINDS):
        mine = kinds == code
        p = {name: np.asarray(column[mine], np.float64) for name, column in persons.items()}
        yield f"stock {kind}", float(mine.sum())
        yield from _share(p["education"], c.EDUCATION, f"stock {kind} education")
        yield from _share(p["contract"], c.CONTRACTS, f"stock {kind} contract")
        yield from _share(p["hours"], ("0", *map(str, range(1, 39))), f"stock {kind} hours")
        yield from _share(p["search"], ("idle", "job", "ending", "none"), f"stock {kind} search")
        yield from _share(p["prior"], c.PRIOR_SITUATIONS, f"stock {kind} prior")
        yield from _share(p["field"], c.FIELDS, f"stock {kind} field")
        for bit in range(4):
            share = np.mean(p["past"].astype(np.int64) >> bit & 1)
            yield f"stock {kind} {PASTS[bit]}", float(share)
        yield f"stock {kind} women", float(p["sex"].mean())
        for name in ("since", "contacts", "practice", "academic", "second", "km"):
            yield f"stock {kind} mean {name}", float(p[name].mean())
        yield f"stock {kind} mean age", float(age[mine].mean())


def statistics(facts: Facts) -> dict[str, float]:
    """Compute every statistic that is compared."""
    found = dict(_flows(facts.flows))
    found.update(_movers(facts.spells))
    found.update(_vacancies(facts.vacancies, facts.months))
    found.update(_persons(facts.persons, facts.months))
    half = facts.months // 2
    for name, counts in (("seekers", facts.seekers), ("applications", facts.applications)):
        found[f"{name} a month, first half"] = float(np.mean(counts[:half]))
        found[f"{name} a month, second half"] = float(np.mean(counts[half:]))
    return found

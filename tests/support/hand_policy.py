"""A few employers and persons written by hand, to know what a lever must do to each of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from hesim import categories as c
from hesim.levers.accounts import Accounts
from hesim.levers.lever import Lever, Reach
from hesim.levers.processes import Turn
from hesim.levers.reach import Area
from hesim.model.items import HEADINGS, Items
from hesim.model.ledger import empty_ledger
from hesim.model.market import Vacancies, empty_vacancies
from hesim.model.policy import Effects, no_effects
from hesim.population.persons import Persons

HBO_EAST, HBO_EAST_2, HBO_WEST, WO_EAST, WO_EAST_2, WO_WEST, FIRM, FIRM_WEST = range(8)
"""Employers; the first six are institutions. The towns 0 and 1 lie in the east, 2 in the west."""
EAST, WEST = c.REGIONS.index("east"), c.REGIONS.index("west")
SECTORS = (c.HBO, c.HBO, c.HBO, c.WO, c.WO, c.WO, c.SECTORS.index("industry"), c.UMC)
REGIONS = (EAST, EAST, WEST, EAST, EAST, WEST, EAST, WEST)
TOWNS = (0, 1, 2, 0, 1, 2, 0, 2)
KEY = np.uint64(17)
EVERYWHERE = (len(SECTORS), len(c.ROLES), len(c.FIELDS))
LAW, ECONOMICS = 0, 1
MONTH = 24
FIRST_IDENTITY = 100
"""Identity of the person in row 0; the others follow."""


def people(*persons: dict[str, Any]) -> Persons:
    """Persons in rows from 0 on: lecturers of law with a master, of `HBO_EAST`, 40 years old."""
    made = Persons(len(persons))
    for row, given in enumerate(persons):
        ordinary = {
            "id": FIRST_IDENTITY + row,
            "present": 1,
            "born": MONTH - 12 * 40,
            "education": c.MASTER,
            "field": LAW,
            "role": c.LECTURER,
            "employer": HBO_EAST,
            "place": 0,
            "home": 0,
            "contract": c.PERMANENT,
            "hours": 40,
        }
        for name, value in {**ordinary, **given}.items():
            getattr(made, name)[row] = value
    return made


def crowd(count: int, **given: Any) -> Persons:
    """So many persons who are all alike."""
    return people(*({**given} for _ in range(count)))


def vacancies(*rows: dict[str, Any]) -> Vacancies:
    """Open vacancies, for lecturers of law with a master at `WO_EAST`."""
    made = empty_vacancies(len(rows))
    for at, given in enumerate(rows):
        ordinary = {
            "id": 500 + at,
            "employer": WO_EAST,
            "role": c.LECTURER,
            "field": LAW,
            "level": c.MASTER,
            "place": 0,
        }
        for name, value in {**ordinary, **given}.items():
            getattr(made, name)[at] = value
    return made


def model(persons: Persons | None = None, **more: Any) -> Any:
    """What levers read of a model."""
    first = np.zeros(EVERYWHERE, np.int64)
    first[:3, c.LECTURER] = 10
    first[:3, c.LECTOR] = 2
    first[3:6, c.UNIVERSITY_LECTURER] = 20
    first[3:6, c.PROFESSOR] = 5
    first[6:, c.PROFESSIONAL] = 50
    names = tuple((heading, f"item of {heading}") for heading in HEADINGS)
    pull = Items(
        (*names, ("preconditions", "salary")),
        np.array([0, 1, 2, 3, 4, 3]),
        np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        np.full(5, 0.7),
    )
    partner = np.zeros((8, 8), np.uint8)
    employers = SimpleNamespace(
        names=tuple(f"employer {k}" for k in range(8)),
        sector=np.array(SECTORS, np.int8),
        region=np.array(REGIONS, np.int8),
        place=np.array(TOWNS, np.int16),
        institutions=6,
        partner=partner,
        target=first.astype(np.int32),
        town_region=np.array([EAST, EAST, WEST], np.int8),
    )
    rates = SimpleNamespace(
        pay=np.arange(1.0, len(c.ROLES) + 1.0),
        pull_items=pull,
        push_items=SimpleNamespace(heading=np.arange(5)),
        choice=SimpleNamespace(value=np.zeros((8, len(c.ROLES), 5))),
        jobs=SimpleNamespace(full_week=40),
        moves=SimpleNamespace(contacts_kept=3.0),
        search=SimpleNamespace(candidate_age=420),
        qualifying=np.full((len(c.ROLES), 4), 0xFF, np.int64),
    )
    settings = {"model.choice.pay_weight": 2.0, "model.search.outlook_decay": 0.25}
    made = {
        "month": MONTH,
        "persons": persons or people({}),
        "employers": employers,
        "rates": rates,
        "state": SimpleNamespace(demand=SimpleNamespace(first=first)),
        "settings": SimpleNamespace(number=settings.__getitem__),
        "ledger": empty_ledger(100, 100),
        "streams": SimpleNamespace(levers=np.uint64(5)),
        "tables": SimpleNamespace(partnerships=()),
        "market": SimpleNamespace(vacancies=vacancies(), open_count=0),
    }
    return SimpleNamespace(**{**made, **more})


def nothing(of: Any) -> Effects:
    """Effects of no policy."""
    return no_effects(EVERYWHERE, of.rates.push_items.heading)


def area(*employers: int, roles: tuple[int, ...] = (), fields: tuple[int, ...] = ()) -> Area:
    """Where a lever acts: these employers, roles and fields; all where none is named."""
    inside = np.isin(np.arange(8), employers) if employers else np.ones(8, np.bool_)
    cells = np.zeros(EVERYWHERE, np.bool_)
    cells[
        np.ix_(
            inside,
            np.isin(np.arange(len(c.ROLES)), roles or range(len(c.ROLES))),
            np.isin(np.arange(len(c.FIELDS)), fields or range(len(c.FIELDS))),
        )
    ] = True
    return Area(inside, cells, KEY)


def lever(kind: str = "yearly", share: float = 1.0, **more: Any) -> Lever:
    """A lever without dials, for what takes their values by hand."""
    facts = {
        "key": "by_hand",
        "number": 3,
        "about": SimpleNamespace(taking_part=kind, dials=(), costs=()),
        "start": 0,
        "end": None,
        "ramp": 0,
        "fade": 0.0,
        "strength": 1.0,
        "reach": Reach((), (), (), (), (), share),
        "values": {},
    }
    return Lever(**{**facts, **more})


def turn(
    of: Any, where: Area | None = None, ease: float = 0.0, share: float = 1.0, **given: float
) -> Turn:
    """A process's month: its parameters, how much simpler rules are, and who takes part."""
    rules = {"ease": ease, "delay": given.pop("less_delay", 0.0)}
    return Turn(where or area(), given, rules, nothing(of), Accounts(), share)


def noted(of: Turn) -> dict[str, float]:
    """What the accounts of a turn hold, added up over the years."""
    found: dict[str, float] = {}
    for row in of.accounts.rows(0):
        what = str(row["what"])
        found[what] = found.get(what, 0.0) + float(str(row["number"]))
    return found


def flows(of: Any) -> list[tuple[str, int, int, int, int, int]]:
    """Kind, month, employers and roles of the ledger's flows, from and to."""
    ledger, used = of.ledger, int(of.ledger.used[0])
    return [
        (
            c.FLOW_KINDS[ledger.f_kind[k]],
            int(ledger.f_month[k]),
            int(ledger.f_from[k]),
            int(ledger.f_from_role[k]),
            int(ledger.f_to[k]),
            int(ledger.f_to_role[k]),
        )
        for k in range(used)
    ]

"""Hold employers and vacancies, hang vacancies on the circle, and match applicants to them."""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.reference.rates import OUTSIDE, WO, kind_of
from benchmarks.reference.requirements import Requirements
from hesim import categories as c
from hesim.population.hours import lector_hours
from hesim.population.raking import rake

if TYPE_CHECKING:
    from benchmarks.reference.agents import Person
    from hesim.config import Settings
    from hesim.population.employers import Employers
    from hesim.tables import ReportTables

Cell = tuple[int, int]
"""Role and field."""
RARE = 0.002
"""Least share that a role offers of anything: nothing is so rare that no role asks it."""


@dataclass(eq=False)
class Employer:
    """An institution or an outside employer.

    Attributes:
        town: Town of an institution, -1 outside.
        target: Persons wanted by role and field.
        posts: The same at full scale, with fractions.
        staff: Persons in post by role and field, in the order in which they came.
        open: Vacancies by role and field.
        quality: A standard normal by heading.
        worth: Value of each role by heading, before taste.
        bites: Chances of push items by role.
    """

    number: int
    name: str
    sector: int
    kind: int
    region: int
    town: int
    partnerships: int
    partners: frozenset[int]
    target: dict[Cell, int]
    posts: dict[Cell, float]
    quality: list[float]
    staff: dict[Cell, dict[Person, None]] = dataclasses.field(
        default_factory=lambda: defaultdict(dict)
    )
    open: Counter[Cell] = dataclasses.field(default_factory=Counter)
    worth: list[list[float]] = dataclasses.field(default_factory=list)
    bites: dict[int, list[float]] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember the targets as they were at first."""
        self.first_target = dict(self.target)

    def gap(self, cell: Cell) -> int:
        """Posts that are neither filled nor open."""
        return self.target[cell] - len(self.staff[cell]) - self.open[cell]

    def remove(self, person: Person) -> None:
        """Take a person off the staff."""
        del self.staff[person.role, person.field][person]


@dataclass(eq=False)
class Vacancy:
    """One open post."""

    employer: Employer
    role: int
    field: int
    level: int
    contract: int
    hours: int
    seniority: int
    town: int
    region: int
    opened: int
    asks: frozenset[str] = frozenset()
    noise: dict[Person, float] = dataclasses.field(default_factory=dict)


@dataclass(eq=False)
class Application:
    """One application: what the person hopes for and how the employer scores it."""

    person: Person
    vacancy: Vacancy
    score: float


def build(employers: Employers, random: Random) -> list[Employer]:
    """Make the employers as objects."""
    made = []
    for number, name in enumerate(employers.names):
        target = {
            (int(role), int(field)): int(employers.target[number, role, field])
            for role, field in np.argwhere(employers.target[number] > 0)
        }
        sector = int(employers.sector[number])
        made.append(
            Employer(
                number=number,
                name=name,
                sector=sector,
                kind=kind_of(sector),
                region=int(employers.region[number]),
                town=int(employers.place[number]),
                partnerships=int(employers.partnerships[number]),
                partners=frozenset(np.flatnonzero(employers.partner[number]).tolist()),
                target=target,
                posts={
                    (int(role), int(field)): float(employers.posts[number, role, field])
                    for role, field in np.argwhere(employers.posts[number] > 0)
                },
                quality=[random.gauss(0.0, 1.0) for _ in range(5)],
            )
        )
    return made


class Offers:
    """What vacancies offer and ask, by role: shares of level, hours and experience."""

    def __init__(self, settings: Settings, tables: ReportTables, entrants: np.ndarray) -> None:
        """Take hbo from table 3.2, wo from the settings raked to table 3.3, hours outside uniform.

        Both tables are of entrants; `model.inputs.offers` turns them into what vacancies offer.

        Args:
            settings: `model.vacancies` and `model.inputs.offers`.
            tables: The report's tables.
            entrants: Who enters wo by role.
        """
        self.shares: dict[int, dict[str, list[float]]] = {}

        def block(table: str, name: str, group: str, categories: tuple[str, ...]) -> list[float]:
            given = tables.shares(table, name, group)
            # Posts that are hard to fill are offered more often than they are entered.
            more = settings.mapping(f"model.inputs.offers.{group.removesuffix('_in')}")
            tilt = more.get(name, {})
            amounts = [given.get(one, 0.0) * math.exp(tilt.get(one, 0.0)) for one in categories]
            return [amount / sum(amounts) for amount in amounts]

        hbo = {
            "level": block("3.2", "education_level", "hbo_in", c.EDUCATION),
            "hours": block("3.2", "weekly_hours", "hbo_in", c.HOURS_BANDS),
            "seniority": block("3.2", "experience", "hbo_in", c.EXPERIENCE_BANDS),
        }
        self.shares[c.LECTURER] = hbo
        tilted = lector_hours(settings, tables, np.array(hbo["hours"]))
        self.shares[c.LECTOR] = {**hbo, "hours": tilted.tolist()}
        offers = settings.mapping("model.vacancies.offer")
        for role in c.WO_ROLES:
            self.shares[role] = dict(offers[c.ROLES[role]])
            tilt = settings.mapping("model.inputs.offers.wo.education_level")
            self.shares[role]["level"] = [
                share * math.exp(tilt.get(name, 0.0))
                for name, share in zip(c.EDUCATION, self.shares[role]["level"], strict=True)
            ]
        # The survey left professors out.
        roles = [role for role in c.WO_ROLES if role != c.PROFESSOR]
        weights = entrants[roles] / entrants[roles].sum()
        for part, name, categories in (
            ("hours", "weekly_hours", c.HOURS_BANDS),
            ("seniority", "experience", c.EXPERIENCE_BANDS),
        ):
            offered = np.array([self.shares[role][part] for role in roles])
            seed = np.maximum(offered, RARE) * weights[:, None]
            margin = np.array(block("3.3", name, "wo_in", categories))
            table = rake(seed, [((0,), weights), ((1,), margin)]).table
            for role, row in zip(roles, table, strict=True):
                self.shares[role][part] = (row / row.sum()).tolist()
        self.shares[c.PROFESSIONAL] = {"hours": [1.0] * 4}

    def draw(self, role: int, part: str, random: Random) -> int:
        """Draw a feature of a vacancy."""
        shares = self.shares[role][part]
        return random.choices(range(len(shares)), shares)[0]


class Board:
    """One field's vacancies on a circle of length 1, hung anew each month."""

    def __init__(self, vacancies: list[Vacancy], random: Random) -> None:
        """Give each vacancy a random place."""
        hung = sorted((random.random(), k) for k in range(len(vacancies)))
        self.places = [place for place, _ in hung]
        self.vacancies = [vacancies[k] for _, k in hung]

    def stretch(self, start: float, length: float) -> Iterator[Vacancy]:
        """Go through the vacancies of an arc."""
        if length >= 1.0:
            yield from self.vacancies
            return
        first, end = bisect_left(self.places, start), start + length
        yield from self.vacancies[first : bisect_left(self.places, end)]
        if end > 1.0:
            yield from self.vacancies[: bisect_left(self.places, end - 1.0)]


class Hiring:
    """How employers score applicants."""

    def __init__(self, settings: Settings) -> None:
        """Read `model.hiring`, and what posts ask."""
        self.requirements = Requirements(settings)
        self.points = settings.mapping("model.hiring")
        self.standard = [self.points["standard"][kind] for kind in ("hbo", "wo")]

    def score(self, person: Person, vacancy: Vacancy, posts: int, random: Random) -> float:
        """Score one applicant for one vacancy; a personal offer from outside needs none.

        The noise of a pair stays the same. Where the application stands for several posts, the
        others have a noise of their own each month, and the best counts.
        """
        points = self.points
        if vacancy.employer.kind == OUTSIDE:
            return 0.0
        above = person.education - vacancy.level
        score: float = points["level"] if above == 0 else -points["overqualified"] * above
        if person.field == vacancy.field:
            score += points["field"]
        score -= points["seniority"] * abs(person.experience_band - vacancy.seniority)
        if vacancy.employer.kind == WO:
            full = 12.0 * points["research_full"]
            academic = self.requirements.beyond(vacancy.asks, "research", person.academic)
            score += points["research"] * min(academic / full, 1.0)
        else:
            full = 12.0 * points["practice_full"]
            practice = self.requirements.beyond(vacancy.asks, "practice", person.practice)
            score += points["practice"] * min(practice / full, 1.0)
        if person not in vacancy.noise:
            vacancy.noise[person] = random.gauss(0.0, 1.0)
        others = (random.gauss(0.0, 1.0) for _ in range(posts - 1))
        return score + float(points["noise"] * max(vacancy.noise[person], *others, -math.inf))

    def good_enough(self, application: Application) -> bool:
        """Whether the post's conditions are met and the employer's standard is reached."""
        vacancy = application.vacancy
        if not self.requirements.met(application.person, vacancy.asks):
            return False
        return bool(application.score >= self.standard[vacancy.employer.kind])


def deferred_acceptance(lists: list[list[Application]]) -> list[Application]:
    """Match persons to vacancies; persons propose in their own order, best first.

    Args:
        lists: Each person's applications that meet the standard, best first.

    Returns:
        The applications that are accepted in the end.
    """
    held: dict[Vacancy, Application] = {}
    position = dict.fromkeys(range(len(lists)), 0)
    of_person = {mine[0].person: k for k, mine in enumerate(lists)}
    free = list(position)
    while free:
        k = free.pop()
        if position[k] == len(lists[k]):
            continue
        application = lists[k][position[k]]
        position[k] += 1
        rival = held.get(application.vacancy)
        if rival is None:
            held[application.vacancy] = application
        elif application.score > rival.score:
            held[application.vacancy] = application
            free.append(of_person[rival.person])
        else:
            free.append(k)
    return list(held.values())

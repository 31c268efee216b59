"""Write down flows, spells of leaving and joining, vacancies and monthly counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.agents import Person
    from benchmarks.reference.market import Employer, Vacancy

FILLED, WITHDRAWN = "filled", "withdrawn"


class Flow(NamedTuple):
    """One change: who from which sector and role went where."""

    month: int
    kind: str
    origin: int
    origin_role: int
    destination: int
    destination_role: int
    reason: str | None


class Job(NamedTuple):
    """A job as a spell remembers it, and who the person was then."""

    employer: Employer | None
    role: int
    contract: int
    hours: int
    education: int
    experience: int


@dataclass(eq=False)
class Spell:
    """Leaving one employer and joining the next; either side may be missing."""

    born: int
    sex: int
    field: int
    prior: int
    left: int | None = None
    joined: int | None = None
    old: Job | None = None
    new: Job | None = None
    reason: str | None = None
    bites: int = 0
    channels: tuple[int, ...] = ()


class Closed(NamedTuple):
    """A vacancy that was filled or withdrawn."""

    sector: int
    role: int
    opened: int
    closed: int
    outcome: str


@dataclass
class Record:
    """Everything that is kept of a run."""

    flows: list[Flow] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    vacancies: list[Closed] = field(default_factory=list)
    stocks: list[Counter[tuple[int, int]]] = field(default_factory=list)
    seekers: list[int] = field(default_factory=list)
    applications: list[int] = field(default_factory=list)

    def flow(
        self,
        month: int,
        kind: str,
        old: tuple[Employer | None, int],
        new: tuple[Employer | None, int],
        reason: str | None = None,
    ) -> None:
        """Note a change from one employer and role to another; no employer is no job."""
        sectors = [c.NO_JOB if one is None else one.sector for one in (old[0], new[0])]
        self.flows.append(Flow(month, kind, sectors[0], old[1], sectors[1], new[1], reason))

    def open_spell(self, person: Person, month: int, reason: str | None) -> Spell:
        """Open a spell for a person who leaves a job."""
        spell = Spell(
            person.born,
            person.sex,
            person.field,
            person.prior,
            left=month,
            old=person.as_job(),
            reason=reason,
            bites=person.bites,
        )
        self.spells.append(spell)
        return spell

    def new_spell(self, person: Person) -> Spell:
        """Open a spell for a person who joins and of whom no earlier job is known."""
        spell = Spell(person.born, person.sex, person.field, person.prior)
        self.spells.append(spell)
        return spell

    def closed(self, vacancy: Vacancy, month: int, outcome: str) -> None:
        """Note the end of a vacancy."""
        self.vacancies.append(
            Closed(vacancy.employer.sector, vacancy.role, vacancy.opened, month, outcome)
        )

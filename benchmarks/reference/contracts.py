"""Limit permanent posts: pools of slots, who is kept, and what contract a vacancy offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, KINDS, WO
from hesim import categories as c
from hesim.population.contracts import declared_permanent
from hesim.population.employers import role_shares
from hesim.population.turnover import Turnover, solve_turnover

if TYPE_CHECKING:
    from benchmarks.reference.agents import Person
    from benchmarks.reference.market import Employer, Vacancy
    from benchmarks.reference.model import Gaps, ReferenceModel
    from hesim.config import Settings
    from hesim.tables import ReportTables

HALF, MONTHS = 0.5, 12
SMALL = 50.0
"""Slots below which an institution's role shares them with the sector's other small ones."""
MADE_PERMANENT = (c.PROFESSOR, c.LECTOR)


@dataclass(eq=False)
class Pool:
    """The slots of a role, of one large institution or of a sector's small ones.

    Attributes:
        declared: Permanent share of staff at the start.
        waiting: Slots for those who are to be kept, as a share of staff.
        spare: Share of staff by which permanent posts can grow.
        prospects: Share of staff to which permanence is promised at the start.
        at_once: Part of the slots that come free that is offered with vacancies.
        free: Slots that are free now.
        counted: What was free at the last count, less what was given since.
        aside: What of it is set aside for vacancies.
        staff: Staff when the month began.
        room: Contracts with prospect that there may be.
        promised: Those that there are.
        behind: What months before fell short of.
        permanent: Chance that a vacancy of this month offers a permanent contract.
        hopeful: Chance that it offers one with prospect.
    """

    kind: int
    role: int
    declared: float
    waiting: float
    spare: float
    prospects: float
    at_once: float
    members: list[Employer] = field(default_factory=list)
    free: float = 0.0
    counted: float | None = None
    aside: float = 0.0
    staff: int = 0
    room: float = 0.0
    promised: int = 0
    behind: float = 0.0
    permanent: float = 0.0
    hopeful: float = 0.0

    def people(self) -> list[Person]:
        """Staff of the pool."""
        return [
            person
            for employer in self.members
            for code in range(len(c.FIELDS))
            for person in employer.staff.get((self.role, code), {})
        ]

    def count(self, vacancies: list[Vacancy], grown: float, begins: bool) -> None:
        """Count what is in use; set a part of what came free aside for vacancies.

        Args:
            vacancies: Open ones of the pool.
            grown: Part of what can become permanent that growth has taken so far.
            begins: Whether the month begins.
        """
        people = self.people()
        if begins:
            self.staff = len(people)
        permanent = self.declared + self.spare * grown
        used = sum(person.holds_slot for person in people)
        used += sum(vacancy.contract == c.PERMANENT for vacancy in vacancies)
        self.free = min(permanent + self.waiting, 1.0) * self.staff - used
        hopeful = [person for person in people if person.contract == c.WITH_PROSPECT]
        undecided = sum(not person.decided for person in hopeful)
        if self.counted is not None:
            self.aside += self.at_once * (self.free - self.counted)
        self.aside = max(self.aside, self.free - undecided)
        self.counted = self.free
        share = self.prospects * (1.0 - permanent) / max(1.0 - self.declared, 1e-9)
        self.room = share * self.staff
        self.promised = len(hopeful)
        self.promised += sum(vacancy.contract == c.WITH_PROSPECT for vacancy in vacancies)

    @property
    def has_free(self) -> bool:
        """Whether a slot is free: half of one counts."""
        return self.free >= HALF

    def give(self) -> None:
        """Give a slot away that was set aside, or to somebody who is kept."""
        self.free -= 1.0
        assert self.counted is not None
        self.counted -= 1.0

    def decide(self, person: Person) -> None:
        """Keep a person if a slot is free that is not set aside."""
        person.decided = True
        if self.free - max(self.aside, 0.0) >= HALF:
            person.kept = True
            self.give()

    def set_terms(self, expected: float) -> None:
        """Spread what is set aside, and what may be promised, over so many new vacancies."""
        expected = max(expected, 1e-9)
        self.permanent = min(max(self.aside / expected, 0.0), 1.0)
        short = self.room - self.promised
        self.behind = min(max(self.behind + short / MONTHS, -self.room), self.room)
        hopeful = (short + self.behind) / expected
        self.hopeful = min(max(hopeful, 0.0), 1.0 - self.permanent)

    def contract(self, draw: float) -> int:
        """Contract of a new vacancy; without a free slot, hope instead of permanence."""
        if draw < self.permanent and self.has_free:
            self.give()
            self.aside -= 1.0
            return c.PERMANENT
        if draw < self.permanent + self.hopeful:
            return c.WITH_PROSPECT
        return c.WITHOUT_PROSPECT


class PermanentPosts:
    """All pools of slots."""

    def __init__(self, settings: Settings, tables: ReportTables, employers: list[Employer]) -> None:
        """Take what is solved for each sector, and find the pools.

        Args:
            settings: `model.careers`.
            tables: The report's tables.
            employers: All of them; only institutions have slots.
        """
        self.solved: dict[int, Turnover] = {
            kind: solve_turnover(settings, tables, KINDS[kind]) for kind in (HBO, WO)
        }
        careers = settings.mapping("model.careers")
        self.growth = {kind: 0.0 for kind in (HBO, WO)}
        if careers["permanence"] == "growing":
            self.growth = {kind: careers["permanence_growth"][KINDS[kind]] for kind in (HBO, WO)}
        self.pools: dict[tuple[Employer, int], Pool] = {}
        self.all: list[Pool] = []
        self.ratio: dict[int, float] = {}
        for kind in (HBO, WO):
            shares = role_shares(settings, tables, KINDS[kind]).tolist()
            declared = declared_permanent(settings, KINDS[kind]).tolist()
            most = 1.0 - careers["permanence_floor"]
            spare = [max(most - fixed, 0.0) if fixed > 0.0 else 0.0 for fixed in declared]
            can = sum(a * b for a, b in zip(shares, spare, strict=True))
            fixed = sum(a * b for a, b in zip(shares, declared, strict=True))
            self.ratio[kind] = fixed / can if can > 0.0 else 0.0
            for role in c.HBO_ROLES if kind == HBO else c.WO_ROLES:
                self._pool_up(kind, role, declared[role], spare[role], employers)

    def _pool_up(
        self, kind: int, role: int, declared: float, spare: float, employers: list[Employer]
    ) -> None:
        solved = self.solved[kind]
        shared: Pool | None = None
        for employer in employers:
            if employer.kind != kind:
                continue
            posts = sum(employer.first_target.get((role, code), 0) for code in range(len(c.FIELDS)))
            alone = posts * declared >= SMALL
            pool = None if alone else shared
            if pool is None:
                pool = Pool(
                    kind,
                    role,
                    declared,
                    min(float(solved.waiting[role]), 1.0 - declared),
                    spare,
                    float(solved.prospects[role]),
                    solved.at_once,
                )
                self.all.append(pool)
                if not alone:
                    shared = pool
            pool.members.append(employer)
            self.pools[employer, role] = pool

    def of(self, person: Person, role: int) -> Pool:
        """The pool of a role with a person's employer."""
        assert person.employer is not None
        return self.pools[person.employer, role]

    def count(self, model: ReferenceModel, begins: bool = False) -> None:
        """Count all pools anew."""
        # Growth counts from the first recorded month.
        years = max(model.month - model.burn_in, 0) / 12.0
        of_pool: dict[Pool, list[Vacancy]] = {pool: [] for pool in self.all}
        for vacancy in model.vacancies:
            pool = self.pools.get((vacancy.employer, vacancy.role))
            if pool is not None:
                of_pool[pool].append(vacancy)
        for pool, vacancies in of_pool.items():
            gained = self.ratio[pool.kind] * ((1.0 + self.growth[pool.kind]) ** years - 1.0)
            pool.count(vacancies, min(gained, 1.0), begins)

    def decide(self, model: ReferenceModel) -> None:
        """Decide on those whose window before the contract's end begins, in the order of a draw."""
        for pool in self.all:
            due = [person for person in pool.people() if person.awaits_decision]
            # Who has a small job comes later.
            for person in sorted(
                due, key=lambda one: one.intention ** (1 / one.readiness_to_leave)
            ):
                pool.decide(person)

    def finds_slot(self, person: Person, role: int) -> bool:
        """Whether a step to a role finds the slot that it needs."""
        return not self.needs_slot(person, role) or self.of(person, role).has_free

    def needs_slot(self, person: Person, role: int) -> bool:
        """Whether somebody is permanent after a step, or is to be kept."""
        return person.holds_slot or role in MADE_PERMANENT

    def set_terms(self, gaps: Gaps, opening: float) -> None:
        """Tell each pool how many vacancies are to be expected this month."""
        missing: dict[Pool, int] = dict.fromkeys(self.all, 0)
        for (employer, (role, _)), gap in gaps.items():
            pool = self.pools.get((employer, role))
            if pool is not None:
                missing[pool] += gap
        for pool, gap in missing.items():
            pool.set_terms(gap * opening)

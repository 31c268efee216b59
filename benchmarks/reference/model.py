"""The reference model: Mesa agents and plain objects, one month a step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import mesa
import numpy as np

from benchmarks.reference.agents import Person
from benchmarks.reference.biography import Familiarity
from benchmarks.reference.channels import Channels
from benchmarks.reference.contracts import PermanentPosts
from benchmarks.reference.demand import Demand
from benchmarks.reference.entrants import Entrants
from benchmarks.reference.market import (
    Application,
    Board,
    Employer,
    Hiring,
    Offers,
    Vacancy,
    build,
    deferred_acceptance,
)
from benchmarks.reference.outside import OutsideMarket, PersonalOffer
from benchmarks.reference.preferences import ROLES_OF_KIND, Preferences
from benchmarks.reference.rates import HBO, KINDS, OUTSIDE, WO, CareerRates, SearchRates
from benchmarks.reference.record import FILLED, WITHDRAWN, Record
from benchmarks.reference.thinning import Shortage
from hesim import categories as c
from hesim.population.biography import STUDIED, WORKED
from hesim.population.employers import build_employers
from hesim.population.stock import build_population

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.population.employers import Employers
    from hesim.tables import ReportTables

Gaps = dict[tuple[Employer, tuple[int, int]], int]
NOBODY = -1
STEPS_FROM = {
    c.POSTDOC: c.OTHER_ACADEMIC,
    c.UNIVERSITY_LECTURER: c.POSTDOC,
    c.PROFESSOR: c.UNIVERSITY_LECTURER,
    c.LECTOR: c.LECTURER,
}
STEPS_NEED = {c.POSTDOC: c.PHD, c.PROFESSOR: c.PHD, c.LECTOR: c.MASTER}


class ReferenceModel(mesa.Model):
    """Higher education as ordinary agents.

    Attributes:
        month: Months since the first simulated one.
        record: Everything that happened.
    """

    def __init__(self, settings: Settings, tables: ReportTables, seed: int) -> None:
        """Build employers and stock.

        Args:
            settings: A run's settings.
            tables: The report's tables.
            seed: Seed of this model's own generator and of the drawn stock.
        """
        if settings.mapping("levers"):
            raise ValueError("the reference model knows no levers")
        if settings.number("model.careers.doctorate_in_service") > 0:
            raise ValueError("the reference model knows no doctorates taken in service")
        super().__init__(rng=seed)
        self.settings, self.month, self.record = settings, 0, Record()
        year, start = (int(part) for part in settings.text("start").split("-"))
        self.first_calendar = 12 * year + start - 1 - settings.integer("burn_in")
        self.careers, self.searching = CareerRates(settings, tables), SearchRates(settings)
        self.market = OutsideMarket(settings, tables, self.careers.outside_separation)
        self.preferences = Preferences(settings, tables)
        self.channels, self.hiring = Channels(settings, tables), Hiring(settings)
        self.candidate_age = settings.integer("model.hiring.candidate_age")
        self.job_known_within = settings.integer("survey.job_known_within")
        vacancies = settings.mapping("model.vacancies")
        self.withdrawn_after: int = vacancies["withdrawn_after"]
        self.direct = {kind: vacancies["direct"][KINDS[kind]] for kind in (HBO, WO)}
        self.decision: float = vacancies["decision"]
        self.looking_on: set[Vacancy] = set()
        self.opening: float = vacancies["opening_rate"]
        self.burn_in = settings.integer("burn_in")
        layout = build_employers(settings, tables)
        self.familiarity = Familiarity(settings, layout)
        self._lay_out(layout)
        self.demand = Demand(settings, self.employers)
        self.slots = PermanentPosts(settings, tables, self.employers)
        self.offers = Offers(settings, tables, self.slots.solved[WO].entrants)
        self.entrants = Entrants(settings, tables, self.market)
        self.vacancies: list[Vacancy] = []
        self.boards: list[Board] = []
        self.applications: list[tuple[Person, dict[Vacancy, int]]] = []
        self._populate(settings, tables, layout, seed)

    def _lay_out(self, layout: Employers) -> None:
        self.employers = build(layout, self.random)
        self.distance: list[list[float]] = layout.distance.tolist()
        self.town_region: list[int] = layout.town_region.tolist()
        self.towns_of = [
            [town for town, region in enumerate(self.town_region) if region == code]
            for code in range(len(c.REGIONS))
        ]
        self.institutions_of: list[list[Employer]] = [
            [e for e in self.employers if e.kind != OUTSIDE and e.region == code]
            for code in range(len(c.REGIONS))
        ]
        self.outside = [e for e in self.employers if e.kind == OUTSIDE]
        posts = layout.target[: layout.institutions].sum(axis=(0, 1))
        scale, attention = self.searching.scale, self.market.given["attention"]
        usual = self.searching.openness * np.maximum(posts, 1) / scale
        self.posts_of_field: list[int] = posts.tolist()
        self.arcs: list[float] = [min(share, 1.0) / scale for share in (attention / usual).tolist()]
        self.shortage = Shortage(scale)
        for employer in self.employers:
            employer.worth = [
                self.preferences.worth(role, employer.quality) for role in range(len(c.ROLES))
            ]
            for role in ROLES_OF_KIND[employer.kind]:
                employer.bites[role] = self.preferences.bites(employer, role)

    def _populate(
        self, settings: Settings, tables: ReportTables, layout: Employers, seed: int
    ) -> None:
        p = build_population(settings, tables, layout, seed, 0).persons
        for i in range(p.size):
            if not p.present[i]:
                continue
            person = Person(
                self,
                born=int(p.born[i]),
                sex=int(p.sex[i]),
                education=int(p.education[i]),
                field=int(p.field[i]),
                home=int(p.home[i]),
                prior=int(p.prior[i]),
                practice=int(p.practice[i]),
                academic=int(p.academic[i]),
            )
            person.since, person.contacts = int(p.since[i]), float(p.contacts[i])
            person.studied |= {kind for kind in (HBO, WO) if p.past[i] & STUDIED << kind}
            person.worked |= {kind for kind in (HBO, WO) if p.past[i] & WORKED << kind}
            if p.employer[i] < 0:
                continue
            person.hours, person.town = int(p.hours[i]), int(p.place[i])
            self.occupy(person, self.employers[p.employer[i]], int(p.role[i]))
            if p.employer2[i] >= 0:
                person.employer2 = self.employers[p.employer2[i]]
                person.hours2, person.ends2 = int(p.hours2[i]), int(p.ends2[i])
            contract = int(p.contract[i])
            person.set_contract(contract, None if contract == c.PERMANENT else int(p.ends[i]))
            person.search = 0
            if person.role == c.PHD_CANDIDATE:
                person.start_clocks_midway()
            person.draw_bites()

    # --- staff -------------------------------------------------------------------------------

    def occupy(self, person: Person, employer: Employer, role: int) -> None:
        """Count a person among an employer's staff."""
        person.employer, person.role = employer, role
        employer.staff[role, person.field][person] = None

    def vacate(self, person: Person) -> None:
        """Take a person off the employer's staff."""
        assert person.employer is not None
        person.employer.remove(person)

    def change_role(self, person: Person, role: int) -> None:
        """Let a person step into another role with the same employer."""
        employer = person.employer
        assert employer is not None
        self.record.flow(self.month, "step", (employer, person.role), (employer, role))
        self.vacate(person)
        self.occupy(person, employer, role)
        person.dropout = None

    # --- the month ---------------------------------------------------------------------------

    def step(self) -> None:
        """Simulate one month."""
        calendar = self.first_calendar + self.month
        self.pension_months = self.careers.pension_months(calendar // 12)
        self.agents.shuffle_do("age")
        self.slots.count(self, begins=True)
        self.slots.decide(self)
        self.agents.shuffle_do("careers")
        self.entrants.enter(self)
        self.market.make_up(self)
        self.agents.shuffle_do("push")
        self.demand.set_targets(max(self.month - self.burn_in, 0))
        self.withdraw()
        gaps = self.missing_posts()
        self.slots.count(self)
        self.fill_from_inside(gaps)
        self.slots.set_terms(gaps, self.opening)
        self.open_vacancies(gaps)
        self.search()
        self.move(self.hire())
        self.record_month()
        self.month += 1

    def withdraw(self) -> None:
        """Withdraw vacancies that stood open too long; who looks on without one opens now."""
        for vacancy in self.looking_on:
            vacancy.opened = self.month
        self.looking_on.clear()
        kept = []
        for vacancy in self.vacancies:
            if self.month - vacancy.opened < self.withdrawn_after:
                kept.append(vacancy)
            else:
                self.close(vacancy, WITHDRAWN)
        self.vacancies = kept

    def close(self, vacancy: Vacancy, outcome: str) -> None:
        """Note the end of a vacancy."""
        vacancy.employer.open[vacancy.role, vacancy.field] -= 1
        self.record.closed(vacancy, self.month, outcome)

    def missing_posts(self) -> Gaps:
        """Count the posts of hbo and wo that are neither filled nor open, once a month."""
        gaps = {
            (employer, cell): gap
            for employer in self.employers
            if employer.kind != OUTSIDE
            for cell in employer.target
            if (gap := employer.gap(cell)) > 0
        }
        return self.shortage.withhold(gaps, self.employers)

    def fill_from_inside(self, gaps: Gaps) -> None:
        """Let the most experienced who can step up take one missing post a cell.

        What they leave is missing from next month on.
        """
        steps = []
        self.shortage.note(gaps, self.employers)
        for employer, (role, field) in gaps:
            alone = self.shortage.alone(employer, (role, field))
            able = [
                person
                for person in employer.staff[STEPS_FROM.get(role, NOBODY), field]
                if person.education >= STEPS_NEED.get(role, 0)
                and self.slots.finds_slot(person, role)
            ]
            chance = self.careers.internal_step.get(c.ROLES[role], 0.0) * alone
            if able and self.random.random() < chance:
                steps.append((max(able, key=lambda one: one.academic), role))
        for person, role in steps:
            assert person.employer is not None
            if self.slots.needs_slot(person, role):
                if not self.slots.finds_slot(person, role):
                    continue
                self.slots.of(person, role).free -= 1.0
            gaps[person.employer, (role, person.field)] -= 1
            self.change_role(person, role)
            if role in (c.PROFESSOR, c.LECTOR):
                person.become_permanent()

    def open_vacancies(self, gaps: Gaps) -> None:
        """Open missing posts, each with a monthly chance."""
        for (employer, cell), gap in gaps.items():
            for _ in range(gap):
                if self.random.random() < self.opening:
                    self.vacancies.append(self.new_vacancy(employer, *cell))
                    employer.open[cell] += 1

    def new_vacancy(self, employer: Employer, role: int, field: int) -> Vacancy:
        """Draw what a vacancy offers and asks."""
        return Vacancy(
            employer=employer,
            role=role,
            field=field,
            level=self.offers.draw(role, "level", self.random),
            contract=self.offered_contract(employer, role),
            hours=self.careers.hours[self.offers.draw(role, "hours", self.random)],
            seniority=self.offers.draw(role, "seniority", self.random),
            town=employer.town,
            region=employer.region,
            opened=self.month,
            asks=self.hiring.requirements.draw(role, self.random),
        )

    def offered_contract(self, employer: Employer, role: int) -> int:
        """Draw a vacancy's contract: slots decide."""
        return self.slots.pools[employer, role].contract(self.random.random())

    def search(self) -> None:
        """Hang the vacancies on their circles and let seekers look."""
        of_field: list[list[Vacancy]] = [[] for _ in c.FIELDS]
        for vacancy in self.vacancies:
            of_field[vacancy.field].append(vacancy)
        self.boards = [Board(vacancies, self.random) for vacancies in of_field]
        self.applications = []
        seekers = self.agents.select(lambda person: person.looking)
        seekers.shuffle_do("look")
        self.record.seekers.append(len(seekers))
        self.record.applications.append(sum(len(sent) for _, sent in self.applications))

    def hire(self) -> list[Application]:
        """Score and refuse applicants, then match the others."""
        lists = []
        decided = {vacancy for vacancy in self.vacancies if self.decides(vacancy)}
        for person, vacancies in self.applications:
            mine = [
                Application(person, vacancy, self.hiring.score(person, vacancy, n, self.random))
                for vacancy, n in vacancies.items()
            ]
            mine = [
                one
                for one in mine
                if isinstance(one.vacancy, PersonalOffer)
                or (one.vacancy in decided and self.hiring.good_enough(one))
            ]
            if mine:
                lists.append(mine)
        return deferred_acceptance(lists)

    def decides(self, vacancy: Vacancy) -> bool:
        """Whether the employer decides this month: at once for a direct hire, later else."""
        direct = self.direct[vacancy.employer.kind]
        if vacancy.opened < self.month:
            return self.decision >= 1.0 or self.random.random() < self.decision
        if direct >= 1.0:
            return True
        if self.random.random() < direct:
            self.looking_on.add(vacancy)
            return True
        return False

    def move(self, matches: list[Application]) -> None:
        """Carry out the matches."""
        for match in matches:
            if isinstance(match.vacancy, PersonalOffer):
                self.market.take(match.person, match.vacancy)
                continue
            match.person.move(match.vacancy)
            self.close(match.vacancy, FILLED)
        filled = {match.vacancy for match in matches}
        self.vacancies = [vacancy for vacancy in self.vacancies if vacancy not in filled]

    def record_month(self) -> None:
        """Count stocks by sector and role."""
        stock = Counter[tuple[int, int]]()
        for employer in self.employers:
            for (role, _), staff in employer.staff.items():
                stock[employer.sector, role] += len(staff)
        stock[c.NO_JOB, c.JOB_SEEKER] = len(self.agents) - sum(stock.values())
        self.record.stocks.append(stock)

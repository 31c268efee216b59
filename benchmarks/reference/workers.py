"""The person at work: grows older, keeps or loses the job, changes hours and second job."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from benchmarks.reference.preferences import HEADINGS
from benchmarks.reference.rates import NO_KIND, OUTSIDE, WO
from benchmarks.reference.record import Job
from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.market import Employer
    from benchmarks.reference.model import ReferenceModel
    from benchmarks.reference.record import Spell

IDLE, ON_THE_JOB, JOB_ENDING, JOBLESS = range(4)
SCHOOL_LEAVER = c.PRIOR_SITUATIONS.index("school_leaver")
EMPLOYED = c.PRIOR_SITUATIONS.index("employed")
UNEMPLOYED = c.PRIOR_SITUATIONS.index("unemployed")


class Worker(mesa.Agent):
    """What a person is and what happens at work, whoever searches.

    Months count from the first simulated one.
    """

    model: ReferenceModel

    def __init__(
        self,
        model: ReferenceModel,
        *,
        born: int,
        sex: int,
        education: int,
        field: int,
        home: int,
        prior: int,
        practice: int = 0,
        academic: int = 0,
    ) -> None:
        """Make a person without a job; `model.occupy` gives one."""
        super().__init__(model)
        self.born, self.sex, self.education, self.field, self.home = (
            born,
            sex,
            education,
            field,
            home,
        )
        self.practice, self.academic = practice, academic
        self.prior = prior
        self.studied, self.worked = set[int](), set[int]()
        self.lost: int | None = None
        self.contacts = 0.0
        self.employer: Employer | None = None
        self.role, self.contract, self.hours, self.town = c.JOB_SEEKER, c.NO_CONTRACT, 0, -1
        self.since, self.ends, self.intention = model.month, None, 0.0
        self.decided = self.kept = False
        self.employer2: Employer | None = None
        self.hours2, self.ends2 = 0, 0
        self.defence: int | None = None
        self.dropout: int | None = None
        self.bites = 0
        self.looking = False
        self.search = JOBLESS
        self.considers: dict[int, float] = {}
        self.spell: Spell | None = None
        low, high = model.preferences.taste_range
        self.taste = [model.random.uniform(low, high) for _ in HEADINGS]
        self.leaning_to_teach, self.foreignness = model.random.random(), model.random.random()

    ends: int | None

    @property
    def kind(self) -> int:
        """Hbo, wo, outside or none."""
        return NO_KIND if self.employer is None else self.employer.kind

    @property
    def age_months(self) -> int:
        """Age in months."""
        return self.model.month - self.born

    @property
    def origin(self) -> int:
        """Kind of the present job, or without one of the job lost; none if there never was one."""
        if self.employer is None:
            return NO_KIND if self.lost is None else self.lost
        return self.employer.kind

    @property
    def age_band(self) -> int:
        """Band of age."""
        return sum(self.age_months >= 12 * edge for edge in c.AGE_EDGES)

    @property
    def experience_band(self) -> int:
        """Band of years worked."""
        months = self.practice + self.academic
        return sum(months >= 12 * edge for edge in c.EXPERIENCE_EDGES)

    def as_job(self) -> Job:
        """The present job and person, for the record."""
        return Job(
            self.employer,
            self.role,
            self.contract,
            self.hours,
            self.education,
            self.practice + self.academic,
        )

    # --- age ---------------------------------------------------------------------------------

    def age(self) -> None:
        """Gain experience and ties; an approved thesis makes a PhD."""
        rates = self.model.searching
        partnerships = 0
        if self.employer is not None:
            partnerships = self.employer.partnerships
            if self.employer.kind == OUTSIDE:
                self.practice += 1
            else:
                self.academic += 1
        self.contacts += rates.contacts_each * partnerships
        self.contacts *= 1.0 - rates.contacts_decay
        if self.defence is not None:
            if self.defence - self.model.careers.approval <= self.model.month:
                self.education = c.PHD
                self.studied.add(WO)
            if self.defence <= self.model.month:
                self.defence = None

    # --- careers -----------------------------------------------------------------------------

    def careers(self) -> None:
        """Retire, leave, lose the job, or go on; then change hours and second job."""
        model, rates = self.model, self.model.careers
        if self.age_months >= model.pension_months:
            self.depart("retirement")
            return
        draw = model.random.random()
        if self.employer is None:
            if draw < rates.jobless_departure:
                self.depart(None)
            return
        if self.employer.kind == OUTSIDE:
            if draw < rates.outside_departure:
                self.depart(None)
                return
            if draw < rates.outside_departure + rates.outside_separation:
                self.lose_job("dismissed")
                return
        elif self.leaves_without_wanting(draw) or self.stops_or_ends():
            return
        self.change_hours()
        self.second_job()

    def leaves_without_wanting(self, draw: float) -> bool:
        """Let the stacked hazards of hbo and wo decide; True if the person is gone."""
        rates = self.model.careers
        hazards = rates.hazards[self.kind, self.role == c.PROFESSOR]
        early = self.age_months >= 12 * rates.early_age
        permanent = self.contract == c.PERMANENT
        for reason, hazard, applies, leaves in (
            ("disabled_full", hazards.disabled_full, True, True),
            ("disabled_part_lost_job", hazards.disabled_part, True, True),
            ("early_retirement", hazards.early, early, True),
            ("dismissed", hazards.dismissed * self.readiness_to_leave, permanent, False),
            ("reorganisation", hazards.reorganised * self.readiness_to_leave, permanent, False),
        ):
            if not applies:
                continue
            if draw < hazard:
                if leaves:
                    self.depart(reason)
                else:
                    self.lose_job(reason)
                return True
            draw -= hazard
        return False

    def stops_or_ends(self) -> bool:
        """Drop out of a PhD, or come to the end of a contract; True if the job is lost."""
        month = self.model.month
        if self.dropout is not None and self.dropout <= month:
            self.lose_job("resigned")
            return True
        if self.ends is None or self.ends > month:
            return False
        if not self.wanted_longer():
            self.lose_job("contract_expired")
            return True
        rates = self.model.careers
        if self.role == c.PHD_CANDIDATE and self.education == c.PHD:
            self.model.change_role(self, c.POSTDOC)
        elif self.role == c.PHD_CANDIDATE:
            self.set_contract(c.WITHOUT_PROSPECT, self.ends + rates.extension_months)
            return False
        elif self.contract == c.WITH_PROSPECT:
            self.become_permanent()
            return False
        self.set_contract(c.WITHOUT_PROSPECT, month + rates.terms[self.role][c.WITHOUT_PROSPECT])
        return False

    def wanted_longer(self) -> bool:
        """Whether the employer means to go on when the contract ends."""
        rates = self.model.careers
        if self.role == c.PHD_CANDIDATE:
            if self.education == c.PHD:
                return self.intention < rates.stay
            in_time = self.ends is not None and self.ends - self.since < rates.last_end
            return in_time and self.intention < rates.extension
        if self.contract == c.WITH_PROSPECT:
            return self.kept
        ends = (1.0 - rates.renewal[self.kind]) * self.readiness_to_leave
        return bool(self.intention < 1.0 - ends)

    @property
    def readiness_to_leave(self) -> float:
        """Factor on leaving hbo or wo that the hours of the job bring."""
        of_kind = self.model.careers.leaves_by_hours.get(self.kind, {})
        return of_kind.get(self.hours, 1.0)

    def set_contract(self, contract: int, ends: int | None) -> None:
        """Start a contract; the employer's intention is fixed now."""
        self.contract, self.ends = contract, ends
        self.decided = self.kept = False
        self.intention = self.model.random.random()

    @property
    def holds_slot(self) -> bool:
        """Whether a permanent post is in use by, or waits for, the person."""
        return self.contract == c.PERMANENT or self.kept

    @property
    def awaits_decision(self) -> bool:
        """Whether it is due to be decided if the person is kept for good."""
        if self.contract != c.WITH_PROSPECT or self.decided or self.ends is None:
            return False
        return self.ends - self.model.month <= self.model.searching.window

    def become_permanent(self) -> None:
        """Get a permanent contract; a search because of the old one's end is over."""
        self.set_contract(c.PERMANENT, None)
        if self.search == JOB_ENDING:
            self.search, self.looking = IDLE, False

    def start_clocks(self) -> None:
        """Draw the fate of a new PhD candidate."""
        rates, random = self.model.careers, self.model.random
        self.defence = self.dropout = None
        draw = random.random()
        if draw < rates.dropout:
            time = min(random.expovariate(1.0 / rates.dropout_months), rates.dropout_latest)
            self.dropout = self.since + int(1.0 + time)
        elif draw < rates.dropout + rates.success:
            time = random.gauss(rates.defence_mean, rates.defence_sd)
            self.defence = self.since + int(max(time, rates.defence_earliest))

    def start_clocks_midway(self) -> None:
        """Draw what is left to a candidate of the initial stock."""
        rates, random = self.model.careers, self.model.random
        left = rates.dropout * rates.dropout_left
        draw = random.random()
        if draw < left:
            time = random.expovariate(1.0 / rates.dropout_months)
            self.dropout = self.model.month + int(1.0 + time)
        elif draw < left + rates.success:
            half = rates.defence_sd * math.sqrt(3.0)
            time = random.uniform(rates.defence_mean - half, rates.defence_mean + half)
            self.defence = self.since + int(max(time, rates.defence_earliest))

    def lose_job(self, reason: str) -> None:
        """Become jobless."""
        model = self.model
        self.end_second_job()
        self.spell = model.record.open_spell(self, model.month, reason)
        origin = (self.employer, self.role)
        model.record.flow(model.month, "separation", origin, (None, c.JOB_SEEKER), reason)
        model.vacate(self)
        self.lost = self.kind
        self.employer, self.role, self.contract = None, c.JOB_SEEKER, c.NO_CONTRACT
        self.hours, self.town, self.ends, self.dropout = 0, -1, None, None
        self.decided = self.kept = False
        self.since, self.prior, self.bites = model.month, UNEMPLOYED, 0
        self.start_search(JOBLESS)

    def depart(self, reason: str | None, to: int = c.JOB_SEEKER) -> None:
        """Leave the population; `to` is the role abroad of who has one there."""
        model = self.model
        origin = (self.employer, self.role)
        if self.employer is not None:
            self.end_second_job()
            model.record.open_spell(self, model.month, reason)
            model.vacate(self)
        model.record.flow(model.month, "departure", origin, (None, to), reason)
        self.remove()

    def change_hours(self) -> None:
        """Fall or rise by one band of hours, in hbo and wo."""
        if self.kind == OUTSIDE:
            return
        rates = self.model.careers
        band = rates.band_of_hours[self.hours]
        down, up = (chances[band] for chances in rates.hours_steps[self.kind])
        draw = self.model.random.random()
        if draw < down:
            self.hours = rates.hours[band - 1]
        elif draw < down + up and rates.hours[band + 1] + self.hours2 <= rates.week:
            self.hours = rates.hours[band + 1]

    def second_job(self) -> None:
        """End a second job after its term, or start one."""
        model, rates = self.model, self.model.careers
        if self.employer2 is not None:
            if self.ends2 <= model.month:
                self.end_second_job()
            return
        if (
            self.hours > rates.second_limit
            or model.random.random() >= rates.second_start[self.kind]
        ):
            return
        assert self.employer is not None
        others = [
            one for one in model.institutions_of[self.employer.region] if one is not self.employer
        ]
        if model.random.random() < rates.second_outside[self.kind]:
            weights = rates.second_sectors[self.field]
            sector = model.random.choices(range(len(weights)), weights)[0] + c.OUTSIDE_FROM
            region = self.employer.region
            others = [e for e in model.outside if (e.region, e.sector) == (region, sector)]
        if others:
            self.employer2 = model.random.choice(others)
            if self.employer2.kind != OUTSIDE:
                self.worked.add(self.employer2.kind)
            self.hours2, self.ends2 = rates.second_hours, model.month + rates.second_term
            target = (self.employer2, self.role)
            model.record.flow(model.month, "second_job_start", (None, self.role), target)

    def end_second_job(self) -> None:
        """Give up the second job, if there is one."""
        if self.employer2 is not None:
            origin = (self.employer2, self.role)
            self.model.record.flow(self.model.month, "second_job_end", origin, (None, self.role))
            self.employer2, self.hours2 = None, 0

    def draw_bites(self) -> None:
        """Draw which push items bite in the present job."""
        assert self.employer is not None
        chances = self.employer.bites[self.role]
        random = self.model.random.random
        self.bites = sum(random() < chance for chance in chances)

    def start_search(self, search: int) -> None:
        """Start a spell of search; what one thinks of is drawn anew."""
        self.search = search
        self.considers = {}

"""The person: an ordinary Mesa agent that works, leaves, searches, applies and moves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, OUTSIDE, WO, logistic
from benchmarks.reference.workers import (
    EMPLOYED,
    IDLE,
    JOB_ENDING,
    ON_THE_JOB,
    SCHOOL_LEAVER,
    UNEMPLOYED,
    Worker,
)
from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.market import Employer, Vacancy


def eligible(education: int, may_become_candidate: bool, vacancy: Vacancy) -> bool:
    """Whether somebody of an education may apply for a post at all."""
    if education < vacancy.level:
        return False
    if vacancy.role == c.PHD_CANDIDATE:
        return education == c.MASTER and may_become_candidate
    if vacancy.role in (c.POSTDOC, c.PROFESSOR):
        return education == c.PHD
    return vacancy.role != c.LECTOR or education >= c.MASTER


class Person(Worker):
    """One person of the stock or one who came later: a worker who searches, chooses and moves."""

    # --- push --------------------------------------------------------------------------------

    def push(self) -> None:
        """Feel push items anew once a year; start or stop searching."""
        model, rates, random = self.model, self.model.searching, self.model.random
        if self.employer is None:
            self.looking = random.random() < rates.jobless_search
            self.looking = self.looking and not model.market.writes_up(self)
            return
        tenure = model.month - self.since
        if tenure > 0 and tenure % 12 == 0:
            self.draw_bites()
        ending = (
            self.ends is not None
            and self.employer.kind != OUTSIDE
            and self.ends - model.month <= rates.window
        )
        if self.search == JOB_ENDING and not ending:
            self.search = IDLE
        if ending and self.search != JOB_ENDING and random.random() < self.end_search_chance():
            self.start_search(JOB_ENDING)
        elif self.search == IDLE:
            odds = rates.start_odds[self.role] + rates.importance * self.bites
            odds += rates.tenure_decade * (tenure // 12) / 10.0
            if self.contract != c.PERMANENT:
                odds += rates.temporary
            age = math.exp(rates.age_decade * (self.age_months // 12 - 40) / 10.0)
            chance = logistic(odds)
            if self.employer.kind == OUTSIDE:
                chance = model.market.begins_to_look
            if random.random() < chance * age * self.readiness_to_leave:
                self.start_search(ON_THE_JOB)
        elif self.search == ON_THE_JOB and random.random() < rates.stop:
            self.search = IDLE
        self.looking = self.search != IDLE and not model.market.writes_up(self)

    @property
    def contract_ends_soon(self) -> bool:
        """Whether the person looks because the contract ends."""
        return self.search == JOB_ENDING

    def end_search_chance(self) -> float:
        """Monthly chance to look around because the contract ends."""
        rates = self.model.searching
        if self.wanted_longer():
            return rates.offered_search[self.kind] * self.readiness_to_leave
        return rates.end_search[self.role]

    # --- search and choice -------------------------------------------------------------------

    def look(self) -> None:
        """Look at stretches of the market, one at full scale, and apply for the best posts."""
        model, random = self.model, self.model.random
        allowed = model.preferences.applications * model.searching.applications_factor
        most = math.floor(allowed) + (random.random() < allowed % 1.0)
        # Sorted once: what is beyond the best is not applied for.
        wishes: list[tuple[float, Vacancy]] = []
        turns = math.ceil(model.arcs[self.field])
        for _ in range(turns):
            field = self.field_to_look_at()
            start, length = random.random(), model.arcs[field] / turns
            while length > 0.0:
                wishes += self.wishes(field, start, min(length, 1.0))
                length -= 1.0
        wishes.sort(key=lambda wish: wish[0], reverse=True)
        wishes = wishes[:most]
        offer = model.market.best_offer(self)
        if offer is not None:
            # An offer is no application: it comes on top, at the place that it is worth.
            wishes = sorted([*wishes, offer], key=lambda wish: wish[0], reverse=True)
        posts: dict[Vacancy, int] = {}
        for _, vacancy in wishes:
            posts[vacancy] = posts.get(vacancy, 0) + 1
        if posts:
            model.applications.append((self, posts))

    def field_to_look_at(self) -> int:
        """The own field, now and then another; in a small population often any, by its posts."""
        model, draw = self.model, self.model.random.random()
        if draw < model.searching.other_field:
            return model.random.randrange(len(c.FIELDS))
        if draw < model.searching.other_field + model.searching.mixing:
            return model.random.choices(range(len(c.FIELDS)), model.posts_of_field)[0]
        return self.field

    def wishes(self, field: int, start: float, width: float) -> list[tuple[float, Vacancy]]:
        """Vacancies on a stretch that are seen and better than what the person has."""
        model, rates, random = self.model, self.model.searching, self.model.random.random
        region, present = model.town_region[self.home], self.present_value()
        comes_to_mind = {kind: self.thinks_of(kind) for kind in (HBO, WO)}
        found = []
        for vacancy in model.boards[field].stretch(start, width):
            if not self.may_apply(vacancy):
                continue
            if vacancy.region != region and random() >= rates.other_region:
                continue
            if not comes_to_mind[vacancy.employer.kind] or random() >= self.sees(vacancy):
                continue
            value = self.offered_value(vacancy) - math.log(-math.log(random()))
            if value > present:
                found.append((value, vacancy))
        return found

    @property
    def may_become_candidate(self) -> bool:
        """Whether the person is young enough for a PhD and not at it."""
        young = self.age_months < 12 * self.model.candidate_age
        return young and self.role != c.PHD_CANDIDATE

    def may_apply(self, vacancy: Vacancy) -> bool:
        """Whether the person is eligible for the post."""
        if vacancy.role == self.role and vacancy.employer is self.employer:
            return False
        return eligible(self.education, self.may_become_candidate, vacancy)

    def thinks_of(self, kind: int) -> bool:
        """Whether jobs of that kind come to mind in this spell of search."""
        if kind == self.origin:
            return True
        if kind not in self.considers:
            self.considers[kind] = self.model.random.random()
        familiarity = self.model.familiarity
        if self.origin in (HBO, WO):
            chance = familiarity.of_insider(self, kind)
        else:
            share = self.model.searching.from_outside[
                kind, self.prior, self.age_band, self.education, self.experience_band, self.sex
            ]
            chance = familiarity.of_outsider(self, kind, share)
        return self.considers[kind] < chance

    def circumstances(self, vacancy: Vacancy) -> tuple[int, int, bool, float, bool]:
        """What decides which channels show a vacancy (see `Channels.of`)."""
        old, new = self.employer, vacancy.employer
        partners = old is not None and new.number in old.partners
        # Ties help colleagues of the other sector alone, not who lost the job there.
        contacts = 0.0 if old is None else self.contacts
        return self.origin, new.kind, self.prior != SCHOOL_LEAVER, contacts, partners

    def sees(self, vacancy: Vacancy) -> float:
        """Chance that some channel shows the vacancy."""
        return self.model.channels.visibility(*self.circumstances(vacancy))

    def job_value(self, employer: Employer, role: int, contract: int, town: int) -> float:
        """Value of a job, present or offered."""
        preferences = self.model.preferences
        value = preferences.security[contract]
        for taste, worth in zip(self.taste, employer.worth[role], strict=True):
            value += taste * worth
        km: float = self.model.distance[self.home][town]
        return preferences.scale[employer.kind] * value - preferences.distance_cost * km

    def present_value(self) -> float:
        """Value of the present job, or of having none."""
        preferences = self.model.preferences
        if self.employer is None:
            return -preferences.jobless_gain
        value = self.job_value(self.employer, self.role, self.contract, self.town)
        value -= preferences.push_cost * self.bites
        return value - preferences.ending_gain * (self.search == JOB_ENDING)

    def offered_value(self, vacancy: Vacancy) -> float:
        """Value of a vacancy less the cost of the change."""
        preferences = self.model.preferences
        employer, contract = vacancy.employer, vacancy.contract
        value = self.job_value(employer, vacancy.role, contract, vacancy.town)
        value -= preferences.sector_part(self.origin, employer.kind)
        if self.employer is not None:
            value -= preferences.stay
            value -= preferences.hours_cost * abs(vacancy.hours - self.hours)
            if self.contract == c.PERMANENT:
                value -= preferences.contract_cost[contract]
        return value

    # --- moves -------------------------------------------------------------------------------

    def reason_to_move(self) -> str:
        """Why a person with a job leaves for another employer."""
        if self.search != JOB_ENDING or self.kind not in (HBO, WO):
            return "resigned"
        return "declined_renewal" if self.wanted_longer() else "contract_expired"

    def move(self, vacancy: Vacancy) -> None:
        """Take the job: with another employer, from no job, or as a step."""
        model, month, new = self.model, self.model.month, vacancy.employer
        old, old_role, channels = self.employer, self.role, self.draw_channels(vacancy)
        joins = old is not new
        if old is None:
            if self.prior == UNEMPLOYED and self.since == month:
                self.prior = EMPLOYED
            if self.spell is None or month - (self.spell.left or 0) > model.job_known_within:
                self.spell = model.record.new_spell(self)
            flow, reason = "hire", None
            if {self.lost, new.kind} == {HBO, WO}:
                self.know_both_sides()
        elif joins:
            flow, reason, self.prior = "move", self.reason_to_move(), EMPLOYED
            self.spell = model.record.open_spell(self, month, reason)
            if {old.kind, new.kind} == {HBO, WO}:
                self.know_both_sides()
        else:
            flow, reason = "step", None
        model.record.flow(month, flow, (old, old_role), (new, vacancy.role), reason)
        if old is not None:
            model.vacate(self)
        term = model.careers.terms[vacancy.role][vacancy.contract]
        self.field, self.hours, self.town = vacancy.field, vacancy.hours, vacancy.town
        self.lost = None
        if joins or vacancy.role == c.PHD_CANDIDATE:
            self.since = month
        model.occupy(self, new, vacancy.role)
        if new.kind != OUTSIDE:
            self.worked.add(new.kind)
        self.set_contract(
            vacancy.contract, None if vacancy.contract == c.PERMANENT else month + term
        )
        self.search, self.dropout = IDLE, None
        if vacancy.role == c.PHD_CANDIDATE:
            self.start_clocks()
        if self.hours + self.hours2 > model.careers.week or self.employer2 is new:
            self.end_second_job()
        if joins and self.spell is not None:
            self.spell.joined, self.spell.new = month, self.as_job()
            self.spell.channels, self.spell.prior = channels, self.prior
            self.spell = None
        self.draw_bites()
        preferences = model.preferences
        far = model.distance[self.home][self.town] > preferences.relocation_km
        if far and model.random.random() < preferences.relocation:
            self.home = self.town

    def know_both_sides(self) -> None:
        """Know people in the sector just left."""
        self.contacts += self.model.searching.contacts_kept

    def draw_channels(self, vacancy: Vacancy) -> tuple[int, ...]:
        """Draw which channels led to the vacancy, given that one did at least."""
        chances = self.model.channels.of(*self.circumstances(vacancy))
        while True:
            named = tuple(
                k for k, chance in enumerate(chances) if self.model.random.random() < chance
            )
            if named:
                return named

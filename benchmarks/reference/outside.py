"""The market outside: offers to single persons, and people who come to compete."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.reference.market import Employer, Vacancy
from benchmarks.reference.rates import HBO, NO_KIND, OUTSIDE, WO
from hesim import categories as c
from hesim.population.employers import outside_mix
from hesim.population.pool import education_by_sector, pool_cells
from hesim.population.stationarity import YOUNGEST, stationary_ages

if TYPE_CHECKING:
    from benchmarks.reference.agents import Person
    from benchmarks.reference.model import ReferenceModel
    from hesim.config import Settings
    from hesim.tables import ReportTables


@dataclass(eq=False)
class PersonalOffer(Vacancy):
    """A job outside that is offered to one person: nobody else sees it, and it is certain."""

    abroad: bool = False


class OutsideMarket:
    """What comes from outside: offers of jobs, and people."""

    def __init__(self, settings: Settings, tables: ReportTables, loses_job: float) -> None:
        """Read `model.outside`.

        Args:
            settings: A run's settings.
            tables: The report's tables.
            loses_job: Chance a month to lose a job outside.
        """
        self.given = settings.mapping("model.outside")
        competitors = self.given["competitors"]
        self.graduates, self.arrivals = competitors["graduates"], competitors["arrivals"]
        self.offer_rate = {True: self.given["offers"]["employed"]}
        self.offer_rate[False] = self.given["offers"]["jobless"]
        # Those who look already, until they stop or lose the job, do not begin: the others must
        # begin so much more often.
        monthly = self.given["applicant_rate"] / 12.0
        ends = settings.number("model.push.stop") + loses_job
        begin = monthly / (1.0 - monthly / ends)
        early = settings.integer("population.early_retirement_from")
        decade = settings.number("model.push.per_age_decade")
        ages = [stationary_ages(tables, sector, early).tolist() for sector in ("hbo", "wo")]
        usual = sum(
            (ages[0][k] + ages[1][k]) / 2.0 * math.exp(decade * (YOUNGEST + k - 40) / 10.0)
            for k in range(len(ages[0]))
        )
        self.begins_to_look = begin / usual
        mix = outside_mix(settings, tables)
        educated = education_by_sector(
            settings, tables, pool_cells(settings, tables).sum(axis=(0, 2, 3, 4))
        )
        self.sectors = {
            (field, education): self._sectors(mix, educated, field, education)
            for field in range(len(c.FIELDS))
            for education in range(len(c.EDUCATION))
        }
        size = settings.mapping("population.region_share")
        other = settings.number("model.search.other_region")
        self.regions = [
            [size[name] * (1.0 if k == home else other) for k, name in enumerate(c.REGIONS)]
            for home in range(len(c.REGIONS))
        ]
        self.near = settings.number("population.lives_near_work")

    def _sectors(
        self, mix: np.ndarray, educated: np.ndarray, field: int, education: int
    ) -> list[float]:
        """Weights of the sectors of offers to somebody."""
        weights = []
        for row, name in enumerate(c.OUTSIDE_SECTORS):
            weight = float(mix[row, field]) * float(educated[row, education])
            if education == c.PHD:
                weight = self.given["doctors"][name] * float(mix[row, field] / mix[row].sum())
            weights.append(weight)
        return weights

    def expected(self, person: Person) -> float:
        """Offers a month that somebody who looks may expect."""
        if person.kind == OUTSIDE:
            return 0.0
        factor = self.given["offer_factor"]
        return float(
            self.offer_rate[person.kind != NO_KIND]
            * factor["education"][person.education]
            * factor["field"][c.FIELDS[person.field]]
            * factor["experience"][person.experience_band]
        )

    def share_abroad(self, person: Person) -> float:
        """Share of the offers to somebody that lies abroad."""
        doctoral = person.role == c.PHD_CANDIDATE or person.education == c.PHD
        doctoral = doctoral or person.defence is not None
        who = {HBO: "hbo", WO: "doctor" if doctoral else "wo"}.get(person.origin, "outside")
        return float(self.given["abroad"][who])

    def best_offer(self, person: Person) -> tuple[float, PersonalOffer] | None:
        """The best offer of the month, where one is better than what the person has."""
        model, best = person.model, None
        number = int(model.rng.poisson(self.expected(person)))
        highest = person.present_value()
        for _ in range(number):
            offer = self._offer(model, person)
            value = person.offered_value(offer) - math.log(-math.log(model.random.random()))
            if value > highest:
                highest, best = value, (value, offer)
        return best

    def _offer(self, model: ReferenceModel, person: Person) -> PersonalOffer:
        random = model.random
        home = model.town_region[person.home]
        region = random.choices(range(len(c.REGIONS)), self.regions[home])[0]
        row = random.choices(
            range(len(c.OUTSIDE_SECTORS)), self.sectors[person.field, person.education]
        )[0]
        sector = c.SECTORS.index(c.OUTSIDE_SECTORS[row])
        employer = next(e for e in model.outside if (e.sector, e.region) == (sector, region))
        return PersonalOffer(
            employer=employer,
            role=c.PROFESSIONAL,
            field=person.field,
            level=person.education,
            contract=c.PERMANENT,
            hours=model.careers.hours[model.offers.draw(c.PROFESSIONAL, "hours", random)],
            seniority=0,
            town=random.choice(model.towns_of[region]),
            region=region,
            opened=model.month,
            abroad=random.random() < self.share_abroad(person),
        )

    def writes_up(self, person: Person) -> bool:
        """Whether somebody looks for no work because the thesis comes first."""
        if person.defence is None:
            return False
        approved = person.defence - person.model.careers.approval
        ahead = approved - person.model.month > self.given["thesis"]["months_before"]
        if person.kind == NO_KIND:
            return ahead and person.lost == WO
        return ahead and person.role == c.PHD_CANDIDATE and person.contract_ends_soon

    def take(self, person: Person, offer: PersonalOffer) -> None:
        """Go to a job outside: known, abroad, or for good."""
        if offer.abroad:
            reason = None if person.kind == NO_KIND else person.reason_to_move()
            person.depart(reason, c.PROFESSIONAL)
            return
        person.move(offer)
        if person.model.random.random() < self.given["out_of_reach"]:
            person.depart(None)

    def make_up(self, model: ReferenceModel) -> None:
        """Let people with a job come into reach for those who went, field by field."""
        for field in range(len(c.FIELDS)):
            cell = (c.PROFESSIONAL, field)
            wanted = [employer.first_target.get(cell, 0) for employer in model.outside]
            here = sum(len(employer.staff[cell]) for employer in model.outside)
            for _ in range(sum(wanted) - here):
                employer = model.random.choices(model.outside, wanted)[0]
                self._newcomer(model, employer, field)

    def _newcomer(self, model: ReferenceModel, employer: Employer, field: int) -> None:
        person = model.entrants.make(model, employer.region, "arrival", field)
        person.prior = c.PRIOR_SITUATIONS.index("employed")
        near = model.random.random() < self.near
        person.town = person.home if near else model.random.choice(model.towns_of[employer.region])
        person.hours = model.random.choice(model.careers.hours)
        model.occupy(person, employer, c.PROFESSIONAL)
        person.set_contract(c.PERMANENT, None)
        person.search = 0
        person.draw_bites()
        model.record.flow(model.month, "entry", (None, c.JOB_SEEKER), (employer, c.PROFESSIONAL))

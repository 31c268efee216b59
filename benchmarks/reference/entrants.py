"""Let graduates and arrivals come into reach, on a schedule without chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchmarks.reference.agents import Person
from benchmarks.reference.biography import places_of_study
from benchmarks.reference.rates import WO
from hesim import categories as c
from hesim.population.employers import entrant_fields

if TYPE_CHECKING:
    from benchmarks.reference.model import ReferenceModel
    from benchmarks.reference.outside import OutsideMarket
    from hesim.config import Settings
    from hesim.tables import ReportTables

SCHEDULE_FROM = 2000
"""Months before the first from which the schedule counts, so that cells do not start together."""

SCHOOL_LEAVER, DISABLED, OTHER = (
    c.PRIOR_SITUATIONS.index(name) for name in ("school_leaver", "disabled", "other")
)


class Entrants:
    """Yearly numbers by region, graduate or arrival, and field."""

    def __init__(self, settings: Settings, tables: ReportTables, market: OutsideMarket) -> None:
        """Read `population.entrants`, how many come, and the fields' shares."""
        self.kinds: dict[str, dict[str, Any]] = settings.mapping("population.entrants")
        scale = settings.number("population.scale")
        yearly = {"graduate": scale * market.graduates, "arrival": scale * market.arrivals}
        regions = settings.mapping("population.region_share")
        self.masters_in_wo = settings.number("population.masters_in_wo")
        self.disabled = settings.number("model.careers.disabled_share")
        fields = entrant_fields(tables)
        self.rates = [
            (region, kind, field, come * regions[name] * float(fields[field]))
            for region, name in enumerate(c.REGIONS)
            for kind, come in yearly.items()
            for field in range(len(c.FIELDS))
        ]

    def enter(self, model: ReferenceModel) -> None:
        """Make this month's entrants; they have no job."""
        month = model.month + SCHEDULE_FROM
        for region, kind, field, rate in self.rates:
            reached = math.floor(rate * (month + 1) / 12.0 + 0.5)
            for _ in range(reached - math.floor(rate * month / 12.0 + 0.5)):
                self.make(model, region, kind, field)
                nowhere = (None, c.JOB_SEEKER)
                model.record.flow(model.month, "entry", nowhere, nowhere)

    def make(self, model: ReferenceModel, region: int, kind: str, field: int) -> Person:
        """Make one person without a job."""
        given, random = self.kinds[kind], model.random
        education = random.choices(range(len(c.EDUCATION)), given["education"])[0]
        young = given["age_from"][education]
        age = young + random.random() ** given["age_shape"] * given["age_span"]
        prior = SCHOOL_LEAVER
        studied = places_of_study(education, self.masters_in_wo, random)
        if kind == "arrival":
            prior = DISABLED if random.random() < self.disabled else OTHER
        person = Person(
            model,
            born=model.month - int(12 * age),
            sex=random.randrange(len(c.SEXES)),
            education=education,
            field=field,
            home=random.choice(model.towns_of[region]),
            prior=prior,
            practice=int(12 * (age - young)) if kind == "arrival" else 0,
        )
        person.studied |= studied
        if education == c.PHD:
            person.worked.add(WO)
        return person

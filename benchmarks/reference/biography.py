"""Let hbo and wo be familiar by what somebody's life had to do with them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from benchmarks.reference.rates import HBO, WO
from hesim import categories as c

if TYPE_CHECKING:
    from benchmarks.reference.workers import Worker
    from hesim.config import Settings
    from hesim.population.employers import Employers


def places_of_study(education: int, masters_in_wo: float, random: Random) -> set[int]:
    """Kinds of institution where somebody studied, by the degree."""
    places = set[int]()
    if education >= c.MASTER:
        places.add(WO if random.random() < masters_in_wo else HBO)
    elif education == c.HBO_BACHELOR:
        places.add(HBO)
    if education == c.PHD:
        places.add(WO)
    return places


class Familiarity:
    """Chances that hbo or wo comes to mind."""

    def __init__(self, settings: Settings, layout: Employers) -> None:
        """Read the sources, and which towns have a hogeschool or university."""
        source = settings.mapping("model.search.sources")
        self.level = settings.number("model.search.familiarity_level")
        self.anyone: float = source["anyone"]
        self.studied: float = source["studied"]
        self.worked: float = source["worked"]
        self.home: float = source["home"]
        self.contact: float = source["contact"]
        self.towns: dict[int, set[int]] = {HBO: set(), WO: set()}
        for sector, town in zip(layout.sector.tolist(), layout.place.tolist(), strict=True):
            if sector in self.towns:
                self.towns[sector].add(town)

    def _misses(self, sources: list[float]) -> float:
        missed = 1.0 - self.anyone
        for chance in sources:
            missed *= 1.0 - chance
        return float(missed**self.level)

    def by_life(self, person: Worker, kind: int) -> float:
        """Chance by what lasts: studies, work, home."""
        sources = []
        if kind in person.studied:
            sources.append(self.studied)
        if kind in person.worked:
            sources.append(self.worked)
        if person.home in self.towns[kind]:
            sources.append(self.home)
        return 1.0 - self._misses(sources)

    def of_insider(self, person: Worker, kind: int) -> float:
        """Chance of somebody from the other one of hbo and wo."""
        told = 1.0 - (1.0 - self.contact) ** self.level
        missed = 1.0 - min(told * person.contacts, 1.0)
        return 1.0 - (1.0 - self.by_life(person, kind)) * missed

    def of_outsider(self, person: Worker, kind: int, share: float) -> float:
        """Chance of somebody outside, of whom a share thinks of the kind if they studied there."""
        studied = 1.0 - self._misses([self.studied])
        if share in (0.0, 1.0):
            return share
        odds = share / (1.0 - share) * _odds(self.by_life(person, kind)) / _odds(studied)
        return odds / (1.0 + odds)


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1.0 - 1e-6)
    return bounded / (1.0 - bounded)

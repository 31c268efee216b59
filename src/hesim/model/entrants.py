"""Bring graduates and arrivals into the outside pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.ledger import Ledger, note_entries
from hesim.population.employers import Employers
from hesim.population.filling import entrant_ids
from hesim.population.persons import Persons
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.config import Settings

GRADUATE, ARRIVAL = 0, 1
SCHOOL_LEAVER, DISABLED, OTHER_SITUATION = (
    c.PRIOR_SITUATIONS.index(n) for n in ("school_leaver", "disabled", "other")
)


class Entrants:
    """Draws the persons who enter each month: so many a region and field, on a fixed schedule."""

    def __init__(
        self,
        settings: Settings,
        employers: Employers,
        fields: NDArray[np.float64],
    ) -> None:
        """Set the yearly numbers by region and field, graduates and arrivals apart."""
        pool = settings.number("population.outside_pool") * settings.number("population.scale")
        yearly = pool * settings.number("population.entry_per_year")
        share = settings.number("model.careers.graduate_share")
        regions = settings.mapping("population.region_share")
        by_region = np.array([regions[name] for name in c.REGIONS])
        self.yearly = yearly * by_region[:, None, None] * fields[None, :, None]
        self.yearly = self.yearly * np.array([share, 1.0 - share])
        self.profile = settings.mapping("population.entrants")
        self.disabled = settings.number("model.careers.disabled_share")
        self.employers = employers

    def numbers(self, month: int) -> NDArray[np.int64]:
        """Persons due in a month, shape (regions, fields, 2): whole, without chance."""
        before = np.floor(self.yearly * (month + 2000) / 12.0 + 0.5)
        after = np.floor(self.yearly * (month + 2001) / 12.0 + 0.5)
        return (after - before).astype(np.int64)

    def enter(self, persons: Persons, month: int, ledger: Ledger, key: np.uint64) -> int:
        """Place the month's entrants in free slots as job seekers; return their number.

        Args:
            persons: The persons.
            month: Month number.
            ledger: Notes the entries.
            key: Key of the stream `entry`.
        """
        numbers = self.numbers(month)
        cells = np.nonzero(numbers)
        count = numbers[cells]
        total = int(count.sum())
        region, field, kind = (np.repeat(axis, count) for axis in cells)
        # Position within the cell: the ordinal of the identity.
        ordinal = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
        ids = entrant_ids(region * 2 + kind, field, month + 1000, ordinal)
        slots = persons.ensure_free(total)
        persons.present[slots], persons.id[slots] = 1, ids
        persons.field[slots], persons.since[slots] = field, month
        persons.home[slots] = self._towns(region, uniforms(key, ids, 0, 3))
        for code, name in ((GRADUATE, "graduate"), (ARRIVAL, "arrival")):
            self._fill(persons, slots[kind == code], self.profile[name], month, key)
        graduate = slots[kind == GRADUATE]
        disabled = uniforms(key, ids, 0, 5) < self.disabled
        persons.prior[slots] = np.where(disabled, DISABLED, OTHER_SITUATION)
        persons.prior[graduate], persons.practice[graduate] = SCHOOL_LEAVER, 0
        note_entries(ledger, month, persons.field[slots])
        return total

    def _towns(
        self, region: NDArray[np.int64], draw: NDArray[np.float64]
    ) -> NDArray[np.int64]:  # fmt: skip
        """A random town of each region."""
        of_region = np.argsort(self.employers.town_region, kind="stable")
        counts = np.bincount(self.employers.town_region, minlength=len(c.REGIONS))
        first = np.cumsum(counts) - counts
        return of_region[first[region] + (draw * counts[region]).astype(np.int64)]

    def _fill(
        self,
        persons: Persons,
        slots: NDArray[np.int64],
        profile: dict[str, Any],
        month: int,
        key: np.uint64,
    ) -> None:
        """Draw education, age, sex and knowledge; practice since the youngest age."""
        ids = persons.id[slots]
        steps = np.cumsum(profile["education"])
        education = np.searchsorted(steps, uniforms(key, ids, 0, 0) * steps[-1])
        education = np.minimum(education, len(c.EDUCATION) - 1)
        youngest = np.array(profile["age_from"], np.float64)[education]
        spread = uniforms(key, ids, 0, 1) ** profile["age_shape"] * profile["age_span"]
        persons.born[slots] = month - np.floor((youngest + spread) * 12).astype(np.int64)
        persons.practice[slots] = (spread * 12).astype(np.int16)
        persons.sex[slots] = uniforms(key, ids, 0, 2) < 0.5
        persons.education[slots] = education
        mean = profile["knowledge"]
        persons.knowledge[slots] = uniforms(key, ids, 0, 4) ** ((1.0 - mean) / mean)

"""Bring graduates and arrivals into the outside pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.ledger import Ledger, note_entries
from hesim.population.employers import Employers
from hesim.population.persons import Persons
from hesim.population.stock import person_ids
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.config import Settings

GRADUATE, ARRIVAL = 0, 1
SCHOOL_LEAVER, OTHER_SITUATION = (c.PRIOR_SITUATIONS.index(n) for n in ("school_leaver", "other"))


class Entrants:
    """Draws the persons who enter each month: so many a region and field, on a fixed schedule."""

    def __init__(
        self,
        settings: Settings,
        employers: Employers,
        fields: NDArray[np.float64],
        key: np.uint64,
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
        self.employers, self.key = employers, key

    def numbers(self, month: int) -> NDArray[np.int64]:
        """Persons due in a month, shape (regions, fields, 2): whole, without chance."""
        before = np.floor(self.yearly * (month + 2000) / 12.0 + 0.5)
        after = np.floor(self.yearly * (month + 2001) / 12.0 + 0.5)
        return (after - before).astype(np.int64)

    def enter(self, persons: Persons, month: int, ledger: Ledger) -> int:
        """Place the month's entrants in free slots as job seekers; return their number."""
        numbers = self.numbers(month)
        slots = persons.ensure_free(int(numbers.sum()))
        at = 0
        for region, field, kind in zip(*np.nonzero(numbers), strict=True):
            count = int(numbers[region, field, kind])
            mine = slots[at : at + count]
            ids = person_ids(3, int(region) * 2 + int(kind), 0, int(field), month + 1000, count)
            self._fill(persons, mine, ids, int(region), int(field), int(kind), month)
            at += count
        note_entries(ledger, month, persons.field[slots])
        return at

    def _fill(
        self, persons: Persons, slots: NDArray[np.int64], ids: NDArray[np.uint64],
        region: int, field: int, kind: int, month: int,
    ) -> None:  # fmt: skip
        profile = self.profile["graduate" if kind == GRADUATE else "arrival"]
        draw = [uniforms(self.key, ids, 0, lane) for lane in range(6)]
        steps = np.cumsum(profile["education"])
        education = np.minimum(np.searchsorted(steps, draw[0] * steps[-1]), 3)
        youngest = np.array(profile["age_from"])[education]
        age = youngest + draw[1] ** profile["age_shape"] * profile["age_span"]
        towns = np.flatnonzero(self.employers.town_region == region)
        worked = np.maximum(age - youngest, 0.0) * 12 * (kind == ARRIVAL)
        persons.present[slots], persons.id[slots] = 1, ids
        persons.born[slots] = month - np.floor(age * 12).astype(np.int64)
        persons.sex[slots] = draw[2] < 0.5
        persons.education[slots], persons.field[slots] = education, field
        persons.home[slots] = towns[(draw[3] * towns.size).astype(np.int64)]
        persons.practice[slots] = worked.astype(np.int16)
        persons.prior[slots] = SCHOOL_LEAVER if kind == GRADUATE else OTHER_SITUATION
        persons.since[slots] = month
        mean = profile["knowledge"]
        persons.knowledge[slots] = draw[4] ** ((1.0 - mean) / mean)

"""Bring people into reach from outside: graduates, arrivals, and others with a job there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.model.ledger import (
    NO_ROLE,
    Ledger,
    make_room,
    note_entries,
)
from hesim.population import biography
from hesim.population.employers import Employers
from hesim.population.filling import entrant_ids
from hesim.population.persons import Persons
from hesim.random import uniforms

if TYPE_CHECKING:
    from hesim.config import Settings

GRADUATE, ARRIVAL = 0, 1
WITH_JOB = 2 * len(c.REGIONS)
"""Origin in the identity of who comes into reach with a job: behind regions and kinds."""
SCHOOL_LEAVER, DISABLED, OTHER_SITUATION, EMPLOYED = (
    c.PRIOR_SITUATIONS.index(n) for n in ("school_leaver", "disabled", "other", "employed")
)


def entries(settings: Settings) -> tuple[float, NDArray[np.float64]]:
    """Graduates and arrivals a year at the scale of the population, and the share of each."""
    flows = settings.mapping("model.outside.competitors")
    kinds = np.array([float(flows[kind]) for kind in ("graduates", "arrivals")])
    come = float(kinds.sum())
    return settings.number("population.scale") * come, kinds / max(come, 1e-9)


class Entrants:
    """Draws the persons who enter each month: so many a region and field, on a fixed schedule."""

    def __init__(
        self,
        settings: Settings,
        employers: Employers,
        fields: NDArray[np.float64],
    ) -> None:
        """Set the yearly numbers by region and field, graduates and arrivals apart."""
        regions = settings.mapping("population.region_share")
        by_region = np.array([regions[name] for name in c.REGIONS])
        yearly, shares = entries(settings)
        self.yearly = yearly * by_region[:, None, None] * fields[None, :, None]
        self.yearly = self.yearly * shares
        self.profile = settings.mapping("population.entrants")
        self.disabled = settings.number("model.careers.disabled_share")
        self.masters_in_wo = settings.number("population.masters_in_wo")
        self.employers = employers
        outside = employers.target[employers.institutions :, c.PROFESSIONAL]
        self.in_jobs, self.where = outside.sum(axis=0), np.cumsum(outside, axis=0)
        self.hours = np.array(settings["population.hours_of_band"], np.uint8)
        self.near = settings.number("population.lives_near_work")

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
        make_room(ledger, total, 0)
        nobody = np.full(total, -1)
        note_entries(ledger, month, nobody, np.full(total, NO_ROLE), persons.field[slots])
        return total

    def make_up(self, persons: Persons, month: int, ledger: Ledger, key: np.uint64) -> int:
        """Let as many come into reach with a job outside as have gone; return their number.

        Entries are solved from exits, field by field: people in reach stand still.

        Args:
            persons: The persons.
            month: Month number.
            ledger: Notes the entries.
            key: Key of the stream `entry`.
        """
        inside, size = self.employers.institutions, len(c.FIELDS)
        here = (persons.present == 1) & (persons.employer >= inside)
        due = np.maximum(self.in_jobs - np.bincount(persons.field[here], minlength=size), 0)
        total = int(due.sum())
        field = np.repeat(np.arange(size), due)
        ordinal = np.arange(total) - np.repeat(np.cumsum(due) - due, due)
        ids = entrant_ids(np.full(total, WITH_JOB), field, month + 1000, ordinal)
        slots = persons.ensure_free(total)
        persons.present[slots], persons.id[slots] = 1, ids
        persons.field[slots], persons.since[slots] = field, month
        self._fill(persons, slots, self.profile["arrival"], month, key)
        at = uniforms(key, ids, 0, 6) * self.where[-1, field]
        employer = inside + (self.where[:, field] <= at).sum(axis=0)
        region = self.employers.region[employer].astype(np.int64)
        persons.home[slots] = self._towns(region, uniforms(key, ids, 0, 3))
        place = self._towns(region, uniforms(key, ids, 0, 7))
        near = uniforms(key, ids, 0, 8) < self.near
        persons.place[slots] = np.where(near, persons.home[slots], place)
        persons.employer[slots], persons.role[slots] = employer, c.PROFESSIONAL
        persons.contract[slots], persons.prior[slots] = c.PERMANENT, EMPLOYED
        band = (uniforms(key, ids, 0, 9) * self.hours.size).astype(np.int64)
        persons.hours[slots] = self.hours[band]
        make_room(ledger, total, 0)
        role = np.full(total, c.PROFESSIONAL)
        note_entries(ledger, month, employer, role, persons.field[slots])
        return total

    def _towns(self, region: NDArray[np.int64], draw: NDArray[np.float64]) -> NDArray[np.int64]:
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
        """Draw education, age and sex; practice since the youngest age.

        They have not worked in hbo or wo, but as PhD candidates: who ever did is in reach already.
        """
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
        drawn = uniforms(key, ids, 0, 10)
        persons.past[slots] = biography.studied(education, self.masters_in_wo, drawn)
        persons.past[slots] |= biography.by_doctorate(education)

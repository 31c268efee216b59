"""Count the staff of hbo and wo by region, age, sex, field and role at the end of each year.

All but age is read off the stocks that the recorder keeps month by month. Age is not among them, so
it is counted as the months pass (`survey/age_structure.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.outcomes.evidence import MONTHS, Floats, percent
from hesim.outcomes.registry import OUTCOMES, Kind, divisor_of
from hesim.survey.age_structure import StaffCount

if TYPE_CHECKING:
    from hesim.model.higher_education import HigherEducation

FULL_WEEK = 38.0
"""Hours a week of one fte."""
Ages = Mapping[int, StaffCount]
"""Staff by age band at the end of each year, by its last month."""


class StaffOutcome(NamedTuple):
    """What is told of the staff of one sector, category by category.

    Attributes:
        sector: Code of hbo or wo.
        quantity: What is told: `heads`, `fte`, `women` or `doctors` as they are at the end of the
            year; `entrants` over the year.
        english: Title in English.
        dutch: Title in Dutch.
        unit: What one unit of it is.
        kind: Whether the scale of the population divides it.
    """

    sector: int
    quantity: str
    english: str
    dutch: str
    unit: str
    kind: Kind = "count"

    def divisor(self, scale: float) -> float:
        """What a simulated value is divided by to read as at full scale."""
        return divisor_of(self.kind, scale)


_PHDS = OUTCOMES["hbo_phd_share"]
STAFF: dict[str, StaffOutcome] = {
    "staff_hbo": StaffOutcome(
        c.HBO, "heads", "Staff of hbo at the end of the year", "Personeel hbo", "persons"
    ),
    "staff_wo": StaffOutcome(
        c.WO, "heads", "Staff of wo at the end of the year", "Personeel wo", "persons"
    ),
    "fte_hbo": StaffOutcome(
        c.HBO, "fte", "Fte of hbo at the end of the year", "Fte hbo", "fte of 38 hours"
    ),
    "fte_wo": StaffOutcome(
        c.WO, "fte", "Fte of wo at the end of the year", "Fte wo", "fte of 38 hours"
    ),
    "entrants_hbo": StaffOutcome(
        c.HBO, "entrants", "Entrants of hbo", "Instroom hbo", "persons a year"
    ),
    "entrants_wo": StaffOutcome(
        c.WO, "entrants", "Entrants of wo", "Instroom wo", "persons a year"
    ),
    "hbo_women_share": StaffOutcome(
        c.HBO, "women", "Women among hbo's staff", "Vrouwen bij het hbo", _PHDS.unit, "share"
    ),
    "wo_women_share": StaffOutcome(
        c.WO, "women", "Women among wo's staff", "Vrouwen bij het wo", _PHDS.unit, "share"
    ),
    "hbo_phd_share": StaffOutcome(
        c.HBO, "doctors", _PHDS.english, _PHDS.dutch, _PHDS.unit, _PHDS.kind
    ),
    "wo_phd_share": StaffOutcome(
        c.WO, "doctors", "PhDs among wo's staff", "Gepromoveerden bij het wo", _PHDS.unit, "share"
    ),
}
"""What is told of staff, by name, in the order in which it is shown."""
HEADS = tuple(name for name, each in STAFF.items() if each.quantity == "heads")
"""Those that count heads."""


def count_staff_by(
    model: HigherEducation, years: int, ages: Ages, sizes: Mapping[str, int]
) -> dict[str, StaffCount]:
    """Count the staff of hbo and wo by category in the last month of each year, as simulated.

    Args:
        model: The model whose months are over.
        years: Calendar years to report.
        ages: Staff by age in these months; read only where `age` is asked.
        sizes: Number of categories of each dimension that is asked.

    Returns:
        For each dimension the counts, each of shape (years, 2, categories).
    """
    others = {name: size for name, size in sizes.items() if name != "age"}
    found: dict[str, list[StaffCount]] = {name: [] for name in sizes}
    if others:
        employers, shape = model.employers, model.recorder.shape
        sector = np.append(employers.sector, c.NO_JOB).astype(np.int64)
        region = np.append(employers.region, 0).astype(np.int64)
        for month, flat, heads, hours in model.recorder.stocks.last_of(MONTHS):
            if month >= MONTHS * years:
                break
            employer, role, field, sex, education = np.unravel_index(flat.astype(np.int64), shape)
            code = {"region": region[employer], "role": role, "field": field, "sex": sex}
            woman, doctor = sex == c.SEXES.index("female"), education == c.PHD
            for name, size in others.items():
                cell = sector[employer] * size + code[name]
                columns = (heads, hours, heads * woman, heads * doctor)
                found[name].append(StaffCount(*(_by_sector(cell, size, x) for x in columns)))
    if "age" in found:
        found["age"] = [ages[MONTHS * year + MONTHS - 1] for year in range(years)]
    return {
        name: StaffCount(*(np.stack(each) for each in zip(*counts, strict=True)))
        for name, counts in found.items()
    }


def quantity_of(count: StaffCount, outcome: StaffOutcome) -> Floats:
    """What an outcome tells of staff, as simulated, shape (categories, years).

    Args:
        count: Staff by year, sector and category.
        outcome: One that does not count entrants.
    """
    heads = count.heads[:, outcome.sector].T.astype(np.float64)
    if outcome.quantity == "heads":
        return heads
    if outcome.quantity == "fte":
        return np.asarray(count.hours[:, outcome.sector].T / FULL_WEEK)
    part: NDArray[np.int64] = getattr(count, outcome.quantity)
    return percent(part[:, outcome.sector].T.astype(np.float64), heads)


def _by_sector(
    cell: NDArray[np.int64], size: int, weight: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Add up weights by sector and category, shape (2, size); hbo and wo are the first sectors."""
    counted = np.bincount(cell, weight, minlength=2 * size)[: 2 * size]
    return counted.reshape(2, size).astype(np.int64)

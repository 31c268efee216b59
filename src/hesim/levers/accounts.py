"""Keep the accounts of levers: whom they reached, what they started, and what that costs.

Counts are as simulated. Costs read as at full scale: what is counted in people or posts is divided
by the scale of the population, institutions and regions are not, as all of them are always there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hesim.levers.lever import Lever

COLUMNS = ("lever", "year", "what", "number", "unit")
"""Columns of a run's `levers.csv`, without arm and replication."""
COST_COLUMNS = (
    "lever",
    "year",
    "item",
    "per",
    "number",
    "days",
    "host_days",
    "euros",
    "cost",
    "cost_low",
    "cost_high",
    "pays",
    "transfer",
    "grade",
)
"""Columns of a run's `costs.csv`, without arm and replication."""

UNITS = {
    "invited": "persons",
    "taking_part": "person-years",
    "started": "persons",
    "placed": "persons",
    "stayed": "persons",
    "doctorates": "persons",
    "hires": "persons",
    "vacancies": "vacancies",
    "post_years": "post-years",
    "fte_years": "fte-years",
    "institutions": "institution-years",
    "new_institutions": "institutions",
    "new_pairs": "pairs of institutions",
    "regions": "region-years",
    "percent_years": "percent of hbo's teaching pay, years",
    "beginnings": "times",
    "years": "years",
}
"""What is counted, with its unit.

`started`: secondments, joint appointments, swaps (each of the two), doctorates; `placed`: displaced
people hired through a network; `stayed`: seconded people hired by their host; `new_...`: for the
first time.
"""

COUNTED: dict[str, tuple[str, ...]] = {
    "participant": ("invited", "taking_part"),
    "start": ("started",),
    "placement": ("placed",),
    "doctorate": ("doctorates",),
    "hire": ("hires",),
    "vacancy": ("vacancies",),
    "post_year": ("post_years",),
    "fte_year": ("fte_years",),
    "institution": ("new_institutions",),
    "institution_year": ("institutions",),
    "pair": ("new_pairs",),
    "region_year": ("regions",),
    "percent_pay_year": ("percent_years",),
    "lever": ("beginnings",),
    "year": ("years",),
}
"""Each unit of cost with what is counted for it."""

OF_PEOPLE = frozenset(
    ("participant", "start", "placement", "doctorate", "hire", "vacancy", "post_year", "fte_year")
)
"""Units of cost that a smaller population has fewer of."""
OF_MONEY = frozenset(("institution", "institution_year", "pair", "region_year", "lever", "year"))
"""Units of cost whose number no strength changes: a lever of half its strength spends half as much
on each. Of all others the strength is in what is counted."""


class Accounts:
    """Counts by lever, year and what, from the first recorded month on."""

    def __init__(self) -> None:
        """Start with empty accounts."""
        self._counts: dict[tuple[str, int, str], float] = defaultdict(float)

    def note(self, lever: Lever, month: int, what: str, number: float) -> None:
        """Count something.

        Args:
            lever: The lever.
            month: Month number.
            what: What is counted, one of `UNITS`.
            number: How many.

        Raises:
            ValueError: nothing of this name is counted.
        """
        if what not in UNITS:
            raise ValueError(f"{what!r} is not counted; known: {', '.join(UNITS)}")
        if month >= 0 and number != 0:
            self._counts[lever.key, month // 12, what] += number

    def rows(self, first_year: int) -> Iterator[dict[str, object]]:
        """Rows with the columns of `COLUMNS`, in a fixed order."""
        for (lever, year, what), number in sorted(self._counts.items()):
            yield {
                "lever": lever,
                "year": first_year + year,
                "what": what,
                "number": round(number, 3),
                "unit": UNITS[what],
            }

    def costs(
        self, levers: Sequence[Lever], scale: float, first_year: int
    ) -> Iterator[dict[str, object]]:
        """Rows with the columns of `COST_COLUMNS`, at full scale, in a fixed order.

        Args:
            levers: Those whose costs are known.
            scale: Scale of the population.
            first_year: Calendar year of year 0.
        """
        years = sorted({year for _, year, _ in self._counts})
        for lever in sorted(levers, key=lambda each: each.key):
            for year in years:
                # By name: a run that is taken up from its folder reads its items sorted, and a sum
                # of the same costs in another order differs in its last digit.
                for item in sorted(lever.about.costs, key=lambda each: each.name):
                    number = sum(
                        self._counts.get((lever.key, year, what), 0.0) for what in COUNTED[item.per]
                    )
                    number /= scale if item.per in OF_PEOPLE else 1.0
                    number *= lever.strength if item.per in OF_MONEY else 1.0
                    if number <= 0.0:
                        continue
                    low, high = item.range_factors()
                    cost = number * item.whole
                    yield {
                        "lever": lever.key,
                        "year": first_year + year,
                        "item": item.name,
                        "per": item.per,
                        "number": round(number, 3),
                        "days": round(number * item.days, 2),
                        "host_days": round(number * item.hosts, 2),
                        "euros": round(number * item.euros, 2),
                        "cost": round(cost, 2),
                        "cost_low": round(cost * low, 2),
                        "cost_high": round(cost * high, 2),
                        "pays": item.pays,
                        "transfer": item.transfer,
                        "grade": item.grade,
                    }

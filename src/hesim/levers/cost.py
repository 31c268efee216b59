"""Say what a lever takes: items of cost, each with its unit, its range and who pays.

The cost of a unit is its working days at `DAY` euros and the money that is spent. A transfer moves
money and uses no days and no goods, so it stands apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from hesim.levers.registry import GRADES, PAYERS, UNITS_OF_COST

DAY = 360.0
"""Euros for a working day: a lecturer of hbo costs 75,000 euros a year (2014) for 207 days."""
TEXTS = ("about", "source")
NUMBERS = ("days", "hosts", "euros", "low", "high")


@dataclass(frozen=True)
class Cost:
    """One item of a lever's cost.

    Attributes:
        name: Its name in the lever's file.
        about: What is paid for.
        per: Key of `registry.UNITS_OF_COST`: what is counted.
        days: Working days of those who take part, a unit.
        hosts: Working days of others, such as hosts and organisers, a unit.
        euros: Money spent, a unit.
        low: Lower end of the 90% range of the whole cost of a unit, euros.
        high: Its upper end.
        pays: Key of `registry.PAYERS`.
        transfer: Whether it moves money and uses no resources.
        grade: Key of `registry.GRADES`: what the figures rest on.
        year: Year of the prices.
        source: Where they come from.
    """

    name: str
    about: str
    per: str
    days: float
    hosts: float
    euros: float
    low: float
    high: float
    pays: str
    transfer: bool
    grade: str
    year: int
    source: str

    @property
    def whole(self) -> float:
        """Euros a unit, days priced."""
        return (self.days + self.hosts) * DAY + self.euros

    def range_factors(self) -> tuple[float, float]:
        """The ends of its 90% range over its whole cost; 1 and 1 where it costs nothing."""
        if self.whole <= 0.0:
            return 1.0, 1.0
        return self.low / self.whole, self.high / self.whole


def read_costs(entry: object) -> tuple[tuple[Cost, ...], list[str]]:
    """Read the items of a lever's cost.

    Args:
        entry: The entry `costs` of its file; without one no cost is known.

    Returns:
        The items, and what is wrong; each fault begins with the item's place, as `.visit.days: `.
    """
    if entry is None:
        return (), []
    if not isinstance(entry, Mapping):
        return (), [f": {entry!r} must be a mapping with an entry for each item"]
    made: list[Cost] = []
    faults: list[str] = []
    for name, item in entry.items():
        if not isinstance(item, Mapping):
            faults.append(f".{name}: {item!r} must be a mapping")
            continue
        wrong = list(_faults(item))
        faults += [f".{name}{fault}" for fault in wrong]
        if not wrong:
            read: dict[str, Any] = {
                key: float(item[key]) if key in NUMBERS else item[key] for key in _ENTRIES
            }
            made.append(Cost(name=str(name), **read))
    return tuple(made), faults


_ENTRIES = tuple(field.name for field in fields(Cost) if field.name != "name")


def _faults(entry: Mapping[object, object]) -> list[str]:
    """What is wrong with one item."""
    missing = [name for name in _ENTRIES if name not in entry]
    unknown = [str(name) for name in entry if name not in _ENTRIES]
    if missing or unknown:
        return [f": {name} is missing" for name in missing] + [
            f".{name}: no such entry of a cost; there are {', '.join(_ENTRIES)}" for name in unknown
        ]
    found = [
        f".{name}: {entry[name]!r} must be a text"
        for name in TEXTS
        if not isinstance(entry[name], str) or not str(entry[name]).strip()
    ]
    for name, allowed in (("per", UNITS_OF_COST), ("pays", PAYERS), ("grade", GRADES)):
        if entry[name] not in allowed:
            found.append(f".{name}: {entry[name]!r} must be one of {', '.join(allowed)}")
    if not isinstance(entry["transfer"], bool):
        found.append(f".transfer: {entry['transfer']!r} must be true or false")
    year = entry["year"]
    if isinstance(year, bool) or not isinstance(year, int) or not 1990 <= year <= 2100:
        found.append(f".year: {year!r} must be a year from 1990 to 2100")
    numbers = {name: _number(entry[name]) for name in NUMBERS}
    found += [
        f".{name}: {entry[name]!r} must be a number from 0 up"
        for name, value in numbers.items()
        if value is None
    ]
    days, hosts, euros, low, high = (numbers[name] for name in NUMBERS)
    if None not in (days, hosts, euros, low, high):
        assert days is not None and hosts is not None and euros is not None
        assert low is not None and high is not None
        whole = (days + hosts) * DAY + euros
        if not low <= whole <= high:
            found.append(
                f": the whole cost of a unit, {whole:,.0f} euros with days at {DAY:g}, must lie "
                f"from low, {low:,.0f}, to high, {high:,.0f}"
            )
    return found


def _number(value: object) -> float | None:
    """A number that is not below zero; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value >= 0 else None

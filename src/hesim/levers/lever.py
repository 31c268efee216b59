"""Hold one lever of a run: when it acts, how strongly, whom it reaches, and its dials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from hesim.config import Settings
    from hesim.config.process_files import ProcessFile

from hesim.levers.catalogue import Description, describe
from hesim.levers.dates import month_number

Parameters = dict[str, float]


@dataclass(frozen=True)
class Reach:
    """Whom a lever reaches; empty: everybody."""

    regions: tuple[str, ...]
    institutions: tuple[str, ...]
    partnerships: tuple[str, ...]
    fields: tuple[str, ...]
    roles: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Support:
    """How far executives back levers; see the mechanism `support`. Null at zero."""

    reach: float = 0.0
    ramp: float = 0.0
    durability: float = 0.0


@dataclass(frozen=True)
class Lever:
    """A lever as a run uses it.

    Attributes:
        key: Its name.
        number: A number of its own, from the name: part of the keys of its draws.
        about: What it is.
        start: First month, counted from the first recorded one.
        end: Last month, or None.
        ramp: Months to its full value.
        fade: Share of its effect lost a year.
        strength: 0 to 1.
        reach: Whom it reaches.
        values: Values of its dials.
        source: Where its process stands, if that is no part of the package.
    """

    key: str
    number: int
    about: Description
    start: int
    end: int | None
    ramp: int
    fade: float
    strength: float
    reach: Reach
    values: Mapping[str, float]
    source: ProcessFile | EntryPoint | None = None

    def amount(self, month: int, support: Support = Support()) -> float:
        """How much of its dials acts in a month: 0 outside its dates, 1 at full value."""
        if month < self.start or (self.end is not None and month > self.end):
            return 0.0
        since, ramp = month - self.start, self.ramp * (1.0 - min(support.ramp, 1.0))
        risen = min((since + 1) / ramp, 1.0) if ramp > 1 else 1.0
        kept = (1.0 - self.fade * (1.0 - min(support.durability, 1.0))) ** (since / 12.0)
        return self.strength * risen * kept

    def parameters(self, amount: float, without: frozenset[str]) -> dict[str, Parameters]:
        """Parameters of each mechanism that it acts on; one that is null at `amount` is left out.

        Args:
            amount: What `amount` gave.
            without: Mechanisms that are switched off.
        """
        acting: dict[str, Parameters] = {}
        if amount == 0.0:
            return acting
        for dial in self.about.dials:
            mechanism, _, parameter = dial.acts.partition(".")
            if mechanism not in without:
                value = self.values[dial.name] * (amount if dial.scaled else 1.0)
                acting.setdefault(mechanism, {})[parameter] = value
        return {name: values for name, values in acting.items() if any(values.values())}


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(name) for name in value)
    return (str(value),) if value else ()


def read_lever(
    key: str,
    body: Mapping[str, object],
    first: str,
    source: ProcessFile | EntryPoint | None = None,
) -> Lever:
    """Read a lever from checked settings.

    Args:
        key: Its name.
        body: The mapping `levers.<key>` of the settings.
        first: First recorded month of the run, `2011-01`.
        source: Where its process stands, if it names one.
    """
    about = describe(key, body)
    reach = body["reach"]
    assert isinstance(reach, dict)
    end = body["end"]
    return Lever(
        key=key,
        number=crc32(key.encode()) & 0x7FFFFFFF,
        about=about,
        start=month_number(str(body["start"]), first),
        end=None if end is None else month_number(str(end), first),
        ramp=int(str(body["ramp"])),
        fade=float(str(body["fade"])),
        strength=float(str(body["strength"])),
        reach=Reach(
            regions=_names(reach["regions"]),
            institutions=_names(reach["institutions"]),
            partnerships=_names(reach["partnerships"]),
            fields=_names(reach["fields"]),
            roles=_names(reach["roles"]),
            share=float(reach["share"]),
        ),
        values={dial.name: float(str(body[dial.name])) for dial in about.dials},
        source=source,
    )


def switched_off(settings: Settings) -> list[str]:
    """Mechanisms that the setting `without` switches off."""
    return list(_names(settings["without"]))


def monthly(chance: float) -> float:
    """The monthly chance that makes a yearly one."""
    return float(1.0 - (1.0 - np.clip(chance, 0.0, 1.0)) ** (1.0 / 12.0))

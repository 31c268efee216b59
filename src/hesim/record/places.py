"""Say where employers are and what kind they are, by the model's employer codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c

if TYPE_CHECKING:
    from hesim.tables import ReportTables

NO_JOB, OUTSIDE_MODEL = -1, -2
"""Employer codes of no job and of where entries come from and departures go (`model.ledger`)."""


@dataclass(frozen=True)
class Places:
    """Employers as the model numbers them: institutions first, then sector by region outside.

    Attributes:
        names: Name of each employer.
        sector: Sector code of each employer, then of no job (last but one) and outside the model
            (last): so codes -1 and -2 read the right row, shape (employers + 2,).
        region: Region code likewise; no region has the code after the last one.
        institutions: How many are institutions.
        lat: Latitude of each institution, degrees.
        lon: Longitude of each institution, degrees.
        towns: Town of each institution.
    """

    names: tuple[str, ...]
    sector: NDArray[np.int8]
    region: NDArray[np.int8]
    institutions: int
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    towns: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of employers."""
        return len(self.names)

    def code(self, name: str) -> int | None:
        """Code of an institution's name."""
        return self.names.index(name) if name in self.names[: self.institutions] else None


def read_places(tables: ReportTables) -> Places:
    """Number the employers as `population.employers.build_employers` does."""
    ordered = [i for s in ("wo", "hbo") for i in tables.institutions if i.sector == s]
    outside = [(sector, region) for sector in c.OUTSIDE_SECTORS for region in c.REGIONS]
    nowhere = len(c.REGIONS)
    # Rows -2 and -1 stand for "outside the model" and "no job".
    sectors = [c.SECTORS.index(i.sector) for i in ordered]
    sectors += [c.SECTORS.index(sector) for sector, _ in outside]
    regions = [c.REGIONS.index(i.region) for i in ordered]
    regions += [c.REGIONS.index(region) for _, region in outside]
    return Places(
        names=(*(i.name for i in ordered), *(f"{s} {r}" for s, r in outside)),
        sector=np.array([*sectors, len(c.SECTORS), c.NO_JOB], np.int8),
        region=np.array([*regions, nowhere, nowhere], np.int8),
        institutions=len(ordered),
        lat=np.array([i.lat for i in ordered]),
        lon=np.array([i.lon for i in ordered]),
        towns=tuple(i.town for i in ordered),
    )


@cache
def outline() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Rings of the outline of the Netherlands, (longitude, latitude) in degrees.

    Source: Natural Earth (public domain); see `outline.json`.
    """
    text = resources.files("hesim.record").joinpath("outline.json").read_text(encoding="utf-8")
    return tuple(tuple((x, y) for x, y in ring) for ring in json.loads(text)["rings"])


def employer_name(code: int, places: Places, words: Callable[[str], str]) -> str:
    """Name of an employer: an institution's own, outside sector and region, or no job."""
    if code < 0:
        return words("none")
    if code < places.institutions:
        return places.names[code]
    return f"{words(c.SECTORS[places.sector[code]])}, {words(c.REGIONS[places.region[code]])}"

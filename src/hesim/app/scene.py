"""Hold all that one drawing of the page is made from: a snapshot of the run, and a view of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hesim.app.address import View
from hesim.app.measures import staff_by_institution
from hesim.app.pictures.netherlands import push_apart, radii
from hesim.app.selection import Selection
from hesim.app.snapshot import Snapshot
from hesim.app.words import Words
from hesim.levers.arms import BASELINE

Reported = tuple[float, float, str]
"""The report's lowest and highest figure beside an outcome, and a word on it."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What pictures are made from. Pictures never read the run itself, which may be going on.

    Attributes:
        snapshot: The run as it stood.
        view: What the visitor looks at.
        words: The visitor's language.
        first: First recorded month, as `2011-01`.
        grade: What the effect of the levers rests on, in a word; empty without levers.
        report: Gives the report's figure beside an outcome, where there is one.
    """

    snapshot: Snapshot
    view: View
    words: Words
    first: str
    grade: str
    report: Callable[[str], Reported | None]

    @property
    def month(self) -> int:
        """The month looked at, counted in months recorded up to its end."""
        return self.view.at(self.snapshot.month)

    def period(self) -> tuple[int, int]:
        """First month of the flows that are drawn, and the month after the last."""
        stop = self.month
        length = {"1": 1, "12": 12, "all": stop}[self.view.period]
        return max(0, stop - length), stop

    def named(self, arm: str) -> str:
        """An arm's name, with what its effect rests on."""
        return self.words(arm) if arm == BASELINE else f"{self.words(arm)} ({self.grade})"

    def circles(self) -> NDArray[np.float64]:
        """Where the circles of the map stand: by the staff of the first month, so they stay."""
        now = self.snapshot
        staff = staff_by_institution(now.arms[BASELINE].record, now.places, Selection(), 0)
        size = radii(np.asarray(staff), now.scale)
        columns = (tuple(column.tolist()) for column in (now.places.lon, now.places.lat, size))
        return _spread(*columns)


@lru_cache(maxsize=32)
def _spread(
    lon: tuple[float, ...], lat: tuple[float, ...], radius: tuple[float, ...]
) -> NDArray[np.float64]:
    return push_apart(np.array(lon), np.array(lat), np.array(radius))

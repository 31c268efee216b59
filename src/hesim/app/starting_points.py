"""List what a scenario may begin from: ready packages, and the report's recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hesim.app.lever_words import lever_heading
from hesim.app.levers import STRENGTH, Choice, controls, ready_packages
from hesim.levers.printing import NONE

if TYPE_CHECKING:
    from hesim.app.words import Words
    from hesim.tables import ReportTables
    from hesim.tables.schema import Recommendation

PACKAGE, IDEA = "package", "idea"
"""Kinds of starting points."""


@dataclass(frozen=True)
class StartingPoint:
    """Levers that a scenario may begin with.

    Attributes:
        key: `package:NAME`, or `idea:NUMBER` as `hesim levers --recommendations` numbers them.
        title: What it is called.
        label: The title with the levers that stand for it.
        choice: The levers, with the dials that differ from their defaults.
    """

    key: str
    title: str
    label: str
    choice: Choice

    @property
    def kind(self) -> str:
        """`package` or `idea`."""
        return self.key.partition(":")[0]


def starting_points(tables: ReportTables, words: Words) -> list[StartingPoint]:
    """All that there are, packages first; ideas that no lever stands for are left out."""
    found = []
    for name, members in ready_packages().items():
        title = words(f"package_{name}")
        chosen: Choice = {key: {} for key in members}
        found.append(StartingPoint(f"{PACKAGE}:{name}", title, title, chosen))
    for number, row in enumerate(tables.recommendations, start=1):
        chosen = choice_of(row)
        if chosen:
            levers = " + ".join(lever_heading(key, words) for key in chosen)
            label = f"{row.idea}: {levers}"
            found.append(StartingPoint(f"{IDEA}:{number}", row.idea, label, chosen))
    return found


def choice_of(row: Recommendation) -> Choice:
    """The levers that stand for a recommendation, at the strength that stands for it."""
    dials = {} if row.dose in (None, 1.0) else {STRENGTH: float(row.dose or 0.0)}
    levers = [key for key in (row.lever, row.second_lever) if key != NONE]
    return {key: dict(dials) for key in levers if key in controls()}

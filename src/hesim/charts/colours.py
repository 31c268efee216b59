"""Hold the colours of all charts: each sector has the same one everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from hesim.categories import SECTORS

# Okabe and Ito (2008), Color Universal Design: told apart by colour-blind readers too.
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#CC79A7", "#000000", "#999999"

SECTOR_COLOURS: dict[str, str] = dict(
    zip(
        SECTORS,
        (VERMILION, BLUE, GREEN, PURPLE, SKY, ORANGE, YELLOW, BLACK, GREY, "#CCCCCC"),
        strict=True,
    )
)

STRUCTURE_SIGNS = {"standing": (PURPLE, "circle"), "growing": (GREEN, "square")}
"""Colour and mark of each structure of the package: none of them is that of hbo or wo."""
OTHER_SIGNS = ((SKY, "triangle"), (BLACK, "diamond"), (ORANGE, "triangle"), (GREY, "diamond"))
"""Those of structures of one's own, and of further calibrations of one structure, in turn."""

SMALL_PRINT = "#444444"
GRID = "#dddddd"
UNSURE = "#cccccc"
"""Colour of what cannot be told from zero."""


def signs_of(structures: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and mark of each structure: those of the package have the same ones in every chart."""
    others = cycle(OTHER_SIGNS)
    return {name: STRUCTURE_SIGNS.get(name) or next(others) for name in structures}


def colour_of(name: str) -> str:
    """Colour of a sector, or of a group named after one, as `hbo_in` or `wo_then_no_job`."""
    plain = SECTOR_COLOURS.get(name)
    return plain or SECTOR_COLOURS.get(name.partition("_")[0], GREY)

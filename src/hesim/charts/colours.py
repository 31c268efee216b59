"""Hold the colours of all charts: each sector has the same one everywhere."""

from __future__ import annotations

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

STRUCTURE_SIGNS = ((PURPLE, "circle"), (GREEN, "square"), (SKY, "triangle"), (BLACK, "diamond"))
"""Colour and mark of the first structure that a chart shows, the second and so on: none of them is
that of hbo or wo."""

SMALL_PRINT = "#444444"
GRID = "#dddddd"
UNSURE = "#cccccc"
"""Colour of what cannot be told from zero."""


def colour_of(name: str) -> str:
    """Colour of a sector, or of a group named after one, as `hbo_in` or `wo_then_no_job`."""
    plain = SECTOR_COLOURS.get(name)
    return plain or SECTOR_COLOURS.get(name.partition("_")[0], GREY)

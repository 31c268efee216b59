"""Say which published cells are inputs, fitted or held out, and which are left out and why.

Classes of cells:
- `input`: set in closed form for the movers themselves (`calibration.inputs`): all that tables 2.1
  and 3.2 to 3.4 say of entrants, channels, and sex and field of leavers; no fit can claim them;
- `derived`: the table is read to build the stock or hazards, and what leavers look like follows
  from that; no fit can claim them either, and the fit may not leave them far behind;
- `fitted`: agreement of table 3.5, as contrasts between hbo and wo. The level that both share is
  an input (one intercept an item, from the pooled table);
- `held_out`: table 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.tables import Cell, ReportTables

Floats = NDArray[np.float64]
Key = tuple[str, str, str, str]
"""Table, block, item, group."""

TABLES = ("2.1", "2.2", "3.1", "3.2", "3.3", "3.4", "3.5")
HELD_OUT = "3.1"
DIRECTIONS = (("hbo_in", "wo_in"), ("hbo_out", "wo_out"))
LEAVERS_SET = ("sex", "field")
"""What is set for leavers as well as for entrants: whom they leave behind changes with it."""
NOT_REPRODUCIBLE: Key = (HELD_OUT, "sector", "hbo", "hbo_in")
"""2.6% of hbo's entrants against 21.8% of its leavers: the report cannot explain it either."""


def key_of(cell: Cell) -> Key:
    """Name of a cell."""
    return cell.table, cell.block, cell.item, cell.group


def excluded(cell: Cell) -> str:
    """Why a cell is not used; empty when it is."""
    if cell.percent is None:
        return "no figure in the source"
    if "garbled" in cell.note:
        return "garbled in the source"
    if "sums to 105" in cell.note:
        return "its column sums to 105 in the source"
    return ""


def cell_class(cell: Cell) -> str:
    """Class of a cell, see the module's first lines."""
    if cell.table == HELD_OUT:
        return "held_out"
    if cell.table == "3.5":
        return "fitted"
    entrants = cell.group.endswith("_in")
    return "input" if entrants or cell.table == "3.4" or cell.block in LEAVERS_SET else "derived"


@dataclass(frozen=True)
class Contrast:
    """One item of table 3.5 asked of two groups.

    Attributes:
        block: Heading.
        item: Item, `overall` for the heading itself.
        groups: hbo's and wo's group.
        shares: Agreement reported (0-1), hbo and wo.
        n: Respondents, hbo and wo.
    """

    block: str
    item: str
    groups: tuple[str, str]
    shares: tuple[float, float]
    n: tuple[int, int]

    @property
    def keys(self) -> tuple[Key, Key]:
        """Names of its two cells."""
        return (
            ("3.5", self.block, self.item, self.groups[0]),
            ("3.5", self.block, self.item, self.groups[1]),
        )

    @property
    def pooled(self) -> float:
        """Agreement of both groups together, weighted by respondents."""
        return float(np.average(self.shares, weights=self.n))


def contrasts(tables: ReportTables) -> list[Contrast]:
    """List the contrasts of table 3.5: items with a sound figure for both groups."""
    cells = {key_of(cell): cell for cell in tables.cells}
    found = []
    for first, second in DIRECTIONS:
        for cell in tables.cells:
            if cell.table != "3.5" or cell.group != first:
                continue
            other = cells["3.5", cell.block, cell.item, second]
            if excluded(cell) or excluded(other):
                continue
            shares = (float(cell.percent or 0) / 100, float(other.percent or 0) / 100)
            pair = (cell.n, other.n)
            found.append(Contrast(cell.block, cell.item, (first, second), shares, pair))
    return found


def exclusions(tables: ReportTables) -> dict[str, list[Key]]:
    """Cells that are not used, by reason."""
    found: dict[str, list[Key]] = {}
    asked_of_both = {k for x in contrasts(tables) for k in x.keys}
    for cell in tables.cells:
        why = excluded(cell)
        if not why and cell.table == "3.5" and key_of(cell) not in asked_of_both:
            why = "asked of one group only, or the other's cell is garbled: no contrast"
        if why and cell.table in TABLES:
            found.setdefault(why, []).append(key_of(cell))
    return found


def observed_keys(tables: ReportTables) -> tuple[Key, ...]:
    """Cells that a run is observed by: all that have a figure."""
    return tuple(key_of(x) for x in tables.cells if x.table in TABLES and x.percent is not None)


OUTCOMES = (
    "turnover_wo",
    "turnover_hbo",
    "hbo_phd_share",
    "hbo_entrants_phd",
    "hbo_phd_from_wo",
    "wo_permanent_leavers",
    "wo_to_hbo",
    "hbo_to_wo",
    "wo_jobless_6m",
    "phds_in_hbo_within_5y",
    "vacancy_months",
    "heads_wo",
    "heads_hbo",
    "new_job_known_wo",
    "new_job_known_hbo",
    "job_at_defence",
    "candidates_academic",
    "candidates_abroad",
)
"""Figures of a run that are not cells: percentages, months, and persons a year at full scale;
`heads` is mean staff in percent of its target. `new_job_known` is the share of leavers, but for the
retired and disabled, whose new sector the survey gets to know: sample sizes of section 2.1, no
cells of table 3.1. The last three are what becomes of PhD candidates (`outcomes.candidates`)."""

OF_CANDIDATES = OUTCOMES[-3:]
"""Those that say what becomes of PhD candidates."""

FLOWS = ("hires", "exits", "posts")
"""Shares by sector that forecasts without a model use: who hires, who loses people, who has
posts."""

SECTORS = c.SECTORS[: c.NO_JOB]

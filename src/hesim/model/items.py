"""List the items of table 3.5 in bit order, with headings and what the table gives each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hesim.tables import ReportTables

HEADINGS: tuple[str, ...] = (
    "work_itself",
    "people",
    "working_conditions",
    "preconditions",
    "organisation",
)


@dataclass(frozen=True)
class Items:
    """Items that one kind of mover is asked about (headings apart).

    Attributes:
        names: (heading, item) pairs; position is the bit.
        heading: Heading of each item, int64.
        pooled: Mean agreement over the two groups asked, weighted by n (0-1): data.
        screener: Mean agreement with each heading, shape (5,).
    """

    names: tuple[tuple[str, str], ...]
    heading: NDArray[np.int64]
    pooled: NDArray[np.float64]
    screener: NDArray[np.float64]


def _pooled(tables: ReportTables, item: str, block: str, groups: tuple[str, str]) -> float | None:
    total, weight = 0.0, 0
    for group in groups:
        percent = tables.percent("3.5", item, group, block)
        if percent is not None:
            n = tables.n("3.5", group, block)
            total, weight = total + percent / 100.0 * n, weight + n
    return total / weight if weight else None


def read_items(tables: ReportTables, groups: tuple[str, str]) -> Items:
    """Read the items asked of two groups (`hbo_in`, `wo_in`: pull; `hbo_out`, `wo_out`: push)."""
    names, pooled = [], []
    for cell in tables.cells:
        if cell.table != "3.5" or cell.group != groups[0] or cell.item == "overall":
            continue
        share = _pooled(tables, cell.item, cell.block, groups)
        if share is not None:
            names.append((cell.block, cell.item))
            pooled.append(share)
    screener = [_pooled(tables, "overall", heading, groups) or 0.0 for heading in HEADINGS]
    return Items(
        names=tuple(names),
        heading=np.array([HEADINGS.index(block) for block, _ in names]),
        pooled=np.array(pooled),
        screener=np.array(screener),
    )

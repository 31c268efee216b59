"""Draw every cell of a shipped calibration as dots: the report with its interval, and the model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hesim.calibration import targets as t
from hesim.calibration.assessment import as_read
from hesim.calibration.ensemble import arrays, manifest
from hesim.charts import colours, style
from hesim.charts.cells import wilson
from hesim.charts.names import readable
from hesim.tables import Cell, ReportTables

HBO_FIRST = ("hbo", "wo")
HEADS = {
    "prior_situation": "before", "exit_reason": "reason", "age": "age", "sex": "sex",
    "education_level": "education", "field": "field", "experience": "years of work",
    "contract": "contract", "weekly_hours": "hours a week", "search_channel": "found through",
}  # fmt: skip
APART = 0.18
"""Half the distance between hbo's and wo's dots of a row."""


class _Row(NamedTuple):
    """One line of the plot: its label, whether it is a heading, and the cells of hbo and wo."""

    label: str
    heading: bool
    cells: tuple[Cell | None, Cell | None]


class _Shown:
    """What the model shows in a cell, and the middle 90% of the draws, in percent."""

    def __init__(self, name: str) -> None:
        kept = arrays(name)
        order = [str(x) for x in kept["names"]]
        ends = np.quantile(100 * kept["shown"].astype(float), [0.05, 0.95], axis=0).T
        self.mean = dict(zip(order, 100 * kept["mean"].astype(float), strict=True))
        self.ends = dict(zip(order, ends, strict=True))


def _dots(ax: Any, rows: list[_Row], shown: _Shown, tables: ReportTables) -> tuple[int, int]:
    """Draw rows; returns how many cells hold the model's mean in their interval, and how many."""
    inside = count = 0
    for y, row in enumerate(rows):
        if row.heading:
            ax.axhline(-y + 0.5, color=colours.GREY, linewidth=0.5)
        for side, cell in enumerate(row.cells):
            if cell is None:
                continue
            colour = colours.SECTOR_COLOURS[HBO_FIRST[side]]
            at = -y + (APART if side == 0 else -APART)
            found, own = 100.0 * as_read(cell, tables), "|".join(t.key_of(cell))
            low, high = wilson(found, cell.n)
            ax.plot([low, high], [at, at], color=colour, alpha=0.3, linewidth=4)
            ax.plot(found, at, "|", color=colour, markersize=8)
            ax.plot(shown.ends[own], [at, at], color=colour, linewidth=1)
            ax.plot(shown.mean[own], at, "o", color=colour, markersize=4)
            inside += low <= shown.mean[own] <= high
            count += 1
    ax.set_yticks([-y for y in range(len(rows))], [row.label for row in rows], fontsize=8)
    ax.set_xlim(left=0)
    ax.set_ylim(-len(rows) + 0.4, 0.6)
    ax.grid(axis="x", alpha=0.3)
    return inside, count


def _legend(figure: Any) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colours.SECTOR_COLOURS[s], marker="o", linestyle="", label=s)
        for s in HBO_FIRST
    ]
    handles += [
        Line2D([], [], color=colours.GREY, linewidth=4, marker="|", alpha=0.6,
               label="report, with the survey's 95% interval"),
        Line2D([], [], color=colours.GREY, marker="o", label="model, with the middle 90% of draws"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)


def contrasts(name: str, tables: ReportTables) -> Any:
    """Table 3.5: agreement of hbo's and wo's movers, a row an item."""
    cells = {t.key_of(x): x for x in tables.cells}
    figure, axes = style.canvas(1, 2, 13.0, 10.5)
    for ax, groups in zip(axes.flat, t.DIRECTIONS, strict=True):
        rows = [
            _Row(
                readable(x.block).upper() if x.item == "overall" else readable(x.item),
                x.item == "overall", (cells[x.keys[0]], cells[x.keys[1]]),
            )
            for x in t.contrasts(tables) if x.groups == groups
        ]  # fmt: skip
        _dots(ax, rows, _Shown(name), tables)
        ax.set_xlabel("movers who agree that it mattered, %")
        kind = "joined: what drew them" if groups[0].endswith("_in") else "left: what drove them"
        ax.set_title(f"Table 3.5, people who {kind}", fontsize=11)
    _legend(figure)
    explained = manifest(name)["figures"]["deviance_explained"]
    figure.suptitle(
        f"Why people moved: hbo and wo apart ({name} calibration). The model explains "
        f"{explained:.0%} of the\ndifference between both sectors; how high both are together "
        "is an input"
    )
    return figure


def inputs(name: str, tables: ReportTables) -> Any:
    """Tables 2.1, 2.2 and 3.2 to 3.4, which went into the model: do they come out?"""
    figure, axes = style.canvas(1, 2, 13.0, 13.0)
    for ax, end in zip(axes.flat, ("in", "out"), strict=True):
        rows = _input_rows(tables, end)
        inside, count = _dots(ax, rows, _Shown(name), tables)
        ax.set_xlabel("of those who moved, %")
        kind = "joined" if end == "in" else "left"
        ax.set_title(f"People who {kind}: {inside} of {count} inside the interval", fontsize=11)
    _legend(figure)
    figure.suptitle(
        f"Tables that went into the model ({name} calibration): inputs that come out again are no "
        "success,\nthose that do not are a failure. * set for movers themselves; others follow "
        "from stock or demand"
    )
    return figure


def _input_rows(tables: ReportTables, end: str) -> list[_Row]:
    """Rows of one side, blocks of tables under one another."""
    by_row: dict[tuple[str, str], list[Cell | None]] = {}
    for cell in tables.cells:
        wanted = cell.table in ("2.1", "2.2", "3.2", "3.3", "3.4") and not t.excluded(cell)
        if wanted and cell.group.endswith(f"_{end}"):
            pair = by_row.setdefault((cell.block, cell.item), [None, None])
            pair[HBO_FIRST.index(cell.group.partition("_")[0])] = cell
    # Hbo's and wo's table list the same blocks; a block's items stay together.
    blocks = list(dict.fromkeys(block for block, _ in by_row))
    rows, before = [], ""
    for block, item in sorted(by_row, key=lambda key: blocks.index(key[0])):
        first, second = by_row[block, item]
        words = readable(item).replace("\n", " ")
        one = first or second
        star = " *" if one is not None and t.class_of(one) == "input" else ""
        label = f"{HEADS[block]}: {words}{star}" if block != before else f"{words}{star}"
        rows.append(_Row(label, block != before, (first, second)))
        before = block
    return rows

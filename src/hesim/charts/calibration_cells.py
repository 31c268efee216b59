"""Chart every cell of a shipped calibration: the report with its interval, and the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from hesim.calibration import targets as t
from hesim.calibration.assessment import as_read
from hesim.calibration.ensemble import arrays, manifest
from hesim.charts import style
from hesim.charts.cells import wilson
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import GREY, colour_of
from hesim.charts.names import readable
from hesim.tables import Cell, ReportTables

HBO_FIRST = ("hbo", "wo")
HEADS = {
    "prior_situation": "before",
    "exit_reason": "reason",
    "age": "age",
    "sex": "sex",
    "education_level": "education",
    "field": "field",
    "experience": "years of work",
    "contract": "contract",
    "weekly_hours": "hours a week",
    "search_channel": "found through",
}
APART = {"hbo": 0.18, "wo": -0.18}
"""How far hbo's and wo's dots stand from the middle of their row."""
SHORT, TALL, MANY = 10.5, 13.0, 40
"""Inches of a chart with few and with many lines, and how many those are."""


class _Row(NamedTuple):
    """One line of a panel: its label, whether it is a heading, and the cells of hbo and wo."""

    label: str
    heading: bool
    cells: tuple[Cell | None, Cell | None]


class _Model:
    """What the model shows in a cell, and the middle 90% of the draws, in percent."""

    def __init__(self, name: str) -> None:
        found = arrays(name)
        order = [str(x) for x in found["names"]]
        ends = np.quantile(100 * found["shown"].astype(float), [0.05, 0.95], axis=0).T
        self.mean = dict(zip(order, 100 * found["mean"].astype(float), strict=True))
        self.ends = dict(zip(order, ends, strict=True))


def contrasts_chart(name: str, tables: ReportTables) -> Chart:
    """Table 3.5: agreement of hbo's and wo's movers, a row an item.

    Args:
        name: The calibration.
        tables: The report's tables.
    """
    cells = {t.key_of(x): x for x in tables.cells}
    lines, panels = {}, []
    for groups in t.DIRECTIONS:
        end = groups[0].partition("_")[2]
        lines[end] = [
            _Row(
                readable(x.block).upper() if x.item == "overall" else readable(x.item),
                x.item == "overall",
                (cells[x.keys[0]], cells[x.keys[1]]),
            )
            for x in t.contrasts(tables)
            if x.groups == groups
        ]
        kind = "joined: what drew them" if end == "in" else "left: what drove them"
        title = f"Table 3.5, people who {kind}"
        panels.append(_panel(end, title, "movers who agree that it mattered, %", lines[end]))
    explained = manifest(name)["figures"]["deviance_explained"]
    title = (
        f"Why people moved: hbo and wo apart ({name} calibration). The model explains "
        f"{explained:.0%} of the\ndifference between both sectors; how high both are together "
        "is an input"
    )
    return _chart(title, _rows(lines, name, tables), panels)


def inputs_chart(name: str, tables: ReportTables) -> Chart:
    """Tables 2.1, 2.2 and 3.2 to 3.4, which went into the model: do they come out?

    Args:
        name: The calibration.
        tables: The report's tables.
    """
    lines = {end: _input_rows(tables, end) for end in ("in", "out")}
    rows, panels = _rows(lines, name, tables), []
    for end, kind in (("in", "joined"), ("out", "left")):
        mine = [row for row in rows if row["panel"] == end]
        inside = sum(row["inside"] for row in mine)
        title = f"People who {kind}: {inside} of {len(mine)} inside the interval"
        panels.append(_panel(end, title, "of those who moved, %", lines[end]))
    title = (
        f"Tables that went into the model ({name} calibration): inputs that come out again are no "
        "success,\nthose that do not are a failure. * set for movers themselves; others follow "
        "from stock or demand"
    )
    return _chart(title, rows, panels)


def _rows(lines: dict[str, list[_Row]], name: str, tables: ReportTables) -> list[dict[str, Any]]:
    """Rows of the table: a cell each, with the place of its line, counted from the top."""
    model, rows = _Model(name), []
    for panel, each in lines.items():
        for place, line in enumerate(each):
            for sector, cell in zip(HBO_FIRST, line.cells, strict=True):
                if cell is None:
                    continue
                reported, key = 100.0 * as_read(cell, tables), "|".join(t.key_of(cell))
                low, high = wilson(reported, cell.n)
                mean = model.mean[key]
                rows.append(
                    {
                        "panel": panel,
                        "place": place,
                        "label": line.label,
                        "heading": line.heading,
                        "sector": sector,
                        "reported": reported,
                        "reported_low": low,
                        "reported_high": high,
                        "mean": mean,
                        "low": model.ends[key][0],
                        "high": model.ends[key][1],
                        "inside": low <= mean <= high,
                    }
                )
    return rows


def _panel(name: str, title: str, words: str, lines: Sequence[_Row]) -> Panel:
    labels = tuple(line.label for line in lines)
    y = Axis("place", "", "category", ticks=tuple(range(len(lines))), labels=labels)
    return Panel(Axis("mean", words, low=0.0), y, name, title)


def _chart(title: str, rows: list[dict[str, Any]], panels: list[Panel]) -> Chart:
    numbers = ("reported", "reported_low", "reported_high", "mean", "low", "high")
    columns = [
        Column("panel", "word"),
        Column("place"),
        Column("label", "word"),
        Column("heading", "flag"),
        Column("sector", "word"),
        *(Column(name, unit="%") for name in numbers),
        Column("inside", "flag"),
    ]
    return Chart(
        "calibration_cells",
        title,
        Table.of(columns, rows),
        tuple(panels),
        intervals=(
            Interval("reported_low", "reported_high", "report, with the survey's 95% interval"),
            Interval("low", "high", "model, with the middle 90% of draws"),
        ),
        key=Key("sector", tuple(Entry(s, colour_of(s), s, "circle") for s in HBO_FIRST)),
    )


def draw(chart: Chart) -> Any:
    """Draw the report's interval (thick) and the model's (thin) of each cell, a line a row."""
    longest = max(len(panel.y.labels) for panel in chart.panels)
    figure, axes = style.canvas(1, 2, 13.0, TALL if longest > MANY else SHORT)
    assert chart.key is not None
    for ax, panel in zip(axes.flat, chart.panels, strict=True):
        headings = set()
        for row in chart.rows(panel):
            if row["heading"] and row["place"] not in headings:
                headings.add(row["place"])
                ax.axhline(-row["place"] + 0.5, color=GREY, linewidth=0.5)
            colour = chart.key.entry(row["sector"]).colour
            at = -row["place"] + APART[row["sector"]]
            ends = [row["reported_low"], row["reported_high"]]
            ax.plot(ends, [at, at], color=colour, alpha=0.3, linewidth=4)
            ax.plot(row["reported"], at, "|", color=colour, markersize=8)
            ax.plot([row["low"], row["high"]], [at, at], color=colour, linewidth=1)
            ax.plot(row["mean"], at, "o", color=colour, markersize=4)
        size = len(panel.y.labels)
        ax.set_yticks([-y for y in range(size)], panel.y.labels, fontsize=8)
        ax.set_xlim(left=panel.x.low)
        ax.set_ylim(-size + 0.4, 0.6)
        ax.grid(axis="x", alpha=0.3)
        ax.set_xlabel(panel.x.title)
        ax.set_title(panel.title, fontsize=11)
    _legend(figure, chart)
    figure.suptitle(chart.title)
    return figure


def _legend(figure: Any, chart: Chart) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=one.colour, marker="o", linestyle="", label=one.label)
        for one in chart.entries
    ]
    report, model = chart.intervals
    handles += [
        Line2D([], [], color=GREY, linewidth=4, marker="|", alpha=0.6, label=report.meaning),
        Line2D([], [], color=GREY, marker="o", label=model.meaning),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)


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
        star = " *" if one is not None and t.cell_class(one) == "input" else ""
        label = f"{HEADS[block]}: {words}{star}" if block != before else f"{words}{star}"
        rows.append(_Row(label, block != before, (first, second)))
        before = block
    return rows

"""Chart outcomes by year as fans: how far single runs lie apart, and where their mean lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Interval, Panel, Reference, Table
from hesim.charts.colours import BLACK, BLUE, GREY, GRID
from hesim.charts.names import arm_label
from hesim.levers.titles import arm_title

BANDS = ((5, 95), (25, 75))
"""Percentiles of the runs from and to."""
DARK = (0.18, 0.32)
"""How dark each band is."""


def fan_chart(
    runs: Mapping[str, Mapping[int, NDArray[np.float64]]],
    title: str,
    unit: str,
    small: str,
    begun: Mapping[str, Mapping[float, str]] | None = None,
) -> Chart:
    """A panel for each arm.

    Args:
        runs: Values of the runs by year, by arm.
        title: What is shown.
        unit: Unit of the values.
        small: Small print.
        begun: What begins in an arm and when, as a place on the axis of years: 2014.5 is July.
    """
    intervals = tuple(
        Interval(f"p{low}", f"p{high}", f"{high - low}% of the runs") for low, high in BANDS
    )
    rows = []
    for arm, values in runs.items():
        for year in sorted(values):
            row: dict[str, Any] = {"panel": arm, "year": year, "mean": values[year].mean()}
            for ends in BANDS:
                found = np.percentile(values[year], ends)
                row |= {f"p{end}": value for end, value in zip(ends, found, strict=True)}
            rows.append(row)
    last = max(next(iter(runs.values())))
    told = [
        f"{arm_title(arm)} {values[last].mean():.3g}"
        for arm, values in runs.items()
        if last in values
    ]
    numbers = ["mean", *(name for one in intervals for name in (one.low, one.high))]
    columns = [
        Column("panel", "word"),
        Column("year"),
        *(Column(name, unit=unit) for name in numbers),
    ]
    rules = {
        arm: tuple(Reference("x", year, year, words) for year, words in marks.items())
        for arm, marks in (begun or {}).items()
    }
    panels = tuple(
        Panel(Axis("year"), Axis("mean", unit), arm, arm_label(arm), references=rules.get(arm, ()))
        for arm in runs
    )
    text = f"{title}. In {last}: {'; '.join(told)}"
    return Chart("fan", title, Table.of(columns, rows), panels, small, text, intervals)


def draw(chart: Chart) -> Any:
    """Draw bands and the mean, all panels with the same axis."""
    from matplotlib.ticker import MaxNLocator

    panels = chart.panels
    columns = min(3, len(panels))
    lines = -(-len(panels) // columns)
    figure, axes = style.canvas(lines, columns, 3.2 * columns + 0.8, 2.5 * lines + 1.2)
    flat = list(axes.flat)
    for ax, panel in zip(flat, panels, strict=False):
        rows = chart.rows(panel)
        years = [row["year"] for row in rows]
        for one, dark in zip(chart.intervals, DARK, strict=True):
            low, high = [row[one.low] for row in rows], [row[one.high] for row in rows]
            ax.fill_between(
                years, low, high, color=BLUE, alpha=dark, linewidth=0, label=one.meaning
            )
            if len(years) == 1:
                ax.vlines(years, low, high, color=BLUE, alpha=dark + 0.2, linewidth=8)
        mean = [row["mean"] for row in rows]
        ax.plot(years, mean, "o-", color=BLUE, markersize=3, label="mean")
        ax.axhline(0, color=BLACK, linewidth=0.8)
        for rule in panel.references:
            ax.axvline(rule.low, color=GREY, linewidth=1.2, linestyle="--")
        ax.set_title(panel.title, fontsize=9)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
        ax.grid(axis="y", color=GRID, linewidth=0.6)
    for ax in flat[len(panels) :]:
        ax.set_visible(False)
    bottom = min(ax.get_ylim()[0] for ax in flat[: len(panels)])
    top = max(ax.get_ylim()[1] for ax in flat[: len(panels)])
    for ax in flat[: len(panels)]:
        ax.set_ylim(bottom, top)
    figure.supylabel(panels[0].y.title, fontsize=9)
    flat[0].legend(frameon=False, fontsize=7, loc="best")
    figure.suptitle(chart.title, fontsize=11)
    style.note(figure, chart.small)
    return figure

"""Draw outcomes by year as fans: how far single runs lie apart, and where their mean lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts import style

BANDS = ((5, 95, 0.18), (25, 75, 0.32))
"""Percentiles of the runs from and to, and how dark."""


def draw(
    panels: Mapping[str, Mapping[int, NDArray[np.float64]]], title: str, unit: str, small: str
) -> Any:
    """A panel for each arm.

    Args:
        panels: Values of the runs by year, by the panel's name.
        title: What is shown.
        unit: Unit of the values.
        small: Small print.
    """
    from matplotlib.ticker import MaxNLocator

    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure, axes = style.canvas(rows, columns, 3.2 * columns + 0.8, 2.5 * rows + 1.2)
    flat = list(axes.flat)
    for ax, (name, values) in zip(flat, panels.items(), strict=False):
        years = sorted(values)
        for low, high, dark in BANDS:
            ends = [np.percentile(values[year], [low, high]) for year in years]
            ax.fill_between(
                years, [e[0] for e in ends], [e[1] for e in ends], color=style.BLUE, alpha=dark,
                linewidth=0, label=f"{high - low}% of the runs",
            )  # fmt: skip
            if len(years) == 1:
                ax.vlines(years, *ends[0], color=style.BLUE, alpha=dark + 0.2, linewidth=8)
        mean = [float(values[year].mean()) for year in years]
        ax.plot(years, mean, "o-", color=style.BLUE, markersize=3, label="mean")
        ax.axhline(0, color=style.BLACK, linewidth=0.8)
        ax.set_title(style.readable(name), fontsize=9)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
        ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    for ax in flat[len(panels) :]:
        ax.set_visible(False)
    low = min(ax.get_ylim()[0] for ax in flat[: len(panels)])
    high = max(ax.get_ylim()[1] for ax in flat[: len(panels)])
    for ax in flat[: len(panels)]:
        ax.set_ylim(low, high)
    figure.supylabel(unit, fontsize=9)
    flat[0].legend(frameon=False, fontsize=7, loc="best")
    figure.suptitle(title, fontsize=11)
    style.note(figure, small)
    return figure

"""Give all figures that matplotlib draws one look: equal charts become equal bytes."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts.chart import Chart
from hesim.charts.colours import GRID, SMALL_PRINT

LETTERS = 16
"""Letters of small print in an inch."""
MARKS = {"": "", "circle": "o", "square": "s", "triangle": "^", "diamond": "D"}
LINES = {"": "", "solid": "-", "dashed": "--", "dotted": ":"}


def canvas(rows: int, columns: int, width: float, height: float) -> tuple[Any, Any]:
    """A figure and its two-dimensional array of axes, without a window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False)
    for one in axes.flat:
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def title(ax: Any, text: str, width: int = 78) -> None:
    """Write a title over axes, in as many lines as it needs."""
    import textwrap

    ax.set_title("\n".join(textwrap.wrap(text, width)), fontsize=11)


def note(figure: Any, text: str) -> None:
    """Write lines of small print under a figure, no longer than it is wide."""
    if text:
        width = int(LETTERS * figure.get_figwidth())
        lines = [textwrap.fill(line, width) for line in text.splitlines()]
        figure.supxlabel("\n".join(lines), fontsize=8, color=SMALL_PRINT)


def grid(ax: Any, axis: str = "x") -> None:
    """Draw faint lines behind the data."""
    ax.grid(axis=axis, color=GRID, linewidth=0.6)
    ax.set_axisbelow(True)


def band(ax: Any, rows: Sequence[dict[str, Any]], along: str, colour: str) -> None:
    """Draw the intervals of a line: a band, and a bar for each."""
    at = [row[along] for row in rows]
    low, high = [row["low"] for row in rows], [row["high"] for row in rows]
    ax.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.vlines(at, low, high, color=colour, linewidth=1)


def matrix(chart: Chart) -> NDArray[np.float64]:
    """What is shaded in a heat map: rows and columns in the order of its axes."""
    assert chart.shade is not None
    x, y = chart.x, chart.y
    made = np.zeros((len(y.ticks), len(x.ticks)))
    across, down = ({name: k for k, name in enumerate(axis.ticks)} for axis in (x, y))
    for row in chart.table.rows:
        made[down[row[y.column]], across[row[x.column]]] = row[chart.shade.column]
    return made


def png(figure: Any) -> bytes:
    """Render a figure; the software's version is left out, equal figures are equal bytes."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=130, metadata={"Software": None})
    return drawn.getvalue()


def svg(figure: Any) -> str:
    """Render a figure as SVG with real letters; equal figures are equal text."""
    import matplotlib

    drawn = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "hesim"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return drawn.getvalue()

"""Give all figures one look: the same colour for a sector everywhere, the same bytes again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from hesim.categories import SECTORS
from hesim.run.outputs import put

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


def readable(name: str) -> str:
    """A category's name as words."""
    return name.replace("_", " ")


def save(path: Path, figure: Any) -> None:
    """Write a PNG; the software's version is left out, equal figures are equal files."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=130, metadata={"Software": None})
    put(path, drawn.getvalue())

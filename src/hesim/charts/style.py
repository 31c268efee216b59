"""Give all figures one look: the same colour for a sector everywhere, the same bytes again."""

from __future__ import annotations

import io
from typing import Any

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

SMALL_PRINT = "#444444"

NAMES = {
    "po_vo_mbo": "po, vo, mbo",
    "health_welfare": "health, welfare",
    "none": "no job",
    "hbo_then_no_job": "hbo, then no job",
    "wo_then_no_job": "wo, then no job",
    "under_25": "under 25",
    "25_35": "25 to 34",
    "35_54": "35 to 54",
    "55_plus": "55 or over",
    "10_20": "10 to 20",
    "24_31": "24 to 31",
    "32_35": "32 to 35",
    "36_plus": "36 or over",
    "temporary_with_prospect": "temporary,\nwith prospect",
    "temporary_without_prospect": "temporary,\nno prospect",
    "hbo_in": "joined hbo",
    "hbo_out": "left hbo",
    "wo_in": "joined wo",
    "wo_out": "left wo",
}
"""Words of categories whose name is no words; a band of ages ends where the next begins."""


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
    return NAMES.get(name, name.replace("_", " "))


def words(heading: str, text: str, small: str) -> Any:
    """A figure that says in words why there is nothing to draw."""
    import textwrap

    figure, axes = canvas(1, 1, 8.6, 2.4)
    ax = axes[0, 0]
    ax.axis("off")
    lines = "\n".join(textwrap.wrap(text, 84))
    ax.text(0.5, 0.5, lines, ha="center", va="center", fontsize=10, transform=ax.transAxes)
    title(ax, heading)
    note(figure, small)
    return figure


def title(ax: Any, text: str, width: int = 78) -> None:
    """Write a title over axes, in as many lines as it needs."""
    import textwrap

    ax.set_title("\n".join(textwrap.wrap(text, width)), fontsize=11)


def note(figure: Any, text: str) -> None:
    """Write a line of small print under a figure."""
    figure.supxlabel(text, fontsize=8, color=SMALL_PRINT)


def add_note(figure: Any, text: str) -> None:
    """Add to the line of small print under a figure."""
    said = figure.get_supxlabel()
    note(figure, f"{said}; {text}" if said else text[:1].upper() + text[1:])


def scale_note(scale: float) -> str:
    """Say how counts were scaled up; nothing at full scale."""
    return "" if scale == 1 else f"; simulated at scale {scale:g}, counts divided by it"


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

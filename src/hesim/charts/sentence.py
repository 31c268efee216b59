"""Chart of words alone: why there is nothing to draw."""

from __future__ import annotations

from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Panel, Table


def sentence_chart(title: str, sentence: str, small: str) -> Chart:
    """Say in words why there is nothing to draw.

    Args:
        title: What would be shown.
        sentence: Why it is not.
        small: Small print.
    """
    table = Table((Column("sentence", "word"),), ((sentence,),))
    blank = Panel(Axis(""), Axis(""))
    return Chart("sentence", title, table, (blank,), small, f"{title}. {sentence}")


def draw(chart: Chart) -> Any:
    """Write the sentence in the middle."""
    import textwrap

    figure, axes = style.canvas(1, 1, 8.6, 2.4)
    ax = axes[0, 0]
    ax.axis("off")
    lines = "\n".join(textwrap.wrap(chart.table.rows[0]["sentence"], 84))
    ax.text(0.5, 0.5, lines, ha="center", va="center", fontsize=10, transform=ax.transAxes)
    style.title(ax, chart.title)
    style.note(figure, chart.small)
    return figure

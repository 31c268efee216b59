"""Chart regret as a heat map: how much less an arm does than the best one, world by world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Panel, Table
from hesim.charts.names import arm_label
from hesim.levers.titles import arm_title

MOST_WORDS = 12
"""With more worlds than that the cells hold no figures."""


def regret_chart(
    regret: NDArray[np.float64],
    arms: list[str],
    worlds: list[str],
    title: str,
    unit: str,
    small: str,
) -> Chart:
    """Arms down, worlds across; the arm with the least worst regret on top.

    Args:
        regret: Shape (arms, worlds), none below zero.
        arms: Names of the rows.
        worlds: Names of the columns.
        title: What is shown.
        unit: Unit of regret.
        small: Small print.
    """
    down = np.argsort(regret.max(axis=1), kind="stable")
    across = np.argsort(regret[down].mean(axis=0), kind="stable")
    # Worlds are numbered from the one with the least regret; their names need not be unique.
    rows = [
        {"arm": arms[y], "place": place, "world": worlds[x], "regret": regret[y, x]}
        for y in down
        for place, x in enumerate(across)
    ]
    columns = [
        Column("arm", "word"),
        Column("place"),
        Column("world", "word"),
        Column("regret", unit=unit),
    ]
    many = len(worlds) > MOST_WORDS
    words = f"{len(worlds)} worlds, from those with little regret to those with much"
    names = tuple(worlds[k] for k in across)
    x = Axis(
        "place",
        words if many else "",
        "category",
        ticks=tuple(range(len(worlds))),
        labels=() if many else names,
    )
    order = tuple(arms[k] for k in down)
    y = Axis("arm", "", "category", ticks=order, labels=tuple(map(arm_label, order)))
    worst, least = regret[down[0]].max(), arm_title(order[0])
    return Chart(
        "regret",
        title,
        Table.of(columns, rows),
        (Panel(x, y),),
        f"0: the best arm of that world; least worst regret on top\n{small}",
        f"{title}. Least worst regret: {least}, {worst:.3g} {unit}, in {len(worlds)} worlds.",
        shade=Axis("regret", f"regret, {unit}", low=0.0, high=float(regret.max()) or 1.0),
    )


def draw(chart: Chart) -> Any:
    """Draw the heat map, with figures in its cells where worlds are few."""
    x, y, shade = chart.x, chart.y, chart.shade
    assert shade is not None and shade.high is not None
    figure, axes = style.canvas(
        1, 1, 8.6 if len(x.ticks) <= 30 else 10.5, 2.0 + 0.34 * len(y.ticks)
    )
    ax = axes[0, 0]
    cells, top = style.matrix(chart), shade.high
    image = ax.imshow(cells, cmap="cividis_r", vmin=shade.low, vmax=top, aspect="auto")
    if x.labels:
        for (row, column), value in np.ndenumerate(cells):
            colour = "white" if value > 0.55 * top else "black"
            ax.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
        ax.set_xticks(range(len(x.labels)), x.labels, fontsize=8, rotation=30, ha="right")
    else:
        ax.set_xticks([])
        ax.set_xlabel(x.title)
    ax.set_yticks(range(len(y.labels)), y.labels, fontsize=8)
    style.title(ax, chart.title)
    figure.colorbar(image, ax=ax, label=shade.title)
    style.note(figure, chart.small)
    return figure

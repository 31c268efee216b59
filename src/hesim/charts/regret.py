"""Draw regret as a heat map: how much less an arm does than the best one, world by world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.charts import style

MOST_WORDS = 12
"""With more worlds than that the cells hold no figures."""


def draw(
    regret: NDArray[np.float64], arms: list[str], worlds: list[str], title: str, unit: str,
    small: str,
) -> Any:  # fmt: skip
    """Arms down, worlds across; the arm with the least worst regret on top.

    Args:
        regret: Shape (arms, worlds), none below zero.
        arms: Names of the rows.
        worlds: Names of the columns.
        title: What is shown.
        unit: Unit of regret.
        small: Small print.
    """
    order = np.argsort(regret.max(axis=1), kind="stable")
    across = np.argsort(regret[order].mean(axis=0), kind="stable")
    shown = regret[np.ix_(order, across)]
    width = 8.6 if len(worlds) <= 30 else 10.5
    figure, axes = style.canvas(1, 1, width, 2.0 + 0.34 * len(arms))
    ax = axes[0, 0]
    top = float(shown.max()) or 1.0
    image = ax.imshow(shown, cmap="cividis_r", vmin=0, vmax=top, aspect="auto")
    if len(worlds) <= MOST_WORDS:
        for (y, x), value in np.ndenumerate(shown):
            colour = "white" if value > 0.55 * top else "black"
            ax.text(x, y, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
        names = [worlds[k] for k in across]
        ax.set_xticks(range(len(names)), names, fontsize=8, rotation=30, ha="right")
    else:
        ax.set_xticks([])
        ax.set_xlabel(f"{len(worlds)} worlds, from those with little regret to those with much")
    ax.set_yticks(range(len(arms)), [style.readable(arms[k]) for k in order], fontsize=8)
    style.title(ax, title)
    figure.colorbar(image, ax=ax, label=f"regret, {unit}")
    style.note(figure, f"0: the best arm of that world; least worst regret on top\n{small}")
    return figure

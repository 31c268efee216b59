"""Draw who moves from which sector to which, as a heat map with the counts in its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.categories import SECTORS
from hesim.figures import style

KINDS = ("move", "hire", "separation")


def counts(flows: Any, years: int) -> NDArray[np.float64]:
    """Persons a year by sector of origin and destination, averaged over replications.

    Args:
        flows: The Arrow table of flows.parquet.
        years: Years that were simulated.
    """
    size = len(SECTORS)
    moves = np.zeros((size, size))
    place = {name: code for code, name in enumerate(SECTORS)}
    grouped = flows.group_by(["kind", "origin_sector", "destination_sector"]).aggregate(
        [("persons", "sum")]
    )
    for row in grouped.to_pylist():
        origin, target = place.get(row["origin_sector"]), place.get(row["destination_sector"])
        if row["kind"] in KINDS and origin is not None and target is not None:
            moves[origin, target] += row["persons_sum"]
    replications = max(1, len(set(flows.column("replication").to_pylist())))
    return moves / (replications * max(1, years))


def draw(moves: NDArray[np.float64], scale: float = 1.0) -> Any:
    """A heat map on a logarithmic scale; below one person in two years a cell stays empty.

    Args:
        moves: Persons a year by origin and destination.
        scale: `population.scale`, to say that counts are scaled up.
    """
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import StrMethodFormatter

    figure, axes = style.canvas(1, 1, 9.0, 7.4)
    ax = axes[0, 0]
    top = max(10.0, float(moves.max()))
    shown = np.ma.masked_less(moves, 0.5)
    image = ax.imshow(shown, norm=LogNorm(1, top, clip=True), cmap="cividis", aspect="auto")
    for origin, target in np.argwhere(moves >= 0.5):
        value = moves[origin, target]
        dark = np.log(max(value, 1.0)) < 0.55 * np.log(top)
        ax.text(
            target, origin, f"{value:,.0f}", ha="center", va="center", fontsize=9,
            color="white" if dark else "black",
        )  # fmt: skip
    names = [style.readable(name) for name in SECTORS]
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), names)
    ax.set_xlabel("to")
    ax.set_ylabel("from")
    ax.set_title("Moves between employers and in and out of work")
    bar = figure.colorbar(image, ax=ax, label="persons a year (logarithmic)")
    bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    small = (
        "the diagonal: to another employer in the same sector; empty: fewer than one in two years"
    )
    style.note(figure, f"{small};\nparameters at one point{style.scaled(scale)}")
    return figure

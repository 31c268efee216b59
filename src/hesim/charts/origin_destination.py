"""Draw who moves from which sector to which, as a heat map with the counts in its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.categories import SECTORS
from hesim.charts import style
from hesim.survey.crossings import CROSSINGS, LATER, definition, of_whom

KINDS = ("move", "hire", "separation")
ORIGINS = ("hbo", "hbo_then_no_job", "wo", "wo_then_no_job", *SECTORS[2:])
"""Rows: sectors, and those who cross after a time without a job apart from all without one."""


def counts(flows: Any, years: int) -> NDArray[np.float64]:
    """Persons a year by origin and destination, averaged over replications.

    Args:
        flows: The Arrow table of flows.parquet.
        years: Years that were simulated.

    Returns:
        Shape (origins, sectors), in the order of `ORIGINS` and of `categories.SECTORS`.
    """
    moves = np.zeros((len(ORIGINS), len(SECTORS)))
    columns = ["kind", "origin_sector", "destination_sector", "crossing"]
    grouped = flows.group_by(columns).aggregate([("persons", "sum")])
    for row in grouped.to_pylist():
        origin, target = row["origin_sector"], row["destination_sector"]
        if row["kind"] == "hire" and row["crossing"]:
            origin, target = LATER[row["crossing"]]
        if row["kind"] in KINDS and origin in ORIGINS and target in SECTORS:
            moves[ORIGINS.index(origin), SECTORS.index(target)] += row["persons_sum"]
    replications = max(1, len(set(flows.column("replication").to_pylist())))
    return moves / (replications * max(1, years))


def crossings(moves: NDArray[np.float64]) -> dict[str, tuple[float, float]]:
    """Take from the table who crosses, and who of them goes from job to job, persons a year.

    Args:
        moves: Persons a year by origin and destination.
    """
    found = {}
    for name, (left, joined) in CROSSINGS.items():
        later, _ = LATER[name]
        direct = float(moves[ORIGINS.index(SECTORS[left]), joined])
        found[name] = direct + float(moves[ORIGINS.index(later), joined]), direct
    return found


def draw(moves: NDArray[np.float64], known_within: int, scale: float = 1.0) -> Any:
    """A heat map on a logarithmic scale; below one person in two years a cell stays empty.

    Args:
        moves: Persons a year by origin and destination.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import StrMethodFormatter

    figure, axes = style.canvas(1, 1, 9.4, 8.2)
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
    ax.set_yticks(range(len(ORIGINS)), [style.readable(name) for name in ORIGINS])
    ax.set_xlabel("to")
    ax.set_ylabel("from")
    ax.set_title("Moves between employers and in and out of work")
    bar = figure.colorbar(image, ax=ax, label="persons a year (logarithmic)")
    bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    small = (
        "the diagonal: to another employer in the same sector; empty: fewer than one in two years"
    )
    there, back = (
        f"{name.replace('_', ' ')} {total:,.0f} a year, {of_whom(direct)}"
        for name, (total, direct) in crossings(moves).items()
    )
    style.note(
        figure,
        f"{there}; {back}\n({definition(known_within)});\n{small};\n"
        f"parameters at one point{style.scale_note(scale)}",
    )
    return figure

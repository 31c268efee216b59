"""Chart who moves from which sector to which, as a heat map with the counts in its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim.categories import SECTORS
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Panel, Table
from hesim.charts.names import readable, scale_note
from hesim.survey.crossings import CROSSINGS, LATER, definition, of_whom

KINDS = ("move", "hire", "separation")
UNIT = "persons a year"
EMPTY = 0.5
"""Below so many persons a year a cell stays empty."""
ORIGINS = ("hbo", "hbo_then_no_job", "wo", "wo_then_no_job", *SECTORS[2:])
"""Rows: sectors, and those who cross after a time without a job apart from all without one."""


def flow_counts(flows: Any, years: int) -> NDArray[np.float64]:
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


def origin_destination_chart(
    moves: NDArray[np.float64], known_within: int, scale: float = 1.0
) -> Chart:
    """Persons a year from each sector to each other.

    Args:
        moves: Persons a year by origin and destination, of `flow_counts`.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    there, back = (
        f"{name.replace('_', ' ')} {total:,.0f} a year, {of_whom(direct)}"
        for name, (total, direct) in crossings(moves).items()
    )
    small = (
        "the diagonal: to another employer in the same sector; empty: fewer than one in two years"
    )
    rows = [
        {"origin": origin, "destination": target, "persons": moves[y, x]}
        for y, origin in enumerate(ORIGINS)
        for x, target in enumerate(SECTORS)
    ]
    columns = [
        Column("origin", "word"),
        Column("destination", "word"),
        Column("persons", unit=UNIT),
    ]
    x, y = (
        Axis(column, title, "category", ticks=tuple(names), labels=tuple(map(readable, names)))
        for column, title, names in (("destination", "to", SECTORS), ("origin", "from", ORIGINS))
    )
    return Chart(
        "origin_destination",
        "Moves between employers and in and out of work",
        Table.of(columns, rows),
        (Panel(x, y),),
        small=f"{there}; {back}\n({definition(known_within)});\n{small};\n"
        f"parameters at one point{scale_note(scale)}",
        shade=Axis("persons", f"{UNIT} (logarithmic)", "log", 1.0, max(10.0, float(moves.max()))),
    )


def draw(chart: Chart) -> Any:
    """Draw a heat map on a logarithmic scale; below one person in two years a cell stays empty."""
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import StrMethodFormatter

    figure, axes = style.canvas(1, 1, 9.4, 8.2)
    ax = axes[0, 0]
    shade = chart.shade
    assert shade is not None and shade.high is not None
    moves = style.matrix(chart)
    norm = LogNorm(shade.low, shade.high, clip=True)
    image = ax.imshow(np.ma.masked_less(moves, EMPTY), norm=norm, cmap="cividis", aspect="auto")
    for origin, target in np.argwhere(moves >= EMPTY):
        value = moves[origin, target]
        dark = np.log(max(value, 1.0)) < 0.55 * np.log(shade.high)
        ax.text(
            target,
            origin,
            f"{value:,.0f}",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if dark else "black",
        )
    x, y = chart.x, chart.y
    ax.set_xticks(range(len(x.ticks)), x.labels, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(y.ticks)), y.labels)
    ax.set_xlabel(x.title)
    ax.set_ylabel(y.title)
    ax.set_title(chart.title)
    bar = figure.colorbar(image, ax=ax, label=shade.title)
    bar.ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    style.note(figure, chart.small)
    return figure

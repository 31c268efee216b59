"""Draw the age, contract and hours of the stock of hbo and wo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.survey.margins import MARGINS

PANELS = (("age", "Age, years"), ("contract", "Contract"), ("hours", "Hours a week"))
SIDES = {"hbo": -0.2, "wo": 0.2}


def _names(column: Any) -> list[str]:
    if hasattr(column, "codes"):
        return [str(column.names[code]) for code in column.codes]
    return [str(value) for value in column]


def shares(margins: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, str], list[float]]:
    """Percent of a sector's staff at the end by sector, what and band, one value a replication.

    Args:
        margins: Each replication's columns of margins.parquet, months in order.
    """
    found: dict[tuple[str, str, str], list[float]] = {}
    for columns in margins:
        names = [_names(columns[name]) for name in ("month", "sector", "what", "band")]
        persons: dict[tuple[str, str, str], float] = {}
        for month, *key, number in zip(*names, columns["persons"], strict=True):
            if month == names[0][-1]:
                cell = (key[0], key[1], key[2])
                persons[cell] = persons.get(cell, 0.0) + float(number)
        for sector, what in {key[:2] for key in persons}:
            staff = sum(n for key, n in persons.items() if key[:2] == (sector, what))
            # A band in which nobody is has no row, and counts as 0 in the mean all the same.
            for band in MARGINS[what]:
                share = 100 * persons.get((sector, what, band), 0.0) / staff
                found.setdefault((sector, what, band), []).append(share)
    return found


def draw(margins: Sequence[Mapping[str, Any]]) -> Any:
    """Shares of each sector's staff at the end of the run, averaged over replications.

    Args:
        margins: Each replication's columns of margins.parquet, months in order.
    """
    percent = shares(margins)
    figure, axes = style.canvas(1, 3, 11.5, 4.4)
    for ax, (what, title) in zip(axes.flat, PANELS, strict=True):
        bands = MARGINS[what]
        for sector, side in SIDES.items():
            values = [percent.get((sector, what, band), [0.0]) for band in bands]
            places = [place + side for place in range(len(bands))]
            means = [sum(each) / len(each) for each in values]
            colour = style.SECTOR_COLOURS[sector]
            ax.bar(places, means, 0.4, color=colour, label=sector)
            ends = [min(each) for each in values], [max(each) for each in values]
            ax.vlines(places, *ends, color=style.BLACK, linewidth=1.2)
        ax.set_xticks(range(len(bands)), [style.readable(band) for band in bands], fontsize=9)
        ax.set_title(title)
    axes[0, 0].set_ylabel("% of the sector's staff")
    axes[0, 1].legend(frameon=False, loc="best")
    figure.suptitle("Staff of hbo and wo at the end of the run")
    if len(margins) > 1:
        small = f"mean of {len(margins)} replications; black lines from the lowest to the highest"
        style.note(figure, small)
    return figure

"""Draw the age, contract and hours of the stock of hbo and wo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.figures import style

PANELS = (("age", "Age"), ("contract", "Contract"), ("hours", "Hours a week"))


def _names(column: Any) -> list[str]:
    if hasattr(column, "codes"):
        return [str(column.names[code]) for code in column.codes]
    return [str(value) for value in column]


def _label(band: str) -> str:
    """Words of a band: `25_35` becomes 25-35."""
    low, _, high = band.partition("_")
    return f"{low}-{high}" if low.isdigit() and high.isdigit() else style.readable(band)


def draw(margins: Sequence[Mapping[str, Any]]) -> Any:
    """Shares of each sector's staff at the end of the run, averaged over replications.

    Args:
        margins: Each replication's columns sector, what, band and persons.
    """
    persons: dict[tuple[str, str, str], float] = {}
    for columns in margins:
        keys = zip(*(_names(columns[name]) for name in ("sector", "what", "band")), strict=True)
        for key, count in zip(keys, columns["persons"], strict=True):
            persons[key] = persons.get(key, 0.0) + float(count)
    figure, axes = style.canvas(1, 3, 11.0, 4.0)
    for ax, (what, title) in zip(axes.flat, PANELS, strict=True):
        bands = list(dict.fromkeys(key[2] for key in persons if key[1] == what))
        for side, sector in ((-0.2, "hbo"), (0.2, "wo")):
            counts = [persons.get((sector, what, band), 0.0) for band in bands]
            shares = [100 * count / max(sum(counts), 1.0) for count in counts]
            places = [place + side for place in range(len(bands))]
            ax.bar(places, shares, 0.4, color=style.SECTOR_COLOURS[sector], label=sector)
        labels = [_label(band).replace(" with", "\nwith") for band in bands]
        ax.set_xticks(range(len(bands)), labels, fontsize=8)
        ax.set_title(title)
    axes[0, 0].set_ylabel("% of staff")
    axes[0, 0].legend(frameon=False)
    figure.suptitle("Staff of hbo and wo at the end of the run")
    return figure

"""Chart the age, contract and hours of the stock of hbo and wo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, colour_of
from hesim.charts.names import readable
from hesim.survey.margins import MARGINS

PANELS = (("age", "Age, years"), ("contract", "Contract"), ("hours", "Hours a week"))
SIDES = {"hbo": -0.2, "wo": 0.2}
UNIT = "% of the sector's staff"


def _names(column: Any) -> list[str]:
    if hasattr(column, "codes"):
        return [str(column.names[code]) for code in column.codes]
    return [str(value) for value in column]


def staff_percentages(
    margins: Sequence[Mapping[str, Any]],
) -> dict[tuple[str, str, str], list[float]]:
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


def stock_chart(margins: Sequence[Mapping[str, Any]]) -> Chart:
    """Shares of each sector's staff at the end of the run, averaged over replications.

    Args:
        margins: Each replication's columns of margins.parquet, months in order.
    """
    percent = staff_percentages(margins)
    panels, rows = [], []
    for what, title in PANELS:
        bands = tuple(MARGINS[what])
        names = tuple(map(readable, bands))
        panels.append(
            Panel(
                Axis("band", "", "category", ticks=bands, labels=names),
                Axis("mean", UNIT),
                what,
                title,
            )
        )
        for sector in SIDES:
            for band in bands:
                each = percent.get((sector, what, band), [0.0])
                rows.append(
                    {
                        "panel": what,
                        "sector": sector,
                        "band": band,
                        "mean": sum(each) / len(each),
                        "low": min(each),
                        "high": max(each),
                    }
                )
    columns = [
        *(Column(name, "word") for name in ("panel", "sector", "band")),
        *(Column(name, unit=UNIT) for name in ("mean", "low", "high")),
    ]
    small = f"mean of {len(margins)} replications; black lines from the lowest to the highest"
    return Chart(
        "stock",
        "Staff of hbo and wo at the end of the run",
        Table.of(columns, rows),
        tuple(panels),
        small=small if len(margins) > 1 else "",
        intervals=(Interval("low", "high", "lowest and highest replication"),),
        key=Key("sector", tuple(Entry(one, colour_of(one), one) for one in SIDES)),
    )


def draw(chart: Chart) -> Any:
    """Draw bars of hbo and wo beside one another, with a line from the lowest to the highest."""
    figure, axes = style.canvas(1, 3, 11.5, 4.4)
    for ax, panel in zip(axes.flat, chart.panels, strict=True):
        for entry in chart.entries:
            rows = chart.table.where(panel=panel.name, sector=entry.name)
            places = [place + SIDES[entry.name] for place in range(len(rows))]
            means = [row["mean"] for row in rows]
            ax.bar(places, means, 0.4, color=entry.colour, label=entry.label)
            low, high = [row["low"] for row in rows], [row["high"] for row in rows]
            ax.vlines(places, low, high, color=BLACK, linewidth=1.2)
        ax.set_xticks(range(len(panel.x.ticks)), panel.x.labels, fontsize=9)
        ax.set_title(panel.title)
    axes[0, 0].set_ylabel(chart.y.title)
    axes[0, 1].legend(frameon=False, loc="best")
    figure.suptitle(chart.title)
    style.note(figure, chart.small)
    return figure

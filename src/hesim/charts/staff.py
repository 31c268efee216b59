"""Chart shares of staff by band or category: hbo and wo beside one another, in each arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, SECTOR_COLOURS
from hesim.charts.level import cells, level
from hesim.charts.phrases import Phrases
from hesim.charts.series import Subject

NUMBERS = ("percent", "low", "high", "replications")


def staff_chart(
    subject: Subject,
    bands: Sequence[str],
    arms: Mapping[str, Sequence[NDArray[np.float64]]],
    phrases: Phrases,
    note: str = "",
) -> Chart:
    """Percentages of each sector's staff.

    Args:
        subject: What it is of, with words for the bands, sectors and arms.
        bands: Names of the bands.
        arms: By arm, staff by sector (hbo, wo) and band of each replication, shape (2, bands).
        phrases: Language.
        note: A line of small print.
    """
    share = {arm: level([_shares(each) for each in many]) for arm, many in arms.items()}
    sectors = [s for s in (c.HBO, c.WO) if any(each.runs[s].any() for each in share.values())]
    rows: list[dict[str, Any]] = []
    told: list[str] = []
    for k, band in enumerate(bands if sectors else ()):
        for sector in sectors:
            for arm, found in share.items():
                one, name = found.part(sector), c.SECTORS[sector]
                persons = float(np.mean([each[sector, k] for each in arms[arm]]))
                numbers = dict(zip(NUMBERS, cells(one, k), strict=True))
                row = {"line": _line(name, arm), "arm": arm, "sector": name, "band": band}
                rows.append({**row, "persons": round(persons, 2), **numbers})
                if arm != "policy":
                    figure, spread = phrases.figure_and_interval(
                        float(one.mean[k]), float(one.low[k]), float(one.high[k])
                    )
                    figure = f"{figure}% {spread}".rstrip()
                    label = subject.label
                    told.append(f"{label(band)}, {label(name)}, {label(arm)}: {figure}")
    columns = [
        *(Column(name, "word") for name in ("line", "arm", "sector", "band")),
        Column("persons"),
        *(Column(name, unit="%") for name in NUMBERS[:-1]),
        Column("replications"),
    ]
    lines = [_line(c.SECTORS[sector], arm) for sector in sectors for arm in share]
    entries = tuple(
        Entry(one, SECTOR_COLOURS[one.split(" ")[0]], subject.label(one), hollow=" " in one)
        for one in lines
    )
    counts = [int(each.runs[s].max()) for each in share.values() for s in sectors]
    runs = phrases.runs(counts) if sectors else subject.missing
    names = tuple(map(subject.label, bands))
    y = Axis("band", "", "category", ticks=tuple(bands), labels=names)
    several = max(counts, default=0) > 1
    return Chart(
        "staff",
        subject.title,
        Table.of(columns, rows),
        (Panel(Axis("percent", subject.unit, low=0.0), y),),
        small="\n".join(line for line in (note, runs) if line),
        text="; ".join([*told, runs]),
        intervals=(Interval("low", "high", phrases.band),) if several else (),
        key=Key("line", entries),
        name=subject.name,
    )


def _line(sector: str, arm: str) -> str:
    return sector if arm != "policy" else f"{sector} {arm}"


def _shares(staff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Percent of each sector's staff; not a number where a sector has none."""
    whole = staff.sum(axis=1, keepdims=True) + np.zeros(staff.shape)
    return 100.0 * np.divide(staff, whole, out=np.full(staff.shape, np.nan), where=whole > 0)


def draw(chart: Chart) -> Any:
    """Draw bars, hollow for the policy, with their intervals; the first band on top."""
    size = max(len(chart.entries), 1)
    figure, axes = style.canvas(1, 1, 6.4, 1.6 + 0.2 * (size + 1) * len(chart.y.ticks))
    ax = axes[0, 0]
    for k, entry in enumerate(chart.entries):
        for row in chart.table.where(line=entry.name):
            up = -chart.y.ticks.index(row["band"]) - (k - (size - 1) / 2) * 0.8 / size
            face = "white" if entry.hollow else entry.colour
            value = row["percent"] or 0.0
            ax.barh(up, value, 0.7 / size, color=face, edgecolor=entry.colour)
            if chart.intervals and row["low"] is not None:
                ax.plot([row["low"], row["high"]], [up, up], color=BLACK, linewidth=1.2)
    for entry in chart.entries:
        face = "white" if entry.hollow else entry.colour
        ax.barh(0, 0, color=face, edgecolor=entry.colour, label=entry.label)
    ax.set_yticks([-k for k in range(len(chart.y.ticks))], chart.y.labels, fontsize=8)
    ax.set_xlabel(chart.x.title)
    style.grid(ax)
    if chart.entries:
        ax.legend(frameon=False, fontsize=8, loc="best")
    style.title(ax, chart.title)
    style.note(figure, chart.small)
    return figure

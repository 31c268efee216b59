"""Chart which uncertainties matter, all at once: swings or indices as dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.calibration.titles import path_title
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, BLUE, SKY
from hesim.charts.names import number


def swings_chart(rows: Sequence[Mapping[str, Any]], title: str, unit: str, small: str) -> Chart:
    """The change from the low to the high end of each uncertainty, by regression.

    Args:
        rows: `uncertainty`, `mean`, `low`, `high`, `from`, `to`.
        title: What is shown.
        unit: Unit of the change.
        small: Small print.
    """
    order = sorted(rows, key=lambda row: abs(row["mean"]))
    names = [
        f"{path_title(str(r['uncertainty']))}\n{number(r['from'])} to {number(r['to'])}"
        for r in order
    ]
    made = [{**row, "series": "swing"} for row in order]
    text = f"{title}. {ranking(rows, 'mean')}"
    return _dots_chart(made, names, (Entry("swing", BLUE),), title, unit, small, text)


def indices_chart(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, str, str]],
    title: str,
    unit: str,
    small: str,
) -> Chart:
    """Sensitivity indices with their 95% intervals.

    Args:
        rows: `uncertainty` and the columns named.
        columns: Column of the index, column of half its interval, and label; the last one ranks.
        title: What is shown.
        unit: What the axis counts.
        small: Small print.
    """
    size = columns[-1][0]
    order = sorted(rows, key=lambda row: row[size])
    made = [
        {
            "uncertainty": row["uncertainty"],
            "series": value,
            "mean": row[value],
            "low": row[value] - row[half],
            "high": row[value] + row[half],
        }
        for value, half, _ in columns
        for row in order
    ]
    entries = tuple(
        Entry(value, colour, label)
        for (value, _, label), colour in zip(columns, (SKY, BLUE), strict=False)
    )
    names = [path_title(str(row["uncertainty"])) for row in order]
    text = f"{title}. {ranking(rows, size)}"
    return _dots_chart(made, names, entries, title, unit, small, text)


def ranking(rows: Sequence[Mapping[str, Any]], size: str) -> str:
    """The uncertainties that matter most, in words."""
    ranked = sorted(rows, key=lambda row: -abs(row[size]))
    return "; ".join(f"{row['uncertainty']} {row[size]:.3g}" for row in ranked[:8])


def _dots_chart(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    entries: tuple[Entry, ...],
    title: str,
    unit: str,
    small: str,
    text: str,
) -> Chart:
    columns = [
        Column("uncertainty", "word"),
        Column("series", "word"),
        *(Column(name, unit=unit) for name in ("mean", "low", "high")),
    ]
    order = tuple(dict.fromkeys(str(row["uncertainty"]) for row in rows))
    y = Axis("uncertainty", "", "category", ticks=order, labels=tuple(names))
    return Chart(
        "dots",
        title,
        Table.of(columns, rows),
        (Panel(Axis("mean", unit), y),),
        f"lines: 95% interval\n{small}",
        text,
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("series", entries),
    )


def draw(chart: Chart) -> Any:
    """Draw a dot and an interval for each uncertainty and series, the largest on top."""
    names, entries = chart.y.ticks, chart.entries
    figure, axes = style.canvas(1, 1, 8.6, 2.0 + 0.5 * len(names))
    ax = axes[0, 0]
    for k, entry in enumerate(entries):
        for y, row in enumerate(chart.table.where(series=entry.name)):
            up = y + 0.16 * (k - (len(entries) - 1) / 2) * 2
            if row["low"] is not None:
                ends = [row["low"], row["high"]]
                ax.plot(ends, [up, up], color=entry.colour, linewidth=1.4, zorder=2)
            label = entry.label if y == 0 else None
            ax.plot(row["mean"], up, "o", color=entry.colour, zorder=3, label=label)
    ax.axvline(0, color=BLACK, linewidth=0.8)
    draw_rows(ax, chart)
    ax.set_ylim(-0.6, len(names) - 0.4)
    if len(entries) > 1:
        ax.legend(frameon=False, fontsize=8, loc="best")
    style.note(figure, chart.small)
    return figure


def draw_rows(ax: Any, chart: Chart) -> None:
    """Name what stands in the rows, what the axis counts, and what is shown."""
    ax.set_yticks(range(len(chart.y.labels)), chart.y.labels, fontsize=8)
    style.grid(ax)
    ax.set_xlabel(chart.x.title)
    style.title(ax, chart.title)

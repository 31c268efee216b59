"""Chart which uncertainties matter, all at once: swings or indices as dots with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from textwrap import wrap
from typing import Any

from hesim.calibration.titles import path_title
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
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


def conditions_chart(
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    title: str,
    unit: str,
    small: str,
) -> Chart:
    """Something of several kinds under several conditions: a row for each condition.

    Args:
        rows: `uncertainty`, the condition; `series`, the kind; `mean`, `low` and `high`. The first
            condition is drawn on top. Each kind stands under each condition once.
        names: What conditions and kinds are called.
        title: What is shown.
        unit: What the axis counts.
        small: Small print.
    """
    kinds = list(dict.fromkeys(str(row["series"]) for row in rows))
    conditions = list(dict.fromkeys(str(row["uncertainty"]) for row in rows))
    made = [
        next(r for r in rows if (r["uncertainty"], r["series"]) == (condition, kind))
        for kind in kinds
        for condition in reversed(conditions)
    ]
    colours = cycle((BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK))
    entries = tuple(Entry(kind, next(colours), names[kind]) for kind in kinds)
    labels = ["\n".join(wrap(names[one], 34)) for one in reversed(conditions)]
    told = [
        f"{names[str(row['uncertainty'])]}, {names[str(row['series'])]}: {row['mean']:.3g}"
        for row in rows
    ]
    text = f"{title}. {'; '.join(told)}"
    return _dots_chart(made, labels, entries, title, unit, small, text)


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
    step = min(0.32, 0.8 / len(entries))
    figure, axes = style.canvas(1, 1, 8.6, 2.0 + max(0.5, 0.22 * len(entries)) * len(names))
    ax = axes[0, 0]
    for k, entry in enumerate(entries):
        for y, row in enumerate(chart.table.where(series=entry.name)):
            up = y + step * ((len(entries) - 1) / 2 - k)
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

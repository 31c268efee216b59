"""Chart which uncertainties matter, one at a time: a tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.calibration.titles import path_title
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, BLUE, ORANGE
from hesim.charts.dots import draw_rows, ranking
from hesim.charts.names import number

ENDS = (Entry("low", ORANGE, "low end"), Entry("high", BLUE, "high end"))


def tornado_chart(rows: Sequence[Mapping[str, Any]], title: str, unit: str, small: str) -> Chart:
    """The change at each value of each uncertainty; the widest is the last.

    Args:
        rows: `uncertainty`, `value`, `usual`, `mean`, `low`, `high`.
        title: What is shown.
        unit: Unit of the change.
        small: Small print.
    """
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row["uncertainty"]), []).append(row)
    order = sorted(grouped, key=lambda name: max(abs(r["mean"]) for r in grouped[name]))
    made, labels = [], []
    for name in order:
        group = grouped[name]
        made += [
            {**row, "value": number(row["value"]), "end": "high" if row is group[-1] else "low"}
            for row in group
        ]
        ends = group if len(group) < 3 else [group[0], group[-1]]
        labels.append(f"{path_title(name)}\n{' to '.join(number(r['value']) for r in ends)}")
    columns = [
        *(Column(name, "word") for name in ("uncertainty", "value", "end")),
        *(Column(name, unit=unit) for name in ("mean", "low", "high")),
    ]
    y = Axis("uncertainty", "", "category", ticks=tuple(order), labels=tuple(labels))
    return Chart(
        "tornado",
        title,
        Table.of(columns, made),
        (Panel(Axis("mean", unit), y),),
        f"against the usual settings, same seeds; lines: 95% interval\n{small}",
        f"{title}. {ranking(rows, 'mean')}",
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("end", ENDS),
    )


def draw(chart: Chart) -> Any:
    """Draw bars of the change at each value, the widest on top."""
    names = chart.y.ticks
    figure, axes = style.canvas(1, 1, 8.6, 2.0 + 0.55 * len(names))
    ax = axes[0, 0]
    assert chart.key is not None
    for y, name in enumerate(names):
        for row in chart.table.where(uncertainty=name):
            colour = chart.key.entry(row["end"]).colour
            # Two bars share the line where both ends go the same way.
            up = y + 0.17 * (1 if row["end"] == "high" else -1)
            ax.barh(up, row["mean"], height=0.3, color=colour, zorder=2)
            if row["low"] is not None:
                ax.plot([row["low"], row["high"]], [up, up], color=BLACK, lw=1, zorder=3)
    for entry in chart.entries:
        ax.barh([0], [0], color=entry.colour, label=entry.label)
    ax.axvline(0, color=BLACK, linewidth=0.8, zorder=4)
    draw_rows(ax, chart)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    style.note(figure, chart.small)
    return figure

"""Chart what the data say of each fitted parameter, and of directions among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from hesim.calibration.titles import parameter_name
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Key, Panel, Reference, Table
from hesim.charts.colours import BLACK, BLUE, GREY, ORANGE, SMALL_PRINT

LEAST = 1e-2
"""Smaller eigenvalues are shown as this."""
KEY = (
    Entry("data", BLUE, "the label is data"),
    Entry("prior", GREY, "still the prior"),
    Entry("emulator", BLACK, "emulator", "circle"),
    Entry("runs", ORANGE, "real runs, common random numbers", "square", hollow=True),
)


def identification_chart(name: str, found: dict[str, Any]) -> Chart:
    """Shrinkage by parameter, and the eigenvalues of what the data say.

    Args:
        name: The calibration.
        found: Its finding `identification`.
    """
    shrunk = sorted(found["parameters"], key=lambda row: row["shrinkage"])
    names = tuple(str(row["parameter"]) for row in shrunk)
    rows: list[dict[str, Any]] = [
        {
            "panel": "shrinkage",
            "series": "data" if row["label"] == "data" else "prior",
            "parameter": row["parameter"],
            "value": row["shrinkage"],
        }
        for row in shrunk
    ]
    for series, key in (
        ("emulator", "eigenvalues_emulator"),
        ("runs", "eigenvalues_common_random_numbers"),
    ):
        rows += [
            {"panel": "eigenvalues", "series": series, "parameter": "", "place": k, "value": value}
            for k, value in enumerate(found[key], 1)
        ]
    words = tuple(map(parameter_name, names))
    panels = (
        Panel(
            Axis("value", "of the prior's spread taken away by the data, %", low=0.0, high=105.0),
            Axis("parameter", "", "category", ticks=names, labels=words),
            "shrinkage",
            "Blue: the label is data; grey: still the prior",
            references=(Reference("x", 100 * found["threshold"], 100 * found["threshold"]),),
        ),
        Panel(
            Axis("place", "direction, strongest first", ticks=(1, *range(5, len(names) + 1, 5))),
            Axis(
                "value",
                "what the data say of it, in units of the prior\n"
                "(eigenvalue; at most 0.01: shown at 0.01)",
                "log",
                LEAST,
            ),
            "eigenvalues",
            f"{found['directions_beyond_prior']} of {len(names)} directions are known better than "
            "the prior",
            references=(Reference("y", 1.0, 1.0, "as much as the prior says"),),
        ),
    )
    columns = [
        *(Column(each, "word") for each in ("panel", "series", "parameter")),
        Column("place"),
        Column("value", unit="share of the prior's spread, or eigenvalue"),
    ]
    return Chart(
        "identification",
        f"What the survey tells of each fitted parameter ({name} calibration)",
        Table.of(columns, rows),
        panels,
        key=Key("series", KEY),
    )


def draw(chart: Chart) -> Any:
    """Draw bars of shrinkage, and eigenvalues as dots."""
    figure, axes = style.canvas(1, 2, 13.0, 6.4)
    bars, lines = axes.flat
    _draw_shrinkage(bars, chart, chart.panels[0])
    _draw_eigenvalues(lines, chart, chart.panels[1])
    figure.suptitle(chart.title)
    return figure


def _draw_shrinkage(ax: Any, chart: Chart, panel: Panel) -> None:
    assert chart.key is not None
    for y, row in enumerate(chart.rows(panel)):
        size = 100 * max(row["value"], 0.0)
        ax.barh(y, size, color=chart.key.entry(row["series"]).colour, height=0.7)
        # A ground of its own keeps the dotted line from striking the figure through.
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        ax.text(size + 1, y, f"{row['value']:.0%}", va="center", fontsize=8, bbox=ground, zorder=4)
    ax.set_yticks(range(len(panel.y.ticks)), panel.y.labels, fontsize=9)
    [threshold] = panel.references
    ax.axvline(threshold.low, color=BLACK, linestyle=":", linewidth=1)
    ax.set_xlim(panel.x.low, panel.x.high)
    ax.set_xlabel(panel.x.title)
    ax.set_title(panel.title, fontsize=11)


def _draw_eigenvalues(ax: Any, chart: Chart, panel: Panel) -> None:
    for entry in chart.entries:
        rows = chart.table.where(panel=panel.name, series=entry.name)
        if not rows:
            continue
        ax.plot(
            [row["place"] for row in rows],
            np.maximum([row["value"] for row in rows], LEAST),
            style.MARKS[entry.mark],
            color=entry.colour,
            label=entry.label,
            fillstyle="none" if entry.hollow else "full",
        )
    [prior] = panel.references
    ax.axhline(prior.low, color=GREY, linewidth=1)
    ax.text(1, 1.15, prior.meaning, fontsize=8, color=SMALL_PRINT)
    ax.set_yscale("log")
    ax.set_xticks(panel.x.ticks)
    ax.set_xlabel(panel.x.title)
    ax.set_ylabel(panel.y.title)
    ax.set_title(panel.title, fontsize=11)
    ax.legend(frameon=False, fontsize=9)

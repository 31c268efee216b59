"""Chart each fitted parameter's posterior beside its prior."""

from __future__ import annotations

from typing import Any

import numpy as np

from hesim.calibration.ensemble import arrays, manifest
from hesim.calibration.parameters import Parameters
from hesim.calibration.titles import parameter_name
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Key, Panel, Table
from hesim.charts.colours import BLACK, GREY

REACH = 3.2
"""Standard deviations of the prior to either side that are drawn."""
KEY = (
    Entry("prior", GREY, "prior"),
    Entry("draw", BLACK, "posterior draws", line="solid"),
    Entry("point", BLACK, "point", line="dotted"),
)


def posterior_chart(name: str) -> Chart:
    """Draws and point of each parameter, in standard deviations of its prior.

    Args:
        name: The calibration.
    """
    found, body = arrays(name), manifest(name)
    parameters = Parameters(body["plan"]["parameters"])
    panels, rows = [], []
    for k, parameter in enumerate(parameters.all):
        low = max(float(parameters.low[k]), -REACH)
        high = min(float(parameters.high[k]), REACH)
        points = found["points"][:, k]
        ticks = np.array([-2.0, 0.0, 2.0])
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        labels = tuple(
            np.format_float_positional(x, 2, fractional=False, trim="-")
            for x in parameter.back(parameter.mean + parameter.sd * ticks)
        )
        x = Axis("value", "", low=low, high=high, ticks=tuple(ticks.tolist()), labels=labels)
        spread = float(points.std())
        title = f"{parameter_name(parameter.name)}\nspread {spread:.0%} of the prior's"
        panels.append(Panel(x, Axis("", "density"), parameter.name, title))
        values = [("draw", value) for value in points] + [("point", found["point"][k])]
        rows += [{"panel": parameter.name, "series": s, "value": value} for s, value in values]
    columns = [
        Column("panel", "word"),
        Column("series", "word"),
        Column("value", unit="standard deviations of the prior"),
    ]
    return Chart(
        "posterior",
        f"What the survey says of each fitted parameter ({name} calibration)",
        Table.of(columns, rows),
        tuple(panels),
        key=Key("series", KEY),
    )


def draw(chart: Chart) -> Any:
    """Draw the prior's density, a histogram of the draws, and the point."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, axes = style.canvas(4, 5, 14.0, 10.0)
    grid = np.linspace(-REACH, REACH, 200)
    for ax, panel in zip(axes.flat, chart.panels, strict=False):
        x = panel.x
        assert x.low is not None and x.high is not None
        inside = (grid >= x.low) & (grid <= x.high)
        prior = np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi)
        ax.fill_between(grid[inside], prior[inside], color=GREY, alpha=0.35, linewidth=0)
        draws, [point] = (
            [row["value"] for row in chart.table.where(panel=panel.name, series=series)]
            for series in ("draw", "point")
        )
        ax.hist(
            draws,
            bins=24,
            range=(-REACH, REACH),
            density=True,
            histtype="step",
            color=BLACK,
            linewidth=1.4,
        )
        ax.axvline(point, color=BLACK, linestyle=":", linewidth=1)
        ax.set_xticks(x.ticks, x.labels, fontsize=8)
        ax.set_yticks([])
        ax.set_title(panel.title, fontsize=9)
    prior, posterior, one = chart.entries
    handles = [
        Patch(color=prior.colour, alpha=0.35, label=prior.label),
        Line2D([], [], color=posterior.colour, label=posterior.label),
        Line2D([], [], color=one.colour, linestyle=":", label=one.label),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    figure.suptitle(chart.title)
    return figure

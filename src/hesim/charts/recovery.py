"""Chart whether intervals hold what they promise: ranks of the truth among draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from hesim.calibration import targets as t
from hesim.calibration.ensemble import arrays
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Panel, Reference, Table
from hesim.charts.colours import BLACK, GREY
from hesim.tables import ReportTables

BINS = 10


def recovery_chart(name: str, found: dict[str, Any], tables: ReportTables) -> Chart:
    """Ranks of known parameters among posterior draws, and of the report among fake surveys.

    Args:
        name: The calibration.
        found: Its finding `recovery`.
        tables: The report's tables.
    """
    ranks = np.array(found["ranks"]).ravel().tolist()
    places = _places(name, tables)
    hold = f"{found['coverage_90']:.0%}"
    panels = (
        _panel(
            "recovery",
            f"recovery of {found['surveys']} fake surveys: 90% intervals hold {hold}",
            "rank of the true value among posterior draws",
            "parameters x fake surveys",
            len(ranks),
        ),
        _panel(
            "predictive",
            "posterior predictive ranks (their level is an input)",
            "rank of the report's cell among simulated surveys of its n",
            "cells of table 3.5",
            len(places),
        ),
    )
    rows = [
        {"panel": panel.name, "rank": rank}
        for panel, each in zip(panels, (ranks, places), strict=True)
        for rank in each
    ]
    return Chart(
        "recovery",
        f"Do the intervals say what they promise? ({name} calibration). Flat bars: yes; grey: "
        "where 95% of bars would lie",
        Table.of([Column("panel", "word"), Column("rank", unit="share")], rows),
        panels,
    )


def _panel(name: str, title: str, x: str, y: str, size: int) -> Panel:
    """A panel with the band in which 95% of its bars lie if all ranks are as likely."""
    expected = size / BINS
    spread = 1.96 * np.sqrt(expected * (1 - 1 / BINS))
    band = Reference("y", expected - spread, expected + spread, "where 95% of bars would lie")
    return Panel(Axis("rank", x, low=0.0, high=1.0), Axis("", y), name, title, references=(band,))


def _places(name: str, tables: ReportTables) -> list[float]:
    """Rank of each cell of table 3.5 among surveys of its size from the posterior's draws."""
    found = arrays(name)
    at = {str(x): k for k, x in enumerate(found["names"])}
    rng = np.random.default_rng(5)
    places = []
    for x in t.contrasts(tables):
        for key, share, n in zip(x.keys, x.shares, x.n, strict=True):
            p = found["shown"][:, at["|".join(key)]].astype(float)
            fake = rng.binomial(n, np.clip(p, 0, 1)) / n
            below, equal = (fake < share - 1e-9).mean(), (np.abs(fake - share) < 0.5 / n).mean()
            places.append(float(below + rng.uniform() * equal))
    return places


def draw(chart: Chart) -> Any:
    """Draw a histogram in each panel over the band of equally likely ranks."""
    figure, axes = style.canvas(1, 2, 11.0, 4.6)
    for ax, panel in zip(axes.flat, chart.panels, strict=True):
        ranks = [row["rank"] for row in chart.rows(panel)]
        ax.hist(ranks, bins=BINS, range=(0, 1), color=BLACK, alpha=0.6)
        [band] = panel.references
        ax.axhspan(band.low, band.high, color=GREY, alpha=0.3)
        ax.set_xlabel(panel.x.title)
        ax.set_ylabel(panel.y.title)
        ax.set_title(panel.title, fontsize=10)
        ax.yaxis.get_major_locator().set_params(integer=True)
    figure.suptitle(chart.title)
    return figure

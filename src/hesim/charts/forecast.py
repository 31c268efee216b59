"""Chart the forecast of tables 3.1 and 1.1 with its interval beside the report with its own."""

from __future__ import annotations

from typing import Any

from hesim import categories as c
from hesim.calibration import scoring
from hesim.calibration import targets as t
from hesim.calibration.ensemble import arrays
from hesim.charts import style
from hesim.charts.cells import wilson
from hesim.charts.chart import (
    Axis,
    Chart,
    Column,
    Entry,
    Interval,
    Key,
    Panel,
    Reference,
    Table,
)
from hesim.charts.colours import BLACK, GREY
from hesim.charts.names import readable
from hesim.tables import ReportTables

ROOMS = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Row and column of the panel of each group of movers; flows stand in the last column."""
KEY = (
    Entry("report", GREY, "report with 95% interval", line="solid"),
    Entry("forecast", BLACK, "forecast, 90% of the draws", "circle", "solid"),
)


def forecast_chart(name: str, tables: ReportTables) -> Chart:
    """Shares of table 3.1, a panel a group of movers, and flows of table 1.1, a panel each.

    Args:
        name: The calibration.
        tables: The report's tables.
    """
    found = arrays(name)
    order = tuple(str(x) for x in found["names"])
    scored = scoring.score_origins(tables, order, found["shown"].astype(float))
    panels: list[Panel] = []
    rows: list[dict[str, Any]] = []
    for group in c.MOVER_GROUPS:
        n = tables.n(t.HELD_OUT, group)
        mine = [x for x in scored.cells if x[0] == group]
        for _, sector, reported, mean, low, high in mine:
            ends = wilson(100 * reported, n)
            at = {"panel": group, "label": sector}
            rows += [
                at | _numbers("report", 100 * reported, *ends),
                at | _numbers("forecast", 100 * mean, 100 * low, 100 * high),
            ]
        sectors = tuple(x[1] for x in mine)
        words = "origins of" if group.endswith("_in") else "destinations of"
        kind = "entrants" if group.endswith("_in") else "leavers"
        title = f"{words} {group.split('_')[0]}'s {kind} (n = {n})"
        x = Axis("value", "% of those with a known job", low=0.0)
        y = Axis("label", "", "category", ticks=sectors, labels=tuple(map(readable, sectors)))
        panels.append(Panel(x, y, group, title))
    for flow in scoring.score_flows(tables, found["yearly"].astype(float)):
        draws = found["yearly"][:, scoring.FLOWS.index(flow.flow)].ravel()
        at = {"panel": flow.flow, "label": ""}
        rows += [at | _numbers("draw", float(value)) for value in draws]
        rows += [at | _numbers("year", value) for value in flow.reported_years]
        title = f"{flow.flow.replace('_', ' ')}: table 1.1 (lines) and forecast"
        x = Axis("value", "persons a year, teaching staff")
        references = (
            Reference("x", flow.low, flow.high, "90% of the draws"),
            Reference("x", flow.reported_mean, flow.reported_mean, "the report's mean"),
        )
        panels.append(Panel(x, Axis(""), flow.flow, title, references=references))
    held = "held out: never seen" if name.endswith("blind") else "fitted, so no validation"
    columns = [
        *(Column(each, "word") for each in ("panel", "label", "series")),
        *(Column(each) for each in ("value", "low", "high")),
    ]
    return Chart(
        "forecast",
        f"Where people come from and go to: tables 3.1 and 1.1 ({name} calibration; {held})",
        Table.of(columns, rows),
        tuple(panels),
        intervals=(Interval("low", "high", "95% of the report, 90% of the draws"),),
        key=Key("series", KEY),
    )


def _numbers(
    series: str, value: float, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    return {"series": series, "value": value, "low": low, "high": high}


def draw(chart: Chart) -> Any:
    """Draw intervals of shares as lines under one another, and flows as histograms."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, axes = style.canvas(2, 3, 14.0, 8.5)
    for panel, room in zip(chart.panels, ROOMS, strict=False):
        _draw_shares(axes[room], chart, panel)
    for panel, ax in zip(chart.panels[len(ROOMS) :], axes[:, 2], strict=True):
        _draw_flow(ax, chart, panel)
    report, forecast = chart.entries
    handles = [
        Line2D([], [], color=report.colour, linewidth=3, label=report.label),
        Line2D([], [], color=forecast.colour, marker="o", label=forecast.label),
        Patch(color=BLACK, alpha=0.5, label="flows: years of all draws"),
        Patch(color=BLACK, alpha=0.12, label="90% of them"),
        Line2D([], [], color=GREY, linewidth=0.8, label="a year of the report"),
        Line2D([], [], color=BLACK, linewidth=1.6, label="mean of its years"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=6, frameon=False)
    figure.suptitle(chart.title)
    return figure


def _draw_shares(ax: Any, chart: Chart, panel: Panel) -> None:
    reports, forecasts = (
        chart.table.where(panel=panel.name, series=series) for series in ("report", "forecast")
    )
    for y, (report, forecast) in enumerate(zip(reports, forecasts, strict=True)):
        up, down = -y + 0.15, -y - 0.15
        ax.plot([report["low"], report["high"]], [up] * 2, color=GREY, linewidth=3, alpha=0.6)
        ax.plot(report["value"], up, "|", color=GREY, markersize=9)
        ax.plot([forecast["low"], forecast["high"]], [down] * 2, color=BLACK, linewidth=1.4)
        ax.plot(forecast["value"], down, "o", color=BLACK, markersize=5)
    ax.set_yticks([-y for y in range(len(panel.y.labels))], panel.y.labels)
    ax.set_title(panel.title, fontsize=10)
    ax.set_xlabel(panel.x.title)
    ax.set_xlim(left=panel.x.low)


def _draw_flow(ax: Any, chart: Chart, panel: Panel) -> None:
    draws, years = (
        [row["value"] for row in chart.table.where(panel=panel.name, series=series)]
        for series in ("draw", "year")
    )
    interval, mean = panel.references
    ax.hist(draws, bins=30, color=BLACK, alpha=0.5, density=True)
    ax.axvspan(interval.low, interval.high, color=BLACK, alpha=0.12)
    for value in years:
        ax.axvline(value, color=GREY, linewidth=0.8)
    ax.axvline(mean.low, color=BLACK, linewidth=1.6)
    ax.set_yticks([])
    ax.set_xlabel(panel.x.title)
    ax.set_title(panel.title, fontsize=10)

"""Chart a shipped calibration: cells with intervals, posterior against prior, forecasts, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hesim.calibration.ensemble import BLIND, finding, is_blind, sibling
from hesim.charts import drawing, style
from hesim.charts.calibration_cells import contrasts_chart, inputs_chart
from hesim.charts.chart import Chart
from hesim.charts.forecast import forecast_chart
from hesim.charts.identification import identification_chart
from hesim.charts.morris import morris_chart
from hesim.charts.posterior import posterior_chart
from hesim.charts.recovery import recovery_chart
from hesim.files import put
from hesim.tables import ReportTables, read


def calibration_charts(name: str, tables: ReportTables) -> Iterator[tuple[str, Chart]]:
    """The name and the chart of each finding of a calibration.

    Args:
        name: The calibration.
        tables: The report's tables.
    """
    yield "contrasts", contrasts_chart(name, tables)
    yield "inputs", inputs_chart(name, tables)
    yield "posterior", posterior_chart(name)
    yield "forecast", forecast_chart(name, tables)
    if not is_blind(name) and (blind := sibling(name, BLIND)) is not None:
        yield "blind_forecast", forecast_chart(blind, tables)
    if found := finding(name, "recovery"):
        yield "recovery", recovery_chart(name, found, tables)
    if found := finding(name, "identification"):
        yield "identification", identification_chart(name, found)
    if found := finding(name, "morris"):
        yield "morris", morris_chart(name, found)


def draw_calibration(name: str, folder: Path, tables: ReportTables | None = None) -> Iterator[Path]:
    """Draw every chart of a calibration into a folder; yields the files.

    Args:
        name: The calibration.
        folder: Where to.
        tables: Those that it was fitted to; None: the report's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for what, chart in calibration_charts(name, tables or read()):
        file = folder / f"{Path(name).name}_{what}.png"
        put(file, style.png(drawing.draw(chart)))
        yield file

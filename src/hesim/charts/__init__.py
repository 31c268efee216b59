"""Charts: the data and description of each, and drawers that need nothing else.

A function `NAME_chart` makes a `chart.Chart` from results: one table of typed columns with units,
and words, axes, intervals and key. It draws nothing. `drawing.draw` makes a figure of any chart by
matplotlib, for files and reports; `vega.specifications` draws it for a browser.

- Of the page: `series` (over months, also of differences), `staff`.
- Of a run: `flows`, `origin_destination`, `cells`, `stock`, `differences`, `participants`.
- Of a study: `league`, `fan`, `tornado`, `dots`, `regret`, `sankey`, `participants`, `barriers`,
  `dose`, `knowing`, `structures` where it asks several, and `sentence` where there is nothing to
  draw.
- Of a calibration: `calibration_cells`, `posterior`, `forecast`, `recovery`, `identification`,
  `morris`; `calibration` makes them all.
- For all of them: `colours` (each sector has one), `names` (words for categories), `style` (the
  look of what matplotlib draws).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hesim.config import Settings
from hesim.tables import ReportTables

if TYPE_CHECKING:
    from hesim.charts.chart import Chart


def run_charts(
    summary: Sequence[Mapping[str, Any]],
    flows: Any,
    survey: Sequence[Mapping[str, Any]],
    margins: Sequence[Mapping[str, Any]],
    settings: Settings,
    tables: ReportTables,
    grade: str = "",
    participants: Sequence[Mapping[str, Any]] = (),
) -> Iterator[Chart]:
    """The charts of a run.

    Args:
        summary: Rows of summary.csv, of all arms.
        flows: The Arrow table of flows.parquet, the baseline's rows.
        survey: Rows of survey.csv, the baseline's.
        margins: Each replication's columns of margins.parquet.
        settings: The composed config.
        tables: The report's tables.
        grade: Weakest grade of the levers, in words.
        participants: Rows of participants_summary.csv; none where nobody can take part.
    """
    from hesim.charts.cells import cells_chart
    from hesim.charts.differences import differences_chart
    from hesim.charts.flows import flows_chart
    from hesim.charts.origin_destination import flow_counts, origin_destination_chart
    from hesim.charts.participants import participants_chart
    from hesim.charts.stock import stock_chart

    scale = settings.number("population.scale")
    levers = settings.mapping("levers")
    known_within = settings.integer("survey.job_known_within")
    yield flows_chart(summary, known_within, scale)
    moves = flow_counts(flows, settings.integer("years")) / scale
    for chart in (
        origin_destination_chart(moves, known_within, scale),
        cells_chart(survey, tables, settings.flag("heldout")),
        stock_chart(margins),
    ):
        yield chart.with_small("the baseline, without the levers") if levers else chart
    if levers:
        yield differences_chart(summary, list(levers), grade, known_within, scale)
    if participants:
        title = "What taking part did: policy less baseline"
        yield participants_chart(participants, title, f"effect sizes {grade}: not findings")


def draw_all(*results: Any, **more: Any) -> Iterator[tuple[str, bytes]]:
    """Draw the charts of a run and yield the name and the PNG of each.

    Args:
        *results: As for `run_charts`.
        **more: As for `run_charts`.
    """
    from hesim.charts import drawing, style

    for chart in run_charts(*results, **more):
        yield chart.form, style.png(drawing.draw(chart))

"""Put a run beside the figures held out of calibration: tables 3.1 and 1.1 (`heldout=true`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hesim.survey.crossings import DIRECT, of_whom

if TYPE_CHECKING:
    import pandas as pd

    from hesim.tables import ReportTables

TABLE = "3.1"
TEACHING = {"wo_to_hbo": "wo_to_hbo_teaching", "hbo_to_wo": "hbo_to_wo_teaching"}
"""Outcomes and the columns of table 1.1 to compare them with: its totals include support staff."""


def heldout_lines(
    survey: pd.DataFrame, summary: pd.DataFrame, tables: ReportTables
) -> Iterator[str]:
    """Say what was simulated and what the report says, in lines of text.

    Args:
        survey: The run's survey.csv.
        summary: The run's summary.csv.
        tables: The report's tables.
    """
    frame = survey[survey["table"].astype(str) == TABLE]
    mean = frame.groupby(["group", "item"], sort=False)["percent_movers"].mean()
    yield "held out: table 3.1, percent of movers with a known job, simulated | report"
    for group, item, percent in mean.reset_index().itertuples(index=False):
        reported = tables.percent(TABLE, str(item), str(group))
        given = "-" if reported is None else f"{reported:.1f}"
        yield f"  {group!s:8}{item!s:20}{percent:7.1f} |{given:>6}"
    yield "held out: table 1.1, teaching staff a year, simulated | mean of 2003-2010 (range)"
    known = summary[summary["year"].astype(str) == "all"].set_index("outcome")["mean"]
    for outcome, column in TEACHING.items():
        flows = [getattr(flow, column) for flow in tables.flows_1_1]
        given = f"{sum(flows) / len(flows):.0f} ({min(flows)} to {max(flows)})"
        direct = of_whom(float(known[DIRECT[outcome]]), ".0f")
        yield f"  {outcome:28}{known[outcome]:7.0f} | {given}; simulated: {direct}"

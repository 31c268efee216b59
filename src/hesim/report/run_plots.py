"""Draw the figures of a run again, from the files in its folder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hesim.charts import drawing
from hesim.charts.cells import cells_chart
from hesim.charts.differences import differences_chart
from hesim.charts.flows import flows_chart
from hesim.charts.origin_destination import flow_counts, origin_destination_chart
from hesim.charts.participants import participants_chart
from hesim.charts.stock import stock_chart
from hesim.input.problems import ConfigErrors, Problem
from hesim.levers.arms import BASELINE, DIFFERENCE
from hesim.record.recipe import DATA
from hesim.report.run_page import summary_rows
from hesim.study.answers.effects import records
from hesim.tables import read

if TYPE_CHECKING:
    from hesim.charts.chart import Chart
    from hesim.record.run_folder import Run

BESIDE = "the baseline, without the levers"
"""Small print of figures that show the baseline of a run with levers."""


class RunPlots:
    """The figures of a run: each method draws one and returns a matplotlib figure."""

    def __init__(self, run: Run) -> None:
        """Remember which run, with its counts as simulated."""
        self._run = run

    def __dir__(self) -> list[str]:
        """Names of the figures that this run has."""
        names = ["flows", "origin_destination", "cells", "stock"]
        if self._levers:
            names.append("differences")
        if len(self._run.participants_summary):
            names.append("participants")
        return names

    def __repr__(self) -> str:
        """The names, as they are called."""
        return "Figures of the run: " + ", ".join(f"plot.{name}()" for name in dir(self))

    def flows(self) -> Any:
        """Crossings between hbo and wo by year, with the 95% interval over replications."""
        return drawing.draw(flows_chart(summary_rows(self._run), self._known_within, self._scale))

    def origin_destination(self) -> Any:
        """Changes of job a year, from each sector to each other."""
        import pyarrow as pa

        rows = self._run.of_arm(BASELINE).flows
        table = pa.Table.from_pandas(rows, preserve_index=False)
        moves = flow_counts(table, int(self._run.settings["years"])) / self._scale
        return self._drawn(origin_destination_chart(moves, self._known_within, self._scale))

    def cells(self) -> Any:
        """Simulated against reported percentages, with the survey's 95% interval."""
        own = self._run.folder / DATA
        rows = [
            {key: None if _missing(cell) else cell for key, cell in row.items()}
            for row in records(self._run.of_arm(BASELINE).survey)
        ]
        tables = read(own if own.is_dir() else None)
        return self._drawn(cells_chart(rows, tables, bool(self._run.settings["heldout"])))

    def stock(self) -> Any:
        """Age, contract and hours of staff at the end."""
        rows = self._run.of_arm(BASELINE).margins
        parts = [part for _, part in rows.groupby("replication", observed=True)]
        return self._drawn(
            stock_chart([{str(name): part[name] for name in part} for part in parts])
        )

    def differences(self) -> Any:
        """Policy less baseline by year, with the 95% interval over pairs.

        Raises:
            ConfigErrors: the run has no levers.
        """
        if not self._levers:
            raise ConfigErrors([Problem("differences", None, "this run has no levers to compare")])
        rows = summary_rows(self._run)
        chart = differences_chart(rows, self._levers, self._grade, self._known_within, self._scale)
        return drawing.draw(chart)

    def participants(self) -> Any:
        """What taking part did, for each 100 participants.

        Raises:
            ConfigErrors: nobody can take part in the run's levers.
        """
        rows = records(self._run.participants_summary)
        if not rows:
            words = "nobody can take part in a lever of this run"
            raise ConfigErrors([Problem("participants", None, words)])
        title = "What taking part did: policy less baseline"
        return drawing.draw(
            participants_chart(rows, title, f"effect sizes {self._grade}: not findings")
        )

    def _drawn(self, chart: Chart) -> Any:
        return drawing.draw(chart.with_small(BESIDE) if self._levers else chart)

    @property
    def _levers(self) -> list[str]:
        return list(self._run.settings.get("levers") or {})

    @property
    def _grade(self) -> str:
        """Weakest grade of the levers' dials, as the rows of the difference have it."""
        rows = summary_rows(self._run)
        return next((str(row["grade"]) for row in rows if row["arm"] == DIFFERENCE), "")

    @property
    def _scale(self) -> float:
        return float(self._run.settings["population"]["scale"])

    @property
    def _known_within(self) -> int:
        return int(self._run.settings["survey"]["job_known_within"])


def _missing(cell: object) -> bool:
    return isinstance(cell, float) and math.isnan(cell)

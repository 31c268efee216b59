"""Write the table behind a chart as CSV, each row with the run that it is of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from hesim.charts.chart import Chart

Facts = Mapping[str, str]
"""What a table is of, as run, seed and scale: name and value."""


def chart_csv(chart: Chart, facts: Facts) -> str:
    """The table of a chart; the facts stand in columns of their own at its end."""
    return table_csv([column.name for column in chart.table.columns], chart.table.cells, facts)


def table_csv(header: Sequence[str], rows: Iterable[Sequence[object]], facts: Facts) -> str:
    """Rows as CSV; a column of facts that the table has itself is left out."""
    more = {name: value for name, value in facts.items() if name not in header}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, *more])
    writer.writerows([*map(_plain, row), *more.values()] for row in rows)
    return out.getvalue()


def _plain(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: words that begin like one get a quote."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell

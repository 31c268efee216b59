"""Chart a policy beside its baseline: the paired difference by year, with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import BLACK, colour_of
from hesim.charts.names import scale_note
from hesim.levers.arms import DIFFERENCE
from hesim.outcomes.registry import OUTCOMES
from hesim.outcomes.summary import is_year
from hesim.survey.crossings import definition

SECTORS = {
    "wo_to_hbo": "wo",
    "hbo_to_wo": "hbo",
    "phds_in_hbo_within_5y": "wo",
    "hbo_phd_share": "hbo",
    "turnover_hbo": "hbo",
    "vacancy_months": "",
}
"""Outcomes that have a panel, and the sector whose colour each has."""
UNITS = {"percent of staff": "percentage points", "percent of staff a year": "percentage points"}


def differences_chart(
    summary: Sequence[Mapping[str, Any]],
    levers: Sequence[str],
    grade: str,
    known_within: int,
    scale: float = 1.0,
) -> Chart:
    """Policy less baseline by year, a panel an outcome.

    Args:
        summary: Rows of summary.csv, the arm `difference` among them.
        levers: Names of the levers, for the title.
        grade: Weakest grade of their dials, in words.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    of_arm = [row for row in summary if row["arm"] == DIFFERENCE and is_year(row)]
    panels, rows, pairs = [], [], 0
    for outcome in SECTORS:
        mine = [row for row in of_arm if row["outcome"] == outcome]
        pairs = max([pairs, *(int(row["replications"]) for row in mine)])
        unit = str(mine[0]["unit"]) if mine else ""
        y = Axis("mean", UNITS.get(unit, unit))
        panels.append(Panel(Axis("year"), y, outcome, OUTCOMES[outcome].english))
        rows += [
            {
                "panel": outcome,
                "unit": y.title,
                "year": int(row["year"]),
                **{key: row[key] for key in ("mean", "low", "high")},
            }
            for row in mine
        ]
    entries = (Entry(n, colour_of(of) if of else BLACK) for n, of in SECTORS.items())
    names = ", ".join(levers) if len(levers) <= 4 else f"{len(levers)} levers"
    what = f"mean of {pairs} pairs, with its 95% interval" if pairs > 1 else "one pair"
    small = f"{what}; effect sizes {grade}: not findings{scale_note(scale)}"
    columns = [
        Column("panel", "word"),
        Column("unit", "word"),
        Column("year"),
        Column("mean"),
        Column("low"),
        Column("high"),
    ]
    return Chart(
        "differences",
        f"Policy less baseline: {names}",
        Table.of(columns, rows),
        tuple(panels),
        small=f"{small};\n{definition(known_within)}",
        intervals=(Interval("low", "high", "95% interval of the mean"),),
        key=Key("panel", tuple(entries)),
    )


def draw(chart: Chart) -> Any:
    """Draw a line with band and bars in each panel."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = style.canvas(2, 3, 11, 6.2)
    for ax, panel, entry in zip(axes.flat, chart.panels, chart.entries, strict=True):
        rows = chart.rows(panel)
        ax.axhline(0, color=BLACK, linewidth=0.8)
        years, means = [row["year"] for row in rows], [row["mean"] for row in rows]
        ax.plot(years, means, "o-", color=entry.colour, markersize=4)
        style.band(ax, [row for row in rows if row["low"] is not None], "year", entry.colour)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
        ax.set_title(panel.title, fontsize=10)
        ax.set_ylabel(panel.y.title)
    figure.suptitle(chart.title)
    style.note(figure, chart.small)
    return figure

"""Chart the crossings between hbo and wo by year, with the interval over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Table
from hesim.charts.colours import colour_of
from hesim.charts.names import scale_note
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.summary import is_year
from hesim.survey.crossings import DIRECT, definition

WAYS = (
    ("wo_to_hbo", "from wo to hbo", "wo", "circle"),
    ("hbo_to_wo", "from hbo to wo", "hbo", "square"),
)
"""Outcome, words, the sector whose colour it has, and the shape of its points."""
UNIT = "persons a year"


def flows_chart(
    summary: Sequence[Mapping[str, Any]], known_within: int, scale: float = 1.0
) -> Chart:
    """Crossings by year from the rows of summary.csv, coloured by the sector that people leave.

    A line of its own says how many of them go from job to job. With a policy there is a line of
    the policy and one of its baseline. The latter has no interval, as the two share their random
    numbers (the difference has a chart of its own).

    Args:
        summary: Rows of summary.csv.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    with_policy = any(row["arm"] == POLICY for row in summary)
    arm = POLICY if with_policy else BASELINE
    entries: list[Entry] = []
    rows: list[dict[str, Any]] = []
    pairs = 0
    for outcome, words, sector, mark in WAYS:
        colour = colour_of(sector)
        whole = f"{words}, policy" if with_policy else words
        lines = [(outcome, arm, Entry(outcome, colour, whole, mark, "solid"))]
        if with_policy:
            name = f"{outcome} {BASELINE}"
            label = f"{words}, baseline"
            lines.append((outcome, BASELINE, Entry(name, colour, label, mark, "dashed", True)))
        direct = DIRECT[outcome]
        label = f"{whole}, of whom from job to job"
        lines.append((direct, arm, Entry(direct, colour, label, line="dotted")))
        for one, of_arm, entry in lines:
            entries.append(entry)
            for row in summary:
                if row["outcome"] != one or row["arm"] != of_arm or not is_year(row):
                    continue
                known = entry.name == outcome and row["low"] is not None
                pairs = max(pairs, int(row["replications"]) if entry.name == outcome else 0)
                rows.append(
                    {
                        "way": outcome,
                        "line": entry.name,
                        "year": int(row["year"]),
                        "mean": row["mean"],
                        "low": max(0.0, row["low"]) if known else None,
                        "high": row["high"] if known else None,
                    }
                )
    what = (
        f"mean of {pairs} replications, with its 95% interval" if pairs > 1 else "one replication"
    )
    columns = [
        Column("way", "word"),
        Column("line", "word"),
        Column("year"),
        Column("mean", unit=UNIT),
        Column("low", unit=UNIT),
        Column("high", unit=UNIT),
    ]
    return Chart(
        "flows",
        "Crossings between hbo and wo",
        Table.of(columns, rows),
        (Panel(Axis("year"), Axis("mean", UNIT, low=0.0)),),
        small=f"{definition(known_within)};\n{what}; parameters at one point{scale_note(scale)}",
        intervals=(Interval("low", "high", "95% interval of the mean"),),
        key=Key("line", tuple(entries)),
    )


def draw(chart: Chart) -> Any:
    """Draw a line for each entry of the key, and a band and bars where there are intervals."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = style.canvas(1, 1, 7.5, 4.4)
    ax = axes[0, 0]
    for way in dict.fromkeys(row["way"] for row in chart.table.rows):
        rows = chart.table.where(way=way)
        lines = dict.fromkeys(row["line"] for row in rows)
        for entry in (one for one in chart.entries if one.name in lines):
            mine = [row for row in rows if row["line"] == entry.name]
            ax.plot(
                [row["year"] for row in mine],
                [row["mean"] for row in mine],
                style.MARKS[entry.mark] + style.LINES[entry.line],
                color=entry.colour,
                label=entry.label,
                fillstyle="none" if entry.hollow else "full",
            )
        assert chart.key is not None
        ends = [row for row in rows if row["low"] is not None]
        # Bars besides the band: a single year has no band, and bands may cover one another.
        style.band(ax, ends, "year", chart.key.entry(way).colour)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.margins(x=0.05)
    ax.set_ylim(bottom=chart.y.low)
    ax.set_ylabel(chart.y.title)
    ax.set_title(chart.title)
    ax.legend(frameon=False, loc="best")
    style.note(figure, chart.small)
    return figure

"""Draw the crossings between hbo and wo by year, with the interval over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.charts import style
from hesim.levers.arms import BASELINE, POLICY
from hesim.outcomes.summary import is_year
from hesim.survey.crossings import DIRECT, definition

LINES = (("wo_to_hbo", "from wo to hbo", "wo", "o"), ("hbo_to_wo", "from hbo to wo", "hbo", "s"))


def draw(summary: Sequence[Mapping[str, Any]], known_within: int, scale: float = 1.0) -> Any:
    """Two lines from the rows of summary.csv, coloured by the sector that people leave.

    A dotted line says how many of them go from job to job. With a policy each is drawn twice: the
    policy as a line, its baseline dashed, without interval, as the two share their random numbers
    (the difference has a figure of its own).

    Args:
        summary: Rows of summary.csv.
        known_within: `survey.job_known_within`, to say what a crossing is.
        scale: `population.scale`, to say that counts are scaled up.
    """
    from matplotlib.ticker import MaxNLocator

    figure, axes = style.canvas(1, 1, 7.5, 4.4)
    ax = axes[0, 0]
    used = 0
    told = POLICY if any(row["arm"] == POLICY for row in summary) else BASELINE
    for name, label, sector, mark in LINES:
        by_year = [row for row in summary if row["outcome"] == name and is_year(row)]
        rows = [row for row in by_year if row["arm"] == told]
        used = max([used, *(int(row["replications"]) for row in rows)])
        colour = style.SECTOR_COLOURS[sector]
        whole = label if told == BASELINE else f"{label}, policy"
        ax.plot(_years(rows), [row["mean"] for row in rows], f"{mark}-", color=colour, label=whole)
        if told == POLICY:
            rows_of_base = [row for row in by_year if row["arm"] == BASELINE]
            means = [row["mean"] for row in rows_of_base]
            ax.plot(
                _years(rows_of_base), means, f"{mark}--", color=colour, fillstyle="none",
                label=f"{label}, baseline",
            )  # fmt: skip
        direct = [row for row in summary if row["outcome"] == DIRECT[name] and is_year(row)]
        direct = [row for row in direct if row["arm"] == told]
        ax.plot(
            _years(direct), [row["mean"] for row in direct], ":", color=colour,
            label=f"{whole}, of whom from job to job",
        )  # fmt: skip
        ends = [row for row in rows if row["low"] is not None]
        low = [max(0.0, row["low"]) for row in ends]
        high = [row["high"] for row in ends]
        ax.fill_between(_years(ends), low, high, color=colour, alpha=0.15, linewidth=0)
        # Bars besides the band: a single year has no band, and bands may cover one another.
        ax.vlines(_years(ends), low, high, color=colour, linewidth=1)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.margins(x=0.05)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("persons a year")
    ax.set_title("Crossings between hbo and wo")
    ax.legend(frameon=False, loc="best")
    what = f"mean of {used} replications, with its 95% interval" if used > 1 else "one replication"
    rule = definition(known_within)
    style.note(figure, f"{rule};\n{what}; parameters at one point{style.scale_note(scale)}")
    return figure


def _years(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    return [int(row["year"]) for row in rows]

"""Chart the settings that each headline outcome hangs on most."""

from __future__ import annotations

from typing import Any

from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Reference, Table
from hesim.charts.colours import BLUE, GREY, ORANGE
from hesim.charts.names import readable

TITLES = {
    "wo_to_hbo": "From wo to hbo, persons a year",
    "hbo_to_wo": "From hbo to wo, persons a year",
    "turnover_wo": "Turnover of wo, percent a year",
    "turnover_hbo": "Turnover of hbo, percent a year",
    "hbo_phd_share": "PhDs among hbo's staff, percent",
    "phds_in_hbo_within_5y": "PhDs who reach hbo within five years,\npersons a year",
}
MOST = 8
"""Settings that are shown of each outcome."""
KEY = (
    Entry("raises", BLUE, "more of it raises the outcome", "circle"),
    Entry("lowers", ORANGE, "more of it lowers the outcome", "circle"),
)


def morris_chart(name: str, found: dict[str, Any]) -> Chart:
    """Mean absolute effects of the settings that matter most, a panel an outcome.

    Args:
        name: The calibration.
        found: Its finding `morris`.
    """
    panels, rows = [], []
    for outcome, words in TITLES.items():
        one = found["outcomes"][outcome]
        settings = one["settings"][:MOST]
        for row in settings:
            size, half = row["mean_absolute_effect"], row["half_width_95"]
            rows.append(
                {
                    "panel": outcome,
                    "setting": row["setting"],
                    "way": "raises" if row["mean_effect"] >= 0 else "lowers",
                    "effect": size,
                    "low": max(size - half, 0.0),
                    "high": size + half,
                }
            )
        names = tuple(str(row["setting"]) for row in settings)
        labels = tuple(readable(_without_points(each)) for each in names)
        panels.append(
            Panel(
                Axis("effect", low=0.0),
                Axis("setting", "", "category", ticks=names, labels=labels),
                outcome,
                f"{words} (mean {one['mean']:,.4g})",
                references=(Reference("x", 0.0, one["noise"], "what chance alone does"),),
            )
        )
    columns = [
        *(Column(each, "word") for each in ("panel", "setting", "way")),
        *(Column(each) for each in ("effect", "low", "high")),
    ]
    return Chart(
        "morris",
        f"What the outcomes hang on ({name} calibration; Morris, {found['trajectories']} "
        f"trajectories over {found['settings']} settings)\nChange of the outcome when a setting "
        "crosses its range: fitted ones 90% of the draws, others "
        f"{found['spread']:.0%} up and down (assumed); with 95% intervals",
        Table.of(columns, rows),
        tuple(panels),
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("way", KEY),
    )


def _without_points(path: str) -> str:
    """A setting's path below `model`, as words: its group, then what it sets."""
    group, _, rest = path.partition(".")[2].partition(".")
    return f"{group}: {rest.replace('.', ', ')}" if rest else group


def draw(chart: Chart) -> Any:
    """Draw dots with intervals over a band of what chance alone does."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, axes = style.canvas(3, 2, 14.0, 11.0)
    assert chart.key is not None
    for ax, panel in zip(axes.flat, chart.panels, strict=True):
        for y, row in enumerate(chart.rows(panel)):
            colour = chart.key.entry(row["way"]).colour
            ax.plot([row["low"], row["high"]], [-y, -y], color=colour, linewidth=1.5)
            ax.plot(row["effect"], -y, "o", color=colour)
        [chance] = panel.references
        ax.axvspan(chance.low, chance.high, color=GREY, alpha=0.25, linewidth=0)
        size = len(panel.y.ticks)
        ax.set_yticks([-y for y in range(size)], panel.y.labels, fontsize=8)
        ax.set_ylim(-size + 0.4, 0.6)
        ax.set_xlim(left=panel.x.low)
        ax.grid(axis="x", alpha=0.3)
        ax.set_title(panel.title, fontsize=10)
    handles: list[Any] = [
        Line2D([], [], marker="o", color=one.colour, label=one.label) for one in chart.entries
    ]
    handles.append(Patch(color=GREY, alpha=0.25, label=chart.panels[0].references[0].meaning))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    figure.suptitle(chart.title)
    return figure

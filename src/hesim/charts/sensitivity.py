"""Draw what the data say of each parameter, and what the outcomes hang on."""

from __future__ import annotations

from typing import Any

import numpy as np

from hesim.charts import colours, style
from hesim.charts.names import readable

TITLES = {
    "wo_to_hbo": "From wo to hbo, persons a year",
    "hbo_to_wo": "From hbo to wo, persons a year",
    "turnover_wo": "Turnover of wo, percent a year",
    "turnover_hbo": "Turnover of hbo, percent a year",
    "hbo_phd_share": "PhDs among hbo's staff, percent",
    "phds_in_hbo_within_5y": "PhDs who reach hbo within five years,\npersons a year",
}
ROWS = 8
PARAMETERS = {
    "tilt_work": "push of hbo against wo: the work",
    "tilt_people": "push of hbo against wo: people",
    "tilt_conditions": "push of hbo against wo: conditions",
    "tilt_organisation": "push of hbo against wo: organisation",
    "offer_work": "offer of hbo's jobs: the work",
    "offer_conditions": "offer of hbo's jobs: conditions",
    "offer_preconditions": "offer of hbo's jobs: preconditions",
    "pull_scale": "how gains show in answers",
    "push_scale": "how push shows in answers",
    "push_base": "start of a search, chance a year",
    "practice": "weight of practice in hbo's hiring",
    "choice_scale": "weight of what jobs offer",
    "sector_cost": "cost of a step between hbo and wo",
    "outside_cost": "cost of a step in or out",
    "contract_cost": "cost of giving up a permanent post",
    "own_hbo": "hbo's seekers who think of hbo",
    "own_wo": "wo's seekers who think of wo",
    "outside_departure": "outside jobs left for good, a year",
    "knowledge": "who knows the other sector",
    "awareness": "what a contact teaches, a month",
}
"""Fitted parameters in words."""


def words_of(parameter: str) -> str:
    """A fitted parameter in words."""
    return PARAMETERS.get(parameter, readable(parameter))


def identification(name: str, found: dict[str, Any]) -> Any:
    """Shrinkage by parameter, and the eigenvalues of what the data say."""
    figure, axes = style.canvas(1, 2, 13.0, 6.4)
    bars, lines = axes.flat
    rows = sorted(found["parameters"], key=lambda row: row["shrinkage"])
    for y, row in enumerate(rows):
        colour = colours.BLUE if row["label"] == "data" else colours.GREY
        bars.barh(y, 100 * max(row["shrinkage"], 0.0), color=colour, height=0.7)
        bars.text(100 * max(row["shrinkage"], 0.0) + 1, y, f"{row['shrinkage']:.0%}",
                  va="center", fontsize=8)  # fmt: skip
    bars.set_yticks(range(len(rows)), [words_of(r["parameter"]) for r in rows], fontsize=9)
    bars.axvline(100 * found["threshold"], color=colours.BLACK, linestyle=":", linewidth=1)
    bars.set_xlim(0, 105)
    bars.set_xlabel("of the prior's spread taken away by the data, %")
    bars.set_title("Blue: the label is data; grey: still the prior", fontsize=11)
    for key, label, colour, marker in (
        ("eigenvalues_emulator", "emulator", colours.BLACK, "o"),
        ("eigenvalues_common_random_numbers", "real runs, common random numbers", colours.ORANGE,
         "s"),
    ):  # fmt: skip
        values = np.maximum(np.array(found[key]), 1e-2)
        lines.plot(np.arange(1, values.size + 1), values, marker, color=colour, label=label,
                   fillstyle="none" if marker == "s" else "full")  # fmt: skip
    lines.axhline(1.0, color=colours.GREY, linewidth=1)
    lines.text(1, 1.15, "as much as the prior says", fontsize=8, color=colours.SMALL_PRINT)
    lines.set_yscale("log")
    lines.set_xticks([1, *range(5, len(rows) + 1, 5)])
    lines.set_xlabel("direction, strongest first")
    lines.set_ylabel(
        "what the data say of it, in units of the prior\n(eigenvalue; at most 0.01: shown at 0.01)"
    )
    lines.set_title(
        f"{found['directions_beyond_prior']} of {len(rows)} directions are known better than the "
        "prior", fontsize=11,
    )  # fmt: skip
    lines.legend(frameon=False, fontsize=9)
    figure.suptitle(f"What the survey tells of each fitted parameter ({name} calibration)")
    return figure


def morris(name: str, found: dict[str, Any]) -> Any:
    """The settings that each headline outcome hangs on most."""
    figure, axes = style.canvas(3, 2, 14.0, 11.0)
    for ax, (outcome, words) in zip(axes.flat, TITLES.items(), strict=True):
        one = found["outcomes"][outcome]
        rows = one["settings"][:ROWS]
        for y, row in enumerate(rows):
            size, wide = row["mean_absolute_effect"], row["half_width_95"]
            colour = colours.BLUE if row["mean_effect"] >= 0 else colours.ORANGE
            ax.plot([max(size - wide, 0.0), size + wide], [-y, -y], color=colour, linewidth=1.5)
            ax.plot(size, -y, "o", color=colour)
        ax.axvspan(0, one["noise"], color=colours.GREY, alpha=0.25, linewidth=0)
        labels = [row["setting"].partition(".")[2].replace(".", ": ", 1) for row in rows]
        ax.set_yticks([-y for y in range(len(rows))], [readable(x) for x in labels],
                      fontsize=8)  # fmt: skip
        ax.set_ylim(-len(rows) + 0.4, 0.6)
        ax.set_xlim(left=0)
        ax.grid(axis="x", alpha=0.3)
        ax.set_title(f"{words} (mean {one['mean']:,.4g})", fontsize=10)
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.legend(
        handles=[
            Line2D([], [], marker="o", color=colours.BLUE, label="more of it raises the outcome"),
            Line2D([], [], marker="o", color=colours.ORANGE, label="more of it lowers the outcome"),
            Patch(color=colours.GREY, alpha=0.25, label="what chance alone does"),
        ],
        loc="outside lower center", ncols=3, frameon=False,
    )  # fmt: skip
    figure.suptitle(
        f"What the outcomes hang on ({name} calibration; Morris, {found['trajectories']} "
        f"trajectories over {found['settings']} settings)\nChange of the outcome when a setting "
        "crosses its range: fitted ones 90% of the draws, others "
        f"{found['spread']:.0%} up and down (assumed); with 95% intervals"
    )
    return figure

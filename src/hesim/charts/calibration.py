"""Draw a shipped calibration: cells with intervals, posterior against prior, forecasts, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration import scoring
from hesim.calibration import targets as t
from hesim.calibration.ensemble import arrays, finding, manifest
from hesim.calibration.parameters import Parameters
from hesim.charts import colours, style
from hesim.charts.calibration_cells import contrasts, inputs
from hesim.charts.cells import wilson
from hesim.charts.names import readable
from hesim.charts.sensitivity import identification, morris, words_of
from hesim.files import put
from hesim.tables import ReportTables, read

Floats = NDArray[np.float64]


def draw_all(name: str, folder: Path) -> Iterator[Path]:
    """Draw every figure of a calibration into a folder; yields the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = read()
    drawn = {
        "contrasts": contrasts(name, tables), "inputs": inputs(name, tables),
        "posterior": posterior(name), "forecast": forecast(name, tables),
    }  # fmt: skip
    of_stage = {"recovery": recovery, "identification": identification, "morris": morris}
    for stage, draw in of_stage.items():
        found = finding(name, stage)
        if found is not None:
            drawn[stage] = draw(name, found)
    for what, figure in drawn.items():
        file = folder / f"{name}_{what}.png"
        put(file, style.png(figure))
        yield file


def posterior(name: str) -> Any:
    """Each parameter's posterior beside its prior."""
    kept, body = arrays(name), manifest(name)
    parameters = Parameters(body["plan"]["parameters"])
    figure, axes = style.canvas(4, 5, 14.0, 10.0)
    low, high = np.maximum(parameters.low, -3.2), np.minimum(parameters.high, 3.2)
    grid = np.linspace(-3.2, 3.2, 200)
    for k, (ax, parameter) in enumerate(zip(axes.flat, parameters.all, strict=False)):
        inside = (grid >= low[k]) & (grid <= high[k])
        prior = np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi)
        ax.fill_between(grid[inside], prior[inside], color=colours.GREY, alpha=0.35, linewidth=0)
        points = kept["points"][:, k]
        ax.hist(points, bins=24, range=(-3.2, 3.2), density=True, histtype="step",
                color=colours.BLACK, linewidth=1.4)  # fmt: skip
        ax.axvline(float(kept["point"][k]), color=colours.BLACK, linestyle=":", linewidth=1)
        ticks = np.array([-2.0, 0.0, 2.0])
        ticks = ticks[(ticks >= low[k]) & (ticks <= high[k])]
        shown = parameter.back(parameter.mean + parameter.sd * ticks)
        ax.set_xticks(ticks, [np.format_float_positional(x, 2, fractional=False, trim="-")
                              for x in shown], fontsize=8)  # fmt: skip
        ax.set_yticks([])
        spread = float(points.std())
        ax.set_title(f"{words_of(parameter.name)}\nspread {spread:.0%} of the prior's", fontsize=9)
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.legend(
        handles=[Patch(color=colours.GREY, alpha=0.35, label="prior"),
                 Line2D([], [], color=colours.BLACK, label="posterior draws"),
                 Line2D([], [], color=colours.BLACK, linestyle=":", label="point")],
        loc="outside lower center", ncols=3, frameon=False,
    )  # fmt: skip
    figure.suptitle(f"What the survey says of each fitted parameter ({name} calibration)")
    return figure


def forecast(name: str, tables: ReportTables) -> Any:
    """Table 3.1 and table 1.1: forecast with its interval, and the report with its own."""
    kept = arrays(name)
    order = tuple(str(x) for x in kept["names"])
    scored = scoring.score_origins(tables, order, kept["shown"].astype(float))
    figure, axes = style.canvas(2, 3, 14.0, 8.5)
    panels = dict(zip(c.MOVER_GROUPS, (axes[0, 0], axes[0, 1], axes[1, 0], axes[1, 1]),
                      strict=True))  # fmt: skip
    for group, ax in panels.items():
        rows = [x for x in scored.cells if x[0] == group]
        n = tables.n(t.HELD_OUT, group)
        for y, (_, _sector, reported, mean, low, high) in enumerate(rows):
            ends = wilson(100 * reported, n)
            ax.plot(ends, [-y + 0.15] * 2, color=colours.GREY, linewidth=3, alpha=0.6)
            ax.plot(100 * reported, -y + 0.15, "|", color=colours.GREY, markersize=9)
            ax.plot([100 * low, 100 * high], [-y - 0.15] * 2, color=colours.BLACK, linewidth=1.4)
            ax.plot(100 * mean, -y - 0.15, "o", color=colours.BLACK, markersize=5)
        ax.set_yticks([-y for y in range(len(rows))], [readable(x[1]) for x in rows])
        words = "origins of" if group.endswith("_in") else "destinations of"
        kind = "entrants" if group.endswith("_in") else "leavers"
        ax.set_title(f"{words} {group.split('_')[0]}'s {kind} (n = {n})", fontsize=10)
        ax.set_xlabel("% of those with a known job")
        ax.set_xlim(left=0)
    for ax, flow in zip(axes[:, 2], scoring.score_flows(tables, kept["yearly"].astype(float)),
                        strict=True):  # fmt: skip
        drawn = kept["yearly"][:, scoring.FLOWS.index(flow.flow)].ravel()
        ax.hist(drawn, bins=30, color=colours.BLACK, alpha=0.5, density=True)
        ax.axvspan(flow.low, flow.high, color=colours.BLACK, alpha=0.12)
        for value in flow.reported_years:
            ax.axvline(value, color=colours.GREY, linewidth=0.8)
        ax.axvline(flow.reported_mean, color=colours.BLACK, linewidth=1.6)
        ax.set_yticks([])
        ax.set_xlabel("persons a year, teaching staff")
        ax.set_title(f"{flow.flow.replace('_', ' ')}: table 1.1 (lines) and forecast", fontsize=10)
    held = "held out: never seen" if name == "blind" else "fitted, so no validation"
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[
            Line2D([], [], color=colours.GREY, linewidth=3, label="report with 95% interval"),
            Line2D([], [], color=colours.BLACK, marker="o", label="forecast, 90% of the draws"),
        ],
        loc="outside lower center", ncols=2, frameon=False,
    )  # fmt: skip
    figure.suptitle(
        f"Where people come from and go to: tables 3.1 and 1.1 ({name} calibration; {held})"
    )
    return figure


def recovery(name: str, found: dict[str, Any]) -> Any:
    """Ranks of known parameters among posterior draws, and of the report among fake surveys."""
    ranks = np.array(found["ranks"])
    figure, axes = style.canvas(1, 2, 11.0, 4.6)
    bins = 10
    axes.flat[0].hist(ranks.ravel(), bins=bins, range=(0, 1), color=colours.BLACK, alpha=0.6)
    expected = ranks.size / bins
    spread = 1.96 * np.sqrt(expected * (1 - 1 / bins))
    axes.flat[0].axhspan(expected - spread, expected + spread, color=colours.GREY, alpha=0.3)
    axes.flat[0].set_xlabel("rank of the true value among posterior draws")
    axes.flat[0].set_ylabel("parameters x fake surveys")
    axes.flat[0].set_title(
        f"recovery of {found['surveys']} fake surveys: 90% intervals hold "
        f"{found['coverage_90']:.0%}", fontsize=10,
    )  # fmt: skip
    kept = arrays(name)
    order = [str(x) for x in kept["names"]]
    tables, rng = read(), np.random.default_rng(5)
    at = {x: k for k, x in enumerate(order)}
    places = []
    for x in t.contrasts(tables):
        for key, share, n in zip(x.keys, x.shares, x.n, strict=True):
            p = kept["shown"][:, at["|".join(key)]].astype(float)
            fake = rng.binomial(n, np.clip(p, 0, 1)) / n
            below, equal = (fake < share - 1e-9).mean(), (np.abs(fake - share) < 0.5 / n).mean()
            places.append(below + rng.uniform() * equal)
    axes.flat[1].hist(places, bins=bins, range=(0, 1), color=colours.BLACK, alpha=0.6)
    expected = len(places) / bins
    spread = 1.96 * np.sqrt(expected * (1 - 1 / bins))
    axes.flat[1].axhspan(expected - spread, expected + spread, color=colours.GREY, alpha=0.3)
    axes.flat[1].set_xlabel("rank of the report's cell among simulated surveys of its n")
    axes.flat[1].set_ylabel("cells of table 3.5")
    for ax in axes.flat:
        ax.yaxis.get_major_locator().set_params(integer=True)
    axes.flat[1].set_title("posterior predictive ranks (their level is an input)", fontsize=10)
    figure.suptitle(
        f"Do the intervals say what they promise? ({name} calibration). Flat bars: yes; grey: "
        "where 95% of bars would lie"
    )
    return figure

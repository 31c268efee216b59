"""Draw a shipped calibration: cells with intervals, posterior against prior, forecasts, ranks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.calibration import scoring
from hesim.calibration import targets as t
from hesim.calibration.ensemble import arrays, manifest
from hesim.calibration.parameters import Parameters
from hesim.figures import style
from hesim.figures.cells import wilson
from hesim.run.files import put
from hesim.tables import ReportTables, read

Floats = NDArray[np.float64]
PANELS = ("3.2", "3.3", "3.4")


def draw_all(name: str, folder: Path) -> Iterator[Path]:
    """Draw every figure of a calibration into a folder; yields the files."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = read()
    drawn = {
        "contrasts": contrasts(name, tables), "inputs": inputs(name, tables),
        "posterior": posterior(name), "forecast": forecast(name, tables),
    }  # fmt: skip
    ranks = recovery(name)
    if ranks is not None:
        drawn["ranks"] = ranks
    for what, figure in drawn.items():
        file = folder / f"{name}_{what}.png"
        put(file, style.png(figure))
        yield file


def contrasts(name: str, tables: ReportTables) -> Any:
    """Table 3.5: agreement of both groups, reported with interval and simulated, a row an item."""
    kept = arrays(name)
    order = [str(x) for x in kept["names"]]
    shares = dict(zip(order, 100 * kept["mean"], strict=True))
    spread = dict(
        zip(
            order,
            np.quantile(100 * kept["shown"].astype(float), [0.05, 0.95], axis=0).T,
            strict=True,
        )
    )
    figure, axes = style.canvas(1, 2, 13.0, 10.5)
    for ax, groups in zip(axes.flat, t.DIRECTIONS, strict=True):
        rows = [x for x in t.contrasts(tables) if x.groups == groups]
        for y, x in enumerate(rows):
            for side, key in enumerate(x.keys):
                colour = style.SECTOR_COLOURS[("hbo", "wo")[side]]
                at = -y + (0.18 if side == 0 else -0.18)
                low, high = wilson(100 * x.shares[side], x.n[side])
                ax.plot([low, high], [at, at], color=colour, alpha=0.35, linewidth=3)
                ax.plot(100 * x.shares[side], at, "|", color=colour, markersize=8)
                own = "|".join(key)
                ax.plot(spread[own], [at, at], color=colour, linewidth=1)
                ax.plot(shares[own], at, "o", color=colour, markersize=4)
        labels = [
            style.readable(x.block).upper() if x.item == "overall" else style.readable(x.item)
            for x in rows
        ]
        ax.set_yticks([-y for y in range(len(rows))], labels, fontsize=8)
        ax.set_xlabel("agree, %")
        ax.set_xlim(left=0)
        ax.set_ylim(-len(rows) + 0.4, 0.6)
        ax.grid(axis="x", alpha=0.3)
        words = "entrants: pull" if groups[0].endswith("_in") else "leavers: push"
        ax.set_title(f"Table 3.5, {words}", fontsize=11)
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=style.SECTOR_COLOURS[s], marker="o", label=style.readable(s))
        for s in ("hbo", "wo")
    ]
    handles += [
        Line2D([], [], color=style.GREY, linewidth=3, marker="|", alpha=0.6,
               label="report, with the survey's 95% interval"),
        Line2D([], [], color=style.GREY, marker="o", label="model, with 90% of the draws"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    explained = manifest(name)["figures"]["deviance_explained"]
    figure.suptitle(
        f"{name} calibration: what hbo's and wo's movers agree with ({explained:.0%} of the "
        "deviance between both groups explained; the level of both is an input)"
    )
    return figure


def inputs(name: str, tables: ReportTables) -> Any:
    """Tables 3.2 to 3.4: simulated against reported, with the survey's interval."""
    kept = arrays(name)
    order = [str(x) for x in kept["names"]]
    shares = dict(zip(order, 100 * kept["mean"], strict=True))
    figure, axes = style.canvas(1, 3, 13.5, 5.6)
    for ax, table in zip(axes.flat, PANELS, strict=True):
        cells = [x for x in tables.cells if x.table == table and not t.excluded(x)]
        inside = 0
        for cell in cells:
            found, own = float(cell.percent or 0), shares["|".join(t.key_of(cell))]
            low, high = wilson(found, cell.n)
            inside += low <= own <= high
            colour = style.SECTOR_COLOURS[cell.group.partition("_")[0]]
            full = t.class_of(cell) == "input"
            ax.plot([low, high], [own, own], color=colour, alpha=0.35, linewidth=1)
            ax.plot(found, own, "o" if full else "s", color=colour, markersize=4,
                    fillstyle="full" if full else "none")  # fmt: skip
        top = ax.get_xlim()[1]
        ax.plot([0, top], [0, top], color=style.GREY, linewidth=0.8, zorder=0)
        ax.set_box_aspect(1)
        ax.set_xlabel("reported, %")
        ax.set_ylabel("simulated, %")
        ax.set_title(f"Table {table}: {inside} of {len(cells)} inside", fontsize=10)
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], linestyle="", marker="o", color=style.SECTOR_COLOURS[s],
               label=style.readable(s)) for s in ("hbo", "wo")
    ]  # fmt: skip
    handles += [
        Line2D([], [], linestyle="", marker="o", color=style.GREY, label="set for movers"),
        Line2D([], [], linestyle="", marker="s", color=style.GREY, fillstyle="none",
               label="set for stock or demands; movers follow"),
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False)
    figure.suptitle(f"{name} calibration: tables that went into the model (no validation)")
    return figure


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
        ax.fill_between(grid[inside], prior[inside], color=style.GREY, alpha=0.35, linewidth=0)
        points = kept["points"][:, k]
        ax.hist(points, bins=24, range=(-3.2, 3.2), density=True, histtype="step",
                color=style.BLACK, linewidth=1.4)  # fmt: skip
        ax.axvline(float(kept["point"][k]), color=style.BLACK, linestyle=":", linewidth=1)
        ticks = np.array([-2.0, 0.0, 2.0])
        shown = parameter.back(parameter.mean + parameter.sd * ticks)
        ax.set_xticks(ticks, [f"{x:.2g}" for x in shown], fontsize=8)
        ax.set_yticks([])
        spread = float(points.std())
        ax.set_title(
            f"{style.readable(parameter.name)}: sd {spread:.2f} of the prior's", fontsize=9
        )
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.legend(
        handles=[Patch(color=style.GREY, alpha=0.35, label="prior"),
                 Line2D([], [], color=style.BLACK, label="posterior draws"),
                 Line2D([], [], color=style.BLACK, linestyle=":", label="point")],
        loc="outside lower center", ncols=3, frameon=False,
    )  # fmt: skip
    figure.suptitle(f"{name} calibration: what the survey says of each parameter, beside the prior")
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
            ax.plot(ends, [-y + 0.15] * 2, color=style.GREY, linewidth=3, alpha=0.6)
            ax.plot(100 * reported, -y + 0.15, "|", color=style.GREY, markersize=9)
            ax.plot([100 * low, 100 * high], [-y - 0.15] * 2, color=style.BLACK, linewidth=1.4)
            ax.plot(100 * mean, -y - 0.15, "o", color=style.BLACK, markersize=5)
        ax.set_yticks([-y for y in range(len(rows))], [style.readable(x[1]) for x in rows])
        words = "origins of" if group.endswith("_in") else "destinations of"
        kind = "entrants" if group.endswith("_in") else "leavers"
        ax.set_title(f"{words} {group.split('_')[0]}'s {kind} (n = {n})", fontsize=10)
        ax.set_xlabel("% of those with a known job")
        ax.set_xlim(left=0)
    for ax, flow in zip(axes[:, 2], scoring.score_flows(tables, kept["yearly"].astype(float)),
                        strict=True):  # fmt: skip
        drawn = kept["yearly"][:, scoring.FLOWS.index(flow.flow)].ravel()
        ax.hist(drawn, bins=30, color=style.BLACK, alpha=0.5, density=True)
        ax.axvspan(flow.low, flow.high, color=style.BLACK, alpha=0.12)
        for value in flow.reported_years:
            ax.axvline(value, color=style.GREY, linewidth=0.8)
        ax.axvline(flow.reported_mean, color=style.BLACK, linewidth=1.6)
        ax.set_yticks([])
        ax.set_xlabel("persons a year, teaching staff")
        ax.set_title(f"{flow.flow.replace('_', ' ')}: table 1.1 (lines) and forecast", fontsize=10)
    held = "held out: never seen" if name == "blind" else "fitted, so no validation"
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[
            Line2D([], [], color=style.GREY, linewidth=3, label="report with 95% interval"),
            Line2D([], [], color=style.BLACK, marker="o", label="forecast, 90% of the draws"),
        ],
        loc="outside lower center", ncols=2, frameon=False,
    )  # fmt: skip
    figure.suptitle(f"{name} calibration: tables 3.1 and 1.1 ({held})")
    return figure


def recovery(name: str) -> Any:
    """Ranks of known parameters among posterior draws, and of the report among fake surveys."""
    from hesim.calibration.ship import shipped_folder

    file = shipped_folder() / f"{name}_recovery.json"
    if not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    ranks = np.array(found["ranks"])
    figure, axes = style.canvas(1, 2, 11.0, 4.6)
    bins = 10
    counts = axes.flat[0].hist(ranks.ravel(), bins=bins, range=(0, 1), color=style.BLACK, alpha=0.6)
    expected = ranks.size / bins
    spread = 1.96 * np.sqrt(expected * (1 - 1 / bins))
    axes.flat[0].axhspan(expected - spread, expected + spread, color=style.GREY, alpha=0.3)
    axes.flat[0].set_xlabel("rank of the true value among posterior draws")
    axes.flat[0].set_ylabel("parameters x fake surveys")
    axes.flat[0].set_title(
        f"recovery of {found['surveys']} fake surveys: 90% intervals hold "
        f"{found['coverage_90']:.0%}", fontsize=10,
    )  # fmt: skip
    del counts
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
    axes.flat[1].hist(places, bins=bins, range=(0, 1), color=style.BLACK, alpha=0.6)
    expected = len(places) / bins
    spread = 1.96 * np.sqrt(expected * (1 - 1 / bins))
    axes.flat[1].axhspan(expected - spread, expected + spread, color=style.GREY, alpha=0.3)
    axes.flat[1].set_xlabel("rank of the report's cell among simulated surveys of its n")
    axes.flat[1].set_ylabel("cells of table 3.5")
    axes.flat[1].set_title("posterior predictive ranks (their level is an input)", fontsize=10)
    figure.suptitle(f"{name} calibration: rank histograms; grey: 95% if all were well")
    return figure

"""Chart the doses of a lever: its effect against the share that takes part, and what it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.calibration.titles import structure_title
from hesim.charts import style
from hesim.charts.chart import (
    Axis,
    Chart,
    Column,
    Entry,
    Interval,
    Key,
    Panel,
    Scale,
    Table,
    is_known,
)
from hesim.charts.colours import BLACK, BLUE, signs_of

EFFORTS = {
    "share": "share that takes part",
    "euros": "euros a year, days priced",
    "days": "working days a year",
}
"""What stands along the axis of each panel, with its words."""
BEYOND = "{}\n2 means twice as many places (dial: {})"
"""The same for shares above 1, with the dial that makes them."""
WIDE = 15.0
"""How far apart the largest and the smallest figure are for an axis to be logarithmic."""
MEANING = "95% intervals; open: not distinguishable from zero; square: the usual share"


def dose_chart(rows: Sequence[Mapping[str, Any]], title: str, unit: str, small: str = "") -> Chart:
    """A panel for each measure of effort that the lever has, with a line for each structure.

    Args:
        rows: `structure` (empty without several), `share`, `euros`, `days`, `usual`, `dial` (that
            makes a share above 1), `effect`, `effect_low`, `effect_high` and `distinguishable`; the
            smallest share first.
        title: What is shown.
        unit: Unit of the effect.
        small: Small print.
    """
    made = [
        {
            "panel": name,
            "structure": str(row["structure"]),
            "effort": row[name],
            "mean": row["effect"],
            "low": row["effect_low"],
            "high": row["effect_high"],
            "usual": bool(row["usual"]),
            "distinguishable": bool(row["distinguishable"]),
        }
        for name in EFFORTS
        for row in rows
        if is_known(row[name]) and row[name] > 0
    ]
    names = [name for name in EFFORTS if any(row["panel"] == name for row in made)]
    columns = [
        Column("panel", "word"),
        Column("structure", "word"),
        Column("effort"),
        *(Column(name, unit=unit) for name in ("mean", "low", "high")),
        Column("usual", "flag"),
        Column("distinguishable", "flag"),
    ]
    structures = list(dict.fromkeys(str(row["structure"]) for row in rows))
    entries = tuple(
        Entry(name, colour if name else BLUE, structure_title(name), line="solid")
        for name, (colour, _) in signs_of(structures).items()
    )
    beyond = next((str(row["dial"]) for row in rows if row["dial"]), "")
    axes = {**EFFORTS, "share": BEYOND.format(EFFORTS["share"], beyond)} if beyond else EFFORTS
    panels = tuple(
        Panel(
            Axis("effort", axes[name], _scale([r["effort"] for r in made if r["panel"] == name])),
            Axis("mean", unit),
            name,
        )
        for name in names
    )
    several = len(structures) > 1
    told = []
    for row in rows:
        where = f"{structure_title(str(row['structure']))} " if several else ""
        told.append(f"{where}{row['share']:g}: {row['effect']:+.3g}")
    return Chart(
        "dose",
        title,
        Table.of(columns, made),
        panels,
        f"{MEANING}\n{small}",
        f"{title}. By share that takes part: {'; '.join(told)}",
        intervals=(Interval("low", "high", "95% interval"),),
        key=Key("structure", entries, "structure"),
    )


def _scale(values: Sequence[float]) -> Scale:
    """Logarithmic where values are far apart."""
    return "log" if max(values) > WIDE * min(values) else "linear"


def draw(chart: Chart) -> Any:
    """Draw lines with intervals, all panels with the same axis upwards."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    panels = chart.panels
    figure, axes = style.canvas(1, len(panels), 3.4 * len(panels) + 0.8, 4.0)
    flat = list(axes.flat)
    for ax, panel in zip(flat, panels, strict=True):
        for entry in chart.entries:
            rows = [row for row in chart.rows(panel) if row["structure"] == entry.name]
            _draw_line(ax, rows, entry)
        ax.axhline(0, color=BLACK, linewidth=0.8, zorder=1)
        ax.set_xscale(panel.x.scale)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
        ax.xaxis.set_minor_formatter(NullFormatter())
        if panel.x.scale == "linear":
            ax.set_xlim(left=0)
        ax.set_xlabel(panel.x.title, fontsize=9)
        style.grid(ax, "y")
    bottom = min(ax.get_ylim()[0] for ax in flat)
    top = max(ax.get_ylim()[1] for ax in flat)
    for ax in flat:
        ax.set_ylim(bottom, top)
    flat[0].set_ylabel(panels[0].y.title, fontsize=9)
    if len(chart.entries) > 1:
        flat[0].legend(frameon=False, fontsize=8, loc="best")
    figure.suptitle(chart.title, fontsize=11)
    style.note(figure, chart.small)
    return figure


def _short(value: float) -> str:
    """A figure at an axis: millions as such."""
    return f"{value / 1e6:,g} m" if abs(value) >= 1e6 else f"{value:,g}"


def _draw_line(ax: Any, rows: Sequence[Mapping[str, Any]], entry: Entry) -> None:
    """Draw the doses of one structure."""
    at = [row["effort"] for row in rows]
    ax.plot(at, [row["mean"] for row in rows], color=entry.colour, lw=1.2, label=entry.label)
    known = [row for row in rows if row["low"] is not None]
    if known:
        efforts = [row["effort"] for row in known]
        low, high = [row["low"] for row in known], [row["high"] for row in known]
        ax.fill_between(efforts, low, high, color=entry.colour, alpha=0.15, linewidth=0)
        ax.vlines(efforts, low, high, color=entry.colour, linewidth=1)
    for row in rows:
        face = entry.colour if row["distinguishable"] else "white"
        mark = style.MARKS["square" if row["usual"] else "circle"]
        ax.plot(row["effort"], row["mean"], mark, color=entry.colour, mfc=face, ms=6, zorder=3)

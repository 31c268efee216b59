"""Chart what each barrier contributes to what stands between wo and hbo, in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hesim.calibration.titles import structure_title
from hesim.charts import style
from hesim.charts.chart import Axis, Chart, Column, Entry, Interval, Key, Panel, Reference, Table
from hesim.charts.colours import BLACK, GREY, SMALL_PRINT, signs_of

NUMBERS = ("mean", "low", "high", "noise_low", "noise_high")


@dataclass(frozen=True)
class BarrierLabels:
    """What the chart says of its own accord; English unless told otherwise.

    Attributes:
        share: Title of the axis.
        signs: What its marks and lines are.
        interval: What the thin line is.
        noise: What the thick line is.
        alone: What the line across is; `bar` is filled in.
        structure: A structure; `name` is filled in.
        titles: What structures are called; others have their usual titles.
    """

    share: str = "share of the difference that the barriers make, %"
    signs: str = (
        "mark: mean over draws; thin: 95% interval over draws, with Monte Carlo noise; thick: that "
        "noise alone; faint dots: draws; hollow: not told from nothing"
    )
    interval: str = "95% interval over draws, with Monte Carlo noise"
    noise: str = "Monte Carlo noise alone"
    alone: str = "{bar}%: carries it alone"
    structure: str = "{name}"
    titles: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """A structure in words."""
        return self.structure.format(name=self.titles.get(name) or structure_title(name))


def barriers_chart(
    contributions: Sequence[Mapping[str, Any]],
    draws: Sequence[Mapping[str, Any]],
    title: str,
    small: str,
    bar: float,
    labels: BarrierLabels | None = None,
) -> Chart:
    """A panel for each direction, a row for each barrier, the largest on top.

    Args:
        contributions: Rows of the table `barriers` of `study.answers.barriers`, of single
            structures.
        draws: Rows of the table `barriers_draws`.
        title: What is shown.
        small: Small print.
        bar: Share above which one barrier would carry the decomposition alone.
        labels: What it says of its own accord, in another language than English.
    """
    said = labels or BarrierLabels()
    rows = [
        {
            "panel": row["direction"],
            "structure": row["structure"],
            "barrier": row["barrier"],
            "what": "mean",
            "sure": row["distinguishable"],
            **{key: row[f"share_percent{'' if key == 'mean' else f'_{key}'}"] for key in NUMBERS},
            "persons": row["contribution"],
        }
        for row in contributions
    ]
    order = _order(rows)
    titles = {str(row["barrier"]): str(row["title"]) for row in contributions}
    rows += [
        {
            "panel": row["direction"],
            "structure": row["structure"],
            "barrier": row["barrier"],
            "what": "draw",
            "sure": True,
            "mean": row["share_percent"],
            "persons": row["contribution"],
        }
        for row in draws
    ]
    columns = [
        *(Column(name, "word") for name in ("panel", "structure", "barrier", "what")),
        Column("sure", "flag"),
        *(Column(name, unit="percent of the difference") for name in NUMBERS),
        Column("persons", unit="persons a year"),
    ]
    names = tuple(dict.fromkeys(str(row["structure"]) for row in contributions))
    entries = tuple(
        Entry(name, colour, said.named(name), mark)
        for name, (colour, mark) in signs_of(names).items()
    )
    y = Axis("barrier", "", "category", ticks=order, labels=tuple(titles[name] for name in order))
    x = Axis("mean", said.share)
    line = Reference("x", bar, bar, said.alone.format(bar=f"{bar:g}"))
    ways = {str(row["direction"]): str(row["title_direction"]) for row in contributions}
    panels = tuple(Panel(x, y, way, words, references=(line,)) for way, words in ways.items())
    return Chart(
        "barriers",
        title,
        Table.of(columns, rows),
        panels,
        f"{said.signs}\n{small}",
        f"{title}. {_in_words(rows, titles, ways, said)}",
        intervals=(
            Interval("low", "high", said.interval),
            Interval("noise_low", "noise_high", said.noise),
        ),
        key=Key("structure", entries),
    )


def _order(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Barriers from the one with the smallest mean share to the largest, which stands on top."""
    of_barrier: dict[str, list[float]] = {}
    for row in rows:
        of_barrier.setdefault(str(row["barrier"]), []).append(float(row["mean"]))
    return tuple(sorted(of_barrier, key=lambda name: sum(of_barrier[name]) / len(of_barrier[name])))


def _in_words(
    rows: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    ways: Mapping[str, str],
    labels: BarrierLabels,
) -> str:
    told = []
    for panel, structure in dict.fromkeys((row["panel"], row["structure"]) for row in rows):
        mine = [
            row
            for row in rows
            if (row["panel"], row["structure"], row["what"]) == (panel, structure, "mean")
        ]
        mine.sort(key=lambda row: -row["mean"])
        parts = ", ".join(f"{titles[str(r['barrier'])].lower()} {r['mean']:.0f}%" for r in mine)
        told.append(f"{ways[str(panel)]}, {labels.named(str(structure))}: {parts}")
    return ". ".join(told)


def draw(chart: Chart) -> Any:
    """Draw a mark and intervals for each barrier and structure, over faint dots of its draws."""
    assert chart.key is not None
    names, entries = chart.panels[0].y.ticks, chart.entries
    figure, axes = style.canvas(
        1, len(chart.panels), 11.0, 2.2 + (0.3 + 0.14 * len(entries)) * len(names)
    )
    for ax, panel in zip(axes.flat, chart.panels, strict=True):
        for k, entry in enumerate(entries):
            shift = 0.22 * ((len(entries) - 1) / 2 - k)
            _draw_structure(ax, chart, panel, entry, shift)
        ax.axvline(0, color=BLACK, linewidth=0.8, zorder=1)
        for one in panel.references:
            ax.axvline(one.low, color=GREY, linewidth=1, linestyle=":", zorder=1)
            ax.text(
                one.low,
                -0.55,
                one.meaning,
                fontsize=7,
                color=SMALL_PRINT,
                rotation=90,
                ha="right",
                va="bottom",
            )
        ax.set_yticks(range(len(names)), panel.y.labels if ax is axes[0, 0] else [""] * len(names))
        ax.set_ylim(-0.6, len(names) - 0.4)
        style.grid(ax)
        ax.set_xlabel(panel.x.title)
        ax.set_title(panel.title, fontsize=11)
    # The explanation is the legend's title: a line of its own would lie over the legend.
    figure.legend(
        handles=_handles(entries),
        title=chart.small,
        title_fontsize=8,
        frameon=False,
        fontsize=9,
        loc="outside lower center",
        ncols=len(entries),
    )
    ends = [end for ax in axes.flat for end in ax.get_xlim()]
    for ax in axes.flat:
        ax.set_xlim(min(ends), max(ends))
    figure.suptitle(chart.title)
    return figure


def _draw_structure(ax: Any, chart: Chart, panel: Panel, entry: Entry, shift: float) -> None:
    for row in chart.table.where(panel=panel.name, structure=entry.name):
        y = panel.y.ticks.index(row["barrier"]) + shift
        if row["what"] == "draw":
            if row["mean"] is not None:
                ax.plot(
                    row["mean"],
                    y - 0.1,
                    ".",
                    color=entry.colour,
                    alpha=0.35,
                    markersize=4,
                    zorder=2,
                )
            continue
        for low, high, width in (("low", "high", 1.2), ("noise_low", "noise_high", 4.0)):
            if row[low] is not None:
                ax.plot(
                    [row[low], row[high]],
                    [y, y],
                    color=entry.colour,
                    linewidth=width,
                    alpha=1.0 if width < 2 else 0.5,
                    zorder=3,
                )
        if row["mean"] is not None:
            face = entry.colour if row["sure"] else "white"
            ax.plot(
                row["mean"],
                y,
                style.MARKS[entry.mark],
                color=entry.colour,
                markerfacecolor=face,
                markersize=6,
                zorder=4,
            )


def _handles(entries: Sequence[Entry]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D(
            [], [], color=one.colour, marker=style.MARKS[one.mark], linewidth=1.2, label=one.label
        )
        for one in entries
    ]

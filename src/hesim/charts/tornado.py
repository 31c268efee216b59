"""Draw which uncertainties matter: a tornado, or indices with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hesim.charts import style
from hesim.charts.league import is_known


class Caption(NamedTuple):
    """What a picture says of itself: what is shown, what its axis counts, and the small print."""

    title: str
    axis: str
    small: str


def draw(rows: Sequence[Mapping[str, Any]], caption: Caption) -> Any:
    """Bars of the change at each value of each uncertainty, the widest on top.

    Args:
        rows: `uncertainty`, `value`, `usual`, `mean`, `low`, `high`.
        caption: What the picture says of itself.
    """
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row["uncertainty"]), []).append(row)
    order = sorted(grouped, key=lambda name: max(abs(r["mean"]) for r in grouped[name]))
    figure, axes = style.canvas(1, 1, 8.6, 2.0 + 0.55 * len(order))
    ax = axes[0, 0]
    for y, name in enumerate(order):
        group = grouped[name]
        for k, row in enumerate(group):
            last = k == len(group) - 1
            colour = style.BLUE if last else style.ORANGE
            # Two bars share the line where both ends go the same way.
            up = y + 0.17 * (1 if last else -1)
            ax.barh(up, row["mean"], height=0.3, color=colour, zorder=2)
            if is_known(row["low"]):
                ax.plot([row["low"], row["high"]], [up, up], color=style.BLACK, lw=1, zorder=3)
    for colour, what in ((style.ORANGE, "low end"), (style.BLUE, "high end")):
        ax.barh([0], [0], color=colour, label=what)
    names = [
        f"{_short(name)}\n{' to '.join(_number(r['value']) for r in _ends(grouped[name]))}"
        for name in order
    ]
    ax.axvline(0, color=style.BLACK, linewidth=0.8, zorder=4)
    _name(ax, names, caption)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
    lines = "against the usual settings, same seeds; lines: 95% interval"
    style.note(figure, f"{lines}\n{caption.small}")
    return figure


def draw_swings(rows: Sequence[Mapping[str, Any]], caption: Caption) -> Any:
    """Dots of the change from the low to the high end, by regression.

    Args:
        rows: `uncertainty`, `mean`, `low`, `high`, `from`, `to`.
        caption: What the picture says of itself.
    """
    order = sorted(rows, key=lambda row: abs(row["mean"]))
    names = [
        f"{_short(str(r['uncertainty']))}\n{_number(r['from'])} to {_number(r['to'])}"
        for r in order
    ]
    series = [("", style.BLUE, [(r["mean"], r["low"], r["high"]) for r in order])]
    return _dots(names, series, caption)


def draw_indices(
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[tuple[str, str, str]],
    caption: Caption,
) -> Any:
    """Dots of sensitivity indices with their 95% intervals.

    Args:
        rows: `uncertainty` and the columns named.
        columns: Column of the index, column of half its interval, and label.
        caption: What the picture says of itself.
    """
    order = sorted(rows, key=lambda row: row[columns[-1][0]])
    names = [_short(str(row["uncertainty"])) for row in order]
    colours = (style.SKY, style.BLUE)
    series = [
        (label, colour, [(r[value], r[value] - r[half], r[value] + r[half]) for r in order])
        for (value, half, label), colour in zip(columns, colours, strict=False)
    ]
    return _dots(names, series, caption)


def _dots(
    names: list[str],
    series: Sequence[tuple[str, str, list[tuple[float, float, float]]]],
    caption: Caption,
) -> Any:
    figure, axes = style.canvas(1, 1, 8.6, 2.0 + 0.5 * len(names))
    ax = axes[0, 0]
    for k, (label, colour, values) in enumerate(series):
        for y, (mean, low, high) in enumerate(values):
            up = y + 0.16 * (k - (len(series) - 1) / 2) * 2
            ax.plot([low, high], [up, up], color=colour, linewidth=1.4, zorder=2)
            ax.plot(mean, up, "o", color=colour, zorder=3, label=label if y == 0 else None)
    ax.axvline(0, color=style.BLACK, linewidth=0.8)
    _name(ax, names, caption)
    ax.set_ylim(-0.6, len(names) - 0.4)
    if len(series) > 1:
        ax.legend(frameon=False, fontsize=8, loc="best")
    style.note(figure, f"lines: 95% interval\n{caption.small}")
    return figure


def _name(ax: Any, names: list[str], caption: Caption) -> None:
    """Name what stands in the rows, what the axis counts, and what is shown."""
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel(caption.axis)
    style.title(ax, caption.title)


def _ends(group: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return group if len(group) < 3 else [group[0], group[-1]]


def _short(path: str) -> str:
    """The last two parts of a path: what it is called, and of what."""
    return ".".join(path.split(".")[-2:]).replace("_", " ")


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)

"""Draw shares of staff by band or category, hbo and wo side by side, both arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.pictures import svg
from hesim.app.pictures.level import cells, level, runs_told
from hesim.app.words import Words
from hesim.charts.colours import SECTOR_COLOURS

WIDTH = 340.0
LEFT, RIGHT, TOP, ROW = 158.0, 44.0, 34.0, 15.0
ROOM = WIDTH - 2 * svg.EDGE
"""Pixels of a line of small print."""


def draw(
    name: str,
    bands: Sequence[str],
    arms: Mapping[str, Sequence[NDArray[np.float64]]],
    words: Words,
    note: str = "",
) -> svg.Picture:
    """Draw percentages of each sector's staff.

    Args:
        name: Name of the picture.
        bands: Names of the bands.
        arms: By arm, staff by sector (hbo, wo) and band of each replication, shape (2, bands).
        words: Language.
        note: A line of small print.
    """
    share = {arm: level([_shares(each) for each in many]) for arm, many in arms.items()}
    sectors = [s for s in (c.HBO, c.WO) if any(each.runs[s].any() for each in share.values())]
    per_band = len(sectors) * len(arms) * ROW + 8
    canvas = svg.Canvas(WIDTH, TOP + per_band * len(bands))
    canvas.text(8, 14, words(name), size=13, bold=True)
    canvas.text(8, 27, words("percent_of_staff"), size=10, colour=svg.SOFT)
    # The end of the interval where there is one, or else the mean.
    ends = [np.fmax(each.mean[s], each.high[s]) for each in share.values() for s in sectors]
    tops = [float(np.nanmax(each)) for each in ends if np.isfinite(each).any()]
    top = max([*tops, 1e-9])
    rows: list[tuple[object, ...]] = []
    told = []
    y = TOP
    for k, band in enumerate(bands if sectors else ()):
        canvas.text(LEFT - 6, y + per_band / 2 - 1, words(band), anchor="end", size=11)
        for sector in sectors:
            for arm, found in share.items():
                one = found.part(sector)
                value = float(one.mean[k])
                width = (WIDTH - LEFT - RIGHT) * value / top if value == value else 0.0
                colour = SECTOR_COLOURS[c.SECTORS[sector]]
                policy = arm == "policy"
                spread = svg.bracket(float(one.low[k]), float(one.high[k]), words)
                figure = f"{words.number(value, 1)}%{spread}"
                label = f"{words(c.SECTORS[sector])}, {words(arm)}: {figure}"
                canvas.rect(
                    LEFT,
                    y,
                    width,
                    ROW - 3,
                    "#ffffff" if policy else colour,
                    stroke=colour,
                    hint=label,
                )
                end = LEFT + width
                if spread:
                    low, high = (
                        LEFT + (WIDTH - LEFT - RIGHT) * float(each[k]) / top
                        for each in (one.low, one.high)
                    )
                    canvas.line(low, y + ROW / 2 - 1.5, high, y + ROW / 2 - 1.5, svg.TEXT, 1.2)
                    end = max(end, high)
                canvas.text(end + 4, y + ROW - 5, f"{words.number(value, 1)}", size=10)
                persons = np.mean([each[sector, k] for each in arms[arm]])
                rows.append(
                    (arm, c.SECTORS[sector], band, round(float(persons), 2), *cells(one, k))
                )
                if not policy:
                    told.append(f"{words(band)}, {label}")
                y += ROW
        y += 8
    counts = [int(each.runs[s].max()) for each in share.values() for s in sectors]
    runs = runs_told(counts, words) if sectors else words("no_figure_staff")
    small = [words("bars_note"), *[words("bars_policy")] * (len(arms) > 1), *[note] * bool(note)]
    lines = [line for text in ("; ".join(small), runs) for line in svg.wrap(text, ROOM, 10)]
    canvas.paragraph(canvas.height + 12, lines, size=10, colour=svg.SOFT)
    told.append(runs)
    header = ("arm", "sector", "band", "persons", "percent", "low", "high", "replications")
    return canvas.picture(name, words(name), "; ".join(told), header, rows)


def _shares(staff: NDArray[np.float64]) -> NDArray[np.float64]:
    """Percent of each sector's staff; not a number where a sector has none."""
    whole = staff.sum(axis=1, keepdims=True) + np.zeros(staff.shape)
    return 100.0 * np.divide(staff, whole, out=np.full(staff.shape, np.nan), where=whole > 0)

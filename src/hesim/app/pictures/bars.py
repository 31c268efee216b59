"""Draw shares of staff by band or category, hbo and wo side by side, both arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hesim import categories as c
from hesim.app.pictures import svg
from hesim.app.words import Words
from hesim.figures.style import SECTOR_COLOURS

WIDTH = 340.0
LEFT, RIGHT, TOP, ROW = 158.0, 44.0, 34.0, 15.0


def draw(
    name: str,
    bands: Sequence[str],
    arms: Mapping[str, NDArray[np.float64]],
    words: Words,
    note: str = "",
) -> svg.Picture:
    """Draw percentages of each sector's staff.

    Args:
        name: Name of the picture.
        bands: Names of the bands.
        arms: By arm, staff by sector (hbo, wo) and band, shape (2, bands).
        words: Language.
        note: A line of small print.
    """
    sectors = [s for s in (c.HBO, c.WO) if any(a[s].sum() > 0 for a in arms.values())]
    per_band = len(sectors) * len(arms) * ROW + 8
    height = TOP + per_band * len(bands) + 24
    canvas = svg.Canvas(WIDTH, height)
    canvas.text(8, 14, words(name), size=13, bold=True)
    canvas.text(8, 27, words("percent_of_staff"), size=10, colour=svg.SOFT)
    share = {
        arm: 100.0 * a / np.maximum(a.sum(axis=1, keepdims=True), 1) for arm, a in arms.items()
    }
    top = max([float(s.max()) for s in share.values()] + [1e-9])
    rows: list[tuple[object, ...]] = []
    told = []
    y = TOP
    for k, band in enumerate(bands):
        canvas.text(LEFT - 6, y + per_band / 2 - 1, words(band), anchor="end", size=11)
        for sector in sectors:
            for arm, values in share.items():
                value = float(values[sector, k])
                width = (WIDTH - LEFT - RIGHT) * value / top
                colour = SECTOR_COLOURS[c.SECTORS[sector]]
                policy = arm == "policy"
                label = f"{words(c.SECTORS[sector])}, {words(arm)}: {words.number(value, 1)}%"
                canvas.rect(LEFT, y, width, ROW - 3, "#ffffff" if policy else colour,
                            stroke=colour, hint=label)  # fmt: skip
                canvas.text(LEFT + width + 4, y + ROW - 5, f"{words.number(value, 1)}", size=10)
                rows.append((arm, c.SECTORS[sector], band, round(float(arms[arm][sector, k]), 2),
                             round(value, 3)))  # fmt: skip
                if not policy:
                    told.append(f"{words(band)}, {label}")
                y += ROW
        y += 8
    small = [words("bars_note"), *[words("bars_policy")] * (len(arms) > 1), *[note] * bool(note)]
    canvas.text(8, height - 6, "; ".join(small), size=10, colour=svg.SOFT)
    header = ("arm", "sector", "band", "persons", "percent")
    return canvas.picture(name, words(name), "; ".join(told), header, rows)

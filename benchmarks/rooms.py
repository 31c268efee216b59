"""Draw the rooms of the package and which of them import which.

    uv run python -m benchmarks.rooms docs/images/rooms.svg
    uv run python -m benchmarks.rooms before.svg --package OTHER_CHECKOUT/src/hesim

`tests/support/structure.py` reads the sources; a test in `tests/base` guards the direction.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from hesim.charts.style import svg

HERE = Path(__file__).resolve().parents[1]
ABOUT = {
    "tables": "the report's tables, checked",
    "config": "settings: one entry each",
    "population": "who works where in 2011, who enters later",
    "model": "state, order of events, one module an event or rule",
    "levers": "what acts on a model from outside",
    "scenario": "settings together with their levers",
    "survey": "the questionnaire, asked as the report's survey asked it",
    "outcomes": "the registry, and what computes each outcome",
    "cautions": "what of valid settings may mislead",
    "record": "one reader and writer of what a world leaves",
    "story": "one person, one institution",
    "execution": "the loop over months, worker processes, engines",
    "calibration": "inputs, fit, posterior, validation",
    "study": "points, store, answers; a run is a study of one point",
    "charts": "figures for files and reports",
    "figures": "figures for files and reports",
    "report": "the page on paper",
    "app": "the page in the browser",
    "run": "one run: baseline and policy",
    "base": "categories, random numbers, compilation, files, processes",
    "top": "commands and the Python API",
}
DOWN, UP = "#7a8b99", "#d55e00"


def main(argv: Sequence[str] | None = None) -> int:
    """Draw a package's rooms into a file."""
    sys.path.insert(0, str(HERE / "tests" / "support"))
    structure: Any = import_module("structure")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rooms", description=__doc__)
    parser.add_argument("picture", type=Path, help="file to write, .svg or .png")
    parser.add_argument(
        "--package", type=Path, default=structure.PACKAGE, help="src/hesim of a checkout"
    )
    parser.add_argument("--title", default="Rooms of hesim")
    asked = parser.parse_args(argv)
    # Rooms of older checkouts that are gone since; they lay beside those that followed them.
    for name, beside in (("run", "study"), ("figures", "charts"), ("cautions", "outcomes")):
        structure.LEVEL.setdefault(name, structure.LEVEL[beside])
    found = structure.imports(asked.package)
    sizes = structure.size(asked.package)

    def line_of(room: str) -> str:
        if room in structure.BASE:
            return "base"
        return "top" if room in structure.TOP else room

    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for room, (number, length) in sizes.items():
        files[line_of(room)] += number
        lines[line_of(room)] += length
    order = list(dict.fromkeys(map(line_of, sizes)))
    arrows = Counter(
        (line_of(structure.room_of(one.importer)), line_of(structure.room_of(one.imported)))
        for one in found
    )
    rings = structure.circles(structure.running(found))
    upwards = sum(one.upwards for one in found)
    title = (
        f"{asked.title}: {sum(files.values())} files, {sum(lines.values()):,} lines, "
        f"imports upwards: {upwards}, circles: {len(rings)}"
    )
    _draw(order, files, lines, arrows, title, asked.picture)
    print(structure.text_of(sizes, found))
    return 0


def _draw(
    order: list[str],
    files: Counter[str],
    lines: Counter[str],
    arrows: Counter[tuple[str, str]],
    title: str,
    path: Path,
) -> None:
    from matplotlib.figure import Figure
    from matplotlib.patches import Arc

    figure = Figure(figsize=(11.0, 0.42 * len(order) + 1.2), layout="constrained")
    axes = figure.add_subplot()
    height = {room: k for k, room in enumerate(order)}
    for room, y in height.items():
        axes.text(0.0, y, room, ha="left", va="center", fontsize=11, weight="bold")
        about = f"{ABOUT.get(room, '')}  ({files[room]} files, {lines[room]:,} lines)"
        axes.text(1.9, y, about, ha="left", va="center", fontsize=9, color="#333333")
    for (importer, imported), number in arrows.items():
        a, b = height[importer], height[imported]
        if a == b:
            continue
        down = a > b
        x, color = (9.8, DOWN) if down else (-0.15, UP)
        width = 0.5 * abs(a - b)
        axes.add_patch(
            Arc(
                (x, (a + b) / 2),
                width,
                abs(a - b),
                theta1=-90 if down else 90,
                theta2=90 if down else 270,
                color=color,
                lw=0.6 + 0.25 * number**0.6,
                alpha=0.75,
            )
        )
    axes.set_xlim(-2.5, 15.0)
    axes.set_ylim(-0.7, len(order) - 0.3)
    axes.set_axis_off()
    axes.set_title(title, fontsize=11, loc="left")
    axes.text(
        9.6,
        -0.6,
        "grey: imports of a room below; orange, at the left: of a room above",
        fontsize=8,
        color="#333333",
        ha="center",
    )
    path.write_text(svg(figure), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

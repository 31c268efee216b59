"""The chart of what taking part did: horizons with figures, and axes that can be read."""

from __future__ import annotations

import itertools

from hesim.charts.drawing import draw
from hesim.charts.participants import PANELS, participants_chart


def _row(after: str, measure: str, difference: float) -> dict[str, object]:
    return {
        "lever": "job_swap",
        "after": after,
        "measure": measure,
        "difference": difference,
        "difference_low": difference,
        "difference_high": difference,
        "distinguishable": bool(difference),
    }


def test_the_key_names_only_horizons_that_have_figures() -> None:
    rows = [_row("12 months", measure, 2.0) for measure in PANELS]
    assert [entry.label for entry in participants_chart(rows, "title").entries] == [
        "after 12 months"
    ]
    rows += [_row("36 months", measure, 3.0) for measure in PANELS]
    assert [entry.label for entry in participants_chart(rows, "title").entries] == [
        "after 12 months",
        "after 36 months",
    ]


def test_marks_of_a_panel_without_an_effect_stand_apart() -> None:
    rows = [_row("12 months", measure, 0.0) for measure in PANELS]
    figure = draw(participants_chart(rows, "title"))
    figure.canvas.draw()
    for ax in figure.axes:
        assert ax.get_xlim() == (-1.0, 1.0)
        boxes = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_text()]
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))

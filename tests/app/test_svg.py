"""Words in pictures: lines that fit their room."""

from __future__ import annotations

from hesim.app.pictures.svg import width_of, wrap


def test_what_stands_in_brackets_stays_together_where_a_line_holds_it() -> None:
    text = "a crossing (from job to job) counts"
    assert wrap(text, width_of("(from job to job)", 12)) == [
        "a crossing",
        "(from job to job)",
        "counts",
    ]


def test_no_line_is_wider_than_its_room() -> None:
    text = "moves (a crossing goes from job to job, or the next job begins at most 18 months later)"
    lines = wrap(text, 200)
    assert " ".join(lines) == text
    assert all(width_of(line, 12) <= 200 for line in lines)

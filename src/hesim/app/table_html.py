"""Write tables of the page so that they fit any screen."""

from __future__ import annotations

from html import escape


def wide(table: str, label: str) -> str:
    """A table that scrolls by itself where it is wider than the screen, by mouse and by key.

    Args:
        table: The table, as HTML.
        label: What it shows, for those who do not see it.
    """
    return (
        f"<div class='hesim-wide-table' style='overflow-x:auto' tabindex='0' role='region' "
        f"aria-label='{escape(label)}'>{table}</div>"
    )

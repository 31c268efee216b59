"""Show in a report what taking part in levers did: the same table as on screen and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hesim.record.participant_table import TITLES, UNIT
from hesim.report import page

GROUPS = {
    "participants": "those who took part",
    "others": "all other people",
    "everybody": "both together",
}
"""What each group is called."""


def participants_table(
    rows: Sequence[Mapping[Any, Any]], of: str = "", first: Sequence[str] = ()
) -> str:
    """The table as HTML, folded, as it is long.

    Args:
        rows: Its rows.
        of: End of the caption.
        first: Columns before that of the lever.
    """
    heads = {name: name.capitalize() for name in (*first, "lever")} | {
        "group": "Who",
        "after": "After",
        "measure": "What",
        "persons": "Participants",
        "baseline": "Baseline",
        "policy": "Policy",
        "difference": "Difference",
        "difference_low": "95% from",
        "difference_high": "to",
    }
    shown = [
        {**row, "group": GROUPS[str(row["group"])], "measure": TITLES[str(row["measure"])]}
        for row in rows
    ]
    caption = f"What taking part did, {UNIT}, policy less baseline{of}"
    return page.fold(caption, page.table(shown, heads))

"""The table of barriers in the report of a study."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from hesim.report.study_page import _barrier_tables


def test_each_row_names_its_barrier_and_its_structure_by_title() -> None:
    row = {
        "title_direction": "From wo to hbo",
        "structure": "growing",
        "title": "Familiarity",
        "off": "Whoever works in hbo or wo thinks of both.",
    }
    numbers = ("contribution", "share_percent")
    row |= {f"{name}{end}": 1.0 for name in numbers for end in ("", "_low", "_high")}
    [table] = _barrier_tables(SimpleNamespace(tables={"barriers": pd.DataFrame([row])}))
    assert "Familiarity" in table and "growing permanent posts in wo" in table

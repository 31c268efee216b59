"""Make the interactive league: choose an outcome, point at a row for its figures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from hesim.calibration.titles import structure_title
from hesim.charts.names import outcome_title
from hesim.config.folders import STRUCTURE
from hesim.levers.titles import arm_title
from hesim.study.points import CENTRAL

SCRIPT = files("hesim.report").joinpath("league.js").read_text(encoding="utf-8")

COLUMNS = {
    "arm": "arm",
    "scenario": "scenario",
    "outcome": "outcome",
    "unit": "unit",
    "grade": "grade",
    "mean": "difference_mean",
    "low": "difference_low",
    "high": "difference_high",
}


def explorer(rows: Sequence[Mapping[str, Any]], outcome: str) -> str:
    """The chart with its data, for a screen; paper has the still league.

    Args:
        rows: Rows of the comparison that have a difference. Each structure of a study that asks
            several is shown by itself, as a scenario is.
        outcome: What is shown first.
    """
    data = [{key: _plain(row.get(column)) for key, column in COLUMNS.items()} for row in rows]
    for shown in data:
        shown |= {
            "title": arm_title(shown["arm"]),
            "outcome_title": outcome_title(shown["outcome"]),
        }
    structures = any(STRUCTURE in row for row in rows)
    for shown, row in zip(data, rows, strict=True) if structures else ():
        of = "" if row["scenario"] == CENTRAL else f", {row['scenario']}"
        shown["scenario"] = f"{structure_title(str(row[STRUCTURE]))}{of}"
    where = "Structure" if structures else "Scenario"
    text = json.dumps(data).replace("<", "\\u003c")
    return (
        '<div class="screen"><p class="small"><label>Outcome: <select id="league-outcome">'
        f'</select></label> <label>{where}: <select id="league-scenario"></select></label> '
        "Point at a row for its figures.</p>"
        f'<div id="league-chart" data-outcome="{escape(outcome, quote=True)}"></div>'
        '<p id="league-told" class="small" aria-live="polite">&nbsp;</p>'
        f'<script type="application/json" id="league-data">{text}</script>'
        f"<script>{SCRIPT}</script></div>"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    return value

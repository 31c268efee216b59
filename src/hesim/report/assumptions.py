"""List what a result rests on: levers' dials, what varied, and every setting with its label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hesim.config.schema import read_schema
from hesim.config.trees import leaves
from hesim.levers.registry import GRADES
from hesim.report import page
from hesim.sources import packaged


def dials(arms: Mapping[str, Mapping[str, Any]]) -> str:
    """A table of the dials of all levers of the arms."""
    rows: dict[str, dict[str, Any]] = {}
    for levers in arms.values():
        for lever, body in levers.items():
            for dial, facts in (body.get("dials") or {}).items():
                if not isinstance(facts, Mapping):
                    continue
                between = (facts.get("min"), facts.get("max"))
                rows.setdefault(
                    f"{lever}.{dial}",
                    {
                        "lever": lever,
                        "dial": dial,
                        "value": body.get(dial),
                        "range": " to ".join(page.cell_text(end) for end in between),
                        "unit": facts.get("unit", ""),
                        "grade": GRADES.get(str(facts.get("grade")), str(facts.get("grade", ""))),
                        "source": facts.get("source", ""),
                    },
                )
    columns = {
        "lever": "Lever",
        "dial": "Dial",
        "value": "Value",
        "range": "Range",
        "unit": "Unit",
        "grade": "Grade",
        "source": "Source",
    }
    return page.table(list(rows.values()), columns, "Effect sizes of the levers, as set")


def settings_html(values: Mapping[str, Any]) -> str:
    """How many settings rest on what, and all of them folded."""
    schema = read_schema(packaged())
    rows = []
    for path, value in leaves(values):
        meaning = schema.find(path)
        if meaning is None or meaning.label in ("", "setting"):
            continue
        rows.append(
            {
                "path": path,
                "value": str(value),
                "unit": meaning.unit,
                "label": meaning.label,
                "source": meaning.source,
            }
        )
    counts = Counter(row["label"] for row in rows)
    said = ", ".join(f"{count} {label}" for label, count in counts.most_common())
    columns = {
        "path": "Setting",
        "value": "Value",
        "unit": "Unit",
        "label": "Label",
        "source": "Source",
    }
    return page.paragraph(
        f"The model's settings by what they rest on: {said}. Data: from the report; derived: by "
        "arithmetic from it; prior: a starting point for calibration; assumed: nobody knows."
    ) + page.fold("All settings with value, label and source", page.table(rows, columns))

"""Say of which run a chart is: what stands in the name and the rows of each file of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hesim.app.levers import weakest
from hesim.charts.table_file import Facts
from hesim.levers.arms import BASELINE, POLICY

if TYPE_CHECKING:
    from hesim.app.visitor import Visit

LONGEST = 40
"""Letters of a fact in the name of a file."""
IN_NAME = ("run", "seed", "months", "scenario", "scale", "calibration", "grade")


def origin_facts(visit: Visit) -> Facts:
    """Run, seed, months, scenario, scale, calibration and grade of what is looked at."""
    served, view = visit.served, visit.view.value
    settings = served.settings
    if served.answers is not None:
        study = served.answers.study
        arms = [view.arm, view.other]
        return {
            "run": study.name,
            "seed": str(settings["seed"]),
            "months": _months(settings.text("start"), 12 * settings.integer("years")),
            "scenario": " and ".join(arm for arm in arms if arm) or "all arms",
            "scale": f"{settings.number('population.scale'):g}",
            "calibration": settings.text("calibration"),
            "grade": "by arm",
        }
    snapshot = visit.snapshot
    month = view.at(snapshot.month) if snapshot is not None else 0
    keys = visit.levers.keys()
    policy = snapshot is not None and POLICY in snapshot.arms
    return {
        "run": served.folder.name if served.folder is not None else "live",
        "seed": str(settings["seed"] if view.seed is None else view.seed),
        "months": _months(visit.first, month),
        "scenario": "+".join(sorted(keys)) if policy and keys else BASELINE,
        "scale": f"{snapshot.scale if snapshot else settings.number('population.scale'):g}",
        "calibration": settings.text("calibration"),
        "grade": weakest(keys) or "none",
    }


def _months(start: str, count: int) -> str:
    first = 12 * int(start[:4]) + int(start[5:7]) - 1
    year, month = divmod(first + max(count, 1) - 1, 12)
    return f"{start} to {year}-{month + 1:02d}"


def download_name(name: str, facts: Facts) -> str:
    """The name of a file without its ending: plain letters, digits, points and dashes."""
    parts = [name]
    for key in IN_NAME:
        text = re.sub(r"[^A-Za-z0-9.+-]+", "-", facts.get(key, ""))[:LONGEST].strip("-.")
        parts.append(f"{key}-{text}" if key in ("seed", "scale") else text)
    return "_".join(["hesim", *(part for part in parts if part)])

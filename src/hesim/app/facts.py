"""Say of which run a chart is: what stands in the name and the rows of each file of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.app.levers import weakest
from hesim.charts.table_file import Facts
from hesim.levers.arms import BASELINE, POLICY
from hesim.record.content import MANIFEST, content_of, manifest_of

if TYPE_CHECKING:
    from hesim.app.visitor import Visit

LONGEST = 40
"""Letters of a fact in the name of a file."""
IN_NAME = ("run", "seed", "months", "scenario", "scale", "calibration", "grade")


@cache
def own_version() -> str:
    """Version of hesim that simulates here and made the recorded answers."""
    return version("hesim")


def version_named(manifest: Mapping[str, Any]) -> str:
    """Version of hesim that a manifest names; empty if it names none."""
    versions = manifest.get("versions")
    return str(versions.get("hesim", "")) if isinstance(versions, Mapping) else ""


@cache
def version_of_run(folder: Path) -> str:
    """Version of hesim that made a run on disk; empty where that cannot be read."""
    try:
        return version_named(manifest_of(content_of(folder / MANIFEST)))
    except (OSError, ValueError):
        return ""


def origin_facts(visit: Visit) -> Facts:
    """Run, seed, months, scenario, scale, calibration, grade and version of what is looked at."""
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
            "hesim": version_named(study.manifest),
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
        "hesim": own_version() if served.folder is None else version_of_run(served.folder),
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

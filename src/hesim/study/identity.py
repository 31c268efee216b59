"""Say what a study's results depend on, and what of it differs now: settings, data, code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.trees import leaves
from hesim.levers.own_process import process_hashes
from hesim.record.content import read_yaml
from hesim.record.recipe import own_tables
from hesim.sources import source_hashes
from hesim.study.arms import with_all_levers
from hesim.tables.schema import TOLD

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.points import StudyPlan

STRUCTURES = "structures"
"""Fact of a study that asks several structures: the settings of each, by its name."""
READ_OFF = (
    "record/participants.py",
    "record/watch.py",
    "record/whereabouts.py",
    "study/observation.py",
    "study/twins.py",
)
"""Code that reads the outcomes of a row off a world."""


FREE = (
    "replications",
    "study.replications",
    "study.precision",
    "study.most_replications",
    "study.question",
    "study.outcome",
    "study.better",
    "study.threshold",
)
"""Settings that may be changed on resume: they add rows or ask otherwise, and change no row."""


@cache
def code_hashes() -> dict[str, str]:
    """Hash of each file of code that can change a row, by its path in the package."""
    return source_hashes(*READ_OFF)


def data_of(settings: Settings) -> tuple[dict[str, str], dict[str, bytes]]:
    """Hash of each table's file, and the content of those that replace packaged ones."""
    from hesim.tables import read

    folder = None if settings["data"] is None else Path(settings.text("data"))
    return dict(read(folder).hashes), own_tables(settings)


def without_machine(settings: Settings) -> dict[str, Any]:
    """Settings that can change a result or an answer, nested."""
    nested: dict[str, Any] = read_yaml(settings.yaml())
    return nested


def bound_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that decide rows: all but those in `FREE`."""
    made = {key: value for key, value in settings.items() if key not in FREE}
    study = made.get("study")
    if isinstance(study, Mapping):
        made["study"] = {k: v for k, v in study.items() if f"study.{k}" not in FREE}
    return made


def bound_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that decide rows."""
    made = {**facts, "settings": bound_settings(facts["settings"])}
    if STRUCTURES in facts:
        made[STRUCTURES] = {name: bound_settings(one) for name, one in facts[STRUCTURES].items()}
    return made


def study_digest(manifest: Mapping[str, Any]) -> str:
    """One hash of all that decides the rows of a study: two studies that share it share rows."""
    matter = [
        bound_facts(manifest["facts"]),
        manifest["uncertainties"],
        manifest["arm_levers"],
        manifest["points"],
    ]
    text = json.dumps(matter, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def facts_of(plan: StudyPlan, data: Mapping[str, str]) -> dict[str, Any]:
    """Everything that must be the same for the rows of a study to belong together."""
    facts = {
        "settings": without_machine(plan.settings),
        "arms": {arm.name: arm.settings for arm in plan.arms},
        "plan_sha256": plan.digest(),
        "data_sha256": dict(data),
        "code": {**code_hashes(), **process_hashes(with_all_levers(plan.settings, plan.arms))},
    }
    if plan.structures:
        each = plan.structures.items()
        facts[STRUCTURES] = {name: without_machine(settings) for name, settings in each}
    # As they come back from a file.
    made: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return made


def fact_differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between two sets of facts, in words, one line each."""
    lines: list[str] = []
    for key, what in (
        ("settings", ""),
        (STRUCTURES, "structure "),
        ("arms", "levers: "),
        ("data_sha256", "data: "),
        ("code", "code: "),
    ):
        before, after = dict(leaves(then.get(key, {}))), dict(leaves(now.get(key, {})))
        for path in sorted({*before, *after}):
            if before.get(path) == after.get(path) or (key == "data_sha256" and path in TOLD):
                continue
            if key in ("code", "data_sha256"):
                gone = "is new" if path not in before else "is gone"
                both = path in before and path in after
                lines.append(f"{what}{path} {'has changed' if both else gone}")
            else:
                lines.append(f"{what}{path}: was {before.get(path)!r}, is {after.get(path)!r}")
    if not lines and then["plan_sha256"] != now["plan_sha256"]:
        lines.append("the plan: the same settings now give other points")
    return lines

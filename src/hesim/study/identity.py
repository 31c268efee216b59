"""Say what a study's results depend on, and what of it differs now: settings, data, code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config.settings import leaves

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.study.plan import Plan

RESULTS_DEPEND_ON = (
    "categories.py", "random.py", "tables", "population", "model", "levers", "survey",
    "study/observing.py", "run/summary.py",
)  # fmt: skip
"""Code that can change a row; the rest of the package plans, stores and shows."""


@cache
def code_hashes() -> dict[str, str]:
    """Hash of each file of code that can change a result, by its path in the package."""
    package = Path(__file__).resolve().parents[1]
    files: list[Path] = []
    for name in RESULTS_DEPEND_ON:
        place = package / name
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.is_file()
    return {
        file.relative_to(package).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in files
    }


def code_digest() -> str:
    """One hash of all code that can change a result."""
    return hashlib.sha256(json.dumps(code_hashes(), sort_keys=True).encode()).hexdigest()[:16]


def data_of(settings: Settings) -> tuple[dict[str, str], dict[str, bytes]]:
    """Hash of each table's file, and the content of those that replace packaged ones."""
    from hesim.tables import read

    folder = None if settings["data"] is None else Path(settings.text("data"))
    content = {}
    if folder is not None:
        content = {file.name: file.read_bytes() for file in sorted(folder.glob("*.csv"))}
    return dict(read(folder).hashes), content


def without_machine(settings: Settings) -> dict[str, Any]:
    """Settings that can change a result or an answer, nested."""
    import yaml

    kept: dict[str, Any] = yaml.safe_load(settings.yaml())
    return kept


def facts_of(plan: Plan, data: Mapping[str, str]) -> dict[str, Any]:
    """Everything that must be the same for the rows of a study to belong together."""
    facts = {
        "settings": without_machine(plan.settings),
        "arms": {arm.name: arm.settings for arm in plan.arms},
        "plan_sha256": plan.digest(),
        "data_sha256": dict(data),
        "code": code_hashes(),
    }
    # As they come back from a file.
    made: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return made


def differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs between two sets of facts, in words, one line each."""
    lines: list[str] = []
    for key, what in (
        ("settings", ""),
        ("arms", "levers: "),
        ("data_sha256", "data: "),
        ("code", "code: "),
    ):
        before, after = dict(leaves(then[key])), dict(leaves(now[key]))
        for path in sorted({*before, *after}):
            if before.get(path) == after.get(path):
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

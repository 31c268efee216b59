"""Hold what a study of barriers found: that of the package, or of the study that a visitor opens.

The package ships one, as it takes twenty minutes to make. `python -m benchmarks.recorded_barriers`
writes it from a finished study.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from hesim.config.trees import leaves
from hesim.sources import digest

if TYPE_CHECKING:
    import pandas as pd

    from hesim.config import Settings
    from hesim.study.folder import Study

FILE = "recorded_barriers.json"
WORLD = ("model", "population")
"""Groups of settings that make a world."""
SCALE = "population.scale"
IDEAS = ("recommendations.csv", "initiatives.csv")
"""Tables that no world reads: what the report recommends, and what was done."""
DIGITS = 5
"""Digits of the numbers in the file."""


@dataclass(frozen=True, eq=False)
class Decomposition:
    """What stands between wo and hbo, barrier by barrier.

    Attributes:
        facts: `name`, `made`, `commit`, `runs`, `scale`, `start`, `years`, `first` and `last` year
            of the means, hash of the report's `tables`, and `structures`: of each its `calibration`
            and a hash of its `settings`.
        tables: As `study.answers.barriers.answer_barriers` makes them.
    """

    facts: Mapping[str, Any]
    tables: dict[str, pd.DataFrame]

    @property
    def calibrations(self) -> dict[str, str]:
        """Name of the calibration of each structure."""
        return {name: str(one["calibration"]) for name, one in self.facts["structures"].items()}


def decomposition_of(study: Study) -> Decomposition:
    """What a study of barriers found."""
    from hesim.study.answers.barriers import answer_barriers, measured_years
    from hesim.study.points import CENTRAL

    settings, facts = study.settings, study.manifest["facts"]
    first, last = measured_years(study)
    # A study of one structure holds its settings once.
    structures = facts.get("structures") or {str(settings.get("structure", CENTRAL)): settings}
    told = {
        "name": study.name,
        "made": str(study.manifest["created"])[:10],
        "commit": str(study.manifest.get("commit") or "")[:12],
        "runs": study.completeness.whole,
        "scale": float(settings["population"]["scale"]),
        "start": str(settings["start"]),
        "years": int(settings["years"]),
        "first": first,
        "last": last,
        "tables": tables_hash(facts["data_sha256"]),
        "structures": {
            name: {"calibration": str(one["calibration"]), "settings": world_hash(one)}
            for name, one in structures.items()
        },
    }
    return Decomposition(told, answer_barriers(study))


def world_hash(settings: Mapping[str, Any] | Settings) -> str:
    """A hash of the settings that make a world, but for its scale.

    Args:
        settings: Composed settings, or those of a study as nested mappings.
    """
    groups = {name: settings[name] for name in WORLD}
    known = {path: value for path, value in leaves(groups) if path != SCALE}
    text = json.dumps(known, sort_keys=True, default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tables_hash(hashes: Mapping[str, str]) -> str:
    """A hash of the report's tables that worlds are made from.

    Args:
        hashes: Hash of each table by the name of its file.
    """
    return digest({k: v.encode() for k, v in hashes.items() if k not in IDEAS})[:16]


@cache
def recorded_decomposition() -> Decomposition:
    """The decomposition of the package."""
    text = resources.files("hesim.app").joinpath(FILE).read_text(encoding="utf-8")
    return decomposition_from(text)


def decomposition_text(found: Decomposition) -> str:
    """A decomposition as the file of the package."""
    tables = {
        name: {
            "columns": list(frame.columns),
            "rows": [[_plain(value) for value in row] for row in frame.itertuples(index=False)],
        }
        for name, frame in found.tables.items()
    }
    body = {"facts": dict(found.facts), "tables": tables}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def decomposition_from(text: str) -> Decomposition:
    """Read what `decomposition_text` wrote."""
    import pandas as pd

    body = json.loads(text)
    tables = {
        name: pd.DataFrame(
            [[float("nan") if x is None else x for x in row] for row in one["rows"]],
            columns=one["columns"],
        )
        for name, one in body["tables"].items()
    }
    return Decomposition(body["facts"], tables)


def _plain(value: Any) -> Any:
    """A cell as JSON has it; a number that is not known is null."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return None if value != value else float(f"{value:.{DIGITS}g}")
    return value


def run_apart(found: Decomposition, settings: Settings, levers: bool) -> Iterator[str]:
    """Say in what a run differs from the worlds of a decomposition: keys of words of the page.

    Args:
        found: The decomposition.
        settings: Settings of the run, without its levers.
        levers: Whether levers are on in the run.
    """
    facts = found.facts
    calibration = settings.text("calibration")
    mine = [one for one in facts["structures"].values() if one["calibration"] == calibration]
    if not mine:
        yield "barriers_other_calibration"
    elif world_hash(settings) not in {one["settings"] for one in mine}:
        yield "barriers_other_settings"
    if settings.number(SCALE) != facts["scale"]:
        yield "barriers_other_scale"
    span = settings.text("start"), settings.integer("years")
    if span != (facts["start"], facts["years"]):
        yield "barriers_other_years"
    if levers:
        yield "barriers_levers"


def decomposition_age(
    found: Decomposition, structures: Mapping[str, Settings], in_force: str, tables: str
) -> list[str]:
    """Say why a decomposition does not belong to what is in force; empty if it does.

    Args:
        found: The decomposition.
        structures: Packaged settings of each of its structures, with the calibration it names.
        in_force: Calibration that runs take.
        tables: Hash of the report's tables.
    """
    said = []
    if in_force not in found.calibrations.values():
        said.append(f"calibration {in_force} is in force, and it has none of that")
    for name, settings in structures.items():
        if world_hash(settings) != found.facts["structures"][name]["settings"]:
            said.append(f"settings or calibrated values of structure {name} have changed")
    if found.facts["tables"] != tables:
        said.append("the report's tables have changed")
    again = "make it again: hesim barriers, then uv run python -m benchmarks.recorded_barriers"
    return [f"The recorded barriers of the page are out of date: {one}; {again}" for one in said]

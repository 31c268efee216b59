"""Say what made the rows of a study, and describe its folder in datapackage.json.

Both come from the manifest and the settings alone, so a part says the same whoever wrote it, and
in whichever session. Code that can change a row is the same in all sessions. Version and commit are
those that the study was begun with; `sessions` in the manifest has those of each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hesim.config.folders import CALIBRATION, STRUCTURE
from hesim.files import put
from hesim.record.content import SETTINGS, content_of
from hesim.record.description import STUDY, Origin, table_named
from hesim.record.package import PACKAGE_FILE, package_text, resource_of
from hesim.study.identity import STRUCTURES, study_digest
from hesim.study.inspection import Part
from hesim.study.soundness import DESIGN, PARTS, POINTS

EFFORT = "effort.csv"
"""The shares at which arms spend the same, where a study asks for that."""
SETTINGS_HASH = "settings_sha256"
"""Entry of the manifest with the hash of config.yaml as it was first written."""


def origin_of_study(manifest: Mapping[str, Any], folder: Path) -> Origin:
    """What made a study.

    Args:
        manifest: Of the study.
        folder: The study.

    Raises:
        ValueError: the settings cannot be read, and the manifest is too old to hold their hash.
    """
    settings = manifest["facts"]["settings"]
    each = manifest["facts"].get(STRUCTURES, {})
    calibrations = [str(one.get(CALIBRATION, "none")) for one in each.values()]
    if len(set(calibrations)) == 1:
        del calibrations[1:]
    written = manifest.get(SETTINGS_HASH)
    return Origin(
        version=str(manifest["versions"].get("hesim", "")),
        commit=str(manifest.get("commit") or ""),
        code_sha256=str(manifest.get("code_sha256") or ""),
        settings_sha256=written or hashlib.sha256(content_of(folder / SETTINGS)).hexdigest(),
        scale=float(settings["population"]["scale"]),
        seed=int(settings["seed"]),
        calibration=", ".join(calibrations) or str(settings.get(CALIBRATION, "none")),
        structure=", ".join(each) or str(settings.get(STRUCTURE, "")),
        study=study_digest(manifest),
    )


def write_study_package(folder: Path, origin: Origin, parts: Sequence[Part]) -> None:
    """Write datapackage.json: points, design, effort, and the parts that are there.

    Args:
        folder: The study.
        origin: What made it.
        parts: Those that count.
    """
    title = "A study of hesim: labour mobility in Dutch higher education, simulated"
    facts = {**origin.texts(), "settings": SETTINGS}
    resources = list(_resources(folder, parts))
    put(folder / PACKAGE_FILE, package_text("hesim-study", title, facts, resources))


def drop_study_package(folder: Path) -> None:
    """Delete datapackage.json, since it does not hold while parts are written and merged."""
    (folder / PACKAGE_FILE).unlink(missing_ok=True)


def _resources(folder: Path, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    for name in (POINTS, DESIGN, EFFORT):
        table = table_named(Path(name).stem, STUDY)
        if (folder / name).is_file() and table is not None:
            yield resource_of(folder / name, table)
    for part in parts:
        for what, file in (("results", part.results), ("status", part.status)):
            made = resource_of(file, f"{STUDY}/{what}", f"{PARTS}/{file.name}")
            # A part has a number of its own; of the only one it would say nothing.
            number = "" if len(parts) == 1 else f"-{part.number:06}"
            yield {**made, "name": f"{what}-parquet{number}"}

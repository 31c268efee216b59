"""Make files of a study again of which what is whole says everything; rows are never touched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hesim.config import ConfigErrors, Settings
from hesim.files import put
from hesim.record.content import MANIFEST, SETTINGS
from hesim.scenario import compose
from hesim.study.arms import Arm
from hesim.study.identity import STRUCTURES
from hesim.study.manifest import (
    COPY,
    Damage,
    NoStudy,
    read_study_manifest,
    sound_manifest,
    write_study_manifest,
)
from hesim.study.origin import origin_of_study
from hesim.study.plan import plan_settings
from hesim.study.points import StudyPlan
from hesim.study.soundness import (
    DESIGN,
    PARTS,
    POINTS,
    Edit,
    damaged_files,
    sound_settings,
)
from hesim.study.store import own, write_plan


def repair(folder: Path) -> list[str]:
    """Make the manifest, the settings, the points and the design again where they are damaged.

    The manifest comes from its copy, the settings from the manifest; points and design are planned
    again from these, and must have the hash of the first plan. The rows are checked against them
    when they are read.

    Returns:
        Words about each file that was made again.

    Raises:
        NoStudy: there is none.
        Damage: what is left does not say enough; nothing was changed then.
        InUse: another process works at the study.
    """
    try:
        manifest = read_study_manifest(folder)
        broken = list(damaged_files(folder, manifest))
    except Damage:
        if not _whole(folder / COPY):
            raise
        manifest, broken = sound_manifest(folder / COPY), [(folder / MANIFEST, "")]
    if not broken:
        return []
    lock = own(folder)
    try:
        return _repair(folder, manifest)
    finally:
        lock.close()


def stored_arms(manifest: Mapping[str, Any]) -> list[Arm]:
    """The arms of a study as its manifest holds them."""
    settings = manifest["facts"]["arms"]
    return [
        Arm(name, tuple(levers), settings[name]) for name, levers in manifest["arm_levers"].items()
    ]


def _repair(folder: Path, manifest: dict[str, Any]) -> list[str]:
    # What cannot be made again is told before anything is changed.
    broken = dict(damaged_files(folder, manifest))
    if folder / PARTS in broken:
        raise Damage({folder / PARTS: broken[folder / PARTS]}, "")
    usual, facts = compose(), manifest["facts"]
    settings = usual.with_settings(facts["settings"])
    structures = {
        name: usual.with_settings(stored) for name, stored in facts.get(STRUCTURES, {}).items()
    }
    tables = {folder / name for name in (POINTS, DESIGN)} & broken.keys()
    plan = _second_plan(manifest, settings, structures, broken) if tables else None
    words: list[str] = []
    if not _whole(folder / MANIFEST):
        _clear(folder / MANIFEST)
        put(folder / MANIFEST, (folder / COPY).read_bytes())
        words.append(f"{folder / MANIFEST} was damaged; it was made again from {COPY}")
    if folder / SETTINGS in broken and not _is_edited(folder, manifest):
        _clear(folder / SETTINGS)
        put(folder / SETTINGS, settings.yaml().encode())
        why = broken[folder / SETTINGS]
        words.append(f"{folder / SETTINGS} {why}; it was made again from {MANIFEST}")
    if plan is not None:
        for file in tables:
            _clear(file)
        manifest = {
            **manifest,
            "files": write_plan(folder, plan, origin_of_study(manifest, folder)),
        }
        write_study_manifest(folder, manifest)
        words += [f"{file} {broken[file]}; it was planned again" for file in sorted(tables)]
    return words


def _is_edited(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the settings are whole but others: to put them right is for whoever changed them."""
    try:
        sound_settings(folder, manifest)
    except Edit:
        return True
    except ValueError:
        return False
    return False


def _second_plan(
    manifest: Mapping[str, Any],
    settings: Settings,
    structures: Mapping[str, Settings],
    broken: Mapping[Path, str],
) -> StudyPlan:
    """The plan of a study from its settings and arms alone.

    Raises:
        Damage: this version of hesim plans it otherwise.
    """
    try:
        plan = plan_settings(settings, stored_arms(manifest), structures)
        if plan.digest() == manifest["facts"]["plan_sha256"]:
            return plan
    except (ConfigErrors, KeyError) as error:
        why = str(error)
    else:
        why = "its points have another hash"
    made = manifest.get("commit")
    version = manifest["versions"].get("hesim", "that made it")
    which = f"commit {made}" if made else f"version {version}"
    words = (
        f"This version of hesim plans the study otherwise ({why}), so it cannot make the file "
        f"again: resume with {which}, or put the file back from a backup. The rows are left alone."
    )
    raise Damage(broken, words)


def _whole(file: Path) -> bool:
    try:
        sound_manifest(file)
    except NoStudy:
        raise
    except (OSError, ValueError):
        return False
    return True


def _clear(file: Path) -> None:
    """Make way for a file: a link that points nowhere goes, a folder is left to its owner.

    Raises:
        Damage: a folder has the file's name.
    """
    if file.is_dir():
        raise Damage({file: "is a folder and must be a file"}, "Move the folder away first.")
    if os.path.lexists(file) and not file.is_file():
        # A link that leads nowhere, a pipe or the like: nothing is in it.
        file.unlink()

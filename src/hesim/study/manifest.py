"""Read and write the manifest of a study, with a copy that stands in when it is damaged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hesim.files import put
from hesim.record.content import (
    MANIFEST,
    Kinds,
    content_of,
    faults,
    folder_fault,
    manifest_of,
    typed_command,
    typed_path,
)
from hesim.record.format import Unreadable, too_new
from hesim.record.manifest import manifest_text
from hesim.study.identity import study_digest

COPY = "manifest.copy.json"
_NEEDED: Kinds = {
    "status": str,
    "created": str,
    "overrides": list,
    "replications": int,
    "points": int,
    "seconds_a_run": (int, float),
    "sessions": list,
    "uncertainties": list,
    "arm_levers": dict,
    "versions": dict,
    "facts": dict,
}
_FACTS: Kinds = {
    "settings": dict,
    "arms": dict,
    "plan_sha256": str,
    "data_sha256": dict,
    "code": dict,
}


class NoStudy(Unreadable):
    """The folder holds no study that can be read; the message says why."""


class Damage(NoStudy):
    """The folder holds a study of which something is damaged; the message names a way back."""

    def __init__(self, problems: Mapping[Path, str], way_back: str) -> None:
        """Say what is damaged.

        Args:
            problems: What is wrong, by path.
            way_back: What to do.
        """
        lines = [f"{path}: {why}" for path, why in problems.items()]
        super().__init__("\n  ".join([*lines, way_back] if way_back else lines))
        self.problems = dict(problems)


def write_study_manifest(folder: Path, body: Mapping[str, Any]) -> None:
    """Write manifest.json, and then its copy."""
    content = manifest_text(body)
    put(folder / MANIFEST, content)
    put(folder / COPY, content)


def read_study_manifest(folder: Path) -> dict[str, Any]:
    """Read manifest.json.

    Raises:
        NoStudy: there is none, or it is none of a study.
        Damage: it cannot be used.
    """
    fault = folder_fault(folder, "study")
    if fault:
        raise NoStudy(fault)
    file = folder / MANIFEST
    try:
        return sound_manifest(file)
    except FileNotFoundError:
        if file.is_symlink():
            problem = "is a link that points nowhere"
        elif (folder / COPY).is_file() or (folder / "points.parquet").exists():
            problem = "is not there"
        else:
            raise NoStudy(f"{folder} holds no study: there is no {MANIFEST} in it") from None
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    except NoStudy:
        raise
    except ValueError as error:
        problem = str(error)
    raise Damage({file: problem}, _way_back(folder))


def sound_manifest(file: Path) -> dict[str, Any]:
    """Read a manifest of a study and check it.

    Raises:
        OSError: it cannot be read.
        NoStudy: it is the manifest of a run, or of a newer version.
        ValueError: it is damaged; the message says how.
    """
    if not file.exists():
        raise FileNotFoundError(file)
    body = manifest_of(content_of(file))
    newer = too_new(body, "study")
    if newer:
        raise NoStudy(f"{file}: {newer}")
    if "facts" not in body and isinstance(body.get("replications"), dict):
        raise NoStudy(f"{file.parent} holds no study but a run; see `hesim report`")
    wrong = faults(body, _NEEDED) or _odd_values(body)
    if isinstance(body.get("facts"), dict):
        wrong += faults(body["facts"], _FACTS, "facts.")
    if wrong:
        raise ValueError("; ".join(wrong))
    if "study" in body and body["study"] != study_digest(body):
        words = "settings, levers, plan or code stand there otherwise than they were written"
        raise ValueError(f"is not what hesim wrote: {words}")
    return body


def _odd_values(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with entries that are of the right type."""
    found = []
    if body["replications"] < 1:
        found.append(f"replications must be at least 1, is {body['replications']}")
    if not all(isinstance(line, str) for line in body["overrides"]):
        found.append("overrides must be a list of texts")
    if not all(isinstance(one, dict) for one in body["sessions"]):
        found.append("sessions must be a list of mappings")
    return found


def _way_back(folder: Path) -> str:
    try:
        sound_manifest(folder / COPY)
    except (OSError, ValueError):
        return (
            f"Nothing else says what the rows belong to, and {COPY} is no help either: "
            f"put {MANIFEST} back from a backup; the rows themselves are left alone."
        )
    return f"{COPY} is whole: {resume_command(folder)} makes {MANIFEST} again from it."


def resume_command(folder: Path, *options: str) -> str:
    """The command that goes on with a study, as it is typed."""
    return typed_command("hesim", "resume", typed_path(folder), *options)

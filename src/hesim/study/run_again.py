"""Make a run again from its folder: exactly that run, or with a change.

A run's folder holds every setting, those of the calibration and the levers included, and the user's
own tables. So neither the user's configuration nor the calibration of today is needed. What the
folder cannot hold is the code: where that is another, the run would not be the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hesim.config import ConfigErrors, Problem
from hesim.levers.own_process import process_hashes
from hesim.record.content import SETTINGS, read_yaml
from hesim.record.format import Unreadable
from hesim.record.manifest import code_facts, run_code, versions
from hesim.record.recipe import CONFIG, DATA
from hesim.scenario import compose
from hesim.study.run_facts import differences_of

if TYPE_CHECKING:
    from hesim.config import Settings
    from hesim.record.run_folder import Run

CHOICES = ("calibration", "structure")
"""Settings that choose values of many others; those all stand in the run's folder already."""


class OtherRun(Unreadable):
    """The run would not be the same: code, tables or settings are others than it was made with."""


@dataclass(frozen=True)
class RunAgain:
    """How a run is made again.

    Attributes:
        settings: Its settings, with what is to be otherwise.
        obstacles: Why it would not be the same run, in words; none if it would.
        notes: What is other, but should change no number: versions of packages.
    """

    settings: Settings
    obstacles: tuple[str, ...]
    notes: tuple[str, ...]


def run_again(run: Run, overrides: Sequence[str] = ()) -> RunAgain:
    """Compose the settings of a run from its folder, and say what would make it another run.

    Args:
        run: The run.
        overrides: What is to be otherwise, as for a run.

    Raises:
        NoRun: the folder holds none, or its manifest is damaged.
        OtherRun: the folder lacks a file that the run is made from, or one was changed.
        ConfigErrors: overrides that cannot hold, or settings that this version does not know.
    """
    manifest = run.manifest
    _refuse_lacking(run)
    _refuse_choices(overrides)
    data = run.folder / DATA
    extra: dict[str, object] = {"data": str(data.absolute())} if data.is_dir() else {}
    place = run.folder / CONFIG
    settings = compose((), place, extra)
    now = _facts_now(settings)
    obstacles = differences_of(run.settings, read_yaml(settings.yaml()), manifest, now)
    if overrides:
        given = {line.partition("=")[0] for line in overrides}
        settings = compose(overrides, place, {} if "data" in given else extra)
    return RunAgain(settings, obstacles, tuple(_other_versions(manifest, now)))


def _facts_now(settings: Settings) -> dict[str, Any]:
    """The entries of a manifest about data, code and versions, if the run began now."""
    from hesim.tables import read

    folder = None if settings["data"] is None else Path(settings.text("data"))
    return {
        "data_sha256": read(folder).hashes,
        **code_facts(),
        "model_sha256": run_code(),
        "processes_sha256": process_hashes(settings),
        "versions": versions(),
    }


def _refuse_lacking(run: Run) -> None:
    """Refuse a folder that no longer holds what the run was made from.

    Raises:
        OtherRun: it lacks a file, or one was changed; all of them are named.
    """
    written: Mapping[str, str] = run.manifest.get("files") or {}
    needed = [name for name in written if name.partition("/")[0] in (CONFIG, DATA)]
    needed = needed or [f"{CONFIG}/{SETTINGS}"]
    wrong = []
    for name in needed:
        file = run.folder / name
        if not file.is_file():
            wrong.append(f"{name} is not there")
        elif name in written and _sha256(file) != written[name]:
            wrong.append(f"{name} was changed")
    if wrong:
        raise OtherRun(
            f"{run.folder} does not hold what the run was made from: {'; '.join(wrong)}. "
            "Put the files back, or start a run with settings of your own"
        )


def _refuse_choices(overrides: Sequence[str]) -> None:
    """Refuse what chooses a set of values: all of them stand in the folder, and would stay.

    Raises:
        ConfigErrors: an override chooses one.
    """
    words = (
        "cannot be changed with --from: the folder of the run holds every value that it sets; "
        "start a run without --from, or set the values one by one"
    )
    named = [line.partition("=") for line in overrides]
    wrong = [Problem(key, value, words) for key, _, value in named if key in CHOICES]
    if wrong:
        raise ConfigErrors(wrong)


def _other_versions(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    before: Mapping[str, str] = then.get("versions") or {}
    return [
        f"{name}: was {before[name]}, is {version}"
        for name, version in now["versions"].items()
        if name in before and before[name] != version
    ]


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

"""What `hesim verify` does: hash a run's files anew, simulate it anew, and say what differs."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import _read
from hesim.cli.places import one_folder
from hesim.cli.printing import JSON, QUIET, print_json
from hesim.cli.studies import reports_stops

if TYPE_CHECKING:
    from hesim.study.console import Show


@reports_stops
def verify(arguments: list[str]) -> int:
    """Verify a run: 0 it agrees, 1 something differs, 2 it cannot be verified."""
    words = _read(arguments, flags=("--files", JSON, QUIET), settings=False)
    folder = one_folder(words, keys=())
    from hesim.record.listing import STUDY, folder_kind

    if folder_kind(folder) == STUDY:
        return _verify_study(folder, words.flags)
    from hesim.study.run_outputs import RunFailed
    from hesim.study.verification import verify_run

    # What the run says that is simulated anew is no result here.
    show: Show = "warnings" if QUIET in words.flags else "progress"
    try:
        found = verify_run(folder, "--files" not in words.flags, show)
    except RunFailed as error:
        print(f"hesim: {error}", file=sys.stderr)
        return 2
    if JSON in words.flags:
        print_json({"folder": folder, "agrees": found.agrees, **vars(found)})
    else:
        from hesim.study.verification_words import tell_verification

        tell_verification(folder, found, print, QUIET in words.flags)
    return 0 if found.agrees else 1


def _verify_study(folder: Path, flags: Collection[str]) -> int:
    """Look at every file of a study; its rows carry their hashes with them."""
    from hesim.study.folder import Study
    from hesim.study.manifest import Damage

    try:
        damaged = list(Study(folder).completeness.damaged)
    except Damage as error:
        damaged = [f"{file}: {why}" for file, why in error.problems.items()]
    if JSON in flags:
        body = {"agrees": not damaged, "damaged": damaged, "simulated": False}
        print_json({"folder": folder, **body})
        return 1 if damaged else 0
    if QUIET not in flags:
        print(f"{folder} is a study: hesim verify looks at its files only, and simulates nothing.")
        print("\n".join(damaged) or "Every file is as it was written.")
    if damaged:
        print(f"{folder} DIFFERS; hesim resume makes again what can be made.")
    else:
        print(f"The files of {folder} agree.")
    return 1 if damaged else 0

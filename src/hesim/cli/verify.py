"""What `hesim verify` does: hash a run's files anew, simulate it anew, and say what differs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import _read
from hesim.cli.printing import JSON, QUIET, print_json
from hesim.cli.studies import one_folder, reports_stops
from hesim.input.problems import ConfigErrors, Problem

if TYPE_CHECKING:
    from hesim.study.console import Show


@reports_stops
def verify(arguments: list[str]) -> int:
    """Verify a run: 0 it agrees, 1 something differs, 2 it cannot be verified."""
    words = _read(arguments, flags=("--files", JSON, QUIET), settings=False)
    folder = one_folder(words)
    if words.overrides:
        problems = [Problem(line, None, "not understood") for line in words.overrides]
        raise ConfigErrors(problems)
    from hesim.record.listing import STUDY, folder_kind

    if folder_kind(folder) == STUDY:
        return _verify_study(folder, JSON in words.flags)
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


def _verify_study(folder: Path, as_json: bool) -> int:
    """Look at every file of a study; its rows carry their hashes with them."""
    from hesim.study.folder import Study
    from hesim.study.manifest import Damage

    try:
        damaged = list(Study(folder).completeness.damaged)
    except Damage as error:
        damaged = [f"{file}: {why}" for file, why in error.problems.items()]
    if as_json:
        print_json({"folder": folder, "agrees": not damaged, "damaged": damaged})
    elif damaged:
        print("\n".join(damaged))
        print(f"{folder} is not as it was written; hesim resume makes again what can be made")
    else:
        print(f"Every file of the study {folder} is as it was written. Studies are not simulated")
        print("anew; hesim run --from verifies single runs.")
    return 1 if damaged else 0

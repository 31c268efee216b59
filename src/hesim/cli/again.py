"""What `hesim run --from RUN` does before it simulates, and what a run says in JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hesim.cli.printing import table_rows
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem

if TYPE_CHECKING:
    from hesim.cli.commands import Arguments
    from hesim.config import Settings
    from hesim.record.run_folder import Run

FROM = "--from"


def settings_of_run(words: Arguments, more: Sequence[str] = ()) -> Settings:
    """Settings of a run that is made again from its folder, with what is to be otherwise.

    Args:
        words: The words after the command.
        more: What options ask for, as overrides.

    Raises:
        ConfigErrors: words that cannot hold.
        Unreadable: the folder holds no run, lacks what the run was made from, or the run would not
            be the same since code, tables or settings are others; `--force` goes on then.
    """
    given = words.options[FROM]
    if not given:
        words.problems.append(Problem(FROM, None, "needs the folder of a run"))
    if words.folder is not None:
        allowed = "cannot be read with --from, which takes all settings from the run's folder"
        words.problems.append(Problem("--config", words.folder, allowed))
    if not given:
        raise ConfigErrors(words.problems)
    from hesim.record.run_folder import Run
    from hesim.study.run_again import OtherRun, run_again

    run = Run(userfile.place(given))
    try:
        found = run_again(run, [*words.overrides, *more])
    except ConfigErrors as error:
        raise ConfigErrors([*words.problems, *error.problems]) from error
    if words.problems:
        raise ConfigErrors(words.problems)
    lines = "".join(f"\n  {line}" for line in found.obstacles)
    if lines and "--force" not in words.flags:
        raise OtherRun(
            f"this would not be the run in {run.folder} again, since it was made otherwise:{lines}"
            "\n--force runs it all the same, with what is now"
        )
    if lines:
        print(f"hesim: warning: not exactly that run:{lines}", file=sys.stderr)
    for line in found.notes:
        print(f"hesim: warning: another version of {line}", file=sys.stderr)
    return found.settings


def run_body(made: Run) -> dict[str, Any]:
    """What a run says in JSON: where it is, how it ended, and its summary."""
    manifest = made.manifest
    return {
        "folder": made.folder,
        "hesim_version": manifest["versions"]["hesim"],
        "status": manifest["status"],
        "replications": manifest["replications"],
        "arms": manifest.get("arms"),
        "warnings": manifest.get("warnings"),
        "summary": table_rows(made.summary) if manifest["replications"]["done"] else [],
    }

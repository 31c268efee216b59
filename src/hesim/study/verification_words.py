"""Tell in words whether a run is what its manifest says, and whether it comes out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hesim.study import verification as v


def tell_verification(
    folder: Path, found: v.Verification, say: Callable[[str], None], short: bool = False
) -> None:
    """Say what was found; what agrees is counted, what does not is named.

    Args:
        folder: The run.
        found: What was found.
        say: Prints a line.
        short: Say only whether it agrees.
    """
    if not short:
        _tell_files(found, say)
        _tell_tables(found, say)
    say(f"{folder} {'agrees' if found.agrees else 'DIFFERS'}.")


def _tell_files(found: v.Verification, say: Callable[[str], None]) -> None:
    whole = sum(each.state == v.SAME for each in found.files)
    named = sum(each.state != v.ADDED for each in found.files)
    say(f"{whole} of {named} files are as they were written.")
    for each in found.files:
        if each.state in (v.CHANGED, v.MISSING):
            say(f"  {each.name}: {each.state}")
    added = [each.name for each in found.files if each.state == v.ADDED]
    if added:
        say(f"  not of the run, and not looked at: {', '.join(added)}")


def _tell_tables(found: v.Verification, say: Callable[[str], None]) -> None:
    if not found.tables:
        return
    same = sum(each.state in (v.EQUAL, v.SAME_CONTENT) for each in found.tables)
    say(f"Simulated anew: {same} of {len(found.tables)} tables come out the same.")
    for each in found.tables:
        if each.state != v.EQUAL:
            say(f"  {each.name}: {each.state}" + (f"; {each.words}" if each.words else ""))
    if found.obstacles:
        say("It was not simulated by what it was made with:")
        for line in found.obstacles:
            say(f"  {line}")
    for line in found.notes:
        say(f"  another version of {line}")

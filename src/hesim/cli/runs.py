"""What the commands about runs on disk do: runs, clean, and the comparison of two runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hesim.cli.commands import NOTHING, Arguments, _note, _read, _reports_bad_input
from hesim.cli.printing import JSON, QUIET, print_json, table_rows
from hesim.input import userfile
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.input.userfile import is_folder

if TYPE_CHECKING:
    from hesim.record.run_comparison import RunComparison


@_reports_bad_input
def runs(arguments: list[str]) -> int:
    """List runs and studies, newest first."""
    words = _read(arguments, flags=(JSON, QUIET), settings=False, takes=NOTHING)
    place = _place(words)
    from hesim.record.listing import list_folders, size_words

    found = list_folders(place)
    if JSON in words.flags:
        print_json(found)
        return 0
    if QUIET in words.flags:
        for one in found:
            print(one.folder)
        return 0
    if not found:
        print(f"There are no runs or studies in {place}.")
        return 0
    print(
        f"{'kind':7}{'status':13}{'date (UTC)':18}{'scale':>7}{'years':>7}{'replications':>14}"
        f"{'size':>9}  folder: title"
    )
    for one in found:
        many = "" if one.replications is None else f"{one.replications}"
        if one.asked is not None and one.asked != one.replications:
            many = f"{many} of {one.asked}"
        elif one.points is not None:
            many = f"{one.points} x {many}"
        print(
            f"{one.kind:7}{one.status:13}{one.created[:16].replace('T', ' '):18}"
            f"{_number(one.scale):>7}{_number(one.years):>7}{many:>14}"
            f"{size_words(one.bytes):>9}  {one.folder}: {one.title}"
        )
    return 0


@_reports_bad_input
def clean(arguments: list[str]) -> int:
    """List what of hesim's own files nobody needs, and remove it with --yes."""
    words = _read(arguments, flags=("--yes", JSON, QUIET), settings=False, takes=NOTHING)
    place = _place(words)
    # Who names a folder means that folder: other checkouts of hesim share the compiled code.
    named = bool(words.plain or words.overrides)
    from hesim.record.cleaning import removals, remove_folder
    from hesim.record.listing import size_words

    found, spared = removals(place, elsewhere=not named)
    act = "--yes" in words.flags
    gone = {each.folder: act and remove_folder(each) for each in found}
    if JSON in words.flags:
        body = [{**vars(each), "removed": gone[each.folder]} for each in found]
        print_json({"removable": body, "stays": [vars(each) for each in spared]})
        return 0
    for each in [] if QUIET in words.flags else found:
        what = "Removed" if gone[each.folder] else "Left (in use)" if act else "Would remove"
        print(f"{what}: {each.folder} ({size_words(each.bytes)}): {each.words}")
    for one in [] if QUIET in words.flags else spared:
        print(f"Stays: {one.folder}: {one.words}")
    total = sum(each.bytes for each in found if gone[each.folder] or not act)
    if not found:
        print("There is nothing to remove.")
    elif act:
        print(f"{size_words(total)} are free.")
    else:
        print(f"{size_words(total)} could be freed; nothing was removed. To remove it: --yes")
    return 0


def name_a_run(words: Sequence[str]) -> bool:
    """Whether one of several words is the folder of a run."""
    from hesim.record.listing import RUN, folder_kind

    return any(folder_kind(userfile.place(word)) == RUN for word in words)


def compare_folders(words: Arguments, dimension: str = "") -> int:
    """Compare two runs, the second less the first; nothing is written unless a folder is named.

    Args:
        words: What was typed.
        dimension: What crossings and staff are broken down by; empty for headline outcomes.
    """
    asked = _options(words, ("arm", "output"))
    if len(words.plain) != 2:
        allowed = "name two runs, as `hesim compare RUN1 RUN2`, or one study"
        raise ConfigErrors([Problem("FOLDER", " ".join(words.plain), allowed)])
    from hesim.record.run_comparison import compare_runs
    from hesim.record.run_folder import Run
    from hesim.study.run_comparison_words import obstacles, tell_comparison
    from hesim.study.run_facts import run_differences

    first, second = (Run(userfile.place(word), asked.get("arm")) for word in words.plain)
    listed = list(obstacles(first, second))
    if listed and "--force" not in words.flags:
        lines = "".join(f"\n  {line}" for line in listed)
        words_of = f"{first.folder} and {second.folder} are not comparable:{lines}"
        print(f"hesim: {words_of}\n--force compares what can be compared", file=sys.stderr)
        return 2
    found = compare_runs(first, second, dimension)
    changes = run_differences(first, second)
    for line in listed:
        print(f"hesim: warning: not comparable: {line}", file=sys.stderr)
    for run in (first, second):
        if run.shortfall:
            print(f"hesim: warning: {run.folder}: {run.shortfall}", file=sys.stderr)
    files = _write_comparison(found, asked.get("output"))
    if JSON in words.flags:
        print_json(
            {
                "first": first.folder,
                "second": second.folder,
                "sentence": found.sentence,
                **({"by": dimension} if dimension else {}),
                "paired": not found.unpaired,
                "unpaired": found.unpaired,
                "obstacles": listed,
                "changes": changes,
                "means": table_rows(found.means),
                "by_year": table_rows(found.by_year),
                "files": files,
            }
        )
        return 0
    if QUIET not in words.flags:
        tell_comparison(found, changes, print)
    if files:
        print(f"\nTables: {', '.join(map(str, files))}")
    return 0


def _write_comparison(found: RunComparison, output: str | None) -> list[Path]:
    """Write both tables of a comparison, if a folder was named for them.

    Raises:
        ConfigErrors: they cannot be written there.
    """
    if output is None:
        return []
    if not output:
        raise ConfigErrors([Problem("output", output, "must be a folder")])
    from hesim.record.folders import unusable
    from hesim.report.answer_files import write_run_comparison

    target = userfile.place(output)
    try:
        target.mkdir(parents=True, exist_ok=True)
        return write_run_comparison(found, target)
    except OSError as error:
        raise unusable(target.absolute(), error) from None


def _options(words: Arguments, known: Sequence[str]) -> dict[str, str]:
    """Words as key=value, all of them known.

    Raises:
        ConfigErrors: one is not.
    """
    found: dict[str, str] = {}
    for line in words.overrides:
        key, _, value = line.partition("=")
        if key not in known:
            allowed = "not understood; there are " + ", ".join(f"{name}=..." for name in known)
            words.problems.append(Problem(line, None, allowed, nearest(key, known)))
        found[key] = value
    if words.problems:
        raise ConfigErrors(words.problems)
    return found


def _place(words: Arguments) -> Path:
    """The folder that is looked through: the one named, or `outputs`.

    Raises:
        ConfigErrors: it is none.
    """
    from hesim.record.listing import OUTPUTS

    given = [*words.plain, *words.overrides]
    _note(words, given[1:])
    place = userfile.place(given[0]) if given else OUTPUTS
    if given and not is_folder(place):
        words.problems.append(Problem("FOLDER", given[0], "must be a folder that exists"))
    if words.problems:
        raise ConfigErrors(words.problems)
    return place


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"

"""What the command `hesim reproduce` does: make pages anew and compare their numbers."""

from __future__ import annotations

from hesim.cli.commands import _read
from hesim.cli.printing import JSON, QUIET, print_json, show_of
from hesim.cli.studies import reports_stops
from hesim.input.problems import ConfigErrors, Problem

ALL = "all"
SMALL, WRITE, TEXT, FOLDER = "--small", "--write", "--text", "--folder"


@reports_stops
def reproduce(arguments: list[str]) -> int:
    """List the pages, or make some of them again."""
    words = _read(
        arguments, flags=(SMALL, WRITE, TEXT, JSON, QUIET), settings=False, values=(FOLDER,)
    )
    if TEXT in words.flags and (words.overrides or words.flags & {SMALL, WRITE}):
        said = "runs no study and writes, so that nothing else is asked with it"
        words.problems.append(Problem(TEXT, None, said))
    if not words.plain and (words.overrides or words.flags & {SMALL, WRITE, TEXT}):
        said = "name a page, or all; `hesim reproduce` lists them"
        words.problems.append(Problem("NAME", None, said))
    if words.problems:
        raise ConfigErrors(words.problems)
    from hesim.experiments import page_file, reproduction

    folder = page_file.pages_folder(words.options.get(FOLDER))
    if not words.plain:
        for line in reproduction.listing_lines(folder):
            print(line)
        return 0
    names = [] if ALL in words.plain else words.plain
    show = show_of(words.flags)
    if TEXT in words.flags:
        reproduction.rewrite_texts(folder, names, show)
        return 0
    wishes = reproduction.read_wishes(words.overrides, SMALL in words.flags)
    write = WRITE in words.flags
    found = reproduction.reproduce_pages(folder, names, wishes, write, show)
    if JSON in words.flags:
        print_json({"pages": [reproduction.result_body(each) for each in found]})
    return 0 if write or all(each.reproduced for each in found) else 1

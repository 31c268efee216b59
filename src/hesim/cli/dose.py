"""What the command `hesim dose` does: follow a lever's effect over the share that takes part."""

from __future__ import annotations

from pathlib import Path

from hesim.cli.commands import _note, _read
from hesim.cli.printing import JSON, QUIET, show_of
from hesim.cli.studies import answer_end, compare, dry_run, reports_stops
from hesim.input.problems import ConfigErrors, Problem
from hesim.input.userfile import is_folder


@reports_stops
def dose(arguments: list[str]) -> int:
    """Follow a lever from a small share to a large one, or answer such a study again."""
    words = _read(arguments, flags=("--dry-run", JSON, QUIET))
    name, *others = words.plain or [""]
    if is_folder(Path(name)) and name and not _is_lever(name, words.folder):
        return compare(arguments)
    _note(words, others)
    if not name:
        words.problems.append(Problem("NAME", None, "name a lever; `hesim levers` lists them"))
    if words.problems:
        raise ConfigErrors(words.problems)
    from hesim.api import dose as follow
    from hesim.api import dose_overrides

    if "--dry-run" in words.flags:
        return dry_run(dose_overrides(name, words.overrides), words)
    made = follow(name, words.overrides, config=words.folder, show=show_of(words.flags))
    return answer_end(made, words)


def _is_lever(name: str, folder: str | None) -> bool:
    """Whether a word names a lever; a folder of that name is meant by ./NAME."""
    from hesim.levers.catalogue import texts

    return name in texts(None if folder is None else Path(folder))

"""Check what a user's settings file says about Hydra: its list of defaults and its package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hesim.input.problems import nearest

MAIN = "config.yaml"
SELF = "_self_"
EXPERIMENT = "experiment"
"""The group of ready studies; `+experiment=NAME` chooses one. Its files set from the top."""
WHOLE = ("calibration", EXPERIMENT, "levers")
"""Groups in which a user's file takes the place of a packaged one; elsewhere it is laid over it."""
_HEADER = re.compile(r"#\s*@package\s+(\S+)\s*$")

Bodies = Mapping[str, Mapping[str, object]]
Groups = Mapping[str, tuple[str, ...]]


def package_of(text: str) -> str | None:
    """The package that the first line of a file names; None when it names none."""
    found = _HEADER.match(text.lstrip().partition("\n")[0].strip())
    return found[1] if found else None


def package_at(place: str, text: str, usual: str | None = None) -> str:
    """The dotted path below which the settings of a file lie; empty for the top.

    Args:
        place: Its place in the folder, as `model/search.yaml`.
        text: Its text.
        usual: What holds without a header, where it is not the group.
    """
    group, slash, _ = place.partition("/")
    header = package_of(text)
    if header is None:
        return usual if usual is not None else group if slash else ""
    return {"_global_": "", "_group_": group}.get(header, header)


def file_faults(
    name: str,
    body: Mapping[str, object],
    text: str,
    bodies: Bodies,
    groups: Groups,
    main: Mapping[str, object],
) -> Iterator[str]:
    """Yield what is wrong with a file of a user, apart from its settings.

    Args:
        name: Its place in the folder, as `model/search.yaml`.
        body: What it holds.
        text: Its text.
        bodies: All files of the user by their place.
        groups: Options of each packaged group.
        main: What the packaged config.yaml holds.
    """
    if "hydra" in body:
        yield "the key 'hydra' is not read: Hydra's own settings cannot be changed"
    yield from _package(name, text)
    if name == MAIN:
        yield from _keys(body, main)
    if name.startswith("levers/"):
        yield from _no_lever(name, body, text)
    if "defaults" not in body:
        return
    given = body["defaults"]
    if not isinstance(given, list):
        yield f"defaults = {given!r} must be a list of names of files"
        return
    if name == MAIN:
        for entry in given:
            yield from _of_main(entry, bodies, groups)
        chosen = {group for entry in given if isinstance(entry, Mapping) for group in entry}
        lacking = [group for group in _groups_of(main) if group not in chosen]
        if lacking:
            yield f"defaults: lacks {', '.join(lacking)}; as in the packaged file"
        return
    group = name.partition("/")[0]
    options = {*groups.get(group, ()), *_options(bodies, group)}
    for entry in given:
        if entry == SELF:
            continue
        if not isinstance(entry, str) or entry not in options:
            hint = nearest(str(entry), options)
            words = (
                f"defaults: {_written(entry)} must be a file of {group}/ without .yaml, or {SELF}"
            )
            words += _of_other_words(entry)
            yield words + (f"; did you mean {hint}?" if hint else "")


def _written(entry: object) -> str:
    """An entry of a list as a file has it."""
    if isinstance(entry, Mapping):
        return repr(", ".join(f"{key}: {value}" for key, value in entry.items()))
    return repr(entry)


def _of_other_words(entry: object) -> str:
    """What to do instead where an entry reaches into another group, or begins with a keyword."""
    text = next(iter(entry), "") if isinstance(entry, Mapping) else entry
    first = re.match(r"(override|optional)\b\s*|/|.*@", str(text))
    if first is None:
        return ""
    keyword = first[1]
    told = f"; the word {keyword} is not read" if keyword else ""
    return f"{told}; choose other files on the command line, as population=NAME"


def _package(name: str, text: str) -> Iterator[str]:
    """A header may say only where the packaged file of the same kind says it is."""
    for number, line in enumerate(text.strip().splitlines(), start=1):
        if not re.match(r"\s*#\s*@package\b", line):
            continue
        if number > 1:
            yield f"line {number}: `{line.strip()}` counts in the first line alone; move it there"
            return
        if not _HEADER.match(line.strip()):
            yield f"the first line, `{line.strip()}`, must be `# @package` and one name"
            return
    found = package_of(text)
    if found is None:
        return
    group, _, file = name.partition("/")
    stem = file.removesuffix(".yaml")
    allowed = {"_global_", "_group_", group, f"{group}.{stem}"} if file else {"_global_"}
    if group == "levers":
        allowed = {f"levers.{stem}"}
    if group == EXPERIMENT:
        allowed = {"_global_"}
    if found not in allowed:
        yield f"the package {found!r} in the first line must be {' or '.join(sorted(allowed))}"


def _no_lever(name: str, body: Mapping[str, object], text: str) -> Iterator[str]:
    """A file of levers describes one, or lists some; what does neither would change nothing."""
    listed = body.get("defaults")
    # A list that is none has words of its own.
    listing = listed not in (None, [], [SELF])
    if not (body if package_of(text) is not None else listing):
        stem = name.partition("/")[2].removesuffix(".yaml")
        yield (
            "holds no lever: it must describe one, below a first line "
            f"`# @package levers.{stem}`, or list some under `defaults:`"
        )


def _keys(body: Mapping[str, object], main: Mapping[str, object]) -> Iterator[str]:
    known = {*main, *_groups_of(main)}
    for key in body:
        if key not in known and key != "hydra":
            hint = nearest(key, known)
            yield f"{key}: no such key of {MAIN}" + (f"; did you mean {hint}?" if hint else "")


def _groups_of(main: Mapping[str, object]) -> list[str]:
    """Groups that the packaged config.yaml chooses from."""
    given = main["defaults"]
    assert isinstance(given, list)
    return [group for entry in given if isinstance(entry, Mapping) for group in entry]


def _of_main(entry: object, bodies: Bodies, groups: Groups) -> Iterator[str]:
    if entry == SELF:
        return
    if not isinstance(entry, Mapping) or len(entry) != 1:
        yield f"defaults: {entry!r} must be {SELF}, or a group and a name as population: default"
        return
    [(group, chosen)] = entry.items()
    if group not in groups:
        hint = nearest(str(group), groups)
        words = f"defaults: {group!r} must be one of {', '.join(groups)}{_of_other_words(entry)}"
        yield words + (f"; did you mean {hint}?" if hint else "")
        return
    options = {*groups[group], *_options(bodies, group)}
    for name in chosen if isinstance(chosen, list) else [chosen]:
        if not isinstance(name, str) or name not in options:
            hint = nearest(str(name), options)
            words = f"defaults: {group}: {name!r} must be one of {', '.join(sorted(options))}"
            yield words + (f"; did you mean {hint}?" if hint else "")


def _options(bodies: Bodies, group: str) -> list[str]:
    """Names of the user's own files in a group."""
    parts = [name.removesuffix(".yaml").split("/") for name in bodies]
    return [each[1] for each in parts if len(each) == 2 and each[0] == group]

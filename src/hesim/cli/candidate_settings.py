"""Find names and values of settings for a command line, from the few files that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hesim.config.checks import DESCRIBING, LEVERS
from hesim.config.defaults import MAIN, package_at
from hesim.config.entries import entries_of, values_of
from hesim.config.folders import CALIBRATION, options, packaged_file, packaged_places
from hesim.config.meaning import FIELDS, Meaning, meaning_of
from hesim.config.own_folder import settings_folder
from hesim.config.points import points
from hesim.config.trees import leaves, tree_at
from hesim.sources import packaged

OF_PATHS = ("study.uncertainties", "study.scenarios")
"""Settings whose values begin with the path of a setting."""
OF_GROUPS = {"study.levers": LEVERS, "study.dose": LEVERS, "study.structures": "structure"}
"""Settings whose values are the options of a group."""
SINGLE = ("study.dose",)
"""Those of them that hold one value."""
PLAIN = ("levers", "experiment", "structure", CALIBRATION)
"""Groups whose files set from the top, or describe levers; they add no settings."""


def groups(config: str | None) -> dict[str, tuple[str, ...]]:
    """Groups of settings files with the options of each.

    Args:
        config: The user's own folder.
    """
    shipped = [f"{CALIBRATION}/{name}.yaml" for name in points()]
    own: list[str] = []
    if config is not None:
        folder = settings_folder(Path(config).expanduser())
        own = [file.relative_to(folder).as_posix() for file in folder.glob("*/*.yaml")]
    known = options({*packaged_places(), *shipped})
    return {
        group: names
        for group, names in options({*packaged_places(), *shipped, *own}).items()
        if group in known
    }


def option_names(group: str, config: str | None) -> tuple[str, ...]:
    """Options of a group."""
    return groups(config).get(group, ())


def setting_names(typed: str, ending: str, chosen: Sequence[str] = ()) -> Iterator[str]:
    """Names of settings up to their next point, so that a long list comes step by step.

    Args:
        typed: What is typed of a path.
        ending: What follows a whole path.
        chosen: Levers that are chosen; all are offered where none are.
    """
    above, point, _ = typed.rpartition(".")
    for path, whole in _paths(above, chosen):
        rest = path.removeprefix(f"{above}{point}") if path.startswith(f"{above}{point}") else ""
        if rest:
            first, more, _ = rest.partition(".")
            yield f"{above}{point}{first}" + ("." if more or not whole else ending)


def values(key: str, config: str | None) -> tuple[tuple[str, ...], bool]:
    """Values that a setting may have, and whether it may hold several.

    Args:
        key: Its path, or the name of a group.
        config: The user's own folder.
    """
    if key in OF_GROUPS:
        return option_names(OF_GROUPS[key], config), key not in SINGLE
    if key in OF_PATHS:
        return (), True
    known = groups(config)
    if key in known:
        return known[key], key == LEVERS
    meaning = _meaning(key)
    if meaning is None:
        return (), False
    kind = meaning.of if meaning.type == "list" else meaning.type
    names = {"bool": ("true", "false"), "choice": meaning.choices}.get(kind, ())
    more = ("null",) if meaning.optional and names else ()
    return (*names, *more), meaning.type == "list"


def _paths(above: str, chosen: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Paths that may lie below one, and whether each is whole; files far off are not read."""
    if above == LEVERS or above.startswith(f"{LEVERS}."):
        yield from _of_levers(above, chosen)
        return
    yield LEVERS, False
    for place in packaged_places():
        if place.partition("/")[0] in PLAIN:
            continue
        package = _package(place)
        if not _within(above, package):
            yield package, False
        else:
            body = values_of(packaged_file(place).body)
            body.pop("defaults", None)
            if not package:
                body.pop(LEVERS, None)
            yield from ((path, True) for path, _ in leaves(tree_at(package, body)))


def _within(above: str, package: str) -> bool:
    """Whether a path lies in the part that a file sets, so that the file must be read."""
    return not package or above == package or above.startswith(f"{package}.")


def _package(place: str) -> str:
    """The path below which a packaged file sets; its first lines say so, which are read alone."""
    with (packaged() / place).open(encoding="utf-8") as opened:
        return package_at(place, opened.readline())


def _of_levers(above: str, chosen: Sequence[str]) -> Iterator[tuple[str, bool]]:
    name = above.partition(".")[2].partition(".")[0]
    if not name:
        yield from ((f"{LEVERS}.{lever}", False) for lever in chosen or option_names(LEVERS, None))
        return
    place = f"{LEVERS}/{name}.yaml"
    if place not in packaged_places():
        return
    told = (*DESCRIBING, "costs", "expect", "defaults")
    body = {key: value for key, value in packaged_file(place).body.items() if key not in told}
    yield from ((path, True) for path, _ in leaves(tree_at(f"{LEVERS}.{name}", body)))


def _meaning(path: str) -> Meaning | None:
    """What a setting means, from the one file that sets it."""
    if path.startswith(f"{LEVERS}."):
        entries = packaged_file(f"schema/{LEVERS}.yaml").body
        found = [meaning_of(name, entry) for name, entry in entries.items()]  # type: ignore[arg-type]
        return next((each for each in found if each.fits(path)), None)
    for place in packaged_places():
        if place.partition("/")[0] in PLAIN:
            continue
        package = _package(place)
        if not _within(path, package) or (not package and "." in path and place != MAIN):
            continue
        for name, entry in entries_of(packaged_file(place).body).items():
            given = {key: value for key, value in entry.items() if key in FIELDS}
            meaning = meaning_of(f"{package}.{name}" if package else name, given)
            if meaning.fits(path):
                return meaning
    return None

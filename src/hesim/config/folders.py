"""Read the packaged configuration, and a user's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hesim.config.defaults import MAIN, file_faults
from hesim.config.entries import changes_of, entries_of
from hesim.config.lists import lists_of
from hesim.config.own_folder import CONF, settings_folder
from hesim.config.points import points
from hesim.config.process_files import FOLDER as PROCESSES
from hesim.config.process_files import is_process_file
from hesim.input import userfile
from hesim.input.document import BadDocument, parse
from hesim.input.problems import ConfigErrors, Problem, nearest
from hesim.sources import packaged

SCHEMA = "schema"
CALIBRATION = "calibration"
"""The group whose options are points that the package ships as data."""
STRUCTURE = "structure"
"""The group whose options say how the model is built where the report cannot choose."""
MOST_FILES = 500
"""A folder of settings has far fewer files; what has more is another folder than was meant."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@cache
def packaged_places() -> tuple[str, ...]:
    """Every settings file of the package by its place, as `model/choice.yaml`."""
    base = packaged()
    found = [file.relative_to(base) for file in (*base.glob("*.yaml"), *base.glob("*/*.yaml"))]
    return tuple(sorted(place.as_posix() for place in found if place.parts[0] != SCHEMA))


def options(places: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each group of settings files and the options that it offers."""
    found: dict[str, list[str]] = {}
    for place in sorted(places):
        group, slash, file = place.partition("/")
        if slash:
            found.setdefault(group, []).append(file.removesuffix(".yaml"))
    return {group: tuple(names) for group, names in sorted(found.items())}


class SettingsFile(NamedTuple):
    """A settings file: its text, and what that holds."""

    text: str
    body: dict[str, object]


@cache
def packaged_file(place: str) -> SettingsFile:
    """A settings file of the package by its place; it does not change while the program runs."""
    return read_settings(packaged() / place)


def read_settings(file: Path) -> SettingsFile:
    """A settings file that is known to be well-formed; files of a user are read more strictly."""
    import yaml

    text = file.read_text(encoding="utf-8")
    # The compiled reader where there is one; both read the same.
    body = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return SettingsFile(text, body or {})


def user_files(user: Path) -> dict[str, SettingsFile]:
    """The settings files of a user's folder, by their place in the folder.

    Raises:
        ConfigErrors: there is no such folder, or it has files that could never be read.
    """
    if not userfile.is_folder(user):
        allowed = "must be a folder with configuration files"
        raise ConfigErrors([Problem("--config", str(user), allowed)])
    given, user = user, settings_folder(user)
    known = {*packaged_places(), *(f"{CALIBRATION}/{name}.yaml" for name in points())}
    names = options(known)
    found: dict[str, SettingsFile] = {}
    problems = [] if given == user else list(_beside(given, names))
    for path in _entries(user):
        place = path.relative_to(user)
        if is_process_file(place):
            continue
        name = place.as_posix()
        if userfile.is_folder(path) and not path.is_symlink():
            problems.append(Problem(str(path), None, "must be a file, and is a folder"))
            continue
        new_option = len(place.parts) == 2 and place.parts[0] in names and path.suffix == ".yaml"
        if name not in known and not new_option:
            allowed = (
                "matches no packaged file or group, so it would be ignored; "
                f"allowed: config.yaml, a .yaml file in {', '.join(names)}, "
                f"or a .py file in {PROCESSES}"
            )
            problems.append(Problem(str(path), None, allowed, nearest(name, known)))
        elif not _NAME.fullmatch(path.stem):
            allowed = "the name must be letters, digits, - and _, and begin with a letter"
            problems.append(Problem(str(path), None, allowed))
        elif refused := userfile.refused_by_windows(path.name):
            problems.append(Problem(str(path), None, f"{refused}; name the file otherwise"))
        else:
            try:
                text = userfile.text(path)
                body = parse(text)
            except (userfile.BadFile, BadDocument) as error:
                faults = error.faults if isinstance(error, BadDocument) else [str(error)]
                problems.extend(Problem(str(path), None, fault) for fault in faults)
                continue
            if body is not None and not isinstance(body, dict):
                problems.append(Problem(str(path), None, "must hold `key: value` lines"))
                continue
            if not text.strip():
                words = "is empty, so it would change nothing; write a setting, or delete the file"
                problems.append(Problem(str(path), None, words))
                continue
            found[name] = SettingsFile(text, body or {})
    bodies = {name: file.body for name, file in found.items()}
    shipped = {name: packaged_file(name).body for name in packaged_places()}
    main = packaged_file(MAIN).body
    for name, file in found.items():
        faults = [
            *file_faults(name, file.body, file.text, bodies, names, main),
            *lists_of(name, file.body, {**shipped, **bodies}, shipped.get(name, {})),
            *_copied(name, file),
        ]
        problems.extend(Problem(str(user / name), None, fault) for fault in faults)
    if problems:
        raise ConfigErrors(problems)
    return found


def _beside(given: Path, groups: Iterable[str]) -> Iterator[Problem]:
    """Yield the settings that lie beside the folder `conf`, where nobody reads them."""
    for name in (MAIN, *groups, PROCESSES):
        if (given / name).exists():
            words = f"lies beside {CONF}, so it would be ignored; move it to {given / CONF / name}"
            yield Problem(str(given / name), None, words)


def _copied(place: str, file: SettingsFile) -> Iterator[str]:
    """Yield what is wrong with entries that were copied from a packaged file."""
    usual = packaged_file(place).body if place in packaged_places() else {}
    yield from changes_of(entries_of(file.body), entries_of(usual))


def _entries(user: Path) -> Iterator[Path]:
    """Files of a folder and of those in it, and links that lead nowhere; no hidden ones.

    Raises:
        ConfigErrors: there are too many, or a folder cannot be read.
    """
    waiting, count = [user], 0
    while waiting:
        folder = waiting.pop()
        try:
            inside = sorted(folder.iterdir())
        except OSError as error:
            words = f"cannot be read: {error.strerror or error}"
            raise ConfigErrors([Problem("--config", str(folder), words)]) from error
        for file in inside:
            if file.name.startswith("."):
                continue
            count += 1
            if count > MOST_FILES:
                words = f"holds more than {MOST_FILES} files: is this the folder of the settings?"
                raise ConfigErrors([Problem("--config", str(user), words)])
            if file.name == "__pycache__":
                continue
            # A linked folder may lead back to where it is.
            if userfile.is_folder(file) and not file.is_symlink() and file.suffix != ".yaml":
                waiting.append(file)
            else:
                yield file

"""Find the packaged configuration, and lay a user's own folder over it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hesim.config import userfile
from hesim.config.defaults import MAIN, faults_of
from hesim.config.document import BadDocument, parse
from hesim.config.problems import ConfigErrors, Problem, nearest

SCHEMA = "schema"
MOST_FILES = 500
"""A folder of settings has far fewer files; what has more is another folder than was meant."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def packaged() -> Path:
    """The checkout's conf/ when the package lies in a checkout, else what the wheel ships."""
    package = Path(__file__).resolve().parents[1]
    root = package.parents[1]
    project = root / "pyproject.toml"
    if package.parent.name == "src" and (root / "conf").is_dir() and project.is_file():
        text = project.read_text(encoding="utf-8")
        if re.search(r'^name = "hesim"$', text, flags=re.MULTILINE):
            return root / "conf"
    return package / "_conf"


def groups(folder: Path) -> dict[str, tuple[str, ...]]:
    """Each group of a folder and the options it offers."""
    return {
        group.name: tuple(sorted(file.stem for file in group.glob("*.yaml")))
        for group in sorted(folder.iterdir())
        if group.is_dir() and group.name != SCHEMA
    }


@contextmanager
def merged(user: Path | None) -> Iterator[Path]:
    """A folder in which the user's files have replaced packaged ones of the same name.

    Hydra's search path would let packaged files win without a word, hence the copy.

    Raises:
        ConfigErrors: the user's folder has files that could never be read.
    """
    if user is None:
        yield packaged()
        return
    found = user_files(user)
    with TemporaryDirectory(prefix="hesim-conf-") as name:
        target = Path(name) / "conf"
        shutil.copytree(packaged(), target, ignore=shutil.ignore_patterns(SCHEMA))
        for place, text in found.items():
            (target / place).parent.mkdir(parents=True, exist_ok=True)
            (target / place).write_text(text, encoding="utf-8")
        yield target


def user_files(user: Path) -> dict[str, str]:
    """The text of each settings file of a user's folder, by its place in the folder.

    Raises:
        ConfigErrors: there is no such folder, or it has files that could never be read.
    """
    if not userfile.is_folder(user):
        allowed = "must be a folder with configuration files"
        raise ConfigErrors([Problem("--config", str(user), allowed)])
    base = packaged()
    known = {file.relative_to(base).as_posix() for file in base.rglob("*.yaml")}
    known -= {name for name in known if name.startswith(f"{SCHEMA}/")}
    names = groups(base)
    found: dict[str, str] = {}
    bodies: dict[str, dict[str, object]] = {}
    problems: list[Problem] = []
    for file in _entries(user):
        place = file.relative_to(user)
        name = place.as_posix()
        new_option = len(place.parts) == 2 and place.parts[0] in names and file.suffix == ".yaml"
        if name not in known and not new_option:
            allowed = (
                "matches no packaged file or group, so it would be ignored; "
                f"allowed: config.yaml, or a .yaml file in {', '.join(names)}"
            )
            problems.append(Problem(str(file), None, allowed, nearest(name, known)))
        elif not _NAME.fullmatch(file.stem):
            allowed = "the name must be letters, digits, - and _, and begin with a letter"
            problems.append(Problem(str(file), None, allowed))
        else:
            try:
                text = userfile.text(file)
                body = parse(text)
            except (userfile.BadFile, BadDocument) as error:
                faults = error.faults if isinstance(error, BadDocument) else [str(error)]
                problems.extend(Problem(str(file), None, fault) for fault in faults)
                continue
            if body is not None and not isinstance(body, dict):
                problems.append(Problem(str(file), None, "must hold `key: value` lines"))
                continue
            found[name], bodies[name] = text, body or {}
    main = parse(userfile.text(base / MAIN))
    for name, body in bodies.items():
        problems.extend(
            Problem(str(user / name), None, fault)
            for fault in faults_of(name, body, found[name], bodies, names, main)
        )
    if problems:
        raise ConfigErrors(problems)
    return found


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
            # A linked folder may lead back to where it is.
            if userfile.is_folder(file) and not file.is_symlink():
                waiting.append(file)
            else:
                yield file

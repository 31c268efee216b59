"""Find the packaged configuration, and lay a user's own folder over it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hesim.config.problems import ConfigErrors, Problem, nearest

SCHEMA = "schema"


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
    problems = list(_refused(user))
    if problems:
        raise ConfigErrors(problems)
    with TemporaryDirectory(prefix="hesim-conf-") as name:
        target = Path(name) / "conf"
        ignore = shutil.ignore_patterns(SCHEMA)
        shutil.copytree(packaged(), target, ignore=ignore)
        shutil.copytree(user, target, ignore=shutil.ignore_patterns(".*"), dirs_exist_ok=True)
        yield target


def _refused(user: Path) -> Iterator[Problem]:
    import yaml

    if not user.is_dir():
        yield Problem("--config", str(user), "must be a folder with configuration files")
        return
    base = packaged()
    known = {file.relative_to(base).as_posix() for file in base.rglob("*.yaml")}
    known -= {name for name in known if name.startswith(f"{SCHEMA}/")}
    names = groups(base)
    for file in sorted(user.rglob("*")):
        place = file.relative_to(user)
        if file.is_dir() or any(part.startswith(".") for part in place.parts):
            continue
        name = place.as_posix()
        new_option = len(place.parts) == 2 and place.parts[0] in names and file.suffix == ".yaml"
        if name not in known and not new_option:
            allowed = (
                "matches no packaged file or group, so it would be ignored; "
                f"allowed: config.yaml, or a .yaml file in {', '.join(names)}"
            )
            yield Problem(str(file), None, allowed, nearest(name, known))
            continue
        try:
            body = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            yield Problem(str(file), None, f"must be valid YAML: {' '.join(str(error).split())}")
            continue
        if body is not None and not isinstance(body, dict):
            yield Problem(str(file), None, "must hold `key: value` lines")

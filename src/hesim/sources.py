"""Find the packaged files, and hash source code: all, or what compiled functions are made of."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
DOCUMENTATION = "_docs"
"""Folder of the package with the built documentation. It is no code, and need not be there."""
COMPILER = "hesim.compilation"
"""Module whose importers hold compiled functions."""


@cache
def packaged() -> Path:
    """The checkout's conf/ when the package lies in a checkout, else what the wheel ships."""
    root = PACKAGE.parents[1]
    project = root / "pyproject.toml"
    if PACKAGE.parent.name == "src" and (root / "conf").is_dir() and project.is_file():
        text = project.read_text(encoding="utf-8")
        if re.search(r'^name = "hesim"$', text, flags=re.MULTILINE):
            return root / "conf"
    return PACKAGE / "_conf"


def extra_command(extra: str) -> str:
    """What to type to get an extra, as this hesim was installed.

    Args:
        extra: Its name in pyproject.toml, as `app`.
    """
    if packaged().parent == PACKAGE:
        return f'`pip install "hesim[{extra}]"`'
    return f'`uv sync --extra {extra}`, or without uv `pip install -e ".[{extra}]"`'


@cache
def code_hash() -> str:
    """Hash of every file of the package and of the packaged configuration, as when first asked."""
    found: dict[str, bytes] = {}
    for name, folder in (("hesim", PACKAGE), ("conf", packaged())):
        for file in folder.rglob("*"):
            parts = file.relative_to(folder).parts
            skipped = any(part.startswith((".", "__pycache__")) for part in parts)
            if file.is_file() and not skipped and parts[0] not in ("_conf", DOCUMENTATION):
                found["/".join((name, *parts))] = file.read_bytes()
    return digest(found)


WORLD = (
    "categories.py",
    "random.py",
    "tables",
    "population",
    "model",
    "levers",
    "outcomes",
    "survey",
    "execution",
)
"""Code that can change what a world leaves; the rest of the package plans, stores and shows."""


def source_hashes(*further: str) -> dict[str, str]:
    """Hash of each file of code that can change what a world leaves, by its path in the package.

    Args:
        *further: Files and folders besides, that say what is read off a world.
    """
    files: list[Path] = []
    for name in (*WORLD, *further):
        place = PACKAGE / name
        files += sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return {
        file.relative_to(PACKAGE).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in files
    }


@cache
def model_hash(*further: str) -> str:
    """One hash of the code that can change what a world leaves; see `source_hashes`."""
    return digest({name: value.encode() for name, value in source_hashes(*further).items()})


def digest(contents: Mapping[str, bytes]) -> str:
    """One hash of named contents, whatever their order."""
    made = hashlib.sha256()
    for name in sorted(contents):
        made.update(f"{name}\0{len(contents[name])}\0".encode())
        made.update(contents[name])
    return made.hexdigest()


def compiled_sources(package: Path = PACKAGE) -> dict[str, bytes]:
    """Sources that can change a compiled function, by their path in the package.

    A compiled function keeps the code of the functions it calls and the values of the names it
    reads. Both come through imports. So these are the modules that hold compiled functions and
    everything that they import, at whatever depth, inside functions too. A package's own
    `__init__` counts when something is imported from it, not when it is merely passed on the way.

    Raises:
        OSError: a source cannot be read.
        SyntaxError: a source is no Python.
    """
    found: dict[str, bytes] = {}
    files = package.rglob("*.py")
    waiting = [file for file in files if COMPILER.encode() in file.read_bytes()]
    if not waiting:
        raise FileNotFoundError("the sources of hesim cannot be read")
    while waiting:
        file = waiting.pop()
        name = file.relative_to(package).as_posix()
        if name not in found:
            found[name] = file.read_bytes()
            waiting += _imported(ast.parse(found[name]), file, package)
    return found


def _imported(tree: ast.AST, file: Path, package: Path) -> Iterator[Path]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.expr):
            # Imports are statements, and no statement stands in an expression.
            continue
        if isinstance(node, ast.If) and _for_types_only(node.test):
            for other in node.orelse:
                yield from _imported(ast.Module([other], []), file, package)
            continue
        for name in _names(node, file, package):
            if (module := _file(name, package)) is not None:
                yield module
        yield from _imported(node, file, package)


def _for_types_only(test: ast.expr) -> bool:
    """Whether a condition is `TYPE_CHECKING`, which never holds in a running program."""
    return getattr(test, "id", getattr(test, "attr", None)) == "TYPE_CHECKING"


def _names(node: ast.AST, file: Path, package: Path) -> Iterator[str]:
    """Dotted names of the modules that a statement imports, each the longest there is."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = node.module or ""
        if node.level:
            parents = file.relative_to(package.parent).with_suffix("").parts[: -node.level]
            origin = ".".join((*parents, *filter(None, [origin])))
        for alias in node.names:
            inner = f"{origin}.{alias.name}"
            yield inner if _file(inner, package) is not None else origin


def _file(name: str, package: Path) -> Path | None:
    """File of a module of the package; None for others."""
    first, *rest = name.split(".")
    if first != package.name:
        return None
    place = package.joinpath(*rest)
    for file in (place.with_suffix(".py") if rest else place, place / "__init__.py"):
        if file.is_file():
            return file
    return None

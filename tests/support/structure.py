"""Read the structure of the package from its sources: modules, imports, rooms and circles.

`uv run python tests/support/structure.py` prints lines and files of each room, imports upwards and
circles. For the direction every import counts: at the top of a file, inside a function, and for
types only, since a type of a room above is knowledge of that room too.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "hesim"

BASE = ["categories", "random", "compilation", "shelf", "sources", "files", "process", "input"]
TOP = ["hesim", "__main__", "cli", "api", "lookup", "mesa", "multirun", "sweeps"]
ROOMS: tuple[tuple[str, ...], ...] = (
    tuple(BASE),
    ("tables",),
    ("config",),
    ("population",),
    ("model",),
    ("levers",),
    ("survey",),
    ("outcomes",),
    ("scenario",),
    ("cautions",),
    ("record",),
    ("story",),
    ("execution",),
    ("calibration",),
    ("study",),
    ("charts",),
    ("report",),
    ("experiments",),
    ("app",),
    tuple(TOP),
)
"""Rooms from the lowest to the highest; those of one line may import one another."""
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}


class Import(NamedTuple):
    """That one module imports another.

    Attributes:
        importer: The module that imports, as `hesim.api`.
        imported: The module that is imported.
        line: Where the first such import stands.
        kind: `top` of the file, `inside` a function, or for `types` only.
    """

    importer: str
    imported: str
    line: int
    kind: str

    @property
    def edge(self) -> tuple[str, str]:
        """Importer and imported."""
        return self.importer, self.imported

    @property
    def upwards(self) -> bool:
        """Whether a room imports one above it."""
        return LEVEL[room_of(self.imported)] > LEVEL[room_of(self.importer)]

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported} ({self.kind})"


@cache
def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """File of each module by its dotted name."""
    found = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def room_of(module: str) -> str:
    """The room of a module: the package or module directly below `hesim`."""
    return (module.split(".")[1:] or [module])[0]


@cache
def imports(package: Path = PACKAGE) -> list[Import]:
    """All imports between modules of the package, once for each pair.

    A package's own `__init__` counts where something is imported from it, not where it is merely
    passed on the way to a module inside.
    """
    known = modules(package)
    found: dict[tuple[str, str], Import] = {}
    for importer, file in known.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node, kind in _statements(tree, "top"):
            for name in _names(node, importer, file):
                imported = name if name in known else name.rpartition(".")[0]
                if imported in known and imported != importer:
                    edge = importer, imported
                    found.setdefault(edge, Import(*edge, node.lineno, kind))
    return list(found.values())


def running(found: Iterable[Import]) -> list[tuple[str, str]]:
    """Importer and imported of all imports but those for types only, which never run."""
    return [one.edge for one in found if one.kind != "types"]


def circles(edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Modules that import one another in a circle, each group sorted."""
    pairs = list(edges)
    names = sorted({name for pair in pairs for name in pair})
    rows, columns = (np.array([names.index(pair[k]) for pair in pairs], int) for k in (0, 1))
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(names), len(names)))
    _, groups = connected_components(graph, connection="strong")
    found = [[names[k] for k in np.flatnonzero(groups == group)] for group in np.unique(groups)]
    return sorted(group for group in found if len(group) > 1)


def way_round(edges: Iterable[tuple[str, str]], group: Iterable[str]) -> list[str]:
    """One way round a circle, from a module back to itself, to have something to cut."""
    inside = set(group)
    graph: dict[str, list[str]] = {name: [] for name in inside}
    for importer, imported in edges:
        if {importer, imported} <= inside:
            # Importers come first in what is found, as the sorter asks for predecessors.
            graph[imported].append(importer)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _statements(node: ast.AST, kind: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for child in ast.iter_child_nodes(node):
        inner = kind
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = "inside"
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            inner = "types"
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, kind
        yield from _statements(child, inner)


def _names(node: ast.Import | ast.ImportFrom, importer: str, file: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    origin = node.module or ""
    if node.level:
        above = importer.split(".")
        up = node.level - (file.name == "__init__.py")
        origin = ".".join([*above[: len(above) - up], *filter(None, [origin])])
    yield from (f"{origin}.{alias.name}" for alias in node.names)


def size(package: Path = PACKAGE) -> dict[str, tuple[int, int]]:
    """Files and lines of each room, in their order."""
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for module, file in modules(package).items():
        files[room_of(module)] += 1
        lines[room_of(module)] += len(file.read_text(encoding="utf-8").splitlines())
    return {room: (files[room], lines[room]) for room in sorted(files, key=lambda r: LEVEL[r])}


def text_of(sizes: Mapping[str, tuple[int, int]], found: Iterable[Import], longest: int = 8) -> str:
    """Sizes, imports upwards and circles as lines to print."""
    found = list(found)
    said = [f"{'room':14}{'files':>6}{'lines':>8}"]
    said += [f"{room:14}{files:6}{lines:8,}" for room, (files, lines) in sizes.items()]
    all_files, all_lines = (sum(one[k] for one in sizes.values()) for k in (0, 1))
    said.append(f"{'together':14}{all_files:6}{all_lines:8,}")
    upwards = [one for one in found if one.upwards]
    said += ["", f"imports upwards: {len(upwards)}", *(f"  {one}" for one in upwards)]
    by_kind = Counter(one.kind for one in found)
    kinds = ", ".join(f"{number} {kind}" for kind, number in by_kind.most_common())
    said.append(f"imports in all: {len(found)} ({kinds})")
    rings = circles(running(found))
    said.append(f"circles: {len(rings)}")
    for ring in rings:
        more = f" and {len(ring) - longest} more" if len(ring) > longest else ""
        said.append(f"  {len(ring)} modules: {', '.join(ring[:longest])}{more}")
    return "\n".join(said)


if __name__ == "__main__":
    sys.stdout.write(text_of(size(), imports()) + "\n")

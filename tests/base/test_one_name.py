"""A name of a class or of a public function stands for one thing in the whole package.

Only what stands at the top level of a module counts. Methods and what a function holds have their
class or function to tell them apart.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import structure

COMMAND = "a command, and the Python function that it calls"
EXCEPTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "barriers": (("hesim.api", "hesim.cli.studies"), COMMAND),
    "calibrate": (("hesim.calibration.commands", "hesim.cli.calibration"), COMMAND),
    "compare": (("hesim.api", "hesim.cli.studies", "hesim.report.comparison"), COMMAND),
    "dose": (("hesim.api", "hesim.cli.dose"), COMMAND),
    "draw": (
        ("hesim.charts.", "hesim.app.pictures."),
        "draws one form of chart or picture, whichever is asked for",
    ),
    "load": (
        ("hesim.api", "hesim.record.run_folder", "hesim.study.folder"),
        "opens a folder of results, as `hesim.load` does",
    ),
    "main": (("hesim.cli", "hesim.execution.engines.member", "hesim.multirun"), "starts a process"),
    "reproduce": (("hesim.api", "hesim.cli.reproduce"), COMMAND),
    "resume": (("hesim.cli.studies", "hesim.study.resumption"), COMMAND),
    "run": (("hesim.api", "hesim.cli.commands"), COMMAND),
    "validate": (("hesim.cli.calibration", "hesim.lookup"), COMMAND),
    "worth_knowing": (("hesim.api", "hesim.cli.knowing"), COMMAND),
}
"""Names that several modules share, with the modules and the reason; a room ends with a point.

No other name may be added without a reason why it means the same in each of its modules.
"""


def names(body: list[ast.stmt]) -> Iterator[str]:
    """Classes and public functions at the top level, also of one branch of a condition."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("_"):
                yield node.name
        else:
            for part in ("body", "orelse", "finalbody"):
                yield from names(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from names(handler.body)


def homes(package: Path = structure.PACKAGE) -> dict[str, list[str]]:
    """Modules that define each name."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, file in structure.modules(package).items():
        for name in sorted(set(names(ast.parse(file.read_text(encoding="utf-8")).body))):
            found[name].append(module)
    return found


def is_excepted(name: str, module: str) -> bool:
    places, _ = EXCEPTIONS.get(name, ((), ""))
    return any(module.startswith(x) if x.endswith(".") else module == x for x in places)


def test_a_name_stands_for_one_thing() -> None:
    wrong = {
        name: modules
        for name, modules in homes().items()
        if len(modules) > 1 and not all(is_excepted(name, module) for module in modules)
    }
    said = [f"{name}: {', '.join(modules)}" for name, modules in sorted(wrong.items())]
    assert not wrong, "\n".join(["a name for several things; name each by what it is:", *said])


def test_no_exception_outlives_its_reason() -> None:
    found = homes()
    for name, (places, reason) in EXCEPTIONS.items():
        assert reason and len(found[name]) > 1, f"take {name} out of EXCEPTIONS"
        for place in places:
            mine = [module for module in found[name] if is_excepted(name, module)]
            assert any(module.startswith(place) for module in mine), (name, place)


def test_names_are_seen_wherever_they_stand(tmp_path: Path) -> None:
    """A package of a few lines: conditions and overloads count, methods and private ones do not."""
    package = tmp_path / "hesim"
    sources = {
        "__init__": "def first(): ...\ndef first(): ...\n",
        "room/__init__": "class _Shelf:\n    def method(self): ...\n",
        "room/two": (
            "if True:\n    def first(): ...\nelse:\n    class Cell: ...\n"
            "try:\n    pass\nexcept OSError:\n    def second():\n        def inner(): ...\n"
            "def _private(): ...\nclass _Shelf: ...\nthird = 3\n"
        ),
    }
    for name, text in sources.items():
        file = package / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert homes(package) == {
        "first": ["hesim", "hesim.room.two"],
        "_Shelf": ["hesim.room", "hesim.room.two"],
        "Cell": ["hesim.room.two"],
        "second": ["hesim.room.two"],
    }

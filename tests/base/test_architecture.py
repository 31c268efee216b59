"""Data flows downwards: no room imports one above it, and no modules import in a circle.

Imports count wherever they stand, at the top of a file or inside a function. Those for types only
count for the direction. They close no circle: two modules of a room may name each other's types.
"""

from __future__ import annotations

from pathlib import Path

import structure

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""Imports that go upwards or close a circle, with the reason of each; no other may be added.

Whoever takes one away from the package takes it out of here too.
"""


def exceptions() -> set[tuple[str, str]]:
    return {(f"hesim.{importer}", f"hesim.{imported}") for importer, imported in EXCEPTIONS}


def test_every_module_lies_in_a_room() -> None:
    rooms = {structure.room_of(module) for module in structure.modules()}
    assert rooms <= set(structure.LEVEL), rooms - set(structure.LEVEL)


def test_no_room_imports_one_above_it() -> None:
    wrong = [
        str(one) for one in structure.imports() if one.upwards and one.edge not in exceptions()
    ]
    assert not wrong, "\n".join(["data flows downwards, but:", *wrong])


def test_no_modules_import_in_a_circle() -> None:
    edges = structure.running(one for one in structure.imports() if one.edge not in exceptions())
    ways = [structure.way_round(edges, group) for group in structure.circles(edges)]
    assert not ways, "\n".join(" -> ".join(way) for way in ways)


def test_no_exception_outlives_its_reason() -> None:
    found = structure.imports()
    circles = [set(group) for group in structure.circles(structure.running(found))]
    wrong = {
        one.edge for one in found if one.upwards or any(set(one.edge) <= group for group in circles)
    }
    gone = exceptions() - wrong
    assert not gone, f"take these out of EXCEPTIONS: {sorted(gone)}"


def test_imports_are_seen_wherever_they_stand(tmp_path: Path) -> None:
    """A package of a few lines with an import of each kind, upwards and in a circle."""
    package = tmp_path / "hesim"
    sources = {
        "__init__": "",
        "tables/__init__": "",
        "tables/sheet": "def read():\n    from hesim.model import market\n",
        "model/__init__": "",
        "model/market": (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from ..study.plan import Plan\n"
            "from hesim.model.ledger import Ledger\n"
        ),
        "model/ledger": "class Ledger:\n    import hesim.model.market\n",
        "study/__init__": "from .plan import Plan\n",
        "study/plan": "from hesim.tables import sheet\n",
    }
    for name, text in sources.items():
        file = package / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    found = {one.edge: one for one in structure.imports(package)}
    upwards = {edge: one.kind for edge, one in found.items() if one.upwards}
    assert upwards == {
        ("hesim.tables.sheet", "hesim.model.market"): "inside",
        ("hesim.model.market", "hesim.study.plan"): "types",
    }
    assert found["hesim.study", "hesim.study.plan"].kind == "top"
    two = ["hesim.model.ledger", "hesim.model.market"]
    edges = structure.running(found.values())
    assert structure.circles(edges) == [two]
    assert structure.way_round(edges, two) in ([*two, two[0]], [two[1], *two])
    assert list(structure.size(package)) == ["tables", "model", "study", "hesim"]

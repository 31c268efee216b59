"""Levers read and change of the model what its interface lists, and nothing else."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import guide
import lever_worlds as worlds
import numpy as np
import pytest

import hesim.levers
from hesim.levers.policy import Levers
from hesim.model import interface
from hesim.model.higher_education import HigherEducation
from hesim.population.persons import Columns

ROOM = Path(hesim.levers.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))


def chains(tree: ast.AST) -> Iterator[str]:
    """Dotted paths below a name `model` or `self.model`, each as long as it is written."""
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            path, below = [], node
            while isinstance(below, ast.Attribute):
                path.append(below.attr)
                below = below.value  # type: ignore[assignment]
            if isinstance(below, ast.Name) and below.id == "model":
                yield ".".join(reversed(path))


def allowed(path: str) -> bool:
    return any(path == read or path.startswith(f"{read}.") for read in interface.READS)


def test_the_walk_finds_what_is_read() -> None:
    code = "def f(model):\n p = model.persons.role\n return model.state.month + model.rates.pay[0]"
    assert sorted(chains(ast.parse(code))) == ["persons.role", "rates.pay", "state.month"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_levers_read_what_the_interface_lists(file: Path) -> None:
    found = set(chains(ast.parse(file.read_text(encoding="utf-8"))))
    assert not {path for path in found if not allowed(path)}


def test_so_does_the_example_of_the_guide() -> None:
    code = guide.files()["processes/newsletter.py"]
    assert set(chains(ast.parse(code))) == {
        "persons",
        "market.vacancies",
        "month",
    }


def test_all_that_the_interface_lists_is_there_and_used(finished: HigherEducation) -> None:
    texts = [Path(interface.__file__), *FILES, guide.GUIDE]
    whole = "\n".join(file.read_text(encoding="utf-8") for file in texts)
    for read in interface.READS:
        part: Any = finished
        for name in read.split("."):
            part = getattr(part, name)
        assert f"model.{read}" in whole, read
    assert set(interface.CHANGES) <= set(Columns._fields)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_levers_call_the_modules_that_the_interface_lists(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {
        node.module.removeprefix("hesim.model.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hesim.model.")
    }
    assert imported <= {*interface.MODULES, "higher_education"}


def arrays(part: Any, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """All arrays of a state, by their dotted path."""
    if isinstance(part, np.ndarray):
        yield path, part
    elif isinstance(part, tuple) and hasattr(part, "_fields"):
        for name in part._fields:
            yield from arrays(getattr(part, name), f"{path}.{name}")
    elif hasattr(part, "__dict__"):
        for name, below in vars(part).items():
            yield from arrays(below, f"{path}.{name}")


class Watched(Levers):
    """Levers of which every month is compared before and after; notes what they changed."""

    changed: set[str]

    def begin_month(self, model: HigherEducation) -> Any:
        before = dict(arrays(copy.deepcopy(model.state)))
        effects = super().begin_month(model)
        self._compare(model, before)
        return effects

    def propose(self, model: HigherEducation) -> None:
        before = dict(arrays(copy.deepcopy(model.state)))
        super().propose(model)
        self._compare(model, before)

    def _compare(self, model: HigherEducation, before: dict[str, np.ndarray]) -> None:
        after = dict(arrays(model.state))
        assert before.keys() == after.keys()
        for path, array in after.items():
            old = before[path]
            if old.shape != array.shape or not np.array_equal(
                old, array, equal_nan=array.dtype.kind == "f"
            ):
                self.changed.add(path.removeprefix("."))


def test_levers_change_what_the_interface_lists() -> None:
    chosen = (
        "secondment",
        "joint_appointment",
        "job_swap",
        "mobility_network",
        "doctoral_track",
        "guest_lectures",
        "meet_and_greet",
    )
    more = tuple(f"levers.{name}.start='2011-01'" for name in chosen)
    settings = worlds.settings(
        *chosen, more=more, small=("population.scale=0.05", "years=2", "burn_in=0")
    )
    model = HigherEducation(settings, worlds.tables(), 0)
    policy = worlds.policy(model)
    watched = Watched(policy.levers, policy.without)
    watched.changed = set()
    model.policy = watched
    for _ in range(14):
        model.step()
    columns = {path for path in watched.changed if path.startswith("persons.columns.")}
    assert {path.rpartition(".")[2] for path in columns} <= set(interface.CHANGES)
    assert {"awareness", "contacts"} <= {path.rpartition(".")[2] for path in columns}
    rest = watched.changed - columns
    assert all(path.startswith(("ledger.", "market.applications.")) for path in rest), rest

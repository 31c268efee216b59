"""Change the rules one small step at a time and count how many changes the tests notice.

    uv run --group mutation python -m benchmarks.mutation                 # a sample of each room
    uv run --group mutation python -m benchmarks.mutation choice --mutants 0    # all of one room

Cosmic Ray makes the changes (mutants): it swaps an operator, a comparison, a number, drops a `not`.
Each runs in a copy of the project against the room's own tests. What cannot change anything is left
out: types in annotations, and code that only type checkers read.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
COPIED = ("src", "conf", "tests", "benchmarks", "docs", "experiments")
BASELINE = "tests/model/test_baseline.py"
TIMEOUT = 1800.0
"""Seconds after which a mutant that never ends counts as noticed."""


@dataclass(frozen=True)
class Room:
    """A rule or folder, and the tests that must notice changes of it.

    Attributes:
        modules: Files below src/hesim.
        tests: Files and folders below tests, quick ones first.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "outcomes": Room(
        ("outcomes/doctors.py", "outcomes/evidence.py", "outcomes/mobility.py",
         "outcomes/posts.py", "outcomes/summary.py"),
        ("tests/outcomes", "tests/survey/test_job_before.py"),
    ),
    "eligibility": Room(("model/eligibility.py",), ("tests/model/test_eligibility.py", BASELINE)),
    "choice": Room(("model/choice.py",), ("tests/model/test_choice.py", BASELINE)),
    "visibility": Room(
        ("model/visibility.py",), ("tests/model/test_visibility.py", BASELINE)
    ),
    "ranking": Room(("model/hiring.py",), ("tests/model/test_hiring.py", BASELINE)),
    "levers": Room(
        ("levers/accounts.py", "levers/dates.py", "levers/market.py", "levers/people.py",
         "levers/policy.py", "levers/reach.py", "levers/registry.py", "levers/processes"),
        ("tests/levers",),
    ),
    "survey": Room(
        ("survey/answers.py", "survey/crossings.py", "survey/margins.py", "survey/movers.py",
         "survey/questionnaire.py"),
        ("tests/survey", "tests/outcomes", "tests/calibration/test_calibration.py"),
    ),
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Mutate the rooms asked for and print a line for each; 0 when no room is below the bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="room", help=f"of {', '.join(ROOMS)}")
    parser.add_argument("--mutants", type=int, default=20, help="for each room; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--bar", type=float, default=80.0, help="percent that tests must notice")
    asked = parser.parse_args(argv)
    unknown = [name for name in asked.rooms if name not in ROOMS]
    if unknown:
        parser.error(f"no room {', '.join(unknown)}; there are {', '.join(ROOMS)}")
    scores = []
    print("| Room | Mutants | Noticed | Percent |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = _copy(Path(folder) / "copy")
        for name in asked.rooms or ROOMS:
            found = score(copy, ROOMS[name], asked.mutants, asked.seed)
            scores.append(found.percent)
            print(f"| {name} | {found.mutants} | {found.noticed} | {found.percent:.0f} |")
            for survivor in found.survivors:
                print(f"  unnoticed: {survivor}")
            sys.stdout.flush()
    return 0 if min(scores) >= asked.bar else 1


@dataclass(frozen=True)
class Score:
    """How many mutants of a room the tests noticed, and which they did not."""

    mutants: int
    noticed: int
    survivors: tuple[str, ...]

    @property
    def percent(self) -> float:
        """Percent that were noticed."""
        return 100.0 * self.noticed / max(self.mutants, 1)


def score(copy: Path, room: Room, most: int, seed: int) -> Score:
    """Run a room's mutants in a copy of the project.

    Args:
        copy: The copy; its files are changed and put back one mutant after another.
        room: What is changed, and by which tests it should be noticed.
        most: Mutants at most, drawn at random; 0 for all.
        seed: Of the draw.
    """
    # Cosmic Ray is only there with the group `mutation`.
    database: Any = import_module("cosmic_ray.work_db")
    items: Any = import_module("cosmic_ray.work_item")
    session = copy / "session.sqlite"
    session.unlink(missing_ok=True)
    (copy / "mutation.toml").write_text(_settings(room), encoding="utf-8")
    _cosmic_ray(copy, "init", "mutation.toml", session.name)
    with database.use_db(session, database.WorkDB.Mode.open) as work:
        every = sorted(work.work_items, key=_place)
        chosen = [item for item in every if not _without_effect(copy, item.mutations[0])]
        if most:
            chosen = random.Random(seed).sample(chosen, min(most, len(chosen)))
        run = {item.job_id for item in chosen}
        skipped = items.WorkResult(worker_outcome=items.WorkerOutcome.SKIPPED)
        work.set_multiple_results([x.job_id for x in every if x.job_id not in run], skipped)
    _cosmic_ray(copy, "exec", "mutation.toml", session.name)
    with database.use_db(session, database.WorkDB.Mode.open) as work:
        outcomes = {job: result for job, result in work.results if job in run}
    survivors = [
        item.mutations[0] for item in chosen
        if outcomes[item.job_id].test_outcome == items.TestOutcome.SURVIVED
    ]  # fmt: skip
    return Score(len(chosen), len(chosen) - len(survivors), tuple(map(_words, survivors)))


def _copy(place: Path) -> Path:
    for name in COPIED:
        shutil.copytree(HERE / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(HERE / name, place / name)
    return place


def _settings(room: Room) -> str:
    files = [f"src/hesim/{name}" for name in room.modules]
    there = [name for name in room.tests if (HERE / name).exists()]
    tests = " ".join(there)
    command = f"{sys.executable} -m pytest -x -q -n 0 -p no:cacheprovider -m 'not long' {tests}"
    return (
        "[cosmic-ray]\n"
        f"module-path = {files!r}\ntimeout = {TIMEOUT}\nexcluded-modules = []\n"
        f'test-command = "{command}"\n\n[cosmic-ray.distributor]\nname = "local"\n'
    )


def _cosmic_ray(copy: Path, *arguments: str) -> None:
    # The copy's sources come before those that are installed.
    path = os.pathsep.join((str(copy / "src"), str(copy)))
    subprocess.run(
        [sys.executable, "-m", "cosmic_ray.cli", *arguments],
        cwd=copy, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def _place(item: Any) -> tuple[str, tuple[int, int], str, int]:
    one = item.mutations[0]
    return str(one.module_path), tuple(one.start_pos), one.operator_name, one.occurrence


def _without_effect(copy: Path, one: Any) -> bool:
    """Whether a mutation lies where nothing runs: annotations and code for type checkers."""
    row, column = one.start_pos
    return any(
        (first, left) <= (row, column) <= (last, right)
        for first, left, last, right in _unrun(copy / one.module_path)
    )


@cache
def _unrun(path: Path) -> tuple[tuple[int, int, int, int], ...]:
    return tuple(
        (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        for node in _nodes(ast.parse(path.read_text(encoding="utf-8")))
    )


def _nodes(tree: ast.Module) -> Iterator[ast.expr | ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.returns
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield node


def _words(one: Any) -> str:
    where = f"{one.module_path}:{one.start_pos[0]}"
    return f"{where}, {one.operator_name.removeprefix('core/')} number {one.occurrence}"


if __name__ == "__main__":
    sys.exit(main())

"""Change the rules one small step at a time and count how many changes the tests notice.

    uv run --group mutation python -m benchmarks.mutation                 # a sample of each room
    uv run --group mutation python -m benchmarks.mutation choice --mutants 0    # all of one room

Cosmic Ray makes the changes (mutants): it swaps an operator, a comparison, a number, drops a `not`.
Each runs in a copy of the project against the room's tests by hand, which take seconds. So what is
counted is the least that the whole suite notices.

Kinds of changes that cannot change anything are left out, found or not: see `equivalence`.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.equivalence import without_effect

HERE = Path(__file__).resolve().parents[1]
COPIED = ("src", "conf", "tests")
PATIENCE, TIMES = 60.0, 20.0
"""A mutant that never ends counts as noticed: after these seconds, and so many times as long as the
tests take without a mutant."""
Z = 1.959964
"""Normal quantile of a two-sided interval of 95%."""


@dataclass(frozen=True)
class Room:
    """A rule or folder, and the tests that must notice changes of it.

    Attributes:
        modules: Files and folders below src/hesim.
        tests: Files of tests by hand. They use nothing of conftest.py.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "outcomes": Room(
        (
            "outcomes/doctors.py",
            "outcomes/evidence.py",
            "outcomes/mobility.py",
            "outcomes/posts.py",
            "outcomes/summary.py",
        ),
        ("outcomes/test_outcomes.py", "outcomes/test_summary.py"),
    ),
    "eligibility": Room(("model/eligibility.py",), ("model/test_eligibility.py",)),
    "choice": Room(("model/choice.py",), ("model/test_choice.py",)),
    "visibility": Room(("model/visibility.py",), ("model/test_visibility.py",)),
    "ranking": Room(("model/hiring.py",), ("model/test_hiring.py", "model/test_matching.py")),
    "levers": Room(
        (
            "levers/accounts.py",
            "levers/dates.py",
            "levers/market.py",
            "levers/people.py",
            "levers/policy.py",
            "levers/reach.py",
            "levers/registry.py",
            "levers/processes",
        ),
        (
            "levers/test_people_by_hand.py",
            "levers/test_market_by_hand.py",
            "levers/test_reach_by_hand.py",
            "levers/test_mobility_network_by_hand.py",
            "levers/test_job_swap_by_hand.py",
            "levers/test_joint_appointment_by_hand.py",
            "levers/test_secondment_by_hand.py",
            "levers/test_doctoral_track_by_hand.py",
            "levers/test_costs.py",
            "levers/test_dates_by_hand.py",
        ),
    ),
    "survey": Room(
        (
            "survey/answers.py",
            "survey/crossings.py",
            "survey/margins.py",
            "survey/movers.py",
            "survey/questionnaire.py",
        ),
        (
            "survey/test_job_before.py",
            "survey/test_movers_by_hand.py",
            "survey/test_questionnaire_by_hand.py",
            "survey/test_answers_by_hand.py",
        ),
    ),
}


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
    print(f"Mutants drawn with seed {asked.seed}.\n")
    print("| Room | Mutants | Drawn | Noticed | Percent | 95% interval |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = _copy(Path(folder) / "copy")
        for name in asked.rooms or ROOMS:
            found = score(copy, ROOMS[name], asked.mutants, asked.seed)
            scores.append(found.percent)
            low, high = found.interval
            print(
                f"| {name} | {found.among} | {found.drawn} | {found.noticed} "
                f"| {found.percent:.0f} | {low:.0f} to {high:.0f} |"
            )
            for survivor in found.survivors:
                print(f"  unnoticed: {survivor}")
            sys.stdout.flush()
    return 0 if min(scores) >= asked.bar else 1


@dataclass(frozen=True)
class Score:
    """How many mutants of a room the tests noticed, and which they did not.

    Attributes:
        among: Mutants that the room has.
        drawn: Those of them that were run.
        survivors: Those of them that no test noticed.
    """

    among: int
    drawn: int
    survivors: tuple[str, ...]

    @property
    def noticed(self) -> int:
        """Mutants that the tests noticed."""
        return self.drawn - len(self.survivors)

    @property
    def percent(self) -> float:
        """Percent that were noticed."""
        return 100.0 * self.noticed / max(self.drawn, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the percent among all; the percent itself if all were run."""
        if self.drawn == self.among:
            return self.percent, self.percent
        share, extra = self.percent / 100.0, Z * Z / self.drawn
        half = Z * math.sqrt((share * (1.0 - share) + extra / 4.0) / self.drawn)
        low, high = ((share + extra / 2.0 + sign * half) / (1.0 + extra) for sign in (-1, 1))
        return 100.0 * low, 100.0 * high


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
    command = _command(room)
    (copy / "mutation.toml").write_text(
        _settings(room, command, _seconds(copy, command)), encoding="utf-8"
    )
    _cosmic_ray(copy, "init", "mutation.toml", session.name)
    with database.use_db(session, database.WorkDB.Mode.open) as work:
        every = sorted(work.work_items, key=_place)
        drawn = whole = [x for x in every if not without_effect(copy, x.mutations[0])]
        if most:
            drawn = random.Random(seed).sample(whole, min(most, len(whole)))
        run = {item.job_id for item in drawn}
        skipped = items.WorkResult(worker_outcome=items.WorkerOutcome.SKIPPED)
        work.set_multiple_results([x.job_id for x in every if x.job_id not in run], skipped)
    _cosmic_ray(copy, "exec", "mutation.toml", session.name)
    with database.use_db(session, database.WorkDB.Mode.open) as work:
        results = {job: result for job, result in work.results if job in run}
    survived = items.TestOutcome.SURVIVED
    survivors = [x for x in drawn if results[x.job_id].test_outcome == survived]
    words = (_words(each.mutations[0], results[each.job_id].diff) for each in survivors)
    return Score(len(whole), len(drawn), tuple(words))


def _copy(place: Path) -> Path:
    for name in COPIED:
        shutil.copytree(HERE / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "pyproject.toml", place / "pyproject.toml")
    return place


def _command(room: Room) -> list[str]:
    tests = [f"tests/{name}" for name in room.tests]
    # Files of tests by hand need no fixtures, and no plug-ins: those take longer than the tests.
    quick = ["-o", "addopts=", "--noconftest", "-p", "no:cacheprovider"]
    return [sys.executable, "-m", "pytest", "-x", "-q", *quick, *tests]


def _environment(copy: Path) -> dict[str, str]:
    # The copy's sources come before those that are installed. What is compiled of mutants lies in
    # the copy, so that it goes with it.
    path = os.pathsep.join((str(copy / "src"), str(copy)))
    more = {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(copy / "compiled")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **more, **threads, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _seconds(copy: Path, command: list[str]) -> float:
    """Run the tests without a mutant, which must pass, and say how long they take when warm."""
    spent = 0.0
    for _ in range(2):
        began = time.monotonic()
        environment = _environment(copy)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
        spent = time.monotonic() - began
        if done.returncode:
            raise RuntimeError(f"the tests fail without a mutant:\n{done.stdout}{done.stderr}")
    return spent


def _settings(room: Room, command: list[str], seconds: float) -> str:
    files = [f"src/hesim/{name}" for name in room.modules]
    return (
        "[cosmic-ray]\n"
        f"module-path = {files!r}\nexcluded-modules = []\n"
        f"timeout = {PATIENCE + TIMES * seconds:.1f}\n"
        f'test-command = "{" ".join(command)}"\n\n[cosmic-ray.distributor]\nname = "local"\n'
    )


def _cosmic_ray(copy: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "cosmic_ray.cli", *arguments],
        cwd=copy,
        check=True,
        env=_environment(copy),
    )


def _place(item: Any) -> tuple[str, tuple[int, int], str, int]:
    one = item.mutations[0]
    return str(one.module_path), tuple(one.start_pos), one.operator_name, one.occurrence


def _words(one: Any, diff: str) -> str:
    changed = [line for line in diff.splitlines() if line[:1] in "+-"]
    lines = [f"{x[0]} {x[1:].strip()}" for x in changed if not x.startswith(("---", "+++"))]
    return f"{one.module_path}:{one.start_pos[0]}: {' '.join(lines)}"


if __name__ == "__main__":
    sys.exit(main())

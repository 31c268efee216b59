"""The recipes of docs/recipes.md give the figures of a run, where their programs are installed."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import study_fakes
from tiny_run import tiny_run

from hesim.record.run_folder import Run
from hesim.study import start

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")


def recipe(name: str) -> str:
    """The code of a recipe."""
    found = re.search(rf"<!-- recipe: {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found.group(1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    return tiny_run(folder / "my_run", replications=2, figures=False)


def crossings(run: Run) -> float:
    rows = run.summary.set_index(["outcome", "year"])["mean"]
    return float(rows["wo_to_hbo", "2011"])


def test_r_reads_a_run(made: Run) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed")
    known = subprocess.run([program, "-e", "library(arrow)"], capture_output=True, check=False)
    if known.returncode:
        pytest.skip("the package arrow of R is not installed")
    done = subprocess.run(
        [program, "-e", recipe("R")],
        capture_output=True,
        text=True,
        check=True,
        cwd=made.folder.parent,
    )
    year, persons = done.stdout.split()[-2:]
    assert year == "2011" and float(persons) == pytest.approx(crossings(made), abs=0.01)


@pytest.mark.parametrize("name", ["Python", "pandas"])
def test_python_reads_a_run(made: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made.folder.parent)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(recipe(name), {})
    if name == "pandas":
        line = next(x for x in said.getvalue().splitlines() if x.startswith("2011"))
        # As simulated, both replications together.
        assert float(line.split()[1]) == pytest.approx(crossings(made) * 0.01 * 2, abs=0.01)


def test_pandas_reads_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["calibration=none", "years=2", "engine=serial", "study.replications=3"]
    made = start(
        [*words, "study.levers=[job_swap]", "output=my_study"], simulate=study_fakes.policy
    )
    assert made is not None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(recipe("study"), {})
    rows = made.query(
        "select arm, year, avg(value) as mean from results join design using (point) "
        "where outcome = 'wo_to_hbo' group by all order by arm, year"
    )
    printed = [float(line.split()[-1]) for line in said.getvalue().splitlines() if "20" in line]
    assert printed == pytest.approx(rows["mean"].to_list())

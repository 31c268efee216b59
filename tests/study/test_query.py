"""Questions in SQL: they read the study and can reach nothing else."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import study_fakes

from hesim.cli import main
from hesim.study import start
from hesim.study.folder import Study
from hesim.study.sql import MOST_ROWS, WrongQuestion

pytestmark = pytest.mark.once

ATTACKS = (
    "copy (select 1) to 'S/manifest.json'",
    "copy results to 'S/parts/000009.results.parquet' (format parquet)",
    "copy results to 'new.csv'",
    "copy results from 'S/manifest.json'",
    "from results limit 1; copy results to 'new.csv'",
    "from read_csv('/etc/passwd')",
    "from read_text('S/manifest.json')",
    "from read_blob('/dev/zero')",
    "from read_json('S/manifest.json')",
    "from read_parquet('S/points.parquet')",
    "from parquet_metadata('S/points.parquet')",
    "from sniff_csv('/etc/passwd')",
    "from '/etc/passwd'",
    "from 'S/points.parquet'",
    "from glob('/etc/*')",
    "from query('from read_text(''/etc/passwd'')')",
    "attach 'new.db'",
    "install httpfs",
    "load httpfs",
    "load 'S/manifest.json'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set allowed_directories = ['/']",
    "set temp_directory = 'spill'",
    "set home_directory = '.'",
    "reset lock_configuration",
    "pragma enable_profiling",
    "pragma enable_external_access = true",
    "call enable_logging(storage = 'file', storage_path = 'log')",
    "from enable_logging(storage = 'file', storage_path = 'log')",
    "export database 'all'",
    "import database 'S'",
    "create persistent secret s (type http)",
    "create table mine as from results",
    "drop view results",
    "select getenv('HOME')",
    "checkpoint",
    "from sys",
    "from pd",
    "",
    " ;",
    "-- nothing",
    "this is no SQL",
    "select nothing from nowhere",
    f"from range({10 * MOST_ROWS})",
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("sql") / "S"
    made = start(
        [
            "calibration=none",
            "years=2",
            "engine=serial",
            "study.levers=[job_swap]",
            "study.replications=3",
            f"output={folder}",
        ],
        simulate=study_fakes.policy,
    )
    assert made is not None
    return made


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("sql", ATTACKS)
def test_a_question_reaches_no_file(
    study: Study, sql: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = study.folder.parent
    monkeypatch.chdir(place)
    before = contents(place)
    assert main(["query", "S", sql]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("hesim: ") and "Traceback" not in shown.err
    assert "root:" not in shown.err
    assert contents(place) == before


@pytest.mark.parametrize(
    "sql",
    [
        "from results",
        "select avg(value) as mean from differences",
        "with a as (from points) select count(*) from a",
        "describe design",
        "summarize status",
        "show tables",
        "pivot results on outcome using avg(value)",
        "explain from results",
        "-- runs by their status\nselect status, count(*) from status group by 1",
    ],
)
def test_what_only_asks_is_answered(
    study: Study, sql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", str(study.folder), sql]) == 0
    assert capsys.readouterr().out
    assert len(study.query(sql)) > 0


def test_closed_views_hold_what_the_open_ones_hold(study: Study) -> None:
    for view in ("results", "status", "points", "design", "differences"):
        sql = f"select * from {view} order by all"
        assert study.query(sql).equals(study.connect().execute(sql).df()), view


def test_a_study_without_parts_answers_nothing(study: Study, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "empty"
    shutil.copytree(study.folder, folder)
    for file in (folder / "parts").iterdir():
        file.unlink()
    assert len(Study(folder).query("from results")) == 0
    assert list(Study(folder).query("from status").columns)[:2] == ["point", "replication"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["S", "--cvs"], "did you mean --csv?"),
        (["S", "--config", "x"], "unknown option"),
        (["S", "from results", "limit 1"], "needs a folder and SQL"),
        ([], "needs a folder and SQL"),
    ],
)
def test_wrong_words_are_named(
    study: Study,
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(study.folder.parent)
    assert main(["query", *words]) == 2
    assert said in capsys.readouterr().err


def test_python_is_told_what_is_wrong(study: Study) -> None:
    with pytest.raises(WrongQuestion, match="one question at a time"):
        study.query("select 1; select 2")
    with pytest.raises(WrongQuestion, match="copy is refused"):
        study.query("copy results to 'x'")


def test_parts_of_a_study_under_way_are_read_as_one(study: Study, tmp_path: Path) -> None:
    import shutil

    import numpy as np

    from hesim.execution.task import Report
    from hesim.study import parts
    from hesim.study.branches import BranchOutcomes
    from hesim.study.rows import Labels

    folder = tmp_path / "under_way"
    shutil.copytree(study.folder, folder)
    points = study.query("select point from points order by number")["point"].to_list()
    made = BranchOutcomes(("wo_to_hbo",), np.array([[1.0, 2.0]]))
    report = Report(6, "ok", made, 0.5, "")
    parts.write_part(folder / "parts", 90, [report], Labels(points, 2011, study.manifest["study"]))
    read = Study(folder)
    frame = read.query("select value from results where replication = 3 and point <> 'x'")
    assert sorted(frame["value"]) == [1.0, 2.0]
    assert len(read.query("from status")) == len(study.query("from status")) + 1


def test_a_command_that_asks_says_nothing_but_the_answer(study: Study) -> None:
    """Nor does any library that it uses, when Python ends."""
    command = [sys.executable, "-m", "hesim", "query", str(study.folder), "select 1 as one"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "") and said.stdout.split() == ["one", "1"]

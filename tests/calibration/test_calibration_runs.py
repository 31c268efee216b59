"""Jobs of a calibration: on every engine, killed, failing, limited, and left without a parent."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import processes
import pytest

from hesim.calibration import runs
from hesim.calibration.observation import Observed
from hesim.calibration.plan import CalibrationPlan, read_calibration_plan
from hesim.calibration.runs import CalibrationStopped, job_results, run_point, run_points
from hesim.cli import main
from hesim.config import ConfigErrors
from hesim.execution.task import Calls

ENGINES = {
    "serial": ["engine=serial"],
    "processes": ["engine=processes", "workers=2"],
    "dask": ["engine=dask", "workers=2", "engine.chunk_seconds=60"],
    "slurm": ["engine=slurm", "engine.cluster=local", "engine.options=[timeout_min:5]"],
}


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which processes leave their events, and where jobs of Slurm lie."""
    monkeypatch.setenv("HESIM_TEST_FOLDER", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tens(shared: int, job: int) -> int:
    return shared * job


def tens_of_point(base: object, content: tuple[dict[str, Any], int]) -> int:
    return 10 * content[1]


def dies_once(shared: int, job: int) -> int:
    if job == 1 and not processes.marked("died"):
        processes.mark("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return shared * job


def fails(shared: None, job: int) -> int:
    if job == 2:
        raise OSError(28, "No space left on device")
    return job


def dies(shared: None, job: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return job


def hangs(shared: None, job: int) -> None:
    held = np.ones(20_000_000)
    assert held.all()
    processes.mark(f"hung-{job}")
    processes.until(lambda: False)


def dying_point(base: Any, content: tuple[dict[str, Any], int]) -> Observed:
    """A real run, before whose second replication the process dies once."""
    if content[1] == 1 and not processes.marked("died"):
        processes.mark("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return run_point(base, content)


def quick(function: Any, shared: object = None) -> Calls:
    return Calls(function, shared, compiled=False)


def plan_of(*overrides: str) -> CalibrationPlan:
    return read_calibration_plan(overrides)


@pytest.mark.once
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_does_all_jobs(marks: Path, engine: str) -> None:
    if engine in ("dask", "slurm"):
        pytest.importorskip("distributed")
    plan = plan_of(*ENGINES[engine])
    made = dict(job_results(plan, quick(tens, 10), range(5), print))
    assert made == {job: 10 * job for job in range(5)}


def test_a_job_that_lost_its_worker_is_done_again(marks: Path) -> None:
    said: list[str] = []
    made = dict(job_results(plan_of("workers=2"), quick(dies_once, 10), [0, 1, 2], said.append))
    assert made == {0: 0, 1: 10, 2: 20}
    assert len(said) == 1 and "job 1" in said[0] and "killed by signal 9" in said[0]


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_a_job_that_fails_stops_with_words(engine: str) -> None:
    with pytest.raises(CalibrationStopped, match="the same command goes on from there") as told:
        list(job_results(plan_of(*ENGINES[engine]), quick(fails), [0, 1, 2], lambda words: None))
    assert "No space left on device" in str(told.value)


def test_a_job_that_loses_every_worker_stops_with_words() -> None:
    with pytest.raises(CalibrationStopped, match=r"killed by signal 9.*, 2 times"):
        list(job_results(plan_of("workers=2"), quick(dies), [0, 1], lambda words: None))


@pytest.mark.parametrize(
    ("limit", "words"),
    [("time_limit=0.5", "the time limit of 0.5 s"), ("memory_limit=100", "the limit is 100 MB")],
)
def test_a_job_beyond_a_limit_stops_with_words(marks: Path, limit: str, words: str) -> None:
    with pytest.raises(CalibrationStopped, match=words):
        list(job_results(plan_of(f"engine.{limit}"), quick(hangs), [0], lambda words: None))


def test_a_full_disk_stops_with_words_and_ends_the_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(runs, "run_point", tens_of_point)
    monkeypatch.setattr(runs, "write_runs", full)
    plan, before = plan_of("workers=2", f"output={tmp_path}"), set(threading.enumerate())
    points = np.zeros((12, plan.parameters.size))
    with pytest.raises(CalibrationStopped, match=r"cannot be written: .*No space left"):
        run_points(plan, "some", points, 0, lambda words: None)
    assert set(threading.enumerate()) == before


def test_nothing_is_started_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "make_engine", None)
    assert list(job_results(plan_of(), quick(fails), [], print)) == []


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_no_worker_outlives_a_calibration(marks: Path, name: str) -> None:
    code = (
        "import test_calibration_runs as own\nfrom hesim.process import signals\n"
        "with signals.interrupts():\n"
        "    plan = own.plan_of('workers=2')\n"
        "    list(own.job_results(plan, own.quick(own.hangs), [0, 1], print))\n"
    )
    with processes.python(code) as process:
        processes.until(lambda: processes.marked("hung-0") and processes.marked("hung-1"), process)
        family = processes.descendants(process.pid)
        assert len(family) == 2
        process.send_signal(getattr(signal, name))
        process.wait()
        assert processes.gone(family)


@pytest.mark.parametrize("other", ["processes", pytest.param("dask", marks=pytest.mark.long)])
def test_runs_are_the_same_bytes_on_every_engine_and_after_a_death(
    marks: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """The real model, small and short; on the other engine a process dies."""
    if other == "dask":
        pytest.importorskip("distributed")
    monkeypatch.setattr(runs, "PART", 2)
    written: dict[str, dict[str, bytes]] = {}
    for engine in ("serial", other):
        folder = marks / engine
        small = ["scale=0.02", "years=1", "burn_in=1", f"output={folder}"]
        plan = plan_of(*ENGINES[engine], *small)
        points = np.linspace(-0.5, 0.5, 3 * plan.parameters.size).reshape(3, -1)
        if engine != "serial":
            (marks / "died").unlink(missing_ok=True)
            monkeypatch.setattr(runs, "run_point", dying_point)
        run_points(plan, "some", points, 0, lambda words: None)
        assert (marks / "died").exists() == (engine != "serial")
        written[engine] = {file.name: file.read_bytes() for file in (folder / "some").iterdir()}
    assert list(written["serial"]) and len(written["serial"]) == 2
    assert written[other] == written["serial"]


def test_a_plan_takes_an_engine_as_a_study_does(capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_of("engine=dask", "workers=3", "engine.time_limit=60")
    assert plan.base.text("engine.name") == "dask" and plan.base.integer("workers") == 3
    assert plan.base.number("engine.time_limit") == 60
    assert plan.fingerprint() == plan_of().fingerprint()
    with pytest.raises(ConfigErrors) as caught:
        plan_of("stage=fits", "engine.time_limit=-1")
    assert {problem.path for problem in caught.value.problems} == {"stage", "engine.time_limit"}
    assert main(["calibrate", "engine=dusk"]) == 2
    assert "dask" in capsys.readouterr().err

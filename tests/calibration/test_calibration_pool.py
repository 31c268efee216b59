"""Workers of a calibration: killed, failing, and left without their parent."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import processes
import pytest

from hesim.calibration.plan import read_plan
from hesim.calibration.pool import CalibrationStopped, results


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which processes leave their events."""
    monkeypatch.setenv("HESIM_TEST_FOLDER", str(tmp_path))
    return tmp_path


def dies_once(shared: None, job: int) -> int:
    if job == 1 and not processes.marked("died"):
        processes.mark("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return 10 * job


def fails(shared: None, job: int) -> int:
    if job == 2:
        raise OSError(28, "No space left on device")
    return job


def dies(shared: None, job: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return job


def hangs(shared: None, job: int) -> None:
    processes.mark(f"hung-{job}")
    processes.until(lambda: False)


def test_a_job_that_lost_its_worker_is_done_again(marks: Path) -> None:
    said: list[str] = []
    made = dict(results(read_plan(["workers=2"]), dies_once, [0, 1, 2], said.append))
    assert made == {0: 0, 1: 10, 2: 20}
    assert len(said) == 1 and "killed by signal 9" in said[0]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_that_fails_stops_with_words(workers: int) -> None:
    plan = read_plan([f"workers={workers}"])
    with pytest.raises(CalibrationStopped, match="the same command goes on from there") as told:
        list(results(plan, fails, [0, 1, 2], lambda words: None))
    assert "No space left on device" in str(told.value)


def test_a_job_that_loses_every_worker_stops_with_words() -> None:
    with pytest.raises(CalibrationStopped, match="killed by signal 9"):
        list(results(read_plan(["workers=2"]), dies, [0, 1], lambda words: None))


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_no_worker_outlives_a_calibration(marks: Path, name: str) -> None:
    code = (
        "import test_calibration_pool as own\nfrom hesim.process import signals\n"
        "with signals.interrupts():\n"
        "    list(own.results(own.read_plan(['workers=2']), own.hangs, [0, 1], print))\n"
    )
    with processes.python(code) as process:
        processes.until(lambda: processes.marked("hung-0") and processes.marked("hung-1"), process)
        family = processes.descendants(process.pid)
        assert len(family) == 2
        process.send_signal(getattr(signal, name))
        process.wait()
        assert processes.gone(family)

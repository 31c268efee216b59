"""Worker processes: killed, interrupted, heard month by month, and started from any script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from test_outputs import files, go, simulate

import hesim
from hesim.config import compose
from hesim.run.replications import run_replications

TRACE = "HESIM_TEST_TRACE"


def dies_always(settings, replication):
    if replication == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if replication == 2:
        os._exit(3)
    return simulate(settings, replication)


def dies_once(settings, replication):
    trace = Path(os.environ[TRACE])
    if replication == 1 and not trace.exists():
        trace.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(settings, replication)


def tells_months(settings, replication, on_month):
    for month in range(20):
        on_month(month + 1, 20)
    return simulate(settings, replication)


def takes_long(settings, replication, on_month):
    for month in range(2000):
        on_month(month + 1, 2000)
        time.sleep(0.05)


def test_a_worker_that_dies_loses_only_its_own_replication(tmp_path, capsys):
    settings = compose(extra={"years": 1, "replications": 4, "workers": 2, "figures": False,
                              "output": str(tmp_path / "run")})  # fmt: skip
    made = hesim.run(settings=settings, show=True, simulate=dies_always)
    told, shown = made.manifest, capsys.readouterr().out
    assert told["status"] == "incomplete"
    assert told["replications"]["done"] == [0, 3]
    assert set(made.flows["replication"]) == {0, 3}
    failed = told["replications"]["failed"]
    assert list(failed) == ["1", "2"]
    assert "killed by signal 9" in failed["1"] and "out of memory?" in failed["1"]
    assert "exit code 3" in failed["2"] and "memory" not in failed["2"]
    assert shown.count("trying it again") == 2
    assert "replication 1 failed:\nthe worker process died" in shown


def test_a_replication_that_lost_its_worker_is_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv(TRACE, str(tmp_path / "trace"))
    made = go(tmp_path / "run", dies_once, workers=2)
    assert (tmp_path / "trace").exists()
    assert made.manifest["status"] == "complete"
    go(tmp_path / "undisturbed")
    assert files(tmp_path / "run") == files(tmp_path / "undisturbed")


@pytest.mark.parametrize("workers", [1, 2])
def test_months_are_heard_in_order_from_here_and_from_processes(workers):
    settings = compose(["replications=3", "years=1"])
    heard: dict[int, list[tuple[int, int]]] = {0: [], 1: [], 2: []}
    ends = run_replications(
        settings, workers, tells_months, lambda number, *month: heard[number].append(month)
    )
    assert sorted(each.number for each in ends) == [0, 1, 2]
    assert heard == {number: [(k, 20) for k in range(1, 21)] for number in range(3)}


def test_closing_the_iterator_ends_the_workers():
    before = set(psutil.Process().children())
    ends = run_replications(compose(["replications=3", "years=1"]), 2, simulate)
    next(ends)
    started = set(psutil.Process().children()) - before
    assert len(started) == 2
    ends.close()
    assert not any(each.is_running() for each in started)


def test_a_script_needs_no_guard_and_its_own_functions_are_refused(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import hesim, test_outputs\n"
        "given = dict(years=1, replications=2, workers=2, figures=False)\n"
        "run = hesim.run(simulate=test_outputs.simulate, output='out', **given)\n"
        "print(run.manifest['status'])\n"
        "def own(settings, replication): pass\n"
        "try: hesim.run(simulate=own, output='other', **given)\n"
        "except TypeError as error: print(error)\n"
    )
    shown = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[0] == "complete"
    assert "put it in a module" in shown.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "script.py"]


def workers_of(run: subprocess.Popen, busy_seconds: float) -> list[psutil.Process]:
    """Wait until both workers are there and have worked so long."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        children = psutil.Process(run.pid).children(recursive=True)
        workers = [each for each in children if "hesim.run.worker" in " ".join(each.cmdline())]
        if len(workers) == 2 and all(w.cpu_times().user >= busy_seconds for w in workers):
            return workers
        assert run.poll() is None, run.communicate()
        time.sleep(0.02)
    raise AssertionError("no workers")


def start(folder: Path) -> subprocess.Popen:
    command = [
        sys.executable, "-m", "hesim", "run", "years=100", "population.scale=0.05",
        "replications=2", "workers=2", f"output={folder}",
    ]  # fmt: skip
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # A shell's background job, and all it starts, is deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


@pytest.mark.parametrize("busy_seconds", [0.0, 3.0], ids=["starting", "simulating"])
def test_control_c_ends_everything_soon_and_cleanly(tmp_path, busy_seconds):
    run = start(tmp_path / "run")
    try:
        workers = workers_of(run, busy_seconds)
        asked = time.monotonic()
        os.killpg(run.pid, signal.SIGINT)
        out, err = run.communicate(timeout=90)
    finally:
        run.kill()
    # Soon beside other tests on a busy machine too; the run itself would take far longer.
    assert time.monotonic() - asked < 20
    assert run.returncode == 130
    assert err == "hesim: interrupted\n"
    assert "Interrupted" in out
    assert not any(each.is_running() for each in workers)
    assert hesim.load(tmp_path / "run").manifest["status"] == "interrupted"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert not list(tmp_path.rglob("*.part"))


def test_workers_end_by_themselves_when_the_parent_is_killed(tmp_path):
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import hesim, test_run_workers as own\n"
        "hesim.run(simulate=own.takes_long, years=1, replications=2, workers=2, output='out')\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    try:
        workers = workers_of(run, 0.5)
    finally:
        run.kill()
        run.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    for each in alive:
        each.kill()
    assert not alive

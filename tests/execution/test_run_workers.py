"""Worker processes: killed, interrupted, heard month by month, and started from any script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from importlib import resources
from pathlib import Path

import processes
import psutil
import pytest
from run_fakes import files, go, simulate

import hesim
from hesim.execution.engines.choice import make_engine
from hesim.execution.exchange import reports_of
from hesim.execution.replication import of_arm
from hesim.execution.task import Month
from hesim.scenario import compose
from hesim.study.groups import Groups, pieces
from hesim.study.run_plan import plan_run

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


def holds_on(settings, replication):
    """The first replication is whole at once; the others wait to be let go."""
    if replication > 0:
        processes.mark(f"busy-{replication}")
        processes.until(lambda: processes.marked("go on"))
    made = simulate(settings, replication)
    processes.mark(f"whole-{replication}")
    return made


def hangs(settings, replication):
    """Says nothing more, as a run that hangs."""
    processes.mark(f"hung-{replication}")
    processes.until(lambda: False)


def reads_tables(settings, replication):
    """Needs the run's own tables, wherever it is."""
    [own] = Path(settings["data"]).glob("*.csv")
    assert own.read_bytes()
    return simulate(settings, replication)


def hangs_second(settings, replication):
    if replication == 1:
        hangs(settings, replication)
    return simulate(settings, replication)


def test_a_worker_that_dies_loses_only_its_own_replication(tmp_path, capsys):
    settings = compose(
        extra={
            "years": 1,
            "replications": 4,
            "workers": 2,
            "figures": False,
            "output": str(tmp_path / "run"),
        }
    )
    made = hesim.run(settings=settings, show=True, simulate=dies_always)
    told, shown = made.manifest, capsys.readouterr().err
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
def test_a_replication_beyond_a_limit_fails_alone(tmp_path, marks, workers):
    given = {"workers": workers, "engine.time_limit": 5.0}
    made = go(tmp_path / "run", hangs_second, **given)
    assert made.manifest["replications"]["done"] == [0, 2]
    assert made.manifest["replications"]["failed"] == {
        "1": "took longer than the time limit of 5 s"
    }


@pytest.mark.once
@pytest.mark.parametrize(
    "engine",
    [["engine=serial"], ["engine=dask"], ["engine=slurm", "engine.cluster=local"]],
    ids=lambda words: words[0],
)
def test_a_run_leaves_the_same_files_on_every_engine(tmp_path, monkeypatch, engine):
    if engine != ["engine=serial"]:
        pytest.importorskip("distributed")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "tables"
    own.mkdir()
    name = "macro_2011.csv"
    packaged = resources.files("hesim.tables") / "data" / name
    (own / name).write_bytes(packaged.read_bytes())
    usual = ["years=1", "replications=3", "workers=2", "figures=false", f"data={own}"]
    for folder, more in (("here", []), ("there", engine)):
        settings = compose([*usual, *more, f"output={tmp_path / folder}"])
        hesim.run(settings=settings, simulate=reads_tables)
    left, there = files(tmp_path / "here"), files(tmp_path / "there")
    # What the run was made from names its engine.
    assert {name for name in left if left[name] != there[name]} <= {"config.yaml"}
    assert set(left) == set(there)


def test_a_run_whose_engine_cannot_start_says_so(tmp_path, capsys):
    from hesim.cli import main

    asked = ["run", "engine=dask", "engine.address=tcp://127.0.0.1:1"]
    assert main([*asked, f"output={tmp_path / 'run'}"]) == 2
    assert "engine.address" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def engine_and_chunks(settings, work):
    """What does three replications of a run, and its chunks of tasks."""
    plan = plan_run(settings.with_values({"replications": 3}))
    engine = make_engine(settings, plan.branches(work, of_arm), tasks=plan.runs)
    return engine, list(pieces(Groups(plan), range(plan.runs), 1))


@pytest.mark.parametrize("workers", [1, 2])
def test_months_are_heard_in_order_from_here_and_from_processes(workers):
    settings = compose([f"workers={workers}", "years=1"])
    heard: dict[int, list[tuple[int, int]]] = {0: [], 1: [], 2: []}
    engine, chunks = engine_and_chunks(settings, tells_months)

    def hear(event):
        assert isinstance(event, Month)
        heard[event.number].append((event.done, event.total))

    with closing(engine):
        reports = reports_of(engine, chunks, react=hear)
        assert sorted(each.number for each in reports) == [0, 1, 2]
    assert heard == {number: [(k, 20) for k in range(1, 21)] for number in range(3)}


def test_closing_the_engine_ends_the_workers():
    before = set(psutil.Process().children())
    settings = compose(["workers=2", "years=1"])
    engine, chunks = engine_and_chunks(settings, simulate)
    next(reports_of(engine, chunks))
    started = set(psutil.Process().children()) - before
    assert len(started) == 2
    engine.close()
    assert not any(each.is_running() for each in started)


def test_a_script_needs_no_guard_and_its_own_functions_are_refused(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "import hesim, run_fakes\n"
        "given = dict(years=1, replications=2, workers=2, figures=False)\n"
        "run = hesim.run(simulate=run_fakes.simulate, output='out', **given)\n"
        "print(run.manifest['status'])\n"
        "def own(settings, replication): pass\n"
        "try: hesim.run(simulate=own, output='other', **given)\n"
        "except TypeError as error: print(error)\n"
    )
    shown = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.splitlines()[0] == "complete"
    assert "put it in a module" in shown.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "script.py"]


RUN = """
import sys
from functools import partial
import hesim.api, test_run_workers as own
package = sys.modules["hesim.api"]
package.run = partial(package.run, simulate=own.{simulate})
from hesim.cli import main
sys.exit(main(["run", "years=1", "figures=false", "replications=3", "workers={workers}",
    "output={folder}"]))
"""


@pytest.fixture
def marks(tmp_path, monkeypatch):
    """A folder in which processes leave their events."""
    folder = tmp_path / "marks"
    folder.mkdir()
    monkeypatch.setenv("HESIM_TEST_FOLDER", str(folder))
    return folder


def run_of(folder, simulate="holds_on", workers=2, **given):
    code = RUN.format(simulate=simulate, workers=workers, folder=folder)
    return processes.python(code, **given)


def one_is_whole(process):
    """Wait until the main process says that a replication is whole."""
    for line in process.stderr:
        if "1 of 3 replications" in line:
            return
    raise AssertionError(process.communicate())


TERM, HUP = signal.SIGTERM, signal.SIGHUP


@pytest.mark.parametrize(
    ("workers", "sent", "words"),
    [
        (2, [signal.SIGINT], "interrupted"),
        (1, [TERM], "interrupted by SIGTERM"),
        pytest.param(2, [HUP], "interrupted by SIGHUP", marks=pytest.mark.long),
        # systemd sends two at once, and the second may not stop what the first one saves.
        (2, [TERM, HUP], "interrupted by SIG"),
    ],
)
def test_whatever_asks_a_run_to_end_keeps_what_is_whole(tmp_path, marks, workers, sent, words):
    folder = tmp_path / "run"
    with run_of(folder, workers=workers) as run:
        one_is_whole(run)
        processes.until(lambda: processes.marked("busy-1"), run)
        family = processes.descendants(run.pid)
        assert len(family) == (workers if workers > 1 else 0)
        # To all processes, as Slurm and a terminal do.
        for number in sent:
            os.killpg(run.pid, number)
        _, err = run.communicate()
        assert processes.gone(family)
    assert run.returncode in [128 + number for number in sent]
    assert err.splitlines()[-1].startswith(f"hesim: {words}") and "Traceback" not in err
    assert "Interrupted; 1 of 3 replications are whole" in err
    left = hesim.load(folder).manifest
    assert left["status"] == "interrupted" and left["replications"]["done"] == [0]
    assert not list(tmp_path.rglob("*.part"))


def test_a_run_ends_cleanly_while_its_workers_start(tmp_path, marks):
    with run_of(tmp_path / "run") as run:
        processes.until(lambda: processes.descendants(run.pid), run)
        family = processes.descendants(run.pid)
        os.killpg(run.pid, TERM)
        _, err = run.communicate()
        assert processes.gone(family)
    assert run.returncode == 143 and "Traceback" not in err
    assert err.splitlines()[-1] == "hesim: interrupted by SIGTERM"


def test_a_signal_that_does_not_wake_the_main_thread_is_seen_soon():
    """It comes to another thread, or just before the main one begins to wait."""
    code = """
import os, signal, threading
from concurrent.futures import Future
from hesim.execution.exchange import reports_of
from hesim.process import signals
go = threading.Event()
def send():
    go.wait()
    os.kill(os.getpid(), signal.SIGTERM)
class Never:
    def send(self, tasks, hear):
        go.set()
        return Future()
threading.Thread(target=send, daemon=True).start()
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
try:
    with signals.interrupts():
        list(reports_of(Never(), [[]]))
except KeyboardInterrupt:
    sys.exit(signals.exit_code())
"""
    with processes.python(code) as process:
        process.communicate()
    assert process.returncode == 143


def test_a_logout_keeps_what_is_whole(tmp_path, marks):
    """The terminal goes, and every word to it fails, just when the signal comes."""
    import pty

    ours, theirs = pty.openpty()
    with run_of(tmp_path / "run", stdout=theirs, stderr=theirs, terminal=theirs) as run:
        os.close(theirs)
        processes.until(lambda: processes.marked("whole-0"), run)
        processes.until(lambda: processes.marked("busy-1"), run)
        processes.until(lambda: processes.marked("busy-2"), run)
        os.close(ours)
        run.wait()
    assert run.returncode == 128 + HUP
    left = hesim.load(tmp_path / "run").manifest
    assert left["status"] == "interrupted" and left["replications"]["done"] == [0]


def test_under_nohup_a_logout_goes_unheard(tmp_path, marks):
    with run_of(tmp_path / "run", ignored=(HUP,)) as run:
        one_is_whole(run)
        run.send_signal(HUP)
        processes.mark("go on")
        run.communicate()
    assert run.returncode == 0
    assert hesim.load(tmp_path / "run").manifest["status"] == "complete"


def test_workers_end_by_themselves_when_the_parent_is_killed(tmp_path, marks):
    with run_of(tmp_path / "run", "hangs") as run:
        processes.until(lambda: processes.marked("hung-0") and processes.marked("hung-1"), run)
        family = processes.descendants(run.pid)
        assert len(family) == 2
        run.kill()
        run.wait()
        assert processes.gone(family)


def test_what_a_kill_left_is_cleared_away_and_what_lives_is_not(tmp_path, marks):
    with run_of(tmp_path / "killed", "hangs") as run:
        processes.until(lambda: processes.marked("hung-0"), run)
        run.kill()
        run.wait()
    [dead] = tmp_path.glob(".killed.*.part")
    young = tmp_path / ".young.abcdefgh.part"
    old = tmp_path / ".old.abcdefgh.part"
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    with run_of(tmp_path / "living") as run:
        one_is_whole(run)
        assert not dead.exists() and not old.exists() and young.exists()
        [living] = tmp_path.glob(".living.*.part")
        go(tmp_path / "another")
        assert living.is_dir()
        processes.mark("go on")
        run.communicate()
    assert run.returncode == 0 and not living.exists()
    assert not list((tmp_path / "living").glob(".*"))

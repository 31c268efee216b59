"""Studies on Dask and Slurm: the same rows, and what happens when parts of a cluster die."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import processes
import psutil
import pytest
import study_fakes
from harness import sampled
from study_fakes import DIAL

from hesim.cli import main
from hesim.execution.engines import address, dask
from hesim.execution.engines.engine import WrongCode
from hesim.execution.engines.local_cluster import scheduler_address, start_scheduler, start_worker
from hesim.execution.engines.remote import Package, run_chunk
from hesim.execution.limits import Limits
from hesim.execution.task import Task
from hesim.study import resume, start
from hesim.study.folder import Study
from hesim.study.parts import committed_parts
from hesim.study.store import Store
from hesim.study.study_outputs import StudyStopped

pytestmark = pytest.mark.once

pytest.importorskip("distributed")

SWEEP = [
    "years=2",
    "study.outcome=wo_to_hbo",
    f"study.uncertainties=[{DIAL}:1|2|3|4]",
    "study.replications=10",
    "engine.chunk_seconds=0.15",
]


class Cluster:
    """A scheduler and two workers as processes on loopback."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.scheduler = start_scheduler(place)
        self.address = scheduler_address(place, self.scheduler)
        self.workers: list[subprocess.Popen[bytes]] = []

    def add(self) -> subprocess.Popen[bytes]:
        self.workers.append(start_worker(self.address, self.place, len(self.workers)))
        return self.workers[-1]

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    made.add()
    made.add()
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster") / "undisturbed"
    start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)
    return folder


def part(folder: Path) -> bytes:
    [only] = (folder / "parts").glob("*.results.parquet")
    return only.read_bytes()


def when(monkeypatch: pytest.MonkeyPatch, runs: int, act: Callable[[], object]) -> None:
    """Act at the event that so many runs are on disk."""
    real, done = Store.flush, []

    def flush(store: Store) -> None:
        real(store)
        if len(store.states) >= runs and not done:
            done.append(act())

    monkeypatch.setattr("hesim.study.store.FLUSH_RUNS", 4)
    monkeypatch.setattr(Store, "flush", flush)


def test_dask_gives_the_same_rows_and_survives_a_killed_worker(
    cluster: Cluster, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ["engine=dask", f"engine.address={cluster.address}"]
    folder = tmp_path / "study"
    when(monkeypatch, 8, cluster.workers[0].kill)
    made = start([*SWEEP, *engine, f"output={folder}"], simulate=study_fakes.unhurried)
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert made is not None and made.manifest["status"] == "complete"
    assert part(folder) == part(undisturbed)
    assert "Dask cluster" in made.manifest["sessions"][0]["where"]
    _only_on_loopback(cluster.scheduler.pid)
    _only_on_loopback(cluster.workers[1].pid)


def test_a_cluster_without_workers_is_waited_for_aloud(
    cluster: Cluster, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first run and in the midst of it; the study goes on when a worker comes."""
    monkeypatch.setattr(dask, "ALOUD", 0.0)
    told: list[str] = []

    class Heard(dask.Absence):
        def __init__(self, tell: object) -> None:
            super().__init__(self.hear)

        def hear(self, words: str) -> None:
            told.append(words)
            cluster.add()

    monkeypatch.setattr(dask, "Absence", Heard)

    def kill_all() -> None:
        for worker in cluster.workers:
            worker.kill()
            worker.wait()

    kill_all()
    engine = ["engine=dask", f"engine.address={cluster.address}"]
    folder = tmp_path / "study"
    when(monkeypatch, 8, kill_all)
    made = start([*SWEEP, *engine, f"output={folder}"], simulate=study_fakes.unhurried)
    assert made is not None and made.manifest["status"] == "complete"
    assert part(folder) == part(undisturbed)
    assert len(told) == 2
    assert f"waiting for a worker of the Dask cluster at {cluster.address} since" in told[0]


def test_the_absence_of_workers_is_told_sparsely(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(dask.time, "monotonic", lambda: now[0])
    told: list[str] = []
    absence = dask.Absence(told.append)
    for _ in range(700):
        absence.note("tcp://somewhere:1")
        now[0] += 1.0
    assert len(told) == 3
    absence.over()
    absence.note("tcp://somewhere:1")
    assert len(told) == 3


def test_the_scheduler_is_killed(
    cluster: Cluster, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask, "LOST_AFTER", 1.0)
    engine = ["engine=dask", f"engine.address={cluster.address}"]
    folder = tmp_path / "study"
    when(monkeypatch, 8, cluster.scheduler.kill)
    with pytest.raises(StudyStopped, match="go on with: hesim resume"):
        start([*SWEEP, *engine, f"output={folder}"], simulate=study_fakes.unhurried)
    assert Study(folder).manifest["status"] == "stopped"
    assert 8 <= len(Study(folder).query("from status")) < 40
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert part(folder) == part(undisturbed)


OWN = """
import study_fakes
from hesim.study import store, start
from hesim.execution.engines import local_cluster
import hesim.study.launch as s
from functools import partial
from hesim.cli import main
store.FLUSH_RUNS = 4
{before}
s.start = partial(s.start, simulate=study_fakes.{simulate})
sys.exit(main(["study", *{sweep!r}, "engine=dask", "workers=2", "output={folder}"]))
"""


def own(
    folder: Path, before: str = "", simulate: str = "unhurried"
) -> AbstractContextManager[subprocess.Popen[str]]:
    """A process with a study on a Dask cluster that it starts itself."""
    return processes.python(
        OWN.format(sweep=SWEEP, folder=folder, before=before, simulate=simulate)
    )


def members(process: subprocess.Popen[str], module: str) -> list[psutil.Process]:
    """The scheduler or the workers of a study's own cluster."""
    found = []
    for each in processes.descendants(process.pid):
        try:
            if any(f"distributed.cli.{module}" in word for word in each.cmdline()):
                found.append(each)
        except psutil.Error:
            continue
    return found


def wait_for_runs(folder: Path, runs: int, process: subprocess.Popen[str]) -> None:
    processes.until(
        lambda: sum(part.runs for part in committed_parts(folder / "parts")) >= runs, process
    )


@pytest.mark.long
def test_workers_of_an_own_cluster_are_replaced(undisturbed: Path, tmp_path: Path) -> None:
    """All of them die at once; without new ones the study would wait for ever."""
    folder = tmp_path / "study"
    with own(folder) as process:
        wait_for_runs(folder, 8, process)
        _only_on_loopback(members(process, "dask_scheduler")[0].pid)
        for each in members(process, "dask_worker"):
            each.kill()
        out, errors = process.communicate()
    assert process.returncode == 0 and "Traceback" not in errors, (out, errors)
    assert Study(folder).manifest["status"] == "complete"
    assert part(folder) == part(undisturbed)


def test_an_own_cluster_whose_workers_keep_dying_stops_with_words(
    undisturbed: Path, tmp_path: Path
) -> None:
    """From the eighth run on no worker lives long enough to do anything."""
    folder = tmp_path / "study"
    kills = (
        "real = local_cluster.LocalCluster.tend\ndef tend(self):\n"
        "    if sum(1 for _ in open_study()) >= 8: [w.kill() or w.wait() for w in self.workers]\n"
        "    return real(self)\n"
        "from hesim.study.parts import committed_parts\nfrom pathlib import Path\n"
        f"def open_study():\n    for p in committed_parts(Path({str(folder)!r}) / 'parts'):\n"
        "        yield from range(p.runs)\n"
        "local_cluster.LocalCluster.tend = tend"
    )
    with own(folder, kills) as process:
        _, errors = process.communicate()
        assert processes.gone(processes.session(process.pid))
    assert process.returncode == 1
    assert "workers of the Dask cluster keep ending" in errors
    assert "what was done is kept; go on with: hesim resume" in errors
    assert "Traceback" not in errors
    assert Study(folder).manifest["status"] == "stopped"
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert part(folder) == part(undisturbed)


@pytest.mark.parametrize(
    "name", sampled(["SIGINT", "SIGTERM", "SIGKILL"], lambda name: name != "SIGINT")
)
def test_nothing_of_an_own_cluster_outlives_the_study(tmp_path: Path, name: str) -> None:
    folder, number = tmp_path / "study", getattr(signal, name)
    with own(folder) as process:
        wait_for_runs(folder, 8, process)
        family = processes.descendants(process.pid)
        # A scheduler, two Dask workers, and a guarded process beside each.
        assert len(family) >= 4
        process.send_signal(number)
        _, errors = process.communicate()
        assert processes.gone(family)
    if name == "SIGKILL":
        assert process.returncode == -number
        return
    assert process.returncode == 128 + number
    assert errors.endswith(f"hesim: interrupted{'' if name == 'SIGINT' else ' by ' + name}\n")
    assert "Traceback" not in errors
    assert "go on with: hesim resume" in errors
    assert Study(folder).manifest["status"] == "interrupted"


def test_a_dask_cluster_is_started_and_ended(undisturbed: Path, tmp_path: Path) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    folder = tmp_path / "study"
    overrides = [*SWEEP, "engine=dask", "workers=1", f"output={folder}"]
    start(overrides, simulate=study_fakes.effect)
    assert part(folder) == part(undisturbed)
    left = {child.pid for child in psutil.Process().children(recursive=True)} - before
    assert not left


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("nonsense", "must be tcp://HOST:PORT"),
        ("tcp://127.0.0.1", "must be tcp://HOST:PORT"),
        ("tcp://127.0.0.1:99999", "must be tcp://HOST:PORT"),
        ("tcp://127.0.0.1:1", "Connection refused"),
        ("tcp://no-such-host.invalid:8786", "no Dask scheduler can be reached there"),
    ],
)
def test_an_address_where_no_scheduler_can_be_is_told_in_words(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    words: str,
) -> None:
    def never(*given: object, **options: object) -> None:
        raise AssertionError("Dask itself takes a minute to find out")

    monkeypatch.setattr("distributed.Client", never)
    folder = tmp_path / "study"
    asked = ["study", *SWEEP, "engine=dask", f"engine.address={place}", f"output={folder}"]
    assert main(asked) == 2
    shown = capsys.readouterr().err
    assert "engine.address" in shown and place in shown and words in shown
    assert not folder.exists()


def test_what_listens_but_is_no_scheduler_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "HANDSHAKE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        asked = ["study", *SWEEP, "engine=dask", f"engine.address={place}"]
        assert main([*asked, f"output={tmp_path / 'study'}"]) == 2
    assert "does not answer as a Dask scheduler does" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_slurm_jobs_run_here_with_the_local_executor(
    undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = str(Path(study_fakes.__file__).parent)
    monkeypatch.setenv("PYTHONPATH", here)
    overrides = [*SWEEP, "engine=slurm", "engine.cluster=local", "engine.chunk_seconds=60"]
    overrides += ["engine.options=[timeout_min:5]", "workers=1", f"output={tmp_path / 'study'}"]
    made = start(overrides, simulate=study_fakes.effect)
    assert made is not None and "submitit" in made.manifest["sessions"][0]["where"]
    assert part(tmp_path / "study") == part(undisturbed)


def test_a_worker_with_other_code_is_refused() -> None:
    with pytest.raises(WrongCode, match="another hesim"):
        run_chunk(Package("other", b"", Limits()), [Task(0)])


def _only_on_loopback(pid: int) -> None:
    listening = [
        one.laddr.ip
        for one in psutil.Process(pid).net_connections()
        if one.status == psutil.CONN_LISTEN
    ]
    assert listening and set(listening) == {"127.0.0.1"}

"""Studies on Dask and Slurm: the same rows, and what happens when parts of a cluster die."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import study_fakes
from study_fakes import DIAL

from hesim.study import resume, start
from hesim.study.engines.dask import scheduler_address, start_scheduler, start_worker
from hesim.study.opened import Study
from hesim.study.parts import committed
from hesim.study.running import WrongCode
from hesim.study.session import StudyStopped

pytestmark = pytest.mark.once

pytest.importorskip("distributed")

SWEEP = [
    "years=2", "study.outcome=wo_to_hbo", f"study.uncertainties=[{DIAL}:1|2|3|4]",
    "study.replications=10", "engine.chunk_seconds=0.15",
]  # fmt: skip


class Cluster:
    """A scheduler and two workers as processes on loopback."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.scheduler = start_scheduler(place / "scheduler.json", place / "scheduler.log")
        self.address = scheduler_address(place / "scheduler.json", self.scheduler)
        self.workers = [self.add(number) for number in range(2)]

    def add(self, number: int) -> subprocess.Popen[bytes]:
        return start_worker(self.address, self.place, self.place / f"{number}.log")

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster") / "undisturbed"
    start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)
    return folder


def rows(folder: Path) -> pd.DataFrame:
    return Study(folder).query("from results order by all")


def part(folder: Path) -> bytes:
    [only] = (folder / "parts").glob("*.results.parquet")
    return only.read_bytes()


def when(folder: Path, runs: int, act: object) -> threading.Thread:
    """Act once so many runs are on disk."""

    def watch() -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if (folder / "parts").is_dir() and sum(
                p.runs for p in committed(folder / "parts")
            ) >= runs:
                act()  # type: ignore[operator]
                return
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_dask_gives_the_same_rows_and_survives_a_killed_worker(
    cluster: Cluster, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hesim.study.store.FLUSH_RUNS", 4)
    engine = ["engine=dask", f"engine.address={cluster.address}"]
    folder = tmp_path / "study"
    thread = when(folder, 8, lambda: os.kill(cluster.workers[0].pid, signal.SIGKILL))
    made = start([*SWEEP, *engine, f"output={folder}"], simulate=study_fakes.unhurried)
    thread.join()
    assert cluster.workers[0].wait(5) == -signal.SIGKILL
    assert made is not None and made.manifest["status"] == "complete"
    assert part(folder) == part(undisturbed)
    assert "Dask cluster" in made.manifest["sessions"][0]["where"]
    _only_on_loopback(cluster.scheduler.pid)
    _only_on_loopback(cluster.workers[1].pid)


def test_the_scheduler_is_killed(
    cluster: Cluster, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hesim.study.store.FLUSH_RUNS", 4)
    monkeypatch.setattr("hesim.study.engines.dask.LOST_AFTER", 1.0)
    engine = ["engine=dask", f"engine.address={cluster.address}"]
    folder = tmp_path / "study"
    thread = when(folder, 8, lambda: os.kill(cluster.scheduler.pid, signal.SIGKILL))
    with pytest.raises(StudyStopped, match="go on with: hesim resume"):
        start([*SWEEP, *engine, f"output={folder}"], simulate=study_fakes.unhurried)
    thread.join()
    assert Study(folder).manifest["status"] == "stopped"
    assert 8 <= len(Study(folder).query("from status")) < 40
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert part(folder) == part(undisturbed)


def test_a_dask_cluster_is_started_and_ended(undisturbed: Path, tmp_path: Path) -> None:
    import psutil

    before = {child.pid for child in psutil.Process().children(recursive=True)}
    folder = tmp_path / "study"
    overrides = [*SWEEP, "engine=dask", "workers=1", f"output={folder}"]
    start(overrides, simulate=study_fakes.effect)
    assert part(folder) == part(undisturbed)
    left = {child.pid for child in psutil.Process().children(recursive=True)} - before
    assert not left


def test_no_scheduler_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hesim.study.engines.dask.PATIENCE", 1.0)
    engine = ["engine=dask", "engine.address=tcp://127.0.0.1:1"]
    with pytest.raises(StudyStopped, match="no Dask cluster"):
        start([*SWEEP, *engine, f"output={tmp_path / 'study'}"], simulate=study_fakes.effect)
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
    import pickle

    from hesim.study.engines.remote import Package, run_chunk
    from hesim.study.plan import plan_study

    plan = plan_study(SWEEP)
    package = Package(pickle.dumps(plan.orders(study_fakes.effect, {}, "other")), None, None)
    with pytest.raises(WrongCode, match="another hesim"):
        run_chunk(package, [plan.task(0)])


def _only_on_loopback(pid: int) -> None:
    import psutil

    listening = [
        one.laddr.ip
        for one in psutil.Process(pid).net_connections()
        if one.status == psutil.CONN_LISTEN
    ]
    assert listening and set(listening) == {"127.0.0.1"}

"""What a study survives: each test does the harm, resumes, and compares row for row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import study_fakes
from study_fakes import DIAL

from hesim.study import resume, start
from hesim.study.opened import Study
from hesim.study.parts import committed

pytestmark = pytest.mark.once

HERE = Path(__file__).parent
COMMON = ["calibration=none", "years=2", "burn_in=0", "study.outcome=wo_to_hbo"]
SWEEP = [*COMMON, f"study.uncertainties=[{DIAL}:1|2|3|4]", "study.replications=20"]
SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import study_fakes
from hesim.study import store, start, resume
store.FLUSH_RUNS = 5
{before}
{call}
"""


def launch(call: str, before: str = "") -> subprocess.Popen[bytes]:
    """Start a process of its own that conducts a study."""
    script = SCRIPT.format(here=str(HERE), before=before, call=call)
    return subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # A shell's background job, and all it starts, is deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def starts(folder: Path, *more: str, simulate: str = "unhurried") -> str:
    overrides = [*SWEEP, *more, f"output={folder}"]
    return f"start({overrides!r}, simulate=study_fakes.{simulate}, show=True)"


def wait_for_runs(folder: Path, runs: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until so many runs are on disk, and the study is still under way."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode()[-3000:])
        if sum(part.runs for part in committed(folder / "parts")) >= runs:
            return
        time.sleep(0.02)
    raise AssertionError("no runs came")


def rows(folder: Path) -> pd.DataFrame:
    return Study(folder).query("from results order by all")


def children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def alive(pid: int) -> bool:
    import psutil

    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("survival") / "undisturbed"
    start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)
    return rows(folder)


def test_the_main_process_is_killed(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    process = launch(starts(folder, "workers=2"))
    wait_for_runs(folder, 10, process)
    workers = children(process.pid)
    process.kill()
    process.wait()
    assert Study(folder).manifest["status"] == "running"
    kept = len(Study(folder).query("from status"))
    assert 10 <= kept < 80
    again = resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert again.manifest["status"] == "complete"
    assert again.manifest["sessions"][-1]["runs"] == 80 - kept
    pd.testing.assert_frame_equal(rows(folder), undisturbed)
    # Its workers noticed that it is gone.
    end = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(alive, workers))


def test_workers_are_killed(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    process = launch(starts(folder, "workers=2"))
    wait_for_runs(folder, 10, process)
    for _ in range(2):
        os.kill(children(process.pid)[0], signal.SIGKILL)
        time.sleep(0.3)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()
    assert Study(folder).manifest["status"] == "complete"
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


def test_ctrl_c_keeps_what_is_there(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    process = launch(starts(folder, "workers=2"))
    wait_for_runs(folder, 10, process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert "go on with: hesim resume" in out.decode()
    assert Study(folder).manifest["status"] == "interrupted"
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


def test_the_disk_is_full(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: mounting needs rights and a kernel."""
    folder = tmp_path / "study"
    limit = (
        "import resource, hesim.study.conducting as c\nreal = store.Store.flush\n"
        "def flush(self):\n"
        "    if len(self.states) > 40: resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))\n"
        "    real(self)\n"
        "store.Store.flush = flush"
    )
    process = launch(starts(folder, "engine=serial", simulate="effect"), limit)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "StudyStopped: results cannot be written" in errors.decode()
    assert "go on with: hesim resume" in errors.decode()
    assert not list(folder.rglob("*.part"))
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


def test_points_that_raise_hang_eat_memory_or_kill(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    faults = f"study.uncertainties=[{DIAL}:1|5|6|7|8]"
    overrides = [
        *COMMON, faults, "study.replications=2", "workers=2", "engine.time_limit=4",
        "engine.memory_limit=350", f"output={folder}",
    ]  # fmt: skip
    made = start(overrides, simulate=study_fakes.faulty)
    assert made is not None and made.manifest["status"] == "incomplete"
    states = made.query(
        f'select "{DIAL}" as dial, status, count(*) as runs, min(error) as error '
        "from status join design using (point) group by all order by dial"
    )
    assert list(states["status"]) == ["ok", "ok", "failed", "timed_out", "out_of_memory", "died"]
    assert set(states["runs"]) == {2}
    words = dict(zip(states["dial"], states["error"], strict=True))
    assert "Traceback" in words[5] and "this point raises" in words[5]
    assert "time limit of 4 s" in words[6] and "350 MB" in words[7] and "SIGKILL" in words[8]
    # Failures are kept, not tried again unless asked.
    again = resume(folder, ["engine=serial"], simulate=study_fakes.mended)
    assert again.manifest["status"] == "incomplete"
    mended = resume(folder, ["engine=serial"], simulate=study_fakes.mended, retry_failed=True)
    assert mended.manifest["status"] == "complete" and mended.failures().empty
    start(
        [*COMMON, faults, "study.replications=2", "engine=serial", f"output={tmp_path / 'good'}"],
        simulate=study_fakes.mended,
    )
    pd.testing.assert_frame_equal(rows(folder), rows(tmp_path / "good"))


def test_a_run_whose_process_dies_once_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "marks").mkdir()
    monkeypatch.setenv("HESIM_TEST_FOLDER", str(tmp_path / "marks"))
    overrides = [*COMMON, "study.replications=2", "workers=2", f"output={tmp_path / 'study'}"]
    made = start(overrides, simulate=study_fakes.dies_once)
    assert made is not None and made.manifest["status"] == "complete"
    assert len(list((tmp_path / "marks").iterdir())) == 2


@pytest.mark.parametrize("harm", ["cut short", "bit flipped", "status gone"])
def test_a_part_is_corrupt(undisturbed: pd.DataFrame, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "study"
    start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)
    part = committed(folder / "parts")[-1]
    if harm == "cut short":
        part.status.write_bytes(part.status.read_bytes()[:-40])
    elif harm == "bit flipped":
        content = bytearray(part.results.read_bytes())
        content[len(content) // 2] ^= 1
        part.results.write_bytes(bytes(content))
    else:
        part.status.unlink()
    again = resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert again.manifest["status"] == "complete"
    pd.testing.assert_frame_equal(rows(folder), undisturbed)
    aside = list((folder / "parts").glob("*.corrupt"))
    assert bool(aside) == (harm != "status gone")


def test_a_kill_between_the_files_of_a_part_or_in_a_merge_loses_nothing(
    undisturbed: pd.DataFrame, tmp_path: Path
) -> None:
    """Results without status do not count; parts that a merge has replaced count no more."""
    import shutil

    folder = tmp_path / "study"
    before = "store.parts.MERGE = 10 ** 9\nstore.Store.settle = store.Store.flush"
    process = launch(starts(folder, "engine=serial", simulate="effect"), before)
    process.communicate(timeout=120)
    old = shutil.copytree(folder / "parts", tmp_path / "old")
    assert len(list(old.iterdir())) > 10
    pd.testing.assert_frame_equal(rows(folder), undisturbed)
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert len(list((folder / "parts").iterdir())) == 2
    # As if the merge had been killed before it could clear the old parts away.
    shutil.copytree(old, folder / "parts", dirs_exist_ok=True)
    pd.testing.assert_frame_equal(rows(folder), undisturbed)
    # As if a part had been killed after its results and before its status.
    last = sorted((folder / "parts").glob("*.results.parquet"))[0]
    shutil.copy(last, folder / "parts" / "999999.results.parquet")
    (folder / "parts" / "999998.results.parquet.part").write_bytes(b"half")
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert len(list((folder / "parts").iterdir())) == 2
    pd.testing.assert_frame_equal(rows(folder), undisturbed)

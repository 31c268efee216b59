"""What a study survives: each test does the harm, resumes, and compares row for row."""

from __future__ import annotations

import signal
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd
import processes
import pytest
import study_fakes
import study_kills
from study_fakes import DIAL

from hesim.study import resume, start
from hesim.study.folder import Study
from hesim.study.parts import committed_parts

pytestmark = pytest.mark.once

COMMON = ["calibration=none", "years=2", "burn_in=0", "study.outcome=wo_to_hbo"]
SWEEP = [*COMMON, f"study.uncertainties=[{DIAL}:1|2|3|4]", "study.replications=20"]
SCRIPT = """
import study_fakes, study_kills
from study_kills import Kill
from hesim.study import store, start, resume
store.FLUSH_RUNS = 5
{before}
{call}
"""


def launch(call: str, before: str = "") -> AbstractContextManager[subprocess.Popen[str]]:
    """Start a process of its own that conducts a study."""
    return processes.python(SCRIPT.format(before=before, call=call))


def starts(folder: Path, *more: str, simulate: str = "unhurried") -> str:
    overrides = [*SWEEP, *more, f"output={folder}"]
    return f"start({overrides!r}, simulate=study_fakes.{simulate}, show=True)"


def wait_for_runs(folder: Path, runs: int, process: subprocess.Popen[str]) -> None:
    """Wait until so many runs are on disk, and the study is still under way."""
    processes.until(
        lambda: sum(part.runs for part in committed_parts(folder / "parts")) >= runs, process
    )


def rows(folder: Path) -> pd.DataFrame:
    return Study(folder).query("from results order by all")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("survival") / "undisturbed"
    start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)
    return rows(folder)


def test_the_main_process_is_killed(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    with launch(starts(folder, "workers=2")) as process:
        wait_for_runs(folder, 10, process)
        workers = processes.descendants(process.pid)
        assert len(workers) == 2
        process.kill()
        process.wait()
        # Its workers notice that it is gone.
        assert processes.gone(workers)
    assert Study(folder).manifest["status"] == "running"
    kept = len(Study(folder).query("from status"))
    assert 10 <= kept < 80
    again = resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    assert again.manifest["status"] == "complete"
    assert again.manifest["sessions"][-1]["runs"] == 80 - kept
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


def test_workers_are_killed(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    with launch(starts(folder, "workers=2")) as process:
        wait_for_runs(folder, 10, process)
        # Each of the first ones, so that no run can lose its process twice.
        for worker in processes.descendants(process.pid):
            worker.kill()
        _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert Study(folder).manifest["status"] == "complete"
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whatever_asks_a_study_to_end_keeps_what_is_there(
    undisturbed: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    """Also what would have come to the disk only a minute later."""
    folder, number = tmp_path / "study", getattr(signal, name)
    never = "store.FLUSH_RUNS, store.FLUSH_SECONDS, store.FLUSH_MOST = 10**9, 1e9, 1e9\n"
    asks = (
        f"import os\nreal = store.Store.add\ndef add(self, report):\n    real(self, report)\n"
        f"    if len(self.states) == 30: os.kill(os.getpid(), {number:d})\nstore.Store.add = add"
    )
    command = (
        "from hesim.cli import main; import hesim.study.launch as s; from functools import "
        "partial; s.start = partial(s.start, simulate=study_fakes.effect); "
        f"sys.exit(main(['study', *{SWEEP!r}, 'engine=serial', 'output={folder}']))"
    )
    with launch(command, never + asks) as process:
        _, errors = process.communicate()
    assert process.returncode == 128 + number
    by = "" if name == "SIGINT" else f" by {name}"
    assert errors.splitlines()[-1] == f"hesim: interrupted{by}" and "Traceback" not in errors
    assert f"Interrupted after 30 runs; go on with: hesim resume {folder}" in errors
    assert Study(folder).manifest["status"] == "interrupted"
    assert len(Study(folder).query("from status")) == 30
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


def killed_at_random(folder: Path, seed: int, count: int) -> None:
    """Start a study, kill it at random events, and go on until nothing kills it any more."""
    kills = study_kills.drawn(seed, count)
    for kill in kills:
        begun = (folder / "manifest.json").exists()
        again = f"resume({str(folder)!r}, ['workers=2'], simulate=study_fakes.effect)"
        call = again if begun else starts(folder, "workers=2", simulate="effect")
        # Merging early makes more of the moments in which a kill could do harm.
        before = f"store.parts.MERGE = 3\nstudy_kills.arrange({kill!r})"
        with launch(call, before) as process:
            _, errors = process.communicate()
            assert processes.gone(processes.session(process.pid)), kills
        ended = {0, -signal.SIGKILL, -signal.SIGINT}
        assert process.returncode in ended, (kill, errors)
    begun = (folder / "manifest.json").exists()
    if begun:
        resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    else:
        start([*SWEEP, "engine=serial", f"output={folder}"], simulate=study_fakes.effect)


def test_random_kills_with_resume_give_the_same_rows(
    undisturbed: pd.DataFrame, tmp_path: Path
) -> None:
    killed_at_random(tmp_path / "study", 1, 3)
    pd.testing.assert_frame_equal(rows(tmp_path / "study"), undisturbed)
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_many_random_kills_with_resume_give_the_same_rows(
    undisturbed: pd.DataFrame, tmp_path: Path, seed: int
) -> None:
    killed_at_random(tmp_path / "study", 100 + seed, 5)
    pd.testing.assert_frame_equal(rows(tmp_path / "study"), undisturbed)
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_the_disk_is_full(undisturbed: pd.DataFrame, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: mounting needs rights and a kernel."""
    folder = tmp_path / "study"
    limit = (
        "import resource, hesim.study.dispatch as c\nreal = store.Store.flush\n"
        "def flush(self):\n"
        "    if len(self.states) > 40: resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))\n"
        "    real(self)\n"
        "store.Store.flush = flush"
    )
    with launch(starts(folder, "engine=serial", simulate="effect"), limit) as process:
        _, errors = process.communicate()
    assert process.returncode == 1
    assert "StudyStopped: results cannot be written" in errors
    assert "go on with: hesim resume" in errors
    assert not list(folder.rglob("*.part"))
    resume(folder, ["engine=serial"], simulate=study_fakes.effect)
    pd.testing.assert_frame_equal(rows(folder), undisturbed)


STATES = (
    f'select "{DIAL}" as dial, status, count(*) as runs, min(error) as error '
    "from status join design using (point) group by all order by dial"
)


def test_points_that_raise_eat_memory_or_kill(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    faults = f"study.uncertainties=[{DIAL}:1|5|7|8]"
    # Without a limit of time: on a busy machine eating memory takes long.
    overrides = [
        *COMMON,
        faults,
        "study.replications=2",
        "workers=2",
        "engine.memory_limit=350",
        f"output={folder}",
    ]
    made = start(overrides, simulate=study_fakes.faulty)
    assert made is not None and made.manifest["status"] == "incomplete"
    states = made.query(STATES)
    assert list(states["status"]) == ["ok", "ok", "failed", "out_of_memory", "died"]
    assert set(states["runs"]) == {2}
    words = dict(zip(states["dial"], states["error"], strict=True))
    assert "Traceback" in words[5] and "this point raises" in words[5]
    assert "350 MB" in words[7] and "SIGKILL" in words[8]
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


def test_a_point_that_hangs_runs_into_the_limit_of_time(tmp_path: Path) -> None:
    overrides = [
        *COMMON,
        f"study.uncertainties=[{DIAL}:1|6]",
        "workers=2",
        "engine.time_limit=12",
        f"output={tmp_path / 'study'}",
    ]
    made = start(overrides, simulate=study_fakes.faulty)
    assert made is not None and made.manifest["status"] == "incomplete"
    states = made.query(STATES)
    assert list(states["status"]) == ["ok", "ok", "timed_out"]
    assert "time limit of 12 s" in states["error"].iloc[-1]


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
    part = committed_parts(folder / "parts")[-1]
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
    with launch(starts(folder, "engine=serial", simulate="effect"), before) as process:
        process.communicate()
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

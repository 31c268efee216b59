"""Folders that are taken, full or read-only: words, exit code 2, and nothing half written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import study_fakes
from study_fakes import DIAL

from hesim.cli import main
from hesim.process import lease
from hesim.report import answer_files
from hesim.report.comparison import compare
from hesim.study import launch, load, output_folder, resume, start

pytestmark = pytest.mark.once

QUICK = [
    "calibration=none",
    "years=2",
    "burn_in=0",
    "study.outcome=wo_to_hbo",
    "engine=serial",
    f"study.uncertainties=[{DIAL}:1|2]",
    "study.replications=2",
]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    start([*QUICK, f"output={folder}"], simulate=study_fakes.effect)
    return folder


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path, int], None]]:
    """Make a folder unwritable: root, who runs tests, is not held up by modes."""
    import builtins
    import io

    def make(folder: Path, number: int) -> None:
        def check(path: object, flags: object = "w") -> None:
            writes = (
                flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
                if isinstance(flags, int)
                else set(str(flags)) & set("wax+")
            )
            inside = isinstance(path, str | Path) and Path(path).absolute().is_relative_to(folder)
            if writes and inside:
                raise OSError(number, os.strerror(number), str(path))

        def wrapped(module: object, name: str, where: int | None = None) -> None:
            real = getattr(module, name)

            def call(path: object, *given: object, **options: object) -> object:
                flags = (
                    "w"
                    if where is None
                    else (*given, "r")[0]
                    if given
                    else options.get("mode", "r")
                )
                check(path, flags)
                return real(path, *given, **options)

            monkeypatch.setattr(module, name, call)

        wrapped(os, "mkdir")
        wrapped(os, "open", 0)
        wrapped(io, "open", 0)
        wrapped(builtins, "open", 0)

    yield make
    monkeypatch.undo()


FAULTS = [errno.ENOSPC, errno.EROFS, errno.EACCES]


def listing(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("number", FAULTS)
def test_a_study_that_cannot_be_written_is_not_begun(
    tmp_path: Path,
    broken: Callable[[Path, int], None],
    number: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "full").mkdir()
    broken(tmp_path / "full", number)
    assert main(["study", *QUICK, f"output={tmp_path / 'full' / 'study'}"]) == 2
    shown = capsys.readouterr()
    assert os.strerror(number) in shown.err and "Traceback" not in shown.err
    # Said before two runs were tried, which may take a minute.
    assert "Trying" not in shown.err
    assert listing(tmp_path / "full") == {}


@pytest.mark.parametrize("number", FAULTS)
def test_a_study_that_cannot_be_written_is_not_resumed(
    study: Path,
    broken: Callable[[Path, int], None],
    number: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = listing(study)
    broken(study, number)
    assert main(["resume", str(study), "study.replications=3"]) == 2
    shown = capsys.readouterr().err
    assert os.strerror(number) in shown and str(study) in shown
    assert listing(study) == before


def test_a_session_that_cannot_be_noted_is_not_begun(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lock could still be taken, but the manifest finds no room."""

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(study / "manifest.json"))

    before = listing(study)
    monkeypatch.setattr("hesim.study.store.write_study_manifest", full)
    assert main(["resume", str(study), "study.replications=3"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert {**listing(study), ".lock": b""} == {**before, ".lock": b""}


def test_a_disk_that_fills_while_the_folder_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("hesim.study.store.write_study_manifest", full)
    folder = tmp_path / "study"
    with pytest.raises(ValueError, match="No space left"):
        start([*QUICK, f"output={folder}"], simulate=study_fakes.effect)
    assert listing(tmp_path) == {}


@pytest.mark.parametrize("number", FAULTS)
def test_a_study_that_may_only_be_read_is_answered_elsewhere(
    study: Path,
    broken: Callable[[Path, int], None],
    number: int,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    before = listing(study)
    broken(study, number)
    assert main(["compare", str(study)]) == 2
    shown = capsys.readouterr().err
    assert os.strerror(number) in shown and "output=FOLDER" in shown
    assert main(["compare", str(study), f"output={tmp_path / 'mine'}"]) == 0
    assert str(tmp_path / "mine") in capsys.readouterr().out
    assert (tmp_path / "mine" / "comparison.csv").is_file()
    assert main(["report", str(study)]) == 2
    assert main(["report", str(study), f"output={tmp_path / 'mine.html'}"]) == 0
    assert listing(study) == before
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["mine", "mine.html", "study"]


def test_a_disk_that_fills_among_the_answers_leaves_the_old_ones(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    compare(study)
    before = listing(study / "answers")
    written: list[Path] = []

    def full(path: Path, content: bytes) -> None:
        if len(written) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(answer_files, "put", full)
    with pytest.raises(ValueError, match="No space left"):
        compare(study, ["study.outcome=hbo_to_wo"])
    assert len(written) == 3
    assert listing(study / "answers") == before
    assert not list(study.glob(".answers*"))


def test_studies_that_start_in_one_second_take_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one begins while the first still tries its runs."""
    monkeypatch.chdir(tmp_path)
    moment = output_folder.datetime.now()

    class Stopped(output_folder.datetime):  # type: ignore[name-defined,misc]
        @classmethod
        def now(cls, tz: object = None) -> object:
            return moment

    monkeypatch.setattr(output_folder, "datetime", Stopped)
    names: list[str] = []
    real = launch.pilot

    def pilot(*given: object) -> object:
        if not names:
            names.append("")
            second = start(QUICK, simulate=study_fakes.effect)
            assert second is not None
            names[0] = second.folder.name
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(launch, "pilot", pilot)
    first = start(QUICK, simulate=study_fakes.effect)
    assert first is not None
    assert names == [f"{first.folder.name}_2"]
    for folder in (tmp_path / "outputs" / "studies").iterdir():
        assert load(folder).manifest["status"] == "complete"
        assert load(folder).manifest["name"] == folder.name


def test_a_name_that_is_taken_is_refused_before_anything_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    assert main(["study", *QUICK, f"output={tmp_path / 'mine'}"]) == 2
    shown = capsys.readouterr()
    assert "exists already" in shown.err and "Trying" not in shown.err


def test_a_dry_run_and_a_pilot_that_is_stopped_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    assert start([*QUICK, f"output={folder}"], simulate=study_fakes.effect, dry_run=True) is None

    def stopped(*given: object) -> None:
        assert folder.is_dir()
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "pilot", stopped)
    with pytest.raises(KeyboardInterrupt):
        start([*QUICK, f"output={folder}"], simulate=study_fakes.effect)
    assert listing(tmp_path) == {}


def test_a_study_that_was_killed_while_it_began_is_cleared_away(tmp_path: Path) -> None:
    killed, living, whole = (tmp_path / name for name in ("killed", "living", "whole"))
    for folder in (killed, living, whole):
        folder.mkdir()
        (folder / "config.yaml").write_text("years: 1\n")
    # What a process holds that was killed: the file is there, and nobody locks it.
    (killed / lease.FILE).touch()
    held = lease.Lease(living)
    start([*QUICK, f"output={killed}"], simulate=study_fakes.effect)
    assert load(killed).manifest["status"] == "complete"
    assert (living / "config.yaml").exists() and (whole / "config.yaml").exists()
    held.release()
    assert not list(living.glob(".*"))


def test_a_lock_that_the_disk_does_not_have_is_not_another_process(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*given: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", none)
    with pytest.raises(ValueError, match="No locks available"):
        resume(study, simulate=study_fakes.effect)

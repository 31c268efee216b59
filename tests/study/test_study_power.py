"""What a power failure leaves: only what was synced, while deletions may have reached the disk."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
import study_fakes
from study_fakes import DIAL

from hesim.files import put
from hesim.study import resume, start, store
from hesim.study.folder import Study

SWEEP = [
    "calibration=none",
    "years=2",
    "study.outcome=wo_to_hbo",
    "engine=serial",
    f"study.uncertainties=[{DIAL}:1|2|3|4]",
    "study.replications=8",
]


class Disk:
    """Remembers what was synced: the content of files, and the names in folders."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.content: dict[int, bytes] = {}
        self.names: dict[Path, dict[str, int]] = {}
        real = os.fsync

        def fsync(number: int) -> None:
            path = Path(os.readlink(f"/proc/self/fd/{number}"))
            if stat.S_ISDIR(os.fstat(number).st_mode):
                self.names[path] = {each.name: each.lstat().st_ino for each in path.iterdir()}
            else:
                self.content[os.fstat(number).st_ino] = path.read_bytes()
            real(number)

        patch.setattr(os, "fsync", fsync)

    def after_power_failure(self, folder: Path, target: Path) -> None:
        """What is left of a folder if the power fails now, in the worst case."""
        target.mkdir()
        synced = self.names.get(folder, {})
        for each in folder.iterdir():
            if synced.get(each.name) != each.lstat().st_ino:
                continue
            if each.is_dir():
                self.after_power_failure(each, target / each.name)
            elif each.lstat().st_ino in self.content:
                (target / each.name).write_bytes(self.content[each.lstat().st_ino])


def test_whatever_is_deleted_or_said_to_be_done_was_synced_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails after each deletion of a part and after the manifest says that all is done.

    Nothing that was reported as kept may be missing then.
    """
    folder = tmp_path / "study"
    monkeypatch.setattr(store, "FLUSH_RUNS", 4)
    monkeypatch.setattr(store.parts, "MERGE", 3)
    disk = Disk(monkeypatch)
    kept = [0]
    failures: list[str] = []
    moments: list[Path] = []
    real_unlink, real_flush, real_note = os.unlink, store.Store.flush, store.Store.note

    def fails(what: str) -> None:
        left = tmp_path / f"left_{len(moments)}"
        disk.after_power_failure(folder, left)
        moments.append(left)
        try:
            runs = len(Study(left).query("from status"))
        except ValueError as error:
            runs = -1
            failures.append(str(error))
        if runs < kept[0]:
            failures.append(f"{what}: {runs} of {kept[0]} runs are left")

    def unlink(path: object, **more: object) -> None:
        real_unlink(path, **more)  # type: ignore[arg-type]
        if str(path).endswith(".status.parquet") and Path(str(path)).parent.parent == folder:
            fails(f"after {Path(str(path)).name} was deleted")

    def flush(self: store.Store) -> None:
        held = len(self.states)
        real_flush(self)
        kept[0] = held

    def note(self: store.Store, **facts: object) -> None:
        real_note(self, **facts)
        fails(f"after the manifest said {facts.get('status')}")

    monkeypatch.setattr(os, "unlink", unlink)
    monkeypatch.setattr(store.Store, "flush", flush)
    monkeypatch.setattr(store.Store, "note", note)
    start([*SWEEP, f"output={folder}"], simulate=study_fakes.effect)
    assert not failures
    assert len(moments) > 10
    last = moments[-1]
    assert json.loads((last / "manifest.json").read_text())["status"] == "complete"
    monkeypatch.undo()
    again = resume(last, ["engine=serial"], simulate=study_fakes.effect)
    assert again.manifest["sessions"][-1]["runs"] == 0


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file.json"
    put(file, b"old")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(file, b"new")
    assert file.read_bytes() == b"old" and [file] == list(tmp_path.iterdir())


def test_a_file_system_that_cannot_sync_folders_is_put_up_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def some(number: int) -> None:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(22, "Invalid argument")
        real(number)

    monkeypatch.setattr(os, "fsync", some)
    put(tmp_path / "file.json", b"new")
    assert (tmp_path / "file.json").read_bytes() == b"new"

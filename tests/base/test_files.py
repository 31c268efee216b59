"""Files that are written whole or not at all, by several processes too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hesim import files
from hesim.files import put, replacing


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    with replacing(file) as one:
        one.write_bytes(b"half of on")
        with replacing(file) as other:
            assert one != other
            other.write_bytes(b"other")
        assert file.read_bytes() == b"other" and one.read_bytes() == b"half of on"
        one.write_bytes(b"one")
    assert file.read_bytes() == b"one" and list(tmp_path.iterdir()) == [file]


def test_what_a_killed_writer_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "summary[1].csv"
    script = (
        "import os, sys, pathlib; from hesim.files import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as part:\n"
        "    part.write_bytes(b'half'); os._exit(9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(file)], check=False)
    assert killed.returncode == 9
    [left] = tmp_path.iterdir()
    assert left.read_bytes() == b"half"
    others = {"summary1.csv.0123abcd.part", "summary[1].csv.part", "x.0123abcd.part"}
    for name in others:
        (tmp_path / name).write_bytes(b"mine")
    with replacing(file) as part:
        # A writer that lives holds its part.
        put(file, b"in between")
        part.write_bytes(b"whole")
    assert file.read_bytes() == b"whole"
    assert {each.name for each in tmp_path.iterdir()} == {*others, file.name}


def test_a_part_that_was_swept_before_it_was_held_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, real, swept = tmp_path / "file", os.open, []

    def sweep(path: object, *given: object, **more: object) -> int:
        number = real(path, *given, **more)  # type: ignore[arg-type]
        if str(path).endswith(".part") and not swept:
            swept.append(path)
            os.unlink(str(path))
        return number

    monkeypatch.setattr(files.os, "open", sweep)
    put(file, b"whole")
    assert swept and file.read_bytes() == b"whole" and list(tmp_path.iterdir()) == [file]


def test_without_locks_files_are_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(number: object, how: int) -> None:
        raise OSError(37, "No locks available")

    left = tmp_path / "file.0123abcd.part"
    left.write_bytes(b"somebody's?")
    monkeypatch.setattr("fcntl.flock", none)
    put(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole" and left.exists()


def test_a_file_is_readable_for_whom_the_user_lets(tmp_path: Path) -> None:
    put(tmp_path / "file", b"whole")
    (tmp_path / "usual").write_bytes(b"")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_hashes_name_only_files_that_stay(tmp_path: Path) -> None:
    for name in (".lease", "manifest.json", "summary.csv"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert list(files.file_hashes(tmp_path)) == ["summary.csv"]

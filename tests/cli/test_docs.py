"""`hesim docs` opens the copy of the documentation, or says how to get one."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from hesim import __version__, sources
from hesim.cli import docs, main


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Addresses that the browser was told to open; the copy lies in `tmp_path`."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    monkeypatch.setattr(docs, "COPY", tmp_path)
    return found


def lay(folder: Path, edition: str) -> None:
    (folder / "index.html").write_text("<h1>hesim</h1>", encoding="utf-8")
    (folder / docs.EDITION).write_text(f"{edition}\n", encoding="utf-8")


def test_the_copy_is_opened(
    opened: list[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    lay(tmp_path, f"hesim {__version__}, commit 0123456789")
    assert main(["docs"]) == 0
    assert opened == [(tmp_path / "index.html").as_uri()]
    shown = capsys.readouterr()
    assert shown.out == f"{tmp_path / 'index.html'}\n"
    assert shown.err == ""


def test_its_place_can_be_had_alone(opened: list[str], tmp_path: Path) -> None:
    lay(tmp_path, f"hesim {__version__}")
    assert main(["docs", "--no-open"]) == 0
    assert opened == []


def test_a_copy_of_another_version_is_told(
    opened: list[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    lay(tmp_path, f"hesim {__version__}0, commit 0123456789")
    assert main(["docs"]) == 0
    told = f"hesim: this copy is of hesim {__version__}0, commit 0123456789, and not of "
    assert capsys.readouterr().err == f"{told}{__version__}\n"


def test_without_a_whole_copy_it_says_how_to_build_one(
    opened: list[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "index.html").touch()
    assert main(["docs"]) == 1
    assert opened == []
    assert "uv run --group docs python -m docs.site" in capsys.readouterr().err


def test_it_takes_no_words(opened: list[str], capsys: pytest.CaptureFixture) -> None:
    assert main(["docs", "levers", "--nl"]) == 2
    shown = capsys.readouterr().err
    assert "levers" in shown
    assert "--nl" in shown


def test_the_copy_is_no_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "hesim"
    (package / "model").mkdir(parents=True)
    (package / "model" / "push.py").write_text("x = 1", encoding="utf-8")
    monkeypatch.setattr(sources, "PACKAGE", package)
    monkeypatch.setattr(sources, "packaged", lambda: tmp_path / "conf")
    without = sources.code_hash.__wrapped__()
    (package / sources.DOCUMENTATION).mkdir()
    (package / sources.DOCUMENTATION / "index.html").touch()
    assert sources.code_hash.__wrapped__() == without
    (package / "model" / "new.py").touch()
    assert sources.code_hash.__wrapped__() != without

"""A release: what stands in its way, what it writes, and that a trial leaves nothing behind."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from release import __main__ as commands
from release.cut import cut_release, number, release_faults, run_command
from release.project import PLACEHOLDER, ROOT, read_project, with_version

FILES = (
    "pyproject.toml",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "CITATION.cff",
    "codemeta.json",
    "publiccode.yml",
    ".zenodo.json",
)


def git(folder: Path, *words: str) -> str:
    return run_command(["git", *words], folder)


def without_build(words: Sequence[str], folder: Path) -> str:
    """git as it is; instead of a build two empty files of the names that uv gives."""
    if words[0] != "uv":
        return run_command(words, folder)
    target = Path(words[words.index("--out-dir") + 1])
    target.mkdir(parents=True)
    version = read_project(folder).version
    for name in (f"hesim-{version}.tar.gz", f"hesim-{version}-py3-none-any.whl"):
        (target / name).touch()
    return ""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the files that a release touches, all addresses filled in."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    text = with_version(text, "1.0.0.dev0", "")
    (folder / "pyproject.toml").write_bytes(text.replace(PLACEHOLDER, "hesim.nl").encode())
    assert commands.main(["metadata"], folder) == 0
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for words in (("user.name", "tester"), ("user.email", "tester@hesim.nl")):
        git(folder, "config", *words)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All")
    return folder


def test_a_release_sets_one_version_everywhere_and_tags_it(clone: Path, tmp_path: Path) -> None:
    assert release_faults(clone, "1.0.0") == []
    built = cut_release(clone, "1.0.0", tmp_path / "dist", "2026-12-01", without_build)
    assert built == ["hesim-1.0.0-py3-none-any.whl", "hesim-1.0.0.tar.gz"]
    project = read_project(clone)
    assert (project.version, project.released) == ("1.0.0", "2026-12-01")
    meta = json.loads((clone / "codemeta.json").read_text(encoding="utf-8"))
    assert (meta["version"], meta["datePublished"]) == ("1.0.0", "2026-12-01")
    assert "## [1.0.0] - 2026-12-01" in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert git(clone, "status", "--porcelain") == ""
    assert git(clone, "log", "-1", "--format=%s") == "Release 1.0.0"
    assert git(clone, "cat-file", "-t", "v1.0.0") == "tag"
    again = "\n".join(release_faults(clone, "1.0.0"))
    assert "must be later than 1.0.0" in again and "v1.0.0 is there already" in again
    assert "nothing stands under [Unreleased]" in again


def test_what_stands_in_the_way_is_said_all_at_once(clone: Path) -> None:
    text = (clone / "pyproject.toml").read_text(encoding="utf-8")
    (clone / "pyproject.toml").write_bytes(
        text.replace("https://hesim.nl/hesim/issues", f"https://{PLACEHOLDER}/x").encode()
    )
    log = clone / "CHANGELOG.md"
    log.write_bytes(log.read_bytes().replace(b"Do my numbers change? No.", b"", 1))
    wrong = "\n".join(release_faults(clone, "1.0"))
    for due in (
        "1.0: a version has three numbers",
        "[project.urls] Issues is still to be filled in",
        'must say "Do my numbers change?',
        "codemeta.json: is not what pyproject.toml says",
        "differ from the last commit",
    ):
        assert due in wrong


def test_versions_are_compared_by_number() -> None:
    assert number("1.10.0") > number("1.9.3") and number("1.0.0.dev0") == number("1.0.0")


def test_nothing_is_tagged_that_could_not_be_built(clone: Path, tmp_path: Path) -> None:
    def no_build(words: Sequence[str], folder: Path) -> str:
        if words[0] == "uv":
            raise subprocess.CalledProcessError(1, words, stderr="no builder")
        return run_command(words, folder)

    with pytest.raises(subprocess.CalledProcessError):
        cut_release(clone, "1.0.0", tmp_path / "dist", "", no_build)
    assert git(clone, "tag", "--list") == "" and git(clone, "log", "-1", "--format=%s") == "All"


def test_a_trial_leaves_nothing_and_a_refused_release_neither(
    clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut(root: Path, version: str, target: Path) -> list[str]:
        git(root, "config", "user.name", "tester")
        git(root, "config", "user.email", "tester@hesim.nl")
        return cut_release(root, version, target, command=without_build)

    monkeypatch.setattr(commands, "cut_release", cut)
    assert commands.main(["cut", "1.0.0"], clone) == 0
    said = capsys.readouterr()
    assert "hesim-1.0.0.tar.gz" in said.out and "tag v1.0.0" in said.out and not said.err
    assert git(clone, "tag", "--list") == "" and git(clone, "status", "--porcelain") == ""
    (clone / "new").touch()
    assert commands.main(["cut", "1.0.0", "--really"], clone) == 2
    assert "differ from the last commit" in capsys.readouterr().err
    assert git(clone, "tag", "--list") == ""
    (clone / "new").unlink()
    assert commands.main(["cut", "1.0.0", "--really"], clone) == 0
    assert git(clone, "tag", "--list") == "v1.0.0"


@pytest.mark.parametrize("words", [[], ["cut"], ["cut", "--really"], ["cut", "1.0.0", "--now"]])
def test_other_words_are_no_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(words) == 2
    assert "usage" in capsys.readouterr().err

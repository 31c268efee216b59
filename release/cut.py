"""Cut a release: set the version, close the changelog, build, commit and tag.

All steps work in a folder that is a clone. A trial takes a clone of its own, which is thrown away,
so that the trial does what the release will do and leaves nothing behind.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from release.changelog import CHANGELOG, UNRELEASED, changelog_faults, closed, entries
from release.metadata import documents, write_metadata
from release.project import PYPROJECT, read_project, with_version

VERSION = re.compile(r"\d+\.\d+\.\d+")
Command = Callable[[Sequence[str], Path], str]
"""Runs a command in a folder and hands back what it prints."""


def run_command(words: Sequence[str], folder: Path) -> str:
    """Run a command in a folder.

    Raises:
        subprocess.CalledProcessError: it failed; its `stderr` says why.
    """
    made = subprocess.run(
        list(words), cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    return made.stdout.strip()


def number(version: str) -> tuple[int, ...]:
    """Parts of a version that count when versions are compared: 1.2.0.dev0 is (1, 2, 0)."""
    return tuple(int(part) for part in version.split(".")[:3])


def release_faults(root: Path, version: str, command: Command = run_command) -> list[str]:
    """What stands in the way of a release; empty if nothing does.

    Args:
        root: The clone.
        version: The release's, as `1.0.0`.
        command: What runs git.
    """
    project = read_project(root)
    wrong = []
    if not VERSION.fullmatch(version):
        wrong.append(f"{version}: a version has three numbers, as 1.0.0")
    elif number(version) < number(project.version) or version == project.version:
        wrong.append(f"{version}: must be later than {project.version}, which {PYPROJECT} names")
    wrong += [f"{PYPROJECT}: {name} is still to be filled in" for name in project.placeholders()]
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    wrong += [f"{CHANGELOG}: {fault}" for fault in changelog_faults(text)]
    if UNRELEASED not in {entry.version for entry in entries(text)}:
        wrong.append(f"{CHANGELOG}: nothing stands under [{UNRELEASED}]")
    for name, due in documents(project, root).items():
        if not (root / name).exists() or (root / name).read_text(encoding="utf-8") != due:
            wrong.append(f"{name}: is not what {PYPROJECT} says; type `uv run poe metadata`")
    if command(["git", "status", "--porcelain"], root):
        wrong.append("files differ from the last commit; `git status` lists them")
    if command(["git", "tag", "--list", tag_of(version)], root):
        wrong.append(f"the tag {tag_of(version)} is there already")
    return wrong


def tag_of(version: str) -> str:
    """The name of a release's tag."""
    return f"v{version}"


def cut_release(
    root: Path, version: str, target: Path, day: str = "", command: Command = run_command
) -> list[str]:
    """Make the commit of a release, its wheel and sdist, and its tag.

    Args:
        root: The clone; `release_faults` has found nothing wrong with it, or it is for a trial.
        version: As `1.0.0`.
        target: Folder for wheel and sdist.
        day: Of the release, as 2026-12-01; empty is today (UTC).
        command: What runs git and uv.

    Returns:
        Names of the files that were built.

    Raises:
        ValueError: version or changelog cannot be set; nothing has been written.
        subprocess.CalledProcessError: git or uv failed.
    """
    day = day or datetime.now(UTC).date().isoformat()
    texts = {
        PYPROJECT: with_version((root / PYPROJECT).read_text(encoding="utf-8"), version, day),
        CHANGELOG: closed((root / CHANGELOG).read_text(encoding="utf-8"), version, day),
    }
    for name, text in texts.items():
        (root / name).write_bytes(text.encode())
    written = [*texts, *write_metadata(root)]
    # Before the commit: what cannot be built is not tagged.
    command(["uv", "build", "--quiet", "--sdist", "--wheel", "--out-dir", str(target)], root)
    built = sorted(file.name for file in target.glob(f"*-{version}[-.]*"))
    if len(built) != 2:
        raise ValueError(f"{target}: a wheel and an sdist of {version} were due, found {built}")
    command(["git", "add", *written], root)
    command(["git", "commit", "--quiet", "--message", f"Release {version}"], root)
    tag = ["git", "tag", "--annotate", tag_of(version), "--message", f"hesim {version}"]
    command(tag, root)
    return built

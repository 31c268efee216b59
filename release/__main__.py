"""The two commands: `python -m release metadata` and `python -m release cut 1.0.0 [--really]`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from release.cut import cut_release, release_faults, run_command, tag_of
from release.metadata import write_metadata
from release.project import ROOT

USAGE = "usage: python -m release metadata | python -m release cut VERSION [--really]"
REALLY = "--really"
FAILURES = (OSError, ValueError, subprocess.CalledProcessError)
"""What goes wrong in a step: a file, a version, or git or uv."""


def main(words: Sequence[str], root: Path = ROOT) -> int:
    """Carry a command out.

    Args:
        words: What was typed.
        root: The clone.

    Returns:
        0; 2 if something stands in the way of a release, or the words are no command.
    """
    match list(words):
        case ["metadata"]:
            print("\n".join(write_metadata(root)) or "All files say what pyproject.toml says.")
            return 0
        case ["cut", version] if not version.startswith("-"):
            return attempt(root, version)
        case ["cut", version, flag] if flag == REALLY:
            return publish(root, version)
    print(USAGE, file=sys.stderr)
    return 2


def attempt(root: Path, version: str) -> int:
    """Try a release in a clone of its own, and say what stands in its way."""
    wrong = release_faults(root, version)
    with tempfile.TemporaryDirectory(prefix="hesim_release_") as folder:
        copy, target = Path(folder) / "clone", Path(folder) / "dist"
        run_command(["git", "clone", "--quiet", "--no-hardlinks", str(root), str(copy)], root)
        try:
            built = cut_release(copy, version, target)
        except FAILURES as error:
            wrong.append(reason(error))
        else:
            print(f"Trial of {version}, of the last commit. It made and threw away again:")
            sizes = (f"{name} ({(target / name).stat().st_size / 1e6:.1f} MB)" for name in built)
            changes = run_command(["git", "show", "--stat", "--format=%s", "HEAD"], copy)
            print("\n".join([*sizes, f"tag {tag_of(version)}", changes]))
    return told(wrong)


def publish(root: Path, version: str) -> int:
    """Make a release here, unless something stands in its way. Nothing is sent anywhere."""
    wrong = release_faults(root, version)
    if wrong:
        return told(wrong)
    try:
        built = cut_release(root, version, root / "dist")
    except FAILURES as error:
        return told([reason(error), "`git restore .` takes back what was written"])
    print(f"Made dist/{', dist/'.join(built)} and the tag {tag_of(version)}.")
    print("Look at both, then push the branch with its tag and upload what is in dist/.")
    return 0


def reason(error: Exception) -> str:
    """Why a step failed: what its command said, else the error itself."""
    return str(getattr(error, "stderr", "") or error).strip()


def told(wrong: Sequence[str]) -> int:
    """Say what stands in the way of a release; the exit code."""
    if wrong:
        print("Before a release:", *wrong, sep="\n  ", file=sys.stderr)
    return 2 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

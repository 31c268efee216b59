"""Say how a run was made: versions, data, seeds, machine and what it cost."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hesim.files import put
from hesim.record.content import MANIFEST
from hesim.record.format import FORMAT
from hesim.sources import PACKAGE, code_hash, model_hash, packaged

PACKAGES = (
    "hesim",
    "numpy",
    "numba",
    "llvmlite",
    "mesa",
    "pandas",
    "pyarrow",
    "matplotlib",
    "hydra-core",
)


def versions() -> dict[str, str]:
    """Versions of Python and the packages that can change a result."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def code_facts() -> dict[str, str | bool | None]:
    """Which code this is: its commit, whether it differs from that, and a hash of all of it.

    Commit and `dirty` are None where the package is in no repository of its own.
    """
    return {"commit": commit(), "dirty": dirty(), "code_sha256": code_hash()}


def run_code() -> str:
    """A hash of the code that can change a table of a run; the rest plans, shows and reports."""
    return model_hash("record")


def timestamp() -> str:
    """The moment, in words that sort."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def commit() -> str | None:
    """Commit of the checkout that the package runs from, None outside one."""
    # An environment inside somebody's repository is not in it: only what is tracked counts.
    if _git("ls-files", "--error-unmatch", "sources.py") is None:
        return None
    return _git("rev-parse", "HEAD") or None


def dirty() -> bool | None:
    """Whether package or configuration differ from the commit, new files included."""
    if commit() is None:
        return None
    changes = _git("status", "--porcelain", "--untracked-files=all", ".", str(packaged()))
    return None if changes is None else bool(changes)


def _git(*words: str) -> str | None:
    """What git answers in the package's folder; None where it has no answer."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(PACKAGE), *words],
            capture_output=True,
            encoding="utf-8",
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def peak_memory_mb() -> float:
    """Largest resident memory of this process and of its largest child, in MB.

    On Windows, which keeps no such figure of children, it is that of this process.
    """
    try:
        import resource
    except ImportError:
        import psutil

        facts = psutil.Process().memory_info()
        return round(getattr(facts, "peak_wset", facts.rss) / 1024.0**2, 1)
    unit = 1024.0 if sys.platform != "darwin" else 1024.0**2
    parts = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(who).ru_maxrss for who in parts) / unit, 1)


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write the manifest of a run: the format, the given facts, then peak memory and versions."""
    body = {
        "format": FORMAT,
        **facts,
        "peak_memory_mb": peak_memory_mb(),
        "versions": versions(),
    }
    put(folder / MANIFEST, manifest_text(body))


def manifest_text(body: Mapping[str, Any]) -> bytes:
    """What stands in the manifest of a run or a study; keys keep their order."""
    return (json.dumps(body, indent=2, default=str) + "\n").encode()

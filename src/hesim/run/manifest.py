"""Say how a run was made: versions, data, seeds, machine and what it cost."""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hesim.run.files import put

PACKAGES = ("hesim", "numpy", "numba", "mesa", "pandas", "pyarrow", "matplotlib", "hydra-core")


def versions() -> dict[str, str]:
    """Versions of Python and the packages that can change a result."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def commit() -> str | None:
    """Commit of the checkout that the package runs from, None outside one."""
    here = Path(__file__).resolve().parent
    try:
        asked = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],
            capture_output=True, text=True, timeout=5, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None


def peak_memory_mb() -> float:
    """Largest resident memory of this process and of its largest child, in MB."""
    unit = 1024.0 if sys.platform != "darwin" else 1024.0**2
    parts = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(who).ru_maxrss for who in parts) / unit, 1)


def write_manifest(folder: Path, **facts: Any) -> None:
    """Write manifest.json: the given facts, then peak memory, commit and versions."""
    body = {
        **facts,
        "peak_memory_mb": peak_memory_mb(),
        "commit": commit(),
        "versions": versions(),
    }
    # Not sorted: the events of a month keep their order.
    put(folder / "manifest.json", (json.dumps(body, indent=2) + "\n").encode())

"""Say how a result came about and how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from hesim.report import page


def provenance(manifest: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    """Commit, versions and hashes as a table.

    Args:
        manifest: The manifest of a run or study.
        facts: Further lines.
    """
    versions = ", ".join(f"{name} {which}" for name, which in manifest["versions"].items())
    lines = {
        **facts,
        "commit": _commit(manifest),
        "code": f"SHA-256 {manifest.get('code_sha256', 'not noted by that version of hesim')}",
        "versions": versions,
    }
    rows = [{"what": key, "is": str(value)} for key, value in lines.items()]
    return page.table(rows, {"what": "", "is": ""})


def _commit(manifest: Mapping[str, Any]) -> str:
    if not manifest.get("commit"):
        return "not known (installed without its repository)"
    changed = " with changes that were not committed" if manifest.get("dirty") else ""
    return f"{manifest['commit']}{changed}"


def hashes(data: Mapping[str, str]) -> str:
    """Hashes of the tables that went in."""
    rows = [{"file": name, "sha256": one} for name, one in sorted(data.items())]
    return page.folded(
        "Hashes of the data", page.table(rows, {"file": "File", "sha256": "SHA-256"})
    )


def again(command: str, overrides: Sequence[str], commit: str | None) -> str:
    """The commands that make the result again."""
    words = " ".join(shlex.quote(line) for line in overrides if not line.startswith("output="))
    first = f"git checkout {commit}\n" if commit else ""
    return page.code(f"{first}uv run hesim {command} {words}".rstrip())

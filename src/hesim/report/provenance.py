"""Say how a result came about and how to make it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hesim.input.shells import command_line
from hesim.record.content import typed_path
from hesim.record.recipe import CONFIG, DATA
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
    return page.fold("Hashes of the data", page.table(rows, {"file": "File", "sha256": "SHA-256"}))


def again(command: str, folder: Path, overrides: Sequence[str], commit: str | None) -> str:
    """The commands that make the result again from its folder alone.

    Args:
        command: `run` or `study`.
        folder: The run or study. Its copies of the user's own files take the place of these.
        overrides: What it was made from.
        commit: Of the code.
    """
    here = typed_path(Path(folder.resolve().name))
    words = ["uv", "run", "--no-dev", "hesim", command]
    if (folder / CONFIG).is_dir():
        words += ["--config", f"{here}/{CONFIG}"]
    words += [line for line in overrides if line.partition("=")[0] not in ("output", "data")]
    if (folder / DATA).is_dir():
        words.append(f"data={here}/{DATA}")
    words.append(f"output={here}_again")
    first = f"git checkout {commit}\n" if commit else ""
    return page.code_block(first + command_line(words))


WHERE = (
    "Type this in the folder that holds {name}. The folder has all that is needed: copies of the "
    "configuration files and tables that were given, where there were any."
)
"""Said beside the commands."""

"""Configuration folders with levers that differ from the packaged ones."""

from __future__ import annotations

from pathlib import Path


def without_costs(folder: Path, lever: str) -> Path:
    """A configuration folder in which no cost of a lever is known."""
    packaged = Path(__file__).parents[2] / "conf" / "levers" / f"{lever}.yaml"
    before, _, rest = packaged.read_text(encoding="utf-8").partition("costs:\n")
    lines = rest.splitlines(keepends=True)
    first = next(k for k, line in enumerate(lines) if not line.startswith(" "))
    (folder / "levers").mkdir(parents=True)
    text = before + "".join(lines[first:])
    (folder / "levers" / f"{lever}.yaml").write_text(text, encoding="utf-8")
    return folder

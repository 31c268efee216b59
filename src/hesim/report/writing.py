"""Write the report of whatever a folder holds: a run or a study."""

from __future__ import annotations

import json
from pathlib import Path

from hesim.config import ConfigErrors, Problem
from hesim.run.files import put


def write_report(folder: str | Path, target: str | Path | None = None) -> Path:
    """Write one self-contained HTML file.

    Args:
        folder: A run or a study.
        target: The file; `report.html` in the folder unless given.

    Raises:
        ConfigErrors: the folder holds neither, or the file cannot be written.
    """
    place = Path(folder).expanduser()
    file = place / "report.html" if target is None else Path(target).expanduser()
    try:
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        allowed = "holds no run and no study: there is no manifest.json to be read"
        raise ConfigErrors([Problem("FOLDER", str(folder), allowed)]) from None
    if "facts" in manifest:
        from hesim.report.of_study import study_page

        text = study_page(place)
    elif (place / "summary.csv").is_file():
        from hesim.report.of_run import run_page

        text = run_page(place)
    else:
        allowed = f"holds a run without results: it {manifest.get('status', 'did not end well')}"
        raise ConfigErrors([Problem("FOLDER", str(folder), allowed)])
    try:
        put(file, text.encode())
    except OSError as error:
        raise ConfigErrors([Problem("output", str(file), f"cannot be written: {error}")]) from None
    return file

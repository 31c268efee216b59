"""Write the report of whatever a folder holds: a run or a study."""

from __future__ import annotations

from pathlib import Path

from hesim.config import ConfigErrors, Problem
from hesim.files import put
from hesim.input import userfile
from hesim.record.format import older_in_words
from hesim.record.listing import OF_STUDIES
from hesim.record.run_folder import Run


def write_report(folder: str | Path, target: str | Path | None = None) -> Path:
    """Write one self-contained HTML file.

    Args:
        folder: A run or a study.
        target: The file; `report.html` in the folder unless given.

    Raises:
        Unreadable: the folder holds neither, or something in it is damaged or too old.
        ConfigErrors: the run has no results, or the file cannot be written.
    """
    place = Path(folder)
    file = place / "report.html" if target is None else userfile.place(target)
    if of_study(place):
        from hesim.report.study_page import study_page
        from hesim.study.manifest import read_study_manifest

        with older_in_words(place, read_study_manifest(place)):
            text = study_page(place)
    elif not (place / "manifest.json").exists() and not (place / "summary.csv").exists():
        allowed = "holds no run and no study: there is no manifest.json in it"
        raise ConfigErrors([Problem("FOLDER", str(folder), allowed)])
    else:
        from hesim.report.run_page import run_page

        run = Run(place)
        if not run.manifest["replications"]["done"]:
            allowed = f"holds a run without results: it is {run.manifest['status']}"
            raise ConfigErrors([Problem("FOLDER", str(folder), allowed)])
        with older_in_words(place, run.manifest):
            text = run_page(place)
    try:
        put(file, text.encode())
    except OSError as error:
        # The file's own name stands before these words, and not that of the part it is written in.
        why = error.strerror or str(error)
        raise ConfigErrors([Problem("output", str(file), f"cannot be written: {why}")]) from None
    return file


def shortfall(folder: str | Path) -> str:
    """What is missing of a run or study, in words; empty when it is complete."""
    place = Path(folder)
    if of_study(place):
        from hesim.study.folder import Study

        return Study(place).completeness.words
    return Run(place).shortfall


def of_study(folder: Path) -> bool:
    """Whether a folder is that of a study, be it damaged."""
    from hesim.study.manifest import NoStudy, read_study_manifest

    if any((folder / name).is_file() for name in OF_STUDIES):
        return True
    if (folder / "summary.csv").exists() or not (folder / "manifest.json").exists():
        return False
    try:
        read_study_manifest(folder)
    except NoStudy as error:
        return "no study but a run" not in str(error)
    return True

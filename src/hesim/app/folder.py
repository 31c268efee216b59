"""Open the folder of a recorded run, or say in words why it cannot be shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hesim.app.server_state import Served
from hesim.config import ConfigErrors, Problem
from hesim.config.points import STRUCTURE
from hesim.config.settings import Settings
from hesim.config.trees import leaves
from hesim.record.run_folder import NoRun, Run
from hesim.scenario import compose

TABLES: dict[str, tuple[str, ...]] = {
    "flows": (
        "arm",
        "replication",
        "month",
        "kind",
        "origin_sector",
        "destination_sector",
        "origin_institution",
        "origin_region",
        "persons",
    ),
    "stocks": ("arm", "replication", "month", "sector", "institution", "role", "persons"),
    "movers": ("arm", "replication", "month", "group", "origin_role", "destination_role"),
    "vacancies": ("arm", "replication", "institution", "opened", "closed", "months", "outcome"),
}
"""Tables of a run's folder and columns without which the page cannot draw."""


def serve_folder(folder: Path, overrides: Sequence[str]) -> tuple[Served | None, list[Problem]]:
    """Open a folder.

    Args:
        folder: Folder of a run.
        overrides: Words as `key=value`; for a recorded run only `heldout` has a meaning.

    Returns:
        What the page shows, or None, and all problems.
    """
    problems = []
    heldout = False
    for word in overrides:
        if word in ("heldout=true", "heldout=false"):
            heldout = word.endswith("true")
        else:
            why = "a recorded run has its settings; leave the folder out for a live run"
            problems.append(Problem(word.partition("=")[0], word.partition("=")[2], why))
    if _is_study(folder):
        return _study(folder, problems)
    told = _what_is_wrong(folder)
    if told is not None:
        return None, [*problems, Problem(str(folder), None, told)]
    try:
        settings = folder_settings(folder)
    except ConfigErrors as error:
        why = "is a run of another version of hesim: its config.yaml does not fit this one"
        first = Problem(str(folder), None, why)
        return None, [*problems, first, *error.problems[:5]]
    from hesim.tables import read

    shown = heldout or settings.flag("heldout")
    # The report as it ships: a folder says nothing of a `data` that replaced it.
    extra, words = _recorded(folder)
    served = Served(
        settings, read(None), folder, "run", shown, extra=extra, lever_words=tuple(words)
    )
    return served, problems


def _is_study(folder: Path) -> bool:
    """Whether a folder looks like that of a study."""
    from hesim.report.document import of_study

    return of_study(folder)


def _study(folder: Path, problems: list[Problem]) -> tuple[Served | None, list[Problem]]:
    """Open the folder of a study."""
    from hesim.app.study_answers import StudyAnswers
    from hesim.study.folder import NoStudy
    from hesim.tables import read

    try:
        answers = StudyAnswers(folder)
        answers.rows()
    except NoStudy as error:
        return None, [*problems, Problem(str(folder), None, str(error))]
    except (OSError, KeyError, ValueError) as error:
        why = f"is a study that cannot be read: {type(error).__name__}: {error}"
        return None, [*problems, Problem(str(folder), None, why)]
    stored = answers.study.settings
    structure, calibrated = stored.get("structure", STRUCTURE), stored.get("calibration", "none")
    settings = compose([f"structure={structure}", f"calibration={calibrated}"])
    return Served(settings, read(None), folder, "study", answers=answers), problems


def _what_is_wrong(folder: Path) -> str | None:
    """Words on why a folder is no whole run, or None."""
    if not folder.exists():
        return "does not exist"
    if not folder.is_dir():
        return "is a file; name the folder of a run"
    if folder.name.endswith(".part"):
        return "is a run that was cut off while it was written; run it again"
    if not (folder / "manifest.json").exists() and not (folder / "manifest.json").is_symlink():
        if any((folder / f"{name}.parquet").is_file() for name in TABLES):
            return "is half written: it lacks manifest.json; run it again"
        return "holds no run: there is no manifest.json in it"
    run = Run(folder)
    try:
        done = run.manifest["replications"]["done"]
    except NoRun as error:
        return f"cannot be shown: {error}"
    if not done:
        return f"holds no whole replication (its status is {run.manifest['status']})"
    missing = [f"{name}.parquet" for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    missing += [name for name in ("config.yaml", "summary.csv") if not (folder / name).is_file()]
    if missing:
        return "is half written: it lacks " + ", ".join(missing)
    told = _columns(folder)
    if told is None:
        try:
            for name in ("config.yaml", "summary.csv"):
                run.content(name)
            _ = run.settings
        except NoRun as error:
            return f"cannot be shown: {error}"
    return told


def _columns(folder: Path) -> str | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, needed in TABLES.items():
        try:
            known = set(pq.read_schema(folder / f"{name}.parquet").names)
        except (OSError, pa.ArrowInvalid) as error:
            return f"has a {name}.parquet that cannot be read: {str(error).splitlines()[0]}"
        lacking = [column for column in needed if column not in known]
        if lacking:
            words = f"{name}.parquet has no column {', '.join(lacking)}"
            return f"has the format of another version of hesim: {words}; run it again"
    return None


def folder_settings(folder: Path) -> Settings:
    """Compose the settings that a run's folder holds.

    Raises:
        ConfigErrors: They do not fit this version.
    """
    import yaml

    try:
        found = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigErrors([Problem("config.yaml", None, f"cannot be read: {error}")]) from None
    if not isinstance(found, dict):
        raise ConfigErrors([Problem("config.yaml", None, "is no mapping of settings")])
    extra, words = _recorded(folder)
    return compose(words, extra=extra)


def _recorded(folder: Path) -> tuple[dict[str, object], list[str]]:
    """The settings of a run's folder by dotted path, and those of its levers as words."""
    import yaml

    from hesim.app.levers import recorded_words

    found = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    plain = {str(key): value for key, value in found.items() if key != "levers"}
    levers = found.get("levers") or {}
    # Groups of which all belongs to the machine are written as empty.
    known = {path: value for path, value in leaves(plain) if value != {}}
    return known, recorded_words(levers)
